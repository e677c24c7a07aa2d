"""Answers with the members that each provider adds: JSON and event streams come from one record alike (R15)."""

from __future__ import annotations

from typing import Any

from tests.e2e.running import Asked, Running
from tests.e2e.test_provider_streams import ASKED, FILTERS, STREAMS, USAGE, proxy, stream, streamed
from tests.upstream import Upstream
from tests.upstream.openai import ok

Json = dict[str, Any]
__all__ = ["proxy"]  # the fixture


def answer(message: Json | None = None, /, *, choice: Json | None = None, **top: Any) -> Json:
    """One completion with the keys that all providers have."""
    said = {"role": "assistant", "content": "Paris."} | (message or {})
    choices = [{"index": 0, "message": said, "finish_reason": "stop", "logprobs": None} | (choice or {})]
    head = {"id": "chatcmpl-7", "object": "chat.completion", "created": 1700000000, "model": "m"}
    return head | {"choices": choices, "usage": USAGE} | top


NOTHING: Json = {"refusal": None, "annotations": None, "audio": None, "function_call": None, "tool_calls": []}
ANSWERS: dict[str, Json] = {
    "azure": answer(
        choice={"content_filter_results": FILTERS},
        prompt_filter_results=[{"prompt_index": 0, "content_filter_results": FILTERS}],
    ),
    "cerebras": answer({"reasoning": "A city."}, time_info={"queue_time": 0.1, "total_time": 0.2}),
    "groq": answer(usage_breakdown={"models": None}, x_groq={"id": "req_1", "seed": 5}, service_tier="on_demand"),
    "litellm": answer(
        {"tool_calls": None, "function_call": None, "provider_specific_fields": {"refusal": None}},
        choice={"provider_specific_fields": {}},
    ),
    "llama.cpp": answer(timings={"prompt_n": 9}),
    "mistral": answer({"tool_calls": None}),
    "openrouter": answer(
        {"reasoning": None, "reasoning_details": []}, choice={"native_finish_reason": "stop"}, provider="OpenAI"
    ),
    "z.ai": answer(request_id="2026"),
    "together": answer({"tool_calls": []}, choice={"seed": 5}, prompt=[]),
    "vllm": answer(
        NOTHING | {"reasoning": None},
        choice={"stop_reason": None, "token_ids": None},
        prompt_logprobs=None,
        prompt_token_ids=None,
        kv_transfer_params=None,
    ),
}


async def streamed_after(proxy: Running, said: str, body: Json, **options: object) -> Asked:
    """What a stream of a question is given after this JSON has answered it."""
    proxy.upstream.say(ok(body))
    question = f"What does {said} say is the capital of France?"
    await proxy.ask(question, model="m")
    return await proxy.ask(question, stream=True, model="m", **options)


async def test_a_stream_is_made_of_json_whatever_the_provider_measures_beside_the_answer(proxy: Running) -> None:
    for provider, body in ANSWERS.items():
        again = await streamed_after(proxy, provider, body, **ASKED)
        assert (True, "Paris.") == (again.is_hit, again.text), provider


async def test_json_is_made_of_a_stream_with_usage_whatever_the_provider_measures_beside_it(
    upstream: Upstream, proxy: Running
) -> None:
    for provider, chunks in STREAMS.items():
        upstream.say(streamed(chunks(True)))
        question = f"What does {provider} say is the capital of France?"
        await stream(proxy, provider, **ASKED)

        again = await proxy.ask(question, model="m")
        assert (True, "Paris.") == (again.is_hit, again.text), provider


UNKNOWN: dict[str, Json] = {
    "reasoning": answer({"reasoning_details": [{"type": "reasoning.encrypted", "data": "AA"}]}),
    "false": answer(choice={"novelty": False}),
    "zero": answer(novelty={"kind": "", "more": 0}),
    "nested": answer({"provider_specific_fields": {"thinking": [{"signature": "AA"}]}}),
}


async def test_what_says_something_that_nobody_here_knows_is_not_left_out_of_the_other_form(proxy: Running) -> None:
    for said, body in UNKNOWN.items():
        assert not (await streamed_after(proxy, said, body)).is_hit, said
