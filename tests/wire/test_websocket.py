"""WebSockets through the tunnel: what a real client and a real server say to each other is what they meant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from proxy.backends.upstream_http import HttpUpstream
from proxy.ports import UpstreamCall, UpstreamReply
from proxy.web.server import HttpServer
from proxy.web.websocket import tunnel
from tests.upstream import Framing, Reply, Upstream
from tests.wire.client import ask, request
from tests.wire.conftest import app_for, proxy_for
from tests.wire.test_streaming import MEBI, PATIENCE_S, open_to, soon, still

HANDSHAKE = [
    (b"Upgrade", b"WebSocket"),
    (b"Connection", b"keep-alive, Upgrade"),
    (b"Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    (b"Sec-WebSocket-Version", b"13"),
    (b"Authorization", b"Bearer k"),
]


@dataclass
class Peer:
    """A real WebSocket server that repeats what it hears."""

    url: str = ""
    paths: list[str] = field(default_factory=list)
    closes: asyncio.Queue[tuple[int | None, str]] = field(default_factory=asyncio.Queue)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path_qs)
        socket = web.WebSocketResponse(protocols=("realtime", "other"), max_msg_size=0, autoping=False)
        await socket.prepare(request)
        async for message in socket:
            await self._repeat(socket, message)
        await self.closes.put((socket.close_code, str(socket.exception() or "")))
        return socket

    async def _repeat(self, socket: web.WebSocketResponse, message: aiohttp.WSMessage) -> None:
        match message.type:
            case aiohttp.WSMsgType.TEXT if message.data.startswith("close "):
                await socket.close(code=int(message.data[6:]), message=b"because")
            case aiohttp.WSMsgType.TEXT:
                await socket.send_str(message.data)
            case aiohttp.WSMsgType.BINARY:
                await socket.send_bytes(message.data)
            case aiohttp.WSMsgType.PING:
                await socket.pong(message.data + b"!")


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    """The server, listening."""
    peer = Peer()
    app = web.Application()
    app.router.add_get("/{path:.*}", peer.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    peer.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield peer
    await runner.cleanup()


@pytest.fixture
async def tunnelled(peer: Peer) -> AsyncIterator[HttpServer]:
    """The proxy in front of it."""
    async with proxy_for(peer) as server:  # type: ignore[arg-type]
        yield server


@asynccontextmanager
async def connected(
    server: HttpServer, path: str = "/v1/realtime", **options: object
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A real client's connection."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{server.port}{path}", max_msg_size=0, **options) as socket,  # type: ignore[arg-type]
    ):
        yield socket


@pytest.mark.parametrize("path", ["/v1/realtime?model=m", "/v1/responses", "/v1/whatever/comes?x="])
async def test_every_path_can_be_upgraded(path: str, peer: Peer, tunnelled: HttpServer) -> None:
    async with connected(tunnelled, path) as socket:
        await socket.send_str("hello")

        assert await socket.receive_str() == "hello"
    assert peer.paths == [path]


async def test_subprotocol_is_the_upstreams_choice(tunnelled: HttpServer) -> None:
    async with connected(tunnelled, protocols=("unknown", "other", "realtime")) as socket:
        assert socket.protocol == "other"


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 5 * MEBI])
async def test_binary_frames_of_any_size_come_back_equal(size: int, tunnelled: HttpServer) -> None:
    message = bytes(range(256)) * (size // 256) + bytes(range(size % 256))
    async with connected(tunnelled) as socket:
        await socket.send_bytes(message)

        assert await socket.receive_bytes() == message


async def test_compression_is_negotiated_end_to_end(tunnelled: HttpServer) -> None:
    async with connected(tunnelled, compress=15) as socket:
        assert socket.compress == 15
        await socket.send_str("x" * 10_000)
        assert await socket.receive_str() == "x" * 10_000


async def test_pings_are_answered_by_the_other_end(tunnelled: HttpServer) -> None:
    async with connected(tunnelled, autoping=False) as socket:
        await socket.ping(b"are you there")

        assert (await socket.receive()).data == b"are you there!"


@pytest.mark.parametrize("code", [1000, 1008, 3000, 4999])
async def test_upstreams_close_code_and_reason_arrive(code: int, tunnelled: HttpServer) -> None:
    async with connected(tunnelled) as socket:
        await socket.send_str(f"close {code}")
        message = await socket.receive()

    assert (message.type, message.data, message.extra) == (aiohttp.WSMsgType.CLOSE, code, "because")


@pytest.mark.parametrize("code", [1000, 4001])
async def test_clients_close_code_arrives(code: int, peer: Peer, tunnelled: HttpServer) -> None:
    async with connected(tunnelled) as socket:
        await socket.close(code=code)

    assert (await asyncio.wait_for(peer.closes.get(), PATIENCE_S))[0] == code


async def test_close_frame_of_a_client_that_leaves_at_once_arrives(peer: Peer, tunnelled: HttpServer) -> None:
    reader, writer = await open_to(tunnelled.port, raw_handshake())
    await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    writer.write(b"\x88\x82\x00\x00\x00\x00\x0f\xa1")
    writer.close()

    assert (await asyncio.wait_for(peer.closes.get(), PATIENCE_S))[0] == 4001


async def test_upstream_sees_a_client_that_dies(peer: Peer, tunnelled: HttpServer) -> None:
    reader, writer = await open_to(tunnelled.port, raw_handshake())
    await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    writer.transport.abort()

    await asyncio.wait_for(peer.closes.get(), PATIENCE_S)


def raw_handshake() -> bytes:
    """The handshake as bytes, without the test client's `Connection: close`."""
    return request("/v1/realtime", headers=HANDSHAKE).replace(b"Connection: close\r\n", b"")


