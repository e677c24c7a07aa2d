"""What is read of a request: endpoint, model, form, question, turns."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.conditions import NONE
from proxy.core.field_table import TABLE
from proxy.core.policy import plan
from proxy.core.reasons import BypassReason, ExactOnlyReason
from proxy.core.request import Endpoint, Question, endpoint_of, parse_request
from proxy.core.route import Domain
from proxy.core.scope import scope_of
from tests.asking import QUESTION, chat, context, request_of, route_of, system, user


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/v1/chat/completions", Endpoint.CHAT),
        ("/v1/responses", Endpoint.RESPONSES),
        ("/v1/completions", Endpoint.COMPLETIONS),
        ("/v1/embeddings", Endpoint.EMBEDDINGS),
        ("/openai/v1/responses", Endpoint.RESPONSES),
        ("/openai/deployments/my-gpt/chat/completions", Endpoint.CHAT),
        ("/openai/deployments/my-gpt/embeddings", Endpoint.EMBEDDINGS),
        ("/v1/chat/completions/", None),
        ("/v1/chat/completions/chatcmpl-1", None),
        ("/v1/responses/resp_1/cancel", None),
        ("/v1/models", None),
        ("/v1//chat/completions", None),
        ("/v1/chat%2Fcompletions", None),
        ("/openai/deployments/a/b/chat/completions", None),
        ("/openai/deployments//chat/completions", None),
        ("/", None),
        ("", None),
    ],
)
def test_only_four_endpoints_are_remembered(path: str, endpoint: Endpoint | None) -> None:
    assert endpoint_of(path) is endpoint


def test_the_text_of_a_single_user_turn_is_the_question() -> None:
    assert chat(system(), user()).question == Question(QUESTION, ("messages", 1, "content"))


def test_one_plain_text_part_is_a_question_too() -> None:
    request = chat(user([{"type": "text", "text": QUESTION}]))

    assert request.question == Question(QUESTION, ("messages", 0, "content", 0, "text"))


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": QUESTION, "prompt_cache_breakpoint": {}}],
        [{"type": "text", "text": QUESTION}, {"type": "text", "text": "and why?"}],
        [{"type": "input_text", "text": QUESTION}],
        [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}],
        [{"type": "file", "file": {"file_id": "file-1"}}],
        [{"type": "new_kind", "text": QUESTION}],
        [{"type": "text", "text": 1}],
        [QUESTION],
        [],
        {"text": QUESTION},
        None,
        1,
    ],
)
def test_any_other_content_is_compared_exactly_only(content: Any) -> None:
    assert chat(user(content)).question is ExactOnlyReason.CONTENT_PARTS


@pytest.mark.parametrize("text", ["", " \n\t", "\u2003"])
def test_a_blank_question_is_none(text: str) -> None:
    assert chat(user(text)).question is ExactOnlyReason.EMPTY


EXAMPLE = [
    {"role": "system", "name": "example_user", "content": "gonna be late"},
    {"role": "system", "name": "example_assistant", "content": "I am going to be late."},
]
"""One of OpenAI's few-shot examples: turns in the clothes of system messages."""


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([user("hi"), {"role": "assistant", "content": "hello"}, user()], ExactOnlyReason.SEVERAL_TURNS),
        ([user("hi"), user()], ExactOnlyReason.SEVERAL_TURNS),
        ([{"role": "model", "content": "hello"}, user()], ExactOnlyReason.SEVERAL_TURNS),
        ([*EXAMPLE, user()], ExactOnlyReason.SEVERAL_TURNS),
        ([system("Be brief."), *EXAMPLE, user()], ExactOnlyReason.SEVERAL_TURNS),
        ([system("Be brief."), EXAMPLE[0], user()], ExactOnlyReason.SEVERAL_TURNS),
        ([EXAMPLE[0], {"role": "assistant", "content": "I am."}, user()], ExactOnlyReason.SEVERAL_TURNS),
        ([{"role": "tool", "tool_call_id": "1", "content": "4"}, user()], ExactOnlyReason.TOOLS),
        ([{"role": "assistant", "tool_calls": [{"id": "1"}]}, user()], ExactOnlyReason.TOOLS),
        ([system([{"type": "text", "text": "a"}, {"type": "odd"}]), user()], ExactOnlyReason.CONTENT_PARTS),
    ],
)
def test_a_conversation_with_more_than_one_plain_turn_has_no_question(
    messages: list[dict[str, Any]], reason: ExactOnlyReason
) -> None:
    assert chat(*messages).question is reason


def test_a_system_message_with_a_name_that_stands_alone_is_no_turn() -> None:
    request = chat({"role": "system", "name": "acme", "content": "Be brief."}, user())

    assert isinstance(request.question, Question)
    assert request.system_text == "Be brief."


def test_a_greeting_of_the_assistant_is_no_user_turn() -> None:
    request = chat({"role": "assistant", "content": "How can I help?"}, user())

    assert isinstance(request.question, Question)
    assert request.assistant_text == "How can I help?"


