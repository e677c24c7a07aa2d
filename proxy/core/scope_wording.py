"""How much the wording of a system text speaks for payloads (R7): a sum over words, neighbours and what kinds they are.

Patterns (`payload`) know the forms that somebody thought of; a sentence vector hardly knows who does what to whom.
The weights see "you receive a", "answer the", "<work> the <text>", how a sentence opens and ends, and what the patterns
say. What follows from the sum: see `admission`. Each system text is judged once (half a millisecond).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from proxy.core.payload import is_payload_text, payload_sentences
from proxy.core.words.asked import ANSWER_PART, ANSWER_SCHEMA, ASKED, ASKED_CLAUSE, QUESTION_TASK, UNANSWERED
from proxy.core.words.material import RESULT, ROLE, TOWARDS_AN_ANSWER, WORD_CLASSES, WORK_ON_MATERIAL
from proxy.core.words.orders import orders_work
from proxy.core.words.wordings import OFFSET, STEP, WORDINGS

_SENTENCE_END = re.compile(r"(?<=[.!?:]) |; ")
_WORD = re.compile(r"[a-z']+|[?:/|]|[-=]>|\u2192")
_FORMS: dict[str, Callable[[str], object]] = {
    "%form": is_payload_text,
    "%role": ROLE.search,
    "%result": RESULT.search,
    "%work": WORK_ON_MATERIAL.search,
    "%towards": TOWARDS_AN_ANSWER.search,
}
_LENGTHS = (2, 5, 12, 30)
_MANY_SENTENCES = 4

ASKS = ((ASKED, 2.5), (ANSWER_SCHEMA, 2.5), (QUESTION_TASK, 4.0))
"""Log odds for ordinary scopes where a text says who asks what, or that answers come back; set by hand."""


ORDERED = 9.0
"""Log odds for payload scopes where an order needs no word for the text that it works on; set by hand."""


def wordings_of(folded: str) -> set[str]:
    """Words and neighbours of each sentence, its start marked: "fix it" gives fix, it, ^~fix, fix~it; up to three
    neighbours by kind: ^~<work>, <work>~it~$, <work>~_~$; which patterns (%form) and lengths (%words2) the text has."""
    found = {name for name, says in _FORMS.items() if says(folded)}
    count = sentences = 0
    for sentence in _SENTENCE_END.split(folded):
        words = _WORD.findall(sentence)
        if words:
            found |= _of_sentence(words)
            count += len(words)
            sentences += 1
    longest = next((str(most) for most in _LENGTHS if count <= most), "")
    return found | {f"%words{longest}", f"%sentences{min(sentences, _MANY_SENTENCES)}"}


def _of_sentence(words: list[str]) -> set[str]:
    kinds = ["^", *map(_kind, words), "$"]
    found = {*words, *kinds[1:-1]}
    found.update(f"{one}~{other}" for one, other in zip(["^", *words], words, strict=False))
    found.update(f"{one}~{other}" for one, other in pairwise(kinds))
    for one, between, other in zip(kinds, kinds[1:], kinds[2:], strict=False):
        found.add(f"{one}~{between}~{other}")
        found.add(f"{one}~_~{other}")
    return found


@lru_cache(maxsize=4096)
def _kind(word: str) -> str:
    """<tongue>, <text>, <people>, <one>, <work>, or the word itself."""
    return next((kind for kind, words in WORD_CLASSES.items() if words.fullmatch(word)), word)


_WEIGHTS = {wording: weight * STEP for weight, wordings in WORDINGS.items() for wording in wordings.split()}


def payload_wording(folded: str) -> float:
    """Log odds that a folded system text hands payloads over, by its wording alone."""
    said = sum(_WEIGHTS.get(wording, 0.0) for wording in wordings_of(without_topics(folded)))
    return OFFSET + said - _asks(folded)


def without_topics(folded: str) -> str:
    """The text without what people ask about, and without parts of answers: work in there is not done on a message."""
    if UNANSWERED.search(folded):
        return folded
    return ANSWER_PART.sub(" ", ANSWER_SCHEMA.sub(" ", ASKED_CLAUSE.sub(r"\1", folded)))


def _asks(folded: str) -> float:
    if UNANSWERED.search(folded):
        return 0.0
    return sum(weight for pattern, weight in ASKS if pattern.search(folded))


def surest_wording(folded: str) -> float:
    """The same of the text or of a sentence that fits a pattern: one order among many ordinary rules is an order."""
    sentences = without_topics(folded)
    ordered = ORDERED if orders_work(_SENTENCE_END.split(sentences)) else 0.0
    return max(ordered + payload_wording(folded), *map(payload_wording, payload_sentences(sentences)), -math.inf)
