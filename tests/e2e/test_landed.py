"""One call answers those who ask while it is under way; who asks later gets what is stored or a call of his own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import openai
import orjson
import pytest

from proxy import collapse
from proxy.core.entry import Entry, EntryRef
from proxy.core.reasons import DropReason
from proxy.core.storable import Drop, Keep
from tests.e2e.running import Running, config_for, running
from tests.e2e.watched import watch, watch_sharing
from tests.facts.waiting import eventually
from tests.upstream import Framing, Reply, Seen, Upstream
from tests.upstream import openai as provider
from tests.upstream.wire import events_reply
from tests.wire.client import ask, request

QUESTION = "How can I reset my password?"


TOOLS = [{"type": "function", "function": {"name": "act", "parameters": {"type": "object", "properties": {}}}}]


async def asked(proxy: Running, prompt: str, **fields: object) -> str:
    """Cache-Status of one request; nobody waits for what is written behind the answer."""
    raw = await proxy.sdk.chat.completions.with_raw_response.create(  # type: ignore[call-overload]
        model="gpt-4o-mini", messages=[{"role": "user", "content": prompt}], **fields
    )
    return str(raw.headers["cache-status"])


class Slow:
    """Judging that takes as long as the test wants."""

    def __init__(self, proxy: Running) -> None:
        self.go_on = threading.Event()
        self._judge = proxy.app.remember._judged
        proxy.app.remember._judged = self._judged  # type: ignore[method-assign]

    def _judged(self, *args: object) -> Keep | Drop:
        self.go_on.wait(30)
        return self._judge(*args)  # type: ignore[arg-type]


@pytest.mark.usefixtures("patient_followers")
@pytest.mark.parametrize("cache", ["semantic", "exact"])
@pytest.mark.parametrize(
    "prompt", ["What is the weather like today?", "Send an email to my boss.", "Refill my prescription please"]
)
async def test_a_prompt_that_is_never_stored_gets_a_call_each(upstream: Upstream, cache: str, prompt: str) -> None:
    upstream.may_answer.clear()
    async with running(config_for(upstream, cache=cache), upstream) as proxy:
        asking = [asyncio.create_task(asked(proxy, prompt)) for _ in range(2)]
        await eventually(lambda: upstream.calls == 2)
        upstream.may_answer.set()
        said = [*await asyncio.gather(*asking), await asked(proxy, prompt)]

        assert 3 == upstream.calls
        assert not any("collapsed" in status for status in said)


@pytest.mark.usefixtures("patient_followers")
async def test_a_prompt_that_acts_is_shared_with_nobody_where_tools_are_declared(upstream: Upstream) -> None:
    upstream.may_answer.clear()
    async with running(config_for(upstream), upstream) as proxy:
        prompt = "Top up my phone with ten euros"
        asking = [asyncio.create_task(asked(proxy, prompt, tools=TOOLS)) for _ in range(3)]
        await eventually(lambda: upstream.calls == 3)
        upstream.may_answer.set()

        assert not any("collapsed" in status for status in await asyncio.gather(*asking))


async def test_an_ordinary_prompt_is_shared_where_meaning_is_not_compared(upstream: Upstream) -> None:
    upstream.may_answer.clear()
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        embedder, sharing = watch(proxy), watch_sharing(proxy)
        asking = [asyncio.create_task(asked(proxy, QUESTION)) for _ in range(30)]
        await eventually(lambda: len(sharing) == 29)
        upstream.may_answer.set()
        said = await asyncio.gather(*asking)
        await proxy.settled()

        assert 1 == upstream.calls
        assert 29 == sum("collapsed" in status for status in said)
        assert {QUESTION: 1} == embedder.calls


@pytest.mark.usefixtures("patient_followers")
async def test_what_cannot_be_judged_now_is_not_shared(upstream: Upstream) -> None:
    upstream.may_answer.clear()
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        watch(proxy, busy=1)
        asking = [asyncio.create_task(asked(proxy, QUESTION)) for _ in range(2)]
        await eventually(lambda: upstream.calls == 2)
        upstream.may_answer.set()
        await asyncio.gather(*asking)


async def test_a_landed_answer_that_is_still_judged_is_not_given_again(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        slow = Slow(proxy)
        await asked(proxy, QUESTION)
        second = await asked(proxy, QUESTION)
        slow.go_on.set()

        assert 2 == upstream.calls
        assert "collapsed" not in second


async def test_who_asks_while_a_good_answer_is_written_gets_that_answer(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.collapse.JUDGED_S", 30.0)
    async with running(config_for(upstream), upstream) as proxy:
        slow, sharing = Slow(proxy), watch_sharing(proxy)
        await asked(proxy, QUESTION)
        second = asyncio.create_task(asked(proxy, QUESTION))
        await eventually(lambda: bool(sharing))
        slow.go_on.set()
        await second

        assert 1 == upstream.calls


async def begun() -> AsyncIterator[bytes]:
    """A stream that falls silent behind its first event."""
    yield b'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}\n\n'
    await asyncio.Event().wait()


async def test_a_stream_that_has_fallen_silent_holds_up_nobody_who_asks_later(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [(b"Content-Type", b"text/event-stream")]
    upstream.say(Reply(body=begun(), headers=events, framing=Framing.CHUNKED))
    async with running(config_for(upstream), upstream) as proxy, asyncio.timeout(60):
        silent = await proxy.sdk.chat.completions.create(
            model="gpt-4o-mini", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
        await anext(aiter(silent))
        monkeypatch.setattr(collapse, "SILENT_S", 0.0)
        second = await proxy.ask(QUESTION, stream=True)
        await silent.close()

        assert 2 == upstream.calls
        assert "collapsed" not in second.cache_status


REFRESH = {"Cache-Control": "no-cache"}
REPORT = {"equicache-report": "bad-hit"}


class Calls:
    """Calls for one question that begin in order and end when they are told to; each says its own words."""

    def __init__(self, proxy: Running) -> None:
        self._proxy = proxy
        self._under_way: dict[str, tuple[asyncio.Event, asyncio.Task[object]]] = {}

    async def begin(self, words: str, headers: Mapping[str, str] = {}) -> None:
        """Returns once the upstream has the request."""
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def respond(seen: Seen) -> Reply:
            begun.set()
            await go_on.wait()
            self._proxy.upstream.answer = lambda _prompt: words
            return provider.respond(seen, self._proxy.upstream)

        self._proxy.upstream.say(respond)
        asking = asyncio.create_task(self._proxy.ask(QUESTION, headers=headers))
        self._under_way[words] = go_on, asking
        await begun.wait()

    async def end(self, words: str) -> None:
        """Returns once the answer is stored, or will never be."""
        go_on, asking = self._under_way.pop(words)
        go_on.set()
        await asking


@pytest.mark.parametrize("headers", [REFRESH, REPORT])
async def test_an_older_call_does_not_take_a_newer_ones_place(upstream: Upstream, headers: Mapping[str, str]) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        calls = Calls(proxy)
        await calls.begin("older")
        await calls.begin("newer", headers)
        await calls.end("newer")
        await calls.end("older")

        assert "newer" == (await proxy.ask(QUESTION)).text
        assert {DropReason.OVERTAKEN: 1} == dict(proxy.app.stats.totals.dropped)


async def test_a_newer_call_takes_the_place_of_an_older_one_that_ended_meanwhile(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        calls = Calls(proxy)
        await calls.begin("older")
        await calls.begin("newer", REFRESH)
        await calls.end("older")
        await calls.end("newer")

        assert "newer" == (await proxy.ask(QUESTION)).text


async def test_a_call_that_began_before_its_answer_was_reported_is_not_stored(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await proxy.ask(QUESTION)
        calls = Calls(proxy)
        await calls.begin("older", REFRESH)
        upstream.say(Reply(status=500))
        with pytest.raises(openai.InternalServerError):
            await proxy.ask(QUESTION, headers=REPORT)
        await calls.end("older")

        assert not (await proxy.ask(QUESTION)).is_hit


async def test_a_call_whose_answer_is_reported_while_it_is_written_is_not_stored(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy, asyncio.timeout(60):
        await proxy.ask(QUESTION)
        put, reached, go_on = proxy.app.shelves.store.put, asyncio.Event(), asyncio.Event()

        async def slow_put(entry: Entry) -> list[EntryRef]:
            reached.set()
            await go_on.wait()
            return await put(entry)

        proxy.app.shelves.store.put = slow_put  # type: ignore[method-assign]
        calls = Calls(proxy)
        await calls.begin("older", REFRESH)
        ending = asyncio.create_task(calls.end("older"))
        await reached.wait()
        upstream.say(Reply(status=500))
        with pytest.raises(openai.InternalServerError):
            await proxy.ask(QUESTION, headers=REPORT)
        go_on.set()
        await ending
        await proxy.settled()

        assert {DropReason.OVERTAKEN: 1} == dict(proxy.app.stats.totals.dropped)
        assert not (await proxy.ask(QUESTION)).is_hit


def events_of(body: dict[str, object]) -> list[bytes]:
    """The stream that answers a request."""
    if "messages" in body:
        return provider.chat_events(body, QUESTION, "By mail.")
    return provider.response_events(provider.response_object(body, QUESTION, "By mail."), "By mail.")


@pytest.mark.parametrize(
    ("path", "asking", "last"),
    [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": QUESTION}]}, b"data: [DONE]"),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": QUESTION}]}, b'"finish_reason":"stop"'),
        ("/v1/responses", {"input": QUESTION, "store": False}, b"event: response.completed"),
    ],
)
async def test_a_stream_is_stored_though_its_client_leaves_at_the_last_event(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, path: str, asking: dict[str, object], last: bytes
) -> None:
    monkeypatch.setattr(collapse, "LAST_BYTES_S", 60)
    body = {"model": "gpt-4o-mini", "stream": True} | asking
    has_left = asyncio.Event()

    async def slow_to_end() -> AsyncIterator[bytes]:
        for event in events_of(body):
            yield event
            if last in event:
                await has_left.wait()

    upstream.respond = lambda _: replace(events_reply([]), body=slow_to_end())
    said = request(path, method="POST", headers=[(b"Authorization", b"Bearer sk-test")], body=orjson.dumps(body))
    async with running(config_for(upstream), upstream) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.app.data.port)
        writer.write(said)
        await reader.readuntil(last)
        await reader.readuntil(b"\n\n\r\n")
        writer.close()
        await eventually(lambda: all(each.transport is None for each in proxy.app.data._server.connections))
        has_left.set()
        await eventually(lambda: not len(proxy.app.forward.flights))
        again = await ask(proxy.app.data.port, said)

        assert 1 == len(upstream.seen)
        assert "exact" in str(again.header(b"cache-status"))
