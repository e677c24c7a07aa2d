"""The provider over HTTP/1.1: bytes go out and come back as they are. Decides nothing, repeats (almost) nothing.

aiohttp connects (pool, DNS, TLS, HTTPS_PROXY) and parses; `upstream_exchange` writes the heads.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from typing import cast
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp import hdrs
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.helpers import get_env_proxy_for_url, strip_auth_from_url
from aiohttp.http import HttpProcessingError
from yarl import URL

from proxy.backends.upstream_exchange import BodyFailed, Exchange, HttpReply, request_head
from proxy.backends.upstream_protocol import WireProtocol
from proxy.core import route
from proxy.core.headers import KEY_HEADERS, Headers
from proxy.errors import ConfigError, UpstreamError
from proxy.ports import UpstreamCall, UpstreamReply

KEEPALIVE_S = 4.0
"""Below the 5 s after which common servers close an idle connection (R35)."""
RETOLD_BYTES = 65_536
"""How much of a body that streams is held to be sent once more: all of most, and little of an upload."""

ENVIRONMENT = "HTTPS_PROXY or HTTP_PROXY in the environment:"
REPLACED_CREDENTIALS = frozenset({b"authorization", *KEY_HEADERS})


class _Broken(Exception):
    """The connection died before any response byte. `can_resend`: it was a reused one."""

    def __init__(self, *, can_resend: bool) -> None:
        super().__init__()
        self.can_resend = can_resend


class _Retold:
    """A body as it arrives, which can be told from its beginning once more while it is short."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._told: list[bytes] = []
        self._left = RETOLD_BYTES
        self._is_awaited = False

    def __aiter__(self) -> _Retold:
        return self

    async def __anext__(self) -> bytes:
        self._is_awaited = True
        try:
            piece = await anext(self._pieces)
        except StopAsyncIteration:
            self._is_awaited = False
            raise
        self._is_awaited = False
        self._left -= len(piece)
        if self._left >= 0:
            self._told.append(piece)
        else:
            self._told.clear()
        return piece

    def again(self) -> AsyncIterator[bytes] | None:
        """What was told, then the rest; None where it was too much, or where whoever waited for more was cut off."""
        return None if self._is_awaited or self._left < 0 else _joined(self._told, self._pieces)


