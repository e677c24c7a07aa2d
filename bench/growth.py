"""How an exact hit's cost grows with the length of the request; the dict behind bare aiohttp beside it.

    python -m bench.growth [--lengths 200,2000,20000,60000] [--count 2000] [--rounds 2] [--json]

How search, insert and memory grow with entries and scopes is `bench/index.py`; with workers, `bench/workers.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig

ASKED = 20


def measure(lengths: list[int], count: int, rounds: int) -> list[dict[str, Any]]:
    rows = []
    with rig.upstream() as url, rig.proxy(url) as ours, rig.floor("dict") as floor:
        for length in lengths:
            text = "All the rules of the house, one after the other. " * (length // 49 + 1)
            bodies = [
                rig.chat(f"What is the capital city of {name}?", system=text[:length]) for name in rig.COUNTRIES[:ASKED]
            ]
            rig.warmed(ours, bodies, connections=2)
            spec: dict[str, Any] = {"connections": 16, "count": count, "seconds": 30.0}
            runs = [(rig.load(ours, bodies, **spec), rig.load(floor, bodies, **spec)) for _ in range(rounds)]
            mine, least = (rig.best(column) for column in zip(*runs, strict=True))
            rows.append(
                {
                    "request_bytes": len(bodies[0]),
                    "cpu_us": mine["cpu_us"],
                    "dict_cpu_us": least["cpu_us"],
                    "cpu_ratio": round(mine["cpu_us"] / least["cpu_us"], 2),
                    "p50_ms": mine["whole"]["p50"],
                }
            )
    return rows


if __name__ == "__main__":
    options = rig.arguments(__doc__, lengths="200,2000,20000,60000", count=2000)
    found = measure([int(one) for one in options.lengths.split(",")], options.count, min(options.rounds, 2))
    rig.report("Exact hits by the length of the request", found, as_json=options.json)
