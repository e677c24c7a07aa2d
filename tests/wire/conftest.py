"""The proxy of these tests: every route forwards; and the count of cases at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from proxy.app import App, build_app
from proxy.backends.upstream_http import HttpUpstream
from proxy.config.load import loads
from proxy.core.route import Upstream as UpstreamSettings
from proxy.web.passthrough import call_for, relay, request_body
from proxy.web.server import HttpServer
from proxy.web.websocket import is_upgrade, tunnel
from tests.upstream import Upstream


async def forward(request: web.BaseRequest, http: HttpUpstream) -> web.StreamResponse:
    """What the front does with a request that memory has nothing to do with."""
    if is_upgrade(request):
        return await tunnel(request, http, "only")
    return await relay(request, await http.send(call_for(request, "only", request_body(request))))


@asynccontextmanager
async def proxy_for(
    upstream: Upstream, *, head_timeout_s: float = 10.0, **settings: float
) -> AsyncIterator[HttpServer]:
    """A listener that forwards everything to this upstream."""
    http = HttpUpstream([UpstreamSettings("only", upstream.url, **settings)])  # type: ignore[arg-type]
    server = HttpServer(lambda request: forward(request, http), head_timeout_s=head_timeout_s)
    await server.start("127.0.0.1", 0)
    try:
        yield server
    finally:
        await server.stop()
        await http.close()


@asynccontextmanager
async def app_for(upstream: Upstream, cache: str = "semantic") -> AsyncIterator[App]:
    """The whole product, as configured by default but for store and ports."""
    text = f"""
        server: {{port: 0, admin: {{port: 0}}, drain_timeout_s: 0}}
        store: memory://
        upstreams: {{only: {{base_url: "{upstream.url}"}}}}
        routes:
          - {{name: chat, match: {{path: /v1/chat/completions}}, cache: {cache}}}
          - {{name: rest, match: {{path: "/v1/*"}}, cache: {cache}}}
        """
    app = await build_app(loads(text, environ={}))
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


@pytest.fixture
async def proxied(upstream: Upstream) -> AsyncIterator[HttpServer]:
    """A proxy that only forwards, in front of the `upstream` fixture."""
    async with proxy_for(upstream) as server:
        yield server


@pytest.fixture(params=["forwarding", pytest.param("off", marks=pytest.mark.long), "semantic"])
async def every(request: pytest.FixtureRequest, upstream: Upstream) -> AsyncIterator[HttpServer]:
    """The same tests against plain forwarding and against the whole product, routes off and remembering."""
    kind: str = request.param
    async with proxy_for(upstream) if kind == "forwarding" else app_for(upstream, kind) as started:
        yield started.data if isinstance(started, App) else started


@pytest.fixture
def cases(record_property: Callable[[str, object], None]) -> Callable[[int], None]:
    """Counts the cases that one test went through."""
    return lambda count: record_property("wire_cases", count)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many cases were compared (works under xdist: properties travel with the reports)."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    total = sum(value for report in reports for name, value in report.user_properties if name == "wire_cases")
    if total:
        terminalreporter.write_line(f"wire: {total} cases")