async def _joined(told: Iterable[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for piece in told:
        yield piece
    async for piece in rest:
        yield piece


@dataclass(frozen=True, slots=True)
class _Target:
    """One configured upstream; `template` is what aiohttp's pool needs to know of it.

    prefix: what the target below the base URL is appended to; absolute only for plain HTTP through an HTTP proxy.
    """

    upstream: route.Upstream
    template: aiohttp.ClientRequest
    host: bytes
    prefix: str
    timeout: aiohttp.ClientTimeout

    def below(self, target: str) -> str:
        """`target` as it stands in a request line, where an empty path is "/" (RFC 9112 §3.2.1)."""
        has_path = target.startswith("/") or bool(self.template.url.raw_path.rstrip("/"))
        return f"{self.prefix}{target}" if has_path else f"{self.prefix}/{target}"


class _Connector(aiohttp.TCPConnector):
    """A pool whose protocols are ours."""

    def __init__(self) -> None:
        super().__init__(limit=0, keepalive_timeout=KEEPALIVE_S)
        protocol = cast(type[ResponseHandler], WireProtocol)
        self._factory = functools.partial(protocol, loop=asyncio.get_running_loop())


class HttpUpstream:
    """All configured upstreams behind one pool. Build and close it inside the running loop.

    Raises ConfigError for a ca_file that cannot be read, and as `proxy_for`.
    """

    def __init__(self, upstreams: Iterable[route.Upstream]) -> None:
        self._connector = _Connector()
        self._targets = {upstream.name: _target_of(upstream) for upstream in upstreams}

    async def send(self, call: UpstreamCall) -> UpstreamReply:
        """See the port."""
        try:
            return await self._sent(call)
        except UpstreamError as failure:
            failure.upstream = call.upstream
            raise

    async def _sent(self, call: UpstreamCall) -> HttpReply:
        """One resend when a reused connection broke before any response byte (R35)."""
        target = self._targets[call.upstream]
        if target.upstream.api_key is not None:
            call = replace(call, headers=_with_key(call.headers, target.upstream.api_key))
        if isinstance(call.body, AsyncIterator) and call.upgrade is None:  # else nothing of it is sent before a 101
            call = replace(call, body=_Retold(call.body))
        try:
            return await self._attempt(target, call)
        except _Broken as broken:
            again = _again(call) if broken.can_resend else None
            if again is None:
                raise _unreachable("The upstream closed the connection without an answer.") from broken.__cause__
        try:
            return await self._attempt(target, again, is_anew=True)
        except _Broken as broken:
            raise _unreachable("The upstream closed the connection without an answer.") from broken.__cause__

    async def close(self) -> None:
        """Closes every connection, idle or not."""
        await self._connector.close()

    async def _attempt(self, target: _Target, call: UpstreamCall, *, is_anew: bool = False) -> HttpReply:
        connection = await self._connect(target, is_anew=is_anew)
        protocol = cast(WireProtocol, connection.protocol)
        is_reused = protocol.exchanges > 0
        exchange = Exchange(connection, protocol, call)
        head = request_head(call, target.below(call.target), target.host, _proxy_headers(target))
        try:
            return await exchange.run(head, target.upstream.timeout_s)
        except BodyFailed as failed:
            exchange.cut()
            raise failed.failure from None
        except BaseException as exc:
            exchange.cut()
            ours = _translated(exc, can_resend=is_reused and not protocol.has_received)
            if ours is exc:
                raise
            raise ours from exc

    async def _connect(self, target: _Target, *, is_anew: bool) -> Connection:
        """A connection on which nothing waits to be read: there it would pass for the answer to our request.

        is_anew: none that was used before. Where one has broken, a server or balancer went away, and all are dead.
        """
        while True:
            connection = await self._pooled_or_new(target)
            protocol = cast(WireProtocol, connection.protocol)
            if protocol.exchanges == 0 or not (is_anew or protocol.has_unread()):
                return connection
            protocol.abort()
            connection.close()

    async def _pooled_or_new(self, target: _Target) -> Connection:
        try:
            return await self._connector.connect(target.template, traces=[], timeout=target.timeout)
        except TimeoutError as exc:
            message = "The upstream did not accept a connection in time."
            raise UpstreamError(message, code="upstream_timeout", status=504) from exc
        except (aiohttp.ClientSSLError, ssl.SSLError) as exc:
            raise UpstreamError("TLS with the upstream failed.", code="upstream_tls") from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise _unreachable("The upstream cannot be reached.") from exc


def _again(call: UpstreamCall) -> UpstreamCall | None:
    """The same call, or None where a part of its body is gone."""
    if not isinstance(call.body, _Retold):
        return call
    body = call.body.again()
    return replace(call, body=body) if body is not None else None


def _translated(exc: BaseException, *, can_resend: bool) -> BaseException:
    """Foreign errors in our words, all others (cancellation) as they are."""
    match exc:
        case TimeoutError():
            return UpstreamError("The upstream did not answer in time.", code="upstream_timeout", status=504)
        case aiohttp.ServerDisconnectedError() | ConnectionError() | aiohttp.ClientOSError():
            return _Broken(can_resend=can_resend)
        case HttpProcessingError() | aiohttp.ClientError():
            return UpstreamError("The upstream's answer is not valid HTTP.", code="upstream_protocol")
        case _:
            return exc


def _unreachable(message: str) -> UpstreamError:
    return UpstreamError(message, code="upstream_unreachable")


def _target_of(upstream: route.Upstream) -> _Target:
    url = URL(upstream.base_url, encoded=True)
    if url.scheme not in ("http", "https") or not url.raw_host:
        raise ConfigError(f"upstream {upstream.name!r}: {upstream.base_url!r} is not an http(s) URL")
    proxy, proxy_auth = proxy_for(url)
    context = _tls_context(upstream) if upstream.ca_file else True
    template = aiohttp.ClientRequest(
        "GET", url, loop=asyncio.get_running_loop(), ssl=context, proxy=proxy, proxy_auth=proxy_auth
    )
    path = url.raw_path.rstrip("/")
    is_absolute = proxy is not None and url.scheme == "http"
    return _Target(
        upstream,
        template,
        template.headers[hdrs.HOST].encode(),
        f"{url.origin()}{path}" if is_absolute else path,
        aiohttp.ClientTimeout(connect=upstream.connect_timeout_s),
    )


def proxy_for(url: URL) -> tuple[URL | None, aiohttp.BasicAuth | None]:
    """What HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, read once at start. `proxy:3128` speaks HTTP, as curl and the SDKs
    take it. Raises ConfigError for what is no address; it may hold a password, and is not shown. aiohttp reads both
    variables whatever is asked for, so either may be the one. It would speak HTTP to a SOCKS proxy, and pass by one
    that wants TLS."""
    text = getproxies().get(url.scheme, "")
    if "://" in text and not text.lower().startswith("http://") and not proxy_bypass(url.host or ""):
        raise ConfigError(f"{ENVIRONMENT} found a proxy of another kind (SOCKS, TLS); expected http://host:port")
    try:
        proxy, login = get_env_proxy_for_url(url)
        if "://" not in text:
            proxy, login = strip_auth_from_url(URL(f"http://{text}"))
        if proxy.raw_host and proxy.raw_host.encode("idna"):  # a ValueError for what no name server can be asked for
            return proxy, login
    except LookupError:
        return None, None
    except ValueError:
        pass
    raise ConfigError(f"{ENVIRONMENT} found no address; expected http://host:port")


def _tls_context(upstream: route.Upstream) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=upstream.ca_file)
    except (OSError, ssl.SSLError) as exc:
        raise ConfigError(f"upstream {upstream.name!r}: ca_file {upstream.ca_file!r} cannot be read: {exc}") from exc


def _with_key(headers: Iterable[tuple[bytes, bytes]], api_key: str) -> Headers:
    """The client's credential is ours to check, not the provider's to see. The key goes where his own stood: Azure's
    deployments read `api-key` alone."""
    kept = [(name, value) for name, value in headers if name.lower() not in REPLACED_CREDENTIALS]
    given = {name.lower() for name, _ in headers}
    key = api_key.encode()
    if b"authorization" not in given and (name := next((name for name in KEY_HEADERS if name in given), None)):
        return [*kept, (name, key)]
    return [*kept, (b"Authorization", b"Bearer " + key)]


def _proxy_headers(target: _Target) -> Headers:
    """Credentials for an HTTP proxy that sees our requests (plain HTTP upstreams only; TLS goes by CONNECT)."""
    value = target.template.headers.get(hdrs.PROXY_AUTHORIZATION)
    return [] if value is None or target.template.is_ssl() else [(b"Proxy-Authorization", value.encode())]
