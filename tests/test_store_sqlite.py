"""The SQLite shelves."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from proxy.backends import ledger_sqlite, sqlite_thread
from proxy.backends.feed_sqlite import SqliteFeed
from proxy.backends.shared_counter import LocalCounter, SharedCounter
from proxy.backends.shelves import Shelves, open_sqlite
from proxy.backends.sqlite_thread import BUSY_TIMEOUT_S, SqliteFile
from proxy.backends.state_sqlite import SWEEP_EVERY
from proxy.backends.store_sqlite import SCHEMA
from proxy.cli.doctor import file_fault
from proxy.errors import BackendError
from tests.facts.entries import NOW, FakeClock, entry, label
from tests.facts.store import QUOTAS, Damage, FeedFacts, LedgerFacts, RestartFacts, StateFacts, StoreFacts
from tests.facts.waiting import eventually


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "equicache.db"


def content(path: Path) -> bytes:
    return path.read_bytes()


@pytest.fixture
def no_database(path: Path) -> None:
    path.write_bytes(b"this is not a database" * 1000)


@pytest.fixture
async def shelves(path: Path) -> AsyncIterator[Shelves]:
    opened = await open_sqlite(path, QUOTAS, FakeClock())
    yield opened
    await opened.close()


@pytest.fixture
async def reopened(shelves: Shelves, path: Path) -> AsyncIterator[Callable[[], Awaitable[Shelves]]]:
    again: list[Shelves] = []

    async def reopen() -> Shelves:
        await shelves.store.close()
        again.append(await open_sqlite(path, QUOTAS, FakeClock()))
        return again[0]

    yield reopen
    for opened in again:
        await opened.close()


@pytest.fixture
def damage(path: Path) -> Damage:
    async def overwrite(entry_id: bytes, value: bytes) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute(
                "UPDATE bodies SET value = ? WHERE number = (SELECT number FROM entries WHERE id = ?)",
                (value, entry_id),
            )
        connection.close()

    return overwrite


class TestSqlite(StoreFacts, StateFacts, FeedFacts, LedgerFacts, RestartFacts):
    pass


async def test_facts_that_have_ended_leave_the_file(path: Path) -> None:
    clock = FakeClock()
    shelves = await open_sqlite(path, QUOTAS, clock)
    await shelves.state.set("switch", b"off")
    await asyncio.gather(*(shelves.state.set(f"response:{number}", b"x", ttl_s=60) for number in range(50)))
    clock.time += 61
    await asyncio.gather(*(shelves.state.set(f"later:{number}", b"x", ttl_s=60) for number in range(SWEEP_EVERY)))
    await shelves.close()

    with contextlib.closing(sqlite3.connect(f"{path}.ledger")) as connection:
        kept = {key for (key,) in connection.execute("SELECT key FROM state")}
    assert {"switch", *(f"later:{number}" for number in range(SWEEP_EVERY))} == kept


async def test_nobody_else_may_read_the_files(shelves: Shelves, path: Path) -> None:
    await shelves.store.put(entry())
    await shelves.ledger.record(label())

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert set(modes.values()) == {0o600}
    assert {"equicache.db", "equicache.db.ledger", "equicache.db.version", "equicache.db-wal"} <= set(modes)


async def test_another_worker_sees_an_entry_and_the_change_at_once(shelves: Shelves, path: Path) -> None:
    other = await open_sqlite(path, QUOTAS, FakeClock())
    before = other.feed.version()
    kept = entry()
    await shelves.store.put(kept)

    position = await shelves.feed.publish("entry", kept.id)

    assert other.feed.version() == position > before
    assert [change.body for change in await other.feed.read(before)] == [kept.id]
    assert await other.store.get_exact(kept.exact_key, NOW) is not None
    await other.close()


async def test_changes_are_counted_anew_when_the_file_was_removed(shelves: Shelves, path: Path) -> None:
    for _ in range(3):
        await shelves.feed.publish("switch", b"")
    await shelves.close()
    for file in path.parent.glob("equicache.db*"):
        if not file.name.endswith(".version"):
            file.unlink()
    again = await open_sqlite(path, QUOTAS, FakeClock())

    assert (3, 0, 0) == (again.feed.version(), await again.feed.start(), again.feed.version())
    await again.close()


async def test_a_change_that_comes_while_the_counting_begins_anew_is_counted(path: Path) -> None:
    file = SqliteFile(path, SCHEMA, is_durable=False)

    class Overtaken(LocalCounter):
        def restart_at(self, number: int) -> None:
            with contextlib.closing(sqlite3.connect(path)) as other, other:
                other.execute("INSERT INTO changes (kind, body) VALUES ('entry', x'')")
            self.raise_to(number + 1)  # by the other worker, and in vain: the old number is larger
            super().restart_at(number)

    counter = Overtaken()
    counter.raise_to(3)

    assert (1, 1) == (await SqliteFeed(file, counter).start(), counter.value())
    await file.close()


def test_the_counter_is_shared_where_no_block_can_be_reserved(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "posix_fallocate")
    ours = SharedCounter(path)
    ours.raise_to(3)
    theirs = SharedCounter(path)

    assert 3 == theirs.value()
    ours.close()
    theirs.close()


async def test_two_workers_that_write_at_once_lose_nothing(shelves: Shelves, path: Path) -> None:
    other = await open_sqlite(path, QUOTAS, FakeClock())
    entries = [entry(f"question {i}") for i in range(200)]

    await asyncio.gather(*((shelves if i % 2 else other).store.put(item) for i, item in enumerate(entries)))
    positions = await asyncio.gather(*((shelves if i % 2 else other).feed.publish("entry", b"") for i in range(50)))

    assert None not in await shelves.store.get_many([item.id for item in entries], NOW)
    assert sorted(positions) == list(range(1, 51))
    assert other.feed.version() == 50
    await other.close()


async def test_workers_that_open_a_new_file_at_once_all_write_to_it(tmp_path: Path) -> None:
    """SQLite refuses one of two that turn a file to its write-ahead log in the same instant, without waiting."""
    for attempt in range(25):
        files = [SqliteFile(tmp_path / f"{attempt}.db", SCHEMA, is_durable=False) for _ in range(4)]
        await asyncio.gather(
            *(file.write(lambda connection: connection.execute("SELECT 1").fetchone()) for file in files)
        )
        await asyncio.gather(*(file.close() for file in files))


async def test_no_cursor_leaves_the_thread_of_its_connection(tmp_path: Path) -> None:
    """Dropped by another thread, it resets the statement that this one runs: `bad parameter or other API misuse`."""
    file = SqliteFile(tmp_path / "one.db", SCHEMA, is_durable=False)
    for ask in (file.read, file.write):
        with pytest.raises(BackendError, match="returned a cursor"):
            await ask(lambda connection: connection.execute("SELECT 1"))
    await file.close()


WRITER = """
import asyncio, sys
from pathlib import Path
from proxy.backends.shelves import open_sqlite
from tests.facts.entries import FakeClock, entry, label
from tests.facts.store import QUOTAS

