"""What was withdrawn while the store could not let go of it: not served by this process, and tried again."""

from __future__ import annotations

import asyncio

import structlog

from proxy.errors import BackendError
from proxy.ports import PendingWrite

log = structlog.get_logger()

AGAIN_S = 5.0
"""Pause between attempts: a locked SQLite file keeps its thread for two seconds each time."""

MAX_WITHHELD = 10_000
MAX_OF_ONE = 100
"""Writes that wait under one name."""


class Withheld:
    """pending: by the entry's id, the exact key that it answered, or the provider's id of the response. Of one name
    several may wait, each about something of its own: two hits of one entry are two reports.
    """

    def __init__(self) -> None:
        self.pending: dict[bytes | str, dict[str | None, PendingWrite]] = {}
        self._task: asyncio.Task[None] | None = None

    def hold(self, name: bytes | str, write: PendingWrite, about: str | None = None) -> None:
        """From now on nothing of this name is served here, until `write` is done; in place of one about the same."""
        some = self.pending.setdefault(name, {})
        some[about] = write
        if len(some) > MAX_OF_ONE:
            del some[next(iter(some))]
        if len(self.pending) > MAX_WITHHELD:
            del self.pending[next(iter(self.pending))]
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._try_on(), name="withheld")

    def let_go(self, name: bytes | str, about: str | None = None) -> None:
        """That has been done by somebody else."""
        some = self.pending.get(name, {})
        some.pop(about, None)
        if not some:
            self.pending.pop(name, None)

    async def drained(self) -> None:
        """One last attempt; for shutdown."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._try()

    async def _try_on(self) -> None:
        while self.pending:
            await asyncio.sleep(AGAIN_S)
            await self._try()

    async def _try(self) -> None:
        """As many as succeed, of one name in their order; the name of what fails is the next attempt's last."""
        while self.pending:
            name, some = next(iter(self.pending.items()))
            about, write = next(iter(some.items()))
            try:
                await write()
            except Exception as failure:
                if not isinstance(failure, BackendError):
                    log.exception("withheld.failed")
                if name in self.pending:
                    self.pending[name] = self.pending.pop(name)
                return
            if self.pending.get(name, {}).get(about) is write:
                self.let_go(name, about)
