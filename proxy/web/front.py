"""The data listener: which requests have to do with memory, and how every answer is written.

Everything under the base URL passes; read whole are only POSTs to cacheable endpoints on routes that may remember, and
requests whose model names their upstream.
"""

from __future__ import annotations

import contextlib
import functools
import hmac
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from email.utils import formatdate
from ipaddress import ip_address
from urllib.parse import unquote

from aiohttp import web
from aiohttp.http import HttpVersion11, RawRequestMessage

from proxy.answer import Answer, Forwarded, FromMemory, NotStored
from proxy.call import Call
from proxy.config.settings import Config, taken_by
from proxy.core.headers import KEY_HEADERS, Headers, bearer, values
from proxy.core.reasons import BypassReason, CacheMode
from proxy.core.request import Endpoint, endpoint_of
from proxy.core.route import Route
from proxy.errors import BackendError
from proxy.express import WRITE_BYTES, AtOnce, Express
from proxy.pipeline import Pipeline
from proxy.ports import Decode, Upstream
from proxy.web.middleware import Handler, own_error
from proxy.web.passthrough import Body, RawResponse, call_for, in_pieces, raw_target, relay, request_body, send_whole
from proxy.web.routing import Routes, Routing
from proxy.web.server import Ready
from proxy.web.websocket import is_upgrade, tunnel

RESPONSE = re.compile(r"(?:/openai)?/v1/responses/([^/?]+)/?")
"""The raw path of one kept response, as it is deleted."""

FILES = re.compile(r"(?:^|/)(?:files|uploads)(?:/|$)")
"""Paths that keep files at the provider, hundreds of megabytes: nothing in them is asked of a model."""


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
        own: dict[str, Handler],
    ) -> None:
        """deleted: told the id of each response that the upstream has deleted."""
        self._config = config
        self._pipeline = pipeline
        self._express = express
        self._upstream = upstream
        self._routing = Routing(config, decode)
        self._deleted = deleted
        self._own = own

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """From memory, or forwarded byte for byte. Raises BadRequest and UpstreamError for the rim to answer."""
        path, _, query = raw_target(request).partition("?")
        if path in self._own:
            return await self._own[path](request)
        if refusal := self._refused(request):
            return refusal
        endpoint = endpoint_of(path) if request.method == "POST" else None
        routes = self._routing.routes(request, path)
        if endpoint is None:
            return await self._passed(request, path, routes)
        return await self._cacheable(request, endpoint, path, query, routes)

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
        headers = request.raw_headers
        given = [bearer(headers), *(b" ".join(values(headers, name)) for name in KEY_HEADERS)]
        if any(hmac.compare_digest(one, key.encode()) for one in given for key in keys):
            return None
        return own_error(401, "This proxy needs one of its own access keys.", code="invalid_access_key")

    async def _passed(self, request: web.BaseRequest, path: str, routes: Routes) -> web.StreamResponse:
        """The whole way of a request that memory has nothing to do with."""
        is_open = self._routing.is_torn(routes) and not FILES.search(path)
        route, body = await self._routing.chosen(request, routes, 0) if is_open else (taken_by(routes, None), None)
        upstream = self._routing.upstream_of(route)
        if is_upgrade(request):
            return await tunnel(request, self._upstream, upstream)
        body = body if is_open else request_body(request)
        reply = await self._upstream.send(call_for(request, upstream, _streamed(body)))
        kept = RESPONSE.fullmatch(path) if request.method == "DELETE" and reply.status < 300 else None
        if kept is not None:
            try:
                with contextlib.suppress(BackendError):
                    await self._deleted(unquote(kept[1]))
            except BaseException:  # the client has left: nobody will relay the reply, which closes it
                await reply.close()
                raise
        return await relay(request, reply)

    async def _cacheable(
        self, request: web.BaseRequest, endpoint: Endpoint, path: str, query: str, routes: Routes
    ) -> web.StreamResponse:
        limit = max((route.max_request_bytes for route in routes if route is not None), default=0)
        route, body = await self._routing.chosen(request, routes, limit)
        upstream = self._routing.upstream_of(route)
        if route is None:
            return await relay(request, await self._upstream.send(call_for(request, upstream, _streamed(body))))
        barred = _barred(route, body)
        read = body if isinstance(body, bytes) and barred is None else b""
        call = Call(
            path=path,
            query=query,
            headers=request.raw_headers,
            body=read,
            endpoint=endpoint,
            route=route,
            is_trusted=self._is_trusted(request.remote),
            plain=lambda: self._routing.plain(request, read, route.max_request_bytes),
            outgoing=lambda: call_for(request, upstream, body if barred is None else _streamed(body)),
            barred=barred,
        )
        return await self._written(request, await self._pipeline.answer(call))

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
                    return await _from_memory(request, answer)
                case NotStored():
                    message = "Nothing stored may answer this request, and only-if-cached forbids to forward it."
                    return own_error(504, message, code="only_if_cached", headers=_encoded(answer.headers))
        finally:
            answer.telling.written()


def _barred(route: Route, body: Body) -> BypassReason | None:
    if route.cache is CacheMode.OFF:
        return BypassReason.OFF
    is_small = isinstance(body, bytes | None) and len(body or b"") <= route.max_request_bytes
    return None if is_small else BypassReason.TOO_LARGE


def _streamed(body: Body) -> Body:
    """What was held only for its model."""
    return in_pieces(body) if isinstance(body, bytes) and len(body) > WRITE_BYTES else body


def _ready(hit: AtOnce | None) -> Ready | None:
    """The whole response of a hit on the express lane."""
    return (_whole(hit.fields, hit.body, is_stream=hit.is_stream), hit.sent) if hit is not None else None


async def _from_memory(request: web.BaseRequest, answer: FromMemory) -> web.StreamResponse:
    """A hit: a short one in one write, a long one as fast as the client reads."""
    if len(answer.body) <= WRITE_BYTES and request.version == HttpVersion11 and request.keep_alive:
        return await send_whole(request, _whole(answer.fields, answer.body, is_stream=answer.is_stream))
    headers = [_field(line) for line in answer.fields.split(b"\r\n") if line]
    headers.append((b"Date", _date(int(time.time()))))
    if not answer.is_stream:
        headers.append((b"Content-Length", b"%d" % len(answer.body)))
    response = RawResponse(200, "OK", headers)
    await response.prepare(request)
    for start in range(0, len(answer.body), WRITE_BYTES):
        await response.write(answer.body[start : start + WRITE_BYTES])
    await response.write_eof()
    return response


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b": ")
    return name, value


def _whole(fields: bytes, body: bytes, *, is_stream: bool) -> bytes:
    """A hit on the wire of a connection that stays."""
    date = _date(int(time.time()))
    if is_stream:
        return b"HTTP/1.1 200 OK\r\n%bDate: %b\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (
            fields, date, len(body), body,
        )  # fmt: skip
    return b"HTTP/1.1 200 OK\r\n%bDate: %b\r\nContent-Length: %d\r\n\r\n%b" % (fields, date, len(body), body)


@functools.lru_cache(maxsize=2)
def _date(second: int) -> bytes:
    """IMF-fixdate (RFC 9110 §5.6.7), made once a second."""
    return formatdate(second, usegmt=True).encode()


def _encoded(headers: Sequence[tuple[str, str]]) -> Headers:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