async def test_handshake_arrives_as_it_was_sent(upstream: Upstream, proxied: HttpServer) -> None:
    fields = b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nX-Up: 1\r\n"
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + fields
    upstream.say(Reply(raw=head + b"\r\n\x81\x02hi"))
    reader, writer = await open_to(proxied.port, raw_handshake() + b"\x81\x85early")
    received = await asyncio.wait_for(reader.read(), PATIENCE_S)
    writer.close()

    assert received.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert received.endswith(b"\r\n\r\n\x81\x02hi")
    assert fields in received
    assert {name.lower(): value for name, value in upstream.seen[0].headers if name != b"Host"} == {
        b"sec-websocket-key": b"dGhlIHNhbXBsZSBub25jZQ==",
        b"sec-websocket-version": b"13",
        b"authorization": b"Bearer k",
        b"connection": b"Upgrade",
        b"upgrade": b"websocket",
    }


async def quiet() -> AsyncIterator[bytes]:
    """A switched connection on which the upstream has little to say."""
    yield b"hi"
    await asyncio.Event().wait()


SWITCH = [(b"Upgrade", b"websocket"), (b"Connection", b"Upgrade")]


class SlowUpstream:
    """Behind the port: switches at once, takes what the client says when `may_take` is set, until it is closed."""

    status, reason, headers, is_delimited = 101, "Switching Protocols", (), True

    def __init__(self) -> None:
        self.may_take = asyncio.Event()
        self.closed = asyncio.Event()
        self.taken = b""

    async def send(self, call: UpstreamCall) -> UpstreamReply:
        assert isinstance(call.body, AsyncIterator)
        self._taking = asyncio.create_task(self._take(call.body))
        return self

    async def _take(self, body: AsyncIterator[bytes]) -> None:
        await self.may_take.wait()
        async for chunk in body:
            self.taken += chunk

    async def read(self) -> bytes:
        await self.closed.wait()
        return b""

    async def close(self) -> None:
        self._taking.cancel()
        self.closed.set()


