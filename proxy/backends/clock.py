"""The system's clocks."""

from __future__ import annotations

import time


class SystemClock:
    """Port `Clock`."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.perf_counter()