async def main():
    shelves = await open_sqlite(Path(sys.argv[1]), QUOTAS, FakeClock())
    for i in range(100_000):
        kept = entry(f"question {i}")
        await shelves.store.put(kept)
        await shelves.ledger.record(label(f"hit {i}"))
        print(kept.id.hex(), i, flush=True)

asyncio.run(main())
"""


async def test_nothing_acknowledged_is_lost_when_the_process_is_killed(path: Path) -> None:
    root = str(Path(__file__).parent.parent)
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(path), stdout=asyncio.subprocess.PIPE, cwd=root,
        env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    assert writer.stdout is not None
    lines = [await writer.stdout.readline() for _ in range(60)]
    writer.kill()
    lines += (await writer.stdout.read()).splitlines(keepends=True)
    await writer.wait()
    whole = [line.decode().split() for line in lines if line.endswith(b"\n")]

    again = await open_sqlite(path, QUOTAS, FakeClock())
    found = await again.store.get_many([bytes.fromhex(entry_id) for entry_id, _ in whole], NOW)
    labels = {item.hit_id async for item in again.ledger.labels()}
    await again.close()

    assert len(whole) >= 60
    assert None not in found
    assert {f"hit {number}" for _, number in whole} <= labels


@pytest.mark.parametrize("look", [file_fault, lambda _: ""], ids=["after a look at the file", ""])
async def test_another_program_that_lets_go_of_the_files_takes_nothing_away(
    shelves: Shelves, path: Path, look: Callable[[Path], str]
) -> None:
    """As `equicache off` does, and `sqlite3`: who closes a file last removes what is not in it yet (`-wal`)."""
    files = [path, Path(f"{path}.ledger")]
    await shelves.store.put(entry("before"))
    await shelves.ledger.record(label())
    await asyncio.gather(shelves.store.get_many([b"x" * 16], NOW), shelves.ledger.find_hit("x"))  # the readers open
    assert "" == look(path)
    for file in files:
        counted_elsewhere(file, "sqlite_master")
    await shelves.store.put(entry("after"))
    await shelves.ledger.record(label("hit-2"))

    assert {"equicache.db-wal", "equicache.db.ledger-wal"} <= names_beside(path)
    assert [2, 2] == [counted_elsewhere(file, table) for file, table in zip(files, ("entries", "labels"), strict=True)]


def names_beside(path: Path) -> set[str]:
    return {file.name for file in path.parent.iterdir()}


def counted_elsewhere(file: Path, table: str) -> int:
    """In a process of its own: to SQLite, connections of one process are one."""
    script = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone())"
    query = f"SELECT count(*) FROM {table}"
    return int(subprocess.run([sys.executable, "-c", script, file, query], check=True, stdout=subprocess.PIPE).stdout)


async def test_a_file_of_another_release_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    shelves = await open_sqlite(path, QUOTAS, FakeClock())

    with pytest.raises(BackendError, match="another release"):
        await shelves.store.get_exact(b"x" * 32, NOW)
    await shelves.close()


@pytest.mark.parametrize("version", [0, 1])
async def test_a_database_of_another_program_is_refused_and_left_as_it_was(version: int, path: Path) -> None:
    """One that `store` names by mistake."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE users (name)")
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    before = content(path)
    shelves = await open_sqlite(path, QUOTAS, FakeClock())

    with pytest.raises(BackendError, match="another program's database"):
        await shelves.store.get_exact(b"x" * 32, NOW)
    with pytest.raises(BackendError, match="another program's database"):
        await shelves.store.put(entry())
    await shelves.close()

    assert before == content(path)


