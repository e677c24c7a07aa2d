"""Threshold from labels and an allowed false-hit rate."""

from __future__ import annotations

from dataclasses import dataclass


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
