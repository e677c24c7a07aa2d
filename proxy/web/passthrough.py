"""Forwarding: a request's bytes out of aiohttp, an upstream's reply back to the client. Mends nothing."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from typing import cast

import structlog
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpProcessingError, HttpVersion11, StreamWriter
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from proxy.core.cors import EXPOSED, is_readable
from proxy.core.headers import Headers, end_to_end_request, values
from proxy.errors import BadRequest, UpstreamError
from proxy.ports import UpstreamCall, UpstreamReply
from proxy.web.target import below_base

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
PIECE_BYTES = 65_536
NO_LINGER = struct.pack("ii", 1, 0)

Body = bytes | AsyncIterator[bytes] | None
"""Whole, as it arrives, or none."""

log = structlog.get_logger()


class RawResponse(web.StreamResponse):
    """A response whose head leaves as these bytes: no Date, Server or Content-Type is added, nothing re-encoded.

    Without a Content-Length the body is chunked (or ended by closing, for HTTP/1.0 clients).
    """

    def __init__(self, status: int, reason: str, headers: Sequence[tuple[bytes, bytes]]) -> None:
        super().__init__(status=status, reason=reason)
        self.raw_headers = list(headers)
        self.is_delimited = True

    async def _prepare_headers(self) -> None:
        """Instead of aiohttp's: decides framing and keep-alive only."""
        request, writer = self._req, self._payload_writer
        assert request is not None
        assert writer is not None
        if self._keep_alive is None:
            self._keep_alive = request.keep_alive
        lengths = values(self.raw_headers, b"content-length")
        if self.status == 101:
            self._keep_alive = False
            return
        if not self._must_be_empty_body and not lengths:
            self._end_without_length(request, cast(StreamWriter, writer))
        if not self._keep_alive:
            self.raw_headers.append((b"Connection", b"close"))
        elif request.version < HttpVersion11:
            self.raw_headers.append((b"Connection", b"keep-alive"))

    def _end_without_length(self, request: web.BaseRequest, writer: StreamWriter) -> None:
        if request.version >= HttpVersion11:
            self.raw_headers.append((b"Transfer-Encoding", b"chunked"))
            writer.enable_chunking()
        else:
            self._keep_alive = False
            self.is_delimited = False

    async def _write_headers(self) -> None:
        writer = cast(StreamWriter, self._payload_writer)
        # The head waits in aiohttp's buffer, so that it leaves in one packet with the first bytes of the body.
        writer._headers_buf = self._head()

    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {self.reason}".encode("utf-8", "surrogateescape")]
        lines += [b"%b: %b" % field for field in self.raw_headers]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def send_head(self) -> None:
        """Sends the head now, when the body is not there yet."""
        cast(StreamWriter, self._payload_writer).send_headers()


