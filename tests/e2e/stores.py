"""The three stores, by the name that a test is parametrized with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.redis_server import RedisServer

STORES = ["memory", "sqlite", "redis"]


@asynccontextmanager
async def store_url(name: str, folder: Path) -> AsyncIterator[str]:
    """A URL of an empty store; a real redis-server runs as long as it is needed."""
    match name:
        case "memory":
            yield "memory://"
        case "sqlite":
            yield f"sqlite:///{folder / 'cache.db'}"
        case _:
            async with RedisServer(folder) as server:
                yield server.url