@pytest.mark.usefixtures("no_database")
async def test_a_file_that_is_no_database_is_an_error_of_the_call(path: Path) -> None:
    shelves = await open_sqlite(path, QUOTAS, FakeClock())

    with pytest.raises(BackendError):
        await shelves.store.get_exact(b"x" * 32, NOW)
    with pytest.raises(BackendError):
        await shelves.store.put(entry())
    await shelves.close()


async def test_a_full_disk_refuses_writes_while_reads_go_on(shelves: Shelves) -> None:
    kept = entry()
    await shelves.store.put(kept)
    await shelves.store._file.write(_allow_no_more_pages)  # type: ignore[attr-defined]

    with pytest.raises(BackendError, match="full"):
        await asyncio.gather(*(shelves.store.put(entry(f"question {i}")) for i in range(100)))

    assert await shelves.store.get_exact(kept.exact_key, NOW) is not None


async def test_a_start_on_a_full_disk_waits_for_nobody(
    shelves: Shelves, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no room for `-shm`: nobody who lets go of a lock makes any."""
    await shelves.store.put(entry())
    await shelves.close()
    waits: list[float] = []
    monkeypatch.setattr(sqlite_thread.time, "sleep", waits.append)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    again = await open_sqlite(path, QUOTAS, FakeClock(), is_shared=False)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(BackendError, match="disk I/O error"):
            await again.store.get_exact(b"x" * 32, NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await again.close()

    assert waits == []


async def test_a_file_that_somebody_else_locks_keeps_those_who_write_waiting_once_not_one_by_one(
    shelves: Shelves, path: Path
) -> None:
    await shelves.store.put(entry())
    with _locked(path):
        crowd = [asyncio.create_task(shelves.store.put(entry(f"question {i}"))) for i in range(20)]
        _, waiting = await asyncio.wait(crowd, timeout=4 * BUSY_TIMEOUT_S)
        assert not waiting
        first = asyncio.create_task(shelves.store.put(entry("first")))
        await asyncio.sleep(0)
        await eventually(lambda: not shelves.store._file._writes._jobs)  # type: ignore[attr-defined]
        behind = [asyncio.create_task(shelves.store.put(entry(f"late {i}"))) for i in range(20)]
        await asyncio.wait([first])
    failures = await asyncio.gather(*crowd, first, *behind, return_exceptions=True)  # nobody tried the open file

    assert {BackendError} == {type(failure) for failure in failures}
    await shelves.store.put(entry("when it is over"))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """As another program does that writes for a long time."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def _allow_no_more_pages(connection: sqlite3.Connection) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 10}")


