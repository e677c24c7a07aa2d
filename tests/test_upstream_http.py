"""The backend that speaks to the provider, against a scripted one."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from aiohttp.connector import Connection
from structlog.testing import capture_logs

from proxy.backends.upstream_exchange import Exchange
from proxy.backends.upstream_http import KEEPALIVE_S, RETOLD_BYTES, HttpUpstream
from proxy.backends.upstream_protocol import WireProtocol
from proxy.core.route import Upstream as UpstreamSettings
from proxy.errors import BadRequest, ConfigError, UpstreamError
from proxy.ports import UpstreamCall, UpstreamReply
from proxy.web.passthrough import log_failure
from tests.upstream import Framing, Reply, Upstream
from tests.upstream.server import NO_LINGER
from tests.upstream.tls import certified

PATIENCE_S = 5.0


@asynccontextmanager
async def backend(base_url: str, **settings: Any) -> AsyncIterator[HttpUpstream]:
    """The backend with one upstream named `only`."""
    http = HttpUpstream([UpstreamSettings("only", base_url, **settings)])
    try:
        yield http
    finally:
        await http.close()


def call(**changes: Any) -> UpstreamCall:
    """A small POST."""
    fields: dict[str, Any] = {
        "upstream": "only",
        "method": "POST",
        "target": "/chat/completions",
        "headers": [(b"authorization", b"Bearer client"), (b"Content-Length", b"2")],
        "body": b"{}",
    }
    return UpstreamCall(**{**fields, **changes})


async def pour(reply: UpstreamReply, parts: list[bytes]) -> None:
    """Reads to the end; what came before a failure is in `parts`."""
    while chunk := await reply.read():
        parts.append(chunk)


async def whole(reply: UpstreamReply) -> bytes:
    """The body to its end."""
    parts: list[bytes] = []
    await pour(reply, parts)
    return b"".join(parts)


async def streamed(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_request_leaves_as_it_was_given(upstream: Upstream) -> None:
    headers = [(b"aUTHORIZATION", b"Bearer k"), (b"X", b"caf\xe9"), (b"x", b""), (b"Content-Length", b"3")]
    async with backend(upstream.url) as http:
        upstream.say(Reply(200, b"fine"))

        await whole(await http.send(call(target="/x?a=%20b&", headers=headers, body=b"abc")))

    expected = b"POST /v1/x?a=%%20b& HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % upstream.port
    expected += b"aUTHORIZATION: Bearer k\r\nX: caf\xe9\r\nx: \r\nContent-Length: 3\r\n\r\n"
    assert (expected, b"abc") == (upstream.seen[0].head, upstream.seen[0].body)


@pytest.mark.parametrize("base_path", ["/v1", "/api/v1", "/v1beta/openai", ""])
async def test_base_url_stands_before_every_target(base_path: str) -> None:
    async with Upstream(base_path=base_path) as upstream, backend(upstream.url + "/") as http:
        await whole(await http.send(call(method="GET", target="/models?limit=1", headers=[], body=None)))

        assert upstream.seen[0].target == f"{base_path}/models?limit=1".encode()


@pytest.mark.parametrize(
    ("base_path", "target", "asked"), [("", "", b"/"), ("", "?a", b"/?a"), ("/v1", "", b"/v1"), ("/v1", "/", b"/v1/")]
)
async def test_the_base_url_itself_is_a_target_too(base_path: str, target: str, asked: bytes) -> None:
    async with Upstream(base_path=base_path) as upstream, backend(upstream.url) as http:
        await whole(await http.send(call(method="GET", target=target, headers=[], body=None)))

        assert asked == upstream.seen[0].target


async def test_response_comes_back_as_it_was_said(upstream: Upstream) -> None:
    upstream.say(Reply(418, b"\x00body", [(b"X-ID", b"1"), (b"x-id", b"2"), (b"Y", b"\xe9")], reason=b"I am a pot"))
    async with backend(upstream.url) as http:
        reply = await http.send(call())

        assert (reply.status, reply.reason, reply.is_delimited) == (418, "I am a pot", True)
        assert reply.headers == [(b"X-ID", b"1"), (b"x-id", b"2"), (b"Y", b"\xe9"), (b"Content-Length", b"5")]
        assert await whole(reply) == b"\x00body"
        assert await reply.read() == b""


async def test_body_of_unknown_length_is_chunked_and_known_ones_get_a_length(upstream: Upstream) -> None:
    upstream.say(Reply(), Reply())
    async with backend(upstream.url) as http:
        await whole(await http.send(call(headers=[], body=streamed(b"ab", b"", b"c"))))
        await whole(await http.send(call(headers=[], body=b"abc")))

    assert [seen.body for seen in upstream.seen] == [b"abc", b"abc"]
    assert [seen.header(b"transfer-encoding") for seen in upstream.seen] == [b"chunked", None]
    assert [seen.header(b"content-length") for seen in upstream.seen] == [None, b"3"]


async def test_connections_are_used_again(upstream: Upstream) -> None:
    async with backend(upstream.url) as http:
        for _ in range(3):
            await whole(await http.send(call()))

    assert (upstream.calls, upstream.connections) == (3, 1)


@pytest.mark.parametrize("status", [204, 304])
async def test_connections_are_used_again_after_answers_without_a_body(status: int, upstream: Upstream) -> None:
    upstream.say(Reply(status, framing=Framing.NONE), Reply(200, b"for HEAD only"), Reply(200, b"fine"))
    async with backend(upstream.url) as http:
        for method in ("GET", "HEAD", "GET"):
            reply = await http.send(call(method=method, headers=[], body=None))
            received = await whole(reply)

    assert (received, upstream.connections) == (b"fine", 1)


UNASKED = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"


def say_unasked(upstream: Upstream, data: bytes) -> None:
    """The upstream speaks on every open connection without having been asked."""
    for connection in upstream.open:
        connection.transport.write(data)


@pytest.mark.parametrize("unasked", [UNASKED, UNASKED[:9], UNASKED[:-8], b"\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_what_an_idle_connection_says_ends_it(unasked: bytes, upstream: Upstream) -> None:
    upstream.say(Reply(200, b"first"), Reply(200, b"second"))
    async with backend(upstream.url) as http:
        await whole(await http.send(call()))
        say_unasked(upstream, unasked)
        await asyncio.wait_for(upstream.seen[0].closed.wait(), KEEPALIVE_S / 2)

        assert await whole(await http.send(call())) == b"second"
    assert upstream.calls == 2


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_body_of_an_answer_that_has_none_is_nobodys_answer(method: str, upstream: Upstream) -> None:
    length = [(b"Content-Length", b"%d" % len(UNASKED))]
    upstream.say(Reply(304 if method == "GET" else 200, b"", length, framing=Framing.NONE), Reply(200, b"second"))
    async with backend(upstream.url) as http:
        await whole(await http.send(call(method=method, headers=[], body=None)))
        say_unasked(upstream, UNASKED)
        await asyncio.wait_for(upstream.seen[0].closed.wait(), KEEPALIVE_S / 2)

        assert await whole(await http.send(call())) == b"second"


@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n"])
@pytest.mark.parametrize(
    ("method", "status", "body"), [("HEAD", 200, b""), ("GET", 204, b""), ("GET", 304, b""), ("GET", 200, b"whol")]
)
async def test_a_body_that_is_longer_than_it_may_be_takes_nothing_from_the_answer(
    method: str, status: int, body: bytes, interim: bytes, upstream: Upstream
) -> None:
    """As servers write it that answer HEAD like GET, or count characters where bytes are counted."""
    said = b"HTTP/1.1 %d Said\r\nX: y\r\nContent-Length: 4\r\n\r\nwhole" % status
    upstream.say(Reply(raw=interim + said), Reply(200, b"next"))
    async with backend(upstream.url) as http:
        reply = await http.send(call(method=method, headers=[], body=None))

        assert (reply.status, (b"X", b"y") in reply.headers, await whole(reply)) == (status, True, body)
        assert await whole(await http.send(call())) == b"next"


@pytest.mark.parametrize("unasked", [UNASKED, UNASKED[:9], UNASKED[:-8], b"H"])
async def test_what_follows_an_answer_in_its_packet_ends_the_connection(unasked: bytes, upstream: Upstream) -> None:
    body = b"first" + unasked
    upstream.say(Reply(200, body, [(b"Content-Length", b"5")], framing=Framing.NONE), Reply(200, b"second"))
    async with backend(upstream.url) as http:
        assert await whole(await http.send(call())) == b"first"
        await asyncio.wait_for(upstream.seen[0].closed.wait(), KEEPALIVE_S / 2)

        assert await whole(await http.send(call())) == b"second"


async def test_what_came_before_the_request_is_not_its_answer(upstream: Upstream) -> None:
    upstream.say(Reply(200, b"first"), Reply(200, b"second"))
    async with backend(upstream.url) as http:
        await whole(await http.send(call()))
        # No turn of the loop between: the bytes wait in the socket while the connection is taken and written to.
        say_unasked(upstream, UNASKED)

        assert await whole(await http.send(call())) == b"second"
    assert (upstream.calls, upstream.connections) == (2, 2)


async def sending_on_a_used_connection(http: HttpUpstream, upstream: Upstream) -> asyncio.Task[UpstreamReply]:
    """A request whose body is too long for the socket's buffers, and nobody reads it."""
    await whole(await http.send(call()))
    body = b"x" * (16 * 2**20)
    upstream.is_reading = False
    sending = asyncio.create_task(http.send(call(headers=[(b"Content-Length", b"%d" % len(body))], body=body)))
    await upstream.wait_for(2, complete=False)
    return sending


