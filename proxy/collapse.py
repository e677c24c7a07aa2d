"""Identical concurrent misses share one upstream call (R16), streams included.

A flight has no task of its own: whichever reader needs the next bytes first reads them for all. So a call that
nobody shares costs nothing more than the plain relay, and nobody's leaving cuts the others off.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from proxy.core.headers import values
from proxy.core.sse import says_its_end
from proxy.errors import UpstreamError
from proxy.ports import UpstreamReply

FOR_FOLLOWERS = frozenset({b"cache-control", b"date", b"expires", b"openai-version", b"vary", b"x-accel-buffering"})
FOR_FOLLOWERS_PREFIXES = (b"content-", b"access-control-")
"""What is said of the answer itself. All else may belong to the leader's call or account: every provider and gateway
has names of its own for limits, spendings and ids."""

JUDGED_S = 0.25
"""How long a newcomer waits for an answer to be judged and written: mostly milliseconds, far less than a call takes."""

SILENT_S = 10.0
"""How long a follower waits for a leader that hears nothing, head or body: most answers have begun by then, and whose
client waits half a minute has time left for a call of his own. Nor is a stream joined that has been silent so long. And
how long a client that takes nothing may hold up the others of a call too large to be kept for him."""

LAST_BYTES_S = 2.0
"""How long a stream may take from its last event to the end of its message, when nobody waits for that any more: mostly
milliseconds. The provider has said everything, so there is no work to spare it by cutting the call."""

CODED_LAST_BYTES_S = 0.25
"""The same where a content coding hides what was said last: there may be work to spare."""


class Flight:
    """One upstream reply, kept while it flows, read by a leader and any number of followers.

    max_bytes: when the body grows past it, the flight is no longer joinable nor storable, and what every reader
    has seen is let go, so that memory stays bounded; the slowest reader then sets the pace.
    """

    def __init__(self, reply: UpstreamReply, *, max_bytes: int, on_end: Callable[[Flight], None]) -> None:
        self._reply = reply
        self._max_bytes = max_bytes
        self._on_end = on_end
        self._chunks: list[bytes] = []
        self._first = 0
        self._readers: set[FlightReader] = set()
        self._moved = asyncio.Event()
        self._is_reading = False
        self._awaited_since: float | None = None
        self._size = 0
        self.is_complete = False
        self.is_too_large = False
        self.failure: UpstreamError | None = None

    @property
    def head(self) -> UpstreamReply:
        """Status and headers as the upstream sent them."""
        return self._reply

    @property
    def size(self) -> int:
        """Body bytes that have arrived."""
        return self._size

    @property
    def is_over(self) -> bool:
        """Whether no more bytes will come."""
        return self.is_complete or self.failure is not None

    @property
    def is_silent(self) -> bool:
        """Whether somebody began to wait for the next bytes `SILENT_S` ago, whoever waits now."""
        since = self._awaited_since
        return since is not None and asyncio.get_running_loop().time() - since >= SILENT_S

    def body(self) -> bytes:
        """All bytes so far; only meaningful while `is_too_large` is false."""
        return b"".join(self._chunks)

    def join(self, *, is_leader: bool) -> FlightReader:
        """A reader from the first byte on."""
        reader = FlightReader(self, is_leader=is_leader)
        self._readers.add(reader)
        return reader

    async def chunk(self, position: int) -> bytes:
        """The chunk at `position`, b"" after the last; whoever comes first reads it from the upstream."""
        while position >= self._first + len(self._chunks):
            if self.failure is not None:
                raise self.failure
            if self.is_complete:
                return b""
            if self._is_reading:
                await self._moved.wait()
            elif self._has_laggard():
                await self._wait_for_the_slowest()
            else:
                await self._read_one()
        return self._chunks[position - self._first]

    async def _read_one(self) -> None:
        self._is_reading = True
        if self._awaited_since is None:  # else who waited before has left
            self._awaited_since = asyncio.get_running_loop().time()
        try:
            chunk = await self._reply.read()
        except UpstreamError as failure:
            self.failure = failure
            self._end()
            return
        finally:
            self._is_reading = False
            self._wake()
        self._awaited_since = None
        if not chunk:
            self.is_complete = True
            self._end()
            return
        self._chunks.append(chunk)
        self._size += len(chunk)
        self.is_too_large |= self._size > self._max_bytes
        self.trim()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def _end(self) -> None:
        on_end, self._on_end = self._on_end, _nothing
        on_end(self)

    def _has_laggard(self) -> bool:
        return self.is_too_large and sum(map(len, self._chunks)) > self._max_bytes

    async def _wait_for_the_slowest(self) -> None:
        """Until he takes something, at most `SILENT_S`: who stands still (a paused terminal) is left behind then."""
        stood_at = self._first
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SILENT_S):
                await self._moved.wait()
                return
        if self._first == stood_at:  # else somebody who waited as long has seen to it
            for reader in [each for each in self._readers if each.position == stood_at]:
                reader.is_left_behind = True
                self._readers.discard(reader)
            self.trim()

    def trim(self) -> None:
        """Lets go of what every reader has seen, once the body is past keeping."""
        if not self.is_too_large or not self._readers:
            return
        slowest = min(reader.position for reader in self._readers)
        if slowest > self._first:
            del self._chunks[: slowest - self._first]
            self._first = slowest
            self._wake()

    async def leave(self, reader: FlightReader) -> None:
        """The last one out cuts the upstream call, if it is not over.

        Clients leave at a stream's last event: its end is still waited for, since only what ended is whole.
        """
        if reader not in self._readers:
            return
        self._readers.discard(reader)
        self._wake()
        self.trim()
        try:
            if not (self._readers or self.is_over or self.is_too_large) and (patience_s := self._patience_s()):
                await self._hear_out(patience_s)
        finally:
            if not self._readers:
                if not self.is_over:
                    self.failure = UpstreamError("every client left", code="client_left")
                    self._end()
                await self._reply.close()

    def _patience_s(self) -> float:
        """How long the end may take when nobody waits for it."""
        if says_its_end(self.body()):
            return LAST_BYTES_S
        return CODED_LAST_BYTES_S if values(self._reply.headers, b"content-encoding") else 0.0

    async def _hear_out(self, at_most_s: float) -> None:
        """Reads for nobody, until somebody joins."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                while not (self._readers or self.is_over):
                    # Whoever left before may still be at it, and two cannot read at once.
                    await (self._moved.wait() if self._is_reading else self._read_one())


