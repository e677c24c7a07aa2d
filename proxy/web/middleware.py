"""The last rim: errors of our own in OpenAI's shape, and a log line with traceback for what nobody expected.

Every answer that this proxy makes up itself and that is an error carries `equicache-error: <code>`; an answer without
it came from the provider.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable

import orjson
import structlog
from aiohttp import web

from proxy.core.headers import Headers
from proxy.errors import BadRequest, UpstreamError
from proxy.web.passthrough import WholeResponse, cut_client, log_failure

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
ORIGIN_HEADER = b"equicache-error"

log = structlog.get_logger()


def own_error(
    status: int, message: str, *, code: str, type_: str = "invalid_request_error", headers: Headers | None = None
) -> WholeResponse:
    """An error response of our own."""
    body = orjson.dumps({"error": {"message": message, "type": type_, "param": None, "code": code}})
    fields = [
        (b"Content-Type", b"application/json"),
        (b"Content-Length", b"%d" % len(body)),
        (ORIGIN_HEADER, code.encode("ascii", "replace")),
        *(headers or []),
    ]
    return WholeResponse(status, fields, body)


def guarded(handler: Handler) -> Handler:
    """The handler, with every error answered. Cancellation and lost connections pass."""

    @functools.wraps(handler)
    async def guard(request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await handler(request)
        except BadRequest as exc:
            return _closing(own_error(exc.status, str(exc), code=exc.code))
        except UpstreamError as exc:
            log_failure(exc)
            return own_error(exc.status, str(exc), code=exc.code, type_="upstream_error")
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception:
            log.exception("request.failed", method=request.method)
            return await _last_resort(request)

    return guard


def _closing(response: WholeResponse) -> WholeResponse:
    """A client that frames or aims wrongly gets no second request on this connection."""
    response.force_close()
    return response


async def _last_resort(request: web.BaseRequest) -> web.StreamResponse:
    """A 500 if nothing was sent yet, else a cut connection: half an answer must not look whole."""
    message = "The proxy failed; the request may be tried again."
    response = own_error(500, message, code="proxy_failed", type_="server_error")
    response.force_close()
    if request.writer.output_size > 0:
        await cut_client(request, response)
    return response
