"""What was forgotten is not served, and what is kept for other reasons keeps no request alive."""

from __future__ import annotations

import asyncio
import gc
import threading
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import openai
import pytest

from proxy.app import App, build_app
from proxy.ask import Ask
from proxy.backends.feed_memory import MemoryFeed
from proxy.backends.state_redis import STATE
from proxy.control import SECRET_KEY, Control
from proxy.core.entry import Entry, EntryRef
from proxy.core.reasons import DropReason
from proxy.core.request import Request
from proxy.core.route import Tenancy
from proxy.core.template import Template
from proxy.core.tenant import caller_digest
from proxy.kept import Kept, KeptByKey
from tests.e2e.running import Asked, Running, config_for, running
from tests.e2e.stores import STORES, store_url
from tests.facts import entries
from tests.redis_server import RedisServer
from tests.upstream import Reply, Upstream

QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"
TOOLS = [{"type": "function", "function": {"name": "lookup", "parameters": {"type": "object", "properties": {}}}}]


@pytest.fixture(autouse=True)
def _others_are_heard_by_who_asks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is heard four times a second behind the requests would now and then be known before the next one."""
    monkeypatch.setattr("proxy.loading.FOLLOW_EVERY_S", 3600.0)


async def test_the_first_request_after_a_flush_by_another_worker_is_forwarded(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        shelves = proxy.app.shelves
        await shelves.state.increment("generation:default")
        await shelves.feed.publish("flushed", b"default")
        statuses = [(await proxy.ask(text)).cache_status for text in (QUESTION, QUESTION, QUESTION)]

        assert [False, False, True] == ["; hit;" in status for status in statuses]
        assert {DropReason.GENERATION: 1} == dict(proxy.app.stats.totals.dropped)  # nobody would find it any more


async def reported(proxy: Running) -> None:
    """A report whose own request brings nothing that could take the bad answer's place."""
    proxy.upstream.say(Reply(status=500))
    with pytest.raises(openai.InternalServerError):
        await proxy.ask(QUESTION, headers={"equicache-report": "bad-hit"})


