"""The one thread that touches hnswlib graphs: searches and changes take turns, each kind in the order it came."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from proxy.backends.bell import Bell
from proxy.errors import BackendBusy, BackendError

T = TypeVar("T")

MAX_SEARCHES = 256
MAX_CHANGES = 10_000

_Job = tuple[Callable[[], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]


class IndexOwner:
    """Starts with the first job. hnswlib releases the GIL while it works, so the event loop goes on."""

    def __init__(self) -> None:
        self._searches: deque[_Job] = deque()
        self._changes: deque[_Job] = deque()
        self._bell = Bell()
        self._stopping = False
        self._was_search = False
        self._thread: threading.Thread | None = None

    async def search(self, work: Callable[[], T]) -> T:
        """Runs `work` after one waiting change at most. Raises BackendBusy at once when too many wait."""
        return await self._run(self._searches, MAX_SEARCHES, work)

    async def change(self, work: Callable[[], T]) -> T:
        """Runs `work` after every change asked for before. Raises BackendBusy at once when too many wait."""
        return await self._run(self._changes, MAX_CHANGES, work)

    def stop(self) -> None:
        """Finishes what waits; blocks until then."""
        with self._bell:
            self._stopping = True
        self._bell.ring()
        if self._thread is not None:
            self._thread.join()

    async def _run(self, jobs: deque[_Job], limit: int, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._bell:
            if self._stopping:
                raise BackendError("the index is closed")
            if len(jobs) >= limit:
                raise BackendBusy("too many jobs wait for the index")
            jobs.append((work, future, loop))
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="index-owner", daemon=True)
                self._thread.start()
        self._bell.ring()
        return await future

    def _loop(self) -> None:
        while job := self._next():
            work, future, loop = job
            try:
                result, error = work(), None
            except BackendError as failure:
                result, error = None, failure
            except Exception as failure:  # noqa: BLE001 - a thread's rim: the caller gets it
                result, error = None, BackendError(f"index: {failure}")
                error.__cause__ = failure
            try:
                loop.call_soon_threadsafe(_settle, future, result, error)
            except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
                continue

    def _next(self) -> _Job | None:
        with self._bell:
            while not self._searches and not self._changes and not self._stopping:
                self._bell.wait()
            # Searches always first would starve inserts: under full load the next search is there before this returns.
            is_search = bool(self._searches) and not (self._was_search and self._changes)
            self._was_search = is_search
            if is_search:
                return self._searches.popleft()
            return self._changes.popleft() if self._changes else None


def _settle(future: asyncio.Future[Any], result: object, error: BackendError | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