async def test_a_start_beside_somebody_who_writes_reads_at_once(path: Path) -> None:
    kept = entry("one")
    before = await open_sqlite(path, QUOTAS, FakeClock())
    await before.store.put(kept)
    await before.state.set_if_absent("secret", b"ours")
    await before.close()
    with _locked(path), _locked(path.with_name(path.name + ".ledger")):
        shelves = await open_sqlite(path, QUOTAS, FakeClock())

        assert [kept.id] == [found.id for found in await shelves.store.get_many([kept.id], NOW) if found]
        assert b"ours" == await shelves.state.set_if_absent("secret", b"another")
    await shelves.close()


async def test_a_connection_that_cannot_even_roll_back_is_opened_anew(path: Path) -> None:
    class Sick:
        """A disk that fails in the middle of a transaction, and in the end of it."""

        in_transaction = True

        def __init__(self, healthy: sqlite3.Connection | None) -> None:
            self._healthy = healthy

        def execute(self, *_: object) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        def close(self) -> None:
            assert self._healthy is not None
            self._healthy.close()

    file = SqliteFile(path, SCHEMA, is_durable=False)
    await file.write(lambda connection: connection.execute("SELECT 1").fetchone())
    file._writes._connection = Sick(file._writes._connection)  # type: ignore[assignment]

    with pytest.raises(BackendError, match="disk I/O"):
        await file.write(lambda connection: connection.execute("SELECT 1").fetchone())
    async with asyncio.timeout(5):
        assert (1,) == await file.write(lambda connection: connection.execute("SELECT 1").fetchone())
    await file.close()


async def test_a_feed_that_was_trimmed_tells_of_the_gap(path: Path) -> None:
    file = SqliteFile(path, SCHEMA, is_durable=False)
    feed = SqliteFeed(file, SharedCounter(path.with_name("version")), max_changes=100)
    await asyncio.gather(*(feed.publish("entry", b"") for _ in range(1000)))

    gap, *changes = await feed.read(5)

    assert (gap.kind, gap.position) == ("gap", 900)
    assert [change.position for change in changes] == list(range(901, 1001))
    await feed.close()
    await file.close()


