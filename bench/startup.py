"""From the command to the first answer, and what the process weighs then.

    python bench/startup.py [--rounds 3] [--json]

An answer is forwarded as soon as the listener is open; answering by meaning begins when the models have checked
themselves and the index is read, which `/readyz` says.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig


def one(url: str, store: str) -> dict[str, Any]:
    with rig.proxy(url, store=store, is_awaited=False) as server:
        first = rig.load(server, [rig.chat("Why is the sky blue over the sea?")], count=1)
        first_s = server.start_s + first["whole"]["p50"] / 1000
        rss = server.rss()
        while "index" in rig.degraded(server):
            time.sleep(0.02)
        by_meaning_s = time.perf_counter() - server.began
        return {
            "store": store.partition(":")[0],
            "first_answer_s": round(first_s, 2),
            "by_meaning_after_s": round(by_meaning_s, 2),
            "rss_mb": round(rss / 1e6, 1),
            "rss_then_mb": round(server.rss() / 1e6, 1),
            "cpu_s": round(server.cpu_s(), 2),
        }


if __name__ == "__main__":
    options = rig.arguments(__doc__)
    with rig.upstream() as url:
        rows = [
            min((one(url, store) for _ in range(options.rounds)), key=lambda row: row["cpu_s"])
            for store in ("memory", "sqlite")
        ]
    notes = ["first_answer_s: one forwarded answer, from the command on. cpu_s: the whole start with its self-test."]
    rig.report("Start", rows, notes, as_json=options.json)
