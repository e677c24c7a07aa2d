"""Served hits, labels and quarantines in a SQLite file of their own, synchronous FULL (R26).

The entries' file may be thrown away at any time; this one holds what people said and is never trimmed but for hits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from typing import Any

from proxy.backends.ledger_memory import HIT_KEPT_S, MAX_HITS_PER_DOMAIN
from proxy.backends.sqlite_thread import SqliteFile
from proxy.core.report import Label, Quarantine, ServedHit

HIT_COLUMNS = (
    "id, entry_id, tenant, domain, kind, exact_key, prompt, prompt_digest, stored_prompt, stored_prompt_digest, "
    "logit, scorer_digest, served_at"
)
LABEL_COLUMNS = "hit_id, a, b, label, domain, tenant, reason, logit, scorer_digest, at"
QUARANTINE_COLUMNS = "tenant, domain, prompt_digest, stored_prompt_digest, entry_id, logit_floor, scorer_digest, at"
"""Fields of the records in their order, for that is how a row becomes one again."""

STATEMENTS = (
    f"CREATE TABLE hits (number INTEGER PRIMARY KEY, {HIT_COLUMNS.replace('id,', 'id UNIQUE,', 1)})",
    "CREATE INDEX newest_hit ON hits (tenant, exact_key, number)",
    "CREATE INDEX oldest_hit ON hits (domain, number)",
    f"CREATE TABLE labels (number INTEGER PRIMARY KEY, {LABEL_COLUMNS.replace('hit_id,', 'hit_id UNIQUE,', 1)})",
    f"""CREATE TABLE quarantines (number INTEGER PRIMARY KEY, {QUARANTINE_COLUMNS},
        UNIQUE (tenant, domain, prompt_digest, stored_prompt_digest, entry_id))""",
)

PAGE = 500
MAX_TRIMMED = 1000
"""Hits looked at for their age with each batch, the first ones: to look at all takes longer the more there are."""


class SqliteLedger:
    """See `proxy.ports.FeedbackLedger`. Whoever opened `file` closes it."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    async def remember(self, hits: Sequence[ServedHit]) -> None:
        """See `proxy.ports.FeedbackLedger`."""
        if not hits:
            return

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(_into("REPLACE", "hits", HIT_COLUMNS), [_row(hit, HIT_COLUMNS) for hit in hits])
            for domain in {hit.domain for hit in hits}:
                _trim(connection, domain, hits[-1].served_at - HIT_KEPT_S)

        await self._file.write(work)

    async def find_hit(self, hit_id: str) -> ServedHit | None:
        """See `proxy.ports.FeedbackLedger`."""
        return await self._hit("id = ?", (hit_id,))

    async def last_hit(self, tenant: bytes, exact_key: bytes) -> ServedHit | None:
        """See `proxy.ports.FeedbackLedger`."""
        return await self._hit("tenant = ? AND exact_key = ? ORDER BY number DESC LIMIT 1", (tenant, exact_key))

    async def record(self, label: Label) -> bool:
        """See `proxy.ports.FeedbackLedger`."""

        def work(connection: sqlite3.Connection) -> bool:
            query = _into("INSERT OR IGNORE", "labels", LABEL_COLUMNS)
            return connection.execute(query, _row(label, LABEL_COLUMNS)).rowcount == 1

        return await self._file.write(work)

    async def quarantine(self, item: Quarantine) -> None:
        """See `proxy.ports.FeedbackLedger`."""

        def work(connection: sqlite3.Connection) -> None:
            query = _into("INSERT OR IGNORE", "quarantines", QUARANTINE_COLUMNS)
            connection.execute(query, _row(item, QUARANTINE_COLUMNS))

        await self._file.write(work)

    async def quarantines(self) -> list[Quarantine]:
        """See `proxy.ports.FeedbackLedger`."""
        query = f"SELECT {QUARANTINE_COLUMNS} FROM quarantines ORDER BY number"
        return await self._file.read(lambda connection: [Quarantine(*row) for row in connection.execute(query)])

    async def labels(self) -> AsyncIterator[Label]:
        """See `proxy.ports.FeedbackLedger`."""
        last = -1
        while rows := await self._label_page(last):
            last = rows[-1][0]
            for row in rows:
                yield Label(*row[1:])

    async def close(self) -> None:
        """The file is closed by whoever opened it."""

    async def _hit(self, where: str, values: tuple[object, ...]) -> ServedHit | None:
        query = f"SELECT {HIT_COLUMNS} FROM hits WHERE {where}"
        row = await self._file.read(lambda connection: connection.execute(query, values).fetchone())
        return None if row is None else ServedHit(*row)

    async def _label_page(self, last: int) -> list[tuple[Any, ...]]:
        query = f"SELECT number, {LABEL_COLUMNS} FROM labels WHERE number > ? ORDER BY number LIMIT ?"
        return await self._file.read(lambda connection: connection.execute(query, (last, PAGE)).fetchall())


def _into(verb: str, table: str, columns: str) -> str:
    return f"{verb} INTO {table} ({columns}) VALUES ({','.join('?' * (columns.count(',') + 1))})"


def _row(record: ServedHit | Label | Quarantine, columns: str) -> tuple[object, ...]:
    return tuple(getattr(record, name) for name in columns.split(", "))


def _trim(connection: sqlite3.Connection, domain: str, oldest: float) -> None:
    """By age, of the first ones; and by number: what lies so many places below the newest of this domain."""
    first = "SELECT number FROM hits WHERE domain = ? ORDER BY number LIMIT ?"
    connection.execute(f"DELETE FROM hits WHERE number IN ({first}) AND served_at <= ?", (domain, MAX_TRIMMED, oldest))
    edge = "SELECT number FROM hits WHERE domain = ? ORDER BY number"
    ends = connection.execute(f"SELECT ({edge} LIMIT 1), ({edge} DESC LIMIT 1)", (domain, domain)).fetchone()
    if None in ends or ends[1] - ends[0] < MAX_HITS_PER_DOMAIN:
        return  # so many there cannot be, and to count them takes long
    query = f"{edge} DESC LIMIT 1 OFFSET ?"
    row = connection.execute(query, (domain, MAX_HITS_PER_DOMAIN)).fetchone()
    if row is not None:
        connection.execute("DELETE FROM hits WHERE domain = ? AND number <= ?", (domain, row[0]))
