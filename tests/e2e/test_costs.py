"""What an answer may cost, by counts and by a ratio in one run: generous, so that only a real regression fails here.

The figures themselves are `bench/`'s; nothing here looks at a clock on the wall.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench import rig
from proxy.ask import LONG_BYTES
from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_narrow import FIT_ROWS, fitted
from proxy.backends.redis_link import RedisLink
from proxy.backends.scorer_onnx import OnnxPairScorer
from proxy.core.answers.adapter import Wanted
from proxy.core.answers.chat import ChatAnswers
from proxy.core.embedding import VECTOR_DIM, Prompt
from proxy.core.entry import Entry, Record
from proxy.core.template import Template
from tests.e2e.running import config_for, running
from tests.e2e.stores import store_url
from tests.e2e.watched import calls_counted
from tests.upstream import Framing, Reply, Upstream

MAX_CALLS_PER_EVENT = 15
"""Calls of our own Python functions for each event that passes through: 5 when this was written."""

MAX_CALLS_PER_COLD_HIT = 330
"""The same of an exact hit that is in Redis only: 255 when this was written."""

MAX_DICT_RATIO = 3.0
"""CPU of an exact hit over that of a dict behind bare aiohttp: 1.2 to 1.7 when this was written."""

MAX_BYTES_PER_ENTRY = 2048
QUESTIONS = [f"What is the square root of {number}?" for number in range(20)]


@pytest.mark.redis
async def test_a_first_look_at_redis_is_one_round_trip_and_few_calls(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = 0
    exchanged = RedisLink._exchanged

    async def counted(link: RedisLink, *given: Any) -> None:
        nonlocal batches
        batches += 1
        await exchanged(link, *given)

    async with store_url("redis", tmp_path) as url:
        config = config_for(upstream, store=url, cache="exact")
        async with running(config, upstream) as first:
            for question in QUESTIONS:
                await first.ask(question)
        async with running(config, upstream) as second:
            await second.ask("warms the connection and the credential")
            monkeypatch.setattr(RedisLink, "_exchanged", counted)
            with calls_counted() as calls:
                answers = [await second.ask(question) for question in QUESTIONS]
            monkeypatch.undo()

    assert all(answer.is_hit for answer in answers)
    assert batches <= 1.5 * len(QUESTIONS)
    assert calls() / len(QUESTIONS) <= MAX_CALLS_PER_COLD_HIT


async def test_a_known_credential_is_not_looked_up_with_every_miss(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        state = proxy.app.control._state
        get = state.get

        async def counted(key: str) -> bytes | None:
            asked.append(key)
            return await get(key)

        monkeypatch.setattr(state, "get", counted)
        for question in QUESTIONS:
            assert not (await proxy.ask(question)).is_hit

    assert len(asked) == 1


async def test_an_event_that_passes_through_costs_few_calls(upstream: Upstream) -> None:
    event = b'data: {"choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'
    spent = []
    async with running(config_for(upstream, cache="off"), upstream) as proxy:
        for count in (20, 220):
            upstream.respond = lambda _, count=count: Reply(
                200, [event] * count + [b"data: [DONE]\n\n"], framing=Framing.CHUNKED
            )
            with calls_counted() as calls:
                await proxy.ask("stream", stream=True)
            spent.append(calls())

    assert (spent[1] - spent[0]) / 200 <= MAX_CALLS_PER_EVENT


def test_an_entry_of_a_large_scope_takes_no_more_memory_than_promised() -> None:
    rng = np.random.default_rng(0)
    graph = HnswScope(VECTOR_DIM, basis=fitted(rng.normal(size=(FIT_ROWS, VECTOR_DIM)).astype(np.float32)))
    for _ in range(50):
        vectors = rng.normal(size=(100, VECTOR_DIM)).astype(np.float32)
        graph.add([rng.bytes(16) for _ in vectors], vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    assert graph.memory_bytes() / len(graph) <= MAX_BYTES_PER_ENTRY


def test_an_exact_hit_costs_little_more_than_a_dict() -> None:
    bodies = [rig.chat(f"What is the capital city of {name}?") for name in rig.COUNTRIES[:40]]
    spec: dict[str, Any] = {"connections": 16, "count": 1500, "seconds": 60.0}
    with rig.upstream() as url, rig.proxy(url, store="memory") as ours, rig.floor("dict") as floor:
        rig.warmed(ours, bodies, connections=4)
        runs = [(rig.load(ours, bodies, **spec), rig.load(floor, bodies, **spec)) for _ in range(3)]
    mine, least = (rig.best(column)["cpu_us"] for column in zip(*runs, strict=True))

    assert mine / least <= MAX_DICT_RATIO, f"{mine} µs against {least}"


@pytest.mark.parametrize("stream", [False, True])
async def test_a_long_answer_is_made_ready_in_a_thread(
    upstream: Upstream, stream: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bool] = []
    template = ChatAnswers.template

    def noted(self: ChatAnswers, record: Record, wanted: Wanted, *, is_semantic: bool) -> Template | None:
        made.append(threading.current_thread() is threading.main_thread())
        return template(self, record, wanted, is_semantic=is_semantic)

    monkeypatch.setattr(ChatAnswers, "template", noted)
    async with running(config_for(upstream), upstream) as proxy:
        for length in (5, LONG_BYTES // 100):
            upstream.answer = lambda _, length=length: f"{'word' * 25} " * length
            question = f"What does a text of {length} words look like?"
            await proxy.ask(question, stream=stream)
            assert [True] * 3 == [(await proxy.ask(question, stream=stream)).is_hit for _ in range(3)]

    assert [True, False] == made


async def test_no_more_entries_are_read_than_may_be_scored(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    async with running(config_for(upstream), upstream) as proxy:
        store = proxy.app.remember._store
        get_many = store.get_many

        async def counted(ids: Sequence[bytes], now: float) -> list[Entry | None]:
            read.append(len(ids))
            return await get_many(ids, now)

        for opening in ("How can I", "How do I", "How could I", "How may I", "How should I", "How would I"):
            await proxy.ask(f"{opening} reset my password?", headers={"Cache-Control": "no-cache"})
        monkeypatch.setattr(store, "get_many", counted)
        assert "semantic" == (await proxy.ask("How might I reset my password?")).detail

    assert read == [4]


async def test_the_nearest_candidate_is_scored_alone_when_it_suffices(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored: list[int] = []
    logits = OnnxPairScorer.logits

    async def counted(self: OnnxPairScorer, prompt: Prompt, candidates: Sequence[Prompt]) -> NDArray[np.float32]:
        scored.append(len(candidates))
        return await logits(self, prompt, candidates)

    async with running(config_for(upstream), upstream) as proxy:
        for opening in ("How can I", "How do I", "How could I", "How may I", "How should I", "How would I"):
            await proxy.ask(f"{opening} reset my password?", headers={"Cache-Control": "no-cache"})
        monkeypatch.setattr(OnnxPairScorer, "logits", counted)
        assert "semantic" == (await proxy.ask("How might I reset my password?")).detail
        assert scored == [1]
        assert "semantic" != (await proxy.ask("How might I restore my password backup?")).detail

    assert scored == [1, 1, 3], "the others together, once the nearest did not suffice"
