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
from proxy.core.field_table import OF_ONE_CALL, TABLE, Treatment
from proxy.core.fields import FORM_FIELDS, judge_fields, treatment_of
from proxy.core.policy import Bypass, Semantic, plan
from proxy.core.reasons import BypassReason, ExactOnlyReason
from proxy.core.request import Endpoint, parse_request
from proxy.core.route import Domain
from proxy.core.scope import scope_of
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
        if name in FORM_FIELDS | OF_ONE_CALL or repr(a) == repr(b):
            assert scope_a.exact_key == scope_b.exact_key
            continue
        assert scope_a.exact_key != scope_b.exact_key, (a, b)
        if isinstance(plan_a, Semantic) and isinstance(plan_b, Semantic):
            is_other_question = scope_a.question != scope_b.question
            assert scope_a.digest != scope_b.digest or is_other_question, (a, b)


@pytest.mark.parametrize("endpoint", list(Endpoint))
@pytest.mark.parametrize("name", ["brand_new_field", "Stream", "session", "thread_id", "cached_content", ""])
def test_an_unknown_field_is_taken_for_state(endpoint: Endpoint, name: str) -> None:
    verdict = judge_fields(endpoint, {**body_of(endpoint), name: False}, frozenset())

    assert (verdict.treatment, verdict.field) == (Treatment.BYPASS, name)


def test_an_unknown_field_that_is_null_is_absent_and_joins_the_scope() -> None:
    null, absent = request_of(kv_transfer_params=None), request_of()

    assert plan(null, route_of(), Domain(), NONE, has_cookie=False) == Semantic()
    assert scope_of(null, context(), Domain()).digest != scope_of(absent, context(), Domain()).digest


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
        ({"response_format": {"type": "json_object", "schema": {"type": "object"}}}, ExactOnlyReason.PAYLOAD_TURN),
        ({"guided_json": {}}, ExactOnlyReason.FIELD),
        ({"store": True}, BypassReason.STATEFUL_FIELD),
        ({"audio": {"voice": "x"}}, BypassReason.STATEFUL_FIELD),
        ({"modalities": ["text", "audio"]}, BypassReason.STATEFUL_FIELD),
        ({"web_search_options": {}}, BypassReason.STATEFUL_FIELD),
        ({"plugins": [{"id": "web"}]}, BypassReason.STATEFUL_FIELD),
        ({"tools": [FUNCTION, {"type": "web_search"}]}, BypassReason.STATEFUL_FIELD),
        ({"stream_options": {"other": True}}, BypassReason.STATEFUL_FIELD),
        ({"stream_options": {"include_usage": 1}}, BypassReason.STATEFUL_FIELD),
        ({"stream_options": {"include_usage": "true"}}, BypassReason.STATEFUL_FIELD),
        ({"stream_options": {"include_obfuscation": None}}, None),
        ({"enable_search": True}, BypassReason.STATEFUL_FIELD),
        ({"keep_alive": 0}, BypassReason.STATEFUL_FIELD),
        ({"options": {"num_ctx": 8192, "temperature": 1.8}}, BypassReason.STATEFUL_FIELD),
        ({"extra_body": {"thread": "t"}}, BypassReason.STATEFUL_FIELD),
        ({"extra_body": {"thinking_config": {}}}, BypassReason.STATEFUL_FIELD),
        ({"extra_body": {"google": {"thinking_config": {}}, "thread": "t"}}, BypassReason.STATEFUL_FIELD),
        ({"extra_body": {"google": {"thinking_config": {}, "cached_content": "c"}}}, BypassReason.STATEFUL_FIELD),
        ({"options": {"seed": 1}}, ExactOnlyReason.FIELD),
        ({"regex": "[a-z]+"}, ExactOnlyReason.FIELD),
        ({"ebnf": "root ::= x"}, ExactOnlyReason.FIELD),
        ({"grammar": "root ::= x"}, ExactOnlyReason.FIELD),
        ({"logprobs": True, "top_logprobs": 0}, ExactOnlyReason.FIELD),
        ({"data_sources": []}, BypassReason.STATEFUL_FIELD),
        ({"n": 1, "logprobs": False, "store": False, "modalities": ["text"], "tools": []}, None),
        ({"temperature": 0, "top_k": 5, "user": "u", "metadata": {"a": "b"}, "reasoning": {"effort": "low"}}, None),
        ({"stream": True, "stream_options": {"include_usage": True}}, None),
        ({"response_format": {"type": "json_object"}}, None),
        ({"response_format": {"type": "json_object", "schema": None}}, None),
    ],
)
def test_chat_fields_are_treated_as_the_table_says(fields: dict[str, Any], reason: object) -> None:
    assert judge_fields(Endpoint.CHAT, {**body_of(), **fields}, frozenset()).reason == reason


