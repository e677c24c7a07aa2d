"""Between opening the listeners and comparing meaning: what is asked and learned meanwhile costs nothing that was."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import openai
import pytest

from proxy.app import build_app
from proxy.config.settings import Config
from proxy.ports import Change
from tests.e2e.running import Running, config_for, running
from tests.facts.entries import FakeClock
from tests.upstream import Reply, Upstream

QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"
OTHER = "What is the capital of Australia?"
OTHER_PARAPHRASE = "Which city is the capital of Australia?"


@asynccontextmanager
async def loading(config: Config, upstream: Upstream) -> AsyncIterator[tuple[Running, Callable[[], None]]]:
    """A started proxy whose models are checked until the second value is called."""
    app = await build_app(config)
    may_load = threading.Event()
    app.loading._models = replace(app.models, check=lambda: "" if may_load.wait(30) else "late")
    await app.start()
    url = f"http://127.0.0.1:{app.data.port}/v1"
    async with openai.AsyncOpenAI(base_url=url, api_key="sk-test", max_retries=0) as sdk:
        yield Running(app, upstream, sdk), may_load.set
    may_load.set()
    await app.stop()


async def test_what_is_learned_while_the_index_loads_stands_beside_what_was_saved(
    upstream: Upstream, tmp_path: Path
) -> None:
    config = config_for(upstream, store=f"sqlite:///{tmp_path}/cache.db")
    async with running(config, upstream) as before:
        await before.ask(QUESTION)
    async with loading(config, upstream) as (proxy, load):
        await proxy.ask(OTHER)
        load()
        await proxy.app.loaded()

        assert [] == proxy.app.degraded()
        assert ["semantic"] * 2 == [(await proxy.ask(asked)).detail for asked in (PARAPHRASE, OTHER_PARAPHRASE)]


async def test_what_others_did_before_a_start_is_not_done_again(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred thousand lines would be: the store holds all that they say."""
    config = config_for(upstream, store=f"sqlite:///{tmp_path}/cache.db")
    async with running(config, upstream) as before:
        await before.ask(QUESTION)
    async with loading(config, upstream) as (proxy, load):
        applied: list[Change] = []
        apply = proxy.app.replica._apply

        async def noted(change: Change) -> None:
            applied.append(change)
            await apply(change)

        monkeypatch.setattr(proxy.app.replica, "_apply", noted)
        asked = await asyncio.gather(*(proxy.ask(QUESTION) for _ in range(3)))
        load()
        await proxy.app.loaded()

        assert ([], ["exact"] * 3) == (applied, [each.detail for each in asked])


async def test_a_refused_key_gets_nothing_as_long_as_its_answers_live(upstream: Upstream, tmp_path: Path) -> None:
    config = config_for(upstream, store=f"sqlite:///{tmp_path}/cache.db", domain="ttl_s: 604800")
    clock = FakeClock()
    async with running(config, upstream, clock) as before:
        await before.ask(QUESTION)
        upstream.respond = lambda _: Reply(status=401)
        with pytest.raises(openai.AuthenticationError):
            await before.ask(QUESTION, headers={"Cache-Control": "no-cache"})
    clock.time += 6 * 86_400
    async with running(config, upstream, clock) as proxy:
        with pytest.raises(openai.AuthenticationError):
            await proxy.ask(QUESTION)
