"""Raw sockets against the listener: nothing reaches the upstream that the client did not frame beyond doubt."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from proxy.web.server import HttpServer
from tests.upstream import Reply, Upstream
from tests.wire.battery import EITHER, PASSES, REFUSED, mutated
from tests.wire.strict import Framed, framed

IDLE_S = 0.15
PATIENCE_S = 5.0
AT_ONCE = 48
ROOT = Path(__file__).parents[2]


@pytest.fixture
def connected() -> Iterator[set[tuple[str, int]]]:
    """Every address that this process connects to while the test runs."""
    addresses: set[tuple[str, int]] = set()
    is_listening = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if is_listening and event == "socket.connect":
            addresses.add(arguments[1])  # type: ignore[arg-type]

    sys.addaudithook(hook)
    yield addresses
    is_listening = False


async def said(port: int, data: bytes, *, answers: int = 0, silence_s: float = IDLE_S) -> bytes:
    """What comes back to raw bytes: that many whole answers, or all until the connection ends or falls silent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = bytearray()
    try:
        writer.write(data)
        while chunk := await asyncio.wait_for(reader.read(2**16), silence_s):
            received += chunk
            if answers and received.count(b"\r\n\r\nok") == answers:
                break
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return bytes(received)


def own_failures(received: bytes) -> list[bytes]:
    """Status lines of our own 5xx answers."""
    heads = re.findall(rb"HTTP/1\.1 5\d\d[^\r]*\r\n(?:[^\r]+\r\n)*", received)
    return [head for head in heads if b"equicache-error" in head]


def seen_as_framed(upstream: Upstream) -> Counter[Framed]:
    """What the upstream read, complete requests only."""
    return Counter(Framed(seen.method, seen.target, seen.body) for seen in upstream.seen if seen.is_complete)


def below(request: Framed) -> Framed:
    """The request as it has to arrive: what is not under the client's base is put under the upstream's."""
    path = request.target.partition(b"?")[0]
    is_below = path == b"/v1" or path.startswith(b"/v1/")
    return request if is_below else replace(request, target=b"/v1" + request.target)


@pytest.mark.parametrize("name", REFUSED)
async def test_doubtful_request_is_refused(name: str, upstream: Upstream, proxied: HttpServer) -> None:
    upstream.respond = lambda _: Reply(200, b"ok")
    data = REFUSED[name]

    received = await said(proxied.port, data, silence_s=PATIENCE_S)

    assert not seen_as_framed(upstream)
    assert own_failures(received) == []
    assert received == b"" or re.match(rb"HTTP/1\.1 4\d\d ", received)
    assert b"HTTP/1.1 200" not in received


@pytest.mark.parametrize("name", EITHER)
async def test_unclear_request_passes_as_framed_or_not_at_all(
    name: str, upstream: Upstream, proxied: HttpServer
) -> None:
    upstream.respond = lambda _: Reply(200, b"ok")
    data = EITHER[name]

    received = await said(proxied.port, data)

    assert not seen_as_framed(upstream) - Counter(framed(data))
    assert own_failures(received) == []


@pytest.mark.parametrize("name", PASSES)
async def test_odd_but_clear_request_passes(name: str, upstream: Upstream, proxied: HttpServer) -> None:
    upstream.respond = lambda _: Reply(200, b"ok")
    data = PASSES[name]

    received = await said(proxied.port, data, answers=len(framed(data)), silence_s=PATIENCE_S)

    assert seen_as_framed(upstream) == Counter(framed(data))
    assert received.count(b"HTTP/1.1 200") == len(framed(data))


async def check_mutations(
    numbers: range, upstream: Upstream, proxied: HttpServer, connected: set[tuple[str, int]]
) -> None:
    """All properties over many mutations at once."""
    upstream.respond = lambda _: Reply(200, b"ok")
    limit = asyncio.Semaphore(AT_ONCE)
    failures: list[tuple[int, list[bytes]]] = []

    async def one(number: int) -> None:
        async with limit:
            if failed := own_failures(await said(proxied.port, mutated(number))):
                failures.append((number, failed))

    await asyncio.gather(*(one(number) for number in numbers))
    allowed = Counter(below(request) for number in numbers for request in framed(mutated(number)))

    assert failures == []
    assert list((seen_as_framed(upstream) - allowed).elements()) == []
    assert {address[:2] for address in connected} <= {("127.0.0.1", upstream.port), ("127.0.0.1", proxied.port)}
    assert b"200" in await said(proxied.port, PASSES["plain"], answers=1, silence_s=PATIENCE_S)


async def test_mutated_requests_add_nothing(
    upstream: Upstream, every: HttpServer, connected: set[tuple[str, int]], cases: Callable[[int], None]
) -> None:
    await check_mutations(range(1_000), upstream, every, connected)

    cases(1_000 + len(REFUSED) + len(EITHER) + len(PASSES))


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_ten_thousand_mutated_requests_add_nothing(
    upstream: Upstream, proxied: HttpServer, connected: set[tuple[str, int]], cases: Callable[[int], None]
) -> None:
    await check_mutations(range(1_000, 11_000), upstream, proxied, connected)

    cases(10_000)


@pytest.mark.skipif("AIOHTTP_NO_EXTENSIONS" in os.environ, reason="this is the run with the other parser")
@pytest.mark.parametrize("kept", ["not long", pytest.param("long", marks=pytest.mark.long)])
@pytest.mark.timeout(600)
def test_battery_holds_with_the_parser_in_python(kept: str) -> None:
    environment = {**os.environ, "AIOHTTP_NO_EXTENSIONS": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", kept, str(Path(__file__))]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-4000:]
