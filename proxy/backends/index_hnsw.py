"""Approximate search in one large scope: an hnswlib graph, used by one thread only.

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

from proxy.backends.index_rows import IdRows
from proxy.core.entry import Neighbour

LINKS = 16
EF_CONSTRUCTION = 100
EF_SEARCH = 64
EF_ROWS, EF_GROWTH = 100_000, 0.69
"""Above so many entries a search looks at more: with 64 at a million the nearest is missed in 7 of 100, else in 1."""

EF_MAX = 2000
MIN_CAPACITY = 1024
_PER_ENTRY_BYTES = 2 * LINKS * 4 + 4 + 8 + 8 + 100
"""Beside the vector: level-0 links and count, label, pointer; 100 for upper levels, a lock and the label map."""


class HnswScope:
    """Rows are hnswlib's labels; a replaced entry gets a new one."""

    def __init__(self, dim: int, capacity: int = MIN_CAPACITY) -> None:
        self._dim = dim
        self._graph = hnswlib.Index(space="ip", dim=dim)
        self._graph.init_index(max(capacity, MIN_CAPACITY), M=LINKS, ef_construction=EF_CONSTRUCTION)
        self._graph.set_num_threads(1)
        self._rows = IdRows()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def deleted_share(self) -> float:
        """Deleted rows among all rows."""
        return 1 - len(self._rows) / self._rows.rows if self._rows.rows else 0.0

    def add(self, ids: Sequence[bytes], vectors: NDArray[np.float32]) -> int:
        """Adds or replaces; vectors: float32[len(ids), dim]. How many ids are new."""
        new = len(ids) - self.remove(ids)
        first = self._rows.rows
        self._make_room(first + len(ids))
        self._graph.add_items(vectors, np.arange(first, first + len(ids)), num_threads=1)
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

    def search(self, vector: NDArray[np.float32], k: int) -> list[Neighbour]:
        """At most k, nearest first; fewer when the graph cannot reach k live rows."""
        k = min(k, len(self._rows))
        ef = max(EF_SEARCH, 2 * k, int(EF_SEARCH * (len(self._rows) / EF_ROWS) ** EF_GROWTH))
        while k > 0:
            self._graph.set_ef(ef)
            try:
                rows, distances = self._graph.knn_query(vector, k=k, num_threads=1)
            except RuntimeError:  # fewer than k live rows within ef
                k, ef = (k, ef * 4) if ef < EF_MAX else (k // 2, ef)
                continue
            near = zip(rows[0].tolist(), distances[0].tolist(), strict=True)
            return [Neighbour(self._rows.id_of(row), 1 - distance) for row, distance in near]
        return []

    def live(self) -> list[bytes]:
        """Every live id."""
        return self._rows.live()

    def which(self, ids: Sequence[bytes]) -> set[bytes]:
        """Those of the ids that are live."""
        return self._rows.known(ids)

    def packed_ids(self) -> bytes:
        """16 bytes per row, zeros for deleted ones."""
        return self._rows.packed()

    def vectors(self, ids: Sequence[bytes]) -> tuple[list[bytes], NDArray[np.float32]]:
        """Those of the ids that are live, and float32[n, dim]."""
        known = {entry_id: row for entry_id in ids if (row := self._rows.row_of(entry_id)) is not None}
        if not known:
            return [], np.empty((0, self._dim), dtype=np.float32)
        items = self._graph.get_items(list(known.values()), return_type="numpy")
        return list(known), np.asarray(items, dtype=np.float32)

    def memory_bytes(self) -> int:
        """Vectors, links and ids of all rows, deleted ones too. What is reserved for later rows is not resident."""
        return self._rows.rows * (self._dim * 4 + _PER_ENTRY_BYTES) + self._rows.memory_bytes()

    def start_saving(self, path: Path) -> tuple[int, bytes]:
        """A child process that writes the graph as it is now (0 where there is none and it is written already).

        And what `load` needs beside it: 16 bytes per row, zero bytes for deleted ones. hnswlib keeps the GIL while it
        writes (1 s at a million entries); a forked child costs some milliseconds, and shares every page.
        """
        ids = self._rows.packed()
        if not sys.platform.startswith("linux"):
            self._graph.save_index(str(path))
            return 0, ids
        child = _forked()
        if child == 0:
            try:
                self._graph.save_index(str(path))
            except BaseException:  # noqa: BLE001 - nothing of the parent may run in the child
                os._exit(1)
            os._exit(0)
        return child, ids

    @classmethod
    def load(cls, path: Path, ids_path: Path, dim: int) -> HnswScope:
        """Only for files whose sha256 was checked: hnswlib believes every byte. Raises RuntimeError, OSError."""
        scope = cls.__new__(cls)
        scope._dim = dim
        scope._rows = IdRows(ids_path.read_bytes())
        scope._graph = hnswlib.Index(space="ip", dim=dim)
        scope._graph.load_index(str(path), max_elements=max(MIN_CAPACITY, scope._rows.rows * 5 // 4))
        scope._graph.set_num_threads(1)
        return scope

    def _make_room(self, rows: int) -> None:
        """realloc moves pages, not bytes, and untouched pages cost nothing: growing by half is cheap."""
        capacity = int(self._graph.get_max_elements())
        if rows > capacity:
            self._graph.resize_index(max(rows, capacity + capacity // 2))


def _forked() -> int:
    """The child calls into hnswlib, which needs nothing but malloc (safe after fork in glibc), and leaves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python >= 3.12, for every process that has threads
        return os.fork()
