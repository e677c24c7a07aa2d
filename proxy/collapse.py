"""Identical concurrent misses share one upstream call (R16), streams included.

A flight has no task of its own: whichever reader needs the next bytes first reads them for all. So a call that
nobody shares costs nothing more than the plain relay, and nobody's leaving cuts the others off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from proxy.errors import UpstreamError
from proxy.ports import UpstreamReply

NOT_FOR_FOLLOWERS = (b"set-cookie", b"x-request-id", b"x-ratelimit-", b"retry-after", b"openai-processing-ms")
"""Header names (or their beginnings, where they end in a dash) that belong to the leader's call alone."""


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
            if self._is_reading or self._has_laggard():
                await self._moved.wait()
            else:
                await self._read_one()
        return self._chunks[position - self._first]

    async def _read_one(self) -> None:
        self._is_reading = True
        try:
            chunk = await self._reply.read()
        except UpstreamError as failure:
            self.failure = failure
            self._end()
            return
        finally:
            self._is_reading = False
            self._wake()
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
        """The last one out cuts the upstream call, if it is not over."""
        if reader not in self._readers:
            return
        self._readers.discard(reader)
        self._wake()
        self.trim()
        if not self._readers:
            if not self.is_over:
                self.failure = UpstreamError("every client left", code="client_left")
                self._end()
            await self._reply.close()


class FlightReader:
    """One client's view of a flight; itself an `UpstreamReply`."""

    def __init__(self, flight: Flight, *, is_leader: bool) -> None:
        self._flight = flight
        self._is_leader = is_leader
        self.position = 0

    @property
    def status(self) -> int:
        return self._flight.head.status

    @property
    def reason(self) -> str:
        return self._flight.head.reason

    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        headers = self._flight.head.headers
        return headers if self._is_leader else [(n, v) for n, v in headers if not _is_leaders_own(n)]

    @property
    def is_delimited(self) -> bool:
        return self._flight.head.is_delimited

    async def read(self) -> bytes:
        chunk = await self._flight.chunk(self.position)
        if chunk:
            self.position += 1
            self._flight.trim()
        return chunk

    async def is_whole(self) -> bool:
        """Waits for the last byte without consuming any; False (and the reader has left) when it never comes."""
        position = 0
        try:
            while await self._flight.chunk(position):
                position += 1
                if self._flight.is_too_large:
                    return True
        except UpstreamError:
            await self.close()
            return False
        return True

    async def close(self) -> None:
        await self._flight.leave(self)


def _is_leaders_own(name: bytes) -> bool:
    lower = name.lower()
    return any(lower.startswith(own) if own.endswith(b"-") else lower == own for own in NOT_FOR_FOLLOWERS)


def _nothing(_flight: Flight) -> None:
    """A flight ends once."""


class Flights:
    """The calls under way that others may join, by collapse key."""

    def __init__(self) -> None:
        self._open: dict[bytes, asyncio.Future[Flight | None]] = {}

    async def joined(self, key: bytes) -> FlightReader | None:
        """A follower's reader, or None when there is nothing to join: then make your own call.

        Waits for the leader's response head; a leader without a 200 is nobody's leader.
        """
        under_way = self._open.get(key)
        if under_way is None:
            return None
        flight = await asyncio.shield(under_way)
        if flight is None or flight.is_too_large or flight.failure is not None:
            return None
        return flight.join(is_leader=False)

    def lead(self, key: bytes) -> Lead:
        """Announces a call of one's own under `key`; report its head to the lead."""
        return Lead(self._open, key)

    def __len__(self) -> int:
        return len(self._open)


class Lead:
    """The leader's side of one key: `took_off` or `failed` exactly once, `landed` when the answer can be found."""

    def __init__(self, board: dict[bytes, asyncio.Future[Flight | None]], key: bytes) -> None:
        self._board = board
        self._key = key
        self._future: asyncio.Future[Flight | None] = asyncio.get_running_loop().create_future()
        board[key] = self._future

    def took_off(self, flight: Flight) -> None:
        """The head is here; those who wait may join if it is a 200."""
        if flight.head.status == 200:
            self._settle(flight)
        else:
            self.landed()

    def landed(self) -> None:
        """The flight is stored, or will never be: newcomers look it up or make their own call."""
        self._settle(None)
        if self._board.get(self._key) is self._future:
            del self._board[self._key]

    def _settle(self, flight: Flight | None) -> None:
        if not self._future.done():
            self._future.set_result(flight)
