"""A stream whose only reader leaves: at its last event it is heard to the end, before that it is cut."""

from __future__ import annotations

import asyncio

import pytest

from proxy import collapse
from proxy.collapse import Flight
from tests.test_collapse import ScriptedReply, drained, flight_of

LAST_EVENTS = [
    b"data: [DONE]\n\n",
    b"data:[DONE]\r\n\r\n",
    b"data: [DONE]\r\r",
    b'event: response.completed\ndata: {"type":"response.completed","response":{"id":"r"}}\n\n',
    b'data: {"response": {"id": "r"}, "type": "response.completed"}\n\n',
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    b'data: {"choices": [{"delta": {"content": "."}, "finish_reason": "eos"}]}\r\n\r\n',
    b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: {"choices":[],"usage":{}}\n\n',
]
NOT_THE_LAST = [
    b"",
    b"data: {}\n\n",
    b"data: [DONE]\n\ndata: {}\n\n",
    b'{"content": "data: [DONE]"}',
    b": [DONE]\n\n",
    b'data: {"choices":[{"delta":{"content":"Say \\"finish_reason\\":\\"stop\\""},"finish_reason":null}]}\n\n',
]


async def left(said: bytes, flight: Flight, reply: ScriptedReply) -> asyncio.Task[None]:
    """Its only reader, who leaves when he has read that much."""
    reader = flight.join(is_leader=True)
    reply.pieces.put_nowait(b"data: {}\n\n" + said)
    await reader.read()
    leaving = asyncio.create_task(reader.close())
    await asyncio.sleep(0)
    return leaving


@pytest.mark.parametrize("last", LAST_EVENTS)
async def test_a_stream_left_at_its_last_event_is_heard_to_its_end(last: bytes) -> None:
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    leaving = await left(last, flight, reply)
    assert (0, []) == (reply.closes, ended)
    reply.pieces.put_nowait(b"")
    await leaving

    assert (1, [flight], True) == (reply.closes, ended, flight.is_complete)


@pytest.mark.parametrize("said", NOT_THE_LAST)
async def test_a_stream_left_before_its_last_event_is_cut_at_once(said: bytes) -> None:
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    await (await left(said, flight, reply))

    assert (1, [flight], False) == (reply.closes, ended, flight.is_complete)


async def test_a_coded_stream_which_may_be_left_at_its_last_event_gets_a_moment_to_end() -> None:
    for is_ending in (True, False):
        reply = ScriptedReply()
        reply.headers = [(b"content-encoding", b"gzip")]
        flight, ended = flight_of(reply)
        leaving = await left(b"\x1f\x8b", flight, reply)
        if is_ending:
            reply.pieces.put_nowait(b"")
        await leaving

        assert (1, [flight], is_ending) == (reply.closes, ended, flight.is_complete)


async def test_an_end_that_does_not_come_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collapse, "LAST_BYTES_S", 0.01)
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    await (await left(LAST_EVENTS[0], flight, reply))

    assert (1, [flight], False) == (reply.closes, ended, flight.is_complete)


async def test_who_joins_while_nobody_reads_on_gets_all_and_is_not_cut_off() -> None:
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    leaving = await left(LAST_EVENTS[0], flight, reply)
    following = asyncio.create_task(drained(flight.join(is_leader=False)))
    await asyncio.sleep(0)
    for piece in (b": late\n\n", b""):
        reply.pieces.put_nowait(piece)

    assert b"data: {}\n\n" + LAST_EVENTS[0] + b": late\n\n" == await following
    await leaving
    assert (0, [flight], True) == (reply.closes, ended, flight.is_complete)


async def test_an_end_is_heard_though_several_leave_before_it() -> None:
    """Of an upstream's body two cannot read at once."""
    reply = ScriptedReply()
    flight, ended = flight_of(reply)
    leaving = await left(LAST_EVENTS[0], flight, reply)
    follower = flight.join(is_leader=False)
    following = asyncio.create_task(drained(follower))
    for _ in range(3):
        await asyncio.sleep(0)
    following.cancel()
    gone = asyncio.create_task(follower.close())
    await asyncio.sleep(0)
    reply.pieces.put_nowait(b"")
    await asyncio.gather(leaving, gone)

    assert ([flight], True) == (ended, flight.is_complete)
