"""The change feed of a single process."""

from __future__ import annotations

from collections import deque
from itertools import islice

from proxy.ports import GAP, Change

MAX_CHANGES = 100_000
"""Kept; older ones are trimmed."""


class MemoryFeed:
    """The newest changes, in a ring."""

    def __init__(self) -> None:
        self._changes: deque[Change] = deque(maxlen=MAX_CHANGES)
        self._version = 0

    def version(self) -> int:
        """See `proxy.ports.ChangeFeed`."""
        return self._version

    async def start(self) -> int:
        """The newest position."""
        return self._version

    async def publish(self, kind: str, body: bytes) -> int:
        """See `proxy.ports.ChangeFeed`."""
        self._version += 1
        self._changes.append(Change(kind, body, self._version))
        return self._version

    async def read(self, after: int, limit: int = 1000) -> list[Change]:
        """See `proxy.ports.ChangeFeed`; a `gap` line comes first when changes above `after` are gone."""
        if after > self._version:
            return [Change(GAP, b"", self._version)]
        oldest = self._version - len(self._changes) + 1
        if after + 1 < oldest:
            return [Change(GAP, b"", oldest - 1), *islice(self._changes, limit)]
        start = after + 1 - oldest
        return list(islice(self._changes, start, start + limit))

    async def close(self) -> None:
        """Nothing to close."""
