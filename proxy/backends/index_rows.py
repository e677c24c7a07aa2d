"""Which row of a graph an entry has: 30 bytes per entry where a dict takes 216.

Ids lie packed in row order, zeros where a row was deleted. To find one: a dict of the newest ids, and for all others
their first eight bytes, sorted. The dict is sorted in when it has grown to an eighth of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from proxy.core.entry import ID_BYTES

MIN_RECENT = 1024
_NOBODY = bytes(ID_BYTES)


class IdRows:
    """Rows count up and are never used twice. Ids are 16 bytes, random enough that few share their first eight."""

    def __init__(self, packed: bytes = b"") -> None:
        """packed: 16 bytes per row, zeros for a deleted one, as `packed` gave it."""
        self._ids = bytearray(packed)
        self._prefixes: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
        self._rows: NDArray[np.uint32] = np.empty(0, dtype=np.uint32)
        self._recent: dict[bytes, int] = {}
        self._live = 0
        self._sort_in()

    def __len__(self) -> int:
        """Live ids."""
        return self._live

    @property
    def rows(self) -> int:
        """Rows given out so far, deleted ones too."""
        return len(self._ids) // ID_BYTES

    def append(self, ids: Sequence[bytes]) -> range:
        """Gives each id the next row; none of them may be live."""
        given = range(self.rows, self.rows + len(ids))
        self._ids += b"".join(ids)
        self._recent.update(zip(ids, given, strict=True))
        self._live += len(ids)
        if len(self._recent) > max(MIN_RECENT, len(self._rows) // 8):
            self._sort_in()
        return given

    def id_of(self, row: int) -> bytes:
        """The id of a live row."""
        return bytes(self._ids[row * ID_BYTES : (row + 1) * ID_BYTES])

    def row_of(self, entry_id: bytes) -> int | None:
        """The row of a live id."""
        row = self._recent.get(entry_id)
        if row is not None:
            return row
        prefix = np.uint64(int.from_bytes(entry_id[:8], "little"))
        place = int(np.searchsorted(self._prefixes, prefix))
        while place < len(self._prefixes) and self._prefixes[place] == prefix:
            row = int(self._rows[place])
            if self.id_of(row) == entry_id:
                return row
            place += 1
        return None

    def known(self, ids: Sequence[bytes]) -> set[bytes]:
        """Those of the ids that are live; all at once, because a start asks for every entry (3 µs each alone)."""
        found = {entry_id for entry_id in ids if entry_id in self._recent}
        if not len(self._prefixes) or not ids:
            return found
        asked = np.frombuffer(b"".join(ids), dtype="<u8").reshape(-1, 2)
        places = np.searchsorted(self._prefixes, asked[:, 0])
        places[places == len(self._prefixes)] = 0
        kept = np.frombuffer(self._ids, dtype="<u8").reshape(-1, 2)[self._rows[places]]
        is_here = (kept == asked).all(axis=1)
        is_twin = ~is_here & (kept[:, 0] == asked[:, 0])  # the same first half, which few share
        found.update(ids[i] for i in np.flatnonzero(is_here).tolist())
        found.update(ids[i] for i in np.flatnonzero(is_twin).tolist() if self.row_of(ids[i]) is not None)
        return found

    def remove(self, entry_id: bytes) -> int | None:
        """The row that was freed."""
        row = self.row_of(entry_id)
        if row is not None:
            self._recent.pop(entry_id, None)
            self._ids[row * ID_BYTES : (row + 1) * ID_BYTES] = _NOBODY
            self._live -= 1
        return row

    def live(self) -> list[bytes]:
        """Every live id, in row order."""
        packed = bytes(self._ids)
        every = (packed[i : i + ID_BYTES] for i in range(0, len(packed), ID_BYTES))
        return [entry_id for entry_id in every if entry_id != _NOBODY]

    def packed(self) -> bytes:
        """16 bytes per row, zeros for deleted ones."""
        return bytes(self._ids)

    def memory_bytes(self) -> int:
        """Ids, sorted prefixes with their rows, and 200 bytes for each id in the dict."""
        return len(self._ids) + self._prefixes.nbytes + self._rows.nbytes + 200 * len(self._recent)

    def _sort_in(self) -> None:
        halves = np.frombuffer(bytes(self._ids), dtype="<u8").reshape(-1, 2)
        rows = np.flatnonzero(halves.any(axis=1)).astype(np.uint32)
        prefixes = halves[rows, 0].astype(np.uint64)
        order = np.argsort(prefixes, kind="stable")
        self._prefixes, self._rows = prefixes[order], rows[order]
        self._recent.clear()
        self._live = len(rows)
