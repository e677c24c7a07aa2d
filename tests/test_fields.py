"""The field table: every field of every endpoint is known, and none can change without being noticed (R5)."""

from __future__ import annotations

import itertools
import types
from typing import Any, get_type_hints

import orjson
import pytest
from openai.types import completion_create_params, embedding_create_params
from openai.types.chat import completion_create_params as chat_create_params
from openai.types.responses import response_create_params

from proxy.core.conditions import NONE
from proxy.core.fields import TABLE, Treatment, judge_fields, treatment_of
from proxy.core.policy import Bypass, Semantic, plan
from proxy.core.reasons import BypassReason, ExactOnlyReason
from proxy.core.request import Endpoint, parse_request
from proxy.core.route import Domain
from proxy.core.scope import FORM_FIELDS, scope_of
from tests.asking import body_of, context, request_of, route_of

SDK_TYPES: dict[Endpoint, tuple[types.ModuleType, tuple[str, ...]]] = {
    Endpoint.CHAT: (chat_create_params, ("CompletionCreateParamsNonStreaming", "CompletionCreateParamsStreaming")),
    Endpoint.RESPONSES: (
        response_create_params,
        ("ResponseCreateParamsNonStreaming", "ResponseCreateParamsStreaming"),
    ),
    Endpoint.COMPLETIONS: (
        completion_create_params,
        ("CompletionCreateParamsNonStreaming", "CompletionCreateParamsStreaming"),
    ),
    Endpoint.EMBEDDINGS: (embedding_create_params, ("EmbeddingCreateParams",)),
}

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    2,
    1.0,
    "",
    "x",
    "auto",
    [],
    ["x"],
    ["text"],
    {},
    {"type": "text"},
    {"type": "json_object"},
    {"type": "json_schema", "json_schema": {"name": "a"}},
    [{"type": "function", "function": {"name": "f"}}],
    [{"type": "web_search"}],
)


def every_field() -> list[tuple[Endpoint, str]]:
    return [(endpoint, name) for endpoint, table in TABLE.items() for name in table]


@pytest.mark.parametrize("endpoint", list(Endpoint))
def test_every_field_of_the_installed_sdk_is_in_the_table(endpoint: Endpoint) -> None:
    module, names = SDK_TYPES[endpoint]
    in_sdk = set().union(*(get_type_hints(getattr(module, name)) for name in names))

    assert in_sdk - TABLE[endpoint].keys() == set()
    assert len(in_sdk) >= 5


@pytest.mark.parametrize(("endpoint", "name"), every_field())
def test_flipping_a_field_never_meets_the_entry_of_another_value(endpoint: Endpoint, name: str) -> None:
    """Over all pairs of values: unequal keys, and unequal scopes or no meaning compared; or both are bypassed."""
    start = body_of(endpoint)
    bodies = [start, *({**start, name: value} for value in VALUES)]
    seen = []
    for body in bodies:
        request = parse_request(endpoint, orjson.dumps(body))
        decided = plan(request, route_of(), Domain(), NONE, has_cookie=False)
        if isinstance(decided, Bypass) or isinstance(request, BypassReason):
            continue
        scope = scope_of(request, context(endpoint), Domain())
        seen.append((body, decided, scope))

    assert seen
    for (a, plan_a, scope_a), (b, plan_b, scope_b) in itertools.combinations(seen, 2):
        if name in FORM_FIELDS or repr(a) == repr(b):
            assert scope_a.exact_key == scope_b.exact_key
            continue
        assert scope_a.exact_key != scope_b.exact_key, (a, b)
        if isinstance(plan_a, Semantic) and isinstance(plan_b, Semantic):
            is_other_question = scope_a.question != scope_b.question
            assert scope_a.digest != scope_b.digest or is_other_question, (a, b)


@pytest.mark.parametrize("endpoint", list(Endpoint))
@pytest.mark.parametrize("name", ["brand_new_field", "Stream", "session", "thread_id", "cached_content", ""])
def test_an_unknown_field_is_taken_for_state(endpoint: Endpoint, name: str) -> None:
    verdict = judge_fields(endpoint, {**body_of(endpoint), name: None}, frozenset())

    assert (verdict.treatment, verdict.field) == (Treatment.BYPASS, name)


def test_an_unknown_field_that_the_route_vouches_for_joins_the_scope() -> None:
    route = route_of(stateless_fields=frozenset({"my_field"}))
    one, two = request_of(my_field=1), request_of(my_field=2)

    assert plan(one, route, Domain(), NONE, has_cookie=False) == Semantic()
    assert scope_of(one, context(), Domain()).digest != scope_of(two, context(), Domain()).digest


def test_a_route_cannot_vouch_for_a_field_that_is_known_to_be_stateful() -> None:
    verdict = judge_fields(Endpoint.CHAT, {"store": True}, frozenset({"store"}))

    assert verdict.reason is BypassReason.STATEFUL_FIELD