STATELESS: list[tuple[Endpoint, str, dict[str, Any]]] = [
    (
        Endpoint.CHAT,
        "the web UI of llama.cpp",
        {
            "timings_per_token": True, "return_progress": True, "cache_prompt": True, "id_slot": -1, "n_predict": 128,
            "samplers": "edkypmxt", "repeat_penalty": 1, "repeat_last_n": 64, "dynatemp_range": 0,
            "dynatemp_exponent": 1, "xtc_probability": 0, "xtc_threshold": 0.1, "dry_multiplier": 0, "dry_base": 1.75,
            "dry_allowed_length": 2, "dry_penalty_last_n": -1, "mirostat": 0, "mirostat_tau": 5, "mirostat_eta": 0.1,
            "top_n_sigma": -1, "grammar": "", "json_schema": {}, "n_probs": 0, "typ_p": 1, "backend_sampling": False,
            "sse_ping_interval": 1, "reasoning_control": True, "thinking_budget_tokens": 512,
            "chat_template_kwargs": {"enable_thinking": True},
        },
    ),
    (Endpoint.CHAT, "vLLM", {"thinking_token_budget": 10, "request_id": "r", "vllm_xargs": {"penalty": 1}}),
    (Endpoint.CHAT, "vLLM, SGLang", {"repetition_detection": {}, "stop_regex": "END"}),
    (Endpoint.CHAT, "vLLM stream", {"stream": True, "stream_options": {"continuous_usage_stats": False}}),
    (Endpoint.CHAT, "vLLM stream with running usage", {"stream_options": {"continuous_usage_stats": True}}),
    (
        Endpoint.CHAT,
        "SGLang",
        {"separate_reasoning": True, "stream_reasoning": True, "min_new_tokens": 0, "no_stop_trim": False, "rid": "r"},
    ),
    (Endpoint.CHAT, "Cerebras", {"disable_reasoning": False, "clear_thinking": False, "min_completion_tokens": 1}),
    (Endpoint.CHAT, "Qwen", {"enable_thinking": True, "thinking_budget": 10, "enable_search": False}),
    (
        Endpoint.CHAT,
        "Fireworks, Together",
        {"context_length_exceeded_behavior": "truncate", "prompt_truncate_len": 100, "safety_model": "x"},
    ),
    (Endpoint.CHAT, "Mistral, Z.ai", {"prompt_mode": "reasoning", "do_sample": True}),
    (Endpoint.CHAT, "Ollama", {"keep_alive": "5m", "options": {"num_ctx": 8192}, "think": False}),
    (Endpoint.CHAT, "LiteLLM", {"extra_body": {}}),
    (Endpoint.CHAT, "Gemini", {"extra_body": {"google": {"thinking_config": {"thinking_budget": 0}}}}),
    (Endpoint.CHAT, "clients that spell out what is off", {"logprobs": False, "top_logprobs": 0}),
    (
        Endpoint.RESPONSES,
        "OpenRouter",
        {"provider": {"order": ["a"]}, "models": ["m"], "plugins": [], "top_k": 1, "extra_body": {}},
    ),
    (
        Endpoint.EMBEDDINGS,
        "Mistral, Voyage, Jina, Ollama",
        {
            "output_dimension": 256, "output_dtype": "float", "truncation": True, "task": "retrieval.query",
            "normalized": True, "embedding_type": "float", "keep_alive": "5m",
        },
    ),
    (Endpoint.COMPLETIONS, "llama.cpp", {"n_predict": 10, "cache_prompt": True, "repeat_penalty": 1.1}),
]  # fmt: skip


@pytest.mark.parametrize(("endpoint", "fields"), [(e, f) for e, _, f in STATELESS], ids=[n for _, n, _ in STATELESS])
def test_what_stateless_servers_are_sent_keeps_nothing_from_being_remembered(
    endpoint: Endpoint, fields: dict[str, Any]
) -> None:
    assert judge_fields(endpoint, {**body_of(endpoint), **fields}, frozenset()).reason is None


@pytest.mark.parametrize("endpoint", list(Endpoint))
def test_the_name_of_a_request_and_its_cache_slot_keep_no_two_requests_apart(endpoint: Endpoint) -> None:
    plain = request_of(endpoint)
    named = request_of(endpoint, request_id="r", rid="r", id_slot=3, cache_prompt=False)
    one, two = (scope_of(request, context(endpoint), Domain()) for request in (plain, named))

    assert (one.exact_key, one.digest) == (two.exact_key, two.digest)


def test_usage_in_every_chunk_is_a_form_that_only_its_like_is_answered_from() -> None:
    running = {"include_usage": True, "continuous_usage_stats": True}
    asked = [
        request_of(stream=True, stream_options={"include_usage": True}),
        request_of(stream=True, stream_options={**running, "continuous_usage_stats": False}),
        request_of(stream=True, stream_options=running),
        request_of(stream=False, stream_options=running),
    ]
    keys = [scope_of(request, context(), Domain()) for request in asked]

    assert keys[0].exact_key == keys[1].exact_key
    assert len({each.exact_key for each in keys}) == len({each.digest for each in keys}) == 3


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


def test_only_the_form_and_what_names_one_call_are_ignored() -> None:
    ignored = {field for table in TABLE.values() for field, rule in table.items() if rule is Treatment.IGNORED}

    assert ignored == (FORM_FIELDS - {"stream_options"}) | OF_ONE_CALL
