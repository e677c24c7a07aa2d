"""The memory shelves."""

from __future__ import annotations

from typing import cast

import pytest

from proxy.backends.shelves import Shelves, open_memory
from proxy.backends.store_memory import MemoryStore
from tests.facts.entries import FakeClock
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
