"""SQLite off the event loop: one thread per connection, jobs that wait together run together.

Reads have a connection of their own, so that nobody who asks waits for somebody else's commit (WAL). Waiting writes
share one transaction; each is acknowledged after the commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from proxy.backends.bell import Bell
from proxy.backends.breaker import Breaker, Changed, ignore
from proxy.errors import BackendBusy, BackendError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
"""Gives plain data, no cursor: dropped in another thread, that would reset the statement which this one runs."""

MAX_WAITING = 4096
MAX_BATCH = 256
BUSY_TIMEOUT_S = 2.0
REOPEN_AFTER_S = 1.0
RETRY_S = 0.005

HELD_BY_ANOTHER = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
FILE_FAULTS = HELD_BY_ANOTHER | {sqlite3.SQLITE_IOERR}
"""Faults of the file, not of one job: the next would wait for it as long, each of hundreds its two seconds."""


_TABLES = """SELECT user_version, (SELECT coalesce(group_concat(name, ' '), '') FROM sqlite_master
    WHERE type = 'table' AND name NOT GLOB 'sqlite_*') FROM pragma_user_version"""


@dataclass(frozen=True, slots=True)
class Schema:
    """Statements that make the tables, and the number that says which release made them."""

    version: int
    statements: Sequence[str]

    def is_in(self, connection: sqlite3.Connection) -> bool:
        """False for a file with another program's tables; True for any release's, and for a new one. One statement:
        somebody may be making the tables.
        """
        version, found = connection.execute(_TABLES).fetchone()
        if version not in (0, self.version):
            return True
        ours = {line.split()[2] for line in self.statements if line.startswith("CREATE TABLE")}
        return ours <= set(found.split()) if version else not found


@dataclass(slots=True, eq=False)
class _Job:
    work: Work[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None
    is_done: bool = False


class SqliteFile:
    """One database file: a thread that reads and a thread that writes. Opening is tried again while it fails."""

    def __init__(self, path: Path, schema: Schema, *, is_durable: bool, on_change: Changed = ignore) -> None:
        """is_durable: synchronous FULL (survives power loss) instead of NORMAL (survives kill -9), see R26.

        on_change(is_up, why): one call when writing begins to fail, one when it works again; one for a damaged file.
        """
        self.path = path
        self._on_change = on_change
        self._is_damaged = False
        self._breaker = Breaker(on_change, max_failures=1)
        opened = _Opener(path, schema, is_durable=is_durable)
        self._reads = _SqliteThread(f"sqlite-read-{path.name}", opened, is_writer=False)
        self._writes = _SqliteThread(f"sqlite-write-{path.name}", opened, is_writer=True)

    @property
    def is_up(self) -> bool:
        """False from a write that failed until one that did not; of a damaged file, until the process ends."""
        return not (self._breaker.is_open or self._is_damaged)

    async def read(self, work: Work[T]) -> T:
        """Runs `work` on the reading connection. Raises BackendError, BackendBusy."""
        try:
            return await self._reads.run(work)
        except BackendError as error:
            if _code(error.__cause__) == sqlite3.SQLITE_CORRUPT and not self._is_damaged:
                self._is_damaged = True  # some pages can be read, and written: it is told once, not with each change
                self._on_change(False, f"{self.path.name}: {error}")
            raise

    async def write(self, work: Work[T]) -> T:
        """Runs `work` inside a transaction; committed when it returns. `work` may run twice: no side effects."""
        try:
            result = await self._writes.run(work)
        except BackendBusy:
            raise
        except BackendError as error:
            self._breaker.failed(f"{self.path.name}: {error}")
            raise
        self._breaker.succeeded()
        return result

    async def close(self) -> None:
        """Finishes what waits, then closes both connections."""
        await asyncio.to_thread(self._writes.stop)
        await asyncio.to_thread(self._reads.stop)


class _Opener:
    """Makes connections; shared by the two threads of a file, so that only one creates the tables."""

    def __init__(self, path: Path, schema: Schema, *, is_durable: bool) -> None:
        self._path = path
        self._schema = schema
        self._synchronous = "FULL" if is_durable else "NORMAL"
        self._lock = threading.Lock()

    def file_number(self) -> int | None:
        """Which file lies at the path now; None for none."""
        try:
            return os.stat(self._path).st_ino
        except FileNotFoundError:
            return None

    def __call__(self) -> sqlite3.Connection:
        with self._lock:
            # Made here, for SQLite's own are 0644; to close one that is there would give up our locks on it (POSIX).
            with contextlib.suppress(FileExistsError):
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            connection = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if not self._schema.is_in(connection):
            raise BackendError(f"{self._path}: another program's database")
        _write_ahead(connection)
        connection.execute(f"PRAGMA synchronous={self._synchronous}")
        connection.execute("PRAGMA secure_delete=FAST")
        if not _version(connection):  # else nothing is written, and nobody who writes is waited for
            self._make_tables(connection)
        if (version := _version(connection)) != self._schema.version:
            raise BackendError(f"{self._path}: written by another release (schema {version})")

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")  # two processes may start at once
        try:
            if not _version(connection):
                for statement in self._schema.statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={self._schema.version}")
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise


class _SqliteThread:
    def __init__(self, name: str, opener: _Opener, *, is_writer: bool) -> None:
        self._opener = opener
        self._is_writer = is_writer
        self._jobs: deque[_Job] = deque()
        self._bell = Bell()
        self._stopping = False
        self._connection: sqlite3.Connection | None = None
        self._file_number: int | None = None
        self._next_open = 0.0
        self._failure: BackendError | None = None
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    async def run(self, work: Work[T]) -> T:
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future(), loop)
        with self._bell:
            if self._stopping:
                raise BackendError("the store is closed")
            if len(self._jobs) >= MAX_WAITING:
                raise BackendBusy("too many jobs wait for SQLite")
            self._jobs.append(job)
        self._bell.ring()
        result: T = await job.future
        return result

    def stop(self) -> None:
        with self._bell:
            self._stopping = True
        self._bell.ring()
        self._thread.join()

    def _loop(self) -> None:
        while batch := self._next_batch():
            fault = self._run_batch(batch)
            _deliver(batch if fault is None else [*batch, *self._failed_waiting(fault)])
        if self._connection is not None:
            self._connection.close()

    def _next_batch(self) -> list[_Job]:
        """Empty only when it is time to stop and nothing waits."""
        with self._bell:
            while not self._jobs and not self._stopping:
                self._bell.wait()
            return [self._jobs.popleft() for _ in range(min(len(self._jobs), MAX_BATCH))]

    def _run_batch(self, batch: list[_Job]) -> BackendError | None:
        """A fault of the file fails all that is not done, and is returned."""
        try:
            connection = self._connected()
            if self._is_writer and len(batch) > 1 and _all_in_one(connection, batch):
                return None
            for job in batch:
                _alone(connection, job, in_transaction=self._is_writer)
        except Exception as error:  # noqa: BLE001 - a thread's rim: without it, whoever waits would for ever
            fault = _translated(error)
            self._let_go_if_stuck()
            for job in batch:
                if not job.is_done:
                    job.error = fault
            return fault
        return None

    def _let_go_if_stuck(self) -> None:
        """A transaction that could not even be rolled back would be in the way of all later ones."""
        if self._connection is not None and self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _failed_waiting(self, fault: BackendError) -> list[_Job]:
        """Whoever gathered behind a lost batch has waited as long: all fail together, and nobody who comes later."""
        with self._bell:
            waiting = list(self._jobs)
            self._jobs.clear()
        for job in waiting:
            job.error = fault
        return waiting

    def _connected(self) -> sqlite3.Connection:
        """SQLite goes on in a file that was removed: what is written there, reports too, nobody reads again."""
        if self._connection is not None:
            if self._opener.file_number() != self._file_number:
                raise BackendError("was removed or replaced under the running proxy: start it anew, or put it back")
            return self._connection
        if self._failure is not None and time.monotonic() < self._next_open:
            raise self._failure
        try:
            self._connection = self._opener()
        except (sqlite3.Error, OSError, BackendError) as error:
            self._next_open = time.monotonic() + REOPEN_AFTER_S
            self._failure = _translated(error)
            raise self._failure from error
        self._file_number = self._opener.file_number()
        return self._connection


def _version(connection: sqlite3.Connection) -> int:
    """Of the schema; 0 for a new file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Two that turn a new file to WAL at once each hold what the other needs: SQLite refuses one without waiting."""
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.Error as error:
            if _code(error) not in HELD_BY_ANOTHER or time.monotonic() >= deadline:
                raise
            time.sleep(RETRY_S)
        else:
            return


def _all_in_one(connection: sqlite3.Connection, batch: list[_Job]) -> bool:
    """One commit for all; False (and nothing changed) when any of them failed. Raises a fault of the file."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        for job in batch:
            job.result = _result(connection, job.work)
        connection.execute("COMMIT")
    except Exception as error:
        _roll_back(connection)
        if _is_of_the_file(error):
            raise
        return False  # each job runs again alone and gets its own error there
    return True


