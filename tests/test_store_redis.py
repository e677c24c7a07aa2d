"""The Redis shelves, against a real redis-server that is killed, frozen and starved."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from proxy.backends.feed_redis import PUBLISH, UNHEARD, RedisFeed
from proxy.backends.ledger_redis import RedisLedger
from proxy.backends.redis_link import Argument, RedisLink
from proxy.backends.shelves import Shelves, open_redis
from proxy.backends.store_redis import PREFIX
from proxy.config.load import loads
from proxy.errors import BackendError
from proxy.parts import is_switched_off, switch_semantic
from tests.facts.entries import ALICE, BOB, NOW, digest, entry, hit, label, quarantine, record
from tests.facts.store import (
    QUOTAS,
    Damage,
    FeedFacts,
    LedgerFacts,
    RestartFacts,
    StateFacts,
    StoreFacts,
    alive,
    stored,
)
from tests.facts.waiting import eventually
from tests.redis_server import Cable, RedisServer

pytestmark = pytest.mark.redis


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RedisServer]:
    async with RedisServer(tmp_path, appends=True) as running:
        yield running


@pytest.fixture
def changes() -> list[tuple[bool, str]]:
    """What the breaker told."""
    return []


@pytest.fixture
async def shelves(server: RedisServer, tmp_path: Path, changes: list[tuple[bool, str]]) -> AsyncIterator[Shelves]:
    counter = tmp_path / "version"
    opened = open_redis(server.url, QUOTAS, counter=counter, on_change=lambda *change: changes.append(change))
    yield opened
    await opened.close()


@pytest.fixture
async def reopened(shelves: Shelves, server: RedisServer) -> AsyncIterator[Callable[[], Awaitable[Shelves]]]:
    again: list[Shelves] = []

    async def reopen() -> Shelves:
        await shelves.close()
        await server.kill()
        await server.start()
        again.append(open_redis(server.url, QUOTAS))
        return again[0]

    yield reopen
    for opened in again:
        await opened.close()


def link_of(shelves: Shelves) -> RedisLink:
    link: RedisLink = shelves.store._link  # type: ignore[attr-defined]
    return link


@pytest.fixture
def damage(shelves: Shelves) -> Damage:
    async def overwrite(entry_id: bytes, value: bytes) -> None:
        await link_of(shelves).call("SET", PREFIX.encode() + b"e:" + entry_id, value)

    return overwrite


class TestRedis(StoreFacts, StateFacts, FeedFacts, LedgerFacts, RestartFacts):
    pass


async def test_a_value_of_another_type_is_none_and_deleted(shelves: Shelves) -> None:
    kept = entry()
    await shelves.store.put(kept)
    await link_of(shelves).call("DEL", PREFIX.encode() + b"e:" + kept.id)
    await link_of(shelves).call("LPUSH", PREFIX.encode() + b"e:" + kept.id, "x")

    assert await shelves.store.get_many([kept.id], NOW) == [None]
    assert await shelves.store.get_exact(kept.exact_key, NOW) is None
    assert await shelves.store.delete([kept.id]) == []


async def test_an_answer_that_lies_under_the_key_of_another_request_is_none(shelves: Shelves) -> None:
    one, other = await stored(shelves, "one", "other", domain="default")
    await link_of(shelves).call("HSET", PREFIX + "exact", one.exact_key, other.id)

    assert await shelves.store.get_exact(one.exact_key, NOW) is None


async def test_values_that_redis_dropped_by_itself_still_leave_quota_and_index(shelves: Shelves) -> None:
    entries = await stored(shelves, "one", "two", "three", domain="fifo")
    for item in entries:
        await link_of(shelves).call("DEL", PREFIX.encode() + b"e:" + item.id)

    gone = await shelves.store.sweep(NOW + 1e6)

    assert {ref.id for ref in gone} == {item.id for item in entries}
    assert await link_of(shelves).call("KEYS", PREFIX + "*") == [PREFIX.encode() + b"totals"]
    assert await link_of(shelves).call("HGET", PREFIX + "totals", "fifo") == b"0"


async def test_calls_of_one_turn_leave_together(shelves: Shelves, server: RedisServer) -> None:
    link = link_of(shelves)
    await asyncio.gather(*(link.call("SET", f"k{i}", i) for i in range(50)))

    assert await asyncio.gather(*(link.call("GET", f"k{i}") for i in range(50))) == [str(i).encode() for i in range(50)]


async def test_an_error_reply_is_the_error_of_its_own_call_only(shelves: Shelves) -> None:
    link = link_of(shelves)
    await link.call("SET", "text", "x")

    results = await asyncio.gather(
        link.call("GET", "text"), link.call("INCR", "text"), link.call("GET", "text"), return_exceptions=True
    )

    assert results[0] == results[2] == b"x"
    assert isinstance(results[1], BackendError)
    assert link.is_up


async def test_a_feed_that_is_started_again_asks_once_and_ends_with_the_shelves(tmp_path: Path) -> None:
    def asking() -> int:
        return sum(task.get_name() == "redis-feed" for task in asyncio.all_tasks())

    shelves = open_redis(RedisServer(tmp_path).url, QUOTAS)
    for _ in range(3):
        assert await shelves.feed.start() == 0
    begun = asking()
    await shelves.close()

    assert (1, 0) == (begun, asking())


async def test_a_feed_whose_counter_cannot_be_had_is_unheard_until_it_can(server: RedisServer, tmp_path: Path) -> None:
    shelves = open_redis(server.url, QUOTAS, counter=tmp_path / "gone" / "feed.version")
    await shelves.feed.start()

    assert shelves.feed.version() == UNHEARD
    with pytest.raises(BackendError):
        await shelves.feed.publish("removed", b"")
    (tmp_path / "gone").mkdir()
    assert await shelves.feed.start() == shelves.feed.version() > 0
    await shelves.close()


async def test_redis_absent_at_start_is_only_an_error_of_each_call(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    shelves = open_redis(server.url, QUOTAS)
    assert await shelves.feed.start() == 0
    for _ in range(5):
        with pytest.raises(BackendError):
            await shelves.store.get_exact(b"x" * 32, NOW)
    assert not link_of(shelves).is_up

    async with server:
        await eventually(lambda: link_of(shelves).is_up)
        kept = entry()
        await shelves.store.put(kept)
        assert await shelves.store.get_exact(kept.exact_key, NOW) is not None
        await shelves.close()


async def test_a_frozen_redis_costs_few_callers_the_budget_and_the_rest_nothing(
    shelves: Shelves, server: RedisServer, changes: list[tuple[bool, str]]
) -> None:
    kept = entry()
    await shelves.store.put(kept)
    server.freeze()

    waits = []
    for _ in range(20):
        started = time.perf_counter()
        with pytest.raises(BackendError):
            await shelves.store.get_exact(kept.exact_key, NOW)
        waits.append(time.perf_counter() - started)
    slow = [wait for wait in waits if wait > 0.02]

    assert 1 <= len(slow) <= 5
    assert max(waits) < 0.5
    server.thaw()
    await eventually(lambda: link_of(shelves).is_up)
    assert await shelves.store.get_exact(kept.exact_key, NOW) is not None
    assert [is_up for is_up, _ in changes] == [False, True]


async def test_large_answers_are_stored_and_found_without_a_word_about_the_store(
    shelves: Shelves, changes: list[tuple[bool, str]]
) -> None:
    entries = [entry(f"question {i}", record=record(random.randbytes(900_000), completion=None)) for i in range(60)]
    await asyncio.gather(*(shelves.store.put(item) for item in entries))
    for few in (entries[:3], entries):
        found = await asyncio.gather(*(shelves.store.get_exact(item.exact_key, NOW) for item in few))
        assert [item.id for item in few] == [item and item.id for item in found]

    assert [] == changes


async def test_callers_behind_a_frozen_batch_wait_no_longer_than_it(shelves: Shelves, server: RedisServer) -> None:
    await shelves.state.get("warm")
    server.freeze()
    first = [asyncio.ensure_future(shelves.state.get(f"a{i}")) for i in range(10)]
    await asyncio.sleep(0.01)
    second = [asyncio.ensure_future(shelves.state.get(f"b{i}")) for i in range(10)]

    results = await asyncio.gather(*first, return_exceptions=True)

    assert all(isinstance(result, BackendError) for result in results)
    assert all(task.done() for task in second)
    await asyncio.gather(*second, return_exceptions=True)
    server.thaw()


async def test_nothing_acknowledged_is_lost_when_redis_is_killed(shelves: Shelves, server: RedisServer) -> None:
    entries = [entry(f"question {i}") for i in range(300)]
    await asyncio.gather(*(shelves.store.put(item) for item in entries))
    await shelves.ledger.record(label())
    await shelves.ledger.quarantine(quarantine())
    await server.kill()
    with pytest.raises(BackendError):
        await shelves.store.get_exact(entries[0].exact_key, NOW)

    await server.start()

    assert None not in await shelves.store.get_many([item.id for item in entries], NOW)
    assert [item.hit_id async for item in shelves.ledger.labels()] == ["hit-1"]
    assert await shelves.ledger.quarantines() == [quarantine()]


async def test_redis_out_of_memory_refuses_writes_while_reads_go_on(
    shelves: Shelves, server: RedisServer, changes: list[tuple[bool, str]]
) -> None:
    kept = entry()
    await shelves.store.put(kept)
    await server.say("CONFIG", "SET", "maxmemory", "1")

    for _ in range(2):
        with pytest.raises(BackendError, match="maxmemory"):
            await shelves.store.put(entry("another"))

    assert await shelves.store.get_exact(kept.exact_key, NOW) is not None
    assert link_of(shelves).is_up
    assert not shelves.is_up()
    [(is_up, why)] = changes
    assert not is_up
    assert "maxmemory" in why

    await server.say("CONFIG", "SET", "maxmemory", "0")
    await shelves.store.put(entry("another"))
    assert shelves.is_up()
    assert [is_up for is_up, _ in changes] == [False, True]


async def test_what_is_refused_once_and_never_asked_for_again_is_forgotten(
    shelves: Shelves, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.say("CONFIG", "SET", "maxmemory", "1")
    with pytest.raises(BackendError):
        await shelves.state.set("switch", b"1")
    await shelves.state.get("switch")
    assert not shelves.is_up()
    monkeypatch.setattr("proxy.backends.refusals.QUIET_S", -1.0)
    await shelves.state.get("switch")

    assert shelves.is_up()


@pytest.mark.parametrize("forbidden", ["-evalsha -eval", "-xadd"])
async def test_a_redis_that_forbids_commands_says_so_once(
    shelves: Shelves, server: RedisServer, changes: list[tuple[bool, str]], forbidden: str
) -> None:
    await server.say("ACL", "SETUSER", "default", *forbidden.split())
    for _ in range(2):
        with pytest.raises(BackendError):
            await shelves.feed.publish("entry", b"")

    assert [(False, True)] == [(is_up, "Redis refuses EVAL" in why) for is_up, why in changes]


async def test_a_read_only_replica_refuses_writes_while_reads_go_on(shelves: Shelves, server: RedisServer) -> None:
    kept = entry()
    await shelves.store.put(kept)
    await server.say("CONFIG", "SET", "replica-serve-stale-data", "yes")
    await server.say("REPLICAOF", "127.0.0.1", "1")

    with pytest.raises(BackendError, match=r"read only|READONLY"):
        await shelves.store.put(entry("another"))

    assert await shelves.store.get_exact(kept.exact_key, NOW) is not None
    assert link_of(shelves).is_up


async def test_a_replica_without_its_master_says_that_nothing_can_be_read(
    shelves: Shelves, server: RedisServer, changes: list[tuple[bool, str]]
) -> None:
    await server.say("CONFIG", "SET", "replica-serve-stale-data", "no")
    await server.say("REPLICAOF", "127.0.0.1", "1")
    for _ in range(2):
        with pytest.raises(BackendError):
            await shelves.state.get("switch")

    assert [(False, True)] == [(is_up, "MASTER is down" in why) for is_up, why in changes]
    assert not shelves.is_up()
    await server.say("REPLICAOF", "NO", "ONE")
    await shelves.state.get("switch")
    assert shelves.is_up()


async def test_another_worker_of_this_machine_sees_a_change_before_the_publisher_returns(
    shelves: Shelves, server: RedisServer, tmp_path: Path
) -> None:
    other = open_redis(server.url, QUOTAS, counter=tmp_path / "version")
    await other.feed.start()

    position = await shelves.feed.publish("quarantine", b"q")

    assert other.feed.version() == position
    await other.close()


async def test_a_proxy_on_another_machine_sees_a_change_by_asking(shelves: Shelves, server: RedisServer) -> None:
    other = open_redis(server.url, QUOTAS)
    await other.feed.start()
    position = await shelves.feed.publish("quarantine", b"q")

    await eventually(lambda: other.feed.version() >= position)

    assert [change.body for change in await other.feed.read(position - 1)] == [b"q"]
    await other.close()


async def test_a_line_that_comes_while_the_feed_is_read_is_no_gap(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed, one_by_one = shelves.feed, asyncio.Lock()
    assert isinstance(feed, RedisFeed)
    after = await feed.publish("entry", b"known")
    call = feed._link.call

    async def interrupted(*arguments: Argument) -> Any:
        async with one_by_one:
            reply = await call(*arguments)
            if arguments[0] in ("GET", "XRANGE"):
                await call("EVAL", PUBLISH.text, 1, PREFIX, "entry", b"between", 1000)
            return reply

    monkeypatch.setattr(feed._link, "call", interrupted)

    assert [change.kind for change in await feed.read(after)] == ["entry"]


async def test_a_feed_that_redis_forgot_starts_anew_with_a_gap(shelves: Shelves, server: RedisServer) -> None:
    for _ in range(5):
        await shelves.feed.publish("entry", b"")
    await server.say("FLUSHALL")
    await shelves.feed.publish("entry", b"new")

    (gap,) = await shelves.feed.read(5)

    assert (gap.kind, gap.position) == ("gap", 1)
    assert shelves.feed.version() == 1


async def test_uses_noted_by_one_proxy_count_for_all(shelves: Shelves, server: RedisServer) -> None:
    other = open_redis(server.url, QUOTAS)
    entries = await stored(shelves, "one", "two", "three", domain="lru")
    await other.store.get_exact(entries[0].exact_key, NOW + 10)
    await other.store.put(entry("elsewhere", tenant=ALICE))

    entries += await stored(shelves, "four", domain="lru", at=NOW + 20)

    assert await alive(shelves, entries) == ["one", "three", "four"]
    await other.close()


async def test_a_version_that_is_no_number_is_a_store_that_failed(shelves: Shelves) -> None:
    """And asking goes on: once the key is mended, the feed is there again."""
    await link_of(shelves).call("SET", PREFIX.encode() + b"version", b"zzz")
    with pytest.raises(BackendError, match="no number"):
        await shelves.feed.read(0)
    assert 0 == await shelves.feed.start()
    await link_of(shelves).call("SET", PREFIX.encode() + b"version", b"7")
    await eventually(lambda: shelves.feed.version() == 7)


async def test_of_hits_that_are_too_many_nothing_stays(shelves: Shelves) -> None:
    ledger = RedisLedger(link_of(shelves), max_hits=2)
    first, again = digest("first"), digest("again")
    for number, key in enumerate([first, again, again, digest("last")]):
        await ledger.remember([hit(f"hit-{number}", exact_key=key, served_at=NOW + number)])

    assert 5 == len(await link_of(shelves).call("KEYS", PREFIX + "*"))  # two hits, two requests, and their order
    assert "hit-2" == getattr(await ledger.last_hit(ALICE, again), "id", None)
    assert await ledger.last_hit(ALICE, first) is None


async def test_a_domain_whose_order_redis_has_lost_takes_new_entries_all_the_same(shelves: Shelves) -> None:
    await stored(shelves, "one", "two", "three", domain="fifo")
    await link_of(shelves).call("DEL", PREFIX.encode() + b"rank:fifo:" + ALICE)

    late = await stored(shelves, "four", domain="fifo", tenant=BOB, at=NOW + 20)

    assert await alive(shelves, late) == ["four"]


async def test_a_use_that_is_heard_of_late_makes_an_entry_no_older(shelves: Shelves) -> None:
    entries = await stored(shelves, "one", "two", "three", domain="lru")
    for use in (NOW + 50, NOW - 50):
        shelves.store.used(entries[0], 1, use)
        await stored(shelves, f"elsewhere {use}", domain="default")  # what is known about uses travels with a put

    await stored(shelves, "four", domain="lru", at=NOW + 60)

    assert await alive(shelves, entries) == ["one", "three"]


async def test_a_key_that_another_program_wrote_is_named_once(server: RedisServer) -> None:
    refused: list[tuple[str, str]] = []
    shelves = open_redis(server.url, QUOTAS, on_refused=lambda *told: refused.append(told))
    for name in ("changes", "expiry"):
        await link_of(shelves).call("SET", PREFIX + name, "x")
    for _ in range(2):
        with pytest.raises(BackendError):
            await shelves.feed.read(0)
        with pytest.raises(BackendError):
            await shelves.store.put(entry())
    await shelves.close()

    assert [PREFIX + "changes", PREFIX + "*"] == [key for key, _ in refused]
    assert all(why.startswith("WRONGTYPE") for _, why in refused)


async def test_the_kill_switch_reaches_a_redis_to_which_connecting_takes_longer_than_a_look_up_may(
    server: RedisServer,
) -> None:
    async with Cable(server.port, one_way_s=0.03) as cable:
        config = loads(f"store: {cable.url}")
        await switch_semantic(config, off=True)

        assert await is_switched_off(config)
