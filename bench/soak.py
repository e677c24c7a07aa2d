"""Hours in minutes: mixed traffic without a pause; memory must level off, nothing may be lost, the loop may not stall.

    python bench/soak.py [--minutes 1] [--json]

One process over SQLite. Three kinds of clients at once: exact hits, ever new questions (embedded, scored, stored) and
streams. A probe asks `/healthz` of the data listener on its own connection all the while: the answer needs no work, so
what it waits for is the event loop, plus the machine's other load. A second server that only answers `/healthz` is
probed in the same way beside it, to show how much of that is the machine. And a probe inside the proxy's process
(`bench/probed.py`) says how late its loop ran, and how much of that was its own work.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig
from bench.load import loaded, percentiles

PROBE_PAUSE_S = 0.01
SAMPLES = 12


async def probe(port: int, until: float) -> list[float]:
    """Milliseconds of each answer to the cheapest request there is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waits = []
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or b"0")
        await reader.readexactly(length)
        waits.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(PROBE_PAUSE_S)
    writer.close()
    return waits


async def weigh(server: rig.Server, seconds: float) -> list[float]:
    """RSS in MB, at equal distances."""
    seen = []
    for _ in range(SAMPLES):
        await asyncio.sleep(seconds / SAMPLES)
        seen.append(round(server.rss() / 1e6, 1))
    return seen


async def soaked(server: rig.Server, idle: rig.Server, seconds: float) -> dict[str, Any]:
    known = [rig.chat(f"What is the capital city of {name}?") for name in rig.COUNTRIES]
    streams = [rig.chat(f"What is the official currency of {name}?", stream=True) for name in rig.COUNTRIES]
    fresh = [
        rig.chat(f"How do I {verb} a {thing} in {place} without a permit?")
        for verb, thing, place in itertools.product(
            ("rent", "sell", "repair", "insure", "paint", "move"),
            ("boat", "house", "horse", "van", "piano"),
            rig.COUNTRIES,
        )
    ]
    until = time.perf_counter() + seconds
    spec: dict[str, Any] = {"port": server.port, "seconds": seconds}
    exact, new, events, waits, idle_waits, rss = await asyncio.gather(
        loaded({**spec, "requests": known, "connections": 8}),
        loaded({**spec, "requests": fresh, "connections": 4}),
        loaded({**spec, "requests": streams, "connections": 4}),
        probe(server.port, until),
        probe(idle.port, until),
        weigh(server, seconds),
    )
    late = rss[len(rss) // 2 :]
    return {
        "seconds": seconds,
        "requests": exact["n"] + new["n"] + events["n"],
        "exact": exact["n"],
        "streams": events["n"],
        "new": new["details"],
        "not_200": sum(
            count for run in (exact, new, events) for name, count in run["details"].items() if name[:3] != "200"
        ),
        "probe_p50_ms": percentiles(waits)["p50"],
        "probe_p99_ms": percentiles(waits)["p99"],
        "idle_probe_p50_ms": percentiles(idle_waits)["p50"],
        "idle_probe_p99_ms": percentiles(idle_waits)["p99"],
        "rss_mb": rss,
        "second_half_growth_mb": round(max(late) - late[0], 1),
    }


if __name__ == "__main__":
    options = rig.arguments(__doc__, minutes=1.0)
    with tempfile.TemporaryDirectory() as folder:
        stalls = Path(folder) / "stalls.json"
        os.environ["EQUICACHE_BENCH_STALLS"] = str(stalls)
        with (
            rig.upstream() as url,
            rig.floor("answer") as idle,
            rig.proxy(url, program=["bench/probed.py"]) as server,
        ):
            row = asyncio.run(soaked(server, idle, options.minutes * 60))
        inside = json.loads(stalls.read_text("utf-8"))
    notes = [
        "probe: from another process, the client's own load on its core included. lag: how late the loop ran something "
        "that was due, asked inside the process every 2 ms; busy: CPU of the loop's thread between two turns."
    ]
    rig.report("Soak", [row, inside], notes, as_json=options.json)
