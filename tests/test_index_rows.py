"""Which row an entry has: alone and many at once say the same."""

from __future__ import annotations

import numpy as np
import pytest

from proxy.backends.index_rows import MIN_RECENT, IdRows

RNG = np.random.default_rng(3)
IDS = [RNG.bytes(16) for _ in range(3 * MIN_RECENT)]
TWINS = [IDS[5][:8] + RNG.bytes(8), IDS[5][:8] + RNG.bytes(8)]
STRANGERS = [RNG.bytes(16) for _ in range(50)] + [IDS[7][:8] + RNG.bytes(8), b"\xff" * 16]


@pytest.fixture
def rows() -> IdRows:
    """Some sorted in, some recent, some removed."""
    made = IdRows()
    for start in range(0, len(IDS), 100):
        made.append(IDS[start : start + 100])
    made.append(TWINS)
    for entry_id in IDS[20:40] + IDS[-3:]:
        made.remove(entry_id)
    return made


def test_many_at_once_are_known_as_each_alone_is(rows: IdRows) -> None:
    asked = [*IDS, *TWINS, *STRANGERS]

    assert rows.known(asked) == {entry_id for entry_id in asked if rows.row_of(entry_id) is not None}
    assert len(rows) == len(rows.known(asked))


def test_what_came_from_a_snapshot_is_known(rows: IdRows) -> None:
    assert IdRows(rows.packed()).known([*IDS, *TWINS, *STRANGERS]) == rows.known([*IDS, *TWINS])


def test_nothing_is_known_to_nobody(rows: IdRows) -> None:
    assert set() == IdRows().known(IDS[:3])
    assert set() == rows.known([])


def test_asking_leaves_room_for_more(rows: IdRows) -> None:
    rows.known(IDS)
    rows.append([b"n" * 16])  # a view of the ids that was left open would forbid it

    assert {b"n" * 16} == rows.known([b"n" * 16])
