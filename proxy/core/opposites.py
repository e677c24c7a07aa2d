"""One thing done and undone: `merge two accounts` against `split two accounts`, `renewed automatically` or manually.

Both in words of which nobody takes one for the other (`core/words/opposites`), and of the same thing: an act by the
word behind it (one of degree by all of them: less drain is more life), a way by a word beside it. A text with any word
of negation, with two such acts (`stop hiding files`) or with words that turn an act round (`again`, `after`) is left to
the scorer. What is asked of a thing as a whole (`legal`, `illegal`; `safe`, `dangerous`) counts wherever it stands, but
for a text that denies or asks both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import takewhile

from proxy.core.roles import beginning, singular
from proxy.core.said import may_say
from proxy.core.ways import SPECIFIERS, is_content
from proxy.core.words.common import ENGLISH, words_of
from proxy.core.words.opposites import ACTS, DEGREES, JUDGED, WAYS

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")  # noqa: RUF001
_PARTICLES = words_of("on off in out up down back")
_SAYS_ANY = (
    frozenset([act.split()[0] for act in ACTS])
    | WAYS.keys()
    | {f"{way}s" for way in WAYS}
    | JUDGED.keys()
    | {"law", "laws"}
)
_TURNS = words_of("""
no not never none nor neither or cannot without instead rather than avoid prevent fail fails failed unable unless until
again after once restore reverse accidentally both either longer refuse refuses quit forget
""")
_DENIES = words_of("no not never none nobody nothing neither nor cannot hardly unless")
_OR_NOT = re.compile(r"\bor (?:is it |are they |whether )?not\b")
_LAW, _LETS = words_of("law laws"), words_of("let lets")
"""`does the law let me own one`: a thing is allowed."""

_BEFORE_THING = words_of("""
a an the my your our his her their its this that these those some any all one two three to of from for in at on into
new existing
""")
"""Words between an act and the thing it is done to."""

_NO_ACT_BEHIND = SPECIFIERS | words_of("front back")
"""`the lock screen`, `a lower limit`, `front end`."""

_MANNER = words_of("""
fast faster quick quickly slowly overnight naturally safely easily effectively efficiently instantly immediately
significantly gradually drastically automatically manually temporarily permanently
""")
"""`lower blood sugar quickly`: no part of the thing."""

_BY_AGE = words_of("existing new")
_CHANGES = words_of("""
change changes changing changed update updates updating updated replace replaces replacing replaced renew renews
renewing renewed swap swaps swapping swapped switch switches switching switched exchange exchanging exchanged edit
editing edited modify modifying modified reset resetting rename renaming renamed upgrade upgrading upgraded trade
trading correct correcting corrected
""")
"""Who changes an existing thing and who gets a new one may ask the same."""

_LONGEST = 80
"""Words; longer texts tell of many acts."""

_Found = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Opposites:
    """acts: the act and its thing, of a text with one; ways: each with the beginning of a word beside it. judged: what
    is asked of a thing as a whole."""

    acts: _Found = frozenset()
    ways: _Found = frozenset()
    judged: frozenset[str] = frozenset()


_NOTHING = Opposites()


def opposites_in(text: str) -> Opposites:
    """Linear in the text's length."""
    if not may_say(text, _SAYS_ANY):
        return _NOTHING
    words = _WORD.findall(lowered := text.lower())
    if len(words) > _LONGEST:
        return _NOTHING
    judged = _judged_in(_WORD.findall(_OR_NOT.sub("", lowered)))
    if not _TURNS.isdisjoint(words) or _has_short_not(words):
        return Opposites(judged=judged)
    acts = frozenset([found for at in range(len(words)) if (found := _act_at(words, at))])
    ways = [at for at, word in enumerate(words) if singular(word) in WAYS]
    if any(words[at] in _BY_AGE for at in ways) and not _CHANGES.isdisjoint(words):
        ways = []
    return Opposites(
        acts=acts if len(acts) == 1 else frozenset(),
        ways=frozenset(_beside(words, ways[0])) if len(ways) == 1 else frozenset(),
        judged=judged,
    )


def done_otherwise(one: Opposites, two: Opposites) -> bool:
    """Whether one does to a thing what undoes it in the other, or asks whether it is what the other asks whether it is
    not; symmetric."""
    return (
        _are_opposed(one.acts, two.acts, ACTS)
        or _are_opposed(one.ways, two.ways, WAYS)
        or any(counter in JUDGED[word] for word in one.judged for counter in two.judged)
    )


def _are_opposed(one: _Found, two: _Found, opposites: Mapping[str, Set[str]]) -> bool:
    return any(thing == other and word in opposites[counter] for word, thing in one for counter, other in two)


def _judged_in(words: Sequence[str]) -> frozenset[str]:
    """Nothing of a text that says both, or that denies."""
    if not _DENIES.isdisjoint(words) or _has_short_not(words):
        return frozenset()
    judged = {word for word in words if word in JUDGED}
    if not _LAW.isdisjoint(words) and not _LETS.isdisjoint(words):
        judged.add("allowed")
    return frozenset([word for word in judged if JUDGED[word].isdisjoint(judged)])


def _has_short_not(words: Sequence[str]) -> bool:
    return any(word[-3:] in ("n't", "n’t") for word in words)  # noqa: RUF001


def _act_at(words: Sequence[str], at: int) -> tuple[str, str] | None:
    behind = at + 1
    act = words[at]
    if behind < len(words) and words[behind] in _PARTICLES:
        act = f"{act} {words[behind]}"
        behind += 1
    if act not in ACTS or (at and words[at - 1] in _NO_ACT_BEHIND):
        return None
    while behind < len(words) and words[behind] in _BEFORE_THING:
        behind += 1
    if behind >= len(words) or words[behind] in ENGLISH:
        return None
    thing = takewhile(_is_of_thing, words[behind:]) if act in DEGREES else words[behind : behind + 1]
    return act, " ".join(map(singular, thing))


def _is_of_thing(word: str) -> bool:
    return is_content(word) and word not in _MANNER


def _beside(words: Sequence[str], at: int) -> list[tuple[str, str]]:
    sides = (words[at - 1 : at], words[at + 1 : at + 2])
    return [
        (singular(words[at]), f"{mark}{beginning(word)}")
        for mark, side in zip("<>", sides, strict=True)
        for word in side
        if word not in ENGLISH
    ]
