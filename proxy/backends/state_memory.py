"""Shared facts of a single process; `check` refuses it for several workers (R25)."""

from __future__ import annotations

from itertools import islice

from proxy.ports import Clock


class MemoryState:
    """A dict with expiry. Every fact that is set sends the two oldest on their way: out, or to the end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._values: dict[str, tuple[bytes, float | None]] = {}

    async def get(self, key: str) -> bytes | None:
        """See `proxy.ports.SharedState`."""
        value, expires_at = self._values.get(key, (None, None))
        if expires_at is not None and expires_at <= self._clock.now():
            self._values.pop(key, None)
            return None
        return value

    async def set(self, key: str, value: bytes, *, ttl_s: float | None = None) -> None:
        """See `proxy.ports.SharedState`."""
        now = self._clock.now()
        for oldest in list(islice(self._values, 2)):
            known = self._values.pop(oldest)
            if known[1] is None or known[1] > now:
                self._values[oldest] = known
        self._values[key] = (value, None if ttl_s is None else now + ttl_s)

    async def set_if_absent(self, key: str, value: bytes) -> bytes:
        """See `proxy.ports.SharedState`."""
        there = await self.get(key)
        if there is not None:
            return there
        await self.set(key, value)
        return value

    async def increment(self, key: str) -> int:
        """See `proxy.ports.SharedState`."""
        count = int(await self.get(key) or b"0") + 1
        self._values[key] = (str(count).encode(), None)
        return count

    async def delete(self, key: str) -> None:
        """See `proxy.ports.SharedState`."""
        self._values.pop(key, None)

    async def close(self) -> None:
        """Nothing to close."""
