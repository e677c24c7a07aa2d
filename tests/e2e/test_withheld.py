"""What is withdrawn while the store cannot let go of it is not served by this process, and leaves as soon as it can."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import openai
import pytest

from proxy.errors import BackendError
from proxy.feedback import withheld
from tests.e2e.running import Running, config_for, running
from tests.facts.waiting import eventually
from tests.redis_server import RedisServer
from tests.upstream import Reply, Upstream

QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"

Away = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture(params=["sqlite", "redis"])
async def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[str, Away]]:
    """A store's URL, and how to take it away: a file locked by somebody else, a server killed."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'cache.db'}", lambda: locked(tmp_path / "cache.db")
        return
    async with RedisServer(tmp_path, appends=True) as server:
        yield server.url, lambda: killed(server)


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    other = sqlite3.connect(file, isolation_level=None, timeout=10)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@asynccontextmanager
async def killed(server: RedisServer) -> AsyncIterator[None]:
    await server.kill()
    try:
        yield
    finally:
        await server.start()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withheld, "AGAIN_S", 0.2)


async def reported(proxy: Running, question: str, *, hit_id: str = "") -> str:
    """What a report is answered with, whose own request brings nothing that could take the answer's place."""
    proxy.upstream.say(Reply(status=500))
    with pytest.raises(openai.InternalServerError) as failed:
        await proxy.ask(question, headers={"equicache-report": "bad-hit" + (hit_id and f"; id={hit_id}")})
    return str(failed.value.response.headers["equicache-report"])


async def made_good(proxy: Running) -> None:
    """Waits until nothing is withheld any more."""
    await eventually(lambda: not proxy.app.flags._quarantined.withheld)


@pytest.mark.parametrize("by_id", [False, True])
async def test_a_reported_answer_that_the_store_cannot_drop_is_not_served_again(
    upstream: Upstream, shelf: tuple[str, Away], by_id: bool
) -> None:
    url, away = shelf
    async with running(config_for(upstream, store=url), upstream) as proxy:
        await proxy.ask(QUESTION)
        hit_id = (await proxy.ask(QUESTION)).headers["equicache-id"] if by_id else ""
        assert await proxy.remembers(QUESTION)
        async with away():
            assert "failed" == await reported(proxy, QUESTION, hit_id=hit_id)
            assert not await proxy.remembers(QUESTION)
        assert not await proxy.remembers(QUESTION)
        await made_good(proxy)
        assert not await proxy.remembers(QUESTION)
    async with running(config_for(upstream, store=url), upstream) as another:
        assert not await another.remembers(QUESTION)
        await another.ask(QUESTION)
        assert await another.remembers(QUESTION)


@pytest.mark.parametrize("by_id", [False, True])
async def test_a_hit_by_meaning_reported_to_a_store_that_is_away_is_labelled_when_it_is_back(
    upstream: Upstream, shelf: tuple[str, Away], by_id: bool
) -> None:
    url, away = shelf
    async with running(config_for(upstream, store=url), upstream) as proxy:
        await proxy.ask(QUESTION)
        hit = await proxy.ask(PARAPHRASE)
        assert "semantic" == hit.detail
        hit_id = hit.headers["equicache-id"] if by_id else ""
        await eventually(lambda: not proxy.app.flags._served._pending)  # the hit is written
        async with away():
            assert "failed" == await reported(proxy, PARAPHRASE, hit_id=hit_id)
        assert not await proxy.remembers(PARAPHRASE)
        await made_good(proxy)

        assert not await proxy.remembers(PARAPHRASE)
        assert await proxy.remembers(QUESTION)
        assert [0] == [label.label async for label in proxy.app.shelves.ledger.labels()]


async def test_a_response_deleted_while_the_store_is_away_is_not_served_again(
    upstream: Upstream, shelf: tuple[str, Away]
) -> None:
    url, away = shelf
    async with running(config_for(upstream, store=url), upstream) as proxy:
        for _ in range(2):
            first = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
            await proxy.settled()
        assert 1 == upstream.calls
        async with away():
            upstream.say(Reply(body=b"{}", headers=[(b"Content-Type", b"application/json")]))
            await proxy.sdk.responses.delete(first.id)
            assert first.id != (await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)).id
        assert first.id != (await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)).id
        await proxy.settled()
        await made_good(proxy)
    async with running(config_for(upstream, store=url), upstream) as another:
        assert first.id != (await another.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)).id


async def test_a_response_is_served_once_it_is_noted_which_entry_leaves_when_it_is_deleted(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        state = proxy.app.shelves.state
        note = state.set

        async def refused(*_args: object, **_named: object) -> None:
            raise BackendError("away")

        async def response_id() -> str:
            response = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
            await proxy.settled()
            return response.id

        state.set = refused  # type: ignore[method-assign]
        first, second = await response_id(), await response_id()
        state.set = note  # type: ignore[method-assign]
        await made_good(proxy)

        assert first != second == await response_id()


async def test_a_response_that_is_deleted_before_it_is_noted_leaves_all_the_same(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_args: object, **_named: object) -> None:
        raise BackendError("away")

    async with running(config_for(upstream), upstream) as proxy:
        with monkeypatch.context() as broken:
            broken.setattr(proxy.app.shelves.state, "set", away)
            broken.setattr(proxy.app.shelves.state, "get", away)
            first = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
            await proxy.settled()
            upstream.say(Reply(body=b"{}", headers=[(b"Content-Type", b"application/json")]))
            await proxy.sdk.responses.delete(first.id)
            await proxy.settled()
        await made_good(proxy)

        assert first.id != (await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)).id


@pytest.mark.parametrize("name", ["id", "exact_key"])
async def test_an_entry_is_withheld_by_its_own_id_and_by_what_it_answers(upstream: Upstream, name: str) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        (entry,) = [stored async for stored in proxy.app.shelves.store.scan(proxy.app.clock.now())]
        is_away = True

        async def work() -> None:
            if is_away:
                raise BackendError("away")

        proxy.app.flags._quarantined.held.hold(getattr(entry, name), work)
        assert not await proxy.remembers(QUESTION)
        assert (name == "exact_key") == await proxy.remembers(PARAPHRASE)  # which has a key of its own
        is_away = False
        await made_good(proxy)

        assert await proxy.remembers(QUESTION)
        assert await proxy.remembers(PARAPHRASE)
