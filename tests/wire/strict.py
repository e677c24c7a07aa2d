"""A strict reading of RFC 9112: which requests did these bytes frame beyond doubt? The oracle of the battery."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) +([^\x00-\x20\x7f]+) HTTP/1\.([01])\r\n")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)\r\n")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})(;[^\x00-\x08\x0a-\x1f\x7f]*)?\r\n")


@dataclass(frozen=True)
class Framed:
    """One request as any two honest parsers would read it; the method in upper case."""

    method: str
    target: bytes
    body: bytes


def framed(data: bytes) -> list[Framed]:
    """The requests at the start of the data, up to the first doubt."""
    requests = []
    while (parsed := _one(data.lstrip(b"\r\n"))) is not None:
        request, data = parsed
        requests.append(request)
    return requests


def _one(data: bytes) -> tuple[Framed, bytes] | None:
    line = _LINE.match(data)
    if line is None:
        return None
    at, lengths, encodings, hosts = line.end(), [], [], 0
    while data[at : at + 2] != b"\r\n":
        match = _FIELD.match(data, at)
        if match is None:
            return None
        at, name, value = match.end(), match[1].lower(), match[2].strip(b" \t")
        lengths += [value] * (name == b"content-length")
        encodings += [value.lower()] * (name == b"transfer-encoding")
        hosts += name == b"host"
    is_11 = line[3] == b"1"
    if hosts > 1 or (is_11 and not hosts) or len(lengths) + len(encodings) > 1:
        return None
    rest = data[at + 2 :]
    if encodings:
        body = _chunked(rest) if is_11 and encodings == [b"chunked"] else None
    else:
        body = _sized(rest, lengths[0] if lengths else b"0")
    return None if body is None else (Framed(line[1].decode().upper(), line[2], body[0]), body[1])


def _sized(data: bytes, length: bytes) -> tuple[bytes, bytes] | None:
    if not re.fullmatch(rb"[0-9]{1,18}", length) or len(data) < int(length):
        return None
    return data[: int(length)], data[int(length) :]


def _chunked(data: bytes) -> tuple[bytes, bytes] | None:
    body = b""
    while (head := _CHUNK.match(data)) is not None:
        size = int(head[1], 16)
        data = data[head.end() :]
        if size == 0:
            return _after_trailers(body, data)
        if data[size : size + 2] != b"\r\n":
            return None
        body, data = body + data[:size], data[size + 2 :]
    return None


def _after_trailers(body: bytes, data: bytes) -> tuple[bytes, bytes] | None:
    while not data.startswith(b"\r\n"):
        match = _FIELD.match(data)
        if match is None:
            return None
        data = data[match.end() :]
    return body, data[2:]
