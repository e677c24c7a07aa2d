"""A stream of requests played through an empty cache, at any threshold. Pure: no model runs here.

Everything that does not depend on the threshold (scope, admission, guards, candidates, scores) is found once and put
into a `Stream`; `play` then serves and stores as the proxy does. A hit is right when the class of the request is that
of the stored one. A hit by meaning makes no entry and no exact key (R17), so it may happen again for the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxy.core.embedding import VECTOR_DIM
from proxy.core.risk import upper_bound

KEEP = 24
"""Nearest earlier requests looked at: some of them were hits themselves and are not stored."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request. node: equal numbers are equal requests (one exact key); -1: it bypasses memory.

    label: its class, None when nobody said it. may_store: answers to it are kept. may_compare: it has a question
    that is compared by meaning.
    """

    node: int
    label: str | None
    may_store: bool = True
    may_compare: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """candidates: per arrival the nearest earlier nodes in its scope, nearest first. scores: of the same, -inf for a
    veto. equal: of the same, whether the very text is the same (a masked scope; never scored)."""

    arrivals: Sequence[Arrival]
    candidates: Sequence[Sequence[int]]
    scores: Sequence[Sequence[float]]
    equal: Sequence[Sequence[bool]]
    at_most: int = 4


@dataclass(frozen=True, slots=True)
class FalseHit:
    """Arrival `asked` got the answer of the earlier arrival `stored`."""

    asked: int
    stored: int
    score: float


@dataclass(frozen=True, slots=True)
class Played:
    """What one threshold did. judged: semantic hits of which both classes are known, `wrong` of them wrong."""

    threshold: float
    requests: int
    exact: int
    masked: int
    semantic: int
    judged: int
    false_hits: tuple[FalseHit, ...]

    @property
    def wrong(self) -> int:
        return len(self.false_hits)

    @property
    def hit_rate(self) -> float:
        """All hits / requests."""
        return (self.exact + self.masked + self.semantic) / max(self.requests, 1)

    @property
    def false_hit_rate(self) -> float:
        """Wrong semantic hits / semantic hits that can be judged; exact hits never dilute it."""
        return self.wrong / max(self.judged, 1)

    @property
    def upper(self) -> float:
        """95 % Clopper-Pearson bound on the false-hit rate."""
        return upper_bound(self.wrong, self.judged)

    @property
    def error_rate(self) -> float:
        """Wrong answers / requests: only beside papers."""
        return self.wrong / max(self.requests, 1)


def play(stream: Stream, threshold: float) -> Played:
    """One pass over the stream with an empty cache; every miss that may be kept is stored."""
    stored: dict[int, int] = {}
    exact = masked = semantic = judged = 0
    false_hits = []
    for i, arrival in enumerate(stream.arrivals):
        if arrival.node < 0:
            continue
        if arrival.node in stored:
            exact += 1
            continue
        found = _found(stream, i, stored, threshold) if arrival.may_compare else None
        if found is None:
            if arrival.may_store:
                stored[arrival.node] = i
            continue
        node, score = found
        if score == np.inf:
            masked += 1
            continue
        semantic += 1
        label = stream.arrivals[stored[node]].label
        if label is not None and arrival.label is not None:
            judged += 1
            if label != arrival.label:
                false_hits.append(FalseHit(i, stored[node], score))
    return Played(threshold, len(stream.arrivals), exact, masked, semantic, judged, tuple(false_hits))


def _found(stream: Stream, i: int, stored: dict[int, int], threshold: float) -> tuple[int, float] | None:
    """The stored candidate to serve: the nearest that no guard forbids, if it suffices; else the best of the nearest
    `at_most`, the nearer one when scores tie."""
    best: tuple[int, float] | None = None
    looked_at, is_first = 0, True
    for node, score, is_equal in zip(stream.candidates[i], stream.scores[i], stream.equal[i], strict=True):
        if node not in stored:
            continue
        if is_equal:
            return node, np.inf
        looked_at += 1
        if score >= threshold and (best is None or score > best[1]):
            best = node, score
        if looked_at == stream.at_most or (best is not None and is_first):
            break
        is_first = is_first and score == -np.inf
    return best


def sweep(stream: Stream, points: int = 40) -> list[Played]:
    """The curve, strict to loose: thresholds are quantiles of the finite scores of what may be compared."""
    finite = [score for row in stream.scores for score in row if np.isfinite(score)]
    if not finite:
        return [play(stream, np.inf)]
    top = np.quantile(finite, 1 - np.linspace(0, 1, points) ** 2)  # denser where it is strict
    return [play(stream, float(threshold)) for threshold in [np.inf, *dict.fromkeys(top)]]


def hit_rate_at(curve: Sequence[Played], error_rate: float) -> float:
    """The highest hit rate of a point of the curve that keeps this error rate (found on the same data: optimistic)."""
    return max((each.hit_rate for each in curve if each.error_rate <= error_rate), default=0.0)


class Neighbours:
    """Nearest earlier nodes within each scope, exactly; grows as requests arrive."""

    def __init__(self, floor: float) -> None:
        self._floor = floor
        self._scopes: dict[bytes, tuple[list[int], NDArray[np.float32]]] = {}

    def near(self, scope: bytes, vector: NDArray[np.float32], own: int) -> list[tuple[int, float]]:
        """(node, cosine) of at most KEEP, nearest first, without `own`. vector: float32[384], L2-normalised."""
        nodes, block = self._scopes.get(scope, ([], np.empty((0, VECTOR_DIM), np.float32)))
        cosines = block[: len(nodes)] @ vector
        order = np.argsort(-cosines, kind="stable")[: KEEP + 1]
        found = [(nodes[row], float(cosines[row])) for row in order if cosines[row] >= self._floor]
        return [each for each in found if each[0] != own][:KEEP]

    def add(self, scope: bytes, vector: NDArray[np.float32], node: int) -> None:
        """`node` can be found from now on."""
        nodes, block = self._scopes.get(scope, ([], np.empty((0, VECTOR_DIM), np.float32)))
        if len(nodes) == len(block):
            block = np.concatenate([block, np.zeros((max(64, len(block)), VECTOR_DIM), np.float32)])
        block[len(nodes)] = vector
        nodes.append(node)
        self._scopes[scope] = nodes, block