async def test_an_answer_is_not_served_while_it_is_taken_out(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await proxy.ask(QUESTION)
        store = proxy.app.shelves.store
        delete, said = store.delete, list[int]()

        async def slow_delete(ids: Sequence[bytes]) -> list[EntryRef]:
            with pytest.raises(openai.InternalServerError) as nothing:
                await proxy.ask(QUESTION, headers={"Cache-Control": "only-if-cached"})
            said.append(nothing.value.status_code)
            return await delete(ids)

        store.delete = slow_delete  # type: ignore[method-assign]
        await reported(proxy)

        assert [504] == said
        assert not (await proxy.ask(QUESTION)).is_hit


async def asked_while(proxy: Running, done: Callable[[Entry], Awaitable[None]]) -> Asked:
    """The look-up reads its entry from the store, and only when that is done goes on."""
    proxy.app.recall.clear()
    store = proxy.app.shelves.store
    get_exact = store.get_exact

    async def slow_get_exact(key: bytes, now: float) -> Entry | None:
        store.get_exact = get_exact  # type: ignore[method-assign]
        entry = await get_exact(key, now)
        assert entry is not None
        await done(entry)
        return entry

    store.get_exact = slow_get_exact  # type: ignore[method-assign]
    return await proxy.ask(QUESTION)


async def test_a_look_up_under_way_during_a_report_serves_nothing(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await proxy.ask(QUESTION)

        assert not (await asked_while(proxy, lambda _entry: reported(proxy))).is_hit


async def test_an_answer_reported_while_it_is_made_ready_is_not_served(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = Kept.template

    async def slow_template(kept: Kept, ask: Ask, *, is_semantic: bool) -> Template | None:
        monkeypatch.setattr(Kept, "template", template)
        await reported(proxy)
        return await template(kept, ask, is_semantic=is_semantic)

    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await proxy.ask(QUESTION)
        monkeypatch.setattr(Kept, "template", slow_template)

        assert not (await proxy.ask(QUESTION)).is_hit


async def test_a_look_up_under_way_during_a_drop_keeps_nothing_at_hand(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await proxy.ask(QUESTION)

        assert (
            await asked_while(proxy, lambda entry: proxy.app.replica.drop(entry.id, entry.exact_key))
        ).is_hit  # decided before
        assert not (await proxy.ask(QUESTION)).is_hit


async def evicting(proxy: Running) -> None:
    """New answers until the three that fit are others."""
    for number in range(3):
        await proxy.ask(f"What is the square root of {number}?")


@pytest.mark.parametrize("store", STORES)
async def test_an_answer_that_made_room_for_others_is_not_served_any_more(
    upstream: Upstream, tmp_path: Path, store: str
) -> None:
    async with store_url(store, tmp_path) as url:
        config = config_for(upstream, store=url, cache="exact", domain="max_entries: 3")
        async with running(config, upstream) as proxy:
            await proxy.ask(QUESTION)
            await evicting(proxy)

            assert not (await proxy.ask(QUESTION)).is_hit


async def test_an_answer_that_made_room_on_another_worker_is_not_served_any_more(
    upstream: Upstream, tmp_path: Path
) -> None:
    async with store_url("sqlite", tmp_path) as url:
        config = config_for(upstream, store=url, cache="exact", domain="max_entries: 3", server="workers: 2")
        async with running(config, upstream) as one, running(config, upstream) as other:
            await one.ask(QUESTION)
            assert (await other.ask(QUESTION)).is_hit
            await evicting(one)

            assert not (await other.ask(QUESTION)).is_hit


async def test_a_look_up_under_way_keeps_nothing_at_hand_that_made_room_meanwhile(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact", domain="max_entries: 3"), upstream) as proxy:
        await proxy.ask(QUESTION)

        assert (await asked_while(proxy, lambda _entry: evicting(proxy))).is_hit  # decided before
        assert not (await proxy.ask(QUESTION)).is_hit


async def test_a_full_cache_has_its_newest_answer_at_hand(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact", domain="max_entries: 3"), upstream) as proxy:
        await evicting(proxy)
        await proxy.ask(QUESTION)

        assert 3 == len(proxy.app.recall.recent)


def test_an_entry_that_leaves_takes_none_along_that_has_its_place() -> None:
    kept, old, new = KeptByKey(2**20), entries.entry("old"), entries.entry("new")
    kept.put(b"key", Kept(old))
    kept.put(b"key", Kept(new))
    kept.pop_ids([old.id])

    assert (at_hand := kept.get(b"key")) is not None
    assert at_hand.entry is new
    kept.pop_ids([new.id])
    assert (None, {}) == (kept.get(b"key"), kept._keys)


async def test_a_stop_waits_for_what_is_being_taken_out(upstream: Upstream) -> None:
    app = await build_app(config_for(upstream, cache="exact"))
    await app.start()
    store = app.shelves.store
    delete, may_go_on = store.delete, asyncio.Event()

    async def slow_delete(ids: Sequence[bytes]) -> list[EntryRef]:
        await may_go_on.wait()
        return await delete(ids)

    store.delete = slow_delete  # type: ignore[method-assign]
    dropping = asyncio.create_task(app.replica.drop(bytes(16), bytes(32)))
    await asyncio.sleep(0)
    dropping.cancel()  # the client that reported has left
    stopping = asyncio.create_task(app.stop())
    stopped, _ = await asyncio.wait([stopping], timeout=1)
    may_go_on.set()
    await stopping

    assert not stopped


async def test_requests_whose_answers_are_not_stored_are_let_go(upstream: Upstream) -> None:
    """Why an equal question misses (`scope_differs`) is told by digests; thousands of bodies would be gigabytes."""
    async with running(config_for(upstream), upstream) as proxy:
        for number in range(5):
            await proxy.ask(f"What is the weather today in town {number}?", system="Long. " * 1000, tools=TOOLS)
        assert 5 == len(proxy.app.recall._elsewhere)
        gc.collect()

        assert [] == [kept for kept in gc.get_objects() if type(kept) is Request and "Long." in kept.system_text]


async def test_long_questions_are_let_go(upstream: Upstream) -> None:
    """Of twenty thousand questions it is kept where they were asked last; each may be as long as a body."""
    upstream.record = False
    upstream.answer = lambda _: ""  # not stored
    async with running(config_for(upstream), upstream) as proxy:
        tracemalloc.start()
        try:
            for number in range(9):
                await proxy.ask(f"Summarise novel {number}: " + "word " * 50_000)
                if number == 0:
                    before = traced_bytes()
            grown = traced_bytes() - before
        finally:
            tracemalloc.stop()

    assert 9 == len(proxy.app.recall._elsewhere)
    assert grown < 8 * 250_000 / 4


def traced_bytes() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


async def other_worker(app: App) -> Control:
    control = Control(app.shelves.state, app.shelves.feed.publish, domains=["default"], secret=None)
    await control.start()
    return control


async def flushed(app: App) -> None:
    await (await other_worker(app)).flush("default")


async def switched_off(app: App) -> None:
    await (await other_worker(app)).switch_semantic(off=True)


async def refused(app: App) -> None:
    assert app.control.secret is not None
    worker = await other_worker(app)
    credential = caller_digest([(b"Authorization", b"Bearer sk-test")], "", app.control.secret, "scripted")
    worker.note_status(401, Tenancy(), credential, app.config.upstreams["scripted"].base_url, 0.0)
    await worker.stop()


@pytest.mark.parametrize(
    ("said", "detail"), [(flushed, "gone"), (switched_off, "semantic_off"), (refused, "not_entitled")]
)
async def test_what_another_worker_said_holds_when_the_line_that_told_it_is_lost(
    upstream: Upstream, said: Callable[[App], Awaitable[None]], detail: str
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        assert (await proxy.ask(QUESTION)).is_hit
        await said(proxy.app)
        feed = proxy.app.shelves.feed
        assert isinstance(feed, MemoryFeed)
        feed._changes.clear()

        assert detail == (await proxy.ask(PARAPHRASE)).detail


@asynccontextmanager
async def sharing(upstream: Upstream) -> AsyncIterator[tuple[Running, MemoryFeed]]:
    """A proxy that tells others what it does, and its feed."""
    async with running(config_for(upstream), upstream) as proxy:
        feed = proxy.app.shelves.feed
        assert isinstance(feed, MemoryFeed)
        proxy.app.replica._is_shared = True
        yield proxy, feed


async def test_a_gap_where_a_line_of_our_own_stood_is_a_gap(upstream: Upstream) -> None:
    async with sharing(upstream) as (proxy, feed):
        await flushed(proxy.app)
        await proxy.app.replica.publish("removed", b"")
        feed._changes.clear()

        assert "gone" == (await proxy.ask(QUESTION)).detail


async def test_what_others_say_where_our_own_lines_stood_before_the_feed_was_lost_is_heard(upstream: Upstream) -> None:
    async with sharing(upstream) as (proxy, feed):
        replica = proxy.app.replica
        await feed.publish("removed", b"")
        await replica.catch_up()
        await feed.publish("removed", b"")
        await replica.publish("removed", b"")  # behind a line that is not read yet: only then it is known as ours
        assert [3] == list(replica._own)
        feed._changes.clear()
        feed._version = 0
        await replica.catch_up()
        await feed.publish("removed", b"")
        await feed.publish("removed", b"")
        await flushed(proxy.app)

        assert "gone" == (await proxy.ask(QUESTION)).detail


async def dropped(app: App) -> None:
    """As `Replica.drop` does it on another worker."""
    async for entry in app.shelves.store.scan(app.clock.now()):
        (ref,) = await app.shelves.store.delete([entry.id])
        await app.shelves.feed.publish("dropped", entry.exact_key + ref.id + ref.scope)


@pytest.mark.parametrize("is_line_lost", [False, True])
async def test_a_call_that_began_before_another_worker_took_its_answer_out_is_not_stored(
    upstream: Upstream, is_line_lost: bool
) -> None:
    async with sharing(upstream) as (proxy, feed):
        await proxy.ask(QUESTION)
        upstream.may_answer.clear()
        asking = asyncio.create_task(proxy.ask(QUESTION, headers={"Cache-Control": "no-cache"}))
        await upstream.wait_for(2)
        await dropped(proxy.app)
        if is_line_lost:
            feed._changes.clear()
        await proxy.app.replica.catch_up()
        upstream.may_answer.set()
        await asking

        assert {DropReason.OVERTAKEN: 1} == dict(proxy.app.stats.totals.dropped)


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (flushed, "scope_differs context.generation"),
        (switched_off, "semantic_off"),
        (refused, "not_entitled"),
        (dropped, "gone"),
    ],
)
async def test_what_another_worker_says_while_this_one_loads_holds(
    upstream: Upstream, said: Callable[[App], Awaitable[None]], detail: str
) -> None:
    config = config_for(upstream)
    app = await build_app(config)
    may_load = threading.Event()
    app.loading._models = replace(app.models, check=lambda: "" if may_load.wait(30) else "late")
    await app.start()
    async with openai.AsyncOpenAI(
        base_url=f"http://127.0.0.1:{app.data.port}/v1", api_key="sk-test", max_retries=0
    ) as sdk:
        proxy = Running(app, upstream, sdk)
        await proxy.ask(QUESTION)
        await proxy.ask(QUESTION)
        await said(app)
        may_load.set()
        await app.loaded()
        asked = await proxy.ask(PARAPHRASE if said is switched_off else QUESTION)
    await app.stop()

    assert detail == asked.detail


async def test_a_refused_key_gets_no_hits_for_what_it_asked_under_another_tenant_secret(
    upstream: Upstream, tmp_path: Path
) -> None:
    """A Redis that was emptied, where another proxy came first."""
    async with RedisServer(tmp_path) as server, running(config_for(upstream, store=server.url), upstream) as proxy:
        assert [False, True] == [(await proxy.ask(QUESTION)).is_hit for _ in range(2)]
        await server.say("FLUSHALL")
        await server.say("SET", f"{STATE}{SECRET_KEY}", "another")
        while proxy.app.control.secret != b"another":
            await asyncio.sleep(0.05)
            await proxy.app.replica.catch_up()
        assert [False, True] == [(await proxy.ask(QUESTION)).is_hit for _ in range(2)]
        upstream.say(Reply(status=401))
        with pytest.raises(openai.AuthenticationError):
            await proxy.ask("What are your opening hours?")

        assert not (await proxy.ask(QUESTION)).is_hit
