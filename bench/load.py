"""A load generator that is cheaper than what it loads: raw sockets, one process, prepared bytes.

    echo '{"port": 8080, "requests": ["..."], "connections": 32, "seconds": 3}' | python bench/load.py

requests: bodies, asked in turn. Every answer is read to its end and counted by status and by the `detail` of its
Cache-Status, so that a figure can say what it is a figure of. Latencies in milliseconds: `first` to the first byte of
the body, `whole` to the last byte. Closed loop: each connection asks again when it has its answer.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, cast

import uvloop

END_OF_HEAD = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


class Tally:
    """What one run saw."""

    def __init__(self) -> None:
        self.first: list[float] = []
        self.whole: list[float] = []
        self.details: Counter[str] = Counter()

    def summary(self, seconds: float) -> dict[str, Any]:
        return {
            "n": len(self.whole),
            "seconds": round(seconds, 3),
            "rps": round(len(self.whole) / seconds, 1),
            "first": percentiles(self.first),
            "whole": percentiles(self.whole),
            "details": dict(self.details),
        }


class Connection(asyncio.Protocol):
    """One connection in a closed loop."""

    def __init__(self, requests: Iterator[bytes], tally: Tally, deadline: float, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._tally = tally
        self._deadline = deadline
        self.done = done
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None) if time.perf_counter() < self._deadline else None
        if request is None:
            self._transport.close()
            return
        self._buffer = b""
        self._body_at = 0
        self._length: int | None = None
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not self._body_at and not self._headed():
            return
        if self._length is None:
            is_whole = self._buffer.endswith(LAST_CHUNK)
        else:
            is_whole = len(self._buffer) >= self._body_at + self._length
        if is_whole:
            self._tally.whole.append((time.perf_counter() - self._began) * 1000)
            self._ask()

    def _headed(self) -> bool:
        end = self._buffer.find(END_OF_HEAD)
        if end < 0 or len(self._buffer) == end + 4:
            return False
        self._tally.first.append((time.perf_counter() - self._began) * 1000)
        self._body_at = end + 4
        head = self._buffer[:end].lower()
        place = head.find(b"content-length: ")
        if place >= 0:
            self._length = int(head[place + 16 :].partition(b"\r\n")[0])
        self._tally.details[_detail(head)] += 1
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def _detail(head: bytes) -> str:
    """`200 exact`, `200 no_candidate`, `200` without a Cache-Status."""
    status = head[9:12].decode()
    place = head.find(b"\r\ncache-status: ")
    if place < 0:
        return status
    line = head[place + 2 :].partition(b"\r\n")[0].decode()
    return f"{status} {line.rpartition('detail=')[2] if 'detail=' in line else line.rpartition('; ')[2]}"


def percentiles(values: list[float]) -> Mapping[str, float]:
    """p50, p95 and p99."""
    if not values:
        return {}
    ordered = sorted(values)
    return {f"p{p}": round(ordered[min(len(ordered) - 1, len(ordered) * p // 100)], 4) for p in (50, 95, 99)}


async def loaded(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Runs one closed loop; see the module's docstring for the spec. count: at most so many requests."""
    tally = Tally()
    lines = [f"{name}: {value}" for name, value in spec.get("headers", {}).items()]
    requests = [_request(spec.get("path", "/v1/chat/completions"), lines, body.encode()) for body in spec["requests"]]
    source = itertools.islice(itertools.cycle(requests), spec.get("count"))
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    deadline = started + spec["seconds"]
    waiting = []
    for _ in range(spec["connections"]):
        done = loop.create_future()
        waiting.append(done)
        await loop.create_connection(
            lambda done=done: Connection(source, tally, deadline, done),  # type: ignore[misc]
            "127.0.0.1",
            spec["port"],
        )
    await asyncio.wait_for(asyncio.gather(*waiting), spec["seconds"] + 60)
    return tally.summary(time.perf_counter() - started)


def _request(path: str, lines: list[str], body: bytes) -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer sk-bench", "Accept: application/json"]
    head += ["User-Agent: OpenAI/Python 2.0", "Content-Type: application/json", *lines, f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


if __name__ == "__main__":
    print(json.dumps(uvloop.run(loaded(json.load(sys.stdin)))))
