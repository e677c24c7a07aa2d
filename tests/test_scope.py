"""Two keys: everything must be equal before meaning is compared, and everything at all for the exact tier."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
import re2
from hypothesis import assume, given
from hypothesis import strategies as st

from proxy.core.answer_headers import answer_headers, body_type, told_apart_by
from proxy.core.reasons import BypassReason, ExactOnlyReason
from proxy.core.request import Endpoint, Request, parse_request
from proxy.core.route import Domain
from proxy.core.scope import (
    MAX_PATTERN_TEXT,
    Scope,
    ScopeContext,
    diff_fields,
    exact_key_of,
    prompt_digest,
    scope_of,
)
from tests.asking import QUESTION, body_of, chat, context, request_of, system, user

GOLDEN = json.loads((Path(__file__).parent / "golden" / "scope.json").read_text())
DATED = Domain(scope_mask=(re2.compile(r"(?m)^Current date: .*$"),))
TAGGED = Domain(prompt_extract=re2.compile(r"(?s)<question>(.*?)</question>"))


def scope(request: Request | None = None, where: ScopeContext | None = None, domain: Domain | None = None) -> Scope:
    return scope_of(request or chat(), where or context(), domain or Domain())


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_keys_of_known_requests_never_change_without_a_new_format_version(case: dict[str, Any]) -> None:
    """A changed digest orphans every stored entry: raise FORMAT_VERSION and these digests together."""
    endpoint = Endpoint(case["endpoint"])
    request = parse_request(endpoint, case["body"].encode())
    assert isinstance(request, Request)

    made = scope_of(request, context(endpoint), Domain())

    assert made.exact_key.hex() == case["exact_key"]
    assert made.digest.hex() == case["digest"]


CONTEXT_CHANGES: list[dict[str, Any]] = [
    {"tenant": b"u" * 32},
    {"route": "other"},
    {"domain": "other"},
    {"generation": 1},
    {"base_url": "https://api.openai.com/v2"},
    {"endpoint": "responses"},
    {"target": "/v1/chat/completions?api-version=2"},
    {"headers": (("openai-beta", "x=1"),)},
    {"headers": (("openai-beta", "x=2"),)},
    {"headers": (("openai-beta", "x=1"), ("x-region", "eu"))},
]


@pytest.mark.parametrize("change", CONTEXT_CHANGES, ids=str)
def test_where_a_request_comes_from_and_goes_to_is_part_of_both_keys(change: dict[str, Any]) -> None:
    here, there = scope(), scope(where=context(**change))

    assert here.exact_key != there.exact_key
    assert here.digest != there.digest


def test_parts_of_the_context_cannot_be_shifted_into_each_other() -> None:
    one = scope(where=context(route="ab", domain="c"))
    two = scope(where=context(route="a", domain="bc"))
    three = scope(where=context(headers=(("a", "b"), ("c", "d"))))
    four = scope(where=context(headers=(("a", "bc"), ("", "d"))))

    assert len({each.exact_key for each in (one, two, three, four)}) == 4
    assert len({each.digest for each in (one, two, three, four)}) == 4


def test_what_a_looser_domain_stores_has_keys_of_its_own() -> None:
    strict, loose = scope_of(chat(), context(), Domain()), scope_of(chat(), context(stored_kinds=("a",)), Domain())

    assert strict.exact_key != loose.exact_key
    assert strict.digest != loose.digest
    assert Domain(bypass=frozenset({"side_effect"})).stored_kinds == ("time_bound",)
    assert Domain(bypass=frozenset({"side_effect", "time_bound"})).stored_kinds == ()


@pytest.mark.parametrize(
    ("looser", "stricter"),
    [
        (Domain(scope_ignore=("metadata", "user")), Domain(scope_ignore=("metadata",))),
        (Domain(scope_ignore=("metadata",)), Domain()),
        (Domain(scope_mask=(re2.compile("(?m)^Date: .*$"),)), Domain(scope_mask=(re2.compile("(?m)^Date: [0-9]+$"),))),
        (Domain(scope_mask=(re2.compile("x+"),)), Domain()),
    ],
)
def test_what_a_looser_scope_has_hidden_is_not_found_by_a_stricter_one(looser: Domain, stricter: Domain) -> None:
    """A request that has nothing of what is hidden, which may be the same to both."""
    assert scope(domain=looser).digest != scope(domain=stricter).digest
    assert scope(domain=looser).exact_key == scope(domain=stricter).exact_key


def test_the_order_in_which_fields_are_ignored_changes_nothing() -> None:
    one, two = Domain(scope_ignore=("metadata", "user")), Domain(scope_ignore=("user", "metadata"))

    assert scope(domain=one).digest == scope(domain=two).digest


def test_what_was_asked_before_a_header_counted_has_other_keys() -> None:
    before, after = scope(), scope(where=context(told_apart_by=("x-variant",)))

    assert before.exact_key != after.exact_key
    assert before.digest != after.digest


def test_a_header_that_always_counts_changes_no_key_where_a_route_names_it() -> None:
    assert ("a", "b") == told_apart_by(["B", "OpenAI-Beta", "a", "b", "x-portkey-config"])
    assert () == told_apart_by([])


def test_only_the_question_is_cut_from_the_scope() -> None:
    one, two = scope(chat(system(), user("How?"))), scope(chat(system(), user("Why?")))

    assert one.digest == two.digest
    assert one.exact_key != two.exact_key
    assert (one.question, two.question) == ("How?", "Why?")


@pytest.mark.parametrize(
    "other",
    [
        chat(system("You are a poet."), user()),
        chat(user()),
        chat(user(), system()),
        chat(system(), system(), user()),
        chat(system(), user(name="bob")),
        chat(system(), user([{"type": "text", "text": QUESTION}])),
        chat(system(), {"role": "assistant", "content": "Hello!"}, user()),
        chat({"role": "developer", "content": "You are a support agent."}, user()),
        chat(system(), user(), temperature=0),
        chat(system(), user(), temperature=0.0),
        chat(system(), user(), metadata={"a": 1, "b": 2}),
        chat(system(), user(), metadata={"b": 2, "a": 1}),
        chat(system(), user(), model="gpt-4o"),
    ],
    ids=lambda request: orjson.dumps(request.fields).decode()[-80:],
)
def test_everything_but_the_question_stays_in_the_scope(other: Request) -> None:
    start = scope(chat(system(), user()))

    assert scope(other).digest != start.digest
    assert scope(other).exact_key != start.exact_key


def test_the_order_of_keys_in_a_json_schema_matters() -> None:
    def asking(properties: dict[str, Any]) -> Scope:
        schema = {"type": "object", "properties": properties}
        return scope(chat(response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}))

    one = asking({"reasoning": {"type": "string"}, "answer": {"type": "string"}})
    two = asking({"answer": {"type": "string"}, "reasoning": {"type": "string"}})

    assert one.exact_key != two.exact_key
    assert one.digest != two.digest


def test_the_form_of_the_answer_is_in_neither_key() -> None:
    plain, streamed = scope(), scope(chat(stream=True, stream_options={"include_usage": True}))

    assert plain.exact_key == streamed.exact_key
    assert plain.digest == streamed.digest


def test_a_different_history_before_the_same_last_turn_is_another_scope() -> None:
    """200 histories, one last turn: no two share a scope or an exact key."""
    made = [
        scope(chat(user(f"Order {number}"), {"role": "assistant", "content": "Noted."}, user("Cancel it")))
        for number in range(200)
    ]

    assert len({each.digest for each in made}) == 200
    assert len({each.exact_key for each in made}) == 200


def test_an_exact_only_request_never_shares_the_scope_of_a_question() -> None:
    """An empty turn without a question against a question that was cut: equal texts remain."""
    cut = scope(chat(user("x")))
    empty = scope(chat(user("")))

    assert empty.question is None
    assert cut.digest != empty.digest


def test_a_mask_hides_text_from_the_scope_only() -> None:
    monday = chat(system("Be kind.\nCurrent date: Monday\nBye"), user())
    sunday = chat(system("Be kind.\nCurrent date: Sunday\nBye"), user())

    assert scope(monday, domain=DATED).digest == scope(sunday, domain=DATED).digest
    assert scope(monday, domain=DATED).exact_key != scope(sunday, domain=DATED).exact_key
    assert scope(monday).digest != scope(sunday).digest


def test_a_mask_hides_nothing_else() -> None:
    one = chat(system("Be kind.\nCurrent date: Monday"), user())
    two = chat(system("Be rude.\nCurrent date: Monday"), user())
    gone = chat(system("Be kind.\n"), user())

    digests = {scope(request, domain=DATED).digest for request in (one, two, gone)}

    assert len(digests) == 3


def test_a_mask_reaches_text_parts_and_instructions() -> None:
    def dated(day: str) -> Scope:
        parts = [{"type": "input_text", "text": f"Current date: {day}"}]
        items = [{"role": "developer", "content": parts}, user()]
        request = request_of(Endpoint.RESPONSES, input=items, instructions=f"Current date: {day}\nBe kind.")
        return scope(request, context(Endpoint.RESPONSES), DATED)

    assert dated("Monday").digest == dated("Sunday").digest


def test_a_mask_leaves_the_question_alone() -> None:
    asked = "What follows?\nCurrent date: Monday"

    assert scope(chat(user(asked)), domain=DATED).question == asked


def test_masks_do_not_run_over_more_than_their_limit() -> None:
    long = chat(system("Current date: Monday\n" + "x" * MAX_PATTERN_TEXT), user())

    made = scope(long, domain=DATED)

    assert made.question is None
    assert made.question_reason is ExactOnlyReason.MASK_LIMIT


@pytest.mark.parametrize("name", ["instructions", "input"])
def test_the_limit_of_masks_counts_every_text_that_they_run_over(name: str) -> None:
    request = request_of(Endpoint.RESPONSES, **{name: "x" * (MAX_PATTERN_TEXT + 1)})

    assert scope(request, context(Endpoint.RESPONSES), DATED).question_reason is ExactOnlyReason.MASK_LIMIT


def test_extract_names_the_question_and_the_rest_joins_the_scope() -> None:
    def asking(question: str, passage: str) -> Scope:
        return scope(chat(user(f"Use this: {passage}\n<question>{question}</question> Thanks")), domain=TAGGED)

    one, two, other = asking("How?", "p1"), asking("Why?", "p1"), asking("How?", "p2")

    assert (one.question, two.question) == ("How?", "Why?")
    assert one.digest == two.digest
    assert one.digest != other.digest
    assert diff_fields(one.fields, other.fields) == "messages[0].content"


def test_text_cannot_move_over_the_edge_of_the_extracted_part() -> None:
    one = scope(chat(user("ab<question>q</question>c")), domain=TAGGED)
    two = scope(chat(user("a<question>q</question>bc")), domain=TAGGED)
    plain = scope(chat(user("q")))

    assert len({one.digest, two.digest, plain.digest}) == 3
    digits = Domain(prompt_extract=re2.compile(r"(\d+)"))
    assert scope(chat(user("ab1c")), domain=digits).digest != scope(chat(user("a1bc")), domain=digits).digest


def test_the_outer_lines_around_an_extracted_question_are_its_frame() -> None:
    page = "\n".join(f"line {number}" for number in range(9))
    asked = chat(user(f"Be kind.\nToday: 3 May\n{page}\n<question>How?</question>\n\nSay why."))

    made = scope(asked, domain=replace(TAGGED, scope_mask=(re2.compile("3 May"),)))

    first, second, *others = made.frame.splitlines()
    assert [first, *others] == ["Be kind.", "</question>", "Say why."]
    assert second.startswith("Today: ")
    assert "3 May" not in second
    assert scope(chat(user("How?"))).frame == ""


def test_extract_takes_the_last_match() -> None:
    made = scope(chat(user("<question>old</question><question>new</question>")), domain=TAGGED)

    assert made.question == "new"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no tags here", ExactOnlyReason.NO_EXTRACT),
        ("<question>  </question>", ExactOnlyReason.EMPTY),
        ("x" * (MAX_PATTERN_TEXT + 1), ExactOnlyReason.MASK_LIMIT),
    ],
)
def test_without_an_extracted_part_there_is_no_question(text: str, reason: ExactOnlyReason) -> None:
    made = scope(chat(user(text)), domain=TAGGED)

    assert (made.question, made.question_reason) == (None, reason)


def test_extract_counts_characters_not_bytes() -> None:
    made = scope(chat(user("äöü€😀 <question>Wie geht es?</question> ß")), domain=TAGGED)

    assert made.question == "Wie geht es?"
    assert made.digest == scope(chat(user("äöü€😀 <question>x</question> ß")), domain=TAGGED).digest


def test_ignored_fields_leave_the_scope_but_not_the_exact_key() -> None:
    domain = Domain(scope_ignore=("user",))
    ann, bob = (scope(chat(user=name), domain=domain) for name in ("ann", "bob"))

    assert ann.digest == bob.digest
    assert ann.exact_key != bob.exact_key


@pytest.mark.parametrize("name", ["model", "messages"])
def test_what_is_asked_of_whom_can_never_be_ignored(name: str) -> None:
    domain = Domain(scope_ignore=(name,))
    one = scope(chat(system("a"), user(), model="m1"), domain=domain)
    two = scope(chat(system("b"), user(), model="m2"), domain=domain)

    assert diff_fields(one.fields, two.fields) is not None
    assert one.digest != two.digest
    assert name in " ".join(one.fields)


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (chat(system("other"), user()), "messages[0].content"),
        (chat(user()), "messages[0].content"),
        (chat(system(), user(name="bob")), "messages[1]"),
        (chat(system(), user(), model="gpt-4o"), "model"),
        (chat(system(), user(), tools=[]), "tools"),
        (chat(system(), user("Why?")), None),
    ],
)
def test_the_field_that_differs_is_named(other: Request, field: str | None) -> None:
    assert diff_fields(scope().fields, scope(other).fields) == field


def test_the_part_of_the_context_that_differs_is_named() -> None:
    other = scope(where=context(generation=1))

    assert diff_fields(scope().fields, other.fields) == "context.generation"


def test_a_long_history_keeps_the_number_of_fields_small() -> None:
    made = scope(chat(*[user(f"turn {number}") for number in range(300)]))

    assert len(made.fields) < 20
    assert all(len(digest) == 8 for digest in made.fields.values())
    changed = scope(chat(*[user(f"turn {number if number != 250 else 'x'}") for number in range(300)]))
    assert diff_fields(made.fields, changed.fields) == "messages[4:]"


def test_the_exact_key_is_the_same_alone_and_in_the_scope() -> None:
    assert exact_key_of(chat(), context()) == scope().exact_key


def test_a_kept_scope_does_not_keep_the_body() -> None:
    made = scope()
    made.digest  # noqa: B018 - makes the parts

    assert made._source is None


def test_only_answer_changing_headers_are_taken() -> None:
    headers = [(b"X-Region", b"eu"), (b"OpenAI-Beta", b"a=1"), (b"Accept", b"*/*"), (b"x-region", b"de")]

    taken = answer_headers(headers, ("X-REGION",))

    assert taken == (("openai-beta", "a=1"), ("x-region", "eu"), ("x-region", "de"))


@pytest.mark.parametrize(
    ("said", "kept_apart"),
    [
        ([b"application/json"], None),
        ([b'Application/JSON ; charset="utf-8"'], None),
        ([b"text/plain;charset=utf-8"], "text/plain"),
        ([b"application/vnd.api+json"], "application/vnd.api+json"),
        ([], ""),
    ],
)
def test_bodies_that_are_not_called_json_are_kept_apart(said: list[bytes], kept_apart: str | None) -> None:
    taken = body_type([(b"Content-Type", value) for value in said])

    assert taken == (() if kept_apart is None else (("content-type", kept_apart),))


def test_values_of_one_answer_changing_header_are_told_apart_by_their_order() -> None:
    a, b = (b"OpenAI-Beta", b"a=1"), (b"OpenAI-Beta", b"b=2")

    assert answer_headers([a, b]) != answer_headers([b, a])


@pytest.mark.parametrize(
    "name",
    [
        b"OpenAI-Beta", b"Anthropic-Beta", b"Helicone-Target-URL", b"x-portkey-provider", b"x-portkey-custom-host",
        b"Anthropic-Version", b"OpenAI-Conversation-Id", b"azureml-model-deployment", b"Helicone-Model-Override",
        b"x-portkey-config", b"x-portkey-metadata", b"x-portkey-azure-deployment-id", b"x-litellm-tags",
        b"cf-aig-metadata", b"X-Amzn-Bedrock-GuardrailIdentifier", b"X-Amzn-Bedrock-Trace", b"cf-aig-custom-cost",
        b"x-portkey-strict-open-ai-compliance", b"x-portkey-huggingface-base-url", b"x-portkey-azure-api-version",
        b"x-portkey-workers-ai-account-id", b"Helicone-OpenAI-Api-Base", b"Helicone-Token-Limit-Exception-Handler",
        b"x-policy-id", b"extra-parameters", b"X-Anthropic-Beta", b"Helicone-Cache-Seed", b"x-bt-endpoint-name",
        b"x-bt-org-name", b"x-bt-project-id", b"x-tfy-provider-name", b"X-TFY-METADATA", b"x-bf-mcp-include-clients",
        b"Helicone-Target-Provider", b"Helicone-Fallbacks", b"Helicone-Prompt-Id", b"Helicone-Moderations-Enabled",
        b"Helicone-LLM-Security-Enabled", b"Helicone-LLM-Security-Advanced", b"Origin", b"Groq-Beta",
        b"X-Cerebras-Version-Patch", b"X-DashScope-DataInspection", b"x-arch-llm-provider-hint", b"x-ai-eg-model",
        b"x-pass-anthropic-version", b"x-bf-eh-anthropic-version", b"AI-Resource-Group",
        b"x-sm-user-id", b"x-sm-conversation-id",
    ],
)  # fmt: skip
def test_what_providers_and_gateways_choose_an_answer_by_is_taken_without_configuration(name: bytes) -> None:
    assert answer_headers([(name, b"V"), (b"Accept", b"*/*")]) == ((name.decode().lower(), "V"),)


@pytest.mark.parametrize(
    "name",
    [
        b"x-portkey-trace-id", b"x-portkey-parent-span-id", b"cf-aig-otel-trace-id", b"X-Amzn-Trace-Id",
        b"x-portkey-api-key", b"cf-aig-authorization",
        b"Helicone-Session-Id", b"Helicone-Request-Id", b"cf-aig-event-id", b"X-Stainless-Lang",
        b"User-Agent", b"Idempotency-Key", b"x-litellm-timeout", b"traceparent", b"x-tfy-request-id", b"x-bt-parent",
        b"x-pass-x-request-id", b"x-bf-eh-x-session-id", b"x-pass-x-api-key", b"x-bf-eh-traceparent",
        b"x-sm-request-id",
    ],
)  # fmt: skip
def test_what_names_a_request_or_its_sender_is_not_taken(name: bytes) -> None:
    assert answer_headers([(name, b"v")]) == ()


def test_prompt_digest_tells_texts_apart() -> None:
    assert prompt_digest("a") != prompt_digest("a ")
    assert len(prompt_digest("")) == 32


# Attacks on our own work.

LEAVES = st.sampled_from(["x", "", "gpt-4o", 0, 1, 1.0, -1, True, False, None, [], {}, "\u200b", "é", "e\u0301"])


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, part in inner for deeper in _paths(part, (*path, key)))]


RICH = body_of(
    messages=[
        system("Be kind."),
        user([{"type": "text", "text": "A?"}]),
        {"role": "assistant", "content": None},
        user(),
    ],
    temperature=0.5,
    stop=["a", "b"],
    logit_bias={"50256": -100},
    metadata={"a": "b"},
    response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
    tools=[{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
)


@given(st.sampled_from(_paths(RICH)[1:]), LEAVES)
def test_changing_any_value_anywhere_changes_the_exact_key(path: tuple[Any, ...], leaf: Any) -> None:
    changed = copy.deepcopy(RICH)
    spot: Any = changed
    for key in path[:-1]:
        spot = spot[key]
    assume(repr(spot[path[-1]]) != repr(leaf))
    spot[path[-1]] = leaf
    one, two = (parse_request(Endpoint.CHAT, orjson.dumps(body)) for body in (RICH, changed))
    assume(not isinstance(two, BypassReason))

    assert isinstance(one, Request)
    assert isinstance(two, Request)
    assert exact_key_of(one, context()) != exact_key_of(two, context())
    assert scope(one).digest != scope(two).digest


@given(st.sampled_from(_paths(RICH)[1:]))
def test_leaving_out_any_value_anywhere_changes_both_keys(path: tuple[Any, ...]) -> None:
    changed = copy.deepcopy(RICH)
    spot: Any = changed
    for key in path[:-1]:
        spot = spot[key]
    del spot[path[-1]]
    one, two = (parse_request(Endpoint.CHAT, orjson.dumps(body)) for body in (RICH, changed))

    assert isinstance(one, Request)
    assert isinstance(two, Request)
    assert exact_key_of(one, context()) != exact_key_of(two, context())
    assert scope(one).digest != scope(two).digest


BODY = orjson.dumps(RICH)


def _reading(body: bytes) -> str:
    """Order below the top, spelling of numbers and types kept; the top level's order not."""
    pairs = json.loads(body, object_pairs_hook=lambda found: [("key", *pair) for pair in found])
    return repr(sorted(map(repr, pairs)))


