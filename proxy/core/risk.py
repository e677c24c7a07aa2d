"""Threshold from labels and an allowed false-hit rate, with exact finite-sample bounds.

The false-hit rate (wrong hits / hits) does not fall monotonically as the threshold rises, so that conformal risk
control gives no guarantee here. What does: learn-then-test with a fixed sequence (Angelopoulos et al. 2021). Thresholds
are tried from strict to loose; each is the hypothesis "its false-hit rate is above R", rejected when the exact binomial
tail of the wrong hits seen is at most 1 - confidence; the first that cannot be rejected ends the search. Then, with the
stated confidence over the draw of the labelled pairs, the chosen threshold's false-hit rate is at most R on traffic
like them. Nothing is promised for other traffic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEPS = 200
"""Thresholds tried at most; they are quantiles of the logits alone, fixed before any label is looked at."""


STARTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
"""Where a sequence of tests begins, as the share of pairs served."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The logit that a candidate must reach, and what that promises.

    logit: compared with `>=` after isfinite. probability: the same on the calibrated scale, for people.
    is_calibrated: held on labelled traffic of this domain; otherwise it held on the shipped reference mix (R28).
    """

    logit: float
    probability: float
    max_false_hit_rate: float
    is_calibrated: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What a threshold did on the labelled pairs it was chosen on: `wrong` of `served`, at most `upper` in truth."""

    logit: float
    served: int
    wrong: int
    upper: float


def threshold_for(
    logits: NDArray[np.float32], labels: NDArray[np.float32], max_rate: float, confidence: float = 0.95
) -> Held | None:
    """The loosest threshold of the fixed sequence that holds `max_rate`; None when none does (too few pairs, or wrong).

    logits, labels: float32[n], label 1 for a right hit. Several sequences run, each with its share of the error
    allowed: one begins at the strictest threshold that could be rejected at all, the others where a tenth, two tenths …
    of the pairs are served, because among few hits one error ends a sequence that a later one carries.
    """
    order = np.argsort(-logits, kind="stable")
    sorted_logits = logits[order]
    wrong = np.cumsum(labels[order] < 0.5)
    allowed = (1 - confidence) / len(STARTS)
    least = max(1, math.ceil(math.log(allowed) / math.log1p(-max_rate)))
    steps = np.unique(np.linspace(1, len(order), STEPS).astype(int)).tolist() if len(order) else []
    held: Held | None = None
    for start in STARTS:
        for step in (step for step in steps if step >= max(least, start * len(order))):
            # Equal logits are served together.
            served = int(np.searchsorted(-sorted_logits, -sorted_logits[step - 1], side="right"))
            errors = int(wrong[served - 1])
            if tail(errors, served, max_rate) > allowed:
                break
            if held is None or served > held.served:
                held = Held(float(sorted_logits[served - 1]), served, errors, upper_bound(errors, served, 1 - allowed))
    return held


def upper_bound(errors: int, n: int, confidence: float = 0.95) -> float:
    """Clopper-Pearson: the rate below which the truth lies with this (one-sided) confidence; 1 when n is 0."""
    if n == 0 or errors >= n:
        return 1.0
    return _bisected(lambda rate: tail(errors, n, rate) > 1 - confidence)


def lower_bound(errors: int, n: int, confidence: float = 0.95) -> float:
    """Clopper-Pearson from below, one-sided."""
    return 1.0 - upper_bound(n - errors, n, confidence) if errors else 0.0


def interval(errors: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The two-sided exact interval."""
    one_sided = 1 - (1 - confidence) / 2
    return lower_bound(errors, n, one_sided), upper_bound(errors, n, one_sided)


def tail(errors: int, n: int, rate: float) -> float:
    """P(X ≤ errors) for X binomial(n, rate): how likely so few errors are if the truth is `rate`."""
    if rate <= 0.0:
        return 1.0
    if rate >= 1.0:
        return 1.0 if errors >= n else 0.0
    log_rate, log_rest = math.log(rate), math.log1p(-rate)
    head = math.lgamma(n + 1)
    terms = [
        head - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * log_rate + (n - k) * log_rest
        for k in _span(errors, n, rate)
    ]
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def _span(errors: int, n: int, rate: float) -> range:
    """The terms that matter: everything far below the mean adds nothing that a float could hold."""
    spread = 40 * math.sqrt(n * rate * (1 - rate)) + 40
    return range(max(0, int(min(errors, n * rate) - spread)), errors + 1)


def _bisected(is_below: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return high


def expected_calibration_error(probabilities: Sequence[float], labels: Sequence[float], bins: int = 15) -> float:
    """Mean gap between stated and found frequency over equally filled bins, weighted by size."""
    order = np.argsort(probabilities, kind="stable")
    gaps = 0.0
    for part in np.array_split(order, bins):
        if len(part):
            stated, found = np.mean(np.asarray(probabilities)[part]), np.mean(np.asarray(labels)[part])
            gaps += len(part) * abs(float(stated) - float(found))
    return gaps / max(len(order), 1)
