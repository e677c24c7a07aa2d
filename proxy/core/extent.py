"""How much is asked for: `briefly` against `in detail`, `only the last row` against `everything but the last row`, and
by which measure: `the largest island` against `the highest island`; how a number bounds is `core/bounds`.

Both texts of such pairs have nearly the same words in the same places, and never the same answer.
"""

from __future__ import annotations

import re

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

Extent = tuple[bool, bool, frozenset[str], frozenset[str], frozenset[bool], Bounds]


def extent_of(text: str) -> Extent:
    """(asks for little, asks for much, the parts that alone are meant, the parts that are left out, whether what is
    measured is size, the numbers that bound)."""
    if not may_say(text, _SAYS_ANY):
        return False, False, frozenset(), frozenset(), frozenset(), bounds_of(text)
    return (
        _BRIEF.search(text) is not None,
        _FULL.search(text) is not None,
        frozenset(part.lower() for part in _ONLY.findall(text)),
        frozenset(part.lower() for part in _ALL_BUT.findall(text)),
        frozenset(bool(size) for size in _MEASURED.findall(text)),
        bounds_of(text),
    )


def extents_differ(a: Extent, b: Extent) -> bool:
    """Whether one asks for little and the other for much, one for a part and the other for all but that part, one by
    size and the other by height, or one from a number upwards and the other up to it or from above it; symmetric."""
    sizes = {a[:2], b[:2]} == {(True, False), (False, True)}
    is_other_measure = bool(a[4] and b[4]) and a[4].isdisjoint(b[4])
    is_left_out = not a[2].isdisjoint(b[3]) or not b[2].isdisjoint(a[3])
    return sizes or is_other_measure or is_left_out or bounded_otherwise(a[5], b[5])