async def test_success_before_the_request_has_left_is_not_its_answer(upstream: Upstream) -> None:
    async with backend(upstream.url) as http:
        sending = await sending_on_a_used_connection(http, upstream)
        say_unasked(upstream, UNASKED)

        with pytest.raises(UpstreamError, match="not valid HTTP"):
            await sending


async def test_an_early_refusal_on_a_used_connection_passes(upstream: Upstream) -> None:
    async with backend(upstream.url) as http:
        sending = await sending_on_a_used_connection(http, upstream)
        say_unasked(upstream, b"HTTP/1.1 413 No\r\nContent-Length: 4\r\n\r\nlong")

        reply = await sending
        assert (reply.status, await whole(reply)) == (413, b"long")


async def test_an_answer_closed_before_its_end_cuts_the_connection(upstream: Upstream) -> None:
    never = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"first"
        await never.wait()

    upstream.say(Reply(200, body(), framing=Framing.CHUNKED))
    async with backend(upstream.url) as http:
        reply = await http.send(call())
        assert await reply.read() == b"first"
        await reply.close()
        await reply.close()

        await asyncio.wait_for(upstream.seen[0].closed.wait(), PATIENCE_S)
        with pytest.raises(UpstreamError):
            await reply.read()


async def test_what_came_before_a_death_is_delivered_first(upstream: Upstream) -> None:
    upstream.say(Reply(200, [b"a" * 1000, b"b" * 1000], framing=Framing.CHUNKED, cut_at=1500))
    async with backend(upstream.url) as http:
        reply = await http.send(call())
        await asyncio.wait_for(upstream.seen[0].closed.wait(), PATIENCE_S)
        received: list[bytes] = []
        with pytest.raises(UpstreamError, match="died"):
            await pour(reply, received)

    assert b"".join(received) == b"a" * 1000 + b"b" * 500


