"""Words of two texts laid beside each other: equal words paired off, and which of them changed their order. Pure."""

from __future__ import annotations

from collections.abc import Sequence

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


def matched(a: Sequence[Word], b: Sequence[Word]) -> tuple[list[int], list[int]]:
    """Equal words paired off, each at most once: for each word the other's index, or -1.

    Among equal words the one whose neighbours are equal too comes first, so that a repeated "the" finds its noun.
    """
    places: dict[str, list[int]] = {}
    for j, word in enumerate(b):
        places.setdefault(word.text, []).append(j)
    match_a, match_b = [-1] * len(a), [-1] * len(b)
    last = -1
    for i, word in enumerate(a):
        free = places.get(word.text)
        if not free:
            continue
        j = free[0] if len(free) == 1 else _best_place(a, b, i, free, last)
        free.remove(j)
        match_a[i], match_b[j] = j, i
        last = j
    return match_a, match_b


def _best_place(a: Sequence[Word], b: Sequence[Word], i: int, free: Sequence[int], last: int) -> int:
    def fitness(j: int) -> tuple[int, int]:
        left = i > 0 and j > 0 and a[i - 1].text == b[j - 1].text
        right = i + 1 < len(a) and j + 1 < len(b) and a[i + 1].text == b[j + 1].text
        return left + right + (j == last + 1), -abs(j - last - 1)

    return max(free, key=fitness)


def moved(match: Sequence[int], size: int) -> tuple[set[int], set[int]]:
    """Matched words that stand in another order: those outside the longest rising run of partners."""
    order = [(i, j) for i, j in enumerate(match) if j >= 0]
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
