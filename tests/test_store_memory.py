"""The memory shelves."""

from __future__ import annotations

from typing import cast

import pytest

from proxy.backends.shelves import Shelves, open_memory
from proxy.backends.state_memory import MemoryState
from proxy.backends.store_memory import MAX_SWEPT, MemoryStore
from proxy.core.eviction import Quota
from tests.facts.entries import NOW, FakeClock, entry
from tests.facts.store import QUOTAS, Damage, FeedFacts, LedgerFacts, StateFacts, StoreFacts


@pytest.fixture
def shelves() -> Shelves:
    return open_memory(QUOTAS, FakeClock())


@pytest.fixture
def damage(shelves: Shelves) -> Damage:
    async def overwrite(entry_id: bytes, value: bytes) -> None:
        cast(MemoryStore, shelves.store)._values[entry_id] = value

    return overwrite


class TestMemory(StoreFacts, StateFacts, FeedFacts, LedgerFacts):
    pass


async def test_a_fact_with_a_time_to_live_ends() -> None:
    clock = FakeClock()
    state = open_memory(QUOTAS, clock).state
    await state.set("credential", b"1", ttl_s=10)

    clock.time += 11

    assert await state.get("credential") is None


async def test_facts_that_have_ended_leave_the_memory() -> None:
    clock = FakeClock()
    state = MemoryState(clock)
    await state.set("switch", b"off")
    for number in range(50):
        await state.set(f"response:{number}", b"x", ttl_s=10)
    clock.time += 11
    for number in range(50):
        await state.set(f"later:{number}", b"x", ttl_s=10)

    assert {"switch", *(f"later:{number}" for number in range(50))} == set(state._values)


async def test_who_was_evicted_is_not_waited_for() -> None:
    store = MemoryStore({"default": Quota(10)})
    for number in range(2000):
        await store.put(entry(f"question {number}"))

    assert 10 == len(store)
    assert 2 * 10 + MAX_SWEPT >= len(store._expiries)
    assert 10 == len(await store.sweep(NOW + 10 * 86400))
