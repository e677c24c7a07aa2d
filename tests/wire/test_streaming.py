"""Bytes in motion: nothing is held back, nothing piles up, and who leaves is noticed on the other side."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator, Callable

import psutil
import pytest
from aiohttp import web

from proxy.ports import UpstreamCall
from proxy.web import passthrough
from proxy.web.passthrough import Body
from proxy.web.server import HttpServer
from tests.upstream import Framing, Reply, Upstream
from tests.wire.client import ask, parse, request, send_raw
from tests.wire.conftest import proxy_for

PATIENCE_S = 5.0
MEBI = 2**20
EXPECTING = request("/v1/files", method="POST", body=b"x" * 99, headers=[(b"Expect", b"100-continue")])[:-99]


async def open_to(port: int, data: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a request was sent; it is closed when the test fails, too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    test = asyncio.current_task()
    assert test is not None
    test.add_done_callback(lambda _: writer.transport.abort())
    writer.write(data)
    return reader, writer


async def soon(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), PATIENCE_S)


@pytest.mark.parametrize(
    ("sent", "is_whole"),
    [
        (request("/v1/files", method="POST", body=b"x" * 999), True),
        (request("/v1/files", method="POST", body=b"x" * 99_999), False),
        (request("/v1/files", method="POST", body=b"x", headers=[(b"Expect", b"100-continue")]), False),
        (request("/v1/files", method="POST", body=b"x" * 999, chunks=1), False),
    ],
    ids=["short", "long", "expecting", "chunked"],
)
async def test_a_short_body_that_came_with_its_head_leaves_with_it(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, sent: bytes, *, is_whole: bool
) -> None:
    """Without a task that pumps it and a write of its own; all others go on piece by piece, framed as they came."""
    bodies: list[Body] = []

    def noted(asked: web.BaseRequest, name: str, body: Body) -> UpstreamCall:
        bodies.append(body)
        return passthrough.call_for(asked, name, body)

    monkeypatch.setattr("tests.wire.conftest.call_for", noted)
    async with proxy_for(upstream) as server:
        assert (await ask(server.port, sent)).end == "complete"
    assert [isinstance(body, bytes) for body in bodies] == [is_whole]


async def test_each_event_arrives_before_the_next_is_said(upstream: Upstream, every: HttpServer) -> None:
    received = asyncio.Semaphore(0)

    async def body() -> AsyncIterator[bytes]:
        for number in range(100):
            yield b"data: %d\n\n" % number
            await asyncio.wait_for(received.acquire(), PATIENCE_S)

    upstream.say(Reply(200, body(), [(b"Content-Type", b"text/event-stream")], framing=Framing.CHUNKED))
    reader, writer = await open_to(every.port, request("/v1/chat/completions"))
    await reader.readuntil(b"\r\n\r\n")
    for number in range(100):
        event = b"data: %d\n\n" % number
        assert await asyncio.wait_for(reader.readuntil(event + b"\r\n"), PATIENCE_S) == b"%x\r\n%s\r\n" % (
            len(event),
            event,
        )
        received.release()
    assert await reader.read() == b"0\r\n\r\n"
    writer.close()


async def test_the_head_arrives_before_the_first_byte_of_the_body(upstream: Upstream, every: HttpServer) -> None:
    go_on = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        await soon(go_on)
        yield b"late"

    upstream.say(Reply(200, body(), framing=Framing.CHUNKED))
    reader, writer = await open_to(every.port, request("/v1/x"))
    await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    go_on.set()

    assert b"late" in await reader.read()
    writer.close()


@pytest.mark.parametrize("moment", ["before the head", "in the stream"])
async def test_upstream_sees_a_client_that_leaves(moment: str, upstream: Upstream, every: HttpServer) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"data: x\n\n"
            await asyncio.sleep(0.01)

    reply = Reply(delay_s=60) if moment == "before the head" else Reply(200, endless(), framing=Framing.CHUNKED)
    upstream.say(reply)
    reader, writer = await open_to(every.port, request("/v1/x"))
    seen = await asyncio.wait_for(upstream.wait_for(1), PATIENCE_S)
    if moment == "in the stream":
        await reader.readuntil(b"data: x\n\n")
    writer.close()

    await soon(seen.closed)


async def test_upstream_sees_a_client_that_leaves_in_mid_upload(upstream: Upstream, every: HttpServer) -> None:
    _, writer = await open_to(every.port, request("/v1/files", method="POST", body=b"x" * 5000)[:-1000])
    seen = await asyncio.wait_for(upstream.wait_for(1, complete=False), PATIENCE_S)
    writer.close()

    await soon(seen.closed)
    assert not seen.is_complete


async def test_malformed_chunk_in_mid_upload_ends_both_sides(upstream: Upstream, every: HttpServer) -> None:
    head = request("/v1/files", method="POST", body=b"", chunks=1).removesuffix(b"0\r\n\r\n")
    reader, writer = await open_to(every.port, head + b"3\r\nabc\r\n")
    seen = await asyncio.wait_for(upstream.wait_for(1, complete=False), PATIENCE_S)
    writer.write(b"zz\r\n")

    answer = parse(await asyncio.wait_for(reader.read(), PATIENCE_S))
    await soon(seen.closed)
    assert (answer.status, answer.header(b"equicache-error"), seen.is_complete) == (400, b"bad_http", False)
    writer.close()


async def test_slow_reader_holds_the_upstream_back(upstream: Upstream, every: HttpServer) -> None:
    said = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal said
        for _ in range(64):
            yield bytes(MEBI)
            said += 1

    upstream.say(Reply(200, body(), framing=Framing.CHUNKED))
    reader, writer = await asyncio.open_connection("127.0.0.1", every.port, limit=1024)
    writer.write(request("/v1/files/f/content"))
    await still(lambda: said)
    held_back = said

    assert held_back < 48
    size = 0
    while chunk := await reader.read(MEBI):
        size += len(chunk)
    assert size > 64 * MEBI
    writer.close()


async def test_slow_upstream_holds_the_client_back(upstream: Upstream, every: HttpServer) -> None:
    upstream.is_reading = False
    sent = 0
    _, writer = await asyncio.open_connection("127.0.0.1", every.port)

    async def upload() -> None:
        nonlocal sent
        writer.write(b"POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (64 * MEBI))
        for _ in range(64):
            writer.write(bytes(MEBI))
            await writer.drain()
            sent += 1

    task = asyncio.create_task(upload())
    await still(lambda: sent)
    assert sent < 48

    upstream.read_on()
    await asyncio.wait_for(task, 10 * PATIENCE_S)
    assert (await asyncio.wait_for(upstream.wait_for(1), 10 * PATIENCE_S)).body_size == 64 * MEBI
    writer.close()


async def still(count: Callable[[], int]) -> None:
    """Waits until a counter stops rising."""
    before = -1
    while before < count() or not count():
        before = count()
        await asyncio.sleep(0.3)


@pytest.mark.parametrize("chunks", [0, 50])
async def test_hundred_megabytes_arrive_whole(chunks: int, upstream: Upstream, every: HttpServer) -> None:
    body = os.urandom(MEBI) * 100

    await ask(every.port, request("/v1/files", method="POST", body=body, chunks=chunks))

    assert upstream.seen[0].body_size == len(body)
    assert upstream.seen[0].sha256.digest() == hashlib.sha256(body).digest()


async def test_client_that_waits_for_permission_gets_the_upstreams(upstream: Upstream, every: HttpServer) -> None:
    upstream.say(Reply(200, b"thanks"))
    reader, writer = await open_to(every.port, EXPECTING)

    assert await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S) == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"x" * 99)
    assert parse(await reader.read()).body == b"thanks"
    writer.close()


async def test_refusal_of_the_upstream_spares_the_upload(upstream: Upstream, every: HttpServer) -> None:
    upstream.say(Reply(401, b"no", early=True))
    reader, writer = await open_to(every.port, EXPECTING)
    received = await asyncio.wait_for(reader.readuntil(b"no"), PATIENCE_S)

    assert received.startswith(b"HTTP/1.1 401 ")
    writer.close()


async def test_permission_is_not_given_in_the_midst_of_an_answer(
    upstream: Upstream, every: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upstream that answers at once, and at length, never gave any; its answer is not a place to say it."""
    is_asked = asyncio.Event()
    ask_for_body = passthrough.send_continue

    def asked(request: web.BaseRequest) -> None:
        ask_for_body(request)
        is_asked.set()

    async def body() -> AsyncIterator[bytes]:
        yield b"early"
        await is_asked.wait()
        yield b"late"

    monkeypatch.setattr(passthrough, "send_continue", asked)
    upstream.say(Reply(200, body(), framing=Framing.CHUNKED, early=True))
    reader, writer = await open_to(every.port, EXPECTING)
    head = await asyncio.wait_for(reader.readuntil(b"early"), PATIENCE_S)

    assert head.endswith(b"\r\n\r\n5\r\nearly")
    assert await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), PATIENCE_S) == b"\r\n4\r\nlate\r\n0\r\n\r\n"
    writer.close()


