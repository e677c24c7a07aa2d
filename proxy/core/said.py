"""Which words a text says. Most guards have something to find only where one of a few words stands: the others are
spared their patterns, each of which takes longer than this one look at all words."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+")


def may_say(text: str, words: Set[str]) -> bool:
    """Whether one of the words (ASCII, small letters) may stand in the text, in any case; False is certain.

    A word ends at any sign: `in-depth` says `in` and `depth`. Beyond ASCII the answer is always yes: patterns take the
    long s for an s and a dotted capital I for an i, small letters do not.
    """
    return not text.isascii() or not words.isdisjoint(_said(text))


@lru_cache(maxsize=4)
def _said(text: str) -> frozenset[str]:
    """One text is read by all guards, then the next."""
    return frozenset(_WORD.findall(text.lower()))