class WholeResponse(RawResponse):
    """One of our own, whose body is known beforehand; return it from a handler, it needs no further writing."""

    def __init__(self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
        super().__init__(status, HTTPStatus(status).phrase, headers)
        self._whole_body = body

    async def write_eof(self, data: bytes = b"") -> None:
        if not self._eof_sent and not data and not self._must_be_empty_body:
            data = self._whole_body
        await super().write_eof(data)


class _Sent(web.StreamResponse):
    """One that has left; its connection stays."""

    _eof_sent = True
    _keep_alive = True


SENT = _Sent()
"""For a handler that has written the response itself."""


async def send_whole(request: web.BaseRequest, response: bytes) -> web.StreamResponse:
    """Writes a whole response at once, and waits for a client that does not read. Raises ConnectionError when he has
    left."""
    writer = cast(StreamWriter, request.writer)
    writer._write(response)
    await writer.drain()
    return SENT


def request_body(request: web.BaseRequest) -> Body:
    """The body as it arrives, or None where there is none; sends `100 Continue` when it is first asked for.

    A short one of announced length that came with the head is handed over whole: it leaves with the head, in one write.
    """
    content = request.content
    if content is EMPTY_PAYLOAD:
        return None
    is_plain = values(request.raw_headers, b"content-length") and not values(request.raw_headers, b"expect")
    return content.read_nowait() if is_plain and _has_come(content, PIECE_BYTES) else _body_chunks(request)


def _has_come(content: StreamReader, limit: int) -> bool:
    """The common case: the body came with the head, and is short."""
    return content.is_eof() and content.total_bytes <= limit


async def _body_chunks(request: web.BaseRequest) -> AsyncIterator[bytes]:
    send_continue(request)
    try:
        while chunk := await request.content.readany():
            yield chunk
    except (HttpProcessingError, web.RequestPayloadError) as exc:
        raise BadRequest("The request's body is malformed.", code="bad_http") from exc


def send_continue(request: web.BaseRequest) -> None:
    """Tells a client that waits (`Expect: 100-continue`) to go on, unless its answer has begun: that says all."""
    expected = b",".join(values(request.raw_headers, b"expect")).lower()
    is_asked = b"100-continue" in expected and request.version >= HttpVersion11
    if is_asked and request.transport is not None and request.writer.output_size == 0:
        request.transport.write(CONTINUE)


async def read_body(request: web.BaseRequest, limit: int) -> Body:
    """The whole body if it is at most `limit` bytes; else an iterator over all of it, for forwarding only."""
    content = request.content
    if content is EMPTY_PAYLOAD:
        return None
    if _has_come(content, limit):
        return content.read_nowait()
    chunks = _body_chunks(request)
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            return _resumed(parts, chunks)
    return b"".join(parts)


async def _resumed(parts: list[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield b"".join(parts)
    parts.clear()
    async for chunk in rest:
        yield chunk


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """A long body as fast as the upstream takes it: written at once it would be copied whole."""
    for start in range(0, len(body), PIECE_BYTES):
        yield body[start : start + PIECE_BYTES]


def call_for(request: web.BaseRequest, upstream: str, body: Body) -> UpstreamCall:
    """The call that forwards this request; BadRequest when it may not be forwarded."""
    headers = end_to_end_request(request.raw_headers)
    return UpstreamCall(upstream, request.method, below_base(raw_target(request)), headers, body)


def raw_target(request: web.BaseRequest) -> str:
    """The request line's target as it came."""
    return request.raw_path


async def relay(
    request: web.BaseRequest, reply: UpstreamReply, extra_headers: Sequence[tuple[bytes, bytes]] = ()
) -> RawResponse:
    """Sends the reply as it comes, each piece at once; closes it on every way out.

    An upstream that dies in mid-body: what came is sent, then the connection is cut, so that the client sees it too.
    """
    extra = [*extra_headers, *_exposing(reply)] if extra_headers else []
    response = RawResponse(reply.status, reply.reason, [*reply.headers, *extra])
    try:
        await response.prepare(request)
        await _pour(response, reply)
        await response.write_eof()
    except UpstreamError as failure:
        log_failure(failure)
        await cut_client(request, response)
    finally:
        await reply.close()
    return response


def _exposing(reply: UpstreamReply) -> Headers:
    """What lets a page that may read this reply read our headers, too."""
    name, value = EXPOSED
    return [(name.encode(), value.encode())] if is_readable(reply.headers) else []


def log_failure(failure: UpstreamError) -> None:
    """Which upstream, and what kind of error: its text may hold an address with a password (of HTTPS_PROXY)."""
    cause = failure.__cause__
    kind = f"{type(cause).__name__} {_number(cause)}".strip() if cause is not None else None
    log.warning("upstream.failed", upstream=failure.upstream, code=failure.code, error=kind)


def _number(cause: BaseException) -> str:
    """The name of the system's error; of OpenSSL's, whose numbers are its own, what is wrong."""
    if isinstance(cause, ssl.SSLError):
        said = cause.__cause__ or cause  # aiohttp's has none of the facts
        return str(getattr(said, "verify_message", None) or getattr(said, "reason", None) or "")
    return errno.errorcode.get(cause.errno or 0, "") if isinstance(cause, OSError) else ""


async def _pour(response: RawResponse, reply: UpstreamReply) -> None:
    """Body pieces one by one; the head goes ahead alone if no body byte is there with it."""
    reading = asyncio.ensure_future(reply.read())
    try:
        await asyncio.sleep(0)
        if not reading.done():
            response.send_head()
        chunk = await reading
    finally:
        reading.cancel()
    while chunk:
        await response.write(chunk)
        chunk = await reply.read()


async def cut_client(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Ends a response that cannot be completed: everything written is flushed, the end is never marked."""
    transport = request.transport
    if transport is None:
        return
    writer: AbstractStreamWriter | None = response._payload_writer
    if isinstance(writer, StreamWriter):
        writer.send_headers()
        await writer.drain()
    if isinstance(response, RawResponse) and not response.is_delimited:
        # Closing would mark the end of such a body; only a reset says that it is not whole.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        transport.abort()
    else:
        transport.close()
