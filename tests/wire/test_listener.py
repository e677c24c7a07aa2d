"""The listener's own manners: deadlines for heads, patience for idle connections, a stop that lets streams finish."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from proxy.web.middleware import own_error
from proxy.web.server import READ_BUFFER_BYTES, HttpServer
from tests.upstream import Framing, Reply, Upstream
from tests.wire.client import ask, parse, request
from tests.wire.conftest import proxy_for
from tests.wire.test_streaming import PATIENCE_S, open_to, soon


@pytest.fixture
async def proxied(upstream: Upstream) -> AsyncIterator[HttpServer]:
    """A proxy that waits one second for a head."""
    async with proxy_for(upstream, head_timeout_s=1.0) as server:
        yield server


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET /v1/x HTTP/1.1\r\nHost: a\r\n", b"G"])
async def test_connection_without_a_whole_head_is_closed(sent: bytes, proxied: HttpServer) -> None:
    reader, writer = await open_to(proxied.port, sent)

    assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
    writer.close()


async def test_head_that_drips_is_closed(proxied: HttpServer) -> None:
    reader, writer = await open_to(proxied.port, b"GET /v1/x HTTP/1.1\r\nHost: a\r\n")

    async def drip() -> None:
        while True:
            writer.write(b"X: y\r\n")
            await asyncio.sleep(0.05)

    task = asyncio.create_task(drip())
    try:
        received = await asyncio.wait_for(reader.read(), PATIENCE_S)
    except ConnectionResetError:
        received = b""
    finally:
        task.cancel()
        writer.close()

    assert received == b""


async def test_second_head_has_a_deadline_too(upstream: Upstream, proxied: HttpServer) -> None:
    upstream.respond = lambda _: Reply(200, b"fine")
    reader, writer = await open_to(proxied.port, b"GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n")
    await reader.readuntil(b"fine")
    writer.write(b"GET /v1/x HT")

    assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
    writer.close()


async def test_idle_connection_and_slow_answer_outlive_the_deadline(upstream: Upstream, proxied: HttpServer) -> None:
    upstream.respond = lambda _: Reply(200, b"fine", delay_s=1.5)
    reader, writer = await open_to(proxied.port, b"GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n")
    await asyncio.wait_for(reader.readuntil(b"fine"), PATIENCE_S)
    await asyncio.sleep(1.5)
    writer.write(b"GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n")

    await asyncio.wait_for(reader.readuntil(b"fine"), PATIENCE_S)
    writer.close()


async def test_slow_upload_outlives_the_deadline(upstream: Upstream, proxied: HttpServer) -> None:
    upstream.say(Reply(200, b"fine"))
    reader, writer = await open_to(proxied.port, request("/v1/files", method="POST", body=b"xy")[:-1])
    await asyncio.sleep(1.5)
    writer.write(b"y")

    assert parse(await asyncio.wait_for(reader.read(), PATIENCE_S)).body == b"fine"
    writer.close()


H2C = b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAE\r\nUpgrade: h2c\r\n\r\n"
WISHES = [
    b"GET /v1/x HTTP/1.1\r\nHost: a\r\n" + H2C,
    b"POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n" + H2C + b"{}",
]
NEXT = b"GET /v1/next HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize("wish", WISHES)
async def test_what_stands_behind_an_upgrade_that_is_not_made_is_answered_or_the_connection_ends(
    upstream: Upstream, proxied: HttpServer, wish: bytes
) -> None:
    upstream.respond = lambda _: Reply(200, b"fine")
    reader, writer = await open_to(proxied.port, wish + NEXT)
    received = b""
    async with asyncio.timeout(PATIENCE_S):
        while received.count(b"fine") < 2 and (chunk := await reader.read(2**16)):
            received += chunk
    writer.close()

    assert received.count(b"fine") == 2 or b"\r\nConnection: close\r\n" in received


@pytest.mark.parametrize("wish", WISHES)
async def test_an_upgrade_that_is_not_made_keeps_the_connection(
    upstream: Upstream, proxied: HttpServer, wish: bytes
) -> None:
    upstream.respond = lambda _: Reply(200, b"fine")
    head, body = wish.removesuffix(b"{}"), wish[-2:].strip()
    reader, writer = await open_to(proxied.port, head)
    async with asyncio.timeout(PATIENCE_S):
        await upstream.wait_for(1, complete=False)
        writer.write(body)
        await reader.readuntil(b"fine")
        for said in (NEXT, wish, NEXT):
            writer.write(said)
            await reader.readuntil(b"fine")
    writer.close()

    assert 1 == len({seen.connection for seen in upstream.seen})


@pytest.mark.parametrize("is_at_once", [True, False])
async def test_a_body_in_thousands_of_chunks_holds_up_nothing_that_follows(
    upstream: Upstream, proxied: HttpServer, is_at_once: bool
) -> None:
    """With its last chunk it asks the parser to pause, and its end takes only half of that back."""
    chunks = READ_BUFFER_BYTES // 16 + 1
    head = b"POST /v1/files HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked = head + b"1\r\nx\r\n" * chunks + b"0\r\n\r\n"
    following = b"POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nnext" + NEXT
    upstream.respond = lambda _: Reply(200, b"fine")
    reader, writer = await open_to(proxied.port, chunked + following * is_at_once)
    async with asyncio.timeout(PATIENCE_S):
        await reader.readuntil(b"fine")
        writer.write(b"" if is_at_once else following)
        await reader.readuntil(b"fine")
        await reader.readuntil(b"fine")
    writer.close()

    assert [b"x" * chunks, b"next", b""] == [seen.body for seen in upstream.seen]


async def test_four_hundred_half_open_connections_do_not_keep_others_out(
    upstream: Upstream, proxied: HttpServer
) -> None:
    upstream.respond = lambda _: Reply(200, b"fine")
    halves = [await open_to(proxied.port, b"GET /v1/x HTTP/1.1\r\nHo") for _ in range(400)]

    assert (await ask(proxied.port, request("/v1/x"))).body == b"fine"
    reading = asyncio.gather(*(reader.read() for reader, _ in halves), return_exceptions=True)
    ends = await asyncio.wait_for(reading, PATIENCE_S)
    # A deadline that comes before its bytes are read ends in a reset: the kernel says so of bytes nobody took.
    assert all(end == b"" or isinstance(end, ConnectionResetError) for end in ends)
    for _, writer in halves:
        writer.close()


async def test_stop_lets_a_stream_finish_and_takes_nobody_new(upstream: Upstream) -> None:
    go_on = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"first"
        await soon(go_on)
        yield b"last"

    upstream.say(Reply(200, body(), framing=Framing.CHUNKED))
    async with proxy_for(upstream) as server:
        port = server.port
        reader, writer = await open_to(port, b"GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n")
        await reader.readuntil(b"first\r\n")
        stopping = asyncio.create_task(server.stop(drain_timeout_s=PATIENCE_S))
        await asyncio.sleep(0)
        with pytest.raises(OSError, match="onnect"):
            await asyncio.open_connection("127.0.0.1", port)
        go_on.set()

        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b"4\r\nlast\r\n0\r\n\r\n"
        await asyncio.wait_for(stopping, PATIENCE_S)
    writer.close()


async def test_an_answer_that_begins_during_a_stop_says_that_the_connection_ends(
    upstream: Upstream, every: HttpServer
) -> None:
    """Else a client sends its next request into a connection that is being closed."""
    upstream.may_answer.clear()
    body = b'{"model": "m", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}'
    sent = request("/v1/chat/completions", method="POST", body=body).replace(b"Connection: close\r\n", b"")
    reader, writer = await open_to(every.port, sent)
    await asyncio.wait_for(upstream.wait_for(1), PATIENCE_S)
    stopping = asyncio.create_task(every.stop(drain_timeout_s=PATIENCE_S))
    await asyncio.sleep(0)
    upstream.may_answer.set()

    answer = parse(await asyncio.wait_for(reader.read(), PATIENCE_S))
    assert (answer.status, answer.header(b"connection"), answer.end) == (200, b"close", "complete")
    await asyncio.wait_for(stopping, PATIENCE_S)
    writer.close()


@pytest.mark.parametrize("path", ["/v1/files", "/v1/chat/completions"])
async def test_a_body_under_way_goes_on_during_a_stop(path: str, upstream: Upstream, every: HttpServer) -> None:
    upstream.respond = lambda _: Reply(200, b"fine")
    sent = request(path, method="POST", body=b"x" * 2000)
    reader, writer = await open_to(every.port, sent[:-1000])
    await asyncio.wait_for(begun(every), PATIENCE_S)
    stopping = asyncio.create_task(every.stop(drain_timeout_s=PATIENCE_S))
    await asyncio.sleep(0)
    writer.write(sent[-1000:])

    assert parse(await asyncio.wait_for(reader.read(), PATIENCE_S)).body == b"fine"
    assert upstream.seen[0].body_size == 2000
    await asyncio.wait_for(stopping, PATIENCE_S)
    writer.close()


async def begun(server: HttpServer) -> None:
    """Until a request is under way."""
    while not any(handler._request_in_progress for handler in server._server.connections):
        await asyncio.sleep(0.01)


async def test_a_stop_that_waits_closes_idle_connections_at_once(upstream: Upstream) -> None:
    """Else whoever keeps one in a pool sends his next request on it, and hears nothing until all others have ended."""
    upstream.respond = lambda _: Reply(200, b"fine")
    async with proxy_for(upstream) as server:
        idle, idle_writer = await open_to(server.port, b"GET /v1/x HTTP/1.1\r\nHost: a\r\n\r\n")
        await asyncio.wait_for(idle.readuntil(b"fine"), PATIENCE_S)
        upstream.may_answer.clear()
        reader, writer = await open_to(server.port, request("/v1/x"))
        await asyncio.wait_for(upstream.wait_for(2), PATIENCE_S)
        stopping = asyncio.create_task(server.stop(drain_timeout_s=10 * PATIENCE_S))

        assert await asyncio.wait_for(idle.read(), PATIENCE_S) == b""
        assert not stopping.done()
        upstream.may_answer.set()
        assert parse(await asyncio.wait_for(reader.read(), PATIENCE_S)).body == b"fine"
        await asyncio.wait_for(stopping, PATIENCE_S)
    idle_writer.close()
    writer.close()


async def test_a_stop_waits_until_a_slow_reader_has_all_that_was_written() -> None:
    """The end of the process would take the rest with it."""
    text = "x" * 50_000

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        return own_error(504, text, code="only_if_cached")

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    listening.bind(("127.0.0.1", 0))
    server = HttpServer(handler)
    await server.start_on(listening)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", server.port))
    reader, writer = await asyncio.open_connection(sock=client, limit=1024)
    writer.write(request("/v1/x").replace(b"Connection: close\r\n", b""))
    received = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    stopping = asyncio.create_task(server.stop(drain_timeout_s=10 * PATIENCE_S))
    await asyncio.wait([stopping], timeout=0.3)

    assert not stopping.done()
    received += await asyncio.wait_for(reader.read(), 5 * PATIENCE_S)
    assert (parse(received).end, text.encode() in received) == ("complete", True)
    await asyncio.wait_for(stopping, PATIENCE_S)
    writer.close()


async def test_a_stop_that_waits_says_for_what(upstream: Upstream, capsys: pytest.CaptureFixture[str]) -> None:
    upstream.say(Reply(200, b"fine", delay_s=1.0))
    async with proxy_for(upstream) as server:
        _, writer = await open_to(server.port, request("/v1/x"))
        _, idle = await open_to(server.port, b"")
        await asyncio.wait_for(upstream.wait_for(1), PATIENCE_S)
        await server.stop(drain_timeout_s=PATIENCE_S)

    said = capsys.readouterr()
    (line,) = (line for line in (said.out + said.err).splitlines() if "requests.awaited" in line)
    assert "a second signal ends at once" in line
    assert re.search(r"count\W+1\b", line)
    writer.close()
    idle.close()


async def test_stop_without_patience_cuts_and_the_upstream_sees_it(upstream: Upstream) -> None:
    upstream.say(Reply(delay_s=60))
    async with proxy_for(upstream) as server:
        reader, writer = await open_to(server.port, request("/v1/x"))
        seen = await asyncio.wait_for(upstream.wait_for(1), PATIENCE_S)
        await asyncio.wait_for(server.stop(), PATIENCE_S)

        assert await reader.read() == b""
        await soon(seen.closed)
    writer.close()


async def serve(handler: object) -> HttpServer:
    server = HttpServer(handler)  # type: ignore[arg-type]
    await server.start("127.0.0.1", 0)
    return server


async def test_unexpected_failure_is_an_honest_500_and_a_traceback_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        raise ZeroDivisionError("sk-canary must not leave")

    server = await serve(handler)
    answer = await ask(server.port, request("/v1/x"))
    await server.stop()

    assert (answer.status, answer.header(b"equicache-error")) == (500, b"proxy_failed")
    assert b"canary" not in answer.body
    said = capsys.readouterr()
    assert "request.failed" in said.out + said.err  # whichever stream the log was set to by then


@pytest.mark.parametrize(
    ("scripted", "kind"),
    [
        (None, "upstream_unreachable ClientConnectorError ECONNREFUSED"),
        (Reply(200, b"half", cut_at=2), "upstream_cut ClientPayloadError"),
    ],
    ids=["refused", "cut"],
)
async def test_a_failing_upstream_is_in_the_log_by_name_and_kind(
    scripted: Reply | None, kind: str, upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    async with proxy_for(upstream) as proxied:
        if scripted is None:
            await upstream.stop()
        else:
            upstream.say(scripted)
        await ask(proxied.port, request("/v1/models"))

    said = capsys.readouterr()
    (line,) = (line for line in (said.out + said.err).splitlines() if "upstream.failed" in line)
    assert [] == [word for word in ("only", *kind.split()) if word not in line]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_own_errors_have_a_body_and_none_on_head(method: str) -> None:
    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        return own_error(504, "nothing fresh", code="only_if_cached", headers=[(b"x-should-retry", b"false")])

    server = await serve(handler)
    answer = await ask(server.port, request("/v1/x", method=method))
    await server.stop()

    assert (answer.status, answer.header(b"x-should-retry"), answer.end) == (504, b"false", "complete")
    assert (b"only_if_cached" in answer.body) == (method == "GET")
    assert [name for name, _ in answer.headers if name.lower() in (b"server", b"date", b"cache-status")] == []
