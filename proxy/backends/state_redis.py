"""Shared facts in Redis: the same for every proxy that names it."""

from __future__ import annotations

import asyncio

from proxy.backends.redis_link import RedisLink
from proxy.backends.store_redis import PREFIX

STATE = f"{PREFIX}state:"


class RedisState:
    """See `proxy.ports.SharedState`. Whoever opened `link` closes it."""

    def __init__(self, link: RedisLink) -> None:
        self._link = link

    async def get(self, key: str) -> bytes | None:
        """See `proxy.ports.SharedState`."""
        value: bytes | None = await self._link.call("GET", STATE + key)
        return value

    async def set(self, key: str, value: bytes, *, ttl_s: float | None = None) -> None:
        """See `proxy.ports.SharedState`."""
        expiry = () if ttl_s is None else ("PX", max(1, int(ttl_s * 1000)))
        await self._link.call("SET", STATE + key, value, *expiry)

    async def set_if_absent(self, key: str, value: bytes) -> bytes:
        """See `proxy.ports.SharedState`. Two commands of one pipeline, so that Redis before 7 does it too."""
        _, there = await asyncio.gather(
            self._link.call("SET", STATE + key, value, "NX"), self._link.call("GET", STATE + key)
        )
        return value if there is None else bytes(there)

    async def increment(self, key: str) -> int:
        """See `proxy.ports.SharedState`."""
        return int(await self._link.call("INCR", STATE + key))

    async def delete(self, key: str) -> None:
        """See `proxy.ports.SharedState`."""
        await self._link.call("DEL", STATE + key)

    async def close(self) -> None:
        """The link is closed by whoever opened it."""
