"""`python -m tests.wire.alone URL`: the forwarding proxy in a process of its own; prints its port."""

from __future__ import annotations

import asyncio
import sys

from tests.wire.conftest import proxy_for


class _Far:
    """An upstream that runs elsewhere."""

    def __init__(self, url: str) -> None:
        self.url = url


async def serve(url: str) -> None:
    async with proxy_for(_Far(url)) as server:  # type: ignore[arg-type]
        print(server.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
