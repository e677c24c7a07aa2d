"""With or without: two texts of which one has what the other lacks, in words so plain that no context turns them; and
one thing done and undone (`core/opposites`), or in a place and outside it (`core/whereabouts`).

`with a lid` against `without a lid`, `covered` against `uncovered`. A text with any other word of negation is left to
the scorer: `not covered` is `uncovered`, and `is a lid needed` says nothing either way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from proxy.core.opposites import Opposites, done_otherwise, opposites_in
from proxy.core.roles import singular
from proxy.core.whereabouts import Whereabouts, elsewhere, whereabouts_of
from proxy.core.words.common import words_of

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")  # noqa: RUF001
_WITH = words_of("with without")
_SPECIFIERS = words_of("a an the any my your his her our their its some")
_NEGATIONS = words_of("""
no not never none nor neither cannot lack lacks lacking missing lost minus except instead avoid stop skip less lesser
least little few hardly barely than free off out down removed disabled muted gone expired left replaced substitute
substitutes alternative alternatives zero non nobody nothing before until unless whether only
""")
_STATE_BEFORE = words_of("""
i you we he she it they who be been being was were get gets getting got gotten had has have having to
""")
"""`I wanted to know`, `it was opened`: what happened, not of which kind a thing is."""
_UNDOING = words_of("""
unused unblocked unlocked unsubscribed unzipped uninstalled unpacked untied undated united unbanned unmuted unclogged
unjammed unsuspended untangled unpaired unmounted unregistered unfriended unplugged unfollowed unarchived
""")
"""What is undone was done before: `my PIN is blocked` and `get it unblocked` go together."""

_LEAST = 4
"""Letters of a participle: `uncut` is left to the scorer."""


@dataclass(frozen=True, slots=True)
class Polarity:
    """having, lacking: words behind `with` and `without`; none where a text has both.

    done, undone: participles, plain and behind `un`, without it. All four empty where another word of negation occurs.
    """

    having: frozenset[str]
    lacking: frozenset[str]
    done: frozenset[str]
    undone: frozenset[str]
    opposites: Opposites
    whereabouts: Whereabouts


def polarity_of(text: str) -> Polarity:
    """Linear in the text's length."""
    opposites, whereabouts = opposites_in(text), whereabouts_of(text)
    nothing = Polarity(frozenset(), frozenset(), frozenset(), frozenset(), opposites, whereabouts)
    lowered = text.lower()
    words = _WORD.findall(lowered)
    participles = {word for word in words if word.endswith("ed") and len(word) >= _LEAST}
    if not participles and _WITH.isdisjoint(words):
        return nothing
    if not _NEGATIONS.isdisjoint(words) or "n't" in lowered or "n’t" in lowered:  # noqa: RUF001
        return nothing
    plain = {word for before, word in pairwise(["", *words]) if word in participles and before not in _STATE_BEFORE}
    is_either = _WITH.issubset(words)
    undone = {word for word in participles if word.startswith("un") and len(word) >= _LEAST + 2} - _UNDOING
    return Polarity(
        having=frozenset() if is_either else _behind(words, "with"),
        lacking=frozenset() if is_either else _behind(words, "without"),
        done=frozenset(plain - undone),
        undone=frozenset(word[2:] for word in undone),
        opposites=opposites,
        whereabouts=whereabouts,
    )


def opposed(one: Polarity, two: Polarity) -> bool:
    """Whether one text has what the other lacks, undoes what the other does, or is outside of what the other is in;
    symmetric."""
    return (
        _lacks(one, two)
        or _lacks(two, one)
        or done_otherwise(one.opposites, two.opposites)
        or elsewhere(one.whereabouts, two.whereabouts)
    )


def _lacks(one: Polarity, two: Polarity) -> bool:
    return bool(
        (one.lacking - one.having) & (two.having - two.lacking) or (one.undone - one.done) & (two.done - two.undone)
    )


def _behind(words: list[str], preposition: str) -> frozenset[str]:
    """The first word behind each, an article left out, without a plural s."""
    found: set[str] = set()
    for at, word in enumerate(words):
        if word == preposition:
            rest = [one for one in words[at + 1 : at + 4] if one not in _SPECIFIERS]
            found.update(map(singular, rest[:1]))
    return frozenset(found)
