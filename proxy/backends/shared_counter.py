"""One 8-byte number in a small mapped file, seen by every process of this machine without a system call (R25)."""

from __future__ import annotations

import fcntl
import mmap
import os
from pathlib import Path
from typing import Protocol

from proxy.errors import BackendError

_BYTES = 8

UNKNOWN = -1
"""No position that any feed has."""


class Counter(Protocol):
    """A number that rises, whoever raises it."""

    def value(self) -> int: ...

    def raise_to(self, number: int) -> None: ...

    def restart_at(self, number: int) -> None: ...

    def close(self) -> None: ...


class LocalCounter:
    """For a process that shares its machine with no other worker."""

    def __init__(self) -> None:
        self._value = 0

    def value(self) -> int:
        """The newest number."""
        return self._value

    def raise_to(self, number: int) -> None:
        """Keeps the larger."""
        self._value = max(self._value, number)

    def restart_at(self, number: int) -> None:
        """Sets it back: the feed behind it was lost and counts anew."""
        self._value = number

    def close(self) -> None:
        """Nothing to close."""


class SharedCounter:
    """Only ever rises while it is open, whoever writes it; reading costs well under a microsecond."""

    def __init__(self, path: Path) -> None:
        """Creates the file (0600) if need be. Raises BackendError."""
        self._file = -1
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(self._file, 0, _BYTES)  # a hole in a full disk would be a SIGBUS when it is written
            else:  # macOS
                os.ftruncate(self._file, _BYTES)
            self._map = mmap.mmap(self._file, _BYTES)
        except OSError as error:
            if self._file >= 0:
                os.close(self._file)
            raise BackendError(f"{path}: {error.strerror}") from error
        self._cell = memoryview(self._map).cast("Q")

    def value(self) -> int:
        """The newest number that any process of this machine has raised it to."""
        return self._cell[0]

    def raise_to(self, number: int) -> None:
        """Two writers may commit in one order and arrive here in the other: the lock keeps the larger."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            if number > self._cell[0]:
                self._cell[0] = number
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def restart_at(self, number: int) -> None:
        """Sets it back: the feed behind it was lost and counts anew."""
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            self._cell[0] = number
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Unmaps; the file stays for the other processes. Closing twice is allowed."""
        if self._file >= 0:
            self._cell.release()
            self._map.close()
            os.close(self._file)
            self._file = -1


class LateCounter:
    """A shared one that could not be had (a folder that nobody may write, a full disk). Whoever raises it tries again;
    until that succeeds it has no value, so that nobody takes what he knows for all that others did.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._counter: SharedCounter | None = None

    def value(self) -> int:
        """The newest number, `UNKNOWN` until it can be had."""
        return UNKNOWN if self._counter is None else self._counter.value()

    def raise_to(self, number: int) -> None:
        """As `SharedCounter.raise_to`. Raises BackendError."""
        self._had().raise_to(number)

    def restart_at(self, number: int) -> None:
        """As `SharedCounter.restart_at`. Raises BackendError."""
        self._had().restart_at(number)

    def _had(self) -> SharedCounter:
        self._counter = self._counter or SharedCounter(self._path)
        return self._counter

    def close(self) -> None:
        """As `SharedCounter.close`."""
        if self._counter is not None:
            self._counter.close()
