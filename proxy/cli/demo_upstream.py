"""A small scripted provider for `equicache demo`: no key, no network, the same answer for the same class of prompt."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

MODEL = "demo-1"


@dataclass(slots=True)
class DemoUpstream:
    """answers: prompt to text; any other prompt is answered with an echo. calls: how often it was asked."""

    answers: Mapping[str, str] = field(default_factory=dict)
    calls: int = 0

    async def complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.calls += 1
        prompt = str(body["messages"][-1]["content"])
        text = self.answers.get(prompt, f"(the scripted provider's answer to: {prompt})")
        if body.get("stream"):
            return await self._streamed(request, text)
        message = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        usage = {"prompt_tokens": len(prompt.split()), "completion_tokens": len(text.split())}
        usage["total_tokens"] = sum(usage.values())
        return web.json_response({**self._head("chat.completion"), "choices": [message], "usage": usage})

    async def _streamed(self, request: web.Request, text: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        head = self._head("chat.completion.chunk")
        deltas: list[dict[str, str]] = [{"role": "assistant", "content": ""}]
        deltas += [{"content": word + " "} for word in text.split()]
        for delta in deltas:
            await response.write(_event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}))
        await response.write(_event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
        await response.write(b"data: [DONE]\n\n")
        return response

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": f"chatcmpl-demo-{self.calls}", "object": kind, "created": int(time.time()), "model": MODEL}


def _event(payload: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


@asynccontextmanager
async def listening(upstream: DemoUpstream) -> AsyncIterator[str]:
    """Serves it on a free port; yields the base URL."""
    application = web.Application()
    application.router.add_post("/v1/chat/completions", upstream.complete)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()
