"""Candidates that came back before are kept in memory, and nothing that has left is served from there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from proxy.candidates import KEPT_FOR_S
from proxy.core.answers.adapter import Wanted
from proxy.core.entry import Entry, EntryRef, Form
from proxy.core.template import Template
from proxy.kept import MAX_TEMPLATES, Kept, KeptByKey
from tests.e2e.clock import Clock
from tests.e2e.running import Running, config_for, running
from tests.facts.entries import entry
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
    async with running(config_for(upstream, domain="ttl_s: 600"), upstream, clock) as started:
        yield started


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

    assert not (await proxy.ask(PARAPHRASES[1])).is_hit


async def test_one_that_another_worker_has_dropped_is_not_served(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    gone = await stored(proxy)
    (left,) = await proxy.app.shelves.store.delete([gone.id])
    assert left == EntryRef(gone.id, gone.scope)
    await proxy.app.shelves.feed.publish("dropped", gone.exact_key + left.id + left.scope)

    assert not (await proxy.ask(PARAPHRASES[1])).is_hit


async def test_one_that_has_left_the_store_unheard_is_served_for_seconds_only(
    proxy: Running, clock: Clock, reads: list[int]
) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    gone = await stored(proxy)
    await proxy.app.shelves.store.delete([gone.id])
    clock.offset += KEPT_FOR_S

    assert "gone" == (await proxy.ask(PARAPHRASES[1])).detail
    assert reads == [1, 1]


async def test_a_client_that_hangs_up_cuts_no_drop_in_half(proxy: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    gone, store, replica = await stored(proxy), proxy.app.shelves.store, proxy.app.sweeper._replica
    begun, go_on, delete = asyncio.Event(), asyncio.Event(), store.delete

    async def held_up(ids: Sequence[bytes]) -> list[EntryRef]:
        begun.set()
        await go_on.wait()
        return await delete(ids)

    monkeypatch.setattr(store, "delete", held_up)
    asked = asyncio.create_task(replica.drop(gone.id, gone.exact_key))
    await begun.wait()
    asked.cancel()
    go_on.set()
    await asyncio.gather(asked, *replica._dropping, return_exceptions=True)

    assert asked.cancelled()
    assert "no_candidate" == (await proxy.ask(PARAPHRASES[1])).detail


async def test_one_that_is_dropped_while_it_is_read_is_not_kept(
    proxy: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await proxy.ask(QUESTION)
    gone, app = await stored(proxy), proxy.app
    get_many = app.shelves.store.get_many

    async def overtaken(ids: Sequence[bytes], now: float) -> list[Entry | None]:
        monkeypatch.undo()
        found = await get_many(ids, now)
        await app.replica.drop(gone.id, gone.exact_key)
        return found

    monkeypatch.setattr(app.shelves.store, "get_many", overtaken)
    await proxy.ask(PARAPHRASES[0])  # decided before
    assert gone.embedding is not None
    await app.index.add(EntryRef(gone.id, gone.scope), gone.embedding.vector)  # as a line that comes late would

    assert "gone" == (await proxy.ask(PARAPHRASES[1])).detail


@pytest.mark.parametrize(
    "of_another", [{"tenant": bytes(32)}, {"domain": "other"}, {"plan_version": 0}, {"scope": bytes(32)}]
)
async def test_what_belongs_elsewhere_is_not_served_whatever_finds_it(
    proxy: Running, of_another: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys and scopes hold all of it: a store or an index that errs must not be enough to bring it here."""
    await proxy.ask(QUESTION)
    store = proxy.app.shelves.store
    get_exact, get_many = store.get_exact, store.get_many

    async def exact(key: bytes, now: float) -> Entry | None:
        found = await get_exact(key, now)
        return found and replace(found, **of_another)

    async def many(ids: Sequence[bytes], now: float) -> list[Entry | None]:
        return [found and replace(found, **of_another) for found in await get_many(ids, now)]

    monkeypatch.setattr(store, "get_exact", exact)
    monkeypatch.setattr(store, "get_many", many)
    assert "gone" == (await proxy.ask(PARAPHRASES[0])).detail
    proxy.app.recall.clear()

    is_asked_by_key = "scope" not in of_another  # the exact key holds the scope's parts and more
    assert not is_asked_by_key or "gone" == (await proxy.ask(QUESTION)).detail


async def test_dropping_what_the_store_has_lost_already_still_forgets_it(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    gone = await stored(proxy)
    await proxy.app.shelves.store.delete([gone.id])
    await proxy.app.sweeper._replica.drop(gone.id, gone.exact_key)

    assert not (await proxy.ask(PARAPHRASES[1])).is_hit


async def test_what_made_room_for_an_answer_that_a_flush_overtook_is_forgotten_too(
    proxy: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    store, put = proxy.app.shelves.store, proxy.app.shelves.store.put

    async def overtaken(entry: Entry) -> list[EntryRef]:
        first = await stored(proxy)
        left = await store.delete([first.id])  # as by eviction
        monkeypatch.setattr(proxy.app.remember, "_generation", lambda _domain: entry.generation + 1)
        return left + await put(entry)

    monkeypatch.setattr(store, "put", overtaken)
    await proxy.ask("What is a mortgage?")

    assert not (await proxy.ask(PARAPHRASES[1])).is_hit


async def test_whoever_asks_for_every_form_of_an_answer_does_not_make_it_outgrow_its_share() -> None:
    adapter = SimpleNamespace(template=lambda *_record, **_form: Template((b"answer",), "application/json"))
    wanted = [Wanted(form, include_usage=usage) for form in Form for usage in (True, False)]
    kept = Kept(entry())
    for one in wanted:
        await kept.template(SimpleNamespace(adapter=adapter, wanted=one), is_semantic=True)  # type: ignore[arg-type]

    assert len(kept.templates) <= MAX_TEMPLATES


def test_what_leaves_by_itself_is_not_known_by_its_id_either() -> None:
    kept = KeptByKey(max_bytes=10_000)
    entries = [entry(str(number)) for number in range(20)]
    for each in entries:
        kept.put(each.exact_key, Kept(each))
    held = [each.id for each in entries if kept.get(each.exact_key) is not None]

    assert 0 < len(held) < 20
    assert set(held) == set(kept._keys)
    kept.pop_ids([each.id for each in entries])
    assert 0 == len(kept) == len(kept._keys)


async def test_one_that_was_reported_is_not_served_for_that_question(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    reported = await proxy.ask(PARAPHRASES[0], headers={"equicache-report": "bad-hit"})

    assert "recorded" == reported.headers["equicache-report"]
    assert "semantic" != (await proxy.ask(PARAPHRASES[0])).detail
