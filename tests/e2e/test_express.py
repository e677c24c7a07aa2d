"""The express lane answers like the long way, checks what the long way checks, and stays short."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from proxy.answer import Answer
from proxy.app import App, build_app
from proxy.call import Call
from proxy.core.policy import PLAN_VERSION
from proxy.core.template import Template
from proxy.express import WRITE_BYTES
from proxy.kept import Kept
from tests.e2e.clock import Clock
from tests.e2e.running import config_for
from tests.e2e.watched import calls_counted
from tests.upstream import Upstream

MAX_PYTHON_CALLS = 60
"""Calls of our own Python functions per exact hit: 38 when this was written."""

FRESH = re.compile(rb"(chatcmpl-|equicache-id: |x-request-id: |Date: |Age: |ttl=|\"created\":)[^\"\r\n;,}]*")


class Running:
    """A proxy, one connection to it, and how many requests took the long way."""

    def __init__(self, app: App, clock: Clock, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        self.app = app
        self.clock = clock
        self.long_ways = 0
        self._reader, self._writer = streams
        answer = app.pipeline.answer

        async def counted(call: Call) -> Answer:
            self.long_ways += 1
            return await answer(call)

        app.pipeline.answer = counted  # type: ignore[method-assign]

    async def ask(self, *headers: str, key: str = "sk-test", stream: bool = False) -> bytes:
        """The whole response to one fixed question."""
        self._writer.write(request(*headers, key=key, stream=stream))
        head = await self._reader.readuntil(b"\r\n\r\n")
        if b"ransfer-Encoding: chunked" in head:
            body = await self._reader.readuntil(b"0\r\n\r\n")
        else:
            length = re.search(rb"(?i)content-length: (\d+)", head)
            assert length is not None
            body = await self._reader.readexactly(int(length[1]))
        await self.app.remember.drained()
        return head + body

    async def warm(self, *, stream: bool = False) -> bytes:
        """Asked until it is known; the answer of the long way."""
        await self.ask(stream=stream)
        answer = await self.ask(stream=stream)
        self.long_ways = 0
        return answer


class Sink(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.written: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing is open."""


def counted(method: Callable[..., Any], done: Counter[str]) -> Callable[..., Any]:
    """The method, counting its calls by its name."""

    def counting(*args: Any, **named: Any) -> Any:
        done[method.__name__] += 1
        return method(*args, **named)

    return counting


def request(*headers: str, key: str = "sk-test", stream: bool = False) -> bytes:
    messages = [{"role": "user", "content": "What is 100% of a percent?"}]
    body = orjson.dumps({"model": "gpt-4o-mini", "stream": stream, "messages": messages})
    lines = ["POST /v1/chat/completions HTTP/1.1", "Host: proxy", f"Authorization: Bearer {key}", *headers]
    lines += [] if "Content-Type: " in "".join(headers) else ["Content-Type: application/json"]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


@asynccontextmanager
async def running(upstream: Upstream) -> AsyncIterator[Running]:
    clock = Clock()
    app = await build_app(config_for(upstream), clock=clock)
    await app.start()
    await app.loaded()
    streams = await asyncio.open_connection("127.0.0.1", app.data.port, limit=2**24)
    try:
        yield Running(app, clock, streams)
    finally:
        streams[1].close()
        await app.stop()


@pytest.fixture
async def proxy(upstream: Upstream) -> AsyncIterator[Running]:
    async with running(upstream) as started:
        yield started


@pytest.mark.parametrize("stream", [False, True])
async def test_the_express_lane_answers_like_the_long_way(proxy: Running, stream: bool) -> None:
    long_way = await proxy.warm(stream=stream)
    express = await proxy.ask(stream=stream)

    assert 0 == proxy.long_ways
    assert b"; hit;" in express
    assert _stable(long_way) == _stable(express)
    assert long_way != express  # its own ids


async def test_many_requests_on_one_connection_get_their_answers_in_order(proxy: Running) -> None:
    await proxy.warm()
    proxy._writer.write(request() + request(stream=True) + request())
    first = await proxy._reader.readuntil(b"\r\n\r\n")
    rest = b""
    while rest.count(b"HTTP/1.1 200") < 2 or not rest.endswith(b"}}"):
        rest += await proxy._reader.read(65536)

    assert b"application/json" in first
    assert [b"text/event-stream", b"application/json"] == re.findall(rb"(?i)content-type: ([\w/-]+)", rest)