def test_what_the_assistant_said_before_is_known_on_both_endpoints() -> None:
    said = {"role": "assistant", "content": "I translate."}
    parts = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Into French."}]}

    assert chat(said, user()).assistant_text == "I translate."
    assert request_of(Endpoint.RESPONSES, input=[said, parts, user()]).assistant_text == "I translate.\nInto French."


@pytest.mark.parametrize(
    ("messages", "barrier"),
    [
        ([user(), {"role": "assistant", "content": "x"}], BypassReason.NOT_FROM_USER),
        ([user(), {"role": "tool", "tool_call_id": "1", "content": "4"}], BypassReason.NOT_FROM_USER),
        ([user(), system()], BypassReason.NOT_FROM_USER),
        ([{"content": "no role"}], BypassReason.NOT_FROM_USER),
        ([], BypassReason.UNPARSEABLE),
        (None, BypassReason.UNPARSEABLE),
        ("text", BypassReason.UNPARSEABLE),
        ([user(), "text"], BypassReason.UNPARSEABLE),
        ([user([{"type": "image_url", "image_url": {"url": "https://x/y.png"}}])], BypassReason.REMOTE_CONTENT),
        ([user([{"type": "image_url", "image_url": "http://x/y.png"}])], BypassReason.REMOTE_CONTENT),
        ([user([{"type": "image_url", "image_url": {"url": " HTTPS://x"}}])], BypassReason.REMOTE_CONTENT),
        ([user([{"type": "video_url", "video_url": {"url": "gs://x"}}])], BypassReason.REMOTE_CONTENT),
        ([user() | {"images": ["https://x/y.png"]}], BypassReason.REMOTE_CONTENT),
        ([user() | {"image": "https://x/y.png"}], BypassReason.REMOTE_CONTENT),
        ([user([{"type": "odd", "inner": [{"file_url": "https://x"}]}])], BypassReason.REMOTE_CONTENT),
        ([user([{"type": "input_audio", "input_audio": {"data": "AA"}}])], BypassReason.STATEFUL_FIELD),
        ([{"role": "assistant", "content": [{"type": "output_audio"}]}, user()], BypassReason.STATEFUL_FIELD),
        ([{"role": "assistant", "audio": {"id": "audio_1"}}, user()], BypassReason.STATEFUL_FIELD),
        (
            [user([{"type": "image_url", "image_url": {"url": "https://x"}}]), user()],
            BypassReason.REMOTE_CONTENT,
        ),
    ],
)
def test_a_conversation_that_memory_must_not_answer_is_barred(messages: Any, barrier: BypassReason) -> None:
    assert request_of(messages=messages).turns.barrier is barrier


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image", "source": {"type": "url", "url": "https://x/now.jpg"}},
        {"type": "image", "image": "https://x/now.jpg"},
        {"type": "image", "uri": " HTTP://x/now.jpg"},
        {"type": "video", "video": ["https://x/1.jpg", "https://x/2.jpg"]},
        {"type": "document", "document": "s3://x/now.pdf"},
        {"type": "file", "file": {"file_data": "https://x/now.pdf"}},
        {"type": "file_data", "file_uri": "gs://x/now.pdf"},
        {"image": "https://x/now.jpg"},
    ],
)
def test_an_address_in_what_is_not_text_is_fetched_anew_whatever_its_key(part: Any) -> None:
    assert chat(user([{"type": "text", "text": QUESTION}, part])).turns.barrier is BypassReason.REMOTE_CONTENT


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "DATA:image/png;base64,AA"}},
        {"type": "text", "text": "https://x says what?"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "https+AA/+/AA=="}},
        {"type": "document", "content": [{"type": "text", "text": "https://x says hello"}]},
        {"type": "output_text", "text": "x", "annotations": [{"type": "url_citation", "url": "https://x"}]},
    ],
)
def test_what_is_inline_is_no_barrier(part: Any) -> None:
    assert chat(user([part])).turns.barrier is None


def test_an_address_that_a_tool_was_called_with_is_no_barrier() -> None:
    calls = [{"id": "1", "type": "custom", "custom": {"name": "open", "input": "https://x"}}]

    assert chat({"role": "assistant", "tool_calls": calls}, user()).turns.barrier is None


def test_responses_input_as_a_string_is_the_question_and_instructions_are_system_text() -> None:
    request = request_of(Endpoint.RESPONSES, instructions="Be brief.")

    assert request.question == Question(QUESTION, ("input",))
    assert request.system_text == "Be brief."


@pytest.mark.parametrize("content", [QUESTION, [{"type": "input_text", "text": QUESTION}]])
def test_a_last_user_item_with_one_text_is_the_question(content: Any) -> None:
    items = [{"role": "developer", "content": "Be kind."}, {"type": "message", "role": "user", "content": content}]

    request = request_of(Endpoint.RESPONSES, input=items, instructions="Be brief.")

    assert isinstance(request.question, Question)
    assert request.question.cut[:3] == ("input", 1, "content")
    assert request.system_text == "Be brief.\nBe kind."


