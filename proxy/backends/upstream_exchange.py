"""One request and its answer on one upstream connection: heads written here, parsing by `upstream_protocol`.

aiohttp's own client is not used above the connection: it re-encodes header bytes, drops an empty query string, adds
fields that nobody sent and loses what lay in its buffer when the upstream dies.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import aiohttp
from aiohttp.connector import Connection
from aiohttp.helpers import EMPTY_BODY_STATUS_CODES
from aiohttp.http import HttpProcessingError, RawResponseMessage, StreamWriter
from aiohttp.streams import StreamReader

from proxy.backends.upstream_protocol import READ_BUFFER_BYTES, RawBytes, WireProtocol, is_interim
from proxy.core.headers import (
    MAX_HEAD_FIELD_BYTES,
    MAX_HEAD_FIELDS,
    Headers,
    end_to_end_response,
    values,
)
from proxy.errors import UpstreamError
from proxy.ports import UpstreamCall

CONTINUE_WAIT_S = 1.0
"""How long a body waits for `100 Continue` (RFC 9110 §10.1.1: not indefinitely)."""

FOREIGN_ERRORS = (aiohttp.ClientError, HttpProcessingError, OSError)
"""All that aiohttp raises when a connection or its peer fails; TimeoutError is an OSError."""


class BodyFailed(Exception):
    """The request's own body could not be read: no fault of the upstream."""

    def __init__(self, failure: BaseException) -> None:
        super().__init__()
        self.failure = failure


