"""The pairs by which thresholds are found."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

from classifier_export.evaluate import evened


def test_the_mix_has_every_near_miss_and_as_many_paraphrases() -> None:
    labels = np.array([1.0] * 60 + [0.0] * 25 + [1.0] * 15, dtype=np.float32)
    chosen = np.ones(100, dtype=bool)
    chosen[[0, 70]] = False

    kept = evened(labels, chosen)

    assert kept[labels < 0.5].sum() == 24
    assert kept[labels > 0.5].sum() == 24
    assert not kept[[0, 70]].any()
    assert (kept == evened(labels, chosen)).all()


def test_a_guard_that_takes_near_misses_away_leaves_no_more_paraphrases_than_before() -> None:
    """Else it would loosen the thresholds for all that it lets through."""
    labels = np.array([1.0] * 50 + [0.0] * 50, dtype=np.float32)
    guarded = np.ones(100, dtype=bool)
    guarded[50:80] = False

    assert evened(labels, guarded)[labels > 0.5].sum() == 20


def test_fewer_paraphrases_than_near_misses_all_stay() -> None:
    labels = np.array([1.0] * 5 + [0.0] * 50, dtype=np.float32)

    assert evened(labels, np.ones(55, dtype=bool)).all()
