"""How much the wording of a system text speaks for payloads (R7): a sum over words and neighbouring words.

Patterns (`payload`) know the forms that somebody thought of; a sentence vector hardly knows who does what to whom.
The weights see "you receive a", "answer the" and how a sentence opens. Decides nothing alone: see `admission`.
"""

from __future__ import annotations

import re

from proxy.core.words.wordings import OFFSET, STEP, WORDINGS

_SENTENCE_END = re.compile(r"(?<=[.!?:]) |; ")
_WORD = re.compile(r"[a-z']+|[?:/|]")


def wordings_of(folded: str) -> set[str]:
    """Words and neighbouring words of each sentence, its start marked: "fix it" gives fix, it, ^~fix, fix~it."""
    found: set[str] = set()
    for sentence in _SENTENCE_END.split(folded):
        words = _WORD.findall(sentence)
        if words:
            found.update(words)
            found.update(f"{one}~{other}" for one, other in zip(["^", *words], words, strict=False))
    return found


_WEIGHTS = {wording: weight * STEP for weight, wordings in WORDINGS.items() for wording in wordings.split()}


def payload_wording(folded: str) -> float:
    """Log odds that a folded system text hands payloads over, by its wording alone."""
    return OFFSET + sum(_WEIGHTS.get(wording, 0.0) for wording in wordings_of(folded))