class Exchange:
    """Sends one call, then hands out the reply. `cut` undoes everything at any moment."""

    def __init__(self, connection: Connection, protocol: WireProtocol, call: UpstreamCall) -> None:
        self._connection = connection
        self._protocol = protocol
        self._call = call
        self.upstream = call.upstream
        self._pump: asyncio.Task[None] | None = None
        self._may_send = asyncio.Event()
        self._writer = StreamWriter(protocol, asyncio.get_running_loop())

    async def run(self, head: bytes, read_timeout_s: float) -> HttpReply:
        """Writes the request and waits for the response head; raises FOREIGN_ERRORS or BodyFailed."""
        self._protocol.begin()
        self._protocol.set_response_params(
            skip_payload=self._call.method == "HEAD",
            read_until_eof=True,
            auto_decompress=False,
            read_timeout=read_timeout_s,
            read_bufsize=READ_BUFFER_BYTES,
            max_line_size=MAX_HEAD_FIELD_BYTES,
            max_field_size=MAX_HEAD_FIELD_BYTES,
            max_headers=MAX_HEAD_FIELDS,
        )
        await self._send(head)
        message, content = await self._head()
        if self._is_premature(message):
            raise HttpProcessingError(message="The upstream answered before it was asked.")
        return self._reply(message, content)

    async def _send(self, head: bytes) -> None:
        body = self._call.body
        if isinstance(body, AsyncIterator):
            await self._writer.write(head)
            if self._call.upgrade is None:
                self._pump = asyncio.create_task(self._send_body(body), name="upstream.body")
                return
        else:
            await self._writer.write(head + body if body else head, drain=False)
        self._protocol.start_timeout()

    async def _send_body(self, body: AsyncIterator[bytes]) -> None:
        """The body as it comes. An upstream that stops listening may have answered already: that is no failure."""
        if b"100-continue" in b",".join(values(self._call.headers, b"expect")).lower():
            await self._wait_for_continue()
        is_chunked = not values(self._call.headers, b"content-length")
        async for chunk in body:
            if chunk and not await self._write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if is_chunked else chunk):
                return
        if is_chunked and not await self._write(b"0\r\n\r\n"):
            return
        await self._writer.drain()
        self._protocol.start_timeout()

    async def _wait_for_continue(self) -> None:
        # Not `wait_for`, which loses a cut that comes with the permission (CPython 3.11).
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CONTINUE_WAIT_S):
                await self._may_send.wait()

    async def _write(self, data: bytes) -> bool:
        try:
            await self._writer.write(data)
        except ConnectionError:
            return False
        return True

    async def _head(self) -> tuple[RawResponseMessage, StreamReader]:
        """The first head that is not an interim one."""
        while True:
            message, content = await self._read_or_fail()
            if not is_interim(message):
                return message, content
            if message.code == 100:
                self._may_send.set()

    async def _read_or_fail(self) -> tuple[RawResponseMessage, StreamReader]:
        """A head, or the failure of the request's body when that comes first."""
        if self._pump is None or self._pump.done():
            return await self._protocol.read()
        reading = asyncio.ensure_future(self._protocol.read())
        try:
            await asyncio.wait({reading, self._pump}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done() and (failure := self._pump.exception()) is not None:
                raise BodyFailed(failure)
            return await reading
        finally:
            reading.cancel()

    def _is_premature(self, message: RawResponseMessage) -> bool:
        """Whether a success came on a used connection before its request had left: it answers something older.

        Errors may come early (413, 401), and a body of unknown length may be answered while it is sent.
        """
        if self._protocol.exchanges < 2 or message.code >= 300 or isinstance(self._call.body, AsyncIterator):
            return False
        return self._protocol.has_unsent()

    def _reply(self, message: RawResponseMessage, content: StreamReader) -> HttpReply:
        if message.code == 101:
            content = self._switch()
        return HttpReply(message, self._call.method, content, exchange=self)

    def _switch(self) -> StreamReader:
        """The connection becomes a pipe of bytes, silent for as long as both sides please."""
        body = self._call.body
        if self._call.upgrade is None or not isinstance(body, AsyncIterator):
            raise HttpProcessingError(message="The upstream switched protocols without being asked.")
        self._protocol.read_timeout = None
        content = StreamReader(self._protocol, limit=READ_BUFFER_BYTES, loop=asyncio.get_running_loop())
        self._protocol.set_parser(RawBytes(content), content)
        self._pump = asyncio.create_task(self._send_raw(body), name="upstream.tunnel")
        return content

    async def _send_raw(self, body: AsyncIterator[bytes]) -> None:
        async for chunk in body:
            if not await self._write(chunk):
                return
        # The client is gone: what it said last is flushed, then the pipe ends.
        if self._protocol.transport is not None:
            self._protocol.transport.close()

    @property
    def was_reset(self) -> bool:
        """Whether the connection ended with an error: a body that only its closing delimits was cut then."""
        return self._protocol.was_reset

    def finish(self) -> None:
        """After the last byte: the connection goes back to the pool, if all of the request was sent. Else the next
        one would be taken for the rest of its body."""
        pump = self._pump
        is_asked = pump is None or (pump.done() and not pump.cancelled() and pump.exception() is None)
        if self._protocol.has_unsent() or not is_asked:
            self.cut()
        else:
            self._protocol.rest()
            self._connection.release()

    def cut(self) -> None:
        """Ends everything at once. `abort`, not `close`: a close would first send what is still queued."""
        if self._pump is not None:
            self._pump.cancel()
        if self._connection.protocol is not None:
            self._connection.protocol.abort()
        self._connection.close()


class HttpReply:
    """An UpstreamReply (see the port) over one exchange."""

    def __init__(self, message: RawResponseMessage, method: str, content: StreamReader, *, exchange: Exchange) -> None:
        self.status: int = message.code
        self.reason: str = message.reason
        self.headers: Sequence[tuple[bytes, bytes]] = end_to_end_response(message.raw_headers, status=message.code)
        has_no_body = method == "HEAD" or message.code in EMPTY_BODY_STATUS_CODES
        if not has_no_body:
            _refuse_lost_coding(message.raw_headers)
        self.is_delimited = has_no_body or message.chunked or bool(values(message.raw_headers, b"content-length"))
        self._content = content
        self._exchange = exchange
        self._is_done = False
        self._failure: BaseException | None = None

    async def read(self) -> bytes:
        """See the port. All that came before a death is returned first; then UpstreamError."""
        if self._is_done:
            return self._left()
        try:
            chunk = await self._content.readany()
        except FOREIGN_ERRORS as exc:
            self._failure = exc
            await self.close()
            # readany() raises at once and leaves in the buffer what had arrived.
            return self._left()
        if not chunk and not self.is_delimited and self._exchange.was_reset:
            self._failure = ConnectionResetError()
            await self.close()
            return self._left()
        if not chunk:
            self._is_done = True
            self._exchange.finish()
        return chunk

    def _left(self) -> bytes:
        """What an ended reply still has to give: buffered bytes, then its failure."""
        if self._failure is None:
            return b""
        if rest := self._content._read_nowait(-1):
            return rest
        raise _body_error(self._failure, self._exchange.upstream) from self._failure

    async def close(self) -> None:
        """See the port."""
        if not self._is_done:
            self._is_done = True
            self._failure = self._failure or aiohttp.ClientConnectionError("closed by us")
            self._exchange.cut()


def _refuse_lost_coding(headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Raises UpstreamError for a transfer coding whose name would stay here while its bytes go on (RFC 9112 §6.1)."""
    if b",".join(values(headers, b"transfer-encoding")).strip().lower() not in (b"", b"chunked", b"identity"):
        raise UpstreamError("The upstream used a transfer coding other than chunked.", code="upstream_protocol")


def request_head(call: UpstreamCall, target: str, host: bytes, extra: Headers) -> bytes:
    """The request head as bytes: what the client sent, Host first, framing and upgrade fields last."""
    lines = [f"{call.method} {target} HTTP/1.1".encode("utf-8", "surrogateescape"), b"Host: " + host]
    lines += [b"%b: %b" % field for field in call.headers]
    lines += [b"%b: %b" % field for field in extra]
    if call.upgrade is not None:
        lines += [b"Connection: Upgrade", b"Upgrade: " + call.upgrade]
    elif call.body is not None and not values(call.headers, b"content-length"):
        is_known = isinstance(call.body, bytes)
        lines.append(b"Content-Length: %d" % len(call.body) if is_known else b"Transfer-Encoding: chunked")  # type: ignore[arg-type]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _body_error(exc: BaseException, upstream: str) -> UpstreamError:
    if isinstance(exc, TimeoutError):
        message = "The upstream fell silent in mid-answer."
        return UpstreamError(message, code="upstream_timeout", status=504, upstream=upstream)
    return UpstreamError("The upstream died in mid-answer.", code="upstream_cut", upstream=upstream)
