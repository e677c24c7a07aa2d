"""Approximate search in one large scope: an hnswlib graph, used by one thread only.

The graph holds vectors of fewer numbers (`index_narrow`); of those that it brings, the nearest are chosen by the full
vectors.

hnswlib raises when it finds fewer than k, crowds live results out with deleted ones, and raises now and then when a
search and an insert overlap. So k is clamped, `ef` widened when results are missing, and `IndexOwner` runs every call.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import hnswlib
import numpy as np
from numpy.typing import NDArray

from proxy.backends.index_narrow import FIT_ROWS, WIDTH, FullRows, Vectors, narrowed, read_basis, write_basis
from proxy.backends.index_rows import IdRows
from proxy.core.entry import Neighbour

LINKS = 16
EF_CONSTRUCTION = 100
EF_SEARCH = 64
EF_ROWS, EF_GROWTH = 100_000, 0.64
"""Above so many entries a search looks at more: 279 at a million, to miss the nearest in 10 of 1,000; 202 misses 14."""

RESCORED, RESCORED_PER_K = 24, 3
"""How many the graph brings for the k that are wanted."""

EF_MAX = 2000
MIN_CAPACITY = 1024
_PER_ENTRY_BYTES = 2 * LINKS * 4 + 4 + 8 + 8 + 100
"""Beside the vector: level-0 links and count, label, pointer; 100 for upper levels, a lock and the label map."""


class HnswScope:
    """Rows are hnswlib's labels; a replaced entry gets a new one."""

    def __init__(self, dim: int, capacity: int = MIN_CAPACITY, basis: Vectors | None = None) -> None:
        """basis: float32[dim, width], as `index_narrow.fitted` gave it; None keeps the full width."""
        self._dim = dim
        self._basis = basis
        self._full = FullRows(dim)
        self._graph = hnswlib.Index(space="l2", dim=self.width)
        self._graph.init_index(max(capacity, MIN_CAPACITY), M=LINKS, ef_construction=EF_CONSTRUCTION)
        self._graph.set_num_threads(1)
        self._rows = IdRows()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def width(self) -> int:
        """Numbers per vector in the graph."""
        return self._dim if self._basis is None else int(self._basis.shape[1])

    @property
    def is_too_wide(self) -> bool:
        """Whether it was born of too few entries to be narrow, and has grown since."""
        return self._basis is None and self._dim > WIDTH and len(self._rows) >= FIT_ROWS

    @property
    def deleted_share(self) -> float:
        """Deleted rows among all rows."""
        return 1 - len(self._rows) / self._rows.rows if self._rows.rows else 0.0

    def add(self, ids: Sequence[bytes], vectors: Vectors, threads: int = 1) -> int:
        """Adds or replaces; vectors: float32[len(ids), dim]. How many ids are new. threads: above 1 to fill at once."""
        new = len(ids) - self.remove(ids)
        first = self._rows.rows
        self._make_room(first + len(ids))
        self._full.put(first, vectors)
        rows = np.arange(first, first + len(ids))
        self._graph.add_items(narrowed(self._basis, vectors), rows, num_threads=threads)
        self._rows.append(ids)
        return new

    def remove(self, ids: Sequence[bytes]) -> int:
        """How many of them were there."""
        removed = 0
        for entry_id in ids:
            row = self._rows.remove(entry_id)
            if row is not None:
                self._graph.mark_deleted(row)
                removed += 1
        return removed

    def search(self, vector: Vectors, k: int) -> list[Neighbour]:
        """At most k, nearest first; fewer when the graph cannot reach k live rows."""
        wanted = min(max(RESCORED, RESCORED_PER_K * k), len(self._rows))
        ef = max(EF_SEARCH, 2 * k, int(EF_SEARCH * (len(self._rows) / EF_ROWS) ** EF_GROWTH))
        point = narrowed(self._basis, vector[None, :])
        while wanted > 0:
            self._graph.set_ef(ef)
            try:
                rows, _ = self._graph.knn_query(point, k=wanted, num_threads=1)
            except RuntimeError:  # fewer live rows than wanted within ef
                wanted, ef = (wanted, ef * 4) if ef < EF_MAX else (wanted // 2, ef)
                continue
            return self._nearest(rows[0], vector, k)
        return []

    def _nearest(self, rows: NDArray[np.uint64], vector: Vectors, k: int) -> list[Neighbour]:
        """The k of the rows that are nearest by their full vectors."""
        some = rows.tolist()
        similarities = self._full.take(some) @ vector
        best = np.argsort(-similarities, kind="stable")[:k].tolist()
        return [Neighbour(self._rows.id_of(some[place]), float(similarities[place])) for place in best]

    def live(self) -> list[bytes]:
        """Every live id."""
        return self._rows.live()

    def which(self, ids: Sequence[bytes]) -> set[bytes]:
        """Those of the ids that are live."""
        return self._rows.known(ids)

    def packed_ids(self) -> bytes:
        """16 bytes per row, zeros for deleted ones."""
        return self._rows.packed()

    def vectors(self, ids: Sequence[bytes]) -> tuple[list[bytes], Vectors]:
        """Those of the ids that are live, and their full vectors: float32[n, dim]."""
        known = {entry_id: row for entry_id in ids if (row := self._rows.row_of(entry_id)) is not None}
        return list(known), self._full.take(list(known.values()))

    def memory_bytes(self) -> int:
        """Vectors, links and ids of all rows, deleted ones too. What is reserved for later rows is not resident."""
        per_row = self.width * 4 + self._dim * 2 + _PER_ENTRY_BYTES
        basis = 0 if self._basis is None else self._basis.nbytes
        return self._rows.rows * per_row + self._rows.memory_bytes() + basis

    def start_saving(self, path: Path) -> tuple[int, bytes]:
        """A child process that writes the graph as it is now (0 where there is none and it is written already).

        Beside `path` it writes `.rows` and `.basis`. What comes back is for `.ids`: 16 bytes per row, zero bytes for
        deleted ones. hnswlib keeps the GIL while it writes (1 s at a million entries); a forked child costs some
        milliseconds, and shares every page.
        """
        ids = self._rows.packed()
        if not sys.platform.startswith("linux"):
            self._write(path)
            return 0, ids
        child = _forked()
        if child == 0:
            try:
                self._write(path)
            except BaseException:  # noqa: BLE001 - nothing of the parent may run in the child
                os._exit(1)
            os._exit(0)
        return child, ids

    @classmethod
    def load(cls, path: Path, dim: int) -> HnswScope:
        """path: hnswlib's file; `.ids`, `.rows` and `.basis` lie beside it. Raises RuntimeError, ValueError, OSError.

        Only for files whose sha256 was checked: hnswlib believes every byte.
        """
        scope = cls.__new__(cls)
        scope._dim = dim
        scope._rows = IdRows(path.with_suffix(".ids").read_bytes())
        scope._basis = read_basis(path.with_suffix(".basis"), dim)
        scope._full = FullRows.read(path.with_suffix(".rows"), dim, scope._rows.rows)
        scope._graph = hnswlib.Index(space="l2", dim=scope.width)
        scope._graph.load_index(str(path), max_elements=max(MIN_CAPACITY, scope._rows.rows * 5 // 4))
        scope._graph.set_num_threads(1)
        return scope

    def _write(self, path: Path) -> None:
        self._graph.save_index(str(path))
        self._full.write(path.with_suffix(".rows"), self._rows.rows)
        write_basis(path.with_suffix(".basis"), self._basis)

    def _make_room(self, rows: int) -> None:
        """realloc moves pages, not bytes, and untouched pages cost nothing: growing by half is cheap."""
        capacity = int(self._graph.get_max_elements())
        if rows > capacity:
            self._graph.resize_index(max(rows, capacity + capacity // 2))


def _forked() -> int:
    """The child calls into hnswlib and writes files, which needs nothing but malloc (safe after fork), and leaves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python >= 3.12, for every process that has threads
        return os.fork()
