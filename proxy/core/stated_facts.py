"""A sentence beside the question that says something about the asker or the case: `I am on blood thinners.`

`What is the recommended dose of paracetamol?` is no answer to it, though every word of the question is the same. Vetoed
only where that is plain: one text is the other's question with such a sentence, and the other says nothing like it. `As
a diabetic, …` says as much. Courtesies (`Hi, I couldn't find this on your page.`) are told by their words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.words.common import words_of
from proxy.core.words.courtesy import COURTESY, NOTHING_SAID

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_LEAD = re.compile(
    r"^\W*(?:(?:and|but|so|well|ok|okay|also|fyi|note|hi|hello|hey|hi there|hello there)\b[,:!]?\s+)*", re.IGNORECASE
)
_TELLS = r"i|we|i'm|i've|i'd|i'll|we're|we've|we'll|my|our|it|it's|this|he|she|they|he's|she's|they're"
_STATES = re.compile(rf"(?:{_TELLS})\s", re.IGNORECASE)
_STATES_BESIDE = re.compile(rf"(?:{_TELLS}|the|there|there's|mine|ours|someone|somebody)\s", re.IGNORECASE)
"""Beside a question; what begins with `the` may by itself be all that is said."""

_SPEAKS_AS = re.compile(r"(?:speaking )?(?:as|being) an? ([^,.;:!?]{3,60}),\s", re.IGNORECASE)
"""`As a diabetic, what may I eat?`"""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PLAIN = words_of("""
a an the and or but of in on at to for from with by as is are was were be been am do does did have has had i i'm i've
i'd i'll we we're we've we'll you he he's she she's they they're it it's this that these those my our your his her its
their me us him them what which who how when where why can could will would should may might must not no please just
so very some any there here than then if about up out into over under again more much too also what's how's where's
who's that's there's
""")
_LEAST = 2
"""Words that say something which a question must have."""

_STEM = 5
"""Letters by which a word of the fact is known again: `we use Kubernetes` in `deploy to kubernetes`."""


_MOVED = words_of("move moved moving new house home flat apartment place")
_CHANGES = words_of("change changing update updating enter edit correct amend")
"""`I moved house. Where do I enter my new address?`: the very reason why an address is changed."""


@dataclass(frozen=True, slots=True)
class Stated:
    """asked: words of the question; facts: of each sentence beside it that states something, courtesies not counted."""

    asked: frozenset[str]
    facts: frozenset[frozenset[str]]


def stated_in(text: str) -> Stated:
    """Linear in the text's length. A text of one sentence has no facts."""
    asked: set[str] = set()
    facts = []
    states = _STATES_BESIDE if "?" in text else _STATES
    for sentence in _SENTENCE.split(text.replace("’", "'")):  # noqa: RUF001
        said = sentence[_LEAD.match(sentence).end() :]  # type: ignore[union-attr]
        if "?" not in sentence and states.match(said):
            facts.append(_stated(sentence))
            continue
        asked |= _words(sentence)
        if speaks_as := _SPEAKS_AS.match(said):
            facts.append(_stated(speaks_as[1]))
            asked -= facts[-1]
    return Stated(frozenset(asked), frozenset([fact for fact in facts if fact]))


def _stated(part: str) -> frozenset[str]:
    return _words(NOTHING_SAID.sub(" ", part.lower().rstrip(".! "))) - COURTESY


def _words(part: str) -> frozenset[str]:
    return frozenset(_WORD.findall(part.lower())) - _PLAIN


def is_unstated(a: Stated, b: Stated) -> bool:
    """Whether one is the other's question with a fact beside it of which the other says nothing; symmetric."""
    return _adds(a, b) or _adds(b, a)


def _adds(one: Stated, other: Stated) -> bool:
    facts = one.facts - other.facts
    if not facts or other.facts - one.facts or len(other.asked) < _LEAST or len(one.asked) < _LEAST:
        return False
    missing = other.asked - one.asked
    if len(missing) > len(other.asked) // 4:
        return False
    if "address" in other.asked and not _CHANGES.isdisjoint(other.asked):
        facts = frozenset([fact for fact in facts if not fact <= _MOVED])
    known = {word[:_STEM] for word in other.asked}
    return any(known.isdisjoint(word[:_STEM] for word in fact) for fact in facts)
