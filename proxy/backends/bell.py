"""One thread sleeps, another wakes it: a lock with a bell that rings without holding the interpreter's lock.

A condition wakes the sleeper from inside the interpreter's lock: on a busy core he runs at once, finds that lock taken
and goes back to sleep, two switches of thread for nothing. Writing to a file descriptor gives the interpreter's lock
away first: one job handed over and back costs 9 instead of 25 µs of CPU, 30 instead of 80 µs of time (one core).
"""

from __future__ import annotations

import os
import threading
import weakref
from types import TracebackType

_RUNG = (1).to_bytes(8, "little")
"""An eventfd counts 64-bit numbers in the machine's order; any but zero will do, in a pipe, too."""


class Bell:
    """Guards what the sleeper waits for (`with bell:`); for one sleeper and any number of ringers.

    Raises OSError where the process may open no more files.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_awaited = False
        if hasattr(os, "eventfd"):
            self._sleeper = self._ringer = os.eventfd(0, os.EFD_CLOEXEC)
        else:
            self._sleeper, self._ringer = os.pipe()
        for descriptor in {self._sleeper, self._ringer}:
            weakref.finalize(self, os.close, descriptor).atexit = False  # a thread may sleep until the very end

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def wait(self) -> None:
        """Sleeps until it is rung, without the lock, which must be held; may return for no reason: look again."""
        self._is_awaited = True
        self._lock.release()
        try:
            os.read(self._sleeper, 8)
        finally:
            self._lock.acquire()

    def ring(self) -> None:
        """After what is waited for was changed under the lock, and the lock was let go of. Nothing where none waits."""
        if self._is_awaited:
            self._is_awaited = False
            os.write(self._ringer, _RUNG)
