"""The whole way of a request that memory has nothing to do with."""

from __future__ import annotations

from aiohttp import web

from proxy.ports import Upstream
from proxy.web.passthrough import call_for, relay, request_body
from proxy.web.websocket import is_upgrade, tunnel


async def forward(request: web.BaseRequest, port: Upstream, upstream: str) -> web.StreamResponse:
    """Any method, path, body or WebSocket to the named upstream; raises BadRequest or UpstreamError."""
    if is_upgrade(request):
        return await tunnel(request, port, upstream)
    reply = await port.send(call_for(request, upstream, request_body(request)))
    return await relay(request, reply)
