"""Who has much to hear of what others did hears it behind the requests: none of them waits for all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from proxy.app import App
from proxy.backends.feed_memory import MemoryFeed
from proxy.core.entry import Entry, EntryRef
from proxy.replica import MAX_BEHIND
from tests.e2e.running import config_for, running
from tests.facts.entries import embedding, entry
from tests.facts.waiting import eventually
from tests.upstream import Upstream

QUESTION = "How can I reset my password?"
LIMIT_S = 30.0
"""Only a request that waits for what never comes takes so long."""


async def learned_elsewhere(app: App, seeds: range, *, embedder: str | None = None) -> list[Entry]:
    """As another worker over the same store does it; embedder: the digest of its own, if it has another."""
    models = app.models.models
    assert models is not None
    learned = []
    for seed in seeds:
        kept = entry(
            f"elsewhere {seed}", embedding=embedding(seed), embedder_digest=embedder or models.embedder.digest,
            created_at=app.clock.now(), expires_at=app.clock.now() + 3600,
        )  # fmt: skip
        await app.shelves.store.put(kept)
        await app.shelves.feed.publish("entry", kept.id + kept.exact_key)
        learned.append(kept)
    return learned


async def test_what_others_learned_is_heard_also_where_nobody_asks(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await learned_elsewhere(proxy.app, range(3))

        await eventually(lambda: len(proxy.app.index) == 3)


@pytest.mark.parametrize("is_gap", [False, True])
async def test_what_is_heard_of_is_not_used(upstream: Upstream, is_gap: bool) -> None:
    """Else what others learned last would push out what somebody asks for."""
    async with running(config_for(upstream, domain="max_entries: 2, eviction: lru"), upstream) as proxy:
        app = proxy.app
        store, feed = app.shelves.store, app.shelves.feed
        assert isinstance(feed, MemoryFeed)
        asked, never_asked = await learned_elsewhere(app, range(2))
        await eventually(lambda: len(app.index) == 2)
        await store.get_exact(asked.exact_key, app.clock.now())

        await app.index.remove([EntryRef(each.id, each.scope) for each in (asked, never_asked)])
        for each in (asked, never_asked):
            await feed.publish("entry", each.id + each.exact_key)
        if is_gap:
            feed._changes.clear()
        await eventually(lambda: len(app.index) == 2)
        await learned_elsewhere(app, range(2, 3))

        assert await store.get_exact(asked.exact_key, app.clock.now()) is not None


async def test_what_another_embedder_read_is_no_neighbour_here(upstream: Upstream) -> None:
    """Two releases may share a store: vectors of the one mean nothing to the other, and would stand before its own."""
    async with running(config_for(upstream), upstream) as proxy:
        await learned_elsewhere(proxy.app, range(3), embedder="another release's")
        await learned_elsewhere(proxy.app, range(3, 4))
        await eventually(proxy.app.replica.is_current)

        assert 1 == len(proxy.app.index)


async def test_after_a_gap_no_request_waits_for_the_index_to_be_read(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        app, may_read = proxy.app, asyncio.Event()
        store, feed = app.shelves.store, app.shelves.feed
        assert isinstance(feed, MemoryFeed)
        scan, refs = store.scan, store.refs

        async def late_scan(now: float) -> AsyncIterator[Entry]:
            await may_read.wait()
            async for found in scan(now):
                yield found

        async def late_refs(now: float) -> AsyncIterator[Sequence[EntryRef]]:
            await may_read.wait()
            async for some in refs(now):
                yield some

        monkeypatch.setattr(store, "scan", late_scan)
        monkeypatch.setattr(store, "refs", late_refs)
        await learned_elsewhere(app, range(2))
        feed._changes.clear()

        assert (await asyncio.wait_for(proxy.ask(QUESTION), LIMIT_S)).is_hit
        may_read.set()
        await eventually(lambda: len(app.index) == 3)


async def test_who_is_far_behind_starts_from_what_the_store_has(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.loading.FOLLOW_EVERY_S", 3600.0)
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        app, learned = proxy.app, []
        learn = app.replica._learn

        async def counted(body: bytes) -> None:
            learned.append(body)
            await learn(body)

        monkeypatch.setattr(app.replica, "_learn", counted)
        await learned_elsewhere(app, range(MAX_BEHIND))

        assert (await proxy.ask(QUESTION)).is_hit
        assert len(learned) < MAX_BEHIND
        await learned_elsewhere(app, range(MAX_BEHIND, MAX_BEHIND + 1))
        assert (await proxy.ask(QUESTION)).is_hit
        assert len(learned) == 1


async def test_a_look_at_the_store_that_fails_is_tried_again(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        app = proxy.app
        store, feed = app.shelves.store, app.shelves.feed
        assert isinstance(feed, MemoryFeed)
        refs, failures = store.refs, [ZeroDivisionError, ZeroDivisionError]

        def fails_at_first(now: float) -> AsyncIterator[Sequence[EntryRef]]:
            if failures:
                raise failures.pop()
            return refs(now)

        monkeypatch.setattr(store, "refs", fails_at_first)
        await learned_elsewhere(app, range(2))
        feed._changes.clear()

        await eventually(lambda: len(app.index) == 2)