async def test_a_reset_is_not_the_end_of_a_body_without_length(upstream: Upstream) -> None:
    upstream.say(Reply(200, [b"abc"], framing=Framing.CLOSE, cut_at=3), Reply(200, [b"abc"], framing=Framing.CLOSE))
    upstream._queue[0].reset = True  # type: ignore[union-attr]
    upstream._queue[0].body = [b"abc", b"never"]  # type: ignore[union-attr]
    async with backend(upstream.url) as http:
        reply = await http.send(call())
        with pytest.raises(UpstreamError):
            await whole(reply)

        reply = await http.send(call())
        assert (reply.is_delimited, await whole(reply)) == (False, b"abc")


async def test_interim_answers_are_not_the_answer(upstream: Upstream) -> None:
    upstream.say(Reply(200, b"fine", interim=b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"))
    async with backend(upstream.url) as http:
        assert await whole(await http.send(call())) == b"fine"


GONE = Reply(raw=b"")


async def test_one_resend_when_a_reused_connection_broke(upstream: Upstream) -> None:
    upstream.say(Reply(), GONE, Reply(200, b"fine"))
    async with backend(upstream.url) as http:
        await whole(await http.send(call()))

        assert await whole(await http.send(call())) == b"fine"
    assert (upstream.calls, upstream.connections) == (3, 2)


async def test_the_resend_takes_a_new_connection_since_the_others_may_be_dead_too(upstream: Upstream) -> None:
    upstream.say(Reply(200, b"a"), Reply(200, b"b"), GONE, Reply(200, b"fine"))
    async with backend(upstream.url) as http:
        both = await asyncio.gather(http.send(call()), http.send(call()))
        for reply in both:
            await whole(reply)

        assert upstream.connections == 2
        assert await whole(await http.send(call())) == b"fine"
    assert (upstream.calls, upstream.connections) == (4, 3)


async def test_no_resend_on_a_fresh_connection(upstream: Upstream) -> None:
    upstream.say(GONE)
    async with backend(upstream.url) as http:
        with pytest.raises(UpstreamError, match="without an answer"):
            await http.send(call())

    assert upstream.calls == 1


async def test_no_resend_after_a_byte_of_the_answer(upstream: Upstream) -> None:
    upstream.say(Reply(), Reply(raw=b"HTTP/1.1 20"))
    async with backend(upstream.url) as http:
        await whole(await http.send(call()))
        with pytest.raises(UpstreamError):
            await http.send(call())

    assert upstream.calls == 2


@pytest.mark.parametrize("headers", [[], [(b"Content-Length", b"6")]])
async def test_a_short_body_that_streams_is_sent_once_more_too(headers: list[tuple[bytes, bytes]]) -> None:
    """Clients send head and body in two packets: hardly any body is there with its head."""
    async with Upstream() as upstream, backend(upstream.url) as http:
        upstream.say(Reply(), GONE, Reply(200, b"fine"))
        await whole(await http.send(call()))

        assert await whole(await http.send(call(headers=headers, body=streamed(b"abc", b"def")))) == b"fine"
        assert [seen.body for seen in upstream.seen[1:]] == [b"abcdef", b"abcdef"]


async def test_no_resend_of_a_body_that_is_gone(upstream: Upstream) -> None:
    upstream.say(Reply(), GONE)
    async with backend(upstream.url) as http:
        await whole(await http.send(call()))
        with pytest.raises(UpstreamError):
            await http.send(call(headers=[], body=streamed(b"abc", bytes(RETOLD_BYTES))))

    assert upstream.calls == 2


async def test_no_resend_of_a_body_of_which_more_is_awaited(upstream: Upstream) -> None:
    never = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"a beginning"
        await never.wait()

    upstream.say(Reply(), Reply(raw=b"", early=True))
    async with backend(upstream.url) as http, asyncio.timeout(PATIENCE_S):
        await whole(await http.send(call()))
        with pytest.raises(UpstreamError):
            await http.send(call(headers=[], body=endless()))

    assert len(upstream.seen) == 2


async def test_only_one_resend(upstream: Upstream) -> None:
    upstream.say(Reply(), GONE, GONE)
    async with backend(upstream.url) as http:
        await whole(await http.send(call()))
        with pytest.raises(UpstreamError):
            await http.send(call())

    assert upstream.calls == 3


async def test_configured_key_replaces_the_clients_credentials(upstream: Upstream) -> None:
    headers = [(b"authorization", b"Bearer client"), (b"api-key", b"c"), (b"x-api-key", b"c"), (b"X", b"kept")]
    async with backend(upstream.url, api_key="secret") as http:
        await whole(await http.send(call(headers=headers)))

    assert b"client" not in upstream.seen[0].head
    assert b"api-key" not in upstream.seen[0].head
    assert (upstream.seen[0].header(b"authorization"), upstream.seen[0].header(b"x")) == (b"Bearer secret", b"kept")


async def failure(http: HttpUpstream) -> tuple[int, str]:
    with pytest.raises(UpstreamError) as error:
        await whole(await http.send(call()))
    return error.value.status, error.value.code


async def test_refused_connection_is_502(upstream: Upstream) -> None:
    await upstream.stop()
    async with backend(upstream.url) as http:
        assert await failure(http) == (502, "upstream_unreachable")


async def test_unknown_host_is_502() -> None:
    async with backend("http://nowhere.invalid/v1") as http:
        assert await failure(http) == (502, "upstream_unreachable")


async def test_silent_upstream_is_504(upstream: Upstream) -> None:
    upstream.say(Reply(delay_s=60))
    async with backend(upstream.url, timeout_s=0.2) as http:
        assert await failure(http) == (504, "upstream_timeout")
    await asyncio.wait_for(upstream.seen[0].closed.wait(), PATIENCE_S)


async def test_upstream_silent_in_mid_answer_is_a_timeout(upstream: Upstream) -> None:
    upstream.say(Reply(200, [b"a", b"b"], framing=Framing.CHUNKED, gap_s=60))
    async with backend(upstream.url, timeout_s=0.2) as http:
        assert await failure(http) == (504, "upstream_timeout")


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    ],
)
async def test_answer_that_is_not_http_is_502(raw: bytes, upstream: Upstream) -> None:
    upstream.say(Reply(raw=raw))
    async with backend(upstream.url) as http:
        assert await failure(http) == (502, "upstream_protocol")


