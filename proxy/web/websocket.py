"""WebSockets as an opaque tunnel: after the upstream's 101 both connections are one pipe of bytes.

Nothing is parsed, so subprotocols, extensions, frames of any size, pings and close codes are the upstream's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from aiohttp import web
from aiohttp.http import HttpVersion11
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

from proxy.core.headers import named_by_connection, values
from proxy.errors import UpstreamError
from proxy.ports import Upstream, UpstreamReply
from proxy.tasks import ended
from proxy.web.passthrough import RawResponse, call_for, cut_client, log_failure, relay
from proxy.web.server import READ_BUFFER_BYTES

LAST_WORDS_S = 5.0
"""How long what a leaving client sent last (its close frame) may take to reach a slow upstream."""

_last_words: set[asyncio.Task[None]] = set()


def is_upgrade(request: web.BaseRequest) -> bool:
    """Whether this is a WebSocket handshake (RFC 6455 §4.1); others are forwarded as what they are without it."""
    headers = request.raw_headers
    return (
        request.method == "GET"
        and request.version >= HttpVersion11
        and request.content is EMPTY_PAYLOAD
        and [value.lower() for value in values(headers, b"upgrade")] == [b"websocket"]
        and b"upgrade" in named_by_connection(headers)
        and len(values(headers, b"sec-websocket-key")) == 1
    )


async def tunnel(request: web.BaseRequest, port: Upstream, upstream: str) -> web.StreamResponse:
    """Asks the upstream; only its 101 switches, any other answer is relayed as it is."""
    inbox = _Inbox(request)
    call = replace(call_for(request, upstream, inbox.chunks()), upgrade=b"websocket")
    reply = await port.send(call)
    if reply.status != 101:
        return await relay(request, reply)
    switch = [(b"Connection", b"Upgrade"), (b"Upgrade", b"websocket")]
    response = RawResponse(101, reply.reason, [*reply.headers, *switch])
    has_ended = False
    try:
        await response.prepare(request)
        response.send_head()
        inbox.open()
        while chunk := await reply.read():
            await response.write(chunk)
        has_ended = True
        await response.write_eof()
    except UpstreamError as failure:
        log_failure(failure)
        has_ended = True
        await cut_client(request, response)
    finally:
        if has_ended:
            await reply.close()
        else:
            _close_after_last_words(inbox, reply)
    return response


class _Inbox:
    """What the client sends after the switch; a "parser" for aiohttp's protocol that passes bytes on."""

    def __init__(self, request: web.BaseRequest) -> None:
        self._request = request
        self._content = StreamReader(request.protocol, READ_BUFFER_BYTES, loop=asyncio.get_running_loop())
        self.passed_on = asyncio.Event()

    def open(self) -> None:
        """From now on the connection's bytes come here; those that came early first."""
        self._request.protocol.set_parser(self)  # type: ignore[arg-type]

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self._content.feed_data(data)
        return False, b""

    def feed_eof(self) -> None:
        self._content.feed_eof()

    async def chunks(self) -> AsyncIterator[bytes]:
        while chunk := await self._content.readany():
            yield chunk
        self.passed_on.set()


def _close_after_last_words(inbox: _Inbox, reply: UpstreamReply) -> None:
    """Closes the upstream's side; first it gets what the client had sent before it left."""
    task = asyncio.create_task(_last_words_of(inbox, reply), name="websocket.close")
    _last_words.add(task)
    task.add_done_callback(_last_words.discard)


async def drained() -> None:
    """Waits for the last words on their way, at most `LAST_WORDS_S`; for shutdown."""
    await ended(_last_words)


async def _last_words_of(inbox: _Inbox, reply: UpstreamReply) -> None:
    try:
        async with asyncio.timeout(LAST_WORDS_S):
            await inbox.passed_on.wait()
    except TimeoutError:
        pass
    finally:
        await reply.close()
