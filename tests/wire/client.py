"""A client that sees every byte: what came, how it was framed and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from proxy.core.headers import HOP_BY_HOP, named_by_connection

Headers = Sequence[tuple[bytes, bytes]]
TIMEOUT_S = 30.0
NO_BODY = (204, 304)


@dataclass(frozen=True)
class Answer:
    """One response. end: `complete`, or `broken` when its framing was not satisfied or the connection was reset."""

    status: int
    reason: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    end: str

    def header(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def end_to_end(self) -> tuple[tuple[bytes, bytes], ...]:
        """The fields that must be the same with and without a proxy; what the proxy adds of its own is left out."""
        drop = HOP_BY_HOP | named_by_connection(self.headers) | {b"equicache-id"}
        return tuple(
            (name, value)
            for name, value in self.headers
            if name.lower() not in drop and not (name.lower() == b"cache-status" and value.startswith(b"equicache;"))
        )


def request(
    target: str, *, method: str = "GET", headers: Headers = (), body: bytes | None = None, chunks: int = 0
) -> bytes:
    """A whole request on a connection of its own; `chunks`: body in that many chunks instead of with a length."""
    lines = [f"{method} {target} HTTP/1.1".encode(), b"Host: there", b"Connection: close"]
    lines += [name + b": " + value for name, value in headers]
    if body is None:
        return b"\r\n".join(lines) + b"\r\n\r\n"
    if not chunks:
        return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body
    size = max(1, -(-len(body) // chunks))
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    framed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    return b"\r\n".join([*lines, b"Transfer-Encoding: chunked"]) + b"\r\n\r\n" + framed


async def ask(port: int, data: bytes) -> Answer:
    """Sends a request made by `request` and reads until the connection ends."""
    received, was_reset = await send_raw(port, data)
    return parse(received, was_reset=was_reset, is_head=data.startswith(b"HEAD "))


async def send_raw(port: int, data: bytes) -> tuple[bytes, bool]:
    """Everything that comes back until the connection ends, and whether a reset ended it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = bytearray()
    try:
        async with asyncio.timeout(TIMEOUT_S):
            writer.write(data)
            while chunk := await reader.read(2**16):
                received += chunk
    except ConnectionError:
        return bytes(received), True
    finally:
        writer.close()
    return bytes(received), False


def parse(received: bytes, *, was_reset: bool = False, is_head: bool = False) -> Answer:
    """The last response in what was received; interim ones before it are skipped."""
    head, mark, rest = received.partition(b"\r\n\r\n")
    if not mark:
        return Answer(0, b"", (), b"", "broken")
    lines = head.split(b"\r\n")
    _, status, reason = (lines[0] + b"  ").split(b" ", 2)
    if status.startswith(b"1") and status != b"101":
        return parse(rest, was_reset=was_reset, is_head=is_head)
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(b":") for line in lines[1:]))
    answer = Answer(int(status), reason.rstrip(), headers, b"", "complete")
    if is_head or int(status) in NO_BODY:
        return answer
    body, is_whole = _body(answer, rest, was_reset=was_reset)
    return Answer(answer.status, answer.reason, headers, body, "complete" if is_whole else "broken")


def _body(answer: Answer, rest: bytes, *, was_reset: bool) -> tuple[bytes, bool]:
    if b"chunked" in (answer.header(b"transfer-encoding") or b""):
        return dechunked(rest)
    length = answer.header(b"content-length")
    if length is None:
        return rest, not was_reset
    return rest[: int(length)], len(rest) >= int(length)


def dechunked(data: bytes) -> tuple[bytes, bool]:
    """The body so far, and whether its end was marked."""
    body = bytearray()
    while True:
        line, mark, data = data.partition(b"\r\n")
        if not mark:
            return bytes(body), False
        size = int(line.partition(b";")[0], 16)
        if size == 0:
            return bytes(body), True
        body += data[:size]
        if len(data) < size + 2:
            return bytes(body), False
        data = data[size + 2 :]
