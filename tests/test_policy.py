"""How far a request may be looked up: the table of docs/wire.md, row by row."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any, cast

import pytest

from proxy.config.load import loads
from proxy.core.conditions import NONE, Conditions
from proxy.core.policy import Bypass, ExactOnly, Plan, Semantic, domain_for, plan
from proxy.core.reasons import BypassReason, CacheMode, ExactOnlyReason
from proxy.core.request import Endpoint, Request, deployment_of
from proxy.core.route import Domain, Route, Tenancy, TenancyKind
from proxy.web.routing import Routing
from tests.asking import QUESTION, chat, request_of, route_of, system, user


def planned(
    request: Request | BypassReason | None = None,
    *,
    route: Route | None = None,
    conditions: Conditions = NONE,
    has_cookie: bool = False,
) -> Plan:
    chosen = route or route_of()
    return plan(request or chat(), chosen, chosen.domain, conditions, has_cookie=has_cookie)


def test_a_plain_question_may_be_compared_by_meaning() -> None:
    assert planned() == Semantic()


def test_a_shadow_route_is_planned_like_a_semantic_one() -> None:
    assert planned(route=route_of(cache=CacheMode.SHADOW)) == Semantic()


def test_an_exact_route_compares_no_meaning() -> None:
    assert planned(route=route_of(cache=CacheMode.EXACT)) == ExactOnly(ExactOnlyReason.ROUTE_EXACT)


def test_a_route_that_is_off_remembers_nothing() -> None:
    assert planned(route=route_of(cache=CacheMode.OFF)) == Bypass(BypassReason.OFF)


def test_no_store_remembers_nothing() -> None:
    assert planned(conditions=Conditions(no_store=True)) == Bypass(BypassReason.NO_STORE)


def test_no_cache_is_planned_like_any_request_since_its_answer_is_stored() -> None:
    assert planned(conditions=Conditions(no_cache=True)) == Semantic()


def test_a_cookie_may_carry_an_identity_we_cannot_see() -> None:
    assert planned(has_cookie=True) == Bypass(BypassReason.COOKIE)


def test_a_body_that_was_not_understood_is_forwarded() -> None:
    assert planned(BypassReason.UNPARSEABLE) == Bypass(BypassReason.UNPARSEABLE)


@pytest.mark.parametrize("temperature", [1.01, 2, 1e9, "0", True, [0]])
def test_a_temperature_above_the_limit_asks_for_variety(temperature: Any) -> None:
    assert planned(chat(temperature=temperature)) == Bypass(BypassReason.TEMPERATURE)


@pytest.mark.parametrize("temperature", [None, 0, 0.7, 1, 1.0, -1])
def test_a_temperature_up_to_the_limit_is_allowed(temperature: Any) -> None:
    assert planned(chat(temperature=temperature)) == Semantic()


def test_a_limit_of_zero_still_allows_an_absent_temperature() -> None:
    route = route_of(max_temperature=0.0)

    assert planned(route=route) == Semantic()
    assert planned(chat(temperature=0.1), route=route) == Bypass(BypassReason.TEMPERATURE)


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o-search-preview",
        "gpt-5-search-api",
        "sonar",
        "sonar-pro",
        "perplexity/sonar-pro",
        "openai/gpt-4o:online",
        "compound-beta",
        "groq/compound",
        "o3-deep-research",
        "GPT-4o-Search-Preview",
        "@preset/mine",
        "openai/gpt-4o@preset/mine",
        "Perplexity-Sonar-Pro",
        "llama-3.1-sonar-small-128k-online",
        "gpt-4o:online/linkup-deep",
        "llama-3.3-70b:enable_web_search=on",
        "jina-deepsearch-v1",
        "exa",
        "exa-research",
        "brave-pro",
    ],
)
def test_a_model_that_looks_things_up_is_never_remembered(model: str) -> None:
    assert planned(chat(model=model)) == Bypass(BypassReason.STATEFUL_MODEL, model)


@pytest.mark.parametrize("name", ["gpt-4o-search-preview", "gpt-4o%2Dsearch-preview"])
def test_a_deployment_in_the_path_is_judged_by_its_name_as_a_model_is(name: str) -> None:
    deployment = deployment_of(f"/openai/deployments/{name}/chat/completions")

    assert planned(replace(chat(model=""), deployment=deployment)) == Bypass(
        BypassReason.STATEFUL_MODEL, "gpt-4o-search-preview"
    )


def test_a_fallback_that_looks_things_up_counts_too() -> None:
    assert planned(chat(models=["gpt-4o", "perplexity/sonar"])) == Bypass(
        BypassReason.STATEFUL_MODEL, "perplexity/sonar"
    )


@pytest.mark.parametrize(
    "model", ["gpt-4o", "meta/llama-3-70b", "exaone-4.0", "research-model", "o4-mini", "deepseek-r1", "chat-online", ""]
)
def test_an_ordinary_model_is_remembered(model: str) -> None:
    assert planned(chat(model=model)) == Semantic()


def test_a_name_longer_than_any_model_has_is_judged_and_not_kept() -> None:
    request = chat(model="m" * 300 + ":online")
    before = sys.getrefcount(request.model)

    is_refused = isinstance(planned(request), Bypass)

    after = sys.getrefcount(request.model)
    assert (True, before) == (is_refused, after)


def test_the_route_of_a_path_longer_than_any_endpoint_has_is_found_and_not_kept() -> None:
    config = loads("upstreams: {up: {base_url: 'https://a/v1'}}\nroutes: [{name: chat, match: {path: '/v*'}}]")
    routing = Routing(config, decode=cast(Any, None))
    path = "/v" * 1_000
    before = sys.getrefcount(path)

    assert routing.routes(cast(Any, None), path) == config.routes
    assert before == sys.getrefcount(path)


FUNCTION = {"type": "function", "function": {"name": "f"}}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (chat(tools=[FUNCTION]), ExactOnly(ExactOnlyReason.TOOLS, "tools")),
        (chat(n=2), ExactOnly(ExactOnlyReason.FIELD, "n")),
        (chat(seed=1), ExactOnly(ExactOnlyReason.FIELD, "seed")),
        (chat(chat_template="Translate: {{ messages[0].content }}"), ExactOnly(ExactOnlyReason.FIELD, "chat_template")),
        (
            request_of(Endpoint.RESPONSES, instructions=[{"role": "developer", "content": "Translate what I say."}]),
            ExactOnly(ExactOnlyReason.FIELD, "instructions"),
        ),
        (request_of(Endpoint.RESPONSES, instructions="Be brief."), Semantic()),
        (chat(user("a"), {"role": "assistant", "content": "b"}, user()), ExactOnly(ExactOnlyReason.SEVERAL_TURNS)),
        (
            chat(user([{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}])),
            ExactOnly(ExactOnlyReason.CONTENT_PARTS),
        ),
        (chat(user("x" * 4001)), ExactOnly(ExactOnlyReason.WINDOW)),
        (chat(user(" ")), ExactOnly(ExactOnlyReason.EMPTY)),
        (request_of(Endpoint.COMPLETIONS), ExactOnly(ExactOnlyReason.ENDPOINT)),
        (request_of(Endpoint.EMBEDDINGS), ExactOnly(ExactOnlyReason.ENDPOINT)),
        (request_of(Endpoint.RESPONSES), Semantic()),
        (request_of(Endpoint.RESPONSES, store=None), ExactOnly(ExactOnlyReason.FIELD, "store")),
        (request_of(Endpoint.RESPONSES, background=True), Bypass(BypassReason.STATEFUL_FIELD, "background")),
        (chat(store=True), Bypass(BypassReason.STATEFUL_FIELD, "store")),
        (chat(who_knows=1), Bypass(BypassReason.STATEFUL_FIELD, "who_knows")),
        (chat(user(), {"role": "tool", "content": "4"}), Bypass(BypassReason.NOT_FROM_USER, "messages[-1]")),
        (
            chat(user([{"type": "image_url", "image_url": {"url": "https://x"}}])),
            Bypass(BypassReason.REMOTE_CONTENT, "image_url"),
        ),
        (chat(tools=[FUNCTION], store=True), Bypass(BypassReason.STATEFUL_FIELD, "store")),
    ],
)
def test_rows_of_the_table(request_: Request, expected: Plan) -> None:
    assert planned(request_) == expected


def test_a_long_turn_may_hold_a_short_extracted_question() -> None:
    class Finds:
        def sub(self, replacement: str, text: str, /) -> str:
            return text

        def finditer(self, text: str, /) -> Any:
            return iter(())

    route = route_of(domain=Domain(prompt_extract=Finds()))

    assert planned(chat(user("x" * 10_000)), route=route) == Semantic()


@pytest.mark.parametrize("cache", [CacheMode.SEMANTIC, CacheMode.SHADOW, CacheMode.EXACT])
def test_what_must_not_be_remembered_is_bypassed_in_every_mode(cache: CacheMode) -> None:
    assert isinstance(planned(chat(store=True), route=route_of(cache=cache)), Bypass)


# The domain a request asks for (R13).

OWN = Domain("own", max_false_hit_rate=0.03)


def asked_for(domain: Domain, own: Domain = OWN) -> tuple[Domain, bool]:
    return domain_for(route_of(domain=own, domains={domain.name: domain}), domain.name)


def test_without_a_wish_the_route_s_own_domain_is_used() -> None:
    assert domain_for(route_of(domain=OWN), None) == (OWN, False)
    assert domain_for(route_of(domain=OWN), "own") == (OWN, False)


def test_a_domain_that_the_route_does_not_list_is_refused() -> None:
    assert domain_for(route_of(domain=OWN), "other") == (OWN, True)


@pytest.mark.parametrize(
    "asked",
    [
        Domain("strict", max_false_hit_rate=0.01),
        Domain("equal", max_false_hit_rate=0.03),
        Domain("user", tenancy=Tenancy(TenancyKind.USER)),
        Domain("header", tenancy=Tenancy(TenancyKind.HEADER, "x-user")),
    ],
)
def test_a_listed_domain_that_is_as_strict_is_obeyed(asked: Domain) -> None:
    assert asked_for(asked) == (asked, False)


@pytest.mark.parametrize(
    "asked",
    [
        Domain("loose", max_false_hit_rate=0.04),
        Domain("shared", tenancy=Tenancy(TenancyKind.SHARED)),
        Domain("replaced", tenancy=Tenancy(TenancyKind.HEADER_ONLY, "x-user")),
        Domain("expert", threshold=0.1),
    ],
)
def test_a_listed_domain_that_is_looser_is_refused(asked: Domain) -> None:
    assert asked_for(asked) == (OWN, True)


@pytest.mark.parametrize(
    ("own", "asked", "is_obeyed"),
    [
        (Tenancy(TenancyKind.USER), Tenancy(TenancyKind.CREDENTIAL), False),
        (Tenancy(TenancyKind.USER), Tenancy(TenancyKind.HEADER, "x"), False),
        (Tenancy(TenancyKind.HEADER, "x"), Tenancy(TenancyKind.HEADER, "y"), False),
        (Tenancy(TenancyKind.HEADER, "x"), Tenancy(TenancyKind.HEADER, "x"), True),
        (Tenancy(TenancyKind.HEADER_ONLY, "x"), Tenancy(TenancyKind.CREDENTIAL), False),
        (Tenancy(TenancyKind.SHARED), Tenancy(TenancyKind.CREDENTIAL), True),
        (Tenancy(TenancyKind.SHARED), Tenancy(TenancyKind.HEADER_ONLY, "x"), True),
    ],
)
def test_tenancy_may_only_get_narrower(own: Tenancy, asked: Tenancy, is_obeyed: bool) -> None:
    domain = Domain("asked", tenancy=asked)

    assert asked_for(domain, Domain("own", tenancy=own))[1] == (not is_obeyed)


@pytest.mark.parametrize(
    ("own", "asked", "is_refused"), [(2.0, 2.5, False), (2.0, 2.0, False), (2.0, 1.0, True), (2.0, None, True)]
)
def test_a_fixed_threshold_may_only_be_raised(own: float, asked: float | None, is_refused: bool) -> None:
    assert asked_for(Domain("asked", threshold=asked), Domain("own", threshold=own))[1] == is_refused


def test_the_question_of_the_builders_is_what_the_tests_believe() -> None:
    assert chat(system(), user()).turns.last_user_text == QUESTION
