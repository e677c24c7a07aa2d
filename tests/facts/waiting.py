"""Waiting for something to become true, with a limit that only a broken product reaches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

ATTEMPTS = 600
PAUSE_S = 0.025


async def eventually(is_true: Callable[[], bool]) -> None:
    """Returns as soon as `is_true()`; fails after a quarter of a minute."""
    for _ in range(ATTEMPTS):
        if is_true():
            return
        await asyncio.sleep(PAUSE_S)
    raise AssertionError("it never became true")
