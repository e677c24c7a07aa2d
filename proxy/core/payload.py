"""Whether a system text makes the user's message a payload to work on (translate it) instead of a question (R7).

A paraphrase is an equal question, not an equal payload: under "Translate the user's message", "Good morning" and
"Hello, good morning" want different answers. Pure patterns, one voice among the wordings of `scope_wording`.
"""

from __future__ import annotations

import re

from proxy.core.words.material import (
    ONLY_MENTIONED,
    RESULT,
    ROLE,
    TOWARDS_AN_ANSWER,
    WORK_ON_MATERIAL,
)

_SENTENCE_END = re.compile(r"(?<=[.!?]) |; ")


def is_payload_text(folded: str) -> bool:
    """Whether words alone say that the message is material: a role, work on it, or what is to come back."""
    return bool(payload_sentences(folded))


def payload_sentences(folded: str) -> list[str]:
    """The sentences that say so."""
    return [sentence for sentence in _SENTENCE_END.split(folded) if _works_on_the_message(sentence)]


def _works_on_the_message(sentence: str) -> bool:
    if ROLE.search(sentence) or RESULT.search(sentence):
        return not TOWARDS_AN_ANSWER.search(sentence)
    asked = ONLY_MENTIONED.sub(" ", sentence)
    return WORK_ON_MATERIAL.search(asked) is not None and not TOWARDS_AN_ANSWER.search(sentence)