async def test_interim_answers_do_not_confuse(upstream: Upstream, every: HttpServer) -> None:
    upstream.say(Reply(200, b"fine", interim=b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"))

    assert (await ask(every.port, request("/v1/x"))).body == b"fine"


async def test_http_1_0_client_gets_a_body_that_closing_ends(upstream: Upstream, every: HttpServer) -> None:
    upstream.say(Reply(200, [b"ab", b"c"], framing=Framing.CHUNKED))

    received, was_reset = await send_raw(every.port, b"GET /v1/x HTTP/1.0\r\n\r\n")

    assert (parse(received).body, was_reset) == (b"abc", False)
    assert b"ransfer-" not in received


async def test_http_1_0_client_sees_a_death_as_a_reset(upstream: Upstream, every: HttpServer) -> None:
    upstream.say(Reply(200, [b"ab", b"c"], framing=Framing.CHUNKED, cut_at=2))

    _, was_reset = await send_raw(every.port, b"GET /v1/x HTTP/1.0\r\n\r\n")

    assert was_reset


async def test_connection_serves_many_requests(upstream: Upstream, every: HttpServer) -> None:
    upstream.respond = lambda seen: Reply(200, seen.target)
    reader, writer = await asyncio.open_connection("127.0.0.1", every.port)
    for number in range(5):
        writer.write(b"GET /v1/%d HTTP/1.1\r\nHost: a\r\n\r\n" % number)
        await reader.readuntil(b"/v1/%d" % number)
    writer.write(b"GET /v1/a HTTP/1.1\r\nHost: a\r\n\r\nGET /v1/b HTTP/1.1\r\nHost: a\r\n\r\n")
    received = await reader.readuntil(b"/v1/b")
    writer.close()

    assert received.index(b"/v1/a") < received.index(b"/v1/b")


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [(Reply(raw=b""), 502, b"upstream_unreachable"), (Reply(raw=b"nonsense\r\n\r\n"), 502, b"upstream_protocol")],
)
async def test_errors_of_our_own_look_like_openais(
    reply: Reply, status: int, code: bytes, upstream: Upstream, every: HttpServer
) -> None:
    upstream.say(reply)

    answer = await ask(every.port, request("/v1/x"))

    assert (answer.status, answer.header(b"equicache-error"), answer.header(b"content-type")) == (
        status,
        code,
        b"application/json",
    )
    assert answer.body.startswith(b'{"error":{"message":"') and b'"code":"' + code + b'"' in answer.body  # noqa: PT018


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", ["down", "up"])
async def test_a_gigabyte_leaves_no_trace_in_memory(way: str) -> None:
    """The proxy in a process of its own: 1 GB through it, resident memory grows by less than 20 MB."""
    upstream = Upstream(record=False)
    async with upstream:
        process = await asyncio.create_subprocess_exec(
            *_proxy_command(upstream.url), stdout=asyncio.subprocess.PIPE, limit=MEBI
        )
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        await ask(port, request("/v1/models"))
        before = psutil.Process(process.pid).memory_info().rss
        peak = await _gigabyte(way, upstream, port, process.pid)
        process.terminate()
        await process.wait()

    assert peak - before < 20 * MEBI


def _proxy_command(url: str) -> list[str]:
    return [sys.executable, "-m", "tests.wire.alone", url]


async def _gigabyte(way: str, upstream: Upstream, port: int, pid: int) -> int:
    peak = 0

    def look() -> None:
        nonlocal peak
        peak = max(peak, psutil.Process(pid).memory_info().rss)

    async def body() -> AsyncIterator[bytes]:
        for number in range(1024):
            yield bytes(MEBI)
            if number % 64 == 0:
                look()

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    if way == "down":
        upstream.say(Reply(200, body(), framing=Framing.CHUNKED))
        writer.write(request("/v1/files/f/content"))
        size = 0
        while chunk := await reader.read(MEBI):
            size += len(chunk)
    else:
        writer.write(b"POST /v1/files HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % 2**30)
        async for piece in body():
            writer.write(piece)
            await writer.drain()
        await reader.read()
    writer.close()
    look()
    return peak
