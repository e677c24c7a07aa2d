"""When a scorer may replace another: the arithmetic, on pairs written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
import pytest

from classifier_export.decided import Decided, Judge
from classifier_export.gate import compared, is_worse, right, table, too_slow
from classifier_export.pairs import Pair


@dataclass(frozen=True)
class AtZero:
    """A judge that serves from logit 0."""

    def threshold(self, rate: str) -> float:
        return 0.0


JUDGE = cast(Judge, AtZero())


def pairs(family: str, n: int) -> list[Pair]:
    """Half of each label, alternating."""
    return [Pair(f"{family} a {i}", f"b {i}", i % 2, f"own:{family}/x") for i in range(n)]


def decided(labels: list[int], flipped: Iterable[int] = ()) -> Decided:
    """Right everywhere but on the flipped rows."""
    wrong = set(flipped)
    logits = [(1.0 if label else -1.0) * (-1 if row in wrong else 1) for row, label in enumerate(labels)]
    return Decided(np.zeros(len(labels), np.float32), np.array(logits, np.float32))


BOTH = [*pairs("number", 40), *pairs("place", 40)]
LABELS = [pair.label for pair in BOTH]


def test_a_scorer_that_wins_everywhere_passes() -> None:
    found = compared(BOTH, decided(LABELS), JUDGE, decided(LABELS, set(range(0, 80, 5))), JUDGE)

    assert found["refusals"] == []
    assert found["won"] == 16


def test_a_scorer_that_loses_one_family_is_refused_whatever_it_wins_elsewhere() -> None:
    found = compared(BOTH, decided(LABELS, set(range(40, 46))), JUDGE, decided(LABELS, set(range(40))), JUDGE)

    assert found["refusals"] == ["worse on place: 6 lost, 0 won"]


def test_an_equal_scorer_is_not_better() -> None:
    found = compared(BOTH, decided(LABELS), JUDGE, decided(LABELS), JUDGE)

    assert found["refusals"] == ["not better on all pairs: 0 lost, 0 won, AUC 1.0000 against 1.0000"]


def test_without_a_current_scorer_cosine_is_to_be_beaten() -> None:
    found = compared(BOTH, decided(LABELS), JUDGE, None, None)

    assert (found["auc"], found["other_auc"]) == (1.0, 0.5)


@pytest.mark.parametrize(
    ("lost", "won", "worse"), [(4, 0, False), (5, 0, True), (9, 3, False), (10, 3, True), (0, 9, False)]
)
def test_worse_means_one_sided_95_per_cent(lost: int, won: int, worse: bool) -> None:
    assert is_worse(lost, won) is worse


def test_right_is_served_for_one_and_refused_for_zero() -> None:
    scores, labels = np.array([1, 1, -1, -1], np.float32), np.array([1, 0, 1, 0], np.float32)

    assert right(scores, labels, 0.0).tolist() == [True, False, False, True]


def test_the_budget_and_the_current_scorer_bound_its_time() -> None:
    assert too_slow(2.0, 1.9, budget_ms=3.0) == []
    assert too_slow(4.0, None, budget_ms=3.0) == ["needs 4.00 ms of CPU for four candidates, budget 3.00"]
    assert too_slow(2.0, 1.0, budget_ms=3.0) == ["needs 2.00 times the current scorer's CPU time"]


def test_the_table_names_the_family_that_is_worse() -> None:
    found = compared(BOTH, decided(LABELS, set(range(40, 46))), JUDGE, decided(LABELS), JUDGE) | {"cpu_ms": 1.0}

    assert "WORSE" in next(line for line in table(found).splitlines() if line.startswith("place"))
    assert "NO: worse on place" in table(found)
