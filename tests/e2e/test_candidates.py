"""Candidates that came back before are kept in memory, and nothing that has left is served from there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from proxy.app import build_app
from proxy.core.entry import Entry, EntryRef
from proxy.kept import NOTE_USES_S
from tests.e2e.clock import Clock
from tests.e2e.running import Running, config_for
from tests.upstream import Upstream

QUESTION = "How can I reset my password?"
PARAPHRASES = (
    "How could I reset my password?",
    "How do I reset my password?",
    "How might I reset my password?",
    "How would I reset my password?",
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def proxy(upstream: Upstream, clock: Clock) -> AsyncIterator[Running]:
    app = await build_app(config_for(upstream, domain="ttl_s: 600"), clock=clock)
    await app.start()
    await app.loaded()
    started = Running(app, upstream, None)  # type: ignore[arg-type]
    started.sdk = started.client()
    try:
        yield started
    finally:
        await started.sdk.close()
        await app.stop()


@pytest.fixture
def reads(proxy: Running, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries each reading of candidates asked the store for."""
    counted: list[int] = []
    store = proxy.app.shelves.store
    get_many = store.get_many

    async def reading(ids: Sequence[bytes], now: float) -> list[Entry | None]:
        counted.append(len(ids))
        return await get_many(ids, now)

    monkeypatch.setattr(store, "get_many", reading)
    return counted


async def stored(proxy: Running) -> Entry:
    """The only entry."""
    (entry,) = [entry async for entry in proxy.app.shelves.store.scan(proxy.app.clock.now())]
    return entry


async def test_a_candidate_is_read_from_the_store_once(proxy: Running, reads: list[int]) -> None:
    await proxy.ask(QUESTION)
    answers = [await proxy.ask(paraphrase) for paraphrase in PARAPHRASES]

    assert ["semantic"] * 4 == [answer.detail for answer in answers]
    assert len({answer.text for answer in answers}) == 1
    assert len({answer.headers["equicache-id"] for answer in answers}) == 4, "each hit can be reported by itself"
    assert reads == [1]


async def test_one_that_has_expired_meanwhile_is_not_served(proxy: Running, clock: Clock) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    clock.offset += 601

    assert "equicache; fwd=stale" == (await proxy.ask(PARAPHRASES[1])).cache_status


async def test_one_that_another_worker_has_dropped_is_not_served(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    entry = await stored(proxy)
    (left,) = await proxy.app.shelves.store.delete([entry.id])
    assert left == EntryRef(entry.id, entry.scope)
    await proxy.app.shelves.feed.publish("dropped", entry.exact_key + left.id + left.scope)

    assert not (await proxy.ask(PARAPHRASES[1])).is_hit


async def test_one_that_was_reported_is_not_served_for_that_question(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    reported = await proxy.ask(PARAPHRASES[0], headers={"equicache-report": "bad-hit"})

    assert "recorded" == reported.headers["equicache-report"]
    assert "semantic" != (await proxy.ask(PARAPHRASES[0])).detail


async def test_hits_by_meaning_count_as_uses(proxy: Running, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store evicts by use; what answers from memory must not look unused to it."""
    told: list[int] = []
    monkeypatch.setattr(proxy.app.shelves.store, "used", lambda _entry, count, _now: told.append(count))
    await proxy.ask(QUESTION)
    for paraphrase in PARAPHRASES:
        clock.offset += NOTE_USES_S
        assert (await proxy.ask(paraphrase)).is_hit

    assert sum(told) == len(PARAPHRASES)
