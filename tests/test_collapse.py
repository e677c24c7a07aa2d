"""Identical concurrent misses share one upstream call, and nobody is cut off by somebody else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import pytest

from proxy import collapse
from proxy.collapse import Flight, FlightReader, Flights
from proxy.errors import UpstreamError
from proxy.ports import UpstreamReply


class ScriptedReply:
    """An `UpstreamReply` whose bytes the test hands out, to one who reads at a time, as aiohttp's bodies do."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.reason = "OK"
        self.headers: Sequence[tuple[bytes, bytes]] = [(b"Content-Type", b"x"), (b"X-Request-Id", b"theirs")]
        self.is_delimited = True
        self.pieces: asyncio.Queue[bytes | UpstreamError] = asyncio.Queue()
        self.closes = 0
        self._is_reading = False

    async def read(self) -> bytes:
        assert not self._is_reading
        self._is_reading = True
        try:
            piece = await self.pieces.get()
        finally:
            self._is_reading = False
        if isinstance(piece, UpstreamError):
            raise piece
        return piece

    async def close(self) -> None:
        self.closes += 1


def flight_of(reply: UpstreamReply, max_bytes: int = 1000) -> tuple[Flight, list[Flight]]:
    ended: list[Flight] = []
    return Flight(reply, max_bytes=max_bytes, on_end=ended.append), ended


async def drained(reader: FlightReader) -> bytes:
    body = b""
    while chunk := await reader.read():
        body += chunk
    return body


async def test_late_joiners_get_the_prefix_and_then_live_bytes() -> None:
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    leader = flight.join(is_leader=True)
    reply.pieces.put_nowait(b"one ")
    assert await leader.read() == b"one "
    follower = flight.join(is_leader=False)
    readers = asyncio.gather(drained(leader), drained(follower))
    for piece in (b"two", b""):
        reply.pieces.put_nowait(piece)

    assert await readers == [b"two", b"one two"]
    assert ended == [flight]
    assert flight.body() == b"one two"


ABOUT_THE_ANSWER = [
    (b"Content-Type", b"application/json"),
    (b"content-encoding", b"gzip"),
    (b"Content-Length", b"7"),
    (b"Cache-Control", b"no-cache"),
    (b"Vary", b"Origin"),
    (b"Date", b"Thu, 01 Jan 1970 00:00:00 GMT"),
    (b"Access-Control-Allow-Origin", b"*"),
    (b"openai-version", b"2020-10-01"),
    (b"X-Accel-Buffering", b"no"),
]
OF_THE_LEADERS_ACCOUNT = (
    b"Set-Cookie X-Request-Id x-ratelimit-remaining-tokens Retry-After OpenAI-Processing-Ms openai-organization "
    b"openai-project x-litellm-key-spend x-litellm-call-id anthropic-organization-id apim-request-id "
    b"anthropic-ratelimit-requests-remaining ratelimit-remaining x-amzn-requestid cf-ray llm_provider-x-request-id "
    b"Cache-Status Trailer"
).split()


async def test_a_follower_gets_what_is_said_of_the_answer_and_nothing_of_the_leaders_account() -> None:
    reply = ScriptedReply()
    reply.headers = [*ABOUT_THE_ANSWER, *((name, b"theirs") for name in OF_THE_LEADERS_ACCOUNT)]
    flight, _ = flight_of(reply)

    assert ABOUT_THE_ANSWER == flight.join(is_leader=False).headers
    assert reply.headers == flight.join(is_leader=True).headers


async def test_a_leader_that_leaves_in_mid_read_hands_the_call_to_a_follower() -> None:
    reply = ScriptedReply()
    flight, _ = flight_of(reply)
    leader, follower = flight.join(is_leader=True), flight.join(is_leader=False)
    reading = asyncio.create_task(leader.read())
    following = asyncio.create_task(drained(follower))
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await leader.close()
    reply.pieces.put_nowait(b"whole")
    reply.pieces.put_nowait(b"")

    assert b"whole" == await following
    assert 0 == reply.closes


