"""Which request targets may go upstream, and what they are below the base URL. Pure; refuses, never mends.

A target is forwarded as its bytes came or refused: normalising would make the proxy and the upstream see two paths.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from proxy.errors import BadRequest

BASE = "/v1"
"""The client's base path: it stands for the upstream's whole base URL."""

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f#]")
_MAX_DECODINGS = 4
_NEEDS_CARE = re.compile(r"[.%\\]")


def below_base(raw_target: str) -> str:
    """The target relative to the base URL: "", "?…" or "/…", byte for byte as the client spelled it.

    raw_target: the request line's target, undecodable bytes as surrogates. Raises BadRequest for every form but
    origin-form, for `//host`, control characters, spaces, fragments, backslashes and dot segments in any encoding.
    """
    if not raw_target.startswith("/"):
        raise _refused("must be a path of its own host")
    if _FORBIDDEN.search(raw_target):
        raise _refused("has a character that no target may have")
    path, mark, query = raw_target.partition("?")
    if _NEEDS_CARE.search(path):
        _refuse_dot_segments(path)
    below = path.removeprefix(BASE) if path == BASE or path.startswith(BASE + "/") else path
    if below.startswith("//"):
        raise _refused("must not start with two slashes")
    return below + mark + query


def _refuse_dot_segments(path: str) -> None:
    """Decodes until nothing changes: `%252e%252e`, `..%2f`, `..;/` and backslashes mean a dot segment to someone."""
    for _ in range(_MAX_DECODINGS):
        if "\\" in path:
            raise _refused("has a backslash")
        if any(segment.partition(";")[0] in (".", "..") for segment in path.split("/")):
            raise _refused("has a dot segment")
        decoded = unquote(path, errors="surrogateescape")
        if decoded == path:
            return
        path = decoded
    raise _refused("is percent-encoded too often")


def _refused(why: str) -> BadRequest:
    return BadRequest(f"The request target {why}.", code="bad_request_target")
