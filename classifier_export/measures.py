"""Figures for pairs: each with its n and a 95 % interval, never accuracy on a pooled set alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxy.core.risk import interval

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `n`, with the exact two-sided 95 % interval."""

    count: int
    n: int

    @property
    def value(self) -> float:
        return self.count / self.n if self.n else float("nan")

    def text(self) -> str:
        """`3.2 % [1.1, 7.4]`."""
        if not self.n:
            return "-"
        low, high = interval(self.count, self.n)
        return f"{100 * self.value:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"

    def as_dict(self) -> dict[str, float]:
        low, high = interval(self.count, self.n) if self.n else (0.0, 1.0)
        return {"value": round(self.value, 5), "n": self.n, "low": round(low, 5), "high": round(high, 5)}


def auc(scores: Scores, labels: Scores) -> float:
    """Area under the ROC curve; NaN when one label is missing."""
    positives, negatives = int(labels.sum()), int((1 - labels).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[inverse]
    return float((ranks[labels > 0.5].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def auc_interval(scores: Scores, labels: Scores, rounds: int = 200) -> tuple[float, float]:
    """95 % bootstrap interval (seeded)."""
    rng = np.random.default_rng(0)
    found = [
        auc(scores[pick], labels[pick]) for pick in (rng.integers(0, len(labels), len(labels)) for _ in range(rounds))
    ]
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(low), float(high)


def false_accepts(scores: Scores, labels: Scores, threshold: float) -> Rate:
    """Accepted label-0 pairs of label-0 pairs."""
    wrong = labels < 0.5
    return Rate(int((scores[wrong] >= threshold).sum()), int(wrong.sum()))


def recall(scores: Scores, labels: Scores, threshold: float) -> Rate:
    """Accepted label-1 pairs of label-1 pairs."""
    right = labels > 0.5
    return Rate(int((scores[right] >= threshold).sum()), int(right.sum()))


def false_hits(scores: Scores, labels: Scores, threshold: float) -> Rate:
    """Wrong hits of hits."""
    served = scores >= threshold
    return Rate(int((served & (labels < 0.5)).sum()), int(served.sum()))


def threshold_at_recall(scores: Scores, labels: Scores, wanted: float) -> float:
    """The highest threshold that accepts at least `wanted` of the label-1 pairs."""
    right = np.sort(scores[labels > 0.5])
    return float(right[min(int((1 - wanted) * len(right)), len(right) - 1)]) if len(right) else float("inf")


def recall_at_precision(scores: Scores, labels: Scores, wanted: float) -> float:
    """The highest recall whose precision is at least `wanted`; 0 when none is."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(labels[order])
    good = right / np.arange(1, len(order) + 1) >= wanted
    return float(right[good].max() / max(labels.sum(), 1)) if good.any() else 0.0
