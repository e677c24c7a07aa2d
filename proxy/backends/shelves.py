"""One place per store URL where the four parts that belong together are opened together."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from proxy.backends import ledger_sqlite, state_sqlite
from proxy.backends.breaker import Changed, ignore
from proxy.backends.feed_memory import MemoryFeed
from proxy.backends.feed_redis import RedisFeed
from proxy.backends.feed_sqlite import SqliteFeed
from proxy.backends.ledger_memory import MemoryLedger
from proxy.backends.ledger_redis import RedisLedger
from proxy.backends.ledger_sqlite import SqliteLedger
from proxy.backends.redis_link import TIMEOUT_S, RedisLink
from proxy.backends.refusals import Refused, ignore_refused
from proxy.backends.shared_counter import Counter, LateCounter, LocalCounter, SharedCounter
from proxy.backends.sqlite_thread import Schema, SqliteFile
from proxy.backends.state_memory import MemoryState
from proxy.backends.state_redis import RedisState
from proxy.backends.state_sqlite import SqliteState
from proxy.backends.store_memory import MemoryStore
from proxy.backends.store_redis import RedisStore
from proxy.backends.store_sqlite import SCHEMA, SqliteStore
from proxy.core.eviction import Quota
from proxy.errors import BackendError
from proxy.ports import ChangeFeed, Clock, FeedbackLedger, SharedState, Store

LEDGER_SCHEMA = Schema(1, (*state_sqlite.STATEMENTS, *ledger_sqlite.STATEMENTS))

PATIENT_S = 1.0
"""For what nobody waits for on a request's path: writes, scans, the ledger."""


@dataclass(frozen=True, slots=True)
class Shelves:
    """Everything that outlives a request, on one kind of shelf. is_up: whether it answered when last asked."""

    store: Store
    state: SharedState
    feed: ChangeFeed
    ledger: FeedbackLedger
    is_up: Callable[[], bool]
    _closers: Sequence[Callable[[], Awaitable[None]]] = ()

    async def close(self) -> None:
        """Closes all four, in order."""
        for close in self._closers:
            await close()


def open_memory(quotas: Mapping[str, Quota], clock: Clock) -> Shelves:
    """`memory://`: one process, nothing survives."""
    return Shelves(MemoryStore(quotas), MemoryState(clock), MemoryFeed(), MemoryLedger(), lambda: True)


async def open_sqlite(
    path: Path, quotas: Mapping[str, Quota], clock: Clock, *, is_shared: bool = True, on_change: Changed = ignore
) -> Shelves:
    """`sqlite:///path`: entries and feed in `path`, state, labels and quarantines in `path` + `.ledger`, all 0600.

    Several processes may open the same path. A missing folder is made. No fault (full, read-only, damaged) is raised
    here: the calls raise it, on_change(is_up, why) tells of it once, and opening is tried again. is_shared: where the
    change counter cannot be mapped, workers would not hear each other, and the feed cannot be followed until it can.
    """
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    counter = _counter(path.with_name(path.name + ".version"), is_shared=is_shared)
    entries = SqliteFile(path, SCHEMA, is_durable=False, on_change=on_change)
    durable = SqliteFile(ledger_file(path), LEDGER_SCHEMA, is_durable=True, on_change=on_change)
    store, feed = SqliteStore(entries, quotas), SqliteFeed(entries, counter)
    closers = (store.close, feed.close, durable.close)

    def is_up() -> bool:
        return entries.is_up and durable.is_up

    return Shelves(store, SqliteState(durable, clock), feed, SqliteLedger(durable), is_up, closers)


def ledger_file(path: Path) -> Path:
    """Beside the entries' file, which may be thrown away; this one may not."""
    return path.with_name(path.name + ".ledger")


def _counter(path: Path, *, is_shared: bool) -> Counter:
    try:
        return SharedCounter(path)
    except BackendError:
        return LateCounter(path) if is_shared else LocalCounter()


def open_redis(
    url: str,
    quotas: Mapping[str, Quota],
    *,
    counter: Path | None = None,
    is_patient: bool = False,
    on_change: Changed = ignore,
    on_refused: Refused = ignore_refused,
) -> Shelves:
    """`redis://`, `rediss://`: everything in one Redis, which need not answer yet.

    is_patient: no request waits for what is asked of it.
    counter: a file that all workers of this machine name, so that one sees at once what another changed; without it
    they see it within a second. on_change(is_up, why): one call when Redis stops answering or obeying,
    one when it does again.
    on_refused(key, why): once for each key under which something lies that is not ours.
    """
    link = RedisLink(url, on_change, on_refused=on_refused, timeout_s=PATIENT_S if is_patient else TIMEOUT_S)
    patient = RedisLink(url, timeout_s=PATIENT_S, follows=link)
    feed = RedisFeed(link, LocalCounter() if counter is None else _counter(counter, is_shared=True))
    store = RedisStore(link, patient, quotas)
    closers = (store.close, feed.close, patient.close, link.close)
    return Shelves(store, RedisState(link), feed, RedisLedger(patient), lambda: link.is_up and link.is_obeyed, closers)
