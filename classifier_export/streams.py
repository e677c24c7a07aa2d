"""A cache played over a stream of requests: hit rate against error rate, for the scorer and for cosine.

A hit is right when the request's class is that of the stored request. Every miss is stored. Equal texts are exact hits
for every judge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KEEP = 24
"""Nearest earlier requests looked at: some of them were hits and are not stored."""

CANDIDATES = 4
FLOOR = 0.70


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """prompts in order; classes: int64[n]. earlier: int64[n, KEEP], nearest earlier texts by cosine, -1 for none.
    cosines: float32[n, KEEP]. wrong: float32[n, KEEP], 1 where the classes differ, by label.
    repeat: whether the very text came before."""

    prompts: list[str]
    classes: NDArray[np.int64]
    earlier: NDArray[np.int64]
    cosines: NDArray[np.float32]
    wrong: NDArray[np.float32]
    repeat: NDArray[np.bool_]

    def pairs(self) -> list[tuple[int, int]]:
        """(request, earlier request) of every filled place, row by row."""
        return [(i, int(j)) for i, row in enumerate(self.earlier) for j in row if j >= 0]

    def spread(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores given in the order of `pairs`, as float32[n, KEEP]; -inf where there is no candidate."""
        out = np.full(self.earlier.shape, -np.inf, dtype=np.float32)
        out[self.earlier >= 0] = scores
        return out


def stream_of(prompts: Sequence[str], classes: Sequence[int], vectors: NDArray[np.float32]) -> Stream:
    """vectors: float32[n, 384], L2-normalised."""
    n = len(prompts)
    earlier = np.full((n, KEEP), -1, dtype=np.int64)
    cosines = np.zeros((n, KEEP), dtype=np.float32)
    repeat = np.zeros(n, dtype=bool)
    seen: dict[str, int] = {}
    distinct: list[int] = []
    for i, text in enumerate(prompts):
        if text in seen:
            repeat[i] = True
            continue
        if distinct:
            near = vectors[distinct] @ vectors[i]
            best = np.argsort(-near, kind="stable")[:KEEP]
            best = best[near[best] >= FLOOR]
            earlier[i, : len(best)] = np.array(distinct)[best]
            cosines[i, : len(best)] = near[best]
        seen[text] = i
        distinct.append(i)
    known = np.array(classes, dtype=np.int64)
    wrong = (known[earlier] != known[:, None]).astype(np.float32)
    return Stream(list(prompts), known, earlier, cosines, wrong, repeat)


@dataclass(frozen=True, slots=True)
class Played:
    """Counts of one run: requests, all hits, hits by meaning among them, and how many of those were wrong."""

    requests: int
    hits: int
    semantic: int
    errors: float

    @property
    def hit_rate(self) -> float:
        return self.hits / self.requests

    @property
    def error_rate(self) -> float:
        return self.errors / self.requests

    @property
    def false_hit_rate(self) -> float:
        """Wrong among hits by meaning."""
        return self.errors / max(self.semantic, 1)


def play(
    stream: Stream, scores: NDArray[np.float32], threshold: float, wrong: NDArray[np.float32] | None = None
) -> Played:
    """Every candidate's score: float32[n, KEEP]. wrong: float32[n, KEEP] instead of the stream's own."""
    wrongness = stream.wrong if wrong is None else wrong
    stored = np.zeros(len(stream.prompts), dtype=bool)
    hits = semantic = 0
    errors = 0.0
    passing: NDArray[np.bool_] = np.greater_equal(scores, threshold)
    anything: NDArray[np.bool_] = np.asarray(passing.any(axis=1))
    for i in range(len(stream.prompts)):
        if stream.repeat[i]:
            hits += 1
            continue
        if anything[i]:
            row = stream.earlier[i]
            live = np.flatnonzero((row >= 0) & stored[row])[:CANDIDATES]
            if len(live):
                best = live[np.argmax(scores[i, live])]
                if passing[i, best]:
                    hits += 1
                    semantic += 1
                    errors += float(wrongness[i, best])
                    continue
        stored[i] = True
    return Played(len(stream.prompts), hits, semantic, errors)


def hit_rate_at(
    stream: Stream,
    scores: NDArray[np.float32],
    error_rates: Sequence[float],
    wrong: NDArray[np.float32] | None = None,
) -> list[float]:
    """The highest hit rate whose error rate stays within each limit, over a sweep of thresholds.

    The last one lets nothing pass: identical requests hit without an error, whatever the scores are.
    """
    finite = scores[np.isfinite(scores)]
    swept = np.quantile(finite, np.linspace(0.30, 0.999, 60)).tolist() if len(finite) else []
    points = [play(stream, scores, threshold, wrong) for threshold in (*swept, math.inf)]
    return [max(point.hit_rate for point in points if point.error_rate <= limit) for limit in error_rates]
