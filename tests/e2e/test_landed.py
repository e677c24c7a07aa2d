"""One call answers those who ask while it is under way; who asks later gets what is stored or a call of his own."""

from __future__ import annotations

import asyncio
import threading

import pytest

from proxy.core.storable import Drop, Keep
from tests.e2e.running import Running, config_for, running
from tests.upstream import Upstream

QUESTION = "How can I reset my password?"


async def asked(proxy: Running, prompt: str) -> str:
    """Cache-Status of one request; nobody waits for what is written behind the answer."""
    raw = await proxy.sdk.chat.completions.with_raw_response.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": prompt}]
    )
    return raw.headers["cache-status"]


class Slow:
    """Judging that takes as long as the test wants."""

    def __init__(self, proxy: Running) -> None:
        self.go_on = threading.Event()
        self._judge = proxy.app.remember._judged
        proxy.app.remember._judged = self._judged  # type: ignore[method-assign]

    def _judged(self, *args: object) -> Keep | Drop:
        self.go_on.wait(30)
        return self._judge(*args)  # type: ignore[arg-type]


@pytest.mark.parametrize("cache", ["semantic", "exact"])
@pytest.mark.parametrize("prompt", ["What is the weather like today?", "Send an email to my boss."])
async def test_a_prompt_that_is_never_stored_gets_a_call_each(upstream: Upstream, cache: str, prompt: str) -> None:
    upstream.latency_s = 0.2
    async with running(config_for(upstream, cache=cache), upstream) as proxy:
        said = await asyncio.gather(asked(proxy, prompt), asked(proxy, prompt))
        said.append(await asked(proxy, prompt))

        assert 3 == upstream.calls
        assert not any("collapsed" in status for status in said)


async def test_a_landed_answer_that_is_still_judged_is_not_given_again(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        slow = Slow(proxy)
        await asked(proxy, QUESTION)
        second = await asked(proxy, QUESTION)
        slow.go_on.set()

        assert 2 == upstream.calls
        assert "collapsed" not in second


async def test_who_asks_while_a_good_answer_is_written_gets_that_answer(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        slow = Slow(proxy)
        await asked(proxy, QUESTION)
        second = asyncio.create_task(asked(proxy, QUESTION))
        await asyncio.sleep(0.02)
        slow.go_on.set()
        await second

        assert 1 == upstream.calls
