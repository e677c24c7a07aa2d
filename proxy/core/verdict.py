"""The last word: which candidate, if any, is served. Logits in, a verdict out; sigmoid happens here and only here."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxy.core.lexicon import Lexicon
from proxy.core.reasons import MissReason
from proxy.core.risk import Threshold
from proxy.core.same_question import is_about_writing, is_same_question
from proxy.core.slips import slip_mended

SURE = 30.0
"""The logit of one question in two spellings, above any that a scorer gives."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logit to probability, as fitted on development pairs.

    The logistic of `(logit + bias) / temperature`; or, with `knots`, linear between (logit, probability) points that
    rise in both, and constant outside them.
    """

    temperature: float = 1.0
    bias: float = 0.0
    knots: tuple[tuple[float, float], ...] = ()

    def probability(self, logit: float) -> float:
        """In [0, 1]; 0 for a logit that is not finite."""
        if not math.isfinite(logit):
            return 0.0
        if self.knots:
            return _between(logit, *zip(*self.knots, strict=True))
        scaled = (logit + self.bias) / self.temperature
        return 1.0 / (1.0 + math.exp(-scaled)) if scaled > -700 else 0.0

    def logit(self, probability: float) -> float:
        """The smallest logit whose probability reaches `probability`; infinite where none does."""
        if self.knots:
            logits, probabilities = zip(*self.knots, strict=True)
            return _between(probability, probabilities, logits) if probability <= probabilities[-1] else math.inf
        if not 0.0 < probability < 1.0:
            return -math.inf if probability <= 0.0 else math.inf
        return math.log(probability / (1.0 - probability)) * self.temperature - self.bias


def _between(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Linear between the points, constant outside them: `np.interp` of one number, which would give up the
    interpreter's lock in the middle of a look-up."""
    right = bisect_right(xs, x)
    if right == 0 or right == len(xs):
        return ys[max(right - 1, 0)]
    x0, x1, y0, y1 = xs[right - 1], xs[right], ys[right - 1], ys[right]
    return (y1 - y0) / (x1 - x0) * (x - x0) + y0


def assured(
    logits: Sequence[float] | NDArray[np.float32], asked: str, stored: Sequence[str], lexicon: Lexicon | None = None
) -> NDArray[np.float32]:
    """float32[len(stored)]: the scorer's logits, but SURE where a stored text is the very question that is asked.

    The scorer has learned from pairs that differ, `US` and `us` among them: where all word pieces are equal it doubts,
    and a blank at the end cost 362 of 400 questions their hit. What is not finite stays a no.
    """
    judged = [
        SURE if math.isfinite(logit) and _is_very_question(asked, text, lexicon) else logit
        for logit, text in zip(logits, stored, strict=True)
    ]
    return np.array(judged, dtype=np.float32)


def _is_very_question(asked: str, stored: str, lexicon: Lexicon | None) -> bool:
    if is_same_question(asked, stored):
        return True
    mended = slip_mended(asked, stored, lexicon) if lexicon is not None else None
    return mended is not None and not is_about_writing(stored) and is_same_question(mended, stored)


@dataclass(frozen=True, slots=True)
class Hit:
    """The candidate in this row may be served."""

    row: int
    logit: float
    probability: float


@dataclass(frozen=True, slots=True)
class Miss:
    """None may; the best one's figures, for the log (None when no logit was finite)."""

    reason: MissReason
    logit: float | None = None
    probability: float | None = None


def choose(
    logits: Sequence[float] | NDArray[np.float32],
    similarities: Sequence[float],
    threshold: Threshold,
    *,
    calibration: Calibration,
    asked_probability: float | None = None,
) -> Hit | Miss:
    """The row with the highest finite logit, if it reaches the threshold; the nearer one when logits tie.

    logits: k of them; similarities: k cosines. asked_probability: what a request header demands; it can only be
    stricter (R13).
    """
    finite = [row for row, logit in enumerate(logits) if math.isfinite(logit)]
    if not finite:
        return Miss(MissReason.NOT_FINITE if len(logits) else MissReason.NO_CANDIDATE)
    best = max(finite, key=lambda row: (logits[row], similarities[row]))
    logit = float(logits[best])
    probability = calibration.probability(logit)
    is_enough = logit >= threshold.logit and (asked_probability is None or probability >= asked_probability)
    if is_enough:
        return Hit(best, logit, probability)
    return Miss(MissReason.BELOW_THRESHOLD, logit, probability)
