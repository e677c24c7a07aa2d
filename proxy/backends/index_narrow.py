"""What makes a graph narrow: a basis that turns vectors into fewer numbers, and the full vectors kept beside it.

The graph only has to bring the right candidates; which is nearest, and how near, is said by the full vectors. So a
basis may grow old: fitted to five topics of forty dimensions it keeps 56 % of what comes later, and the nearest of
50,000 made-up vectors was still found for 500 of 500 near-duplicates.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from proxy.backends.index_flat import BLOCK_ROWS

WIDTH = 192
"""Numbers per vector in a graph: half of what comes out of the embedder, and 87 % of its spread or more."""

FIT_ROWS = 2000
MIN_FIT_ROWS = 1000
"""With fewer rows the basis would be theirs alone; such a graph keeps the full width."""

ROUNDS = 6
TINY = 1e-9
CHUNK_ROWS = 4096
"""Rows that are reserved at a time: 3 MB, of which only what is written becomes resident."""

Vectors = NDArray[np.float32]


def sample(count: int) -> list[int]:
    """Which of so many rows to fit to: FIT_ROWS at most, spread over all of them."""
    rows: list[int] = np.linspace(0, max(0, count - 1), min(count, FIT_ROWS)).astype(np.int64).tolist()
    return rows


def fitted(vectors: NDArray[np.float16] | Vectors) -> Vectors | None:
    """The directions in which the vectors spread most: float32[dim, WIDTH], orthonormal columns. The same every time.

    None where narrowing does not pay. By repeated products with single vectors, 80 ms on one core: `eigh` takes 17 ms
    alone, but 2.5 s where others work, because OpenBLAS starts its threads above 460,800 numbers and they wait busily.
    """
    rows, dim = vectors.shape
    if rows < MIN_FIT_ROWS or dim <= WIDTH:
        return None
    spread = np.zeros((dim, dim), dtype=np.float32)
    for start in range(0, rows, BLOCK_ROWS):
        block = vectors[start : start + BLOCK_ROWS].astype(np.float32, copy=False)
        for column, numbers in enumerate(np.ascontiguousarray(block.T)):
            spread[column] += numbers @ block
    exact = spread.astype(np.float64)
    # Where the vectors spread in fewer than WIDTH directions the others stay random, not undefined.
    exact[np.diag_indices(dim)] += 1e-6 * np.trace(exact) / dim + 1e-12
    basis = np.random.default_rng(0).normal(size=(WIDTH, dim))
    _straighten(basis)
    for _ in range(ROUNDS):
        for direction in basis:
            direction[:] = exact @ direction
        _straighten(basis)
    return np.ascontiguousarray(basis.T, dtype=np.float32)


def narrowed(basis: Vectors | None, vectors: Vectors) -> Vectors:
    """float32[n, width], of length 1 again. Row by row: OpenBLAS would start its threads for a product of matrices.

    Left at their length, vectors that the basis hardly sees would lie near the origin and near each other, and a search
    that begins among them would not find its way to the others.
    """
    if basis is None:
        return vectors
    narrow = np.empty((len(vectors), basis.shape[1]), dtype=np.float32)
    for row, vector in enumerate(vectors):
        np.dot(vector, basis, out=narrow[row])
        narrow[row] /= max(float(np.sqrt(narrow[row] @ narrow[row])), TINY)
    return narrow


def read_basis(path: Path, dim: int) -> Vectors | None:
    """What `write_basis` wrote. Raises ValueError when it is of another dimension, OSError."""
    numbers = np.fromfile(path, dtype="<f4").astype(np.float32, copy=False)
    if path.stat().st_size != numbers.nbytes or numbers.size % dim:
        raise ValueError(f"{path.name}: not a basis of {dim} dimensions")
    return numbers.reshape(dim, -1) if numbers.size else None


def write_basis(path: Path, basis: Vectors | None) -> None:
    """float32[dim, width], little-endian; an empty file for a graph of full width."""
    _write(path, [] if basis is None else [basis.astype("<f4", copy=False)])


class FullRows:
    """float16[rows, dim] in chunks, so that growing copies nothing. Belongs to the thread of its graph."""

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._chunks: list[NDArray[np.float16]] = []

    def put(self, first: int, vectors: Vectors) -> None:
        """Writes rows `first`, `first` + 1, …"""
        done = 0
        while done < len(vectors):
            chunk, row = divmod(first + done, CHUNK_ROWS)
            while chunk >= len(self._chunks):
                self._chunks.append(np.empty((CHUNK_ROWS, self._dim), dtype=np.float16))
            some = vectors[done : done + CHUNK_ROWS - row]
            self._chunks[chunk][row : row + len(some)] = some
            done += len(some)

    def take(self, rows: Sequence[int]) -> Vectors:
        """float32[len(rows), dim]."""
        taken = np.empty((len(rows), self._dim), dtype=np.float16)
        for place, row in enumerate(rows):
            taken[place] = self._chunks[row // CHUNK_ROWS][row % CHUNK_ROWS]
        return taken.astype(np.float32)

    def write(self, path: Path, rows: int) -> None:
        """The first `rows` rows, little-endian."""
        chunks = self._chunks[: -(-rows // CHUNK_ROWS)]
        sizes = (min(CHUNK_ROWS, rows - first) for first in range(0, rows, CHUNK_ROWS))
        _write(path, (chunk[:size].astype("<f2", copy=False) for chunk, size in zip(chunks, sizes, strict=True)))

    @classmethod
    def read(cls, path: Path, dim: int, rows: int) -> FullRows:
        """What `write` wrote. Raises ValueError when it has more or fewer rows, OSError."""
        made = cls(dim)
        if path.stat().st_size != rows * dim * 2:
            raise ValueError(f"{path.name}: not {rows} rows")
        with path.open("rb", buffering=0) as file:
            for first in range(0, rows, CHUNK_ROWS):
                chunk = np.empty((CHUNK_ROWS, dim), dtype="<f2")
                some = _bytes(chunk[: rows - first])
                if file.readinto(some) != len(some):
                    raise ValueError(f"{path.name}: cut while it was read")
                made._chunks.append(chunk.astype(np.float16, copy=False))
        return made


def _straighten(basis: NDArray[np.float64]) -> None:
    """Makes the rows orthonormal, each to those before it; twice, because once leaves what rounding left."""
    for row, direction in enumerate(basis):
        for _ in range(2):
            direction -= (basis[:row] @ direction) @ basis[:row]
            direction /= np.sqrt(direction @ direction)


def _bytes(array: NDArray[np.generic]) -> memoryview:
    """Those of a contiguous array, not copied."""
    return array.reshape(-1).view(np.uint8).data


def _write(path: Path, arrays: Iterable[NDArray[np.generic]]) -> None:
    with open(path, "wb", buffering=0, opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        for array in arrays:
            rest = _bytes(array)
            while rest:
                rest = rest[file.write(rest) :]