async def test_the_same_bytes_again_are_not_even_parsed(proxy: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    await proxy.warm()
    express = await proxy.ask()
    (connection,) = proxy.app.data._server.connections
    monkeypatch.setattr(connection, "_parser", None)  # whoever feeds it fails
    again = [await proxy.ask() for _ in range(3)]

    assert [_stable(express)] * 3 == [_stable(answer) for answer in again]
    assert 4 == len({re.search(rb"equicache-id: (\S+)", answer)[1] for answer in (express, *again)})  # type: ignore[index]


@pytest.mark.parametrize("header", ["Accept: */*", "X-Trace: new"])
async def test_a_new_connections_first_bytes_need_not_wait_for_its_task(proxy: Running, header: str) -> None:
    await proxy.warm()
    await proxy.ask("Accept: */*")
    connection, transport = proxy.app.data._server(), Sink()
    connection.connection_made(transport)
    connection.data_received(request(header))
    answered, long_ways = b"".join(transport.written), proxy.long_ways
    connection.connection_lost(None)

    assert answered.startswith(b"HTTP/1.1 200 OK")
    assert long_ways == 0


async def test_half_a_head_as_first_bytes_keeps_its_deadline(proxy: Running) -> None:
    connection = proxy.app.data._server()
    connection.connection_made(Sink())
    connection.data_received(b"POST /v1/chat")
    deadline = getattr(connection, "_head_deadline")  # noqa: B009 - a slot of ours, on aiohttp's type
    connection.connection_lost(None)

    assert deadline is not None


async def test_an_observer_that_fails_at_one_hit_loses_no_other_hit_of_the_turn(
    proxy: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await proxy.warm()
    await proxy.ask()
    await asyncio.sleep(0.05)
    lane = proxy.app.data._server._kwargs["lane"]
    told: list[object] = []

    class Failing:
        def observed(self, outcome: object) -> None:
            told.append(outcome)
            if len(told) == 1:
                raise BrokenPipeError

    monkeypatch.setattr(proxy.app.audience, "_observers", [Failing()])
    for _ in range(3):  # one turn of the loop
        ready = lane.again(request(), None)
        assert ready is not None
        ready[1]()
    await asyncio.sleep(0.05)

    assert 3 == len(told)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("words", [3, 100, 2_000])
async def test_a_hit_of_any_length_is_rendered_once_and_is_one_use(
    upstream: Upstream, stream: bool, words: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream.answer = lambda _: f"{'x' * 40} " * words
    done: Counter[str] = Counter()
    for kind, name in ((Template, "render"), (Kept, "used")):
        monkeypatch.setattr(kind, name, counted(getattr(kind, name), done))
    async with running(upstream) as proxy:
        await proxy.warm(stream=stream)
        await proxy.ask(stream=stream)
        done.clear()
        proxy.long_ways = 0
        lengths = [len(await proxy.ask(stream=stream)) for _ in range(5)]

        assert {"render": 5, "used": 5} == done
        assert (5 if min(lengths) > WRITE_BYTES + 1_000 else 0) == proxy.long_ways


async def test_known_bytes_in_the_middle_of_a_request_are_part_of_it(proxy: Running) -> None:
    await proxy.warm()
    await proxy.ask()
    inner = request()
    proxy._writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: proxy\r\nContent-Length: %d\r\n\r\n" % len(inner))
    await asyncio.sleep(0.05)
    proxy._writer.write(inner)
    head = await proxy._reader.readuntil(b"\r\n\r\n")

    assert b"fwd=bypass; detail=unparseable" in head


async def test_known_bytes_after_half_a_head_are_part_of_it(proxy: Running) -> None:
    await proxy.warm()
    await proxy.ask()
    proxy._writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nCookie: ")
    await asyncio.sleep(0.05)

    assert b"fwd=bypass; detail=cookie" in await proxy.ask()


async def test_an_answer_at_once_leaves_no_deadline_for_a_head(proxy: Running) -> None:
    await proxy.warm()
    await proxy.ask()

    (connection,) = proxy.app.data._server.connections
    assert 0 == proxy.long_ways
    assert getattr(connection, "_head_deadline") is None  # noqa: B009 - a slot of ours, on aiohttp's type


async def test_what_may_not_be_served_never_takes_the_express_lane(proxy: Running) -> None:
    await proxy.warm()
    refused = {
        "no-cache": await proxy.ask("Cache-Control: no-cache"),
        "no-store": await proxy.ask("Cache-Control: no-store"),
        "cookie": await proxy.ask("Cookie: a=b"),
        "another key": await proxy.ask(key="sk-other"),
    }

    assert [] == [name for name, answer in refused.items() if b"; hit;" in answer]


async def test_a_stale_entry_is_not_served_at_once(proxy: Running) -> None:
    await proxy.warm()
    proxy.clock.offset += 2 * 86_400

    assert b"; hit;" not in await proxy.ask()


async def test_a_flushed_domain_is_not_served_at_once(proxy: Running) -> None:
    await proxy.warm()
    await proxy.app.control.flush("default")

    assert b"; hit;" not in await proxy.ask()


async def test_a_banned_entry_is_not_served_at_once(proxy: Running) -> None:
    await proxy.warm()
    proxy.app.flags._quarantined._banned |= {remembered.entry.id for remembered in _recent(proxy)}

    assert b"; hit;" not in await proxy.ask()


async def test_a_refused_credential_gets_nothing_at_once(proxy: Running, upstream: Upstream) -> None:
    await proxy.warm()
    for credential in list(proxy.app.control._refused._weights):
        proxy.app.control._refused.put(credential, True)

    assert b"; hit;" not in await proxy.ask()


async def test_an_entry_of_another_plan_is_not_served_at_once(proxy: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    await proxy.warm()
    monkeypatch.setattr("proxy.kept.PLAN_VERSION", PLAN_VERSION + 1)

    assert b"; hit;" not in await proxy.ask()


async def test_what_others_did_is_applied_before_anything_is_served_at_once(proxy: Running) -> None:
    await proxy.warm()
    feed = proxy.app.shelves.feed
    (remembered,) = _recent(proxy)
    await feed.publish("dropped", remembered.entry.exact_key)
    await proxy.app.shelves.store.delete([remembered.entry.id])

    assert b"; hit;" not in await proxy.ask()


async def test_an_exact_hit_stays_short(proxy: Running) -> None:
    """Counted, not timed: a call that creeps in is seen on every machine alike."""
    await proxy.warm()
    with calls_counted() as calls:
        for _ in range(20):
            await proxy.ask()

    assert 0 == proxy.long_ways
    assert calls() / 20 < MAX_PYTHON_CALLS


def _recent(proxy: Running) -> list[Any]:
    lru = proxy.app.recall.recent
    return [*lru._probation.values(), *lru._protected.values()]


def _stable(response: bytes) -> bytes:
    return FRESH.sub(rb"\1", re.sub(rb"(?m)^[0-9a-f]+\r\n(?=data)", b"", response))


@pytest.mark.parametrize("named", ["Authorization", "close, authorization", "Content-Type", "X-Goog-Api-Key", "host"])
async def test_connection_may_not_name_whose_or_what_a_request_is_on_a_hit_either(proxy: Running, named: str) -> None:
    await proxy.warm()
    refused = await proxy.ask(f"Connection: {named}")

    assert refused.startswith(b"HTTP/1.1 400")
    assert b"bad_connection_header" in refused
    assert 0 == proxy.long_ways


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1", '"UTF-7"', "utf-8; charset=latin1"])
async def test_a_body_in_another_charset_has_nothing_to_do_with_memory(proxy: Running, charset: str) -> None:
    await proxy.warm()
    other = await proxy.ask(f"Content-Type: application/json; charset={charset}")
    plain = await proxy.ask('Content-Type: application/json; Charset="UTF-8"')

    assert b"fwd=bypass; detail=unparseable" in other
    assert b"hit; ttl" in plain


async def test_who_asks_on_and_reads_nothing_is_waited_for(proxy: Running, upstream: Upstream) -> None:
    """What a client has asked in one go takes the long way; the answers must not all wait in the proxy's memory."""
    upstream.answer = lambda _: "word " * 8_000
    await proxy.warm()
    _, writer = await asyncio.open_connection("127.0.0.1", proxy.app.data.port)
    writer.write(request() * 1_000)

    asked = -1
    while asked < proxy.long_ways:
        asked = proxy.long_ways
        await asyncio.sleep(0.5)
    writer.close()

    assert 0 < asked < 1_000
