"""The proxy with a probe inside: how late its event loop runs while it works, and why. For measurements only.

    EQUICACHE_BENCH_STALLS=stalls.json python bench/probed.py serve --config FILE

The verbs are those of `equicache`. Every two milliseconds the loop is asked to run something; when the process ends,
the file holds percentiles of how late that was (lag, wall time), of the CPU that the loop's own thread spent between
two turns (busy: unlike the lag, other load on the machine does not stretch it), and the pauses of the garbage
collector. What is in neither busy nor gc waited for the interpreter's lock or for a core.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from proxy.cli import main, proxy_process, serve

EVERY_S = 0.002
SETTLING_S = 2.0
"""What happens before is the start: models are loaded and checked then."""


class Probe:
    """Milliseconds, since `SETTLING_S` after the start."""

    def __init__(self) -> None:
        self.lag: list[float] = []
        self.busy: list[float] = []
        self.pauses: list[float] = []
        self._gc_began = 0.0

    async def run(self) -> None:
        await asyncio.sleep(SETTLING_S)
        gc.callbacks.append(self._collected)
        spent = time.thread_time()
        while True:
            due = time.perf_counter() + EVERY_S
            await asyncio.sleep(EVERY_S)
            now = time.thread_time()
            self.lag.append((time.perf_counter() - due) * 1000)
            self.busy.append((now - spent) * 1000)
            spent = now

    def _collected(self, phase: str, _info: object) -> None:
        if phase == "start":
            self._gc_began = time.thread_time()
        else:
            self.pauses.append((time.thread_time() - self._gc_began) * 1000)

    def report(self) -> dict[str, Any]:
        return {
            "turns": len(self.lag),
            **{f"lag_{name}_ms": value for name, value in spread(self.lag).items()},
            **{f"busy_{name}_ms": value for name, value in spread(self.busy).items()},
            "gc_pauses": len(self.pauses),
            "gc_max_ms": round(max(self.pauses, default=0.0), 2),
        }


def spread(values: list[float]) -> dict[str, float]:
    """p50, p99, p99.9 and the largest."""
    ordered = sorted(values) or [0.0]
    at = {"p50": 0.5, "p99": 0.99, "p999": 0.999}
    found = {name: round(ordered[int((len(ordered) - 1) * share)], 2) for name, share in at.items()}
    return found | {"max": round(ordered[-1], 2)}


def probed_loop(work: Coroutine[Any, Any, int]) -> int:
    async def both() -> int:
        probe = Probe()
        probing = asyncio.get_running_loop().create_task(probe.run())
        try:
            return await work
        finally:
            probing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await probing
            Path(os.environ["EQUICACHE_BENCH_STALLS"]).write_text(json.dumps(probe.report()), encoding="utf-8")  # noqa: ASYNC240

    return proxy_process.run_loop(both())


if __name__ == "__main__":
    serve.run_loop = probed_loop
    main.main()