async def test_last_words_of_a_client_reach_a_slow_upstream() -> None:
    upstream = SlowUpstream()
    server = HttpServer(lambda request: tunnel(request, upstream, "only"))
    await server.start("127.0.0.1", 0)
    reader, writer = await open_to(server.port, raw_handshake())
    await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    writer.write(b"last words")
    writer.close()
    await asyncio.sleep(0.2)
    upstream.may_take.set()

    await soon(upstream.closed)
    assert upstream.taken == b"last words"
    await server.stop()


async def test_a_stop_waits_for_last_words(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowUpstream()
    monkeypatch.setattr(HttpUpstream, "send", lambda _self, call: slow.send(call))
    async with app_for(upstream) as app:
        reader, writer = await open_to(app.data.port, raw_handshake())
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
        writer.write(b"last words")
        writer.close()
        await asyncio.sleep(0.2)
        asyncio.get_running_loop().call_later(1, slow.may_take.set)

    assert slow.taken == b"last words"


async def test_what_a_client_says_during_a_stop_is_heard(tunnelled: HttpServer) -> None:
    async with connected(tunnelled) as socket:
        await socket.send_str("before")
        assert await socket.receive_str(timeout=PATIENCE_S) == "before"
        stopping = asyncio.create_task(tunnelled.stop(drain_timeout_s=10 * PATIENCE_S))
        await asyncio.sleep(0)
        await socket.send_str("meanwhile")

        assert await socket.receive_str(timeout=PATIENCE_S) == "meanwhile"
        await socket.close()
    await asyncio.wait_for(stopping, PATIENCE_S)


async def test_silent_tunnel_outlives_the_routes_timeout(upstream: Upstream) -> None:
    upstream.say(Reply(101, quiet(), SWITCH, framing=Framing.NONE))
    async with proxy_for(upstream, timeout_s=0.1) as server:
        reader, writer = await open_to(server.port, raw_handshake())
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\nhi"), PATIENCE_S)
        await asyncio.sleep(0.5)

        assert not upstream.seen[0].closed.is_set()
        writer.close()


async def test_a_handshake_on_a_connection_that_broke_is_made_once_more(
    upstream: Upstream, proxied: HttpServer
) -> None:
    upstream.say(Reply(), Reply(raw=b""), Reply(101, quiet(), SWITCH, framing=Framing.NONE))
    await ask(proxied.port, request("/v1/models"))
    reader, writer = await open_to(proxied.port, raw_handshake())

    assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\nhi"), PATIENCE_S)).startswith(b"HTTP/1.1 101 ")
    writer.close()


@pytest.mark.parametrize("status", [200, 400, 401, 426, 503])
async def test_refused_handshake_is_an_ordinary_answer(status: int, upstream: Upstream, proxied: HttpServer) -> None:
    upstream.respond = lambda seen: Reply(status, b"no" + seen.target, [(b"X-Why", b"because")])
    reader, writer = await open_to(proxied.port, raw_handshake() + request("/v1/next"))
    received = await asyncio.wait_for(reader.read(), PATIENCE_S)
    writer.close()

    assert received.count(b"HTTP/1.1 %d " % status) == 2
    assert received.endswith(b"no/v1/next")


async def test_upgrade_without_a_key_goes_as_a_plain_request(upstream: Upstream, proxied: HttpServer) -> None:
    await ask(proxied.port, request("/v1/x", headers=[(b"Upgrade", b"websocket"), (b"Connection", b"Upgrade")]))

    assert upstream.seen[0].header(b"upgrade") is None


async def test_slow_client_holds_the_upstream_back(upstream: Upstream, proxied: HttpServer) -> None:
    said = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal said
        for _ in range(64):
            yield bytes(MEBI)
            said += 1

    upstream.say(Reply(101, body(), SWITCH, framing=Framing.NONE))
    _, writer = await asyncio.open_connection("127.0.0.1", proxied.port, limit=1024)
    writer.write(raw_handshake())
    await still(lambda: said)

    assert said < 48
    writer.close()
    await soon(upstream.seen[0].closed)
