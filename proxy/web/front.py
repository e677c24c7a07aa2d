"""The data listener: which requests have to do with memory, and how every answer is written.

Everything under the base URL passes; only POSTs to cacheable endpoints on routes that may remember are read whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hmac
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from email.utils import formatdate
from ipaddress import ip_address
from urllib.parse import unquote

from aiohttp import web
from aiohttp.http import RawRequestMessage

from proxy.answer import Answer, Forwarded, FromMemory, NotStored
from proxy.ask import Call, is_long
from proxy.config.settings import Config
from proxy.core.canonical import parse_object
from proxy.core.headers import Headers, values
from proxy.core.reasons import BypassReason, CacheMode
from proxy.core.request import Endpoint, endpoint_of
from proxy.core.route import Route
from proxy.errors import BackendError
from proxy.express import WRITE_BYTES, AtOnce, Express
from proxy.pipeline import Pipeline
from proxy.ports import Upstream
from proxy.web.middleware import own_error
from proxy.web.passthrough import (
    RawResponse,
    call_for,
    raw_target,
    read_body,
    relay,
    request_body,
)
from proxy.web.server import Ready
from proxy.web.websocket import is_upgrade, tunnel

Decode = Callable[[bytes, str, int], bytes | None]
OwnHandler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

RESPONSE = re.compile(r"(?:/openai)?/v1/responses/([^/?]+)/?")
"""The raw path of one kept response, as it is deleted."""

ROUTES_KEPT = 256
MAX_KEPT_CHARACTERS = 1_024
"""Of path and model together: longer ones are matched anew each time, since a caller may invent megabytes of them."""


class Front:
    """One handler for all requests of the data listener. own: exact paths that the proxy itself answers."""

    def __init__(
        self,
        config: Config,
        pipeline: Pipeline,
        express: Express,
        upstream: Upstream,
        *,
        decode: Decode,
        deleted: Callable[[str], Awaitable[None]],
        own: dict[str, OwnHandler],
    ) -> None:
        """deleted: told the id of each response that the upstream has deleted. own: paths that we answer ourselves."""
        self._config = config
        self._pipeline = pipeline
        self._express = express
        self._upstream = upstream
        self._decode = decode
        self._deleted = deleted
        self._own = own
        self._needs_headers = any(route.match.headers for route in config.routes)
        self._body_limit = max((route.max_request_bytes for route in config.routes), default=0)
        self._route_by = functools.lru_cache(ROUTES_KEPT)(lambda path, model: config.route_for(path, model, {}))
        self._needs_model = any(route.match.model != "*" for route in config.routes)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """From memory, or forwarded byte for byte. Raises BadRequest and UpstreamError for the rim to answer."""
        path, _, query = raw_target(request).partition("?")
        if path in self._own:
            return await self._own[path](request)
        if refusal := self._refused(request):
            return refusal
        endpoint = endpoint_of(path) if request.method == "POST" else None
        if endpoint is None:
            return await self._passed(request, path)
        route = None if self._needs_model else self._route(request, path, None)
        if route is not None and route.cache is CacheMode.OFF:
            return await self._off(request, route)
        return await self._cacheable(request, endpoint, path, query)

    def again(self, raw: bytes, peer: str | None) -> Ready | None:
        """See `proxy.web.server.Lane`."""
        return _ready(self._express.again(raw, is_trusted=self._is_trusted(peer)))

    def at_once(self, message: RawRequestMessage, body: bytes, peer: str | None, raw: bytes | None) -> Ready | None:
        """See `proxy.web.server.Lane`: a hit that is known here."""
        if self._config.server.access_keys:
            return None
        is_trusted = self._is_trusted(peer)
        return _ready(self._express.hit(message.path, message.raw_headers, body, is_trusted=is_trusted, raw=raw))

    def _refused(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """With a provider key of the operator's in use, callers must hold one of `server.access_keys`."""
        keys = self._config.server.access_keys
        if not keys:
            return None
        given = b" ".join(values(request.raw_headers, b"authorization")).removeprefix(b"Bearer ")
        if any(hmac.compare_digest(given, key.encode()) for key in keys):
            return None
        return own_error(401, "This proxy needs one of its own access keys.", code="invalid_access_key")

    def _route(self, request: web.BaseRequest, path: str, model: str | None) -> Route | None:
        if not self._needs_headers:
            is_long_name = len(path) + len(model or "") > MAX_KEPT_CHARACTERS
            return self._config.route_for(path, model, {}) if is_long_name else self._route_by(path, model)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.raw_headers}
        return self._config.route_for(path, model, headers)

    def _upstream_for(self, request: web.BaseRequest, path: str) -> str:
        route = self._route(request, path, None)
        return (route.upstream if route else self._config.default_upstream).name

    async def _passed(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        """The whole way of a request that memory has nothing to do with."""
        upstream = self._upstream_for(request, path)
        if is_upgrade(request):
            return await tunnel(request, self._upstream, upstream)
        reply = await self._upstream.send(call_for(request, upstream, request_body(request)))
        kept = RESPONSE.fullmatch(path) if request.method == "DELETE" and reply.status < 300 else None
        if kept is not None:
            try:
                with contextlib.suppress(BackendError):
                    await self._deleted(unquote(kept[1]))
            except BaseException:  # the client has left: nobody will relay the reply, which closes it
                await reply.close()
                raise
        return await relay(request, reply)

    async def _off(self, request: web.BaseRequest, route: Route) -> RawResponse:
        reply = await self._upstream.send(call_for(request, route.upstream.name, request_body(request)))
        return await relay(request, reply, [(b"Cache-Status", b"equicache; fwd=bypass; detail=off")])

    async def _cacheable(
        self, request: web.BaseRequest, endpoint: Endpoint, path: str, query: str
    ) -> web.StreamResponse:
        limit = self._body_limit
        read = await read_body(request, limit)
        if not isinstance(read, bytes | None):
            return await self._too_large(request, path, read)
        body = read or b""
        model = await self._model(request, body, limit) if self._needs_model else None
        route = self._route(request, path, model)
        if route is None:
            upstream = self._config.default_upstream.name
            return await relay(request, await self._upstream.send(call_for(request, upstream, read)))
        call = Call(
            path=path,
            query=query,
            headers=request.raw_headers,
            body=body,
            endpoint=endpoint,
            route=route,
            is_trusted=self._is_trusted(request.remote),
            plain=lambda: self._plain(request, body, limit),
            outgoing=lambda: call_for(request, route.upstream.name, read),
        )
        return await self._written(request, await self._pipeline.answer(call))

    async def _too_large(self, request: web.BaseRequest, path: str, body: AsyncIterator[bytes]) -> RawResponse:
        call = call_for(request, self._upstream_for(request, path), body)
        status = f"equicache; fwd=bypass; detail={BypassReason.TOO_LARGE}".encode()
        return await relay(request, await self._upstream.send(call), [(b"Cache-Status", status)])

    async def _model(self, request: web.BaseRequest, body: bytes, limit: int) -> str | None:
        if is_long(request.raw_headers, body):
            return await asyncio.to_thread(lambda: _model_of(self._plain(request, body, limit)))
        return _model_of(self._plain(request, body, limit))

    def _plain(self, request: web.BaseRequest, body: bytes, limit: int) -> bytes | None:
        coding = b",".join(values(request.raw_headers, b"content-encoding")).decode("latin-1")
        return self._decode(body, coding, limit) if coding else body

    def _is_trusted(self, remote: str | None) -> bool:
        networks = self._config.server.trusted_proxies
        if not networks or remote is None:
            return False
        peer = ip_address(remote.partition("%")[0])
        return any(peer in network for network in networks)

    async def _written(self, request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
        """Puts an answer on the wire; whatever happens there, the observers hear of it once."""
        try:
            match answer:
                case Forwarded():
                    return await relay(request, answer.reply, _encoded(answer.headers))
                case FromMemory():
                    return await _replayed(request, answer)
                case NotStored():
                    message = "Nothing stored may answer this request, and only-if-cached forbids to forward it."
                    return own_error(504, message, code="only_if_cached", headers=_encoded(answer.headers))
        finally:
            answer.telling.written()


def _ready(hit: AtOnce | None) -> Ready | None:
    """The whole response of a hit on the express lane."""
    if hit is None:
        return None
    date = _date(int(time.time()))
    if hit.is_stream:
        return b"HTTP/1.1 200 OK\r\n%bDate: %b\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (
            hit.fields, date, len(hit.body), hit.body,
        ), hit.sent  # fmt: skip
    return b"HTTP/1.1 200 OK\r\n%bDate: %b\r\nContent-Length: %d\r\n\r\n%b" % (
        hit.fields, date, len(hit.body), hit.body,
    ), hit.sent  # fmt: skip


async def _replayed(request: web.BaseRequest, answer: FromMemory) -> RawResponse:
    """A hit, as fast as the client reads: aiohttp waits for the socket between the pieces."""
    headers = [*_encoded(answer.headers), (b"Date", _date(int(time.time())))]
    is_stream = answer.content_type.startswith("text/event-stream")
    if not is_stream:
        headers.append((b"Content-Length", b"%d" % len(answer.body)))
    response = RawResponse(200, "OK", headers)
    await response.prepare(request)
    body = answer.body
    if len(body) > WRITE_BYTES:
        for start in range(0, len(body), WRITE_BYTES):
            await response.write(body[start : start + WRITE_BYTES])
        await response.write_eof()
    else:
        await response.write_eof(body)
    return response


@functools.lru_cache(maxsize=2)
def _date(second: int) -> bytes:
    """IMF-fixdate (RFC 9110 §5.6.7), made once a second."""
    return formatdate(second, usegmt=True).encode()


def _encoded(headers: Sequence[tuple[str, str]]) -> Headers:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _model_of(plain: bytes | None) -> str | None:
    """The model that the body names, for routes that match on it."""
    fields = parse_object(plain) if plain is not None else BypassReason.UNPARSEABLE
    model = fields.get("model") if isinstance(fields, dict) else None
    return model if isinstance(model, str) else None
