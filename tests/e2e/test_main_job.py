"""The main job with the official SDK and nothing but a base URL: right answers from memory, wrong ones refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.e2e.running import Running, config_for, running
from tests.e2e.stores import STORES, store_url
from tests.e2e.watched import watch_sharing
from tests.facts.waiting import eventually
from tests.upstream import Upstream

OPPOSITES = [
    ("Approve the refund for this customer", "Deny the refund for this customer"),
    ("What is the status of order 1234?", "What is the status of order 1243?"),
    ("What is the capital of Australia?", "What is the capital of Austria?"),
    ("How do I translate a letter from English to French?", "How do I translate a letter from French to English?"),
    ("Why is it safe to mix these two cleaners?", "Why is it not safe to mix these two cleaners?"),
]
QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"


@pytest.fixture(params=STORES)
async def proxy(request: pytest.FixtureRequest, upstream: Upstream, tmp_path: object) -> AsyncIterator[Running]:
    async with store_url(request.param, tmp_path) as url, running(config_for(upstream, store=url), upstream) as started:
        yield started


@pytest.mark.parametrize("stream", [False, True], ids=["json", "stream"])
async def test_miss_then_exact_hit_then_paraphrase_hit(proxy: Running, stream: bool) -> None:
    first = await proxy.ask(QUESTION, stream=stream)
    exact = await proxy.ask(QUESTION, stream=stream)
    paraphrase = await proxy.ask(PARAPHRASE, stream=stream)

    assert ["no_candidate", "exact", "semantic"] == [first.detail, exact.detail, paraphrase.detail]
    assert first.text == exact.text == paraphrase.text != ""
    assert 1 == proxy.upstream.calls


@pytest.mark.parametrize("stream", [False, True], ids=["json", "stream"])
@pytest.mark.parametrize("pair", OPPOSITES, ids=lambda pair: pair[1][:24])
async def test_the_opposite_is_forwarded(proxy: Running, pair: tuple[str, str], stream: bool) -> None:
    for asked, remembered in (pair, pair[::-1]):
        first = await proxy.ask(remembered, stream=stream)
        second = await proxy.ask(asked, stream=stream)

        assert not second.is_hit or second.detail == "exact"
        assert first.text != second.text
    assert 2 == proxy.upstream.calls


async def test_objects_of_hit_and_miss_differ_in_id_and_created_only(proxy: Running) -> None:
    for fields in ({}, {"n": 2}, {"logprobs": True, "top_logprobs": 2}):
        miss = await proxy.ask(QUESTION, **fields)
        hit = await proxy.ask(QUESTION, **fields)
        assert hit.is_hit
        assert miss.completion is not None
        assert hit.completion is not None

        without = {"id", "created"}
        assert miss.completion.model_dump(exclude=without) == hit.completion.model_dump(exclude=without)
        assert miss.completion.id != hit.completion.id == f"chatcmpl-{hit.headers['equicache-id']}"


async def test_one_record_answers_both_forms(proxy: Running) -> None:
    as_json = await proxy.ask(QUESTION)
    as_stream = await proxy.ask(QUESTION, stream=True, stream_options={"include_usage": True})

    assert as_stream.is_hit
    assert as_json.text == as_stream.text
    assert 1 == proxy.upstream.calls


async def test_a_semantic_hit_repeated_word_for_word_is_scored_again(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    details = [(await proxy.ask(PARAPHRASE)).detail for _ in range(3)]

    assert ["semantic"] * 3 == details


OF_A_HIT = {"content-type", "content-length", "transfer-encoding", "date", "age", "cache-status", "x-request-id",
            "equicache-id", "openai-version", "x-accel-buffering"}  # fmt: skip
OF_ONE_CALL = {"set-cookie", "x-request-id", "x-ratelimit-remaining-tokens", "openai-processing-ms"}


@pytest.mark.parametrize("stream", [False, True], ids=["json", "stream"])
async def test_what_belongs_to_one_call_reaches_neither_hits_nor_those_who_share_it(
    upstream: Upstream, stream: bool
) -> None:
    upstream.may_answer.clear()
    async with running(config_for(upstream), upstream) as proxy:
        sharing = watch_sharing(proxy)
        asking = [asyncio.create_task(proxy.ask(QUESTION, stream=stream)) for _ in range(2)]
        await eventually(lambda: bool(sharing))
        upstream.may_answer.set()
        both = await asyncio.gather(*asking)
        exact = await proxy.ask(QUESTION, stream=stream)
        paraphrase = await proxy.ask(PARAPHRASE, stream=stream)
    follower, leader = sorted(both, key=lambda asked: "collapsed" not in asked.cache_status)

    assert 1 == upstream.calls
    assert leader.headers.keys() >= OF_ONE_CALL
    assert not follower.headers.keys() & OF_ONE_CALL
    assert OF_A_HIT >= set(exact.headers) | set(paraphrase.headers)
