"""Bounds are exact, and a threshold is promised only where labels carry it."""

from __future__ import annotations

import numpy as np
import pytest

from proxy.core.risk import expected_calibration_error, interval, lower_bound, tail, threshold_for, upper_bound


@pytest.mark.parametrize(("errors", "n", "bound"), [(0, 59, 0.0495), (0, 299, 0.00997), (3, 100, 0.0757)])
def test_upper_bound_is_that_of_clopper_and_pearson(errors: int, n: int, bound: float) -> None:
    assert upper_bound(errors, n) == pytest.approx(bound, abs=2e-4)


def test_interval_holds_the_observed_rate() -> None:
    low, high = interval(13, 200)

    assert (low, high) == pytest.approx((0.0351, 0.1086), abs=2e-4)


def test_bounds_at_the_ends() -> None:
    assert (lower_bound(0, 10), upper_bound(10, 10), upper_bound(0, 0)) == (0.0, 1.0, 1.0)


def test_tail_sums_to_one() -> None:
    assert tail(50, 50, 0.3) == pytest.approx(1.0)


def test_threshold_stops_where_wrong_hits_begin() -> None:
    logits = np.linspace(10, -10, 2000, dtype=np.float32)
    labels = (logits > 0).astype(np.float32)

    held = threshold_for(logits, labels, 0.03)

    assert held is not None
    assert held.upper <= 0.03
    assert -0.5 < held.logit <= 0.2


def test_too_few_pairs_promise_nothing() -> None:
    logits = np.arange(50, dtype=np.float32)

    assert threshold_for(logits, np.ones(50, dtype=np.float32), 0.03) is None


def test_errors_at_the_strictest_threshold_promise_nothing() -> None:
    logits = np.arange(1000, dtype=np.float32)
    labels = (logits < 990).astype(np.float32)

    assert threshold_for(logits, labels, 0.01) is None


def test_equal_logits_are_served_together() -> None:
    logits = np.zeros(400, dtype=np.float32)
    labels = np.ones(400, dtype=np.float32)
    labels[:100] = 0

    assert threshold_for(logits, labels, 0.05) is None


def test_the_promise_holds_in_at_least_the_stated_share_of_draws() -> None:
    rng = np.random.default_rng(0)
    broken = 0
    for _ in range(200):
        logits = rng.normal(size=600).astype(np.float32)
        labels = (rng.uniform(size=600) < 1 / (1 + np.exp(-3 * logits - 3))).astype(np.float32)
        held = threshold_for(logits, labels, 0.05)
        if held is not None:
            fresh = rng.normal(size=40_000)
            served = fresh[fresh >= held.logit]
            broken += float(np.mean(1 - 1 / (1 + np.exp(-3 * served - 3)))) > 0.05

    assert broken <= 18  # 5 % of 200 is 10; the chance of more than 18 is below 1 %


def test_calibration_error_is_zero_for_honest_and_large_for_boastful_probabilities() -> None:
    labels = [1.0, 0.0] * 100

    assert expected_calibration_error([0.5] * 200, labels) == pytest.approx(0.0, abs=0.05)
    assert expected_calibration_error([0.99] * 200, labels) > 0.4
