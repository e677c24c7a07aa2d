"""What was withdrawn while the store could not let go of it: not served by this process, and tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from proxy.errors import BackendError

log = structlog.get_logger()

AGAIN_S = 5.0
"""Pause between attempts: a locked SQLite file keeps its thread for two seconds each time."""

MAX_WITHHELD = 10_000

Work = Callable[[], Awaitable[None]]
"""Takes it out for good, on every worker. Raises BackendError while that cannot be done."""


class Withheld:
    """works: by the entry's id, the exact key that it answered, or the provider's id of the response."""

    def __init__(self) -> None:
        self.works: dict[bytes | str, Work] = {}
        self._task: asyncio.Task[None] | None = None

    def hold(self, name: bytes | str, work: Work) -> None:
        """From now on nothing of this name is served here, until `work` is done."""
        self.works[name] = work
        if len(self.works) > MAX_WITHHELD:
            del self.works[next(iter(self.works))]
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._try_on(), name="withheld")

    async def drained(self) -> None:
        """One last attempt; for shutdown."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._try()

    async def _try_on(self) -> None:
        while self.works:
            await asyncio.sleep(AGAIN_S)
            await self._try()

    async def _try(self) -> None:
        """As many as succeed; what fails is the next attempt's last."""
        while self.works:
            name, work = next(iter(self.works.items()))
            try:
                await work()
            except Exception as failure:
                if not isinstance(failure, BackendError):
                    log.exception("withheld.failed")
                if self.works.get(name) is work:
                    self.works[name] = self.works.pop(name)
                return
            if self.works.get(name) is work:
                del self.works[name]
