"""What forwarding costs, and how soon each side knows of the other: direct beside proxied, in the same run.

    python bench/wire.py [--requests 2000] [--json]

The proxy runs in a process of its own with `cache: off`; this process holds the scripted upstream and the client, so
its share of both paths is the same. Time to first byte is from the request's last byte to the body's first, one client
(c=1), direct and proxied requests in turns. CPU is that of the proxy's process. Departures: from the client's close to
the moment at which the upstream's connection ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig
from tests.upstream import Framing, Reply, Upstream

MEBI = 2**20
DEPARTURES = 100
AT_ONCE = 16
BODY = b'{"model":"m","stream":true,"messages":[{"role":"user","content":"Why is the sky blue?"}]}'
REQUEST = (
    b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)
REQUEST = REQUEST % len(BODY) + BODY
EVENTS = [b'data: {"choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'] * 20 + [b"data: [DONE]\n\n"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds, microseconds of CPU and bytes, as the names say; n is the number of requests behind each p50."""

    n: int
    direct_ttfb_p50_ms: float
    proxied_ttfb_p50_ms: float
    added_ttfb_p50_ms: float
    proxied_over_direct: float
    cpu_us_per_request: float
    departures_seen_in_half_a_second: int
    departure_p50_ms: float
    departure_max_ms: float
    rss_growth_gigabyte_down: int
    rss_growth_gigabyte_up: int


@asynccontextmanager
async def proxy_before(upstream: Upstream) -> AsyncIterator[tuple[int, psutil.Process]]:
    """The product on a free port, one worker, every route off."""
    port = rig.free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "off.yaml"
        config.write_text(
            f"server: {{port: {port}, admin: {{port: 0}}, log: json}}\nstore: memory://\n"
            f"upstreams: {{only: {{base_url: '{upstream.url}'}}}}\nroutes: [{{name: all, cache: 'off'}}]\n"
        )
        command = [sys.executable, "-m", "proxy", "serve", "--config", str(config)]
        process = await asyncio.create_subprocess_exec(*command, stdout=-3, stderr=-3, env={**os.environ})
        try:
            await _until_open(port)
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()
            await process.wait()


async def _until_open(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise SystemExit("the proxy did not start")


class Client:
    """One kept connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> Client:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def first_byte_s(self) -> float:
        """One request; seconds until the first byte of the body, the rest is read afterwards."""
        started = time.perf_counter()
        self.writer.write(REQUEST)
        await self.reader.readuntil(b"\r\n\r\n")
        await self.reader.readuntil(b"data: ")
        took = time.perf_counter() - started
        await self.reader.readuntil(b"0\r\n\r\n")
        return took


async def first_bytes(direct: int, proxied: int, count: int) -> tuple[list[float], list[float]]:
    """Direct and proxied in turns, after a warm-up."""
    clients = [await Client.to(direct), await Client.to(proxied)]
    for client in clients * 100:
        await client.first_byte_s()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(count):
        for times, client in zip(taken, clients, strict=True):
            times.append(await client.first_byte_s())
    for client in clients:
        client.writer.close()
    return taken


async def cpu_s_per_request(port: int, process: psutil.Process, count: int) -> float:
    """CPU seconds of the proxy per forwarded stream of 21 events, sixteen clients."""

    async def work() -> None:
        client = await Client.to(port)
        for _ in range(count // AT_ONCE):
            await client.first_byte_s()
        client.writer.close()

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    before = process.cpu_times()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / (count // AT_ONCE * AT_ONCE)


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield EVENTS[0]
        await asyncio.sleep(0.02)


async def departure_s(upstream: Upstream, port: int) -> float:
    """Seconds from a client's close in mid-stream to the end of the upstream's connection."""
    upstream.say(Reply(200, endless(), framing=Framing.CHUNKED))
    client = await Client.to(port)
    client.writer.write(REQUEST)
    await client.reader.readuntil(b"data: ")
    seen = upstream.seen[-1]
    left = asyncio.get_running_loop().time()
    client.writer.close()
    await asyncio.wait_for(seen.closed.wait(), 10)
    assert seen.closed_at is not None
    return seen.closed_at - left


async def rss_growth(upstream: Upstream, port: int, process: psutil.Process, *, is_upload: bool) -> int:
    """Bytes by which the proxy grew while a gigabyte went through it."""
    before = peak = process.memory_info().rss

    async def gigabyte() -> AsyncIterator[bytes]:
        nonlocal peak
        for number in range(1024):
            yield bytes(MEBI)
            if number % 16 == 0:
                peak = max(peak, process.memory_info().rss)

    client = await Client.to(port)
    if is_upload:
        client.writer.write(
            b"POST /v1/files HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % 2**30
        )
        async for piece in gigabyte():
            client.writer.write(piece)
            await client.writer.drain()
    else:
        upstream.say(Reply(200, gigabyte(), framing=Framing.CHUNKED))
        client.writer.write(b"GET /v1/files/f/content HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    while await client.reader.read(MEBI):
        pass
    client.writer.close()
    return max(peak, process.memory_info().rss) - before


async def measure(count: int) -> Figures:
    async with Upstream() as upstream, proxy_before(upstream) as (port, process):
        upstream.record = False
        upstream.respond = lambda _: Reply(200, EVENTS, framing=Framing.CHUNKED)
        direct, proxied = await first_bytes(upstream.port, port, count)
        cpu = await cpu_s_per_request(port, process, count)
        upstream.record = True
        departures = sorted([await departure_s(upstream, port) for _ in range(DEPARTURES)])
        upstream.record = False
        grown = [await rss_growth(upstream, port, process, is_upload=is_upload) for is_upload in (False, True)]
    low, high = statistics.median(direct) * 1000, statistics.median(proxied) * 1000
    return Figures(
        n=count,
        direct_ttfb_p50_ms=round(low, 3),
        proxied_ttfb_p50_ms=round(high, 3),
        added_ttfb_p50_ms=round(high - low, 3),
        proxied_over_direct=round(high / low, 2),
        cpu_us_per_request=round(cpu * 1e6, 1),
        departures_seen_in_half_a_second=sum(taken <= 0.5 for taken in departures),
        departure_p50_ms=round(statistics.median(departures) * 1000, 2),
        departure_max_ms=round(departures[-1] * 1000, 2),
        rss_growth_gigabyte_down=grown[0],
        rss_growth_gigabyte_up=grown[1],
    )


def machine() -> str:
    """What ran it, and how."""
    parts = [f"{name} {value}" for name, value in rig.machine().items()]
    return ", ".join([*parts, "cache: off", "one worker", f"streams of {len(EVENTS)} events"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = asyncio.run(measure(arguments.requests))
    if arguments.json:
        print(json.dumps({"machine": machine(), **asdict(figures)}))
    else:
        print(machine())
        for name, value in asdict(figures).items():
            print(f"{name.replace('_', ' '):36} {value}")
    is_fast = figures.added_ttfb_p50_ms <= 1.0 and figures.departures_seen_in_half_a_second >= DEPARTURES - 1
    is_lean = max(figures.rss_growth_gigabyte_down, figures.rss_growth_gigabyte_up) < 20 * MEBI
    return 0 if is_fast and is_lean else 1


if __name__ == "__main__":
    sys.exit(main())
