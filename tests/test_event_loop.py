"""Names that nobody answers for, on the loop that `serve` runs on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
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

ATTEMPTS = 8
"""More than libuv has threads."""


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
    key, certificate = str(tmp_path / "key"), str(tmp_path / "certificate")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", "/CN=x", "-addext", "subjectAltName=DNS:answers.test", "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate, key)
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
