"""The socket side of the scripted upstream: an own small HTTP/1.1 parser, so that nothing is hidden by a library."""

from __future__ import annotations

import asyncio
import inspect
import socket
import ssl
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Self, cast

from tests.upstream import openai
from tests.upstream.wire import Framing, Reply, Seen

Responder = Callable[[Seen], Reply | Awaitable[Reply]]
KEEP_BODY_BYTES = 16 * 2**20
NO_LINGER = struct.pack("ii", 1, 0)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Upstream:
    """A server on 127.0.0.1 that answers like OpenAI unless told otherwise.

    `say` queues replies for the next requests, `respond` replaces the default for all others. `seen` holds every
    request (also half ones), `raw` the bytes per connection when `keep_raw` is set. While `may_answer` is cleared,
    requests are read and answers wait.
    """

    def __init__(self, *, record: bool = True, keep_raw: bool = False, base_path: str = "/v1") -> None:
        self.answer: Callable[[str], str] = openai.honest_answer
        self.respond: Responder | None = None
        self.seen: list[Seen] = []
        self.raw: dict[int, bytearray] = {}
        self.record = record
        self.keep_raw = keep_raw
        self.base_path = base_path
        self.connections = 0
        self.calls = 0
        self.latency_s = 0.0
        self.port = 0
        self.is_reading = True
        self.tls: ssl.SSLContext | None = None
        self.open: set[Connection] = set()
        self._queue: deque[Reply | Responder] = deque()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self._arrived = asyncio.Event()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """What a client sets as its base URL."""
        return f"{'http' if self.tls is None else 'https'}://127.0.0.1:{self.port}{self.base_path}"

    def say(self, *replies: Reply | Responder) -> None:
        """The next requests get these, in order."""
        self._queue.extend(replies)

    def next_reply(self, seen: Seen) -> Reply | Awaitable[Reply]:
        """Decided when the head is there, so that early replies are possible."""
        item = self._queue.popleft() if self._queue else self.respond
        if item is None:
            return Reply()
        return item if isinstance(item, Reply) else item(seen)

    def read_on(self) -> None:
        """Goes on after `is_reading = False`, which makes every connection stop reading behind the next head."""
        self.is_reading = True
        for connection in self.open:
            connection.transport.resume_reading()

    @property
    def is_scripted(self) -> bool:
        """Whether something other than OpenAI speaks next."""
        return bool(self._queue) or self.respond is not None

    def arrived(self, seen: Seen) -> None:
        """Counts one complete request."""
        self.calls += 1
        self._arrived.set()

    def note(self, seen: Seen) -> None:
        """Records one request from its head on."""
        if self.record:
            self.seen.append(seen)
            self._arrived.set()

    async def wait_for(self, count: int, *, complete: bool = True) -> Seen:
        """The request number `count` (from 1), once it is there."""
        while len(self.seen) < count or (complete and not self.seen[count - 1].is_complete):
            self._arrived.clear()
            await self._arrived.wait()
        return self.seen[count - 1]

    async def start(self, port: int = 0, *, host: str = "127.0.0.1") -> Self:
        """Binds and listens."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port, backlog=4096, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        """Closes the listener and every connection."""
        if self._server is None:
            return
        self._server.close()
        tasks = [task for connection in list(self.open) if (task := connection.drop()) is not None]
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()


class Connection(asyncio.Protocol):
    """One connection: requests one after another, pipelined ones wait."""

    transport: asyncio.Transport

    def __init__(self, upstream: Upstream) -> None:
        self._up = upstream
        self._buffer = bytearray()
        self._seen: Seen | None = None
        self._left = 0
        self._is_chunked = False
        self._body: list[bytes] = []
        self._reply: Reply | Awaitable[Reply] | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_busy = False
        self._can_write = asyncio.Event()
        self._can_write.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.number = self._up.connections
        self._up.connections += 1
        self._up.open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._up.open.discard(self)
        self._can_write.set()
        if self._seen is not None:
            self._seen.closed_at = asyncio.get_running_loop().time()
            self._seen.closed.set()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._can_write.clear()

    def resume_writing(self) -> None:
        self._can_write.set()

    def drop(self) -> asyncio.Task[None] | None:
        """Ends at once; returns the task to wait for."""
        if self._task is not None:
            self._task.cancel()
        self.transport.abort()
        return self._task

    def data_received(self, data: bytes) -> None:
        if self._up.keep_raw:
            self._up.raw.setdefault(self.number, bytearray()).extend(data)
        self._buffer += data
        while not self._is_busy and self._step():
            pass

    def _step(self) -> bool:
        """One step of the parser; False when more bytes are needed."""
        if self._seen is None or self._seen.is_complete:
            return self._read_head()
        if not self._read_body():
            return False
        self._finish_request()
        return True

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._buffer[: end + 4])
        del self._buffer[: end + 4]
        seen = parse_head(head, self.number)
        self._seen, self._body = seen, []
        self._up.note(seen)
        if not self._up.is_reading:
            self.transport.pause_reading()
        self._is_chunked = b"chunked" in (seen.header(b"transfer-encoding") or b"").lower()
        self._left = int(seen.header(b"content-length") or b"0")
        self._reply = self._up.next_reply(seen) if self._up.is_scripted else None
        if isinstance(self._reply, Reply) and self._reply.interim:
            self.transport.write(self._reply.interim)
        elif not (isinstance(self._reply, Reply) and self._reply.early) and seen.header(b"expect"):
            self.transport.write(CONTINUE)
        if isinstance(self._reply, Reply) and self._reply.early:
            self._start(self._reply)
            return False
        return True

    def _read_body(self) -> bool:
        """True when the body is complete."""
        if self._is_chunked:
            return self._read_chunks()
        taken = bytes(self._buffer[: self._left])
        del self._buffer[: self._left]
        self._left -= len(taken)
        self._keep(taken)
        return self._left == 0

    def _read_chunks(self) -> bool:
        while (line_end := self._buffer.find(b"\r\n")) >= 0:
            size = int(bytes(self._buffer[:line_end]).partition(b";")[0], 16)
            if len(self._buffer) < line_end + 2 + size + 2:
                return False
            self._keep(bytes(self._buffer[line_end + 2 : line_end + 2 + size]))
            del self._buffer[: line_end + 2 + size + 2]
            if size == 0:
                return True
            assert self._seen is not None
            self._seen.read_chunks.append(size)
        return False

    def _keep(self, data: bytes) -> None:
        assert self._seen is not None
        self._seen.body_size += len(data)
        self._seen.sha256.update(data)
        if data and self._seen.body_size <= KEEP_BODY_BYTES:
            self._body.append(data)

    def _finish_request(self) -> None:
        seen = self._seen
        assert seen is not None
        seen.body = b"".join(self._body)
        seen.is_complete = True
        self._up.arrived(seen)
        self._start(openai.respond(seen, self._up) if self._reply is None else self._reply)

    def _start(self, reply: Reply | Awaitable[Reply]) -> None:
        """At once where nothing waits, else in a task."""
        is_at_once = self._up.may_answer.is_set() and not self._up.latency_s
        if isinstance(reply, Reply) and reply.is_plain and is_at_once:
            body = b"" if self._has_no_body(reply) else b"".join(map(reply.framed, reply.pieces())) + reply.end()
            self.transport.write(reply.head_bytes() + body)
            self._close_if_asked()
            return
        self._is_busy = True
        self._task = asyncio.create_task(self._play(reply))

    def _has_no_body(self, reply: Reply) -> bool:
        assert self._seen is not None
        return self._seen.method == "HEAD" or reply.status in (204, 304)

    async def _play(self, reply: Reply | Awaitable[Reply]) -> None:
        if not isinstance(reply, Reply):
            reply = await reply
        assert inspect.isawaitable(reply) is False
        await self._up.may_answer.wait()
        await asyncio.sleep(max(reply.delay_s, self._up.latency_s))
        if reply.raw is not None:
            self.transport.write(reply.raw)
            self._end(reply)
            return
        is_whole = await self._write_reply(reply)
        if not is_whole or reply.close or reply.framing is Framing.CLOSE or reply.early:
            self._end(reply)
            return
        self._close_if_asked()
        self._is_busy = False
        self.data_received(b"")

    def _close_if_asked(self) -> None:
        assert self._seen is not None
        if (self._seen.header(b"connection") or b"").lower() == b"close":
            self.transport.close()

    async def _write_reply(self, reply: Reply) -> bool:
        """False when it was cut short on purpose."""
        self.transport.write(reply.head_bytes())
        if self._has_no_body(reply):
            return True
        left = reply.cut_at
        if isinstance(reply.body, bytes | list | tuple):
            for piece in reply.pieces():
                if left is not None and left < len(piece):
                    self._write_part(reply, piece, left)
                    return False
                left = None if left is None else left - len(piece)
                await self._write(reply.framed(piece))
                if reply.gap_s:
                    await asyncio.sleep(reply.gap_s)
            if left == 0 and reply.framing is Framing.CHUNKED:
                return False
        else:
            async for piece in reply.body:  # type: ignore[union-attr]
                await self._write(reply.framed(piece))
        self.transport.write(reply.end())
        return True

    def _write_part(self, reply: Reply, piece: bytes, size: int) -> None:
        """The first `size` bytes of a piece, its chunk announced in full: a death in mid-chunk."""
        framed = reply.framed(piece)
        lead = framed.find(b"\r\n") + 2 if reply.framing is Framing.CHUNKED else 0
        self.transport.write(framed[: lead + size] if size else b"")

    async def _write(self, data: bytes) -> None:
        self.transport.write(data)
        await self._can_write.wait()

    def _end(self, reply: Reply) -> None:
        if reply.reset:
            raw = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.transport.abort()
        else:
            self.transport.close()


def parse_head(head: bytes, connection: int) -> Seen:
    """Splits a head without judging it."""
    lines = head[:-4].split(b"\r\n")
    method, _, rest = lines[0].partition(b" ")
    headers = []
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        headers.append((name, value.strip(b" \t")))
    return Seen(connection, head, method.decode("latin-1"), rest.rpartition(b" ")[0], headers,
                asyncio.get_running_loop().time())  # fmt: skip