class FlightReader:
    """One client's view of a flight; itself an `UpstreamReply`."""

    def __init__(self, flight: Flight, *, is_leader: bool) -> None:
        self._flight = flight
        self._is_leader = is_leader
        self.position = 0
        self.is_left_behind = False

    @property
    def status(self) -> int:
        return self._flight.head.status

    @property
    def reason(self) -> str:
        return self._flight.head.reason

    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        headers = self._flight.head.headers
        return headers if self._is_leader else [(n, v) for n, v in headers if _is_for_followers(n)]

    @property
    def is_delimited(self) -> bool:
        return self._flight.head.is_delimited

    async def read(self) -> bytes:
        if self.is_left_behind:
            raise UpstreamError("A client that shared a call stood still, and the others went on.", code="left_behind")
        chunk = await self._flight.chunk(self.position)
        if chunk:
            self.position += 1
            self._flight.trim()
        return chunk

    async def is_whole(self) -> bool:
        """Waits for the last byte without consuming any; False (and the reader has left) when it never comes, or
        nothing comes for `SILENT_S`."""
        position = 0
        try:
            while await self._chunk_soon(position):
                position += 1
                if self._flight.is_too_large:
                    return True
        except (UpstreamError, TimeoutError):
            await self.close()
            return False
        except BaseException:  # its client hung up: a reader that never reads again would hold up all the others
            await self.close()
            raise
        return True

    async def _chunk_soon(self, position: int) -> bytes:
        # Not `wait_for`, which loses a client's leaving that comes with the chunk (CPython 3.11).
        async with asyncio.timeout(SILENT_S):
            return await self._flight.chunk(position)

    async def close(self) -> None:
        await self._flight.leave(self)


def _is_for_followers(name: bytes) -> bool:
    lower = name.lower()
    return lower in FOR_FOLLOWERS or lower.startswith(FOR_FOLLOWERS_PREFIXES)


def _nothing(_flight: Flight) -> None:
    """A flight ends once."""


class Flights:
    """The calls under way that others may join, by collapse key."""

    def __init__(self) -> None:
        self._open: dict[bytes, Lead] = {}

    async def joined(self, key: bytes) -> FlightReader | None:
        """A follower's reader, or None when there is nothing to join: then make your own call.

        Waits at most `SILENT_S` for the leader's response head; a leader without a 200 is nobody's leader. Who comes
        after the last byte asks memory rather than the call: he gets its answer only if it is stored, and waits a
        moment for that.
        """
        lead = self._open.get(key)
        if lead is None:
            return None
        is_late = lead.is_over
        await asyncio.wait([lead.head], timeout=SILENT_S)
        flight = lead.head.result() if lead.head.done() else None
        if flight is None or flight.is_too_large or flight.is_silent or flight.failure is not None:
            return None
        if is_late and not await lead.is_stored_soon():
            return None
        return flight.join(is_leader=False)

    def lead(self, key: bytes) -> Lead:
        """Announces a call of one's own under `key`; report its head to the lead."""
        return Lead(self._open, key)

    def __contains__(self, key: bytes) -> bool:
        return key in self._open

    def __len__(self) -> int:
        return len(self._open)


class Lead:
    """The leader's side of one key: `took_off` or `landed` exactly once, `landed` when the answer can be found.

    head: the flight once its head is here, None when there is nothing to join.
    """

    def __init__(self, board: dict[bytes, Lead], key: bytes) -> None:
        loop = asyncio.get_running_loop()
        self._board = board
        self._key = key
        self.head: asyncio.Future[Flight | None] = loop.create_future()
        self._stored: asyncio.Future[bool] = loop.create_future()
        board[key] = self

    @property
    def is_over(self) -> bool:
        """Whether the last byte is here, and the answer is being judged."""
        flight = self.head.result() if self.head.done() else None
        return flight is not None and flight.is_over

    async def is_stored_soon(self) -> bool:
        """Whether the answer is stored within `JUDGED_S`."""
        await asyncio.wait([self._stored], timeout=JUDGED_S)
        return self._stored.done() and self._stored.result()

    def took_off(self, flight: Flight) -> None:
        """The head is here; those who wait may join if it is a 200."""
        if flight.head.status == 200:
            self._settle(flight)
        else:
            self.landed()

    def landed(self, *, is_stored: bool = False) -> None:
        """The flight is stored, or will never be: newcomers look it up or make their own call."""
        self._settle(None)
        if not self._stored.done():
            self._stored.set_result(is_stored)
        if self._board.get(self._key) is self:
            del self._board[self._key]

    def _settle(self, flight: Flight | None) -> None:
        if not self.head.done():
            self.head.set_result(flight)
