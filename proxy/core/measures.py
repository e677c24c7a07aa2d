"""By which measure one is picked out, and which rank it has: `the easiest way` against `the quickest way`, `the largest
city` against `the second largest city`, `the final chapter` against `the penultimate one`.

Vetoed only where both texts say such a word, no meaning of the one is a meaning of the other, and nearly all else is
the same. A word that says more than one thing (the biggest river may be the longest) stands on each of its lines; what
stands on none (`best`, `most interesting`) is left to the scorer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from proxy.core.roles import beginning
from proxy.core.said import may_say
from proxy.core.ways import is_content
from proxy.core.words.common import words_of

_ALIKE = """
easiest, easily, effortlessly, simplest, most straightforward, most convenient, least difficult
fastest, fast, quickest, quickly, rapidly, speediest, swiftest, soonest, shortest
slowest, slowly
cheapest, cheaply, inexpensively, affordably, most affordable, most economical, least expensive, lowest
safest, safely, securely, most secure, least dangerous, least risky
healthiest, most nutritious
largest, biggest, greatest, highest, tallest, longest, widest, heaviest
smallest, tiniest, shortest, lowest, narrowest, lightest, thinnest
highest, tallest
longest, farthest, furthest
shortest, nearest, closest
widest
deepest
heaviest
lightest, thinnest
oldest, eldest, most ancient
newest, latest, youngest, most recent
richest, wealthiest
poorest
priciest, dearest, costliest, most expensive, most valuable
deadliest, most dangerous, most lethal, most poisonous, most venomous, riskiest
prettiest, loveliest, most beautiful, most scenic
most famous, most popular
commonest, most common, most popular, most frequent, most visited, most used
rarest, least common
strongest, most powerful, toughest
hardest, toughest, strongest, most difficult
hottest, warmest, highest
coldest, coolest, lowest
driest
wettest, rainiest
brightest, smartest, cleverest, most intelligent
busiest, most visited
quietest
"""

_MEANINGS: dict[str, set[int]] = defaultdict(set)
for _line, _words in enumerate(_ALIKE.strip().splitlines()):
    for _word in _words.split(", "):
        _MEANINGS[_word].add(_line)

_PLACES = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_RANKS = {place: place for place in _PLACES} | {
    number: _PLACES[int(number[:-2]) - 2] for number in ("2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th")
}
_MEASURE = re.compile(
    rf"(?:\b(?P<rank>{'|'.join(_RANKS)})[ -])?\b(?:(?P<most>(?:most|least) [a-z]+)|(?P<best>best|worst)|"
    r"(?P<fast>fast)(?=\W*\Z)|(?P<word>[a-z]+(?:est|ly)))\b",
    re.IGNORECASE,
)
_FROM_END = re.compile(
    r"\b(?:(?P<before>penultimate|(?:second|next)[ -](?:to[ -])?(?:the[ -])?last|last but one)|"
    r"last|final|concluding)\b",
    re.IGNORECASE,
)
_SAYS_ANY = words_of("most least best worst fast last final concluding penultimate") | frozenset(
    [word for word in _MEANINGS if " " not in word]
)
_TURNS = words_of("""
no not never none nor cannot t without except after besides behind instead avoid first last if whether than or vs
""")
"""Beside these another measure may say the same: `newest last` and `oldest first`, `the largest after Paris`."""

_NO_MATTER = words_of("method methods approach means option options possible manner strategy technique techniques")
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 24
"""Words; in longer texts one measure is a small part."""

_BESIDE = 1
"""Words of meaning that each text may have for itself where the measures differ."""


@dataclass(frozen=True, slots=True)
class Measures:
    """meanings: of all measures that the text says. ranks: of those, `first` without any. is_last: whether it wants the
    last, or with False the one before it. words: beginnings of all else that means something."""

    meanings: frozenset[int] = frozenset()
    ranks: frozenset[str] = frozenset()
    is_last: bool | None = None
    words: frozenset[str] = frozenset()


_NONE = Measures()


def measures_of(text: str) -> Measures:
    """Linear in the text's length."""
    if not may_say(text, _SAYS_ANY):
        return _NONE
    words = _WORD.findall(text.lower())
    if len(words) > _LONGEST:
        return _NONE
    found = [match for match in _MEASURE.finditer(text.lower()) if _said(match) in _MEANINGS or not match["word"]]
    ends = {match["before"] is None for match in _FROM_END.finditer(text)}
    is_last = ends.pop() if len(ends) == 1 else None
    is_turned = not _TURNS.isdisjoint(words)
    said = {word for match in found for word in _WORD.findall(match[0])} | _NO_MATTER
    if is_last is not None:
        said |= {word for match in _FROM_END.finditer(text.lower()) for word in _WORD.findall(match[0])}
    return Measures(
        frozenset() if is_turned or not all(_said(match) in _MEANINGS for match in found) else _meanings(found),
        frozenset() if is_turned else frozenset([_rank(match) for match in found if not _said(match).endswith("ly")]),
        is_last,
        frozenset([beginning(word) for word in words if word not in said and is_content(word)]),
    )


def measured_otherwise(one: Measures, two: Measures) -> bool:
    """Whether one asks for another measure, another rank by it, or the last and the other for the one before it;
    symmetric."""
    if not one.words or not two.words:
        return False
    if one.meanings and two.meanings and one.meanings.isdisjoint(two.meanings):
        return len(one.words - two.words) <= _BESIDE and len(two.words - one.words) <= _BESIDE
    if one.words != two.words:
        return False
    is_other_end = None not in (one.is_last, two.is_last) and one.is_last is not two.is_last
    is_other_rank = len(one.ranks) == len(two.ranks) == 1 and one.ranks != two.ranks
    return is_other_end or is_other_rank


def _said(match: re.Match[str]) -> str:
    return match["most"] or match["best"] or match["fast"] or match["word"]


def _meanings(found: list[re.Match[str]]) -> frozenset[int]:
    return frozenset([meaning for match in found for meaning in _MEANINGS[_said(match)]])


def _rank(match: re.Match[str]) -> str:
    return _RANKS.get(match["rank"], "first")
