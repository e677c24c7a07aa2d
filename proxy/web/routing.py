"""Which route takes a request, and as much of its body as must be read to know: several may share a path, and the model
that the body names chooses among them.
"""

from __future__ import annotations

import asyncio
import functools

from aiohttp import web

from proxy.config.settings import Config, taken_by
from proxy.core.headers import values
from proxy.core.named_model import model_named
from proxy.core.reasons import CacheMode
from proxy.core.route import Route
from proxy.errors import BadRequest
from proxy.ports import Decode
from proxy.web.passthrough import Body, read_body, request_body

NAMING_BYTES = 32 * 1024 * 1024
"""The longest body that is held until it is clear which upstream its model has, and what a coded one may unfold to."""

NAMED_AT_ONCE_BYTES = 8 * 1024
"""In a longer body looking for the model may take milliseconds: half a microsecond for each bracket."""

Routes = tuple[Route | None, ...]
"""See `Config.routes_for`."""

ROUTES_KEPT = 256
MAX_KEPT_CHARACTERS = 1_024
"""Of a path: longer ones are matched anew each time, since a caller may invent megabytes of them."""


class Routing:
    """The routes of one configuration."""

    def __init__(self, config: Config, decode: Decode) -> None:
        self._config = config
        self._decode = decode
        self._needs_headers = any(route.match.headers for route in config.routes)
        self._routes_by = functools.lru_cache(ROUTES_KEPT)(lambda path: config.routes_for(path, {}))

    def routes(self, request: web.BaseRequest, path: str) -> Routes:
        """Those that match but for the model, in order; see `Config.routes_for`."""
        if not self._needs_headers:
            return self._config.routes_for(path, {}) if len(path) > MAX_KEPT_CHARACTERS else self._routes_by(path)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.raw_headers}
        return self._config.routes_for(path, headers)

    def upstream_of(self, route: Route | None) -> str:
        """The name of the upstream; of the default one where no route matches."""
        return (route.upstream if route else self._config.default_upstream).name

    def is_torn(self, routes: Routes) -> bool:
        """Whether the model decides who sees the request, and not only what memory may do with it."""
        return len({self.upstream_of(route) for route in routes}) > 1

    async def chosen(self, request: web.BaseRequest, routes: Routes, limit: int) -> tuple[Route | None, Body]:
        """The route that takes the request, and the body: whole if it has at most `limit` bytes.

        Raises BadRequest where nobody can say which of several upstreams it is for: it goes to none then.
        """
        if len(routes) == 1 and (routes[0] is None or routes[0].cache is CacheMode.OFF):
            return routes[0], request_body(request)
        is_torn = self.is_torn(routes)
        limit = max(limit, NAMING_BYTES) if is_torn else limit
        body = await read_body(request, limit)
        if len(routes) == 1:
            return routes[0], body
        try:
            return taken_by(routes, await self._model(request, body, limit)), body
        except ValueError as fault:
            if is_torn:
                raise _unclear(body, limit) from fault
            return taken_by(routes, None), body

    async def _model(self, request: web.BaseRequest, body: Body, limit: int) -> str | None:
        """The model that the body names. Raises ValueError where that cannot be read."""
        if body is None:
            return None
        if not isinstance(body, bytes):
            raise ValueError("the body is too long")
        content_type = b",".join(values(request.raw_headers, b"content-type"))
        is_coded = bool(values(request.raw_headers, b"content-encoding"))
        if not is_coded and len(body) <= NAMED_AT_ONCE_BYTES:
            return model_named(body, content_type)

        def named() -> str | None:
            plain = self.plain(request, body, limit)
            if plain is None:
                raise ValueError("the content coding cannot be undone")
            return model_named(plain, content_type)

        return await asyncio.to_thread(named)

    def plain(self, request: web.BaseRequest, body: bytes, limit: int) -> bytes | None:
        """The body without its content coding; None where that cannot be undone, or has more than `limit` bytes."""
        coding = b",".join(values(request.raw_headers, b"content-encoding")).decode("latin-1")
        return self._decode(body, coding, limit) if coding else body


def _unclear(body: Body, limit: int) -> BadRequest:
    if isinstance(body, bytes):
        message = "The upstream depends on the model, and the body does not clearly name one."
        return BadRequest(message, code="unclear_model")
    message = f"The upstream depends on the model, which is looked for in bodies of at most {limit} bytes."
    return BadRequest(message, code="body_too_large", status=413)
