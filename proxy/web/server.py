"""The listener: aiohttp's HTTP/1.1 server without its router, with the deadlines that it lacks.

No router, because a router reads normalised paths; no access log, because query strings carry keys (R35).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Protocol, cast

import structlog
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion11, RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from aiohttp.web_protocol import RequestHandler, _ErrInfo

from proxy.core.headers import MAX_HEAD_FIELD_BYTES, MAX_HEAD_FIELDS
from proxy.errors import BadRequest
from proxy.web.boundary import Boundary
from proxy.web.framing import checked, refuse_bad_framing
from proxy.web.middleware import Handler, guarded, own_error

HEAD_TIMEOUT_S = 10.0
KEEPALIVE_S = 75.0
READ_BUFFER_BYTES = 65_536
BACKLOG = 4096
SILENT_STOP_S = 0.25
"""A stop that takes longer says what it waits for."""

Ready = tuple[bytes, Callable[[], None]]
"""The bytes of a response, and whom to tell when they are written."""

log = structlog.get_logger()


class Lane(Protocol):
    """Answers what needs no waiting, before a task is made for it; None for all else. peer: the client's address."""

    def again(self, raw: bytes, peer: str | None) -> Ready | None:
        """To a request that `at_once` has answered before: known by all its bytes, it is not parsed once more."""
        ...

    def at_once(self, message: RawRequestMessage, body: bytes, peer: str | None, raw: bytes | None) -> Ready | None:
        """To a keep-alive POST in HTTP/1.1. raw: all its bytes, where they are known to be nothing else."""
        ...


