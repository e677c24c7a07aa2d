"""Which requests are framed so that two HTTP parsers could read them in two ways: none of them is served or forwarded.

Both of aiohttp's parsers let some of it through; what they refuse by themselves never comes here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from aiohttp import web
from aiohttp.http import HttpVersion10, HttpVersion11

from proxy.core.headers import named_by_request
from proxy.errors import BadRequest
from proxy.web.middleware import Handler

PERSISTENCE = (b"keep-alive", b"close")
"""What `Connection` mostly says, and names no field."""

_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_DIGITS = re.compile(rb"[0-9]{1,18}")


def checked(handler: Handler) -> Handler:
    """The handler behind the framing checks."""

    @functools.wraps(handler)
    async def check(request: web.BaseRequest) -> web.StreamResponse:
        refuse_bad_framing(request.method, request.version, request.raw_headers)
        return await handler(request)

    return check


def refuse_bad_framing(method: str, version: tuple[int, int], headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Raises BadRequest for whatever two HTTP parsers could understand in two ways (RFC 9112 §6, §11.2), and for a
    `Connection` that names what a request may not lose.
    """
    if version not in (HttpVersion10, HttpVersion11):
        raise BadRequest("Only HTTP/1.1 and HTTP/1.0 are spoken here.", code="bad_http_version")
    if method == "CONNECT":
        raise BadRequest("This is not a forward proxy.", code="bad_method", status=405)
    if _CONTROL.search(b" ".join([value for _, value in headers])):
        raise BadRequest("A header field has a control character.", code="bad_header")
    lengths, encodings, hosts, names_fields = [], [], 0, False
    for name, value in headers:
        match name.lower():
            case b"content-length":
                lengths.append(value)
            case b"transfer-encoding":
                encodings.append(value)
            case b"host":
                hosts += 1
            case b"connection":
                names_fields |= value.lower() not in PERSISTENCE
    if names_fields:
        named_by_request(headers)
    if hosts > 1 or (hosts == 0 and version == HttpVersion11):
        raise BadRequest("Exactly one Host header is needed.", code="bad_host")
    if len(lengths) > 1 or (lengths and (encodings or not _DIGITS.fullmatch(lengths[0]))):
        raise BadRequest("Content-Length is not clear.", code="bad_framing")
    if encodings and (version == HttpVersion10 or [encoding.lower() for encoding in encodings] != [b"chunked"]):
        raise BadRequest("The only transfer coding is chunked.", code="bad_framing")
