"""One embedding per tenant and text; and a busy embedder costs a look-up by meaning, never the memory of an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from proxy.core.embedding import Embedding
from proxy.errors import BackendBusy
from proxy.ports import PATIENT, Embedder
from tests.e2e.running import Running, config_for, running
from tests.upstream import Upstream

QUESTION = "How do I water an orchid?"
OTHER = "How do I paint a wooden fence?"


class Watched:
    """An embedder that counts, and is busy for its first calls."""

    def __init__(self, real: Embedder, busy: int = 0) -> None:
        self._real = real
        self.busy = busy
        self.calls: Counter[str] = Counter()
        self.patient: list[bool] = []

    @property
    def digest(self) -> str:
        return self._real.digest

    def token_ids(self, text: str) -> NDArray[np.uint16]:
        return self._real.token_ids(text)

    async def embed(self, text: str) -> Embedding:
        if self.busy > 0:
            self.busy -= 1
            raise BackendBusy("full")
        self.calls[text] += 1
        self.patient.append(PATIENT.get())
        return await self._real.embed(text)


@pytest.fixture
async def proxy(upstream: Upstream) -> AsyncIterator[Running]:
    async with running(config_for(upstream), upstream) as started:
        yield started


def watch(proxy: Running, busy: int = 0) -> Watched:
    models = proxy.app.recall._models
    assert models is not None
    watched = Watched(models.embedder, busy)
    changed = replace(models, embedder=watched)
    proxy.app.recall._models = proxy.app.remember._models = changed
    assert proxy.app.recall.reader is not None
    proxy.app.recall.reader._models = changed
    return watched


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