CHUNKS = b"5\r\nhello\r\n0\r\n\r\n"


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"chunked, gzip", b"gzip", b"gzip\r\nTransfer-Encoding: chunked"])
async def test_a_transfer_coding_that_would_be_lost_here_is_502_and_says_so(coding: bytes, upstream: Upstream) -> None:
    upstream.say(Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: %b\r\n\r\n%b" % (coding, CHUNKS)))
    async with backend(upstream.url) as http:
        with pytest.raises(UpstreamError, match="transfer coding") as failed:
            await http.send(call())

    assert (502, "upstream_protocol") == (failed.value.status, failed.value.code)


@pytest.mark.parametrize(
    ("coding", "method"), [(b"Chunked", "POST"), (b" chunked ", "GET"), (b"gzip, chunked", "HEAD")]
)
async def test_a_lone_chunked_and_the_codings_of_no_body_are_no_obstacle(
    coding: bytes, method: str, upstream: Upstream
) -> None:
    body = b"" if method == "HEAD" else CHUNKS
    upstream.say(Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding:%b\r\n\r\n%b" % (coding, body)))
    async with backend(upstream.url) as http:
        assert (b"hello" if body else b"") == await whole(await http.send(call(method=method)))


async def test_broken_chunk_is_a_death_in_mid_answer(upstream: Upstream) -> None:
    go_on = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"3\r\nabc\r\n"
        await go_on.wait()
        yield b"zz\r\n"

    upstream.say(Reply(200, body(), [(b"Transfer-Encoding", b"chunked")], framing=Framing.NONE))
    async with backend(upstream.url) as http:
        reply = await http.send(call())
        assert await reply.read() == b"abc"
        go_on.set()

        with pytest.raises(UpstreamError, match="died"):
            await asyncio.wait_for(reply.read(), PATIENCE_S)


async def test_large_answer_heads_pass(upstream: Upstream) -> None:
    upstream.say(Reply(200, b"fine", [(b"X", b"y" * 60_000)]))
    async with backend(upstream.url) as http:
        assert await whole(await http.send(call())) == b"fine"


async def test_failing_request_body_fails_the_call_and_cuts_the_upstream(upstream: Upstream) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"abc"
        await upstream.wait_for(1, complete=False)
        raise ConnectionResetError("the client left")

    async with backend(upstream.url) as http:
        with pytest.raises(ConnectionResetError, match="the client left"):
            await http.send(call(headers=[(b"Content-Length", b"9")], body=body()))

        await asyncio.wait_for(upstream.seen[0].closed.wait(), PATIENCE_S)
    assert not upstream.seen[0].is_complete


@pytest.mark.parametrize("turns", range(4))
async def test_a_body_whose_call_is_cut_is_not_read_on_though_permission_just_came(turns: int) -> None:
    """turns: of the loop, since the upstream said 100."""

    async def body() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    asked = call(headers=[(b"Expect", b"100-continue")], body=body())
    protocol = WireProtocol(asyncio.get_running_loop())
    exchange = Exchange(cast(Connection, None), protocol, asked)
    sending = asyncio.create_task(exchange._send_body(asked.body))
    await asyncio.sleep(0)
    exchange._may_send.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    sending.cancel()
    await asyncio.wait({sending}, timeout=PATIENCE_S)

    assert sending.cancelled()


async def test_early_answer_comes_while_the_body_is_still_sent(upstream: Upstream) -> None:
    never = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"abc"
        await never.wait()

    upstream.say(Reply(413, b"too large", early=True))
    async with backend(upstream.url) as http:
        reply = await http.send(call(headers=[(b"Content-Length", b"9")], body=body()))

        assert (reply.status, await whole(reply)) == (413, b"too large")
        await asyncio.wait_for(upstream.seen[0].closed.wait(), PATIENCE_S)


async def test_an_early_answer_is_heard_though_the_upstream_has_gone_before_the_body_was_sent() -> None:
    """A server that refuses an upload and closes at once resets the connection: the next write fails, with the answer
    still to be read."""
    has_gone = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            peer, _ = listener.accept()
            while b"a beginning" not in peer.recv(65_536):
                pass
            peer.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large")
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            peer.close()
            has_gone.set()

        async def body() -> AsyncIterator[bytes]:
            yield b"a beginning"
            await asyncio.sleep(0)
            assert has_gone.wait(PATIENCE_S)  # holds up the loop: nothing is read meanwhile
            yield b"more"

        refusing = asyncio.create_task(asyncio.to_thread(refuse))
        async with backend(f"http://127.0.0.1:{listener.getsockname()[1]}/v1") as http:
            reply = await http.send(call(headers=[(b"Content-Length", b"99")], body=body()))

            assert (reply.status, await whole(reply)) == (413, b"too large")
        await refusing


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ssl.SSLContext]:
    """For 127.0.0.1: its file, and what a server with it speaks."""
    return certified("IP:127.0.0.1", tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def secure(certificate: tuple[str, ssl.SSLContext]) -> AsyncIterator[Upstream]:
    """An upstream that speaks TLS with that certificate."""
    server = Upstream()
    server.tls = certificate[1]
    async with server:
        yield server


async def test_unknown_certificate_is_502(secure: Upstream) -> None:
    async with backend(secure.url) as http:
        assert await failure(http) == (502, "upstream_tls")


async def test_the_log_says_what_is_wrong_with_a_certificate(secure: Upstream) -> None:
    """What OpenSSL numbers 1 is EPERM to nobody."""
    with capture_logs() as lines:
        async with backend(secure.url) as http:
            with pytest.raises(UpstreamError) as failed:
                await http.send(call())
        log_failure(failed.value)

    assert re.fullmatch("ClientConnectorCertificateError self.signed certificate", lines[0]["error"])


async def test_ca_file_is_trusted(secure: Upstream, certificate: tuple[str, ssl.SSLContext]) -> None:
    secure.say(Reply(200, b"fine"))
    async with backend(secure.url, ca_file=certificate[0]) as http:
        assert await whole(await http.send(call())) == b"fine"


async def test_unreadable_ca_file_is_the_operators_error() -> None:
    with pytest.raises(ConfigError, match="ca_file"):
        HttpUpstream([UpstreamSettings("only", "https://a/v1", ca_file="/nowhere.pem")])


@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_http_proxy_of_the_environment_is_used(
    scheme: str, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"{scheme}user:word@127.0.0.1:{upstream.port}")
    upstream.say(Reply(200, b"by proxy"))
    async with backend("http://far.example/v1") as http:
        assert await whole(await http.send(call())) == b"by proxy"

    assert upstream.seen[0].target == b"http://far.example/v1/chat/completions"
    assert upstream.seen[0].header(b"host") == b"far.example"
    assert upstream.seen[0].header(b"proxy-authorization") == b"Basic dXNlcjp3b3Jk"


async def test_https_proxy_of_the_environment_is_used(
    secure: Upstream, certificate: tuple[str, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(2**16):
            writer.write(data)
        writer.close()

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", secure.port)
        writer.write(b"HTTP/1.1 200 Fine\r\n\r\n")
        await asyncio.gather(pipe(reader, far_writer), pipe(far_reader, writer))

    listener = await asyncio.start_server(proxy, "127.0.0.1", 0)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    secure.say(Reply(200, b"by tunnel"))
    async with listener, backend(secure.url, ca_file=certificate[0]) as http:
        assert await whole(await http.send(call())) == b"by tunnel"

    assert asked[0].startswith(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n" % secure.port)
    assert b"Authorization" not in asked[0]


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("https_proxy", "http://user:word@127.0.0.1:99999"),
        ("https_proxy", "http://:3128"),
        ("https_proxy", "user:word@proxy:port"),
        ("https_proxy", "http://proxy..example:3128"),
        ("http_proxy", "http://proxy:99999"),  # aiohttp reads it for an https:// upstream, too
    ],
)
async def test_a_proxy_of_the_environment_that_is_no_address_is_the_operators_error(
    variable: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, address)

    told = "^HTTPS_PROXY or HTTP_PROXY in the environment: found no address; expected http://host:port$"
    with pytest.raises(ConfigError, match=told):
        HttpUpstream([UpstreamSettings("only", "https://far.example/v1")])


@pytest.mark.parametrize("kind", ["socks5", "socks5h", "SOCKS4", "https"])
async def test_a_proxy_of_the_environment_that_speaks_no_http_is_the_operators_error(
    kind: str, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"{kind}://user:word@127.0.0.1:1080")

    told = "^HTTPS_PROXY or HTTP_PROXY in the environment: found a proxy of another kind .*; expected http://host:port$"
    with pytest.raises(ConfigError, match=told):
        HttpUpstream([UpstreamSettings("only", "http://far.example/v1")])
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with backend(upstream.url) as http:
        await whole(await http.send(call()))


async def test_no_proxy_of_the_environment_is_obeyed(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    async with backend(upstream.url) as http:
        await whole(await http.send(call()))


async def test_a_connection_on_which_a_body_is_still_being_sent_is_not_used_again(upstream: Upstream) -> None:
    """The next request would be taken for the rest of that body, the next caller's key with it."""
    never = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"a beginning"
        await never.wait()

    upstream.keep_raw = True
    async with backend(upstream.url) as http, asyncio.timeout(PATIENCE_S):
        upstream.say(Reply(413, b"too large", early=True), Reply(200, b"fine"))

        assert b"too large" == await whole(await http.send(call(headers=[], body=endless())))
        assert b"fine" == await whole(await http.send(call()))

    assert [1, 1] == [raw.count(b"HTTP/1.1\r\n") for raw in upstream.raw.values()]


async def test_a_connection_on_which_a_body_broke_off_is_not_used_again(upstream: Upstream) -> None:
    """Also when it broke off behind the answer's head, where nobody waits for the body any more."""
    goes_on, has_broken_off = asyncio.Event(), asyncio.Event()

    async def broken() -> AsyncIterator[bytes]:
        yield b"a beginning"
        await goes_on.wait()
        has_broken_off.set()
        raise BadRequest("The request's body is malformed.", code="bad_http")

    upstream.keep_raw = True
    async with backend(upstream.url) as http, asyncio.timeout(PATIENCE_S):
        upstream.say(Reply(413, b"too large", early=True), Reply(200, b"fine"))

        reply = await http.send(call(headers=[], body=broken()))
        goes_on.set()
        await has_broken_off.wait()
        assert b"too large" == await whole(reply)
        assert b"fine" == await whole(await http.send(call()))

    assert [1, 1] == [raw.count(b"HTTP/1.1\r\n") for raw in upstream.raw.values()]
