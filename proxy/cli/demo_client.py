"""Asks the proxy as people do: with the official SDK where it is installed, else with plain HTTP."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Mapping

import aiohttp

from proxy.cli.demo_upstream import MODEL
from proxy.errors import BackendError

KEY = "sk-demo"

Ask = Callable[[str], Awaitable[tuple[str, Mapping[str, str]]]]
"""Prompt to the answer's text and the response headers by lower-case name."""


def asker(base_url: str) -> Ask:
    """The SDK is no dependency of the proxy; `make demo` installs it."""
    try:
        client = importlib.import_module("openai").AsyncOpenAI(base_url=base_url, api_key=KEY)
    except ImportError:
        return _plain(base_url)

    async def ask(prompt: str) -> tuple[str, Mapping[str, str]]:
        raw = await client.chat.completions.with_raw_response.create(
            model=MODEL, messages=[{"role": "user", "content": prompt}]
        )
        return raw.parse().choices[0].message.content or "", {k.lower(): v for k, v in raw.headers.items()}

    return ask


def _plain(base_url: str) -> Ask:
    async def ask(prompt: str) -> tuple[str, Mapping[str, str]]:
        body = {"model": MODEL, "messages": [{"role": "user", "content": prompt}]}
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as session,
            session.post(f"{base_url}/chat/completions", json=body) as response,
        ):
            if response.status != 200:
                raise BackendError(f"the proxy answered {response.status}")
            answer = await response.json()
            return answer["choices"][0]["message"]["content"], {k.lower(): v for k, v in response.headers.items()}

    return ask
