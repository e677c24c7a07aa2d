"""The link to Redis against servers that say what no Redis should."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest

from proxy.backends import redis_link
from proxy.backends.breaker import MAX_FAILURES
from proxy.backends.redis_link import RedisLink
from proxy.errors import BackendError
from tests.facts.waiting import eventually


@asynccontextmanager
async def answering(
    *answers: bytes, pings: Sequence[bytes] = (), greeting_s: float = 0.0, timeout_s: float = 5.0
) -> AsyncIterator[tuple[RedisLink, Callable[[], int]]]:
    """A link to a server that says these in turn, one for each GET; and how often it was connected to.

    pings: what it says to the first PINGs. greeting_s: how long each answer takes that belongs to connecting.
    """
    said: Iterator[bytes] = iter(answers)
    to_pings = iter(pings)
    connections: list[asyncio.Task[None] | None] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(asyncio.current_task())
        with contextlib.suppress(ConnectionError):  # whoever was cut while he connected is not there to be answered
            while heard := await reader.read(65_536):
                gets = heard.count(b"GET")
                if b"PING" in heard:
                    writer.write(next(to_pings, b"+PONG\r\n"))
                    continue
                await asyncio.sleep(0.0 if gets else greeting_s)
                writer.write(b"+OK\r\n" * (heard.count(b"*") - gets) + b"".join(next(said) for _ in range(gets)))
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    link = RedisLink(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0", timeout_s=timeout_s)
    try:
        yield link, lambda: len(connections)
    finally:
        await link.close()
        server.close()
        await asyncio.gather(*(connection for connection in connections if connection is not None))


async def test_after_what_is_no_reply_the_link_begins_anew() -> None:
    async with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$1\r\nx\r\n") as (link, connections):
        with pytest.raises(BackendError):
            await link.call("GET", "a")

        assert (b"x", 2) == (await link.call("GET", "a"), connections())


async def test_a_reply_too_many_is_nobodys() -> None:
    async with answering(b"$1\r\na\r\n$5\r\nother\r\n", b"$1\r\nb\r\n") as (link, _):
        assert [b"a", b"b"] == [await link.call("GET", "a"), await link.call("GET", "b")]


async def test_a_server_that_may_no_longer_be_written_is_looked_for_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failover the name leads to another server; the connection stays with the one that was."""
    readonly = b"-READONLY You can't write against a read only replica.\r\n"
    async with answering(*[readonly] * 3, b"$1\r\nx\r\n") as (link, connections):
        for pause_s in (3600.0, 0.0, 3600.0):
            monkeypatch.setattr(redis_link, "PROBE_EVERY_S", pause_s)
            with pytest.raises(BackendError, match="read only"):
                await link.call("GET", "a")
        assert 2 == connections()  # and not with every call
        assert b"x" == await link.call("GET", "a")


@pytest.mark.parametrize(
    "state",
    [
        b"BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
        b"MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        b"CLUSTERDOWN Hash slot not served",
        b"MOVED 12182 127.0.0.1:7001",
        b"ASK 12182 127.0.0.1:7001",
        b"TRYAGAIN Multiple keys request during rehashing of slot",
    ],
    ids=lambda state: state.split()[0].decode(),
)
async def test_a_server_that_answers_and_gives_nothing_is_not_obeying(state: bytes) -> None:
    async with answering(b"-" + state + b"\r\n", b"$1\r\nx\r\n") as (link, _):
        with pytest.raises(BackendError, match="Redis refused"):
            await link.call("GET", "a")

        assert (link.is_up, link.is_obeyed) == (True, False)
        assert b"x" == await link.call("GET", "a")
        assert link.is_obeyed


async def test_a_call_that_cannot_be_put_on_the_wire_keeps_nobody_else_waiting() -> None:
    async with answering(b"$1\r\nx\r\n") as (link, _), asyncio.timeout(5):
        said = await asyncio.gather(link.call("GET", "\udcff"), link.call("GET", "a"), return_exceptions=True)

        assert isinstance(said[0], UnicodeEncodeError)
        assert b"x" == said[1]


async def test_whatever_a_probe_hears_it_probes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client takes some answers for faults of its own: AttributeError, ValueError."""
    monkeypatch.setattr(redis_link, "PROBE_EVERY_S", 0.05)
    odd = b"-MOVED\r\n"
    async with answering(*[odd] * MAX_FAILURES, b"$1\r\nx\r\n", pings=[odd] * 2) as (link, _):
        for _ in range(MAX_FAILURES):
            with pytest.raises(BackendError):
                await link.call("GET", "a")
        assert not link.is_up
        await eventually(lambda: link.is_up)

        assert b"x" == await link.call("GET", "a")


async def test_a_server_to_which_connecting_takes_longer_than_a_call_may_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is some way off, or its name is slow to find; a call takes one round trip of the five."""
    monkeypatch.setattr(redis_link, "PROBE_EVERY_S", 0.05)
    monkeypatch.setattr(redis_link, "CONNECT_S", 30.0)
    monkeypatch.setattr(redis_link, "LATE_S", 30.0)  # a call of a busy test machine gets no second term either
    async with answering(b"$1\r\nx\r\n", greeting_s=0.4, timeout_s=0.8) as (link, _):
        for _ in range(MAX_FAILURES):
            with pytest.raises(BackendError):
                await link.call("GET", "a")
        await eventually(lambda: link.is_up)

        assert b"x" == await link.call("GET", "a")
