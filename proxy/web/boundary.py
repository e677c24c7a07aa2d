"""Where the parser of a connection stands: between two requests, or anywhere else. It never looks into the parser."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import _ErrInfo

from proxy.core.headers import END_OF_HEAD

Message = tuple[RawRequestMessage | _ErrInfo, StreamReader]


class Boundary:
    """is_between: all bytes so far were whole requests, so what comes next is understood from its first byte on.

    llhttp does not tell, so it is counted: head and body of one request must be all that came since the last boundary.
    What is in doubt (a chunked body, several requests together, a fault) is elsewhere, for the connection's life.
    """

    __slots__ = ("_body", "_body_bytes", "is_between")

    def __init__(self) -> None:
        self.is_between = True
        self._body: StreamReader | None = None
        self._body_bytes = 0

    @property
    def is_in_doubt(self) -> bool:
        """Whether the bytes so far may be more than the requests that were found in them, or less."""
        return self._body is None and not self.is_between

    def fed(self, data: bytes, messages: Sequence[Message]) -> None:
        """After the parser got `data` and found the heads of `messages` in it."""
        if not data and not messages:
            return
        if self.is_between:
            self._body, self._body_bytes = _only(messages), len(data) - data.find(END_OF_HEAD) - len(END_OF_HEAD)
        elif messages:
            self._body = None
        else:
            self._body_bytes += len(data)
        body = self._body
        if body is None or body.total_bytes != self._body_bytes:
            self._body, self.is_between = None, False
        else:
            self.is_between = body.is_eof()


def _only(messages: Sequence[Message]) -> StreamReader | None:
    """The body of the one request among them."""
    if len(messages) != 1:
        return None
    message, body = messages[0]
    return None if isinstance(message, _ErrInfo) else body
