"""Which answers are kept, and for which tier: the table "What may be stored" of docs/wire.md (R19)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from proxy.core.answers.chat import ChatAnswers
from proxy.core.answers.embeddings import EmbeddingsAnswers
from proxy.core.answers.responses import ResponsesAnswers
from proxy.core.reasons import DropReason
from proxy.core.storable import TOOLS_TTL_S, Arrived, Asked, Drop, Keep, storable

ASKED = Asked("chat", "gpt-4o", must_be_json=False, has_tools=False, max_bytes=10_000)
TOOLS = replace(ASKED, has_tools=True)


def body(text: str = "Paris is the capital of France.", **changes: Any) -> bytes:
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 11, "model": "gpt-4o-2024-08-06"}
    return orjson.dumps(answer | {"choices": [choice]} | changes)


def arrived(text: str = "Paris is the capital of France.", /, **changes: Any) -> Arrived:
    headers = {"content-type": "application/json"} | changes.pop("headers", {})
    fields = {"status": 200, "body": body(text), "is_complete": True, "is_delimited": True} | changes
    return Arrived(headers=headers, **fields)


def stream() -> bytes:
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 11, "model": "gpt-4o"}
    choice = {"index": 0, "delta": {"role": "assistant", "content": "Paris."}, "finish_reason": "stop"}
    return b"data: %b\n\ndata: [DONE]\n\n" % orjson.dumps(chunk | {"choices": [choice]})


def judged(answer: Arrived, asked: Asked = ASKED) -> Keep | DropReason:
    verdict = storable(answer, asked, ChatAnswers())
    return verdict.reason if isinstance(verdict, Drop) else verdict


def test_a_whole_plain_answer_is_kept_for_both_tiers() -> None:
    kept = judged(arrived())

    assert isinstance(kept, Keep)
    assert (False, None) == (kept.exact_only, kept.max_ttl_s)


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        *((DropReason.STATUS, {"status": status}) for status in (201, 203, 206, 299, 304, 400, 500)),
        (DropReason.NO_STORE, {"headers": {"cache-control": "private, No-Store"}}),
        (DropReason.INCOMPLETE, {"is_complete": False}),
        (DropReason.CLOSE_DELIMITED, {"is_delimited": False}),
        (DropReason.FROM_CACHE, {"headers": {"cache-status": "equicache; hit; ttl=5; detail=exact"}}),
        (DropReason.FROM_CACHE, {"headers": {"cache-status": "CDN; fwd=miss, equicache;hit"}}),
        (DropReason.TOO_LARGE, {"body": body("x" * 10_000)}),
        (DropReason.UNPARSEABLE, {"headers": {"content-type": "text/html"}}),
        (DropReason.MODEL_DIFFERS, {"body": body(model="gpt-4")}),
    ],
)
def test_what_may_not_be_kept_names_its_reason(reason: DropReason, changes: dict[str, Any]) -> None:
    assert reason is judged(arrived(**changes))


@pytest.mark.parametrize(
    "headers",
    [{"cache-status": "CDN; hit, equicache; fwd=miss"}, {"cache-control": "private"}, {"set-cookie": "session=1"}],
)
def test_what_says_nothing_against_keeping_is_kept(headers: dict[str, str]) -> None:
    assert isinstance(judged(arrived(headers=headers)), Keep)


@pytest.mark.parametrize("said", [{"model": ""}, {"model": None}])
def test_an_answer_that_names_no_model_is_of_the_one_that_was_asked(said: dict[str, Any]) -> None:
    assert isinstance(judged(arrived(body=body(**said))), Keep)


@pytest.mark.parametrize(("form", "said"), [("application/json", body()), ("text/event-stream", stream())])
def test_an_answer_that_nests_further_than_it_can_be_written_again_is_not_kept(form: str, said: bytes) -> None:
    nested = said.replace(b'"content":', b'"x":' + b'{"a":' * 251 + b"1" + b"}" * 251 + b',"content":')

    assert judged(arrived(body=nested, headers={"content-type": form})) is DropReason.UNPARSEABLE


def test_an_answer_of_many_objects_beside_each_other_is_kept() -> None:
    assert isinstance(judged(arrived(body=body(tokens=[{"a": []}] * 300))), Keep)


def test_an_event_stream_says_itself_where_it_ends_and_no_store_by_habit() -> None:
    headers = {"content-type": "text/event-stream", "cache-control": "no-cache, no-store"}

    assert isinstance(judged(arrived(body=stream(), headers=headers, is_delimited=False)), Keep)
    assert DropReason.INCOMPLETE is judged(arrived(body=stream(), headers=headers, is_complete=False))


@pytest.mark.parametrize(
    "vary",
    [
        "Origin", "Accept-Encoding, Accept, X-Requested-With", "Origin, X-Origin, Referer", "Cookie, User-Agent", "",
        "origin, access-control-request-method, access-control-request-headers", "Authorization, X-Api-Key",
        "RSC, Next-Router-State-Tree, Next-Router-Prefetch, Next-Url", "OpenAI-Beta, x-portkey-config", "X-Region",
    ],
)  # fmt: skip
def test_an_answer_may_vary_by_what_is_told_apart_or_changes_no_answer(vary: str) -> None:
    told_apart = replace(ASKED, told_apart=frozenset({"x-region"}))

    assert isinstance(judged(arrived(headers={"vary": vary}), told_apart), Keep)


@pytest.mark.parametrize("vary", ["*", "Accept-Language", "Origin, X-Region", "Accept-Encoding, *"])
def test_an_answer_that_varies_by_anything_else_is_not_kept(vary: str) -> None:
    assert DropReason.VARIES is judged(arrived(headers={"vary": vary}))


@pytest.mark.parametrize(
    ("reason", "headers"),
    [
        (DropReason.VARIES, {"vary": "Origin, Authorization"}),
        (DropReason.NO_STORE, {"cache-control": "Private, max-age=0"}),
        (DropReason.NO_STORE, {"set-cookie": "session=1"}),
    ],
)
def test_what_is_for_one_caller_alone_is_not_kept_for_all(reason: DropReason, headers: dict[str, str]) -> None:
    assert reason is judged(arrived(headers=headers), replace(ASKED, is_shared=True))


def test_a_stream_for_one_caller_alone_is_not_kept_for_all() -> None:
    headers = {"content-type": "text/event-stream", "cache-control": "no-cache, private"}

    assert DropReason.NO_STORE is judged(arrived(body=stream(), headers=headers), replace(ASKED, is_shared=True))


@pytest.mark.parametrize("headers", [{"cache-control": "no-store"}, {"vary": "*"}])
def test_what_is_no_answer_is_said_before_whose_it_is(headers: dict[str, str]) -> None:
    """An error with status 200 shows of nobody that the upstream accepted him."""
    error = b'{"error": {"message": "Incorrect API key provided."}}'

    assert DropReason.ERROR_BODY is judged(arrived(body=error, headers=headers))


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ({"access-control-allow-origin": "*", "x-a": "1"}, (("Access-Control-Allow-Origin", "*"),)),
        ({"access-control-expose-headers": "x-a"}, ()),
        ({"access-control-allow-origin": "https://" + "a" * 10_000}, ()),
    ],
    ids=["any page", "no page", "a page of an invented name"],
)
def test_what_lets_a_page_read_the_answer_is_kept_with_it(headers: dict[str, str], kept: object) -> None:
    verdict = judged(arrived(headers=headers))

    assert isinstance(verdict, Keep)
    assert kept == verdict.record.cors


KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"
THINKING = [[{"type": "thinking", "thinking": [{"type": "text", "text": half}]}] for half in (KEY[:20], KEY[20:])]


@pytest.mark.parametrize(
    "deltas",
    [
        [{"reasoning_content": "The key is " + KEY[:20]}, {"reasoning_content": KEY[20:]}],
        [{"reasoning": KEY[:20]}, {"reasoning": KEY[20:]}],
        [{"content": half} for half in THINKING],
        [{"reasoning_text": KEY[:20]}, {"reasoning_text": KEY[20:]}],
        [{"reasoning_details": [{"type": "reasoning.text", "text": half}]} for half in (KEY[:20], KEY[20:])],
        [{"reasoning_details": [{"type": "reasoning.summary", "summary": half}]} for half in (KEY[:20], KEY[20:])],
        [{"thought": {"parts": [{"said": half}]}} for half in (KEY[:20], KEY[20:])],
    ],
)
def test_a_secret_in_what_a_model_thinks_aloud_is_one(deltas: list[dict[str, Any]]) -> None:
    deltas = [*deltas, {"content": "No."}, {}]
    choices = [{"index": 0, "delta": delta, "finish_reason": None if delta else "stop"} for delta in deltas]
    chunks = [orjson.dumps({"id": "chatcmpl-1", "model": "gpt-4o", "choices": [choice]}) for choice in choices]
    stream = b"".join([b"data: " + chunk + b"\n\n" for chunk in [*chunks, b"[DONE]"]])

    assert DropReason.SECRET is judged(arrived(body=stream, headers={"content-type": "text/event-stream"}))


@pytest.mark.parametrize(
    ("thought", "is_kept"),
    [
        ({"summary": [{"type": "summary_text", "text": f"The key is {KEY}."}]}, False),
        ({"summary": [], "content": [{"type": "reasoning_text", "text": KEY}]}, False),
        ({"summary": [], "encrypted_content": KEY}, True),
    ],
)
def test_the_same_of_a_response_but_not_of_what_is_sealed(thought: dict[str, Any], is_kept: bool) -> None:
    said = {"type": "message", "content": [{"type": "output_text", "text": "No.", "annotations": []}]}
    output = [{"type": "reasoning", "id": "rs_1", **thought}, said]
    answer = {"id": "resp_1", "object": "response", "status": "completed", "model": "gpt-4o", "output": output}
    verdict = storable(arrived(body=orjson.dumps(answer)), replace(ASKED, endpoint="responses"), ResponsesAnswers())

    assert isinstance(verdict, Keep) if is_kept else verdict == Drop(DropReason.SECRET)


def test_an_answer_of_exactly_the_limit_is_kept() -> None:
    assert isinstance(judged(arrived(), replace(ASKED, max_bytes=len(body()))), Keep)
    assert DropReason.TOO_LARGE is judged(arrived(), replace(ASKED, max_bytes=len(body()) - 1))


def test_an_answer_that_was_to_be_json_and_is_none_is_not_kept() -> None:
    asked = replace(ASKED, must_be_json=True)

    assert DropReason.INVALID_JSON is judged(arrived('{"city": "Par'), asked)
    assert isinstance(judged(arrived('{"city": "Paris"}'), asked), Keep)
    assert isinstance(judged(arrived('{"city": "Par')), Keep)


def test_with_tools_declared_an_answer_is_kept_for_an_hour_and_never_compared_by_meaning() -> None:
    kept = judged(arrived(), TOOLS)

    assert isinstance(kept, Keep)
    assert (True, TOOLS_TTL_S) == (kept.exact_only, kept.max_ttl_s)


def test_with_tools_declared_an_answer_that_asks_or_dates_itself_is_not_kept() -> None:
    asks, dated = "Sure. Which city do you mean?", "The rate is currently 4.5 %."

    assert DropReason.ANSWER_ASKS is judged(arrived(asks), TOOLS)
    assert DropReason.TIME_BOUND_ANSWER is judged(arrived(dated), TOOLS)
    assert isinstance(judged(arrived(asks)), Keep)


@pytest.mark.parametrize(
    "text",
    ["I'm sorry, but I can't help with that.", "The rate is currently 4.5 %.", "Hello Maria, your password is reset."],
)
def test_an_answer_that_is_good_for_its_own_request_alone_is_never_compared_by_meaning(text: str) -> None:
    kept = judged(arrived(text))

    assert isinstance(kept, Keep)
    assert kept.exact_only


@pytest.mark.parametrize(
    ("requested", "answered"),
    [
        ("gpt-4o", "gpt-4o"),
        ("gpt-4o", "gpt-4o-2024-08-06"),
        ("gpt-4", "gpt-4-0613"),
        ("openai/gpt-4o", "gpt-4o-2024-08-06"),
        ("gpt-4o", "openai/GPT-4o"),
        ("gemini-2.0-flash", "models/gemini-2.0-flash-exp"),
        ("gemini-1.5-pro", "gemini-1.5-pro-002"),
        ("gemini-2.5-pro", "gemini-2.5-pro-preview-05-06"),
        ("command-r-plus", "command-r-plus-08-2024"),
        ("claude-3-5-sonnet", "claude-3-5-sonnet@20240620"),
        ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
        ("mistral-large-latest", "mistral-large-2411"),
        ("meta-llama/llama-3.3-70b-instruct:free", "meta-llama/llama-3.3-70b-instruct"),
        ("deepseek/deepseek-r1", "deepseek/deepseek-r1-0528:free"),
        ("anthropic/claude-haiku-4.5", "anthropic/claude-4.5-haiku-20251001"),
        ("anthropic/claude-sonnet-4", "anthropic/claude-4-sonnet-20250522"),
        ("anthropic/claude-3.7-sonnet", "anthropic/claude-3-7-sonnet-20250219"),
        ("openai/gpt-oss-120b:cerebras", "gpt-oss-120b"),
        ("openai/gpt-oss-120b:fastest", "openai/gpt-oss-120b"),
        ("deepseek-ai/DeepSeek-V3:fireworks-ai", "accounts/fireworks/models/deepseek-v3"),
        ("llama3", "llama3:latest"),
        ("text-embedding-ada-002", "text-embedding-ada-002-v2"),
        ("gpt-3.5-turbo-instruct", "gpt-3.5-turbo-instruct:20230824-v2"),
        ("ft:gpt-4o-mini-2024-07-18:acme::A1", "ft:gpt-4o-mini-2024-07-18:acme::A1"),
        ("", "whatever-answers"),
    ],
)
def test_an_answer_of_the_model_that_was_asked_in_a_dated_version_of_it_is_kept(requested: str, answered: str) -> None:
    assert isinstance(judged(arrived(body=body(model=answered)), replace(ASKED, model=requested)), Keep)


@pytest.mark.parametrize(
    ("requested", "answered"),
    [
        ("gpt-4o", "gpt-4o-mini"),
        ("gpt-4o", "gpt-4o-mini-2024-07-18"),
        ("gpt-4o", "gpt-4o-audio-preview"),
        ("gpt-4", "gpt-4-turbo"),
        ("gpt-4", "gpt-4o"),
        ("gpt-4", "gpt-4-32k"),
        ("o1", "o1-mini"),
        ("claude-sonnet-4", "claude-sonnet-4-5-20250929"),
        ("command-r", "command-r-plus"),
        ("llama3", "llama3:70b"),
        ("phi3:mini", "phi3"),
        ("anthropic/claude-haiku-4.5", "anthropic/claude-4.5-sonnet-20250929"),
        ("anthropic/claude-sonnet-4", "anthropic/claude-4.5-sonnet-20250929"),
        ("anthropic/claude-3.5-haiku", "anthropic/claude-3-haiku-20240307"),
        ("gpt-4.1", "gpt-4-1106-preview"),
        ("x-ai/grok-4", "x-ai/grok-4.20"),
        ("gpt-4.1", "gpt-4.1-mini-2025-04-14"),
        ("openai/gpt-oss-120b:groq", "openai/gpt-oss-20b"),
        ("jina-embeddings", "jina-embeddings-v3"),
        ("gpt-4o-2024-08-06", "gpt-4o-2024-05-13"),
        ("gpt-4o-2024-08-06", "gpt-4o"),
    ],
)
def test_an_answer_of_a_model_that_a_gateway_fell_back_to_is_not_kept(requested: str, answered: str) -> None:
    answer = arrived(body=body(model=answered))

    assert DropReason.MODEL_DIFFERS is judged(answer, replace(ASKED, model=requested))


def vectors(*embeddings: object) -> bytes:
    rows = [{"object": "embedding", "index": i, "embedding": each} for i, each in enumerate(embeddings)]
    return orjson.dumps({"object": "list", "model": "gpt-4o", "data": rows})


@pytest.mark.parametrize(
    ("reason", "answer"),
    [
        (DropReason.INCOMPLETE, vectors([0.1, 0.2])),
        (DropReason.EMPTY, vectors([0.1, 0.2], [0.1, None])),
        (DropReason.EMPTY, vectors([0.1, 0.2], [])),
    ],
)
def test_embeddings_of_which_some_are_missing_are_not_kept(reason: DropReason, answer: bytes) -> None:
    asked = replace(ASKED, endpoint="embeddings", inputs=2)

    assert Drop(reason) == storable(arrived(body=answer), asked, EmbeddingsAnswers())
    assert isinstance(storable(arrived(body=vectors([0.1], "zczMPQ==")), asked, EmbeddingsAnswers()), Keep)
