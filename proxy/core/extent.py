"""How much is asked for: `briefly` against `in detail`, `only the last row` against `everything but the last row`, and
by which measure: `the largest island` against `the highest island`; how a number bounds is `core/bounds`.

Both texts of such pairs have nearly the same words in the same places, and never the same answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.bounds import Bounds, bounded_otherwise, bounds_of
from proxy.core.said import may_say
from proxy.core.words.common import words_of

_BRIEF = re.compile(
    r"\b(?:brief|briefly|concise|concisely|succinct|succinctly|tersely|in short|in brief|in a nutshell|"
    r"in (?:one|a|a single) (?:sentence|line|word)|in a few (?:words|sentences|lines)|"
    r"(?:short|quick) (?:summary|overview|outline|description|explanation))\b",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"\b(?:in (?:full |great |more )?detail|detailed|in[- ]depth|at length|at great length|thorough|thoroughly|"
    r"comprehensive|comprehensively|exhaustive|exhaustively|elaborate|"
    r"(?:long|full) (?:summary|overview|outline|description|explanation))\b",
    re.IGNORECASE,
)
_PART = r"(?:the |my |its )?([a-z]+(?: [a-z]+)?)"
_ONLY = re.compile(rf"\b(?:only|just) {_PART}", re.IGNORECASE)
_ALL_BUT = re.compile(
    rf"\b(?:everything|everybody|everyone|anything|all|any)(?: [a-z]+)? (?:but|except|except for|excluding) {_PART}",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:(largest|biggest)|highest|tallest) (?:[a-z]+ )?(?:(?:cit|countr|count)(?:y|ies)|"
    r"(?:town|village|capital|island|lake|volcano|glacier|state|province|region|park|desert|plateau|building|"
    r"skyscraper|tower|bridge|dam|waterfall|cathedral|church|castle|airport|stadium|statue|pyramid|tree|"
    r"animal|bird|dinosaur)(?:e?s)?)\b",
    re.IGNORECASE,
)
"""Things that have a height besides their size; of a mountain or a value both words say the same."""

_SAYS_ANY = words_of("""
brief briefly concise concisely succinct succinctly tersely short nutshell sentence sentences line lines word words
quick detail detailed depth length thorough thoroughly comprehensive comprehensively exhaustive exhaustively elaborate
long full only just but except excluding largest biggest highest tallest
""")
"""Words of which each of the patterns needs one."""


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """What a text says of how much it wants.

    only: the parts that alone are meant; left_out: those that are not. by_size: of each thing that is measured,
    whether by its size.
    """

    bounds: Bounds
    is_brief: bool = False
    is_full: bool = False
    only: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    by_size: frozenset[bool] = frozenset()


def extent_of(text: str) -> Extent:
    """Linear in the text's length."""
    if not may_say(text, _SAYS_ANY):
        return Extent(bounds_of(text))
    return Extent(
        bounds_of(text),
        is_brief=_BRIEF.search(text) is not None,
        is_full=_FULL.search(text) is not None,
        only=frozenset(part.lower() for part in _ONLY.findall(text)),
        left_out=frozenset(part.lower() for part in _ALL_BUT.findall(text)),
        by_size=frozenset(bool(size) for size in _MEASURED.findall(text)),
    )


def extents_differ(a: Extent, b: Extent) -> bool:
    """Whether one asks for little and the other for much, one for a part and the other for all but that part, one by
    size and the other by height, or one from a number upwards and the other up to it or from above it; symmetric."""
    is_other_length = {(a.is_brief, a.is_full), (b.is_brief, b.is_full)} == {(True, False), (False, True)}
    is_other_measure = bool(a.by_size and b.by_size) and a.by_size.isdisjoint(b.by_size)
    is_left_out = not a.only.isdisjoint(b.left_out) or not b.only.isdisjoint(a.left_out)
    return is_other_length or is_other_measure or is_left_out or bounded_otherwise(a.bounds, b.bounds)