async def test_the_last_one_out_cuts_the_upstream_call_and_the_answer_is_incomplete() -> None:
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    one, other = flight.join(is_leader=True), flight.join(is_leader=False)
    await one.close()
    assert 0 == reply.closes
    await other.close()
    await other.close()

    assert 1 == reply.closes
    assert ended == [flight]
    assert not flight.is_complete


async def test_a_failing_upstream_fails_every_reader_and_ends_once() -> None:
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    readers = [flight.join(is_leader=i == 0) for i in range(3)]
    reply.pieces.put_nowait(UpstreamError("cut", code="upstream_cut"))
    results = await asyncio.gather(*map(drained, readers), return_exceptions=True)

    assert all(isinstance(result, UpstreamError) for result in results)
    assert ended == [flight]


async def test_beyond_the_limit_memory_stays_bounded_by_the_slowest_reader() -> None:
    reply = ScriptedReply()
    flight, _ = flight_of(reply, max_bytes=10)
    fast, slow = flight.join(is_leader=True), flight.join(is_leader=False)
    for _ in range(50):
        reply.pieces.put_nowait(b"12345")
    reply.pieces.put_nowait(b"")
    racing = asyncio.create_task(drained(fast))
    for _ in range(100):
        await asyncio.sleep(0)
    held = len(flight.body())

    assert held <= 20
    assert b"12345" * 50 == await drained(slow) == await racing
    assert flight.is_too_large
    assert not flight.body()


async def test_followers_wait_for_the_head_and_join_a_200() -> None:
    flights = Flights()
    lead = flights.lead(b"key")
    joining = asyncio.create_task(flights.joined(b"key"))
    await asyncio.sleep(0)
    flight, _ = flight_of(ScriptedReply())
    lead.took_off(flight)

    assert await joining is not None
    lead.landed()
    assert await flights.joined(b"key") is None
    assert 0 == len(flights)


@pytest.mark.parametrize("status", [400, 429, 500, 201])
async def test_a_leader_without_a_200_is_nobodys_leader(status: int) -> None:
    flights = Flights()
    lead = flights.lead(b"key")
    joining = asyncio.create_task(flights.joined(b"key"))
    await asyncio.sleep(0)
    lead.took_off(flight_of(ScriptedReply(status))[0])

    assert await joining is None
    assert 0 == len(flights)


async def test_a_json_follower_of_a_failing_leader_makes_its_own_call() -> None:
    reply = ScriptedReply()
    flight, _ = flight_of(reply)
    leader, follower = flight.join(is_leader=True), flight.join(is_leader=False)
    reply.pieces.put_nowait(b"half")
    reply.pieces.put_nowait(UpstreamError("cut", code="upstream_cut"))
    leading = asyncio.create_task(drained(leader))

    assert not await follower.is_whole()
    with pytest.raises(UpstreamError):
        await leading


async def test_who_waits_for_a_leader_that_hears_nothing_makes_its_own_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collapse, "SILENT_S", 0.05)
    flights, reply = Flights(), ScriptedReply()
    lead = flights.lead(b"key")
    async with asyncio.timeout(5):
        assert await flights.joined(b"key") is None
    flight, _ = flight_of(reply)
    lead.took_off(flight)
    leader = flight.join(is_leader=True)
    follower = await flights.joined(b"key")
    assert follower is not None
    reply.pieces.put_nowait(b"half")
    async with asyncio.timeout(5):
        assert not await follower.is_whole()
    for piece in (b" whole", b""):
        reply.pieces.put_nowait(piece)

    assert b"half whole" == await drained(leader)


async def waiting_for_the_whole(follower: FlightReader) -> asyncio.Task[bool]:
    """A JSON follower's wait, begun."""
    waiting = asyncio.create_task(follower.is_whole())
    await asyncio.sleep(0)
    return waiting


