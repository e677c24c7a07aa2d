"""What many small scopes cost, each of ten entries; a part of `bench/index.py`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from bench.index_world import BLOCK, QUERIES, K, World, entry_id, rss
from proxy.backends.index_scoped import ScopedIndex
from proxy.core.entry import EntryRef


@dataclass(frozen=True, slots=True)
class ScopesRow:
    """Many small scopes. fill_us: per entry, on the event loop."""

    scopes: int
    entries: int
    fill_us: float
    search_p50_us: float
    rss_per_entry: float
    accounted_per_entry: float


async def many_scopes(world: World, scopes: int) -> ScopesRow:
    """Fills and searches that many."""
    index, before = ScopedIndex(), rss()
    making = 0.0
    started = time.perf_counter()
    for number in range(-(-scopes * 10 // BLOCK)):
        made = time.perf_counter()
        block = world.block(number)
        making += time.perf_counter() - made
        for row in range(BLOCK):
            entry = number * BLOCK + row
            await index.add(EntryRef(entry_id(entry), entry_id(entry // 10) * 2), block[row])
    entries = len(index)
    fill_us = (time.perf_counter() - started - making) / entries * 1e6
    resident, accounted = (rss() - before) / entries, index.memory_bytes() / entries
    latencies = []
    for query in range(QUERIES):
        started = time.perf_counter()
        await index.search(entry_id(query % scopes) * 2, block[query], K)
        latencies.append((time.perf_counter() - started) * 1e6)
    await index.close()
    return ScopesRow(scopes, entries, fill_us, float(np.median(latencies)), resident, accounted)
