"""The admin listener: health, metrics, totals, and one pair explained. Nothing here changes what is served.

Every path but the health checks needs the token; Host is checked, so that no web page can talk to it (R38).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from urllib.parse import parse_qs

import orjson
from aiohttp import web

from proxy.core.headers import bearer, values
from proxy.errors import BackendError, BadRequest
from proxy.ports import Explain
from proxy.web.middleware import own_error
from proxy.web.passthrough import WholeResponse, raw_target, read_body

MAX_BODY_BYTES = 262_144
_PORT = re.compile(r":[0-9]*$")


class Admin:
    """One handler for all requests of the admin listener."""

    def __init__(
        self,
        *,
        token: str,
        hosts: frozenset[str],
        health: Callable[[], Mapping[str, object]],
        metrics: Callable[[], bytes],
        stats: Callable[[], Mapping[str, object]],
        explain: Explain,
    ) -> None:
        self._token = token.encode()
        # Whoever listens on every address is called by many names; what protects him is the token.
        self._hosts = frozenset() if any(map(_is_every_address, hosts)) else frozenset(map(str.lower, hosts))
        self._health = health
        self._metrics = metrics
        self._stats = stats
        self._explain = explain

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = raw_target(request).partition("?")
        match request.method, path:
            case "GET" | "HEAD", "/healthz":
                return answered({"status": "ok"})
            case "GET" | "HEAD", "/readyz":
                return self.ready()
        if refusal := self._refused(request, query):
            return refusal
        match request.method, path:
            case "GET", "/metrics":
                return _whole(200, b"text/plain; version=0.0.4; charset=utf-8", self._metrics())
            case "GET", "/api/stats":
                return answered(self._stats())
            case "POST", "/api/explain":
                return await self._explained(request)
        return own_error(404, f"There is no {request.method} {path} on the admin listener.", code="not_found")

    def ready(self) -> WholeResponse:
        """200 while requests may be sent here; `degraded` names what is away (requests are forwarded all the same)."""
        health = self._health()
        return answered(health, status=200 if health.get("ready") else 503)

    def _refused(self, request: web.BaseRequest, query: str) -> web.StreamResponse | None:
        host = _PORT.sub("", b"".join(values(request.raw_headers, b"host")).decode("latin-1")).strip("[]")
        if self._hosts and host.lower() not in self._hosts:
            return own_error(403, "This Host is not served here.", code="bad_host")
        given = bearer(request.raw_headers) or parse_qs(query).get("token", [""])[0].encode()
        if hmac.compare_digest(given, self._token):
            return None
        return own_error(401, "Send the admin token as `Authorization: Bearer …`.", code="bad_admin_token")

    async def _explained(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await read_body(request, MAX_BODY_BYTES)
        try:
            asked = orjson.loads(body if isinstance(body, bytes) else b"")
            a, b, domain = asked["a"], asked["b"], asked.get("domain", "")
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            return own_error(400, 'Send {"a": text, "b": text, "domain": name}.', code="bad_pair")
        if not all(isinstance(value, str) for value in (a, b, domain)):
            return own_error(400, "a, b and domain are strings.", code="bad_pair")
        try:
            return answered(await self._explain(a, b, domain))
        except BadRequest as exc:
            return own_error(exc.status, str(exc), code=exc.code)
        except BackendError as exc:
            return own_error(503, str(exc), code="unavailable", type_="server_error")


def _is_every_address(host: str) -> bool:
    """Whether listening on `host` means every interface (asyncio takes an empty one for that)."""
    try:
        return not host or ip_address(host).is_unspecified
    except ValueError:
        return False


def answered(value: object, *, status: int = 200) -> WholeResponse:
    """A JSON response of our own."""
    return _whole(status, b"application/json", orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


def _whole(status: int, content_type: bytes, body: bytes) -> WholeResponse:
    headers = [(b"Content-Type", content_type), (b"Content-Length", b"%d" % len(body)), (b"Cache-Control", b"no-store")]
    return WholeResponse(status, headers, body)
