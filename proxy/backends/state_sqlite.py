"""Shared facts in the ledger's file: synchronous FULL, mode 0600, never overwritten by a second process (R14)."""

from __future__ import annotations

import sqlite3

from proxy.backends.sqlite_thread import SqliteFile
from proxy.ports import Clock

STATEMENTS = ("CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB NOT NULL, expires_at REAL) WITHOUT ROWID",)

SWEEP_EVERY = 256
"""Facts that end, between two looks for those that have ended: a look reads the whole table."""

MAX_SWEPT = 1000
"""Removed in one go, so that no label waits long for its turn to be written; more than come in between."""

_SWEEP = "DELETE FROM state WHERE key IN (SELECT key FROM state WHERE expires_at <= ? LIMIT ?)"
_LIVE = "SELECT value FROM state WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)"


class SqliteState:
    """See `proxy.ports.SharedState`. Whoever opened `file` closes it."""

    def __init__(self, file: SqliteFile, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self._ending = 0

    async def get(self, key: str) -> bytes | None:
        """See `proxy.ports.SharedState`."""
        now = self._clock.now()
        return await self._file.read(lambda connection: _value(connection, key, now))

    async def set(self, key: str, value: bytes, *, ttl_s: float | None = None) -> None:
        """See `proxy.ports.SharedState`; what has ended leaves with one of the next facts that will."""
        now = self._clock.now()
        expires_at = None if ttl_s is None else now + ttl_s
        is_sweep = ttl_s is not None and self._ending % SWEEP_EVERY == 0
        self._ending += ttl_s is not None

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("REPLACE INTO state VALUES (?, ?, ?)", (key, value, expires_at))
            if is_sweep:
                connection.execute(_SWEEP, (now, MAX_SWEPT))

        await self._file.write(work)

    async def set_if_absent(self, key: str, value: bytes) -> bytes:
        """See `proxy.ports.SharedState`. What is there is read without waiting for anybody who writes."""
        known = await self.get(key)
        if known is not None:
            return known
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> bytes:
            there = _value(connection, key, now)
            if there is None:
                connection.execute("REPLACE INTO state VALUES (?, ?, NULL)", (key, value))
            return value if there is None else there

        return await self._file.write(work)

    async def increment(self, key: str) -> int:
        """See `proxy.ports.SharedState`."""
        now = self._clock.now()

        def work(connection: sqlite3.Connection) -> int:
            count = int(_value(connection, key, now) or b"0") + 1
            connection.execute("REPLACE INTO state VALUES (?, ?, NULL)", (key, str(count).encode()))
            return count

        return await self._file.write(work)

    async def delete(self, key: str) -> None:
        """See `proxy.ports.SharedState`."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM state WHERE key = ?", (key,))

        await self._file.write(work)

    async def close(self) -> None:
        """The file is closed by whoever opened it."""


def _value(connection: sqlite3.Connection, key: str, now: float) -> bytes | None:
    row = connection.execute(_LIVE, (key, now)).fetchone()
    return None if row is None else bytes(row[0])
