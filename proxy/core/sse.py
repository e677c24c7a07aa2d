"""Event streams (WHATWG HTML §9.2): parse a finished stream, and frame events.

The parser stands beside the bytes: what it cannot read is not stored, and still flows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DONE = b"[DONE]"
DONE_EVENT = b"data: [DONE]\n\n"
CONTENT_TYPE = "text/event-stream"
_LINE_END = re.compile(rb"\r\n|\n|\r")
_COMPLETED = re.compile(rb'"type"\s*:\s*"response\.completed"')
_STOPPED = re.compile(rb'"finish_reason"\s*:\s*"(?:stop|eos)"')


@dataclass(frozen=True, slots=True)
class Event:
    """One dispatched event. start, end: its byte span in the stream, the blank line included.

    at: where its data stands in the stream; None when several lines make it up.
    """

    data: bytes
    event: bytes
    start: int
    end: int
    at: int | None


def parse(body: bytes) -> list[Event]:
    """All complete events in order; an unfinished last event is left out, as the standard demands, unless it is the
    `[DONE]` after which nobody reads on: some servers close behind it at once.

    Lines end with LF, CRLF or CR; comments and unknown fields are ignored; several data lines join with LF.
    """
    return list(_events(body))


def says_its_end(body: bytes) -> bool:
    """Whether all is said: the last event so far is `[DONE]` or (Responses) tells that the response is completed, or an
    answer has stopped by itself, and only counts follow (the few that have several may go on with another).

    Clients leave then, though the message that carries the stream may not have ended.
    """
    if _STOPPED.search(body):
        return True
    line = body.rstrip(b"\r\n").replace(b"\r", b"\n").rpartition(b"\n")[2]
    is_data = line.startswith(b"data:")
    return is_data and (line[5:].strip() == DONE or _COMPLETED.search(line) is not None)


def is_spread(events: Iterable[Event]) -> bool:
    """Whether the data of an event goes over several lines: no id could be made fresh in there, so it is not stored."""
    return any(event.at is None for event in events)


def _events(body: bytes) -> Iterator[Event]:
    data: list[bytes] = []
    name = b""
    at = 0
    started = None
    for line, start, end in _lines(body):
        if started is None:
            started = start
        if not line:
            if data:
                yield Event(b"\n".join(data), name, started, end, at if len(data) == 1 else None)
            data, name, started = [], b"", None
            continue
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            data.append(DONE if value.rstrip() == DONE else value)  # the SDKs end there, too
            at = start + len(line) - len(value)
        elif field == b"event":
            name = value
    if started is not None and data == [DONE]:
        yield Event(DONE, name, started, len(body), at)


def _lines(body: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Lines with their spans; `end` is past the line's ending, which the last one may lack."""
    position = 3 if body.startswith(b"\xef\xbb\xbf") else 0
    for ending in _LINE_END.finditer(body, position):
        stop, after = ending.span()
        yield body[position:stop], position, after
        position = after
    if position < len(body):
        yield body[position:], position, len(body)


def frame(data: bytes, event: str | None = None) -> bytes:
    """One event as OpenAI's servers write it; `data` is a single line."""
    head = b"" if event is None else b"event: " + event.encode() + b"\n"
    return head + b"data: " + data + b"\n\n"
