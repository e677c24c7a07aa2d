"""The last word is strict: only a finite logit at or above the threshold serves, and a header only tightens it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.reasons import MissReason
from proxy.core.risk import Threshold
from proxy.core.verdict import SURE, Calibration, Hit, Miss, assured, choose

RULE = Threshold(logit=1.5, probability=0.8, max_false_hit_rate=0.03)
TABLE = Calibration(knots=((-2.0, 0.1), (0.0, 0.5), (2.0, 0.9)))


def chosen(*logits: float, similarities: list[float] | None = None, asked: float | None = None) -> Hit | Miss:
    row = np.array(logits, dtype=np.float32)
    return choose(row, similarities or [0.9] * len(row), RULE, calibration=TABLE, asked_probability=asked)


def test_the_highest_logit_is_served() -> None:
    found = chosen(1.6, 1.9, 1.7)

    assert isinstance(found, Hit)
    assert found.row == 1


def test_a_logit_equal_to_the_threshold_serves() -> None:
    assert isinstance(chosen(1.5), Hit)


def test_a_logit_just_below_the_threshold_is_a_miss_with_its_figures() -> None:
    found = chosen(1.49)

    assert isinstance(found, Miss)
    assert found.reason is MissReason.BELOW_THRESHOLD
    assert found.logit == pytest.approx(1.49)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_logit_that_is_not_finite_never_serves(bad: float) -> None:
    assert chosen(bad) == Miss(MissReason.NOT_FINITE)


def test_a_finite_candidate_serves_beside_one_that_is_not() -> None:
    found = chosen(math.nan, 1.8, math.inf)

    assert isinstance(found, Hit)
    assert found.row == 1


def test_no_candidate_is_its_own_reason() -> None:
    assert chosen() == Miss(MissReason.NO_CANDIDATE)


def test_the_nearer_one_wins_a_tie() -> None:
    found = chosen(1.8, 1.8, similarities=[0.8, 0.9])

    assert isinstance(found, Hit)
    assert found.row == 1


def test_a_header_can_only_make_the_decision_stricter() -> None:
    assert isinstance(chosen(1.6, asked=0.95), Miss)
    assert isinstance(chosen(1.4, asked=0.1), Miss)
    assert isinstance(chosen(1.6, asked=0.1), Hit)
    assert isinstance(chosen(1.6, asked=TABLE.probability(float(np.float32(1.6)))), Hit)


def test_an_infinite_threshold_serves_nothing() -> None:
    rule = Threshold(logit=math.inf, probability=1.0, max_false_hit_rate=0.001)

    found = choose(np.array([50.0], dtype=np.float32), [1.0], rule, calibration=TABLE)

    assert isinstance(found, Miss)


@pytest.mark.parametrize(
    ("logit", "probability"), [(-5, 0.1), (-1, 0.3), (0, 0.5), (1, 0.7), (9, 0.9), (math.nan, 0.0)]
)
def test_the_table_is_linear_between_its_points_and_constant_outside(logit: float, probability: float) -> None:
    assert TABLE.probability(logit) == pytest.approx(probability)


def test_logit_undoes_probability() -> None:
    assert TABLE.logit(TABLE.probability(0.7)) == pytest.approx(0.7)
    assert TABLE.logit(0.99) == math.inf


RISING = st.lists(st.tuples(st.integers(-900, 900), st.integers(0, 1000)), min_size=1, max_size=12).map(
    lambda points: tuple(zip(sorted({x / 100 for x, _ in points}), sorted({y / 1000 for _, y in points}), strict=False))
)


@given(knots=RISING, logit=st.floats(-12, 12), probability=st.floats(0, 1))
def test_a_table_is_read_as_numpy_reads_it(
    knots: tuple[tuple[float, float], ...], logit: float, probability: float
) -> None:
    logits, probabilities = zip(*knots, strict=True)
    table = Calibration(knots=knots)

    assert table.probability(logit) == np.interp(logit, logits, probabilities)
    if probability <= probabilities[-1]:
        assert table.logit(probability) == np.interp(probability, probabilities, logits)
    else:
        assert table.logit(probability) == math.inf


def test_the_question_itself_is_sure_whatever_the_scorer_says() -> None:
    found = assured([-3.0, 0.5], "How do I ask? ", ["Whom do I ask?", "how do I ask?"])

    assert [-3.0, SURE] == found.tolist()


def test_what_is_not_finite_stays_a_no_for_the_question_itself() -> None:
    assert not np.isfinite(assured([math.nan, -math.inf], "Why? ", ["Why?", "Why?"])).any()


def test_being_sure_reaches_neither_an_unreachable_threshold_nor_a_stricter_request() -> None:
    nowhere = Threshold(logit=math.inf, probability=1.0, max_false_hit_rate=0.0)
    sure = np.array([SURE], dtype=np.float32)

    assert isinstance(choose(sure, [1.0], nowhere, calibration=TABLE), Miss)
    assert isinstance(chosen(SURE, asked=1.0), Miss)
    assert isinstance(chosen(SURE), Hit)
