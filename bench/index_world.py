"""What `bench/index.py` fills the index with: made-up vectors, their ids, and the memory that they take."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from proxy.core.embedding import VECTOR_DIM

Vectors = NDArray[np.float32]

BLOCK = 1000
TOPICS = 2000
QUERIES = 500
DUPLICATE_COSINE = 0.95
K = 8


class World:
    """Reproducible vectors, made block by block so that they need no memory."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        rng = np.random.default_rng(seed)
        self._spread = ((1 + np.arange(VECTOR_DIM)) ** -0.5).astype(np.float32)  # [384]
        self._turn = np.linalg.qr(rng.normal(size=(VECTOR_DIM, VECTOR_DIM)))[0].astype(np.float32)  # [384, 384]
        self._topics = unit(rng.normal(size=(TOPICS, VECTOR_DIM)).astype(np.float32) * self._spread)  # [2000, 384]

    def block(self, number: int) -> Vectors:
        """float32[BLOCK, 384], unit rows."""
        rng = np.random.default_rng((self._seed, number))
        noise = unit(rng.normal(size=(BLOCK, VECTOR_DIM)).astype(np.float32) * self._spread)
        return unit((self._topics[rng.integers(0, TOPICS, BLOCK)] + 0.9 * noise) @ self._turn)

    def near_duplicates(self, entries: int) -> tuple[NDArray[np.int64], Vectors]:
        """Rows that were turned, and what became of them: float32[QUERIES, 384] at DUPLICATE_COSINE."""
        rng = np.random.default_rng((self._seed, entries, 1))
        rows = np.sort(rng.integers(0, entries, QUERIES))
        kept = np.empty((QUERIES, VECTOR_DIM), dtype=np.float32)
        for number in np.unique(rows // BLOCK):
            mine = rows // BLOCK == number
            kept[mine] = self.block(int(number))[rows[mine] % BLOCK]
        drawn = (rng.normal(size=kept.shape).astype(np.float32) * self._spread) @ self._turn
        away = unit(drawn - (drawn * kept).sum(1, keepdims=True) * kept)
        rest = float(np.sqrt(1 - DUPLICATE_COSINE**2))
        return rows, (DUPLICATE_COSINE * kept + rest * away).astype(np.float32)

    def nearest(self, queries: Vectors, entries: int) -> NDArray[np.int64]:
        """The exact nearest row of each query."""
        best = np.full(len(queries), -2, dtype=np.float32)
        rows = np.zeros(len(queries), dtype=np.int64)
        for number in range(entries // BLOCK):
            similarity = queries @ self.block(number).T  # [QUERIES, BLOCK]
            top = similarity.argmax(1)
            value = similarity[np.arange(len(queries)), top]
            rows = np.where(value > best, number * BLOCK + top, rows)
            best = np.maximum(best, value)
        return rows


def entry_id(number: int) -> bytes:
    """16 bytes that look random, as real ids do; all zeros would be nobody's."""
    return ((number or 2**40) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128).to_bytes(16)


def unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32, copy=False)


def rss() -> int:
    """Bytes resident now (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
