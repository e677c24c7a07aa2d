"""Small streams through an empty cache, computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from proxy.core.embedding import VECTOR_DIM
from proxy.core.risk import upper_bound
from proxy.core.stream import KEEP, Arrival, FalseHit, Neighbours, Stream, hit_rate_at, play, sweep

NO = -math.inf
Row = tuple[Arrival, list[tuple[int, float]]]


def stream(*rows: Row, at_most: int = 4) -> Stream:
    """Each arrival with its (node, score) candidates, nearest first; none has the very text."""
    return Stream(
        [arrival for arrival, _ in rows],
        [[node for node, _ in found] for _, found in rows],
        [[score for _, score in found] for _, found in rows],
        [[False] * len(found) for _, found in rows],
        at_most,
    )


def test_a_paraphrase_of_the_same_class_is_a_right_hit() -> None:
    played = play(stream((Arrival(0, "x"), []), (Arrival(1, "x"), [(0, 2.0)])), 1.0)

    assert (played.semantic, played.judged, played.wrong) == (1, 1, 0)
    assert played.hit_rate == 0.5


def test_a_hit_of_another_class_is_a_false_hit() -> None:
    played = play(stream((Arrival(0, "x"), []), (Arrival(1, "y"), [(0, 2.0)])), 1.0)

    assert (played.semantic, played.wrong, played.false_hit_rate, played.error_rate) == (1, 1, 1.0, 0.5)
    assert [(hit.asked, hit.stored) for hit in played.false_hits] == [(1, 0)]


def test_equal_requests_are_exact_hits_and_never_dilute_the_false_hit_rate() -> None:
    repeats: list[Row] = [(Arrival(0, "x"), []) for _ in range(8)]

    played = play(stream((Arrival(0, "x"), []), *repeats, (Arrival(1, "y"), [(0, 2.0)])), 1.0)

    assert (played.exact, played.semantic, played.false_hit_rate) == (8, 1, 1.0)
    assert played.upper == upper_bound(1, 1)


def test_a_hit_by_meaning_makes_no_entry_and_no_exact_key() -> None:
    rows: tuple[Row, ...] = ((Arrival(0, "x"), []), (Arrival(1, "x"), [(0, 2.0)]), (Arrival(1, "x"), [(0, 2.0)]))

    played = play(stream(*rows, (Arrival(2, "x"), [(1, 9.0)])), 1.0)

    assert (played.exact, played.semantic) == (0, 2)


def test_below_the_threshold_it_is_a_miss_and_is_stored() -> None:
    rows: tuple[Row, ...] = ((Arrival(0, "x"), []), (Arrival(1, "x"), [(0, 0.5)]), (Arrival(2, "x"), [(1, 3.0)]))

    played = play(stream(*rows), 1.0)

    assert (played.semantic, played.exact) == (1, 0)


def test_the_nearest_is_served_if_it_suffices_and_else_the_best_of_the_nearest_few() -> None:
    """As `recall` does: four of five hits need one scoring."""
    rows: list[Row] = [(Arrival(0, "x"), []), (Arrival(1, "y"), []), (Arrival(2, "z"), [])]
    asked: Row = (Arrival(3, "y"), [(0, 1.0), (1, 2.0), (2, 9.0)])
    behind_a_veto: Row = (Arrival(3, "y"), [(0, NO), (1, 2.0), (2, 9.0)])

    assert play(stream(*rows, asked, at_most=3), 0.5).false_hits == (FalseHit(3, 0, 1.0),)
    assert play(stream(*rows, asked, at_most=2), 1.5).wrong == 0
    assert play(stream(*rows, asked, at_most=3), 1.5).false_hits == (FalseHit(3, 2, 9.0),)
    assert play(stream(*rows, behind_a_veto, at_most=3), 0.5).wrong == 0


def test_what_is_vetoed_bypassed_or_not_kept_is_never_served() -> None:
    rows: tuple[Row, ...] = (
        (Arrival(0, "x", may_store=False), []),
        (Arrival(-1, "x"), []),
        (Arrival(1, "x"), [(0, 9.0)]),
        (Arrival(2, "x"), [(1, NO)]),
        (Arrival(0, "x", may_store=False), []),
    )

    played = play(stream(*rows), 1.0)

    assert (played.requests, played.exact, played.semantic) == (5, 0, 0)


def test_the_very_text_in_a_masked_scope_is_a_hit_that_is_not_scored() -> None:
    masked = Stream([Arrival(0, "x"), Arrival(1, "y")], [[], [0]], [[], [NO]], [[], [True]])

    played = play(masked, 1.0)

    assert (played.masked, played.semantic, played.judged) == (1, 0, 0)


def test_without_classes_hits_are_counted_and_none_is_judged() -> None:
    played = play(stream((Arrival(0, None), []), (Arrival(1, None), [(0, 2.0)])), 1.0)

    assert (played.semantic, played.judged, played.upper) == (1, 0, 1.0)


def test_the_curve_runs_from_exact_only_to_everything() -> None:
    curve = sweep(stream((Arrival(0, "x"), []), (Arrival(1, "x"), [(0, 3.0)]), (Arrival(2, "y"), [(0, 1.0)])))

    assert (curve[0].semantic, curve[-1].semantic, curve[-1].wrong) == (0, 2, 1)
    assert hit_rate_at(curve, 0.0) == pytest.approx(1 / 3)
    assert hit_rate_at(curve, 0.5) == pytest.approx(2 / 3)


def test_neighbours_are_those_of_the_scope_above_the_floor_and_not_oneself() -> None:
    near = Neighbours(floor=0.7)
    axis, other = np.eye(VECTOR_DIM, dtype=np.float32)[:2]
    close = (0.8 * axis + 0.6 * other).astype(np.float32)
    near.add(b"a", axis, 0)
    near.add(b"a", close, 1)
    near.add(b"a", other, 2)
    near.add(b"b", axis, 3)

    found = near.near(b"a", axis, own=9)
    assert [node for node, _ in found] == [0, 1]
    assert [cosine for _, cosine in found] == pytest.approx([1.0, 0.8])
    assert [node for node, _ in near.near(b"a", axis, own=0)] == [1]
    assert near.near(b"c", axis, own=0) == []


def test_at_most_the_nearest_are_kept_however_many_there_are() -> None:
    near = Neighbours(floor=0.0)
    axis = np.eye(VECTOR_DIM, dtype=np.float32)[0]
    for node in range(200):
        near.add(b"a", axis, node)

    assert [node for node, _ in near.near(b"a", axis, own=0)] == list(range(1, KEEP + 1))
