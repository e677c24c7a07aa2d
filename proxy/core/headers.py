"""Which header fields travel end to end (RFC 9110 §7.6.1). Bytes in, bytes out; spelling and order are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable

from proxy.core.tenant import is_credential
from proxy.errors import BadRequest

Headers = list[tuple[bytes, bytes]]

HOP_BY_HOP = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade"})
MAX_HEAD_FIELD_BYTES = 65_536
"""Of one field, and of the start line: what a client may send, and what a provider may answer."""

MAX_HEAD_FIELDS = 256
END_OF_HEAD = b"\r\n\r\n"
OUR_PREFIX = b"equicache-"
KEY_HEADERS = (b"api-key", b"x-api-key")
"""Where a client's one key may stand instead of `Authorization: Bearer`: Azure's SDKs, Anthropic's."""
_BEARER = re.compile(rb"bearer +", re.IGNORECASE)
_CHARSET = re.compile(rb"(?i);[ \t]*charset[ \t]*=[ \t\"]*([^;, \t\"]*)")


def values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """All values of one field; `name` in lower case."""
    size = len(name)  # of a provider's two dozen fields hardly another has it
    return [value for key, value in headers if len(key) == size and key.lower() == name]


def bearer(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The key in `Authorization`, with or without `Bearer` before it; empty where there is none."""
    said = b" ".join(values(headers, b"authorization"))
    scheme = _BEARER.match(said)
    return said[scheme.end() :] if scheme else said


def named_by_connection(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """The lower-case field names that `Connection` lists as meant for this hop only."""
    tokens = b",".join(values(headers, b"connection")).split(b",")
    return frozenset(token.strip(b" \t").lower() for token in tokens) - {b""}


def named_by_request(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """`named_by_connection` of a request.

    Raises BadRequest for a credential or a Content-* field: dropping it would change what the request means, or
    whose it is (R36).
    """
    named = named_by_connection(headers)
    for name in named:
        if is_credential(name) or name in (b"cookie", b"host") or name.startswith(b"content-"):
            text = name.decode("ascii", "replace")
            raise BadRequest(f"Connection may not name the field {text!r}", code="bad_connection_header")
    return named


def is_utf8(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether no `Content-Type` names another charset than UTF-8, in which the body would say something else."""
    charsets = _CHARSET.findall(b";".join(values(headers, b"content-type")))
    return all(charset.lower() in (b"utf-8", b"utf8") for charset in charsets)


def end_to_end_request(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """A request's fields as they go upstream: no hop-by-hop ones, none of ours, no Host (the backend knows it).

    Raises BadRequest as `named_by_request`.
    """
    fields = list(headers)
    named = named_by_request(fields)
    drop = HOP_BY_HOP | named | {b"host"}
    return [
        (name, value)
        for name, value in fields
        if (lower := name.lower()) not in drop and not lower.startswith(OUR_PREFIX)
    ]


def end_to_end_response(headers: Iterable[tuple[bytes, bytes]], *, status: int = 200) -> Headers:
    """A response's fields as they go to the client; Content-* stays whatever `Connection` names.

    A 426 must say to what one shall upgrade (RFC 9110 §15.5.22), and that this is about the connection (§7.8).
    """
    fields = list(headers)
    named = named_by_connection(fields)
    drop = HOP_BY_HOP | {name for name in named if not name.startswith(b"content-")}
    names_protocol = status == 426 and bool(values(fields, b"upgrade"))
    drop -= {b"upgrade"} if names_protocol else set()
    kept = [(name, value) for name, value in fields if name.lower() not in drop]
    return [*kept, (b"Connection", b"Upgrade")] if names_protocol else kept
