"""How many exact hits one process answers, by clients at once; the dict behind bare aiohttp beside it.

python bench/throughput.py [--clients 1,8,32,128] [--count 6000] [--rounds 2] [--json]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig


def measure(clients: list[int], count: int, rounds: int) -> list[dict[str, Any]]:
    bodies = [rig.chat(f"What is the capital city of {name}?") for name in rig.COUNTRIES]
    rows = []
    with rig.upstream() as url, rig.proxy(url) as ours, rig.floor("dict") as floor:
        rig.warmed(ours, bodies, connections=4)
        for connections in clients:
            spec: dict[str, Any] = {"connections": connections, "count": count, "seconds": 30.0}
            runs = [(rig.load(ours, bodies, **spec), rig.load(floor, bodies, **spec)) for _ in range(rounds)]
            mine, least = (max(column, key=lambda run: run["rps"]) for column in zip(*runs, strict=True))
            rows.append(
                {
                    "clients": connections,
                    "rps": mine["rps"],
                    "dict_rps": least["rps"],
                    "cpu_us": mine["cpu_us"],
                    "dict_cpu_us": least["cpu_us"],
                    "rps_by_cpu": round(1e6 / mine["cpu_us"]),
                    "p50_ms": mine["whole"]["p50"],
                    "p99_ms": mine["whole"]["p99"],
                    "all_hits": set(mine["details"]) == {"200 exact"},
                }
            )
    return rows


if __name__ == "__main__":
    options = rig.arguments(__doc__, clients="1,8,32,128", count=6000)
    found = measure([int(one) for one in options.clients.split(",")], options.count, min(options.rounds, 2))
    notes = ["rps_by_cpu: what one core would answer if it had nothing else to do; rps is what it did here."]
    rig.report("Throughput of exact hits, one process", found, notes, as_json=options.json)