class WireHandler(RequestHandler):
    """One client connection; closed when the head of a request takes longer than its deadline."""

    __slots__ = ("_boundary", "_head_deadline", "_head_timeout_s", "_is_new", "_lane", "_lost", "_peer")

    def __init__(self, manager: web.Server, *, head_timeout_s: float, lane: Lane | None, **kwargs: Any) -> None:
        super().__init__(manager, **kwargs)
        self._head_timeout_s = head_timeout_s
        self._lane = lane
        self._boundary = Boundary()
        self._is_new = True
        self._peer: str | None = None
        self._head_deadline: asyncio.TimerHandle | None = None
        self._lost: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if isinstance(peer, tuple) else None
        self._start_deadline()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_deadline()
        super().connection_lost(exc)
        if not self._lost.done():
            self._lost.set_result(None)

    def close(self) -> None:
        """No request begins here any more. aiohttp's own leaves an idle connection open: whoever sent his next request
        on it would wait for nothing until all others have ended."""
        is_idle = self._is_waiting()
        super().close()
        if is_idle and self.transport is not None:
            self.transport.close()

    def ended(self) -> asyncio.Future[list[object]]:
        """Done when the request under way has ended, and all that was written is with the kernel."""
        task = self._task_handler
        return asyncio.gather(self._lost, *([task] if task is not None else []), return_exceptions=True)

    def data_received(self, data: bytes) -> None:
        waiter, lane = self._waiter, self._lane
        # The first bytes may be here before the connection's task has begun to wait for them.
        is_new, self._is_new = self._is_new, False
        if lane is None or self._messages or not (is_new or self._is_waiting()):
            self._fed(data)
        else:
            # Idle: what comes now is a request's beginning. Its task is woken only if there is need for one.
            if self._answered_again(lane, data):
                return
            self._waiter = None
            self._fed(data)
            self._waiter = waiter
            if self._messages:
                if self._answered_at_once(lane, data):
                    return
                if waiter is not None:
                    waiter.set_result(None)
        if self._messages and isinstance(self._messages[-1][0], _ErrInfo):
            self._fail_current_body()
        # Waiting for a request although bytes came: they are an incomplete head.
        if self._messages or not (is_new or self._is_waiting()):
            self._stop_deadline()
        elif data and self._head_deadline is None:
            self._start_deadline()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """After each body that was read: aiohttp's own feeds the parser nothing and wakes a transport that is awake."""
        is_paused = self._reading_paused or self._buffer_paused
        # The parser may pause alone: in this body, for what the end of one before had taken back.
        if is_paused or (resume_parser and not self._is_body_here()):
            super().resume_reading(resume_parser)

    def _is_body_here(self) -> bool:
        """Whether the body that is being read came whole, in a size and form that cannot have paused the parser."""
        request = self._current_request
        # The empty body counts no chunks; it is what a tunnel's request has.
        if request is None or (body := request.content) is EMPTY_PAYLOAD or not body.is_eof():
            return False
        return body.total_bytes <= READ_BUFFER_BYTES and body._http_chunk_splits is None

    def _is_waiting(self) -> bool:
        """Whether the connection's task waits for a request."""
        return self._waiter is not None and not self._waiter.done()

    def _fed(self, data: bytes) -> None:
        """To the parser, and counted. What belongs to the request under way is heard during a stop, too."""
        waiting = len(self._messages)
        is_closing, self._close = self._close, False
        super().data_received(data)
        self._close |= is_closing
        self._boundary.fed(data, list(self._messages)[waiting:])

    def _answered_again(self, lane: Lane, data: bytes) -> bool:
        """Without the parser: it holds no part of a request, and the same bytes would mean the same to it."""
        if (
            not self._boundary.is_between
            or len(data) > READ_BUFFER_BYTES
            or not data.startswith(b"POST ")
            or not self._is_writable()
        ):
            return False
        ready = lane.again(data, self._peer)
        if ready is None:
            return False
        self._request_count += 1
        self._answered(ready)
        return True

    def _answered_at_once(self, lane: Lane, data: bytes) -> bool:
        """Answers the one request that is there whole, without a task, if nothing about it is out of the ordinary."""
        message, payload = self._messages[0]
        if (
            len(self._messages) > 1
            or isinstance(message, _ErrInfo)
            or message.method != "POST"
            or message.version != HttpVersion11
            or message.should_close
            or message.upgrade
            or payload is EMPTY_PAYLOAD
            or not payload.is_eof()
            or not self._is_writable()
        ):
            return False
        try:
            refuse_bad_framing(message.method, message.version, message.raw_headers)
        except BadRequest:
            return False
        raw = data if self._boundary.is_between and len(data) <= READ_BUFFER_BYTES else None
        ready = lane.at_once(message, b"".join(payload._buffer), self._peer, raw)
        if ready is None:
            return False
        self._messages.popleft()
        assert self._parser is not None
        self._parser.message_consumed()
        self._answered(ready)
        return True

    def _is_writable(self) -> bool:
        transport = self.transport
        return not (self._paused or self._close or self._force_close) and (
            transport is not None and not transport.is_closing()
        )

    def _answered(self, ready: Ready) -> None:
        """Writes, and does what aiohttp's own loop does between two requests of a connection."""
        response, sent = ready
        transport, manager = self.transport, self._manager
        assert transport is not None
        assert manager is not None
        transport.write(response)
        manager.requests_count += 1
        self._keepalive = True
        self._next_keepalive_close_time = self._loop.time() + self._keepalive_timeout
        if self._keepalive_handle is None:
            self._keepalive_handle = self._loop.call_at(self._next_keepalive_close_time, self._process_keepalive)
        self._stop_deadline()
        sent()

    def _fail_current_body(self) -> None:
        """aiohttp only queues the error behind the request; the reader of its body would wait for good."""
        request = self._current_request
        if request is not None and not request.content.is_eof() and request.content.exception() is None:
            request.content.set_exception(web.RequestPayloadError("malformed body"))

    def _start_deadline(self) -> None:
        self._head_deadline = self._loop.call_later(self._head_timeout_s, self.force_close)

    def _stop_deadline(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Called by aiohttp with its own errors; a body that the client broke is not worth a traceback."""
        exc = kw.get("exc_info")
        if not isinstance(exc, web.RequestPayloadError | HttpProcessingError):
            log.error("connection.failed", exc_info=exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What the parser refused, in OpenAI's shape; aiohttp's own answer logs a traceback and echoes the bytes."""
        if request.writer.output_size > 0:
            raise ConnectionError("the response has begun")
        if isinstance(exc, LineTooLong):
            response = own_error(431, "A header field is too large.", code="head_too_large")
        else:
            response = own_error(400, "The request is not valid HTTP/1.1.", code="bad_http")
        response.force_close()
        return response


class _Request(web.BaseRequest):
    """One whose answer says that the connection ends if the listener stops, or if part of what followed may be lost:
    aiohttp's C parser skips what came in one packet with a wish to upgrade, unless it grants it."""

    @property
    def keep_alive(self) -> bool:
        handler = cast(WireHandler, self._protocol)
        is_lossy = self._message.upgrade and handler._boundary.is_in_doubt and not handler._upgraded
        return not (is_lossy or handler._close or self._message.should_close)


class _Server(web.Server):
    """Makes our handlers, and requests without a size limit on what is read."""

    def __call__(self) -> RequestHandler:
        return WireHandler(self, loop=self._loop, **self._kwargs)

    def _make_request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> web.BaseRequest:
        return _Request(message, payload, protocol, writer, task, self._loop, client_max_size=2**62)


class HttpServer:
    """One listener for one handler. Errors are answered by the last rim, broken framing is refused before it."""

    def __init__(
        self,
        handler: Handler,
        *,
        lane: Lane | None = None,
        head_timeout_s: float = HEAD_TIMEOUT_S,
    ) -> None:
        """lane: answers what needs no waiting."""
        self._server = _Server(
            guarded(checked(handler)),
            handler_cancellation=True,
            lane=lane,
            head_timeout_s=head_timeout_s,
            keepalive_timeout=KEEPALIVE_S,
            access_log=None,
            auto_decompress=False,
            max_line_size=MAX_HEAD_FIELD_BYTES,
            max_field_size=MAX_HEAD_FIELD_BYTES,
            max_headers=MAX_HEAD_FIELDS,
            read_bufsize=READ_BUFFER_BYTES,
        )
        self._listener: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The bound port, also when 0 was asked for."""
        assert self._listener is not None
        return cast(int, self._listener.sockets[0].getsockname()[1])

    async def start(self, host: str, port: int) -> None:
        """Binds and listens; raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._server, host, port, backlog=BACKLOG, reuse_address=True)

    async def start_on(self, sock: socket.socket) -> None:
        """Listens on a socket that the supervisor has bound."""
        self._listener = await asyncio.get_running_loop().create_server(self._server, sock=sock, backlog=BACKLOG)

    def stop_accepting(self) -> None:
        """No new connections, and idle ones are closed; requests under way go on."""
        if self._listener is not None:
            self._listener.close()
        self._server.pre_shutdown()

    async def stop(self, drain_timeout_s: float = 0.0) -> None:
        """Waits for requests under way, until their answers have left, at most `drain_timeout_s` seconds; then ends
        them."""
        self.stop_accepting()
        handlers = cast(list[WireHandler], self._server.connections)
        working = {task for handler in handlers if (task := handler._task_handler) is not None}
        if handlers and drain_timeout_s > 0:
            ends = [handler.ended() for handler in handlers]
            _, late = await asyncio.wait(ends, timeout=min(drain_timeout_s, SILENT_STOP_S))
            if late and drain_timeout_s > SILENT_STOP_S:
                left_s = drain_timeout_s - SILENT_STOP_S
                log.info("requests.awaited", count=len(late), at_most_s=left_s, remedy="a second signal ends at once")
                await asyncio.wait(late, timeout=left_s)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await self._server.shutdown(0.05)
        if self._listener is not None:
            await self._listener.wait_closed()
