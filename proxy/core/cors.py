"""What an answer says of the web pages that may read it (Fetch standard, CORS). Decides nothing about which may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from proxy.core.headers import values

Fields = tuple[tuple[str, str], ...]

ALLOWED = "Access-Control-Allow-Origin"
KEPT = (ALLOWED, "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers")
EXPOSED = ("Access-Control-Expose-Headers", "Cache-Status, Age, equicache-id, equicache-report, equicache-error")
"""Ours, beside those that the provider lets pages read: such a field may come twice (RFC 9110 §5.3)."""

MAX_CHARACTERS = 2_048
"""Some providers repeat the `Origin`, of which a caller may invent 64 KB."""


def cors_of(headers: Mapping[str, str]) -> Fields:
    """What a response's headers (lower-case names) let pages do; empty where they let none read it."""
    if ALLOWED.lower() not in headers:
        return ()
    fields = tuple((name, headers[name.lower()]) for name in KEPT if name.lower() in headers)
    return fields if sum(len(value) for _, value in fields) <= MAX_CHARACTERS else ()


def with_ours(cors: Fields) -> Fields:
    """The same for a response that says more of ours; nothing where no page may read it."""
    return (*cors, EXPOSED) if cors else ()


def is_readable(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a response with these raw headers may be read by any page."""
    return bool(values(headers, _ALLOWED))


_ALLOWED = ALLOWED.lower().encode()
