"""Server CPU per request with one worker and with more: what sharing a socket and a store costs.

    python bench/workers.py [--workers 1,2] [--count 8000] [--rounds 3] [--json]

CPU of the supervisor and of all workers together, per answered request; exact hits from the shared SQLite store, 32
clients for each worker: with fewer, a turn of the loop answers fewer requests and each costs more (of 32 clients in
all, two workers cost 1.25). The target is a ratio of 1.1 at two workers; requests per second need as many idle cores as
workers, and one more for the client. Where the client has no core of its own, every process is slowed by the others:
`floor_of_one` says by how much two processes that share nothing (the dict floor) are, in the same run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig

CLIENTS = 32
"""For each worker."""


def measure(counts: list[int], requests: int, rounds: int) -> Iterator[dict[str, Any]]:
    bodies = [rig.chat(f"What is the capital city of {name}?") for name in rig.COUNTRIES]
    with ExitStack() as stack:
        url = stack.enter_context(rig.upstream())
        servers = [stack.enter_context(rig.proxy(url, workers=number)) for number in counts]
        for server in servers:
            for _ in range(3):  # each worker has its own memory
                rig.warmed(server, bodies, connections=4)
        floors = [stack.enter_context(rig.floor("dict", processes=number)) for number in (1, 2)]
        asked = [
            (server, CLIENTS * number) for server, number in zip([*servers, *floors], [*counts, 1, 2], strict=True)
        ]
        runs = [
            [rig.load(server, bodies, connections=clients, count=requests, seconds=60.0) for server, clients in asked]
            for _ in range(rounds)
        ]
        *best, alone, beside = [rig.best(column) for column in zip(*runs, strict=True)]
        for number, server, mine in zip(counts, servers, best, strict=True):
            yield {
                "workers": number,
                "cpu_us": mine["cpu_us"],
                "of_one": round(mine["cpu_us"] / best[0]["cpu_us"], 2),
                "floor_of_one": round(beside["cpu_us"] / alone["cpu_us"], 2) if number == 2 else "",
                "rps": mine["rps"],
                "p50_ms": mine["whole"]["p50"],
                "p99_ms": mine["whole"]["p99"],
                "rss_mb": round(server.rss() / 1e6),
                "answers": mine["details"],
            }


if __name__ == "__main__":
    options = rig.arguments(__doc__, workers="1,2", count=8000)
    found = list(measure([int(one) for one in options.workers.split(",")], options.count, options.rounds))
    rig.report("Workers", found, as_json=options.json)
