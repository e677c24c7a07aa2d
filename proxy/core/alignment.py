"""Words of two texts laid beside each other: equal words paired off, and which of them changed their order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def matched(a: Sequence[str], b: Sequence[str], places: Mapping[str, Sequence[int]]) -> tuple[list[int], list[int]]:
    """Equal words paired off, each at most once: for each word the other's index, or -1.

    places: where each word stands in b. Among equal words the one whose neighbours are equal too comes first, so that
    a repeated "the" finds its noun.
    """
    match_a, match_b = [-1] * len(a), [-1] * len(b)
    last = -1
    for i, word in enumerate(a):
        free = places.get(word, ())
        if len(free) > 1:
            free = [j for j in free if match_b[j] < 0]
        if not free or match_b[free[0]] >= 0:
            continue
        j = free[0] if len(free) == 1 else _best_place(a, b, i, free, last)
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
    order = [(i, j) for i, j in enumerate(match) if j >= 0]
    if all(one[1] < two[1] for one, two in pairwise(order)):
        return set(), set()
    best: list[int] = []
    back: list[int] = []
    for n, (_, j) in enumerate(order):
        length, previous = 1, -1
        for m in range(n):
            if order[m][1] < j and best[m] + 1 > length:
                length, previous = best[m] + 1, m
        best.append(length)
        back.append(previous)
    kept: set[int] = set()
    at = max(range(len(best)), key=best.__getitem__, default=-1)
    while at >= 0:
        kept.add(at)
        at = back[at]
    outside = [pair for n, pair in enumerate(order) if n not in kept]
    return {i for i, _ in outside}, {j for _, j in outside}


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


def initials_of(words: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The first letters of the words that are no punctuation, and where these stand."""
    places = tuple(i for i, word in enumerate(words) if word.isalnum())
    return "".join(words[i][0] for i in places), places


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


def joints_of(words: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """Two neighbours written as one word, a hyphen between them left out, and the (first, end) where they stand."""
    joints: dict[str, list[tuple[int, int]]] = {}
    for j in range(len(words) - 1):
        end = j + 2
        if words[j + 1] == "-" and end < len(words):
            end += 1
        joined = words[j] + words[end - 1]
        if len(joined) >= COMPOUND_LETTERS:
            joints.setdefault(joined, []).append((j, end))
    return joints


def compounds(
    own: Sequence[str], match: Sequence[int], joints: Mapping[str, Sequence[tuple[int, int]]]
) -> list[tuple[int, int, int]]:
    """(word, first, end): words without an equal that the other text writes in two ("signup", "sign up", "sign-up").

    joints: of the other text.
    """
    long = {own[i]: i for i, j in enumerate(match) if j < 0 and own[i] in joints}
    return [(i, first, end) for text, i in long.items() for first, end in joints[text]]
