"""`python -m tests.upstream --port N`: the scripted upstream on its own, fast enough to load a proxy."""

from __future__ import annotations

import argparse
import asyncio

import uvloop

from tests.upstream.server import Upstream


async def serve(port: int, latency_ms: float) -> None:
    """Answers until it is interrupted."""
    upstream = Upstream(record=False)
    upstream.latency_s = latency_ms / 1000
    await upstream.start(port)
    print(upstream.url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    arguments = parser.parse_args()
    uvloop.run(serve(arguments.port, arguments.latency_ms))
