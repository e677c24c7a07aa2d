"""The change feed as a table beside the entries, with its newest position in shared memory (R25)."""

from __future__ import annotations

import sqlite3

from proxy.backends.feed_memory import MAX_CHANGES
from proxy.backends.shared_counter import Counter
from proxy.backends.sqlite_thread import SqliteFile
from proxy.ports import GAP, Change

TRIM_EVERY = 1000


class SqliteFeed:
    """See `proxy.ports.ChangeFeed`. Whoever opened `file` closes it."""

    def __init__(self, file: SqliteFile, counter: Counter, max_changes: int = MAX_CHANGES) -> None:
        self._file = file
        self._counter = counter
        self._max_changes = max_changes

    async def start(self) -> int:
        """The newest position on disk. A writer killed between commit and counting left the counter behind; a file
        that was removed, or lost its last commits with the power, left it ahead.
        """
        counted = self._counter.value()  # read first: who counts has committed, so now the disk can only be ahead
        newest = await self._file.read(_newest)
        if newest < counted:
            self._counter.restart_at(newest)
            newest = await self._file.read(_newest)  # what was committed meanwhile could not raise the old number
        self._counter.raise_to(newest)
        return newest

    def version(self) -> int:
        """See `proxy.ports.ChangeFeed`."""
        return self._counter.value()

    async def publish(self, kind: str, body: bytes) -> int:
        """See `proxy.ports.ChangeFeed`."""

        def work(connection: sqlite3.Connection) -> int:
            query = "INSERT INTO changes (kind, body) VALUES (?, ?)"
            position = connection.execute(query, (kind, body)).lastrowid
            assert position is not None
            if position % TRIM_EVERY == 0:
                connection.execute("DELETE FROM changes WHERE position <= ?", (position - self._max_changes,))
            return position

        position = await self._file.write(work)
        self._counter.raise_to(position)
        return position

    async def read(self, after: int, limit: int = 1000) -> list[Change]:
        """See `proxy.ports.ChangeFeed`; a `gap` line comes first when changes above `after` are gone."""

        def work(connection: sqlite3.Connection) -> list[Change]:
            query = "SELECT kind, body, position FROM changes WHERE position > ? ORDER BY position LIMIT ?"
            changes = [Change(*row) for row in connection.execute(query, (after, limit))]
            newest = _newest(connection)
            if newest < after:  # the file was replaced: positions count anew
                return [Change(GAP, b"", newest)]
            oldest = changes[0].position if changes else newest + 1
            return [Change(GAP, b"", oldest - 1), *changes] if oldest > after + 1 else changes

        changes = await self._file.read(work)
        if changes and changes[0].kind == GAP and changes[0].position < after:
            self._counter.restart_at(changes[0].position)
        return changes

    async def close(self) -> None:
        """Unmaps the counter."""
        self._counter.close()


def _newest(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").fetchone()
    return 0 if row is None else int(row[0])
