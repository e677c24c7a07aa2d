"""A sentence beside the question that says something about the asker or the case: `I am on blood thinners.`

`What is the recommended dose of paracetamol?` is no answer to it, though every word of the question is the same. Vetoed
only where that is plain: one text is the other's question with such a sentence, and the other says nothing like it.
Courtesies (`Hi, I couldn't find this on your page.`) are told by their words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.words.common import words_of
from proxy.core.words.courtesy import COURTESY

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_LEAD = re.compile(
    r"^\W*(?:(?:and|but|so|well|ok|okay|also|fyi|note|hi|hello|hey|hi there|hello there)\b[,:!]?\s+)*", re.IGNORECASE
)
_STATES = re.compile(
    r"(?:i|we|i'm|i've|i'd|we're|we've|my|our|it|it's|this|he|she|they|he's|she's|they're)\s", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PLAIN = words_of("""
a an the and or but of in on at to for from with by as is are was were be been am do does did have has had i i'm i've
i'd we we're we've you he he's she she's they they're it it's this that these those my our your his her its their me
us him them what which who how when where why can could will would should may might must not no please just so very
some any there here than then if about up out into over under again more much too also what's how's where's who's
that's there's
""")
_LEAST = 2
"""Words that say something which a question must have."""

_STEM = 5
"""Letters by which a word of the fact is known again: `we use Kubernetes` in `deploy to kubernetes`."""


@dataclass(frozen=True, slots=True)
class Stated:
    """asked: words of the question; facts: of each sentence beside it that states something, courtesies not counted."""

    asked: frozenset[str]
    facts: tuple[frozenset[str], ...]


def stated_in(text: str) -> Stated:
    """Linear in the text's length. A text of one sentence has no facts."""
    asked: set[str] = set()
    facts = []
    for sentence in _SENTENCE.split(text.replace("’", "'")):  # noqa: RUF001
        words = frozenset(word.lower() for word in _WORD.findall(sentence)) - _PLAIN
        said = sentence[_LEAD.match(sentence).end() :]  # type: ignore[union-attr]
        if "?" not in sentence and _STATES.match(said):
            facts.append(words - COURTESY)
        else:
            asked |= words
    return Stated(frozenset(asked), tuple(fact for fact in facts if fact))


def is_unstated(a: Stated, b: Stated) -> bool:
    """Whether one is the other's question with a fact beside it of which the other says nothing; symmetric."""
    return _adds(a, b) or _adds(b, a)


def _adds(one: Stated, other: Stated) -> bool:
    if not one.facts or other.facts or len(other.asked) < _LEAST or len(one.asked) < _LEAST:
        return False
    missing = other.asked - one.asked
    if len(missing) > len(other.asked) // 4:
        return False
    known = {word[:_STEM] for word in other.asked}
    return any(known.isdisjoint(word[:_STEM] for word in fact) for fact in one.facts)
