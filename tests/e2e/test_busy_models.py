"""One embedding per tenant and text; and a busy embedder costs a look-up by meaning, never the memory of an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.e2e.running import Running, config_for, running
from tests.e2e.watched import watch
from tests.upstream import Upstream

QUESTION = "How do I water an orchid?"
OTHER = "How do I paint a wooden fence?"


@pytest.fixture
async def proxy(upstream: Upstream) -> AsyncIterator[Running]:
    async with running(config_for(upstream), upstream) as started:
        yield started


async def test_a_text_is_embedded_once_for_each_tenant(proxy: Running) -> None:
    embedder = watch(proxy)
    for key in ("sk-one", "sk-two"):
        async with proxy.client(key) as sdk:
            for _ in range(3):
                await proxy.ask(QUESTION, headers={"Cache-Control": "no-cache"}, sdk=sdk)

    assert {QUESTION: 2} == embedder.calls


async def test_an_answer_is_remembered_though_the_embedder_was_busy(proxy: Running) -> None:
    watch(proxy, busy=3)
    missed = await proxy.ask(OTHER)
    hit = await proxy.ask(OTHER)

    assert "busy" == missed.detail
    assert "exact" == hit.detail


async def test_storing_waits_for_look_ups_and_no_look_up_for_storing(proxy: Running) -> None:
    embedder = watch(proxy)
    await proxy.ask(QUESTION, system="You are kind.")
    await proxy.ask(OTHER, headers={"Cache-Control": "no-cache"})

    assert {QUESTION: 1, "You are kind.": 1, OTHER: 1} == embedder.calls
    assert [False, True, True] == embedder.patient
