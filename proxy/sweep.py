"""What has expired leaves store and index by itself, also where nothing new is stored.

Expired entries are never served, swept or not. But until they leave they take places among the candidates of a
search, and memory and disk for good where nobody writes.
"""

from __future__ import annotations

import asyncio
import random

import structlog

from proxy.errors import BackendError
from proxy.ports import Clock, Store
from proxy.replica import Replica

log = structlog.get_logger()

SWEEP_EVERY_S = 60.0


class Sweeper:
    """One process's turn at sweeping. Workers do not agree on who: whoever comes first finds it, and tells."""

    def __init__(self, *, store: Store, replica: Replica, clock: Clock, every_s: float = SWEEP_EVERY_S) -> None:
        self._store = store
        self._replica = replica
        self._clock = clock
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins in the background."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="sweep")

    async def stop(self) -> None:
        """Ends it; what is left is the next start's."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def swept(self) -> int:
        """One turn: how many entries left. Raises BackendError."""
        total, now = 0, self._clock.now()
        while left := await self._store.sweep(now):
            await self._replica.removed(left)
            total += len(left)
        return total

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s * random.uniform(0.5, 1.5))  # so that workers do not sweep at once
            try:
                await self.swept()
            except BackendError:
                continue  # the store says what ails it where it matters
            except Exception:  # a task's rim: what has expired must not take places for good
                log.exception("sweep.failed")
