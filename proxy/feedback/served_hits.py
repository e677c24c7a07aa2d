"""Served hits on their way to the ledger, in batches: nobody's answer waits for the write."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from proxy.core.report import ServedHit
from proxy.errors import BackendError
from proxy.ports import FeedbackLedger

MAX_PENDING = 10_000
BATCH_S = 0.2


class ServedHits:
    """What one process has served by meaning and not written yet; it can be reported all the same."""

    def __init__(self, ledger: FeedbackLedger) -> None:
        self._ledger = ledger
        self._pending: list[ServedHit] = []
        self._writer: asyncio.Task[None] | None = None

    def add(self, hit: ServedHit) -> None:
        """Written with the next batch; the oldest of too many is lost."""
        self._pending.append(hit)
        if len(self._pending) > MAX_PENDING:
            del self._pending[0]
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_soon(), name="served-hits")

    def newest(self, is_meant: Callable[[ServedHit], bool]) -> ServedHit | None:
        """The newest such hit that is not written yet."""
        return next((hit for hit in reversed(self._pending) if is_meant(hit)), None)

    async def write(self) -> None:
        """What is being written, or cannot be written now, stays here. Raises BackendError."""
        hits = list(self._pending)
        if hits:
            await self._ledger.remember(hits)
            written = {hit.id for hit in hits}
            self._pending = [hit for hit in self._pending if hit.id not in written]

    async def drained(self) -> None:
        """Writes what is pending; for shutdown."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        with contextlib.suppress(BackendError):
            await self.write()

    async def _write_soon(self) -> None:
        with contextlib.suppress(BackendError):
            while self._pending:  # what is served while a batch is written belongs to the next
                await asyncio.sleep(BATCH_S)
                await self.write()
