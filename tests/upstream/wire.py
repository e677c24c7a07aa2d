"""What was asked and what is answered, as bytes. No sockets here."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

Headers = Sequence[tuple[bytes, bytes]]

REASONS = {
    200: b"OK", 201: b"Created", 202: b"Accepted", 204: b"No Content", 206: b"Partial Content",
    301: b"Moved Permanently", 302: b"Found", 304: b"Not Modified", 307: b"Temporary Redirect",
    400: b"Bad Request", 401: b"Unauthorized", 403: b"Forbidden", 404: b"Not Found", 409: b"Conflict",
    429: b"Too Many Requests", 500: b"Internal Server Error", 502: b"Bad Gateway", 503: b"Service Unavailable",
}  # fmt: skip


class Framing(StrEnum):
    """How the end of a reply's body is known."""

    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"
    NONE = "none"


@dataclass(eq=False)
class Seen:
    """One request as it came. `closed` is set when its connection goes, with the loop's time in `closed_at`."""

    connection: int
    head: bytes
    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    at: float
    body: bytes = b""
    body_size: int = 0
    is_complete: bool = False
    closed_at: float | None = None
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    read_chunks: list[int] = field(default_factory=list)
    sha256: Hash = field(default_factory=hashlib.sha256)

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(eq=False)
class Reply:
    """One answer on cue.

    body: whole, as pieces (one write and, if chunked, one chunk each), or as an iterator that the test drives.
    cut_at: that many body bytes are sent, then the connection goes (`reset`: with RST instead of FIN).
    early: answer when the head is there, the body unread. interim: raw bytes sent when the head is there.
    raw: exactly these bytes instead of everything else, then the connection closes.
    """

    status: int = 200
    body: bytes | Sequence[bytes] | AsyncIterator[bytes] = b""
    headers: Headers = ()
    reason: bytes | None = None
    framing: Framing = Framing.LENGTH
    version: bytes = b"HTTP/1.1"
    delay_s: float = 0.0
    gap_s: float = 0.0
    cut_at: int | None = None
    reset: bool = False
    early: bool = False
    interim: bytes = b""
    raw: bytes | None = None
    close: bool = False
    trailers: Headers = ()

    @property
    def is_plain(self) -> bool:
        """Whether it can leave in one write, with nothing to wait for."""
        return (
            isinstance(self.body, bytes | list | tuple)
            and not self.delay_s
            and not self.gap_s
            and self.cut_at is None
            and self.raw is None
            and not self.close
            and self.framing is not Framing.CLOSE
        )

    def head_bytes(self) -> bytes:
        """Status line and headers, framing header last."""
        reason = REASONS.get(self.status, b"Scripted") if self.reason is None else self.reason
        lines = [b"%s %d %s" % (self.version, self.status, reason)]
        lines += [name + b": " + value for name, value in self.headers]
        if self.framing is Framing.CHUNKED:
            lines.append(b"Transfer-Encoding: chunked")
        elif self.framing is Framing.LENGTH:
            lines.append(b"Content-Length: %d" % sum(map(len, self.pieces())))
        if self.close or self.framing is Framing.CLOSE:
            lines.append(b"Connection: close")
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def pieces(self) -> Sequence[bytes]:
        """The body's pieces, when they are known beforehand."""
        if isinstance(self.body, bytes):
            return (self.body,) if self.body else ()
        assert isinstance(self.body, list | tuple)
        return self.body

    def framed(self, piece: bytes) -> bytes:
        """One piece as it goes on the wire."""
        return b"%x\r\n%s\r\n" % (len(piece), piece) if self.framing is Framing.CHUNKED and piece else piece

    def end(self) -> bytes:
        """What follows the last piece."""
        if self.framing is not Framing.CHUNKED:
            return b""
        return b"0\r\n" + b"".join(name + b": " + value + b"\r\n" for name, value in self.trailers) + b"\r\n"


def json_reply(status: int, body: bytes, headers: Headers = ()) -> Reply:
    """A JSON answer with a length."""
    return Reply(status, body, [(b"Content-Type", b"application/json"), *headers])


def events_reply(events: Sequence[bytes], headers: Headers = (), *, status: int = 200) -> Reply:
    """An event stream, one write and chunk per event."""
    return Reply(status, list(events), [(b"Content-Type", b"text/event-stream; charset=utf-8"), *headers],
                 framing=Framing.CHUNKED)  # fmt: skip
