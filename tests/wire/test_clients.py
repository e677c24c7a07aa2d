"""Real clients with only the base URL set: what they are given directly, on a miss and on a hit is the same."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from proxy.app import App
from tests.upstream import Upstream
from tests.wire.conftest import app_for

Json = Any
Ask = Callable[[openai.AsyncOpenAI], Awaitable[Json]]
FRESH = {"id", "created", "created_at", "item_id", "obfuscation", "completed_at"}
MESSAGES: Any = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why is the sky blue?"}]
TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": "look_up",
            "parameters": {"type": "object", "properties": {"word": {"type": "string"}, "count": {"type": "integer"}}},
        },
    }
]


class Explained(BaseModel):
    """What `.parse()` is asked for."""

    answer: str
    reasons: list[str]
    certainty: float


def plain(value: Json) -> Json:
    """The value without what is fresh in every answer."""
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", warnings=False)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if key not in FRESH}
    return [plain(part) for part in value] if isinstance(value, list) else value


async def everything(stream: AsyncIterator[Json]) -> list[Json]:
    return [part async for part in stream]


def joined(chunks: list[Json]) -> Json:
    """A stream as one answer: text per choice, finish reasons, usage; how it was cut is not part of it."""
    texts: dict[int, str] = {}
    reasons: dict[int, str | None] = {}
    for chunk in chunks:
        for choice in chunk.choices:
            texts[choice.index] = texts.get(choice.index, "") + (getattr(choice, "text", None) or _delta(choice))
            reasons[choice.index] = choice.finish_reason or reasons.get(choice.index)
    usage = [plain(chunk.usage) for chunk in chunks if getattr(chunk, "usage", None)]
    assert len({chunk.id for chunk in chunks}) == 1
    return [texts, reasons, usage, chunks[0].model]


def _delta(choice: Json) -> str:
    return choice.delta.content or "" if hasattr(choice, "delta") else ""


async def chat(client: openai.AsyncOpenAI, **more: Any) -> Json:
    return plain(await client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES, **more))


async def chat_stream(client: openai.AsyncOpenAI, **more: Any) -> Json:
    stream = await client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES, stream=True, **more)
    return joined(await everything(stream))


async def chat_parse(client: openai.AsyncOpenAI) -> Json:
    parsed = await client.chat.completions.parse(model="gpt-4o-mini", messages=MESSAGES, response_format=Explained)
    assert isinstance(parsed.choices[0].message.parsed, Explained)
    return plain(parsed)


async def chat_helper(client: openai.AsyncOpenAI) -> Json:
    async with client.chat.completions.stream(model="gpt-4o-mini", messages=MESSAGES) as stream:
        await everything(stream)
        return plain(await stream.get_final_completion())


async def response(client: openai.AsyncOpenAI, **more: Any) -> Json:
    return plain(await client.responses.create(model="gpt-4o-mini", input="Why is the sky blue?", **more))


async def response_stream(client: openai.AsyncOpenAI, **more: Any) -> Json:
    asked: Any = {"model": "gpt-4o-mini", "input": "Why is the sky blue?", **more}
    events = await everything(await client.responses.create(stream=True, **asked))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    return [text, plain(events[-1])["response"], events[0].type]


async def response_helper(client: openai.AsyncOpenAI) -> Json:
    async with client.responses.stream(model="gpt-4o-mini", input="Why is the sky blue?", store=False) as stream:
        await everything(stream)
        return plain(await stream.get_final_response())


async def response_parse(client: openai.AsyncOpenAI) -> Json:
    parsed = await client.responses.parse(model="gpt-4o-mini", input="Why?", text_format=Explained)
    assert isinstance(parsed.output_parsed, Explained)
    return plain(parsed)


async def completion(client: openai.AsyncOpenAI) -> Json:
    return plain(await client.completions.create(model="gpt-3.5-turbo-instruct", prompt="Once upon"))


async def completion_stream(client: openai.AsyncOpenAI) -> Json:
    stream = await client.completions.create(model="gpt-3.5-turbo-instruct", prompt="Once upon", stream=True)
    return joined(await everything(stream))


async def embedding(client: openai.AsyncOpenAI, **more: Any) -> Json:
    return plain(await client.embeddings.create(model="text-embedding-3-small", input=["a", "b"], **more))


async def models(client: openai.AsyncOpenAI) -> Json:
    listed = [model.id async for model in client.models.list()]
    return [listed, plain(await client.models.retrieve(listed[0]))]


async def streamed_bytes(client: openai.AsyncOpenAI) -> Json:
    create = client.chat.completions.with_streaming_response.create
    async with create(model="gpt-4o-mini", messages=MESSAGES) as answer:
        return plain(json.loads(await answer.read()))


async def wrong(client: openai.AsyncOpenAI) -> Json:
    with pytest.raises(openai.NotFoundError) as error:
        await client.files.retrieve("file-1")
    return [error.value.status_code, error.value.body, error.value.code]


def with_options(ask: Callable[..., Awaitable[Json]], **more: Any) -> Ask:
    return lambda client: ask(client, **more)


USAGE = {"include_usage": True}
ASKS: dict[str, tuple[Ask, bool]] = {
    "chat": (chat, True),
    "chat with a temperature": (
        with_options(chat, temperature=0.7, max_tokens=50, user="u", metadata={"a": "b"}),
        True,
    ),
    "chat three times": (with_options(chat, n=3), True),
    "chat with log-probabilities": (with_options(chat, logprobs=True, top_logprobs=2), True),
    "chat with tools that are called": (with_options(chat, tools=TOOLS, tool_choice="required"), False),
    "chat in JSON": (with_options(chat, response_format={"type": "json_object"}), True),
    "chat parsed": (chat_parse, True),
    "chat stream": (chat_stream, True),
    "chat stream with usage": (with_options(chat_stream, stream_options=USAGE), True),
    "chat stream three times": (with_options(chat_stream, n=3, stream_options=USAGE), True),
    "chat stream with tools": (with_options(chat_stream, tools=TOOLS, tool_choice="required"), False),
    "chat stream helper": (chat_helper, True),
    "chat as bytes": (streamed_bytes, True),
    "response": (response, True),
    "response not kept": (with_options(response, store=False), True),
    "response stream": (response_stream, True),
    "response stream not kept": (with_options(response_stream, store=False), True),
    "response stream helper": (response_helper, True),
    "response parsed": (response_parse, True),
    "response after another": (with_options(response, previous_response_id="resp_1"), False),
    "completion": (completion, True),
    "completion stream": (completion_stream, True),
    "embedding": (embedding, True),
    "embedding as numbers": (with_options(embedding, encoding_format="float"), True),
    "models": (models, False),
    "an error": (wrong, False),
}
"""What is asked, and whether the second asking may be answered from memory."""


def client_of(port: int) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="sk-test", max_retries=0)


@pytest.fixture
async def app(upstream: Upstream) -> AsyncIterator[App]:
    """The whole product in front of the `upstream` fixture."""
    async with app_for(upstream) as started:
        yield started


@pytest.mark.parametrize("name", ASKS)
async def test_openai_sdk_gets_the_same_directly_on_a_miss_and_on_a_hit(
    name: str, upstream: Upstream, app: App
) -> None:
    ask, is_remembered = ASKS[name]
    async with client_of(upstream.port) as direct, client_of(app.data.port) as proxied:
        said = await ask(direct)
        calls = upstream.calls

        assert await ask(proxied) == said
        calls_for_miss = upstream.calls - calls
        await app.remember.drained()
        assert await ask(proxied) == said
    assert upstream.calls - calls == calls_for_miss * (1 if is_remembered else 2)


async def test_a_stream_is_answered_from_a_remembered_answer_and_the_other_way(upstream: Upstream, app: App) -> None:
    async with client_of(app.data.port) as client:
        whole = await client.chat.completions.create(model="m", messages=MESSAGES)
        await app.remember.drained()
        stream = await client.chat.completions.create(
            model="m", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
        texts, _, usage, _ = joined(await everything(stream))

    assert (texts, usage, upstream.calls) == ({0: whole.choices[0].message.content}, [plain(whole.usage)], 1)


def test_blocking_sdk_works_through_the_proxy() -> None:
    async def run() -> None:
        async with Upstream() as upstream, app_for(upstream) as app:
            await asyncio.to_thread(blocking, app.data.port)

    def blocking(port: int) -> None:
        with openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="k", max_retries=0) as client:
            whole = client.chat.completions.create(model="m", messages=MESSAGES).choices[0].message.content
            chunks = list(client.chat.completions.create(model="m", messages=MESSAGES, stream=True))

        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == whole

    asyncio.run(run())


BODY = json.dumps({"model": "m", "messages": MESSAGES})
JSON_TYPE = ["-H", "Content-Type: application/json", "-H", "Authorization: Bearer k"]
CURLS: dict[str, list[str]] = {
    "post": ["-d", BODY, *JSON_TYPE, "/v1/chat/completions"],
    "stream": ["-N", "-d", BODY[:-1] + ', "stream": true}', *JSON_TYPE, "/v1/chat/completions"],
    "compressed": ["--compressed", "-d", BODY, *JSON_TYPE, "/v1/chat/completions"],
    "get": ["/v1/models"],
    "head": ["-I", "/v1/models"],
    "HTTP/1.0": ["--http1.0", "-d", BODY, *JSON_TYPE, "/v1/chat/completions"],
    "form": ["-F", "purpose=batch", "-F", "file=@PATH", "/v1/files"],
    "large upload that asks first": ["-T", "PATH", "-H", "Expect: 100-continue", "/v1/files"],
    "chunked upload": ["-T", "PATH", "-H", "Transfer-Encoding: chunked", "/v1/files"],
    "unknown path": ["-X", "PATCH", "/v1/nowhere?x="],
}


@pytest.mark.parametrize("name", CURLS)
async def test_curl_gets_the_same(name: str, upstream: Upstream, app: App, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(range(256)) * 8_192)
    arguments = [part.replace("PATH", str(large)) for part in CURLS[name]]

    outputs = [await curl(port, arguments) for port in (upstream.port, app.data.port)]

    assert outputs[0] == outputs[1]
    direct, proxied = upstream.seen
    assert (direct.method, direct.target, direct.body_size) == (proxied.method, proxied.target, proxied.body_size)


async def curl(port: int, arguments: list[str]) -> tuple[int, bytes]:
    """Exit status and output, without what is fresh in every answer."""
    command = ["curl", "-sS", "--max-time", "20", *arguments[:-1], f"http://127.0.0.1:{port}{arguments[-1]}"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
    assert done.stderr == b""
    return done.returncode, without_fresh(done.stdout)


def without_fresh(output: bytes) -> bytes:
    """Masks ids and times."""
    in_body, in_head = rb'"id":"[^"]*"|"created":\d+|"obfuscation":"x*"', rb"req_[0-9a-f]+|frrNG\d+|\w{16}-FRA|Date: .*"
    return re.sub(rb"%b|%b" % (in_body, in_head), b"", output)