async def hung_up(waiting: asyncio.Task[bool]) -> None:
    """As the server does when its client leaves."""
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_json_follower_that_hangs_up_holds_nobody_up() -> None:
    reply = ScriptedReply()
    flight, _ = flight_of(reply, max_bytes=10)
    leader, follower = flight.join(is_leader=True), flight.join(is_leader=False)
    await hung_up(await waiting_for_the_whole(follower))
    for piece in (b"x" * 8, b"y" * 8, b"z" * 8, b""):
        reply.pieces.put_nowait(piece)

    async with asyncio.timeout(5):
        assert b"x" * 8 + b"y" * 8 + b"z" * 8 == await drained(leader)


async def test_silence_lasts_though_who_waits_for_its_end_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    flight, _ = flight_of(ScriptedReply())
    leader, follower = flight.join(is_leader=True), flight.join(is_leader=False)
    loop, time = asyncio.get_running_loop(), asyncio.get_running_loop().time
    waiting = await waiting_for_the_whole(follower)
    monkeypatch.setattr(loop, "time", lambda: time() + 0.6 * collapse.SILENT_S)
    await hung_up(waiting)
    reading = asyncio.create_task(leader.read())
    await asyncio.sleep(0)
    monkeypatch.setattr(loop, "time", lambda: time() + 1.1 * collapse.SILENT_S)

    assert flight.is_silent
    reading.cancel()


@pytest.mark.parametrize("turns", range(6))
async def test_a_json_follower_that_hangs_up_last_cuts_the_upstream_call(turns: int) -> None:
    """turns: of the loop, since a chunk came."""
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    leader, follower = flight.join(is_leader=True), flight.join(is_leader=False)
    waiting = await waiting_for_the_whole(follower)
    await leader.close()
    await asyncio.sleep(0)
    reply.pieces.put_nowait(b"half")
    for _ in range(turns):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await hung_up(waiting)

    assert 1 == reply.closes
    assert ended == [flight]


async def test_a_follower_that_leaves_before_the_head_takes_nobody_with_it() -> None:
    flights = Flights()
    lead = flights.lead(b"key")
    leaving, staying = (asyncio.create_task(flights.joined(b"key")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    lead.took_off(flight_of(ScriptedReply())[0])

    assert await staying is not None


@pytest.mark.parametrize("piece", [b"more than ten bytes", UpstreamError("cut", code="upstream_cut")])
async def test_nobody_joins_a_call_that_grew_too_large_or_broke(piece: bytes | UpstreamError) -> None:
    flights, reply = Flights(), ScriptedReply()
    flight, _ = flight_of(reply, max_bytes=10)
    flights.lead(b"key").took_off(flight)
    leader = flight.join(is_leader=True)
    reply.pieces.put_nowait(piece)
    with contextlib.suppress(UpstreamError):
        await leader.read()

    assert await flights.joined(b"key") is None


async def test_a_call_that_lands_late_takes_only_its_own_place() -> None:
    flights = Flights()
    first, second = flights.lead(b"key"), flights.lead(b"key")
    first.landed()

    assert b"key" in flights
    second.landed()
    assert b"key" not in flights


async def test_a_slow_reader_that_leaves_holds_nobody_up() -> None:
    reply = ScriptedReply()
    flight, _ = flight_of(reply, max_bytes=10)
    fast, slow = flight.join(is_leader=True), flight.join(is_leader=False)
    for piece in [b"12345"] * 10 + [b""]:
        reply.pieces.put_nowait(piece)
    racing = asyncio.create_task(drained(fast))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not racing.done()
    await slow.close()

    async with asyncio.timeout(5):
        assert b"12345" * 10 == await racing


async def test_a_call_that_breaks_as_its_head_comes_is_joined_by_nobody() -> None:
    flights = Flights()
    lead = flights.lead(b"key")
    joining = asyncio.create_task(flights.joined(b"key"))
    await asyncio.sleep(0)
    flight, _ = flight_of(ScriptedReply())
    lead.took_off(flight)
    flight.failure = UpstreamError("cut", code="upstream_cut")

    assert await joining is None
