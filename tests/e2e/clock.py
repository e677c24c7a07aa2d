"""The clock of tests that let time pass."""

from __future__ import annotations

import asyncio


class Clock:
    """Real durations, a wall clock that a test can move."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        return 1_000_000.0 + self.offset

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()
