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

from proxy.core.entry import ID_BYTES, Neighbour

LINKS = 16
EF_CONSTRUCTION = 100
EF_SEARCH = 80
EF_MAX = 2000
MIN_CAPACITY = 1024
_PER_ENTRY_BYTES = 2 * LINKS * 4 + 4 + 8 + 8 + 60
"""Beside the vector: level-0 links and counts, label, pointer; 60 measured for upper levels and the label map."""
_ID_MAP_BYTES = 216
"""Measured: a 16-byte key, its row number and their place in a dict."""


class HnswScope:
    """Rows are hnswlib labels and never used twice; `ids` holds 16 bytes for each row, live or deleted."""

    def __init__(self, dim: int, capacity: int = MIN_CAPACITY) -> None:
        self._dim = dim
        self._graph = hnswlib.Index(space="ip", dim=dim)
        self._graph.init_index(max(capacity, MIN_CAPACITY), M=LINKS, ef_construction=EF_CONSTRUCTION)
        self._graph.set_num_threads(1)
        self._ids = bytearray()
        self._rows: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def deleted_share(self) -> float:
        """Deleted rows among all rows."""
        rows = len(self._ids) // ID_BYTES
        return 1 - len(self._rows) / rows if rows else 0.0

    def add(self, ids: Sequence[bytes], vectors: NDArray[np.float32]) -> int:
        """Adds or replaces; vectors: float32[len(ids), dim]. How many ids are new."""
        new = len(ids) - self.remove(ids)
        first = len(self._ids) // ID_BYTES
        self._make_room(first + len(ids))
        self._graph.add_items(vectors, np.arange(first, first + len(ids)), num_threads=1)
        for row, entry_id in enumerate(ids, first):
            self._rows[entry_id] = row
            self._ids += entry_id
        return new

    def remove(self, ids: Sequence[bytes]) -> int:
        """How many of them were there."""
        removed = 0
        for entry_id in ids:
            row = self._rows.pop(entry_id, None)
            if row is not None:
                self._graph.mark_deleted(row)
                removed += 1
        return removed

    def search(self, vector: NDArray[np.float32], k: int) -> list[Neighbour]:
        """At most k, nearest first; fewer when the graph cannot reach k live rows."""
        k = min(k, len(self._rows))
        ef = max(EF_SEARCH, 2 * k)
        while k > 0:
            self._graph.set_ef(ef)
            try:
                rows, distances = self._graph.knn_query(vector, k=k, num_threads=1)
            except RuntimeError:  # fewer than k live rows within ef
                k, ef = (k, ef * 4) if ef < EF_MAX else (k // 2, ef)
                continue
            return [Neighbour(self._id(int(row)), float(1 - d)) for row, d in zip(rows[0], distances[0], strict=True)]
        return []

    def live(self) -> list[bytes]:
        """Every live id."""
        return list(self._rows)

    def vectors(self, ids: Sequence[bytes]) -> tuple[list[bytes], NDArray[np.float32]]:
        """Those of the ids that are live, and float32[n, dim]."""
        known = [entry_id for entry_id in ids if entry_id in self._rows]
        if not known:
            return [], np.empty((0, self._dim), dtype=np.float32)
        items = self._graph.get_items([self._rows[entry_id] for entry_id in known], return_type="numpy")
        return known, np.asarray(items, dtype=np.float32)

    def memory_bytes(self) -> int:
        """Reserved for vectors and links, plus ids and their map."""
        capacity = int(self._graph.get_max_elements())
        return capacity * (self._dim * 4 + _PER_ENTRY_BYTES) + len(self._ids) + len(self._rows) * _ID_MAP_BYTES

    def start_saving(self, path: Path) -> tuple[int, bytes]:
        """A child process that writes the graph as it is now (0 where there is none and it is written already).

        And what `load` needs beside it: 16 bytes per row, zero bytes for deleted ones. hnswlib keeps the GIL while it
        writes (1 s at a million entries); a forked child costs some milliseconds, and shares every page.
        """
        ids = bytearray(len(self._ids))
        for entry_id, row in self._rows.items():
            ids[row * ID_BYTES : (row + 1) * ID_BYTES] = entry_id
        if not sys.platform.startswith("linux"):
            self._graph.save_index(str(path))
            return 0, bytes(ids)
        child = _forked()
        if child == 0:
            try:
                self._graph.save_index(str(path))
            except BaseException:  # noqa: BLE001 - nothing of the parent may run in the child
                os._exit(1)
            os._exit(0)
        return child, bytes(ids)

    @classmethod
    def load(cls, path: Path, ids_path: Path, dim: int) -> HnswScope:
        """Only for files whose sha256 was checked: hnswlib believes every byte. Raises RuntimeError, OSError."""
        ids = ids_path.read_bytes()
        scope = cls.__new__(cls)
        scope._dim = dim
        scope._graph = hnswlib.Index(space="ip", dim=dim)
        rows = len(ids) // ID_BYTES
        scope._graph.load_index(str(path), max_elements=max(MIN_CAPACITY, rows + rows // 4))
        scope._graph.set_num_threads(1)
        scope._ids = bytearray(ids)
        nobody = bytes(ID_BYTES)
        every = (ids[row * ID_BYTES : (row + 1) * ID_BYTES] for row in range(rows))
        scope._rows = {entry_id: row for row, entry_id in enumerate(every) if entry_id != nobody}
        return scope

    def _id(self, row: int) -> bytes:
        return bytes(self._ids[row * ID_BYTES : (row + 1) * ID_BYTES])

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
