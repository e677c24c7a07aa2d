"""Event streams as providers write them, each with its own habits: from memory they come as they came."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.e2e.running import Running, config_for, running
from tests.upstream import Upstream
from tests.upstream.openai import event, ok
from tests.upstream.wire import Reply, events_reply
from tests.wire.test_clients import everything, plain

Json = dict[str, Any]
Chunks = list[Json]
USAGE = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
FILTERS = {"hate": {"filtered": False, "severity": "safe"}}


def chunk(delta: Json | None, finish: str | None = None, /, *, choice: Json | None = None, **top: Any) -> Json:
    """One chunk with the keys that all providers have; None: no choices."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish} | (choice or {})]
    frame = {"id": "chatcmpl-7", "object": "chat.completion.chunk", "created": 1700000000, "model": "m"}
    return frame | {"choices": choices} | top


def openai_like(asked: bool, **top: Any) -> Chunks:
    null: Json = {"logprobs": None}
    top |= {"usage": None} if asked else {}
    said = [
        chunk({"role": "assistant", "content": "", "refusal": None}, choice=null, **top),
        chunk({"content": "Par"}, choice=null, **top),
        chunk({"content": "is."}, choice=null, **top),
        chunk({}, "stop", choice=null, **top),
    ]
    return said + ([chunk(None, **top | {"usage": USAGE})] if asked else [])


def azure(asked: bool) -> Chunks:
    filtered = [{"prompt_index": 0, "content_filter_results": FILTERS}]
    first = {"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": filtered}
    said = openai_like(asked, system_fingerprint="fp_1")
    for each in said:
        for choice in each["choices"]:
            choice["content_filter_results"] = FILTERS if choice["delta"].get("content") else {}
    return [first, *said]


def azure_asynchronous(asked: bool) -> Chunks:
    """The filter's verdicts come by themselves, one behind the choice that they are about."""
    judged: Json = {"content_filter_results": FILTERS, "content_filter_offsets": {"start_offset": 0, "end_offset": 8}}
    judged["content_filter_raw"] = [FILTERS]
    first, *said = azure(asked)
    first["prompt_annotations"] = first.pop("prompt_filter_results")
    verdict = first | {"choices": [{"index": 0, "finish_reason": None} | judged], "usage": None}
    del verdict["prompt_annotations"]
    return [first, *said[:2], verdict, *said[2:4], verdict, *said[4:]]


def openrouter(asked: bool, *, is_closing: bool) -> Chunks:
    """Asked or not: usage at the end, beside an empty delta or, since 2026, beside no choice at all."""
    top: Json = {"provider": "OpenAI", "model": "openai/m"}
    said = [
        chunk(
            {"role": "assistant", "content": text}, end, choice={"native_finish_reason": end, "logprobs": None}, **top
        )
        for text, end in (("Par", None), ("is.", None), ("", "stop"))
    ]
    last = None if is_closing else {"role": "assistant", "content": ""}
    return [*said, chunk(last, usage=USAGE | {"cost": 0.0001}, **top)]


def groq(asked: bool) -> Chunks:
    top: Json = {"system_fingerprint": "fp_1"}
    said = [
        chunk({"role": "assistant", "content": ""}, x_groq={"id": "req_1"}, **top),
        chunk({"content": "Paris."}, **top),
        chunk({}, "stop", x_groq={"id": "req_1", "usage": USAGE}, **top),
    ]
    return said + ([chunk(None, usage=USAGE, **top)] if asked else [])


def mistral(asked: bool) -> Chunks:
    said = [chunk({"role": "assistant", "content": ""}), chunk({"content": "Paris."}), chunk({"content": ""}, "stop")]
    said[-1]["usage"] = USAGE
    return said


def deepseek(asked: bool) -> Chunks:
    """Thinking first; usage null until the last choice, and once more in a closing chunk for whoever asks."""
    top: Json = {"system_fingerprint": "fp_1", "usage": None}
    said = [
        chunk({"role": "assistant", "content": None, "reasoning_content": ""}, **top),
        chunk({"content": None, "reasoning_content": "A city."}, **top),
        chunk({"content": "Paris.", "reasoning_content": None}, **top),
        chunk({"content": "", "reasoning_content": None}, "stop", **top | {"usage": USAGE}),
    ]
    return said + ([chunk(None, **top | {"usage": USAGE})] if asked else [])


def vllm(asked: bool) -> Chunks:
    token: Json = {"logprobs": None, "stop_reason": None, "token_ids": None}
    said = [
        chunk({"role": "assistant", "content": ""}, choice=token, prompt_token_ids=None),
        chunk({"content": "Paris.", "reasoning": None}, choice=token),
        chunk({"content": ""}, "stop", choice=token),
    ]
    return said + ([chunk(None, usage=USAGE)] if asked else [])


def llama_cpp(asked: bool) -> Chunks:
    said = [chunk({"role": "assistant", "content": None}), chunk({"content": "Paris."}), chunk({}, "stop")]
    said[-1] |= {"timings": {"prompt_n": 9}} | ({"usage": USAGE} if asked else {})
    return said


