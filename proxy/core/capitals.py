"""Words whose capitals carry their meaning: `US` and `us`, `AIDS` and `aids`, `Turkey` and `turkey`.

The embedder folds case, so neither it nor the scorer can tell such words apart; everybody else's capitals are style.
"""

from __future__ import annotations

import re

ACRONYMS = frozenset(["us", "it", "who", "aids", "ram", "act", "sat", "arm", "sad", "lamb"])
"""All capitals is a name, anything else a plain word."""

NAMES = frozenset(["turkey", "china", "march", "polish", "java", "rust", "mercury", "jersey", "reading", "nice"])
"""Within a sentence, a capital is a name and a small letter a plain word."""

_CANDIDATE = re.compile(rf"(?<![\w'])(?:{'|'.join(sorted(ACRONYMS | NAMES))})(?![\w'])", re.IGNORECASE)
_WORD_START = re.compile(r"(?<![\w'])[^\W\d_]")

Spelled = tuple[frozenset[str], frozenset[str]]
_NOTHING: Spelled = (frozenset(), frozenset())


def spelled(text: str) -> Spelled:
    """(words of the lists written as names, words of the lists written as plain words), in small letters.

    A text all in capitals says nothing. One all in small letters says nothing about names (it is typed in a hurry), but
    `us` and `it` are what they are. In A Title the capitals say nothing about names either.
    """
    found = list(_CANDIDATE.finditer(text))
    if not found or text.isupper():
        return _NOTHING
    starts = _WORD_START.findall(text)
    capitals = sum(letter.isupper() for letter in starts)
    is_careful = 0 < capitals <= len(starts) // 2 + 1  # one of them is often `I`
    named: set[str] = set()
    plain: set[str] = set()
    for match in found:
        word, lower = match.group(), match.group().lower()
        if lower in ACRONYMS:
            (named if word.isupper() else plain).add(lower)
        elif is_careful and text[: match.start()].strip():
            (named if word[0].isupper() else plain).add(lower)
    return frozenset(named), frozenset(plain)


def meanings_differ(a: Spelled, b: Spelled) -> bool:
    """Whether a word is only ever a name in one text and only ever a plain word in the other."""
    return not (a[0] - a[1]).isdisjoint(b[1] - b[0]) or not (b[0] - b[1]).isdisjoint(a[1] - a[0])
