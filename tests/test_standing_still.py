"""A shared call that is too large to be kept goes at its slowest reader's pace, while he has one."""

from __future__ import annotations

import asyncio

import pytest

from proxy import collapse
from proxy.errors import UpstreamError
from tests.test_collapse import ScriptedReply, drained, flight_of


async def test_a_client_that_stands_still_holds_up_the_others_of_its_call_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collapse, "SILENT_S", 0.05)
    reply = ScriptedReply()
    flight, ended = flight_of(reply, max_bytes=10)
    still, others = flight.join(is_leader=True), [flight.join(is_leader=False) for _ in range(2)]
    for _ in range(50):
        reply.pieces.put_nowait(b"12345")
    reply.pieces.put_nowait(b"")
    begun = await still.read()
    async with asyncio.timeout(5):
        bodies = await asyncio.gather(*map(drained, others))

    assert begun == b"12345"
    assert [b"12345" * 50] * 2 == bodies
    assert [flight] == ended
    with pytest.raises(UpstreamError):
        await still.read()
    for reader in (still, *others):
        await reader.close()
    assert reply.closes == 1


async def test_a_client_that_is_slow_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collapse, "SILENT_S", 2.0)
    reply = ScriptedReply()
    flight, _ = flight_of(reply, max_bytes=10)
    slow, fast = flight.join(is_leader=True), flight.join(is_leader=False)
    for _ in range(20):
        reply.pieces.put_nowait(b"12345")
    reply.pieces.put_nowait(b"")
    racing = asyncio.create_task(drained(fast))
    body = b""
    while chunk := await slow.read():
        body += chunk
        await asyncio.sleep(0.15)

    assert b"12345" * 20 == body == await racing