FUNCTION = {"type": "function", "function": {"name": "f"}}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"n": 2}, ExactOnlyReason.FIELD),
        ({"seed": 7}, ExactOnlyReason.FIELD),
        ({"logprobs": True}, ExactOnlyReason.FIELD),
        ({"top_logprobs": 3}, ExactOnlyReason.FIELD),
        ({"prediction": {"type": "content", "content": "x"}}, ExactOnlyReason.FIELD),
        ({"tools": [FUNCTION]}, ExactOnlyReason.TOOLS),
        ({"functions": [{"name": "f"}]}, ExactOnlyReason.TOOLS),
        ({"tool_choice": "required"}, ExactOnlyReason.TOOLS),
        ({"response_format": SCHEMA}, ExactOnlyReason.PAYLOAD_TURN),
        ({"guided_json": {}}, ExactOnlyReason.FIELD),
        ({"store": True}, BypassReason.STATEFUL_FIELD),
        ({"audio": {"voice": "x"}}, BypassReason.STATEFUL_FIELD),
        ({"modalities": ["text", "audio"]}, BypassReason.STATEFUL_FIELD),
        ({"web_search_options": {}}, BypassReason.STATEFUL_FIELD),
        ({"plugins": [{"id": "web"}]}, BypassReason.STATEFUL_FIELD),
        ({"tools": [FUNCTION, {"type": "web_search"}]}, BypassReason.STATEFUL_FIELD),
        ({"stream_options": {"continuous_usage_stats": True}}, BypassReason.STATEFUL_FIELD),
        ({"data_sources": []}, BypassReason.STATEFUL_FIELD),
        ({"n": 1, "logprobs": False, "store": False, "modalities": ["text"], "tools": []}, None),
        ({"temperature": 0, "top_k": 5, "user": "u", "metadata": {"a": "b"}, "reasoning": {"effort": "low"}}, None),
        ({"stream": True, "stream_options": {"include_usage": True}}, None),
        ({"response_format": {"type": "json_object"}}, None),
    ],
)
def test_chat_fields_are_treated_as_the_table_says(fields: dict[str, Any], reason: object) -> None:
    assert judge_fields(Endpoint.CHAT, {**body_of(), **fields}, frozenset()).reason == reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"store": True}, ExactOnlyReason.FIELD),
        ({"store": None}, ExactOnlyReason.FIELD),
        ({"store": "no"}, BypassReason.STATEFUL_FIELD),
        ({"background": True}, BypassReason.STATEFUL_FIELD),
        ({"background": False}, None),
        ({"previous_response_id": "resp_1"}, BypassReason.STATEFUL_FIELD),
        ({"previous_response_id": None}, None),
        ({"conversation": "conv_1"}, BypassReason.STATEFUL_FIELD),
        ({"prompt": {"id": "pmpt_1"}}, BypassReason.STATEFUL_FIELD),
        ({"context_management": [{"type": "compaction"}]}, BypassReason.STATEFUL_FIELD),
        ({"tools": [{"type": "web_search"}]}, BypassReason.STATEFUL_FIELD),
        ({"tools": [{"type": "mcp", "server_url": "https://x"}]}, BypassReason.STATEFUL_FIELD),
        ({"tools": [{"type": "function", "name": "f"}]}, ExactOnlyReason.TOOLS),
        ({"text": {"format": SCHEMA}}, ExactOnlyReason.PAYLOAD_TURN),
        ({"text": {"format": {"type": "text"}, "verbosity": "low"}}, None),
        ({"include": ["message.output_text.logprobs"]}, ExactOnlyReason.FIELD),
    ],
)
def test_responses_fields_are_treated_as_the_table_says(fields: dict[str, Any], reason: object) -> None:
    assert judge_fields(Endpoint.RESPONSES, {**body_of(Endpoint.RESPONSES), **fields}, frozenset()).reason == reason


def test_an_absent_store_means_true_for_responses() -> None:
    verdict = judge_fields(Endpoint.RESPONSES, {"model": "m", "input": "x"}, frozenset())

    assert (verdict.treatment, verdict.field) == (Treatment.EXACT_ONLY, "store")


def test_true_is_not_one() -> None:
    assert treatment_of(Endpoint.CHAT, "n", True) is Treatment.EXACT_ONLY
    assert treatment_of(Endpoint.CHAT, "logprobs", 0) is Treatment.EXACT_ONLY


@pytest.mark.parametrize("name", ["stream", "stream_options"])
def test_only_the_form_is_ignored(name: str) -> None:
    ignored = {field for table in TABLE.values() for field, rule in table.items() if rule is Treatment.IGNORED}

    assert ignored == {"stream"}
    assert name in FORM_FIELDS
