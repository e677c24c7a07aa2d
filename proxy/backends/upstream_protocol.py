"""One upstream connection's bytes: aiohttp's protocol where its parser loses some, and one that parses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.helpers import _EXC_SENTINEL
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.http_parser import HttpParser
from aiohttp.streams import StreamReader

from proxy.core.headers import END_OF_HEAD

READ_BUFFER_BYTES = 65_536


class WireProtocol(ResponseHandler):
    """aiohttp's protocol that also knows how often it was used, whether a byte came, and how it ended.

    Between two exchanges it lets nothing in: what an upstream says unasked would be read as the next caller's answer.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.exchanges = 0
        self.has_received = False
        self.was_reset = False
        self._is_idle = False
        self._awaits_head = False

    def begin(self) -> None:
        """A request is about to be written: from here on, what comes is its answer."""
        self._is_idle = False
        self._awaits_head = True
        self.has_received = False
        self.exchanges += 1

    def rest(self) -> None:
        """The answer is whole. One byte more, and the pool does not keep the connection."""
        self._is_idle = True
        if self._parser is not None and _has_begun_a_head(self._parser):
            self.force_close()

    def has_unread(self) -> bool:
        """Whether the socket holds what nobody asked for (or the peer's goodbye), not yet seen by the loop."""
        opened = self.transport and self.transport.get_extra_info("socket")
        if not opened:
            return False
        poll = select.poll()
        poll.register(opened, select.POLLIN)
        return bool(poll.poll(0))

    def has_unsent(self) -> bool:
        """Whether part of what we wrote still waits for the socket."""
        return self.transport is not None and self.transport.get_write_buffer_size() > 0

    def data_received(self, data: bytes) -> None:
        if self._is_idle:
            self.abort()
            return
        self.has_received = True
        start = 0
        while self._awaits_head and (end := data.find(END_OF_HEAD, start)) != -1:
            # Alone: of a packet in which it finds a fault the parser gives out nothing, and a fault behind the head (a
            # body where HEAD and 204 have none) is none of the head's.
            self._awaits_head = False
            end += len(END_OF_HEAD)
            super().data_received(data[start:end])
            start = end
        if start < len(data) or not start:
            super().data_received(data[start:])

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Called by the parser with each head."""
        self._awaits_head |= is_interim(data[0])
        super().feed_data(data, size)

    def set_exception(self, exc: BaseException, exc_cause: BaseException = _EXC_SENTINEL) -> None:
        super().set_exception(exc, exc_cause)
        # aiohttp's C parser leaves the reader of a body waiting for good when a later chunk is malformed.
        body = self._payload
        is_malformed = isinstance(exc, HttpProcessingError)
        if is_malformed and body is not None and not body.is_eof() and body.exception() is None:
            body.set_exception(aiohttp.ClientPayloadError(str(exc)))

    def connection_lost(self, exc: BaseException | None) -> None:
        self.was_reset = exc is not None
        if self.was_reset and self.transport is not None and not self.transport.get_extra_info("ssl_object"):
            self._hear_the_rest(self.transport.get_extra_info("socket").fileno())
        super().connection_lost(exc)

    def _hear_the_rest(self, opened: int) -> None:
        """A write that fails ends asyncio's transport at once, with what the peer had said still in the socket: the
        refusal (413) of a server that goes before it has read the body."""
        with contextlib.suppress(OSError):
            while data := os.read(opened, READ_BUFFER_BYTES):
                self.data_received(data)


class RawBytes:
    """A "parser" for aiohttp's protocols that hands bytes on as they are."""

    def __init__(self, content: StreamReader) -> None:
        self._content = content

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self._content.feed_data(data)
        return False, b""

    def feed_eof(self) -> None:
        self._content.feed_eof()


def is_interim(message: RawResponseMessage) -> bool:
    """Whether another head follows (RFC 9110 §15.2)."""
    return message.code < 200 and message.code != 101


def _has_begun_a_head(parser: HttpParser[RawResponseMessage]) -> bool:
    """Whether part of another message followed the whole one. aiohttp's parser tells only when it is ended."""
    try:
        return parser.feed_eof() is not None
    except HttpProcessingError:
        return True