@given(st.integers(0, len(BODY) - 1), st.integers(0, 255))
def test_changing_any_byte_changes_the_exact_key_or_the_request_is_not_understood(position: int, byte: int) -> None:
    changed = BODY[:position] + bytes([byte]) + BODY[position + 1 :]
    parsed = parse_request(Endpoint.CHAT, changed)
    start = parse_request(Endpoint.CHAT, BODY)
    assert isinstance(start, Request)
    if not isinstance(parsed, Request):
        return

    same_key = exact_key_of(parsed, context()) == exact_key_of(start, context())

    assert same_key == (_reading(changed) == _reading(BODY))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
MESSAGES = st.lists(
    st.builds(
        lambda role, text: {"role": role, "content": text}, st.sampled_from(["system", "user", "assistant"]), TEXTS
    ),
    max_size=3,
)


@given(MESSAGES, MESSAGES, TEXTS, TEXTS)
def test_equal_scopes_mean_equal_bodies_but_for_the_question(
    one: list[dict[str, Any]], two: list[dict[str, Any]], asked: str, other: str
) -> None:
    a, b = (scope(chat(*before, user(text))) for before, text in ((one, asked), (two, other)))

    if a.digest == b.digest and a.question is not None:
        assert one == two
        assert b.question is not None
    if one == two and a.question is not None and b.question is not None:
        assert a.digest == b.digest