@pytest.mark.parametrize(
    ("items", "barrier"),
    [
        ([{"type": "item_reference", "id": "msg_1"}, user()], BypassReason.STATEFUL_FIELD),
        ([{"id": "msg_1"}, user()], BypassReason.STATEFUL_FIELD),
        ([user(), {"type": "function_call_output", "call_id": "1", "output": "4"}], BypassReason.NOT_FROM_USER),
        ([user([{"type": "input_image", "image_url": "https://x"}])], BypassReason.REMOTE_CONTENT),
        ([user([{"type": "input_file", "file_url": "https://x"}])], BypassReason.REMOTE_CONTENT),
        ([], BypassReason.UNPARSEABLE),
        (None, BypassReason.UNPARSEABLE),
        (7, BypassReason.UNPARSEABLE),
    ],
)
def test_input_items_that_memory_must_not_answer_are_barred(items: Any, barrier: BypassReason) -> None:
    assert request_of(Endpoint.RESPONSES, input=items).turns.barrier is barrier


@pytest.mark.parametrize("kind", ["reasoning", "function_call", "web_search_call", "compaction", "new_item"])
def test_an_item_that_is_no_message_leaves_the_exact_tier_only(kind: str) -> None:
    request = request_of(Endpoint.RESPONSES, input=[{"type": kind, "id": "1"}, user()])

    assert request.question is ExactOnlyReason.TOOLS
    assert request.turns.barrier is None


@pytest.mark.parametrize("endpoint", [Endpoint.COMPLETIONS, Endpoint.EMBEDDINGS])
def test_other_endpoints_are_compared_whole(endpoint: Endpoint) -> None:
    assert request_of(endpoint).question is ExactOnlyReason.ENDPOINT


def test_the_last_user_text_is_known_even_when_it_is_exact_only() -> None:
    request = chat(user("first"), user([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]))

    assert request.turns.last_user_text == "a\nb"


@pytest.mark.parametrize(
    "fields", [{"model": 1}, {"model": None}, {"stream": 1}, {"stream": "true"}, {"stream_options": [1]}]
)
def test_a_wrong_type_in_what_we_read_is_not_understood(fields: dict[str, Any]) -> None:
    body = {"model": "m", "messages": [user()], **fields}

    assert parse_request(Endpoint.CHAT, orjson.dumps(body)) is BypassReason.UNPARSEABLE


def test_the_form_that_the_client_wants_is_read() -> None:
    request = chat(stream=True, stream_options={"include_usage": True, "include_obfuscation": False})

    assert (request.stream, request.include_usage, request.include_obfuscation) == (True, True, False)


@pytest.mark.parametrize(("value", "expected"), [(None, None), (0, 0.0), (1.5, 1.5)])
def test_temperature_is_a_number_or_absent(value: Any, expected: float | None) -> None:
    assert chat(temperature=value).temperature == expected


@pytest.mark.parametrize("value", ["0", True, [0]])
def test_a_temperature_of_another_type_is_no_number(value: Any) -> None:
    temperature = chat(temperature=value).temperature

    assert temperature is not None
    assert temperature != temperature


KEYS = st.sampled_from(
    ["role", "content", "type", "text", "tool_calls", "audio", "id", "image_url", "url", "format", "name", "user"]
)
LEAVES = st.sampled_from([None, True, 1, 0.5, "", "user", "system", "text", "message", "input_text", "data:x"])
ODD = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))
FIELDS = st.sampled_from(sorted({name for table in TABLE.values() for name in table}))


@given(st.sampled_from(list(Endpoint)), st.dictionaries(FIELDS, ODD, max_size=5))
def test_no_shape_of_a_body_raises(endpoint: Endpoint, fields: dict[str, Any]) -> None:
    request = parse_request(endpoint, orjson.dumps(fields))
    plan(request, route_of(), Domain(), NONE, has_cookie=False)
    if isinstance(request, BypassReason):
        return
    made = scope_of(request, context(endpoint), Domain())

    assert (made.question is None) == (made.question_reason is not None)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("https://x/a.png", None),
        (["https://x/a.png", "text"], None),
        ([{"text": "https://x/a.png"}], None),
        ([{"type": "text", "text": "https://x"}], None),
        ([{"image": "iVBORw0KGgo="}], None),
        ([1, 2], None),
        ([{"image": "https://x/a.png"}], BypassReason.REMOTE_CONTENT),
        ([{"text": "a"}, {"image_url": {"url": "http://x/a.png"}}], BypassReason.REMOTE_CONTENT),
        ([{"content": [{"type": "image_url", "image_url": "http://x/a.png"}]}], BypassReason.REMOTE_CONTENT),
        ({"image": "https://x/a.png"}, BypassReason.REMOTE_CONTENT),
    ],
)
def test_what_is_fetched_to_be_embedded_is_not_remembered(given: object, reason: BypassReason | None) -> None:
    assert reason is request_of(Endpoint.EMBEDDINGS, input=given).turns.barrier
