"""hnswlib alone at the full width, searched in a loop of its own; a part of `bench/index.py`.

The same links and the same effort to insert as in our graph; the inner product, because nothing is compared again.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import hnswlib
import numpy as np
from numpy.typing import NDArray

from bench.index_world import BLOCK, QUERIES, K, World
from proxy.backends.index_hnsw import EF_CONSTRUCTION, LINKS
from proxy.core.embedding import VECTOR_DIM

EF, EF_ROWS, EF_GROWTH = 64, 100_000, 0.69
"""How far it looks for a recall@1 of .99 at a million: measured, 313 there; half as far misses 3 in 100 more."""

KEPT = "bare.bin"


def bare(world: World, size: int, truth: NDArray[np.int64], kept: Path | None) -> tuple[float, float]:
    """(p50 in microseconds, recall@1). The graph is filled by all cores, or read from the folder."""
    graph = hnswlib.Index(space="ip", dim=VECTOR_DIM)
    if kept is not None and (kept / KEPT).exists():
        graph.load_index(str(kept / KEPT))
    else:
        graph.init_index(size, M=LINKS, ef_construction=EF_CONSTRUCTION)
        for number in range(size // BLOCK):
            rows = np.arange(number * BLOCK, (number + 1) * BLOCK)
            graph.add_items(world.block(number), rows, num_threads=os.cpu_count() or 1)
        if kept is not None:
            graph.save_index(str(kept / KEPT))
    graph.set_ef(max(EF, int(EF * (size / EF_ROWS) ** EF_GROWTH)))
    _, queries = world.near_duplicates(size)
    graph.knn_query(queries[:50], k=K, num_threads=1)
    latencies, hits = [], 0
    for query, row in zip(queries, truth, strict=True):
        started = time.perf_counter()
        found, _ = graph.knn_query(query, k=K, num_threads=1)
        latencies.append((time.perf_counter() - started) * 1e6)
        hits += int(found[0][0]) == row
    return float(np.median(latencies)), hits / QUERIES