def _alone(connection: sqlite3.Connection, job: _Job, *, in_transaction: bool) -> None:
    """Raises a fault of the file; any other is the job's."""
    try:
        if in_transaction:
            connection.execute("BEGIN IMMEDIATE")
        job.result = _result(connection, job.work)
        if in_transaction:
            connection.execute("COMMIT")
    except Exception as error:  # a thread's rim: the caller gets it
        _roll_back(connection)
        if _is_of_the_file(error):
            raise
        job.error = _translated(error)
    job.is_done = True


def _result(connection: sqlite3.Connection, work: Work[Any]) -> Any:
    result = work(connection)
    if isinstance(result, sqlite3.Cursor):
        raise TypeError("work returned a cursor, which must not leave its thread")
    return result


def _is_of_the_file(error: Exception) -> bool:
    return _code(error) in FILE_FAULTS


def _code(error: BaseException | None) -> int | None:
    """SQLite's primary result code; None for what is no error of SQLite's."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF if isinstance(error, sqlite3.Error) else None


def _roll_back(connection: sqlite3.Connection) -> None:
    """SQLite undoes some failed transactions by itself; then there is nothing left to roll back."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _translated(error: Exception) -> BackendError:
    if isinstance(error, BackendError):
        return error
    translated = BackendError(f"SQLite: {error}")
    translated.__cause__ = error
    return translated


def _deliver(batch: list[_Job]) -> None:
    """One wake-up per event loop, not one per job."""
    for loop in {job.loop for job in batch}:
        mine = [job for job in batch if job.loop is loop]
        try:
            loop.call_soon_threadsafe(_settle, mine)
        except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
            continue


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
