"""Between opening the listeners and comparing meaning: models are checked, quarantines and vectors are read.

Until it is done the exact tier and forwarding work, and nothing is served by meaning. Afterwards it keeps the process
complete behind the requests: what others did is heard, after a gap the index is compared with the store, and it is
saved for the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from proxy.backends.index_compared import compared
from proxy.backends.index_saved import SavedIndex
from proxy.backends.index_scoped import ScopedIndex
from proxy.backends.shelves import Shelves
from proxy.errors import BackendError
from proxy.feedback.flags import Flags
from proxy.parts import OpenModels
from proxy.ports import Clock
from proxy.replica import Replica

log = structlog.get_logger()

RETRY_S = 1.0
SAVE_EVERY_S = 3600.0
FOLLOW_EVERY_S = 0.25
COMPARE_EVERY_S = 1.0


class Loading:
    """One process's way to being complete, and staying so. folder: where the index lies over restarts, None without
    one; keeps_index: whether this process writes it (one of several workers does, all read it)."""

    def __init__(
        self,
        *,
        shelves: Shelves,
        index: ScopedIndex,
        models: OpenModels,
        flags: Flags,
        replica: Replica,
        clock: Clock,
        folder: Path | None,
        keeps_index: bool,
    ) -> None:
        self._shelves = shelves
        self._index = index
        self._models = models
        self._flags = flags
        self._replica = replica
        self._clock = clock
        self._embedder = models.embedder_digest
        self._saved = SavedIndex(index, folder, self._embedder) if folder is not None and self._embedder else None
        self._keeps_index = keeps_index
        self._tasks: list[asyncio.Task[None]] = []
        self._is_behind = False
        self.is_done = False
        self.fault = models.why

    def start(self) -> None:
        """Begins in the background."""
        self._tasks.append(asyncio.get_running_loop().create_task(self._run(), name="load"))

    async def done(self) -> None:
        """Waits until everything is read."""
        await asyncio.shield(self._tasks[0])

    async def stop(self) -> None:
        """Ends what is under way and keeps the index for the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.is_done:
            await self._save()

    async def _run(self) -> None:
        is_checked = is_told = False
        while not self.is_done:
            try:
                if not is_checked:
                    await self._check_models()
                    is_checked = True
                await self._replica.start()
                await self._flags.load()
                await self._read_index()
                self.is_done = True
            except Exception as failure:  # noqa: BLE001 - a task's rim: ended, it would leave meaning off for good
                if not is_told:  # one line for each change, not one for each try
                    _tell(failure)
                is_told = True
                await asyncio.sleep(RETRY_S)
        self._again_and_again(FOLLOW_EVERY_S, self._replica.catch_up, "follow")
        self._again_and_again(COMPARE_EVERY_S, self._compared, "compare")
        if self._keeps_index:
            self._tasks.append(asyncio.get_running_loop().create_task(self._save_now_and_then(), name="save-index"))

    async def _check_models(self) -> None:
        self.fault = self.fault or await asyncio.to_thread(self._models.check)
        if self.fault:
            log.error("models.refused", reason=self.fault)

    def _again_and_again(self, pause_s: float, step: Callable[[], Awaitable[None]], name: str) -> None:
        """Until this process stops. What others did is heard also while nobody asks: the next request would wait."""
        self._tasks.append(asyncio.get_running_loop().create_task(_repeated(pause_s, step, name), name=name))

    async def _compared(self) -> None:
        if not self._is_behind:
            return
        self._is_behind = False  # a gap that comes meanwhile asks for another look
        try:
            added, removed = await compared(self._index, self._shelves.store, self._embedder, self._clock.now())
        except Exception:
            self._is_behind = True
            raise
        log.info("index.compared", entries=len(self._index), added=added, removed=removed)

    async def start_afresh(self) -> None:
        """After a gap in the change feed: what the store has is the truth. Raises BackendError.

        Whoever asks waits for the quarantines alone. What the index has too much is only a miss, and so is what it
        lacks until it is compared behind the requests: a large one takes minutes.
        """
        await self._flags.load()
        self._is_behind = bool(self._embedder)

    async def _read_index(self) -> None:
        if self._saved is None:
            await self._scan()
            return
        started = await self._saved.start(self._shelves.store, self._clock.now(), _refused)
        log.info("index.loaded", entries=started.loaded, added=started.added, removed=started.removed)

    async def _scan(self) -> None:
        count = 0
        async for entry in self._shelves.store.scan(self._clock.now()):
            if (embedding := entry.embedding_by(self._embedder)) is not None:
                await self._index.add(entry.ref, embedding.vector)
                count += 1
        log.info("index.loaded", entries=count, added=count, removed=0)

    async def _save_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(SAVE_EVERY_S)
            await self._save()

    async def _save(self) -> None:
        """A snapshot only saves time: without it the next start reads the store."""
        if self._saved is not None and self._keeps_index and len(self._index):
            try:
                await self._saved.save()
            except BackendError:
                return
            except Exception:  # no memory, no thread: neither the next save nor the stop may end with it
                log.exception("index.not_saved")


async def _repeated(pause_s: float, step: Callable[[], Awaitable[None]], name: str) -> None:
    is_told = False
    while True:
        await asyncio.sleep(pause_s)
        try:
            await step()
            is_told = False
        except BackendError:
            continue  # the store says what ails it where it matters
        except Exception:  # a task's rim, told once
            if not is_told:
                log.exception(f"{name}.failed")
            is_told = True


def _refused(reason: str) -> None:
    log.error("index.refused", reason=reason)


def _tell(failure: Exception) -> None:
    if isinstance(failure, BackendError):
        log.warning("store.unavailable", error=str(failure))
    else:
        log.error("load.failed", exc_info=failure)
