"""A whole proxy over real sockets, in this process, for tests that speak to it with the official SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import openai
from openai.types.chat import ChatCompletion

from proxy.app import App, build_app
from proxy.config.load import loads
from proxy.config.settings import Config
from tests.e2e.clock import Clock
from tests.upstream import Upstream

YAML = """
server: {{port: 0, admin: {{port: 0}}, log: json{server}}}
store: {store}
upstreams: {{scripted: {{base_url: "{url}"}}}}
domains: {{default: {{{domain}}}}}
routes:
  - {{name: chat, match: {{path: "*"}}, upstream: scripted, domain: default, cache: {cache}{route}}}
"""


def config_for(
    upstream: Upstream,
    *,
    store: str = "memory://",
    cache: str = "semantic",
    domain: str = "",
    route: str = "",
    server: str = "",
) -> Config:
    """One domain, one route; `domain`, `route` and `server` are more YAML for them, in flow style."""
    more = {"domain": domain, "route": route and f", {route}", "server": server and f", {server}"}
    return loads(YAML.format(store=store, url=upstream.url, cache=cache, **more))


@dataclass(slots=True)
class Asked:
    """One answer as the SDK gave it, with what the proxy said about it."""

    completion: ChatCompletion | None
    headers: Mapping[str, str]
    text: str

    @property
    def cache_status(self) -> str:
        return self.headers.get("cache-status", "")

    @property
    def is_hit(self) -> bool:
        return "; hit;" in self.cache_status

    @property
    def detail(self) -> str:
        """The last word of Cache-Status: the kind of a hit, or why not."""
        return self.cache_status.rpartition("detail=")[2].strip('"')


@dataclass(slots=True)
class Running:
    """A started app and the SDK pointed at it."""

    app: App
    upstream: Upstream
    sdk: openai.AsyncOpenAI

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.app.data.port}/v1"

    def client(self, api_key: str = "sk-test") -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(base_url=self.url, api_key=api_key, max_retries=0)

    async def ask(
        self,
        prompt: str,
        *,
        system: str | None = None,
        stream: bool = False,
        headers: Mapping[str, str] | None = None,
        sdk: openai.AsyncOpenAI | None = None,
        **fields: object,
    ) -> Asked:
        """One question; every write behind it has ended when this returns."""
        messages = [{"role": "system", "content": system}] if system is not None else []
        messages.append({"role": "user", "content": prompt})
        body = {"model": "gpt-4o-mini", "messages": messages, "stream": stream} | fields
        raw = await (sdk or self.sdk).chat.completions.with_raw_response.create(**body, extra_headers=headers)  # type: ignore[call-overload]
        parsed = raw.parse()
        if stream:
            text = "".join([chunk.choices[0].delta.content or "" async for chunk in parsed if chunk.choices])
            answer = Asked(None, raw.headers, text)
        else:
            answer = Asked(parsed, raw.headers, parsed.choices[0].message.content or "")
        await self.settled()
        return answer

    async def remembers(self, prompt: str) -> bool:
        """Whether memory answers it, without the upstream; what is in memory stays as it is."""
        try:
            return (await self.ask(prompt, headers={"Cache-Control": "only-if-cached"})).is_hit
        except openai.InternalServerError:
            return False

    async def settled(self) -> None:
        """Waits for the writes behind the answers."""
        await self.app.remember.drained()


@asynccontextmanager
async def running(config: Config, upstream: Upstream, clock: Clock | None = None) -> AsyncIterator[Running]:
    """Starts and stops the app; index and quarantines are loaded when it is handed out."""
    app = await build_app(config, clock=clock)
    await app.start()
    await app.loaded()
    sdk = openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{app.data.port}/v1", api_key="sk-test", max_retries=0)
    try:
        yield Running(app, upstream, sdk)
    finally:
        await sdk.close()
        await app.stop()