async def test_a_writer_killed_before_it_counted_is_caught_up_with_at_the_next_start(path: Path) -> None:
    shelves = await open_sqlite(path, QUOTAS, FakeClock())
    for _ in range(3):
        await shelves.feed.publish("entry", b"")
    await shelves.close()
    path.with_name(path.name + ".version").unlink()

    again = await open_sqlite(path, QUOTAS, FakeClock())

    assert await again.feed.start() == 3
    assert again.feed.version() == 3
    await again.close()


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "equicache.db"
    shelves = await open_sqlite(path, QUOTAS, FakeClock())
    await shelves.store.put(entry("one"))
    await shelves.close()

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("is_shared", [False, True])
async def test_a_place_that_cannot_be_written_fails_each_call_until_it_can(
    tmp_path: Path, is_shared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.backends.sqlite_thread.REOPEN_AFTER_S", 0.0)
    path = tmp_path / "a file" / "equicache.db"
    path.parent.write_bytes(b"")
    shelves = await open_sqlite(path, QUOTAS, FakeClock(), is_shared=is_shared)
    for call in (shelves.store.put(entry("one")), shelves.feed.start(), shelves.feed.publish("removed", b"")):
        with pytest.raises(BackendError):
            await call
    path.parent.unlink()
    path.parent.mkdir()

    await shelves.store.put(entry("one"))
    assert 0 == await shelves.feed.start() == shelves.feed.version()
    assert 1 == await shelves.feed.publish("removed", b"") == shelves.feed.version()
    await shelves.close()


async def test_those_who_would_not_hear_each_other_follow_nothing_until_they_do(tmp_path: Path) -> None:
    """What others do is counted in a file of its own; here that alone cannot be had."""
    path = tmp_path / "equicache.db"
    path.with_name("equicache.db.version").mkdir()
    one = await open_sqlite(path, QUOTAS, FakeClock())
    with pytest.raises(BackendError):
        await one.feed.start()

    assert one.feed.version() < 0, "no position: nobody can have applied it"
    path.with_name("equicache.db.version").rmdir()
    other = await open_sqlite(path, QUOTAS, FakeClock())
    assert 0 == await one.feed.start()
    await other.feed.publish("removed", b"")
    assert 1 == one.feed.version()
    await one.close()
    await other.close()


async def test_each_change_between_failing_and_working_is_told_once(path: Path) -> None:
    told: list[tuple[bool, str]] = []
    file = SqliteFile(path, SCHEMA, is_durable=False, on_change=lambda is_up, why: told.append((is_up, why)))

    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    for work in (full, full, lambda _: None, lambda _: None):
        with contextlib.suppress(BackendError):
            await file.write(work)
    await file.close()

    assert told == [(False, "equicache.db: SQLite: database or disk is full"), (True, "answers again")]


async def test_a_sweep_that_finds_nothing_does_not_say_that_a_full_disk_takes_writes(shelves: Shelves) -> None:
    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(BackendError):
        await shelves.store._file.write(full)  # type: ignore[attr-defined]

    assert [] == await shelves.store.sweep(NOW)
    assert not shelves.is_up()


async def test_damaged_pages_are_told_once(path: Path) -> None:
    kept = entry("one")
    before = await open_sqlite(path, QUOTAS, FakeClock())
    await before.store.put(kept)
    await before.close()
    with open(path, "r+b") as file:  # noqa: ASYNC230
        size = file.seek(0, os.SEEK_END)
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    told: list[tuple[bool, str]] = []
    shelves = await open_sqlite(path, QUOTAS, FakeClock(), on_change=lambda is_up, why: told.append((is_up, why)))
    for _ in range(2):
        with pytest.raises(BackendError):
            await shelves.store.get_many([kept.id], NOW)
    is_up = shelves.is_up()
    await shelves.close()

    assert told == [(False, "equicache.db: SQLite: database disk image is malformed")]
    assert not is_up


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_nothing_is_acknowledged_in_a_file_that_was_removed(path: Path, *, is_replaced: bool) -> None:
    told: list[tuple[bool, str]] = []
    kept, aside = entry("one"), path.with_name("aside.db")
    shelves = await open_sqlite(path, QUOTAS, FakeClock(), on_change=lambda is_up, why: told.append((is_up, why)))
    await shelves.store.put(kept)
    await shelves.store.get_many([kept.id], NOW)
    shutil.move(path, aside)
    if is_replaced:
        shutil.copy(aside, path)
    for _ in range(2):
        with pytest.raises(BackendError):
            await shelves.store.put(entry("two"))
        with pytest.raises(BackendError):
            await shelves.store.get_many([kept.id], NOW)
    shutil.move(aside, path)
    await shelves.store.put(entry("three"))
    await shelves.close()

    why = "equicache.db: was removed or replaced under the running proxy: start it anew, or put it back"
    assert told == [(False, why), (True, "answers again")]


async def test_closing_closes_what_people_said_too(path: Path) -> None:
    shelves = await open_sqlite(path, QUOTAS, FakeClock())
    await shelves.store.put(entry())
    await shelves.ledger.record(label())
    await shelves.close()

    for late in (shelves.store.put(entry()), shelves.ledger.record(label("hit-2")), shelves.state.set("a", b"b")):
        with pytest.raises(BackendError):
            await late
    assert not path.with_name(path.name + ".ledger-wal").exists()


@pytest.fixture
def hits() -> Iterator[sqlite3.Connection]:
    """A ledger's tables."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for statement in ledger_sqlite.STATEMENTS:
            connection.execute(statement)
        yield connection


def test_remembering_hits_takes_no_longer_the_more_are_kept(hits: sqlite3.Connection) -> None:
    """Every fifth of a second a batch is written, and whoever reports waits behind it."""
    spent = []
    for count in (2_000, 20_000):
        rows = ((f"{count}-{number}", "default", NOW) for number in range(count))
        hits.executemany("INSERT INTO hits (id, domain, served_at) VALUES (?, ?, ?)", rows)
        steps: list[None] = []
        hits.set_progress_handler(lambda steps=steps: steps.append(None), 100)
        ledger_sqlite._trim(hits, "default", NOW - 1)
        hits.set_progress_handler(None, 0)
        spent.append(len(steps))

    assert spent[1] < 2 * spent[0]


def test_of_more_hits_than_a_domain_may_have_the_oldest_leave(
    hits: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_sqlite, "MAX_HITS_PER_DOMAIN", 2)
    rows = [(name, name[0], NOW) for name in ("a1", "b1", "a2", "b2", "a3", "a4")]
    hits.executemany("INSERT INTO hits (id, domain, served_at) VALUES (?, ?, ?)", rows)

    ledger_sqlite._trim(hits, "a", NOW - 1)
    ledger_sqlite._trim(hits, "b", NOW - 1)

    assert ["b1", "b2", "a3", "a4"] == [name for (name,) in hits.execute("SELECT id FROM hits ORDER BY number")]
