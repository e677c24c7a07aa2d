"""Entries in a SQLite file (WAL), shared by all workers of one machine.

Values lie in a table of their own, so that noting a use does not rewrite them.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from pathlib import Path

from proxy.backends.pending_uses import PendingUses, Uses
from proxy.backends.sqlite_thread import Schema, SqliteFile
from proxy.core.codec import decode, encode
from proxy.core.entry import Entry, EntryRef
from proxy.core.eviction import DEFAULT_QUOTA, Quota
from proxy.core.route import Eviction
from proxy.errors import BackendError

SCHEMA = Schema(
    1,
    (
        """CREATE TABLE entries (
            number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, exact_key BLOB NOT NULL UNIQUE, scope BLOB NOT NULL,
            domain TEXT NOT NULL, tenant BLOB NOT NULL, uses INTEGER NOT NULL, rank REAL NOT NULL,
            expires_at REAL NOT NULL, has_embedding INTEGER NOT NULL)""",
        "CREATE INDEX leaving ON entries (domain, tenant, uses, rank)",
        "CREATE INDEX expiring ON entries (expires_at)",
        "CREATE TABLE bodies (number INTEGER PRIMARY KEY, value BLOB NOT NULL)",
        """CREATE TABLE shares (domain TEXT NOT NULL, tenant BLOB NOT NULL, size INTEGER NOT NULL,
            PRIMARY KEY (domain, tenant)) WITHOUT ROWID""",
        "CREATE INDEX largest ON shares (domain, size)",
        "CREATE TABLE totals (domain TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID",
        """CREATE TRIGGER came AFTER INSERT ON entries BEGIN
            INSERT INTO shares VALUES (new.domain, new.tenant, 1)
                ON CONFLICT DO UPDATE SET size = size + 1;
            INSERT INTO totals VALUES (new.domain, 1) ON CONFLICT DO UPDATE SET size = size + 1;
        END""",
        """CREATE TRIGGER went AFTER DELETE ON entries BEGIN
            DELETE FROM bodies WHERE number = old.number;
            UPDATE shares SET size = size - 1 WHERE domain = old.domain AND tenant = old.tenant;
            DELETE FROM shares WHERE domain = old.domain AND tenant = old.tenant AND size = 0;
            UPDATE totals SET size = size - 1 WHERE domain = old.domain;
        END""",
        "CREATE TABLE changes (position INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body BLOB NOT NULL)",
    ),
)

MAX_SWEPT = 64
"""Expired entries removed with one write: enough to keep up, few enough to stay quick."""

SWEEP_PAGE = 500
MAX_EVICTED = 256
SCAN_PAGE = 50
"""Whole entries in memory at once: an answer may have a megabyte."""

REFS_PAGE = 2000

Row = tuple[int, bytes, bytes]


class SqliteStore:
    """See `proxy.ports.Store`. `file` is shared with the change feed; whoever opened it closes it."""

    def __init__(self, file: SqliteFile, quotas: Mapping[str, Quota]) -> None:
        self._file = file
        self._quotas = quotas
        self._uses = PendingUses(quotas)
        self._flushing: asyncio.Task[None] | None = None

    @classmethod
    def open(cls, path: Path, quotas: Mapping[str, Quota]) -> SqliteStore:
        """A store with a file of its own."""
        return cls(SqliteFile(path, SCHEMA, is_durable=False), quotas)

    async def get_exact(self, exact_key: bytes, now: float) -> Entry | None:
        """See `proxy.ports.Store`."""

        def work(connection: sqlite3.Connection) -> list[Entry | bytes | None]:
            rows = connection.execute(
                "SELECT id, value FROM entries JOIN bodies USING (number) WHERE exact_key = ?", (exact_key,)
            ).fetchall()
            return [_decoded(*row, is_to_compare=False) for row in rows]

        found = await self._live(await self._file.read(work), now)
        return found[0] if found else None

    async def get_many(self, ids: Sequence[bytes], now: float, *, is_use: bool = True) -> list[Entry | None]:
        """See `proxy.ports.Store`."""

        def work(connection: sqlite3.Connection) -> list[Entry | bytes | None]:
            query = "SELECT id, value FROM entries JOIN bodies USING (number) WHERE id = ?"
            rows = [connection.execute(query, (entry_id,)).fetchone() for entry_id in ids]
            return [None if row is None else _decoded(*row) for row in rows]

        return await self._live(await self._file.read(work), now, is_use=is_use)

    async def put(self, entry: Entry) -> list[EntryRef]:
        """See `proxy.ports.Store`; what has expired leaves too."""
        value = encode(entry)
        quota = self._quotas.get(entry.domain, DEFAULT_QUOTA)
        uses = self._uses.taken()

        def work(connection: sqlite3.Connection) -> list[EntryRef]:
            self._write_uses(connection, uses)
            gone = _expired(connection, entry.created_at, MAX_SWEPT)
            gone += _removed(connection, "exact_key = ? OR id = ?", (entry.exact_key, entry.id))
            gone += _made_room(connection, entry, quota)
            _insert(connection, entry, value)
            return [ref for ref in gone if ref.id != entry.id]

        return await self._file.write(work)

    async def delete(self, ids: Sequence[bytes]) -> list[EntryRef]:
        """See `proxy.ports.Store`."""

        def work(connection: sqlite3.Connection) -> list[EntryRef]:
            return [ref for entry_id in ids for ref in _removed(connection, "id = ?", (entry_id,))]

        return await self._file.write(work)

    def used(self, entry: Entry, count: int, now: float) -> None:
        """See `proxy.ports.Store`."""
        self._note_use(entry, count, now)

    async def sweep(self, now: float) -> list[EntryRef]:
        """See `proxy.ports.Store`. Some at a time: writes that somebody waits for go between.

        Where nothing has expired nothing is written: it would say of a full disk that it takes writes again.
        """
        query = "SELECT 1 FROM entries WHERE expires_at <= ? LIMIT 1"
        if await self._file.read(lambda connection: connection.execute(query, (now,)).fetchone()) is None:
            return []
        return await self._file.write(lambda connection: _expired(connection, now, SWEEP_PAGE))

    async def scan(self, now: float) -> AsyncIterator[Entry]:
        """See `proxy.ports.Store`."""
        last = -1
        while rows := await self._page(last, now):
            last = rows[-1][0]
            decoded = [_decoded(entry_id, value) for _, entry_id, value in rows]
            for entry in await self._live(decoded, now, is_use=False):
                if entry is not None and entry.embedding is not None:
                    yield entry

    async def refs(self, now: float) -> AsyncIterator[Sequence[EntryRef]]:
        """See `proxy.ports.Store`."""
        last = -1

        def work(connection: sqlite3.Connection) -> list[Row]:
            return connection.execute(
                "SELECT number, id, scope FROM entries "
                "WHERE number > ? AND has_embedding AND expires_at > ? ORDER BY number LIMIT ?",
                (last, now, REFS_PAGE),
            ).fetchall()

        while rows := await self._file.read(work):
            last = rows[-1][0]
            yield [EntryRef(entry_id, scope) for _, entry_id, scope in rows]

    async def close(self) -> None:
        """Writes what is known about uses, then closes the file."""
        if self._flushing is not None:
            await self._flushing
        await self._flush()
        await self._file.close()

    async def _page(self, last: int, now: float) -> list[Row]:
        def work(connection: sqlite3.Connection) -> list[Row]:
            return connection.execute(
                "SELECT number, id, value FROM entries JOIN bodies USING (number) "
                "WHERE number > ? AND has_embedding AND expires_at > ? ORDER BY number LIMIT ?",
                (last, now, SCAN_PAGE),
            ).fetchall()

        return await self._file.read(work)

    async def _live(self, found: list[Entry | bytes | None], now: float, *, is_use: bool = True) -> list[Entry | None]:
        """Fresh entries in their places; ids stand for damaged rows, which are deleted."""
        damaged = [item for item in found if isinstance(item, bytes)]
        live = [item if isinstance(item, Entry) and item.is_fresh(now) else None for item in found]
        if is_use:
            for entry in live:
                if entry is not None:
                    self._note_use(entry, 1, now)
        if damaged:
            await self.delete(damaged)
        return live

    def _note_use(self, entry: Entry, count: int, now: float) -> None:
        if self._uses.note(entry, count, now) and (self._flushing is None or self._flushing.done()):
            self._flushing = asyncio.get_running_loop().create_task(self._flush(), name="sqlite-uses")

    async def _flush(self) -> None:
        uses = self._uses.taken()
        if not uses:
            return
        try:
            await self._file.write(lambda connection: self._write_uses(connection, uses))
        except BackendError:
            return  # uses are hints; the store says what ails it where it matters

    def _write_uses(self, connection: sqlite3.Connection, uses: Collection[Uses]) -> None:
        lfu = [name for name, quota in self._quotas.items() if quota.eviction is Eviction.LFU]
        marks = ",".join("?" * len(lfu))
        connection.executemany(
            f"UPDATE entries SET rank = ?, uses = uses + iif(domain IN ({marks}), ?, 0) WHERE id = ?",
            [(each.last_at, *lfu, each.count, each.entry_id) for each in uses],
        )


def _decoded(entry_id: bytes, value: bytes, *, is_to_compare: bool = True) -> Entry | bytes | None:
    """The entry, None for another release's record, or the id of a row that is damaged."""
    try:
        return decode(entry_id, value, is_to_compare=is_to_compare)
    except (ValueError, TypeError):
        return entry_id


