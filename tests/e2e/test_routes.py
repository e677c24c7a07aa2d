"""A request goes to the upstream that its model's route names, however long, odd or foreign to memory it is."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace

import orjson
import pytest

from proxy.app import App, build_app
from proxy.config.load import loads
from proxy.core.outcome import Outcome
from tests.upstream import Upstream
from tests.wire.client import Answer, ask, request

YAML = """
server: {{port: 0, admin: {{port: 0}}, log: json}}
store: memory://
upstreams: {{openai: {{base_url: "{openai}"}}, local: {{base_url: "{local}"}}}}
routes:
- {{name: local, match: {{path: "/v1/*", model: "llama*"}}, upstream: {taker}, cache: semantic}}
- {{name: chat, match: {{path: /v1/chat/completions}}, upstream: openai, cache: semantic, max_request_bytes: 2048}}
- {{name: rest, match: {{path: "*"}}, upstream: openai, cache: off}}
"""
NAMING_BYTES = 4 * 1024 * 1024
CHAT = "/v1/chat/completions"
LONG = "x " * 1_000_000
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n{"model": "x"}\r\n'
    b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nllama-voice\r\n--b--\r\n'
)


@dataclass
class Two:
    """A proxy before two upstreams."""

    app: App
    openai: Upstream
    local: Upstream

    async def post(self, path: str, body: bytes, *headers: tuple[bytes, bytes]) -> Answer:
        return await ask(self.app.data.port, request(path, method="POST", body=body, headers=headers))

    @property
    def calls(self) -> tuple[int, int]:
        """Of openai and local: requests of which they saw anything."""
        return len(self.openai.seen), len(self.local.seen)


@asynccontextmanager
async def two(taker: str) -> AsyncIterator[Two]:
    async with Upstream() as openai, Upstream() as local:
        app = await build_app(loads(YAML.format(openai=openai.url, local=local.url, taker=taker), environ={}))
        await app.start()
        try:
            yield Two(app, openai, local)
        finally:
            await app.stop()


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy.web.routing.NAMING_BYTES", NAMING_BYTES)


@pytest.fixture
async def torn() -> AsyncIterator[Two]:
    """The model decides between two upstreams."""
    async with two("local") as running:
        yield running


@pytest.fixture
async def alike() -> AsyncIterator[Two]:
    """Whatever the model is, openai answers."""
    async with two("openai") as running:
        yield running


def chat(content: str = "What is a cow?", model: str = "llama3") -> bytes:
    return orjson.dumps({"messages": [{"role": "user", "content": content}], "model": model})


@pytest.mark.parametrize(
    "body",
    [
        chat(),
        chat(LONG),
        chat('[{\\"' * 100_000),
        b'{"model": "llama3", "n": 1, "n": 2, "messages": []}',
        b'{"model": "llama3", "x": NaN, "messages": ["\xff \\ud800"]}',
        b"\xef\xbb\xbf " + chat(),
        chat().decode().encode("utf-16"),
        b'{"model": "llama3", "messages": [{"model": "gpt"}], "model": "llama3"}',
        b'{"mod\\u0065l": "llama\\u0033"}',
    ],
    ids=["short", "long", "brackets", "duplicate", "no strict JSON", "BOM", "UTF-16", "model twice", "escapes"],
)
async def test_a_body_reaches_its_models_upstream_whatever_memory_makes_of_it(torn: Two, body: bytes) -> None:
    await torn.post(CHAT, body)

    assert (0, 1) == torn.calls
    assert body == torn.local.seen[0].body


async def test_a_coded_body_reaches_its_models_upstream(torn: Two) -> None:
    body = gzip.compress(chat(LONG))
    await torn.post(CHAT, body, (b"Content-Encoding", b"gzip"))

    assert (0, 1) == torn.calls
    assert body == torn.local.seen[0].body


@pytest.mark.parametrize("path", ["/v1/moderations", "/v1/rerank", "/v1/audio/transcriptions"])
@pytest.mark.parametrize("body", [chat(), chat(LONG), FORM], ids=["short", "long", "form"])
async def test_so_does_one_on_a_path_that_memory_does_not_know(torn: Two, path: str, body: bytes) -> None:
    form = (b"Content-Type", b'multipart/form-data; boundary="b"')
    await torn.post(path, body, *([form] if body is FORM else []))

    assert (0, 1) == torn.calls
    assert body == torn.local.seen[0].body


@pytest.mark.parametrize(
    ("status", "code", "body"),
    [
        (400, b"unclear_model", b'{"messages": ["PRIVATE"], "model": "llama3", "model": "gpt-4o"}'),
        (400, b"unclear_model", b'{"messages": ["PRIVATE"], "model": "llama3"'),
        (400, b"unclear_model", b'{"messages": ["PRIVATE], "model": "llama3"}'),
        (413, b"body_too_large", chat("x" * NAMING_BYTES)),
    ],
    ids=["two models", "unfinished", "unfinished string", "too long"],
)
@pytest.mark.parametrize("path", [CHAT, "/v1/moderations"])
async def test_a_body_whose_upstream_nobody_can_tell_goes_to_none(
    torn: Two, path: str, status: int, code: bytes, body: bytes
) -> None:
    answer = await torn.post(path, body)

    assert (status, code) == (answer.status, answer.header(b"equicache-error"))
    assert (0, 0) == torn.calls


async def test_a_coded_body_that_cannot_be_read_goes_to_none(torn: Two) -> None:
    answer = await torn.post(CHAT, b"?", (b"Content-Encoding", b"unknown"))

    assert (400, (0, 0)) == (answer.status, torn.calls)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"model": null}', b"[1]", b"RIFF", chat(model="gpt-4o")])
async def test_a_body_that_names_no_model_of_a_route_is_the_rests(torn: Two, body: bytes) -> None:
    await torn.post("/v1/moderations", body)

    assert (1, 0) == torn.calls


@pytest.mark.parametrize("path", ["/v1/files", "/v1/uploads/upload_1/parts"])
async def test_a_file_of_any_length_is_streamed_to_where_no_model_is_asked_for(torn: Two, path: str) -> None:
    body = b"x" * (NAMING_BYTES + 1)
    await torn.post(path, body, (b"Content-Type", b"multipart/form-data; boundary=b"))

    assert (1, 0) == torn.calls
    assert len(body) == torn.openai.seen[0].body_size


@pytest.mark.parametrize("path", [CHAT, "/v1/moderations"])
@pytest.mark.parametrize("body", [chat("x" * NAMING_BYTES), b'{"model": "llama3", "model": "gpt-4o"}'])
async def test_where_one_upstream_answers_all_models_nothing_is_refused(alike: Two, path: str, body: bytes) -> None:
    await alike.post(path, body)

    assert (1, 0) == alike.calls
    assert len(body) == alike.openai.seen[0].body_size


@pytest.mark.parametrize(
    ("taker", "path", "body", "route", "result"),
    [
        ("local", CHAT, chat("x" * 3_000), "local", "miss"),
        ("local", CHAT, chat("x" * 3_000, "gpt-4o"), "chat", "bypass too_large"),
        ("local", CHAT, chat(LONG, "gpt-4o"), "chat", "bypass too_large"),
        ("local", CHAT, chat(LONG), "local", "bypass too_large"),
        ("openai", CHAT, chat(LONG), "chat", "bypass too_large"),
        ("local", "/v1/embeddings", chat(LONG, "gpt-4o"), "rest", "bypass off"),
        ("local", "/openai/v1/embeddings", chat(), "rest", "bypass off"),
    ],
)
async def test_a_body_above_its_own_routes_limit_is_not_looked_up_but_told(
    taker: str, path: str, body: bytes, route: str, result: str
) -> None:
    told: list[Outcome] = []
    async with two(taker) as proxy:
        proxy.app.audience._observers = [SimpleNamespace(observed=told.append)]  # type: ignore[list-item]
        answer = await proxy.post(path, body)
        await proxy.app.remember.drained()

    (outcome,) = told
    is_bypass = b"fwd=bypass" in (answer.header(b"cache-status") or b"")
    assert (route, result) == (outcome.route, f"bypass {outcome.reason}" if is_bypass else outcome.result)
