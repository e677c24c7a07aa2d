"""What bare aiohttp does on this machine: the floors that our figures are held against. Prints `ready PORT`.

    python bench/floors.py answer|dict|redis|pass [--url URL] [--processes 1]

answer: reads the body and answers a constant. dict: the least that an exact cache must do: parse the JSON, make a
canonical key of the body and the credential, look into a dict, answer with the headers of a hit. redis: the same with
redis-py in the dict's place. pass: forwards to the upstream and streams back. All on uvloop, without a router's
middlewares, access log or checks.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import signal
import socket
import time

import aiohttp
import orjson
import uvloop
from aiohttp import web
from redis.asyncio import Redis

ANSWER = orjson.dumps(
    {
        "id": "chatcmpl-0",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-mini",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "word " * 60, "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 20, "completion_tokens": 60, "total_tokens": 80},
    }
)


async def answer(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(body=ANSWER, content_type="application/json")


class Remembering:
    """An exact cache with nothing around it."""

    def __init__(self) -> None:
        self._answers: dict[bytes, tuple[float, bytes]] = {}

    async def handle(self, request: web.Request) -> web.Response:
        return hit(*self._answers.setdefault(key_of(request, await request.read()), (time.time(), ANSWER)))


class RememberingInRedis:
    """The same over a server; each connection of the pool asks for one key at a time."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url)

    async def handle(self, request: web.Request) -> web.Response:
        key = key_of(request, await request.read())
        value = await self._redis.get(key)
        if value is None:
            value = b"%f %b" % (time.time(), ANSWER)
            await self._redis.set(key, value)
        stored_at, _, body = value.partition(b" ")
        return hit(float(stored_at), body)


def key_of(request: web.Request, body: bytes) -> bytes:
    fields = orjson.loads(body)
    for name in ("stream", "stream_options"):
        fields.pop(name, None)
    canonical = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    credential = request.headers.get("Authorization", "").encode()
    return hashlib.sha256(request.path.encode() + b"\n" + credential + b"\n" + canonical).digest()


def hit(stored_at: float, body: bytes) -> web.Response:
    headers = {
        "Age": str(int(time.time() - stored_at)),
        "Cache-Status": "floor; hit",
        "x-request-id": f"req_{os.urandom(16).hex()}",
    }
    return web.Response(body=body, content_type="application/json", headers=headers)


class Passing:
    """Bytes through, as they come."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._session: aiohttp.ClientSession | None = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self._session is None:
            self._session = aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(limit=0))
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        body = await request.read()
        target = self._upstream + request.raw_path.removeprefix("/v1")
        async with self._session.request(request.method, target, headers=headers, data=body) as reply:
            kept = {name: value for name, value in reply.headers.items() if name.lower() not in HOP_BY_HOP}
            response = web.StreamResponse(status=reply.status, headers=kept)
            await response.prepare(request)
            async for chunk in reply.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response


HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "host", "te", "proxy-connection"}


async def serve(kind: str, url: str, port: int) -> None:
    makers = {
        "answer": lambda: answer,
        "dict": lambda: Remembering().handle,
        "redis": lambda: RememberingInRedis(url).handle,
        "pass": lambda: Passing(url).handle,
    }
    handle = makers[kind]()
    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_port=True).start()
    print("ready", port, flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()


def shared_port() -> int:
    """A free port that several processes may listen on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(kind: str, url: str, processes: int) -> None:
    port = shared_port()
    child = os.fork() if processes == 2 else 0
    if child:
        time.sleep(0.3)  # the child listens by then: `ready` means both
    uvloop.run(serve(kind, url, port))
    if child:
        os.kill(child, signal.SIGTERM)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("answer", "dict", "redis", "pass"))
    parser.add_argument("--url", default="", help="redis: the server's; pass: the upstream's")
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1, help="listening on one port")
    arguments = parser.parse_args()
    main(arguments.kind, arguments.url, arguments.processes)