def _insert(connection: sqlite3.Connection, entry: Entry, value: bytes) -> None:
    cursor = connection.execute(
        "INSERT INTO entries (id, exact_key, scope, domain, tenant, uses, rank, expires_at, has_embedding) "
        "VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)",
        (entry.id, entry.exact_key, entry.scope, entry.domain, entry.tenant, entry.created_at, entry.expires_at,
         entry.embedding is not None),
    )  # fmt: skip
    connection.execute("INSERT INTO bodies VALUES (?, ?)", (cursor.lastrowid, value))


def _made_room(connection: sqlite3.Connection, entry: Entry, quota: Quota) -> list[EntryRef]:
    """The tenant with the most entries gives one up, in its own order; the writer itself when it is among them."""
    gone: list[EntryRef] = []
    while len(gone) < MAX_EVICTED:
        row = connection.execute("SELECT size FROM totals WHERE domain = ?", (entry.domain,)).fetchone()
        if row is None or row[0] < quota.max_entries or row[0] == 0:
            break
        tenant = _largest(connection, entry)
        gone += _removed(
            connection,
            "number = (SELECT number FROM entries WHERE domain = ? AND tenant = ? ORDER BY uses, rank LIMIT 1)",
            (entry.domain, tenant),
        )
    return gone


def _largest(connection: sqlite3.Connection, entry: Entry) -> bytes:
    """Two steps by index: a sort would touch every tenant of a domain in which all are equally small."""
    (size,) = connection.execute("SELECT max(size) FROM shares WHERE domain = ?", (entry.domain,)).fetchone()
    own = connection.execute(
        "SELECT size FROM shares WHERE domain = ? AND tenant = ?", (entry.domain, entry.tenant)
    ).fetchone()
    if own is not None and own[0] == size:
        return entry.tenant
    query = "SELECT tenant FROM shares WHERE domain = ? AND size = ? LIMIT 1"
    tenant: bytes = connection.execute(query, (entry.domain, size)).fetchone()[0]
    return tenant


def _expired(connection: sqlite3.Connection, now: float, limit: int) -> list[EntryRef]:
    return _removed(
        connection,
        "number IN (SELECT number FROM entries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
        (now, limit),
    )


def _removed(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[EntryRef]:
    rows = connection.execute(f"SELECT number, id, scope FROM entries WHERE {where}", values).fetchall()
    connection.executemany("DELETE FROM entries WHERE number = ?", [(number,) for number, _, _ in rows])
    return [EntryRef(entry_id, scope) for _, entry_id, scope in rows]
