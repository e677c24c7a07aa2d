"""The index: exact in small scopes, a graph in large ones, and the way between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from proxy.backends import index_narrow
from proxy.backends.index_flat import FlatScope
from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_narrow import FIT_ROWS, MIN_FIT_ROWS, WIDTH
from proxy.backends.index_scoped import MAX_MOVE_CHANGES, ScopedIndex
from proxy.core.entry import EntryRef
from tests.facts.entries import digest, vector
from tests.facts.index import SCOPE, IndexFacts, filled, refs


class TestFlat(IndexFacts):
    @pytest.fixture
    async def index(self) -> AsyncIterator[ScopedIndex]:
        made = ScopedIndex()
        yield made
        await made.close()


class TestGraph(IndexFacts):
    @pytest.fixture
    async def index(self) -> AsyncIterator[ScopedIndex]:
        """A single entry is enough for a graph."""
        made = ScopedIndex(flat_rows=0)
        yield made
        await made.close()


class TestNarrowGraph(IndexFacts):
    @pytest.fixture
    async def index(self, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ScopedIndex]:
        """A single entry is enough for a graph, and for a basis."""
        monkeypatch.setattr(index_narrow, "MIN_FIT_ROWS", 1)
        made = ScopedIndex(flat_rows=0)
        yield made
        await made.close()


@pytest.fixture
async def index() -> AsyncIterator[ScopedIndex]:
    made = ScopedIndex(flat_rows=50)
    yield made
    await made.close()


async def test_a_scope_that_outgrows_exact_search_becomes_a_graph_and_loses_nothing(index: ScopedIndex) -> None:
    added = await filled(index, 50)
    assert isinstance(index._scopes[SCOPE], FlatScope)

    added += await filled(index, 150, first_seed=50)

    assert isinstance(index._scopes[SCOPE], HnswScope)
    found = [(await index.search(SCOPE, vector(seed), 1))[0].id for seed in range(200)]
    assert found == [ref.id for ref in added]


async def test_what_comes_and_goes_during_the_move_is_right_after_it(index: ScopedIndex) -> None:
    added = refs(200)
    for seed, ref in enumerate(added[:60]):
        await index.add(ref, vector(seed))
    assert index._moves  # the move has begun and nothing has been awaited that could end it
    await index.remove(added[:20])
    await index.add(added[25], vector(999))
    for seed, ref in enumerate(added[60:], 60):
        await index.add(ref, vector(seed))

    await index.settled()

    assert isinstance(index._scopes[SCOPE], HnswScope)
    assert len(index) == 180
    assert len(index._scopes[SCOPE]) == 180
    assert (await index.search(SCOPE, vector(999), 1))[0].id == added[25].id
    everything = {n.id for n in await index.search(SCOPE, vector(100), 200)}
    assert everything == {ref.id for ref in added[20:]}


async def test_a_scope_that_a_snapshot_does_not_have_stays_empty_after_its_move(index: ScopedIndex) -> None:
    for seed, ref in enumerate(refs(60)):
        await index.add(ref, vector(seed))
    index.adopt({})
    await index.settled()

    assert await index.search(SCOPE, vector(0), 4) == []
    assert not index._moves


async def test_a_graph_with_many_deleted_rows_is_built_anew(index: ScopedIndex) -> None:
    added = await filled(index, 200)
    old = index._scopes[SCOPE]
    await index.remove(added[:50])
    await index.settled()

    graph = index._scopes[SCOPE]
    assert isinstance(graph, HnswScope)
    assert graph is not old
    assert graph.deleted_share == 0
    found = [(await index.search(SCOPE, vector(seed), 1))[0].id for seed in range(50, 200)]
    assert found == [ref.id for ref in added[50:]]


async def test_a_graph_that_is_emptied_while_it_is_built_anew_fails_in_no_task(index: ScopedIndex) -> None:
    failed: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failed.append(context))
    added = await filled(index, 200)

    await asyncio.gather(*(index.remove(added[first : first + 50]) for first in range(0, 200, 50)))
    await index.settled()

    assert failed == []
    assert await index.search(SCOPE, vector(0), 4) == []


async def test_a_scope_that_grows_large_becomes_a_narrow_graph_that_answers_as_exact_search_does() -> None:
    narrow, exact = ScopedIndex(flat_rows=MIN_FIT_ROWS), ScopedIndex(flat_rows=10**9)
    added = refs(MIN_FIT_ROWS + 100)
    for index in (narrow, exact):
        for seed, ref in enumerate(added):
            await index.add(ref, vector(seed))
        await index.settled()
    graph = narrow.parts()[SCOPE]
    assert isinstance(graph, HnswScope)
    assert graph.width == WIDTH

    for seed in range(0, len(added), 10):
        query = 0.95 * vector(seed) + 0.3122 * vector(10**6 + seed)
        query /= np.linalg.norm(query)
        (ours,), (theirs,) = await narrow.search(SCOPE, query, 1), await exact.search(SCOPE, query, 1)
        assert ours.id == theirs.id == added[seed].id
        assert ours.similarity == pytest.approx(theirs.similarity, abs=1e-6)
    await narrow.close()
    await exact.close()


async def test_a_narrow_graph_that_is_built_anew_is_fitted_anew_and_keeps_every_vector_as_it_was() -> None:
    index = ScopedIndex(flat_rows=MIN_FIT_ROWS)
    added = await filled(index, MIN_FIT_ROWS + 500)
    old = index.parts()[SCOPE]
    assert isinstance(old, HnswScope)
    gone, kept = added[:400], [ref.id for ref in added[400:]]
    before = dict(zip(*old.vectors(kept), strict=True))

    await index.remove(gone)
    await index.settled()

    graph = index.parts()[SCOPE]
    assert isinstance(graph, HnswScope)
    assert graph is not old
    assert graph.width == WIDTH
    known, vectors = graph.vectors(kept)
    assert known == kept
    assert all((vectors[row] == before[entry_id]).all() for row, entry_id in enumerate(known))
    await index.close()


async def test_a_graph_of_few_entries_keeps_the_full_width(index: ScopedIndex) -> None:
    await filled(index, 60)
    graph = index.parts()[SCOPE]

    assert isinstance(graph, HnswScope)
    assert graph.width == 384


async def test_a_graph_that_was_born_small_becomes_narrow_when_it_has_grown(index: ScopedIndex) -> None:
    added = await filled(index, FIT_ROWS + 1)
    graph = index.parts()[SCOPE]

    assert isinstance(graph, HnswScope)
    assert graph.width == WIDTH
    assert len(graph) == len(index) == FIT_ROWS + 1
    for seed in range(0, len(added), 50):
        assert (await index.search(SCOPE, vector(seed), 1))[0].id == added[seed].id


async def test_live_neighbours_are_found_behind_a_crowd_of_deleted_ones() -> None:
    """Deleted rows are the nearest ones by far, and there are more of them than the search looks at."""
    rng = np.random.default_rng(5)
    graph = HnswScope(384)
    near = vector(0) + 0.01 * rng.normal(size=(1000, 384)).astype(np.float32)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    crowd = [ref.id for ref in refs(1000)]
    live = [ref.id for ref in refs(4)]
    graph.add(crowd, near)
    graph.add(live, np.stack([vector(seed) for seed in range(1, 5)]))
    graph.remove(crowd)

    assert {n.id for n in graph.search(vector(0), 4)} == set(live)


async def test_ten_thousand_entries_cost_little_more_in_many_scopes_than_in_one() -> None:
    many, one = ScopedIndex(), ScopedIndex(flat_rows=10**9)
    unit = vector(0)
    for i in range(1000):
        for ref in refs(10, digest(f"scope {i}")):
            await many.add(ref, unit)
    for ref in refs(10_000):
        await one.add(ref, unit)

    assert len(many) == len(one) == 10_000
    assert many.memory_bytes() <= 1.5 * one.memory_bytes()
    assert many.memory_bytes() / 10_000 <= 1100
    await many.close()
    await one.close()


async def test_searches_do_not_wait_for_waiting_inserts() -> None:
    index = ScopedIndex(flat_rows=0)
    await filled(index, 1)
    inserts = [asyncio.ensure_future(index.add(ref, vector(seed))) for seed, ref in enumerate(refs(500), 1)]
    await asyncio.sleep(0)

    await index.search(SCOPE, vector(0), 1)

    assert sum(task.done() for task in inserts) < 250
    await asyncio.gather(*inserts)
    await index.close()


async def test_a_hot_scope_keeps_a_wide_copy_and_it_stays_right() -> None:
    index = ScopedIndex()
    added = await filled(index, 100)
    await index.search(SCOPE, vector(0), 1)
    part = index._scopes[SCOPE]
    assert isinstance(part, FlatScope)
    assert part.wide is not None

    await index.remove(added[:10])
    late = await filled(index, 30, first_seed=100)

    expected = [ref.id for ref in added[10:] + late]
    assert [(await index.search(SCOPE, vector(seed), 1))[0].id for seed in range(10, 130)] == expected
    await index.close()


async def test_a_scope_that_is_filled_without_a_pause_becomes_a_graph_meanwhile(index: ScopedIndex) -> None:
    vectors = [vector(seed) for seed in range(1500)]
    largest = 0

    async def add_some(first: int) -> None:
        nonlocal largest
        for row in range(first, len(vectors), 8):
            await index.add(EntryRef(row.to_bytes(16), SCOPE), vectors[row])
            part = index.parts()[SCOPE]
            largest = max(largest, len(part) if isinstance(part, FlatScope) else 0)

    await asyncio.gather(*(add_some(first) for first in range(1, 9)))

    assert isinstance(index.parts()[SCOPE], HnswScope)
    assert largest <= 50 + MAX_MOVE_CHANGES + 8
    await index.settled()
    assert len(index) == len(vectors) - 1
    assert not await index.unknown([EntryRef(row.to_bytes(16), SCOPE) for row in range(1, len(vectors))])


@pytest.mark.parametrize("count", [1, 9, 40, 100, 1100])
def test_of_equally_near_ones_the_last_added_comes_first(count: int) -> None:
    """Equal vectors of several rows give products that differ in the last bits."""
    scope = FlatScope(384)
    vector, query = (seeded / np.linalg.norm(seeded) for seeded in np.random.default_rng(0).normal(size=(2, 384)))
    for number in range(count):
        scope.add(number.to_bytes(16), vector.astype(np.float32))

    found = [int.from_bytes(neighbour.id) for neighbour in scope.search(query.astype(np.float32), 8)]
    assert found == list(range(count))[::-1][:8]


def test_bytes_that_lie_across_two_ids_are_no_id() -> None:
    scope = FlatScope(384)
    for number, entry_id in enumerate((b"a" * 8 + b"b" * 8, b"c" * 8 + b"d" * 8)):
        scope.add(entry_id, vector(number))

    assert b"b" * 8 + b"c" * 8 not in scope
    assert not scope.remove(b"b" * 8 + b"c" * 8)
    assert scope.add(b"b" * 8 + b"c" * 8, vector(2))
    assert 3 == len(scope)


def test_a_widened_scope_searches_what_it_holds_now() -> None:
    scope, added = FlatScope(384), refs(60)
    for seed, ref in enumerate(added):
        scope.add(ref.id, vector(seed))
    scope.widen()
    scope.remove(added[3].id)
    scope.add(added[4].id, vector(100))
    (late,) = refs(1)
    scope.add(late.id, vector(101))

    assert [added[59].id, added[4].id, late.id] == [scope.search(vector(seed), 1)[0].id for seed in (59, 100, 101)]
    assert scope.search(vector(3), 1)[0].similarity < 0.9


async def test_what_is_removed_while_the_move_copies_does_not_come_back_with_it(index: ScopedIndex) -> None:
    added = refs(60)
    for seed, ref in enumerate(added):
        await index.add(ref, vector(seed))
    await asyncio.sleep(0)  # the copy has been taken
    await index.remove(added[:20])
    await index.settled()

    assert isinstance(index._scopes[SCOPE], HnswScope)
    assert {n.id for n in await index.search(SCOPE, vector(0), 60)} == {ref.id for ref in added[20:]}
    assert len(index) == 40
