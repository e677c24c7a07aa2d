"""Responses, completions and embeddings are remembered too, where it is safe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import yarl

from proxy.config.load import loads
from proxy.core.reasons import DropReason
from proxy.ports import SharedState
from tests.e2e.running import YAML, config_for, running
from tests.upstream import Framing, Reply, Upstream
from tests.upstream.openai import ok
from tests.wire.client import request

QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"


async def test_a_response_is_remembered_in_both_forms_when_nobody_keeps_it(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        first = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION, store=False)
        await proxy.settled()
        again = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION, store=False)
        stream = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION, store=False, stream=True)
        events = [event async for event in stream]
        paraphrase = await proxy.sdk.responses.with_raw_response.create(
            model="gpt-4o-mini", input=PARAPHRASE, store=False
        )

        assert 1 == upstream.calls
        assert first.output_text == again.output_text == paraphrase.parse().output_text
        assert first.id != again.id
        assert list(range(len(events))) == [event.sequence_number for event in events]
        assert first.output_text == events[-1].response.output_text  # type: ignore[union-attr]


@pytest.mark.parametrize("path", ["/responses/{}", "/responses/{}/?x=1", "/../openai/v1/responses/{}"])
async def test_a_kept_response_is_exact_only_and_gone_when_it_is_deleted(upstream: Upstream, path: str) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        first = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
        await proxy.settled()
        again = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
        assert (first.id, 1) == (again.id, upstream.calls)
        upstream.say(Reply(body=b"{}", headers=[(b"Content-Type", b"application/json")]))
        async with aiohttp.ClientSession() as session:  # the official SDK, an eager client, Azure's base URL
            url = yarl.URL(proxy.url + path.format(first.id))
            await session.delete(url, headers={"Authorization": "Bearer sk-test"})
        await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)

        assert 3 == upstream.calls


async def endless() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


class SlowState:
    """Shared facts that take as long as the test wants to say which entry holds a response."""

    def __init__(self, state: SharedState) -> None:
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        self._get = state.get
        state.get = self._slow_get  # type: ignore[method-assign]

    async def _slow_get(self, key: str) -> bytes | None:
        if key.startswith("response:"):
            self.asked.set()
            await self.go_on.wait()
        return await self._get(key)


async def test_who_leaves_before_the_answer_to_a_delete_leaves_no_call_open(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy, asyncio.timeout(15):
        slow = SlowState(proxy.app.shelves.state)
        upstream.say(Reply(body=endless(), framing=Framing.CHUNKED))
        _, writer = await asyncio.open_connection("127.0.0.1", proxy.app.data.port)
        writer.write(request("/v1/responses/resp_1", method="DELETE"))
        await slow.asked.wait()
        writer.close()

        await upstream.seen[0].closed.wait()
        slow.go_on.set()


async def test_a_deleted_response_is_gone_though_who_deleted_it_has_left(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy, asyncio.timeout(15):
        first = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
        await proxy.settled()
        slow = SlowState(proxy.app.shelves.state)
        upstream.say(Reply(body=endless(), framing=Framing.CHUNKED))
        _, writer = await asyncio.open_connection("127.0.0.1", proxy.app.data.port)
        writer.write(request(f"/v1/responses/{first.id}", method="DELETE"))
        await slow.asked.wait()
        writer.close()
        await upstream.seen[1].closed.wait()
        slow.go_on.set()
        await proxy.app.replica.drained()
        await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)

        assert 3 == upstream.calls


@pytest.mark.parametrize("held", ["store.put", "state.set"])
async def test_a_response_that_is_deleted_before_it_is_stored_is_served_by_no_worker(
    upstream: Upstream, tmp_path: Path, held: str
) -> None:
    config = config_for(upstream, store=f"sqlite:///{tmp_path / 'cache.db'}", server="workers: 2")
    async with running(config, upstream) as storing, running(config, upstream) as deleting, asyncio.timeout(60):
        part, _, name = held.partition(".")
        shelf = getattr(storing.app.shelves, part)
        write, reached, go_on = getattr(shelf, name), asyncio.Event(), asyncio.Event()

        async def slow_write(*args: object, **named: object) -> object:
            reached.set()
            await go_on.wait()
            return await write(*args, **named)

        setattr(shelf, name, slow_write)
        first = await storing.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
        await reached.wait()
        upstream.say(Reply(body=b"{}", headers=[(b"Content-Type", b"application/json")]))
        await deleting.sdk.responses.delete(first.id)
        go_on.set()
        await storing.settled()
        assert {DropReason.OVERTAKEN: 1} == dict(storing.app.stats.totals.dropped)  # who shares the call hears so
        second = await storing.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
        await storing.settled()
        third = await deleting.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)

        assert first.id != second.id == third.id


async def test_embeddings_and_completions_are_exact_only(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            await proxy.sdk.embeddings.create(model="text-embedding-3-small", input=QUESTION)
            await proxy.sdk.completions.create(model="gpt-3.5-turbo-instruct", prompt=QUESTION)
            await proxy.settled()
        await proxy.sdk.completions.create(model="gpt-3.5-turbo-instruct", prompt=PARAPHRASE)

        assert 3 == upstream.calls


DEPLOYED = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o-mini-2024-07-18",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "On the login page."}}
    ],
}


async def test_what_a_deployment_says_that_a_body_names_is_remembered_where_the_upstream_is_azure(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{upstream.port}")  # it answers for contoso
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    upstream.respond = lambda _: ok(DEPLOYED)
    url = "http://contoso.openai.azure.com/openai/v1"
    config = loads(YAML.format(store="memory://", url=url, cache="semantic", domain="", route="", server=""))
    async with running(config, upstream) as proxy:
        for deployment in ("support", "support", "sales"):
            await proxy.ask(QUESTION, model=deployment)
        paraphrase = await proxy.ask(PARAPHRASE, model="support")

        assert 2 == upstream.calls
        assert "semantic" == paraphrase.detail


async def test_what_a_deployment_of_azure_says_is_remembered_by_its_name_and_version(upstream: Upstream) -> None:
    upstream.respond = lambda _: ok(DEPLOYED)
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:

        async def ask(deployment: str, version: str, **more: str) -> None:
            url = f"{proxy.url.removesuffix('/v1')}/openai/deployments/{deployment}/chat/completions"
            body = {"messages": [{"role": "user", "content": QUESTION}], **more}
            async with aiohttp.ClientSession(headers={"api-key": "k"}) as session:
                reply = await session.post(url, params={"api-version": version}, json=body)
                assert "On the login page." in await reply.text()
            await proxy.settled()

        for _ in range(2):
            await ask("support", "2024-10-21")
            await ask("support", "2024-10-21", model="support")  # as the official SDK does
            await ask("sales", "2024-10-21")
            await ask("support", "2025-01-01-preview")

        assert 4 == upstream.calls
