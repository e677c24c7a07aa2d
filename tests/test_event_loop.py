"""Names that nobody answers for, and TLS that ends early, on the loop that `serve` runs on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from proxy.backends.redis_link import RedisLink
from proxy.backends.upstream_http import HttpUpstream
from proxy.core.route import Upstream as UpstreamSettings
from proxy.errors import BackendError, UpstreamError
from proxy.event_loop import run
from proxy.ports import UpstreamCall
from tests.upstream import Reply, Upstream
from tests.upstream.tls import certified

ATTEMPTS = 8
"""More than libuv has threads."""
PATIENCE_S = 5.0


class Names:
    """Stands for the system's: of `silent.test` it says nothing, all else is here, at the second of three addresses."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may_answer = threading.Event()

    def __call__(self, host: str, port: int, *_: object) -> list[Any]:
        self.asked.append(host)
        if host == "silent.test":
            self.may_answer.wait()
        hosts = ("127.0.0.2", "127.0.0.1", "127.0.0.3")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in hosts]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    system = Names()
    monkeypatch.setattr(socket, "getaddrinfo", system)
    yield system
    system.may_answer.set()


def test_a_name_that_nobody_answers_for_holds_up_no_other_and_no_stop(names: Names) -> None:
    async def ask() -> bytes:
        link = RedisLink("redis://silent.test:6379")
        for _ in range(ATTEMPTS):
            with contextlib.suppress(BackendError):
                await link.call("PING")
            link._breaker.succeeded()  # as if a second had gone by
        async with Upstream() as upstream:
            upstream.say(Reply(200, b"fine"))
            http = HttpUpstream([UpstreamSettings("only", upstream.url.replace("127.0.0.1", "answers.test"))])
            reply = await http.send(UpstreamCall("only", "GET", "/models", [], None))
            answer = await reply.read()
            assert await reply.read() == b""
            await http.close()
        await link.close()
        return answer

    assert run(ask()) == b"fine"
    assert names.asked == ["silent.test", "answers.test"]


@pytest.mark.usefixtures("names")
def test_a_certificate_is_still_compared_with_the_name_that_was_looked_up(tmp_path: Path) -> None:
    certificate, ours = certified("DNS:answers.test", tmp_path)
    trusting = ssl.create_default_context(cafile=certificate)

    async def connect() -> None:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=ours)
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("answers.test", port, ssl=trusting)
        writer.close()
        with pytest.raises(ssl.SSLCertVerificationError, match=r"other\.test"):
            await asyncio.open_connection("other.test", port, ssl=trusting)
        server.close()

    run(connect())


def test_a_name_that_is_not_there_is_told_to_each_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    async def ask() -> list[Any]:
        loop = asyncio.get_running_loop()
        asking = (loop.getaddrinfo("nowhere.test", 80), asyncio.open_connection("nowhere.test", 80))
        return await asyncio.gather(*asking, return_exceptions=True)

    assert [socket.gaierror, socket.gaierror] == [type(failure) for failure in run(ask())]


@pytest.mark.usefixtures("names")
def test_where_no_thread_can_be_had_the_upstream_cannot_be_reached_until_one_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def ask() -> tuple[str, bytes]:
        async with Upstream() as upstream:
            upstream.say(Reply(200, b"fine"))
            http = HttpUpstream([UpstreamSettings("only", upstream.url.replace("127.0.0.1", "answers.test"))])
            call = UpstreamCall("only", "GET", "/models", [], None)
            with monkeypatch.context() as limited:
                limited.setattr(threading.Thread, "start", refused)
                with pytest.raises(UpstreamError) as failure:
                    await http.send(call)
            reply = await http.send(call)
            answer = await reply.read()
            assert await reply.read() == b""
            await http.close()
        return failure.value.code, answer

    assert ("upstream_unreachable", b"fine") == run(ask())


class Hasty:
    """Speaks TLS once, when it has heard `heard`, and is gone when it has said all. is_proxy: after a CONNECT."""

    def __init__(self, folder: Path, said: bytes, *, heard: bytes, is_proxy: bool) -> None:
        self.certificate, self._context = certified("IP:127.0.0.1", folder)
        self._said = said
        self._is_proxy = is_proxy
        self._heard = heard
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.has_gone = threading.Event()
        threading.Thread(target=self._speak, daemon=True).start()

    def _speak(self) -> None:
        with self._listener:
            plain, _ = self._listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._is_proxy:
            plain.recv(65_536)
            plain.sendall(b"HTTP/1.1 200 Fine\r\n\r\n")
        peer = self._context.wrap_socket(plain, server_side=True)
        while self._heard not in peer.recv(65_536):
            pass
        peer.sendall(self._said)
        peer.setblocking(False)
        with contextlib.suppress(ssl.SSLError):  # it waits for no answer
            peer.unwrap()
        peer.close()
        self.has_gone.set()


Build = Callable[..., Hasty]


@pytest.fixture(params=[False, True], ids=["direct", "by_proxy"])
def hasty(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    def build(said: bytes, *, heard: bytes) -> Hasty:
        peer = Hasty(tmp_path, said, heard=heard, is_proxy=request.param)
        if request.param:
            monkeypatch.setenv("https_proxy", f"http://{peer.address}")
        return peer

    return build


async def answered(peer: Hasty, body: AsyncIterator[bytes] | None) -> tuple[int, bytes]:
    """What comes of one call, of which nothing is read before the peer has gone."""
    http = HttpUpstream([UpstreamSettings("only", f"https://{peer.address}/v1", ca_file=peer.certificate)])
    headers = [(b"Content-Length", b"300000")] if body is not None else []
    reply = await http.send(UpstreamCall("only", "POST", "/files", headers, body))
    await asyncio.to_thread(peer.has_gone.wait, PATIENCE_S)
    await asyncio.sleep(0.05)  # what it said is here as far as it is let in
    pieces = []
    while piece := await reply.read():
        pieces.append(piece)
        await asyncio.sleep(0.05)
    await http.close()
    return reply.status, b"".join(pieces)


@pytest.mark.parametrize("framing", [b"Connection: close", b"Content-Length: 700000"])
def test_an_answer_over_tls_is_whole_though_it_is_read_after_the_upstream_has_gone(
    framing: bytes, hasty: Build
) -> None:
    body = bytes(700_000)
    peer = hasty(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n" + body, heard=b"POST")

    assert run(answered(peer, None)) == (200, body)


def test_an_early_refusal_over_tls_is_heard_though_a_write_fails_first(hasty: Build) -> None:
    peer = hasty(b"HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large", heard=b"a beginning")

    async def body() -> AsyncIterator[bytes]:
        yield b"a beginning"
        await asyncio.sleep(0)
        assert peer.has_gone.wait(PATIENCE_S)  # holds up the loop: nothing is read meanwhile
        for _ in range(4):
            yield bytes(65_536)

    assert run(answered(peer, body())) == (413, b"too large")