def ollama(asked: bool) -> Chunks:
    top: Json = {"system_fingerprint": "fp_ollama"}
    said = [chunk({"role": "assistant", "content": text}, end, **top) for text, end in (("Paris.", None), ("", "stop"))]
    return said + ([chunk(None, usage=USAGE, **top)] if asked else [])


def together(asked: bool) -> Chunks:
    said = [
        chunk({"role": "assistant", "content": text, "token_id": 5}, end, choice={"text": text, "logprobs": None})
        for text, end in (("Paris.", None), ("", "stop"))
    ]
    said[-1]["usage"] = USAGE
    return said


def tgi(asked: bool) -> Chunks:
    """No answer of it has an id."""
    return [each | {"id": ""} for each in ollama(asked)]


def gemini(asked: bool) -> Chunks:
    """In one piece, and without an id where its own API had none."""
    said = chunk({"role": "assistant", "content": "Paris."}, "stop", **({"usage": USAGE} if asked else {}))
    del said["id"]
    return [said]


def sparing(asked: bool) -> Chunks:
    """Gateways that write null for a list or an object with nothing in it."""
    said = openai_like(asked)
    said[3]["choices"][0]["delta"] = None
    return [said[0], chunk(None) | {"choices": None}, *said[1:4], *(each | {"choices": None} for each in said[4:])]


STREAMS: dict[str, Callable[[bool], Chunks]] = {
    "openai": openai_like,
    "openai without fingerprint": lambda asked: openai_like(asked, system_fingerprint=None),
    "azure": azure,
    "azure asynchronous": azure_asynchronous,
    "openrouter": lambda asked: openrouter(asked, is_closing=False),
    "openrouter closing": lambda asked: openrouter(asked, is_closing=True),
    "groq": groq,
    "mistral": mistral,
    "deepseek": deepseek,
    "vllm": vllm,
    "llama.cpp": llama_cpp,
    "ollama": ollama,
    "together": together,
    "tgi": tgi,
    "gemini": gemini,
    "nulls": sparing,
}


def streamed(chunks: Chunks) -> Reply:
    """The chunks on the wire, with a keep-alive comment before them."""
    return events_reply([b": OPENROUTER PROCESSING\n\n", *map(event, chunks), b"data: [DONE]\n\n"])


async def stream(proxy: Running, provider: str, **more: Any) -> Chunks:
    """What the SDK makes of one stream, chunk by chunk."""
    messages = [{"role": "user", "content": f"What does {provider} say is the capital of France?"}]
    create: Any = proxy.sdk.chat.completions.create
    said = [plain(each) for each in await everything(await create(model="m", messages=messages, stream=True, **more))]
    await proxy.settled()
    return said


@pytest.fixture
async def proxy(upstream: Upstream) -> AsyncIterator[Running]:
    async with running(config_for(upstream, cache="exact"), upstream) as started:
        yield started


ASKED: Json = {"stream_options": {"include_usage": True}}


@pytest.mark.parametrize("options", [{}, ASKED], ids=["plain", "with usage"])
async def test_a_stream_asked_for_again_comes_from_memory_as_it_came(
    options: Json, upstream: Upstream, proxy: Running
) -> None:
    for provider, chunks in STREAMS.items():
        upstream.say(streamed(chunks(bool(options))))
        first = await stream(proxy, provider, **options)

        assert [first, first] == [await stream(proxy, provider, **options) for _ in range(2)], provider
    assert len(STREAMS) == upstream.calls


async def test_who_did_not_ask_for_usage_is_given_no_closing_chunk_of_one_who_did(
    upstream: Upstream, proxy: Running
) -> None:
    for provider, chunks in STREAMS.items():
        upstream.respond = lambda _, chunks=chunks: streamed(chunks(False))  # type: ignore[misc]
        upstream.say(streamed(chunks(True)))
        await stream(proxy, provider, **ASKED)
        said = await stream(proxy, provider)

        closing = [each for each in said if not each["choices"] and each.get("usage")]
        assert not closing or provider == "openrouter closing", provider  # which closes every stream so


async def test_who_asks_for_usage_is_given_it_though_one_who_did_not_asked_before(
    upstream: Upstream, proxy: Running
) -> None:
    for provider, chunks in STREAMS.items():
        upstream.respond = lambda _, chunks=chunks: streamed(chunks(True))  # type: ignore[misc]
        upstream.say(streamed(chunks(False)))
        await stream(proxy, provider)
        said = await stream(proxy, provider, **ASKED)

        assert [each["usage"]["total_tokens"] for each in said if each.get("usage")], provider


async def test_a_remembered_answer_that_no_stream_can_be_made_of_is_no_fault_of_the_store(
    upstream: Upstream, proxy: Running
) -> None:
    answer = {key: value for key, value in chunk(None).items() if key != "choices"} | {"object": "chat.completion"}
    message = {"role": "assistant", "content": "Paris."}
    upstream.say(ok(answer | {"choices": [{"message": message, "finish_reason": "stop"}], "usage": USAGE}))
    upstream.say(streamed(openai_like(asked=False)))
    question = "What does it say?"

    await proxy.ask(question, model="m")
    again = await proxy.ask(question, stream=True, model="m")

    assert ("Paris.", "form") == (again.text, again.detail)  # not "backend"
