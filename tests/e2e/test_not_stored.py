"""What is never stored: the second time the upstream is asked again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.running import config_for, running
from tests.upstream import Reply, Upstream
from tests.upstream.openai import ok

KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"
PROMPT = "What is the boiling point of water at sea level?"


CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def reply_with(**choice: object) -> Reply:
    message = {"role": "assistant", "content": "100 degrees Celsius.", "refusal": None} | dict(
        choice.pop("message", {})
    )
    body = {
        "id": "chatcmpl-x",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-mini",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"} | choice],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return Reply(headers=[(b"Content-Type", b"application/json")], body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("drop", "choice"),
    [
        ("finish_reason", {"finish_reason": "length"}),
        ("finish_reason", {"finish_reason": "content_filter"}),
        ("refusal", {"message": {"content": None, "refusal": "I can't help with that."}}),
        ("tool_calls", {"message": {"tool_calls": [CALL]}, "finish_reason": "tool_calls"}),
        ("answer_empty", {"message": {"content": ""}}),
        ("answer_secret", {"message": {"content": "Your card is 4111 1111 1111 1111."}}),
        ("answer_secret", {"message": {"reasoning_content": f"The tool's key is {KEY}, I must not say it."}}),
        ("answer_secret", {"message": {"reasoning_details": [{"type": "reasoning.text", "text": KEY}]}}),
    ],
)
async def test_an_answer_that_is_not_whole_and_plain_is_not_stored(
    upstream: Upstream, drop: str, choice: dict[str, object]
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        upstream.say(reply_with(**choice))
        await proxy.ask(PROMPT)
        again = await proxy.ask(PROMPT)

        assert 2 == upstream.calls
        assert not again.is_hit
        assert {drop: 1} == dict(proxy.app.stats.totals.dropped)


async def test_a_secret_in_the_prompt_is_not_stored(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            await proxy.ask(f"Why is my key {KEY} refused?")

        assert 2 == upstream.calls


@pytest.mark.parametrize("prompt", ["Wie wird das Wetter morgen?", "Envoie un message à Paul."])
async def test_what_is_about_now_or_acts_is_not_stored_in_any_language(upstream: Upstream, prompt: str) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            await proxy.ask(prompt)
            await proxy.settled()

        assert 2 == upstream.calls


CONVERSATION = [
    {"role": "user", "content": "What is the price of bitcoin today?"},
    {"role": "assistant", "content": "I look it up."},
    {"role": "user", "content": "And in euros?"},
]


async def test_what_goes_on_with_a_time_bound_question_is_as_time_bound(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            await proxy.sdk.chat.completions.create(model="gpt-4o-mini", messages=CONVERSATION)
            await proxy.sdk.completions.create(model="gpt-3.5-turbo-instruct", prompt=["What time is it now?", "Why?"])
            await proxy.settled()

        assert 4 == upstream.calls
        assert {"prompt_time_bound": 4} == dict(proxy.app.stats.totals.dropped)


def agreed(offer: str, reply: str) -> list[dict[str, str]]:
    """What a user says to an offer of the assistant."""
    return [{"role": "assistant", "content": offer}, {"role": "user", "content": reply}]


@pytest.mark.parametrize("cache", ["semantic", "exact"])
@pytest.mark.parametrize(
    ("offer", "reply"),
    [
        ("Shall I transfer 500 euros to Bob now?", "Yes, please do it."),
        ("I can book the table for two at eight. Shall I go ahead?", "ok"),
        ("You're about to delete your account. Are you sure?", "Yes"),
        ("Would you like me to refill your prescription?", "Sure, go ahead!"),
    ],
)
async def test_a_yes_to_an_offer_to_act_is_an_order_to_act(
    upstream: Upstream, cache: str, offer: str, reply: str
) -> None:
    async with running(config_for(upstream, cache=cache), upstream) as proxy:
        for _ in range(2):
            assert not (await proxy.ask(reply, messages=agreed(offer, reply))).is_hit

        assert 2 == upstream.calls


@pytest.mark.parametrize("offer", ["Would you like to know more about our gym?", "Shall I explain how to reset it?"])
async def test_a_yes_to_an_offer_of_words_is_remembered(upstream: Upstream, offer: str) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            asked = await proxy.ask("Yes, please.", messages=agreed(offer, "Yes, please."))

        assert "exact" == asked.detail


async def test_an_answer_that_may_live_no_second_is_not_served(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            assert not (await proxy.ask(PROMPT, headers={"equicache-ttl": "0"})).is_hit


@pytest.mark.parametrize(("texts", "calls"), [(["a", "b"], 2), ([[1, 2], [3]], 2), ([1, 2], 1), ("a", 1), (["a"], 1)])
async def test_embeddings_of_fewer_texts_than_were_sent_are_not_stored(
    upstream: Upstream, texts: Any, calls: int
) -> None:
    upstream.respond = lambda _: ok({"object": "list", "model": "e", "data": [{"index": 0, "embedding": [0.5]}]})
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        for _ in range(2):
            await proxy.sdk.embeddings.create(model="e", input=texts, encoding_format="float")
            await proxy.settled()

        assert calls == upstream.calls
