"""Waiting for tasks that nobody holds but a set."""

from __future__ import annotations

import asyncio
from collections.abc import Set as AbstractSet
from typing import Any


async def ended(tasks: AbstractSet[asyncio.Task[Any]]) -> None:
    """Until the set is empty: each task takes itself out (`add_done_callback`) when it has ended, well or not.

    A task that has ended takes itself out in the loop's next turn only, and since Python 3.12 `gather` does not wait
    for one that has: without a turn of our own this would go round for ever.
    """
    while tasks:
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
