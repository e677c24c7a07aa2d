"""In a place or out of it: `the drinking age in Ontario` against `the drinking age outside Ontario`.

Vetoed where one text says `outside` of a place that the other names, whatever the other words: a place with a capital
wherever it stands, any other thing behind `in`. Whoever means what is outside without that word says `abroad`,
`beyond`, `non-EU`, `not in the EU`: such a text is left to the scorer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from proxy.core.roles import singular
from proxy.core.ways import SPECIFIERS, is_content
from proxy.core.words.common import ENGLISH, words_of

_TOKEN = re.compile(r"[^\W_]+|[.!?;:,\n]")
_OUTSIDE = "outside"
_WITHIN = words_of("in inside within into throughout across")
_NEGATIONS = words_of("not no non never nor neither cannot without except t")
"""`t` is what is left of `isn't`."""

_OUT_OF_IT = _NEGATIONS | words_of("""
beyond abroad overseas offshore elsewhere other others another different foreign foreigner foreigners international
internationally worldwide global globally everywhere anywhere external exterior outer off away out outdoor outdoors
leave leaves leaving left exit exits exiting expat expats emigrate emigrating excluding only just near nearby around
surrounding suburb suburbs outskirts before after behind front than
""")
"""Words of a text that may speak of what is not in the place."""

_NO_PLACE_AFTER = words_of("the a an my your our his its their inside")
"""`the outside temperature`, `its outside`."""

_LONGEST = 60
"""Words; longer texts speak of many places."""

_REACH = 4
"""Words behind a preposition that are looked at: `of the New World`."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """names, things: what something is outside of, with a capital and without. said, within: all words, and those
    behind `in`; none of a text that may speak of what is out of anything."""

    names: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()


_NOWHERE = Whereabouts()


def whereabouts_of(text: str) -> Whereabouts:
    """Linear in the text's length."""
    written = _TOKEN.findall(text)
    words = [word.lower() for word in written]
    if len(words) > _LONGEST:
        return _NOWHERE
    if _OUTSIDE not in words:
        if not _OUT_OF_IT.isdisjoint(words):
            return _NOWHERE
        inside = [_place(written, at) for at, word in enumerate(words) if word in _WITHIN]
        return Whereabouts(said=frozenset(map(_key, written)), within=frozenset(map(_key, inside)) - {""})
    if not _NEGATIONS.isdisjoint(words):
        return _NOWHERE
    at = words.index(_OUTSIDE)
    place = "" if (at and words[at - 1] in _NO_PLACE_AFTER) or _is_both(words, at) else _place(written, at)
    if not place:
        return _NOWHERE
    found = frozenset([_key(place)])
    return Whereabouts(names=found) if place[0].isupper() else Whereabouts(things=found)


def elsewhere(one: Whereabouts, two: Whereabouts) -> bool:
    """Whether one text is outside of what the other is in; symmetric."""
    return _is_out(one, two) or _is_out(two, one)


def _is_out(one: Whereabouts, two: Whereabouts) -> bool:
    return not (one.names.isdisjoint(two.said) and one.things.isdisjoint(two.within))


def _is_both(words: Sequence[str], at: int) -> bool:
    """`in and outside the EU`."""
    return at > 1 and words[at - 1] in ("and", "or") and words[at - 2] in _WITHIN


def _place(written: Sequence[str], at: int) -> str:
    """The first word with a meaning of its own behind a preposition; "" where a clause or nothing follows."""
    for word in written[at + 1 : at + 1 + _REACH]:
        lower = word.lower()
        if is_content(lower) or _is_initials(word):
            return word
        if not (lower in SPECIFIERS or lower == "of" or word[0].isupper()):
            break
    return ""


def _key(word: str) -> str:
    """`US` is not `us`."""
    lower = word.lower()
    return word if lower in ENGLISH and _is_initials(word) else singular(lower)


def _is_initials(word: str) -> bool:
    return len(word) > 1 and word.isupper()
