"""The error tree, sorted by who must act, and its HTTP status table.

A "no" (a miss, a bypass, a drop) is a result, never one of these.
"""

from __future__ import annotations


class ProxyError(Exception):
    """Base of everything this package raises on purpose."""


class ConfigError(ProxyError):
    """The operator must mend the configuration; raised at start, exit code 2.

    The text already names file, line and path (`configs/default.yaml:12: $.routes[2].ttl_s: …`).
    """


class BadRequest(ProxyError):
    """The client sent what no HTTP proxy may forward (dot segments, smuggling, a foreign target): 4xx."""

    def __init__(self, message: str, *, code: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class UpstreamError(ProxyError):
    """The upstream gave no complete response; `status` is what the client gets (502 or 504), upstream its name."""

    def __init__(self, message: str, *, code: str, status: int = 502, upstream: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.upstream = upstream


class BackendError(ProxyError):
    """Store, index, embedder or scorer failed; never reaches the client, becomes a miss with a reason.

    On the command line also a file or a service that cannot be used: exit code 3.
    """


class BackendBusy(BackendError):
    """The work was refused at once because its bounded queue is full (R34: forward instead)."""


class ModelMismatch(ProxyError):
    """An artefact is corrupt, foreign or of another version: refuse to load it, exit code 2 at start."""
