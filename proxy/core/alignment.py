"""Words of two texts laid beside each other: equal words paired off, and which of them changed their order. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise

from proxy.core.lexicon import Word


def spans_of(text: str, words: Sequence[str]) -> list[int]:
    """Where each word begins in the text; -1 when folding changed it (accents, other scripts)."""
    lower = text.lower()
    if len(lower) != len(text):
        return [-1] * len(words)
    spans: list[int] = []
    at = 0
    for word in words:
        found = lower.find(word, at)
        spans.append(found)
        if found >= 0:
            at = found + len(word)
    return spans


def matched(
    a: Sequence[str], b: Sequence[str], places: Mapping[str, int], repeated: Mapping[str, Sequence[int]]
) -> tuple[list[int], list[int]]:
    """Equal words paired off, each at most once: for each word the other's index, or -1.

    places: where each word stands in b; repeated: all places of those that stand there more than once. Among equal
    words the one whose neighbours are equal too comes first, so that a repeated "the" finds its noun.
    """
    match_a, match_b = [-1] * len(a), [-1] * len(b)
    last = -1
    for i, word in enumerate(a):
        j = places.get(word, -1)
        if word in repeated:
            free = [k for k in repeated[word] if match_b[k] < 0]
            j = _best_place(a, b, i, free, last) if free else -1
        if j >= 0 and match_b[j] < 0:
            match_a[i], match_b[j] = j, i
            last = j
    return match_a, match_b


def _best_place(a: Sequence[str], b: Sequence[str], i: int, free: Sequence[int], last: int) -> int:
    def fitness(j: int) -> tuple[int, int]:
        left = i > 0 and j > 0 and a[i - 1] == b[j - 1]
        right = i + 1 < len(a) and j + 1 < len(b) and a[i + 1] == b[j + 1]
        return left + right + (j == last + 1), -abs(j - last - 1)

    return max(free, key=fitness)


def moved(match: Sequence[int]) -> tuple[set[int], set[int]]:
    """Matched words that stand in another order: those outside the longest rising run of partners."""
    partners = [j for j in match if j >= 0]
    if all(one < two for one, two in pairwise(partners)):
        return set(), set()
    kept = _longest_rise(partners)
    places = [i for i, j in enumerate(match) if j >= 0]
    strays = [n for n in range(len(partners)) if n not in kept]
    return {places[n] for n in strays}, {partners[n] for n in strays}


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Positions of the longest rising run of different numbers; of equally long ones the one that ends first."""
    runs: list[list[int]] = []  # for each length the positions where the longest run that ends there has it
    ends: list[int] = []  # for each length the smallest number that such a run ends with: that of the last position
    back: list[int] = []
    for n, number in enumerate(numbers):
        length = bisect_left(ends, number)
        back.append(next(m for m in runs[length - 1] if numbers[m] < number) if length else -1)
        if length == len(runs):
            runs.append([n])
            ends.append(number)
        else:
            runs[length].append(n)
            ends[length] = number
    kept: set[int] = set()
    at = runs[-1][0]
    while at >= 0:
        kept.add(at)
        at = back[at]
    return kept


ROLES = {
    word: code
    for code, words in enumerate(
        (
            ("to", "into", "onto", "toward", "towards"),
            ("from",),
            ("than",),
            ("by",),
            ("before",),
            ("after",),
            ("of",),
            ("for",),
            ("in", "at", "on", "within"),
            ("with",),
            ("without",),
            ("over", "above"),
            ("under", "below"),
            ("about",),
            ("as",),
        ),
        start=1,
    )
    for word in words
}
DIRECTED = frozenset(range(1, 7))
"""Roles of which two equal words in different ones mean another thing: from X to Y, X than Y, by X, before X."""

ROLE_REACH = 2
"""Content words that one preposition governs ("to San Francisco")."""


def roles_of(words: Sequence[Word]) -> list[int]:
    """For each word the role that the nearest preposition before it gives, 0 for none."""
    roles: list[int] = []
    current, left = 0, 0
    for word in words:
        code = ROLES.get(word.text)
        if code is not None:
            current, left = code, ROLE_REACH
            roles.append(0)
        elif word.is_function:
            roles.append(0)
        else:
            roles.append(current if left > 0 else 0)
            left -= 1
    return roles


def abbreviations(
    alone: Iterable[tuple[int, Word]], initials: str, places: Sequence[int]
) -> list[tuple[int, int, int]]:
    """(word, first, end): words without an equal that are the initials of other[first:end].

    alone: content words without an equal. initials, places: of the other text. "NDA" and "non-disclosure agreement".
    """
    found = []
    for i, word in alone:
        text = word.text
        if 2 <= len(text) <= 5 and text.isalpha() and (at := initials.find(text)) >= 0:
            found.append((i, places[at], places[at + len(text) - 1] + 1))
    return found


COMPOUND_LETTERS = 5
"""Shorter words are not looked for in two parts."""


def joints_of(words: Sequence[str]) -> set[str]:
    """Two neighbours written as one word, a hyphen between them left out."""
    joints = {one + two for one, two in pairwise(words)}
    if "-" in words:
        joints.update(words[j] + words[end - 1] for j, end in _joints(words))
    return joints


def _joints(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(first, end) of two neighbours and of two with a hyphen between them."""
    for j in range(len(words) - 1):
        yield j, j + 3 if words[j + 1] == "-" and j + 2 < len(words) else j + 2


def compounds(
    own: Sequence[str], match: Sequence[int], other: Sequence[str], joints: Set[str]
) -> list[tuple[int, int, int]]:
    """(word, first, end): words without an equal that the other text writes in two ("signup", "sign up", "sign-up").

    joints: of the other text.
    """
    long = {own[i]: i for i, j in enumerate(match) if j < 0 and own[i] in joints and len(own[i]) >= COMPOUND_LETTERS}
    if not long:
        return []
    return [(long[joined], j, end) for j, end in _joints(other) if (joined := other[j] + other[end - 1]) in long]
