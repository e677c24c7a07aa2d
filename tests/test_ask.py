"""A request that is known again is asked exactly as if it were new: the short cut never changes a key."""

from __future__ import annotations

import dataclasses
import pickle
import threading
import tracemalloc
from typing import Any, cast

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.ask import LONG_BYTES, Ask, Asker
from proxy.call import MAX_NAME_BYTES, Call
from proxy.control import Control
from proxy.core.answers.registry import ADAPTERS
from proxy.core.policy import Bypass
from proxy.core.reasons import BypassReason
from proxy.core.request import Endpoint, Request, parse_request
from proxy.core.route import Domain, Route, Tenancy, TenancyKind
from proxy.ports import UpstreamCall
from tests.asking import body_of, route_of, system, user


class FixedControl:
    """The two facts an asker reads."""

    def __init__(self) -> None:
        self.secret = b"s" * 32
        self.generations = {"default": 0}

    def generation(self, domain: str) -> int:
        return self.generations.get(domain, 0)


def outgoing() -> UpstreamCall:
    raise AssertionError("an ask forwards nothing")


def call(route: Route, body: bytes, headers: list[tuple[bytes, bytes]], **changes: Any) -> Call:
    fields: dict[str, Any] = {"path": "/v1/chat/completions", "query": "", "is_trusted": False, **changes}
    return Call(
        headers=headers, body=body, endpoint=Endpoint.CHAT, route=route, plain=lambda: body, outgoing=outgoing, **fields
    )


def asker() -> Asker:
    return Asker(cast(Control, FixedControl()), ADAPTERS, frozenset({b"x-user", b"x-region"}))


OWN = Domain(tenancy=Tenancy(TenancyKind.HEADER, "X-User"))
STRICT = Domain("strict", max_false_hit_rate=0.01, tenancy=Tenancy(TenancyKind.HEADER, "X-User"))
ROUTES = [
    route_of(scope_headers=("X-Region",)),
    route_of(name="own", domain=OWN, domains={"strict": STRICT}),
    route_of(name="other", scope_headers=("X-Region",)),
    route_of(name="only", domain=Domain(tenancy=Tenancy(TenancyKind.HEADER_ONLY, "X-User"))),
    route_of(name="user", domain=Domain(tenancy=Tenancy(TenancyKind.USER))),
]
BODIES = [
    orjson.dumps(body)
    for body in (
        body_of(),
        body_of(stream=True),
        body_of(model="gpt-4o"),
        body_of(messages=[system(), user("Why?")]),
        body_of(user="ann"),
        body_of(user="ben"),
    )
]
NAMES = st.sampled_from(
    b"Authorization authorization api-key X-Goog-Api-Key OpenAI-Organization OpenAI-Project OpenAI-Beta X-Auth-Token "
    b"x-portkey-config X-Amzn-Bedrock-Trace x-portkey-trace-id x-litellm-tags Helicone-Auth "
    b"X-User x-region Cookie Cache-Control equicache-domain "
    b"equicache-ttl equicache-threshold "
    b"Accept Connection".split()
)
VALUES = st.sampled_from(
    b"a b no-cache no-store strict 0.9 60 openai-insecure-api-key.k X-Region,close OpenAI-Beta x-user".split()
)
CALLS = st.builds(
    lambda route, body, headers, path, query, trusted: call(
        route, body, headers, path=path, query=query, is_trusted=trusted
    ),
    st.sampled_from(ROUTES),
    st.sampled_from(BODIES),
    st.lists(st.tuples(NAMES, VALUES), max_size=2).map(lambda found: [(b"X-User", b"ann"), *found]),
    st.sampled_from(["/v1/chat/completions", "/openai/v1/chat/completions"]),
    st.sampled_from(["", "key=a", "key=b", "v=1"]),
    st.booleans(),
)


def told(ask: Ask | Bypass) -> tuple[Any, ...]:
    if isinstance(ask, Bypass):
        return (ask,)
    who = (ask.tenant, ask.credential, ask.domain.name, ask.is_domain_refused)
    return (*who, ask.plan, ask.scope.exact_key, ask.scope.digest, ask.conditions, ask.wanted)


PARTS = st.sampled_from(["route", "body", "headers", "path", "query", "is_trusted"])


@settings(max_examples=400)
@given(CALLS, CALLS, PARTS)
def test_a_known_request_is_asked_as_if_it_were_new(first: Call, other: Call, part: str) -> None:
    """The second call is the first with one part changed: no part may be missing from what it is known by."""
    second = dataclasses.replace(first, **{part: getattr(other, part)})
    second = dataclasses.replace(second, plain=lambda: second.body)
    knowing = asker()
    made, key = knowing.ask(first)
    if isinstance(made, Ask):
        knowing.keep(key, made)

    again, _ = knowing.ask(second)

    assert told(again) == told(asker().ask(second)[0])


@pytest.mark.parametrize("name", [b"OpenAI-Beta", b"X-Region"])
def test_a_header_that_stays_at_the_proxy_is_no_part_of_the_scope(name: bytes) -> None:
    """What `Connection` names does not go upstream, so the answer is that to a request without it."""
    dropped = [(name, b"a"), (b"Connection", b"keep-alive, " + name.lower())]
    keys = [_scope_and_key(asker().ask(call(ROUTES[0], BODIES[0], headers))) for headers in (dropped, dropped[:1], [])]

    assert keys[0][0] == keys[2][0] != keys[1][0]
    assert 3 == len({key for _, key in keys})


def test_a_tenancy_header_that_stays_at_the_proxy_is_absent() -> None:
    headers = [(b"X-User", b"ann"), (b"Connection", b"X-User")]

    assert Bypass(BypassReason.TENANT_FIELD_ABSENT) == asker().ask(call(ROUTES[1], BODIES[0], headers))[0]


def test_a_trusted_peer_s_request_is_not_known_when_anybody_sends_it() -> None:
    knowing = asker()
    headers = [(b"X-User", b"ann")]
    made, key = knowing.ask(call(ROUTES[3], BODIES[0], headers, is_trusted=True))
    assert isinstance(made, Ask)
    knowing.keep(key, made)

    assert isinstance(knowing.ask(call(ROUTES[3], BODIES[0], headers))[0], Bypass)


def test_a_flushed_domain_is_asked_anew() -> None:
    control = FixedControl()
    knowing = Asker(cast(Control, control), ADAPTERS, frozenset())
    request = call(ROUTES[0], BODIES[0], [])
    made, key = knowing.ask(request)
    assert isinstance(made, Ask)
    knowing.keep(key, made)

    control.generations["default"] = 1
    again, _ = knowing.ask(request)

    assert isinstance(again, Ask)
    assert again.scope.exact_key != made.scope.exact_key


def test_another_secret_makes_other_tenants_of_the_same_head() -> None:
    control = FixedControl()
    knowing = Asker(cast(Control, control), ADAPTERS, frozenset())
    made = knowing.ask(call(ROUTES[0], BODIES[0], []))[0]

    control.secret = b"t" * 32
    again = knowing.ask(call(ROUTES[0], BODIES[0], []))[0]

    assert isinstance(made, Ask)
    assert isinstance(again, Ask)
    assert again.tenant != made.tenant
    assert again.credential != made.credential


@pytest.mark.parametrize("query", ["", "api-version=1", "api-key=sk-of-ann", "v=1&Key=sk-of-ann"])
def test_no_credential_is_kept_with_what_its_head_says(query: str) -> None:
    """A heap dump of the proxy must not hold the keys of all who asked (R11)."""
    knowing = asker()
    for route in ROUTES:
        headers = [(b"Authorization", b"Bearer sk-of-ann"), (b"X-User", b"ann")]
        knowing.ask(call(route, BODIES[4], headers, query=query, is_trusted=True))
    kept = [
        head for part in (knowing._heads._known._probation, knowing._heads._known._protected) for head in part.values()
    ]

    assert bool(kept) == ("ann" not in query)
    assert b"sk-of-ann" not in pickle.dumps(kept)


def test_a_request_asked_again_word_for_word_is_known() -> None:
    knowing = asker()
    made, key = knowing.ask(call(ROUTES[0], BODIES[0], [(b"User-Agent", b"one")]))
    assert isinstance(made, Ask)
    knowing.keep(key, made)

    assert knowing.ask(call(ROUTES[0], BODIES[0], [(b"User-Agent", b"two")]))[0] is made


@pytest.mark.parametrize(
    ("size", "headers", "is_beside"),
    [(100, [], False), (LONG_BYTES + 1, [], True), (100, [(b"Content-Encoding", b"gzip")], True)],
)
async def test_what_takes_long_to_read_is_read_beside_the_event_loop(
    monkeypatch: pytest.MonkeyPatch, size: int, headers: list[tuple[bytes, bytes]], is_beside: bool
) -> None:
    readers: list[threading.Thread] = []

    def watched(endpoint: Endpoint, body: bytes, deployment: str) -> Request | BypassReason:
        readers.append(threading.current_thread())
        return parse_request(endpoint, body, deployment)

    monkeypatch.setattr("proxy.ask.parse_request", watched)
    body = orjson.dumps(body_of(messages=[user("x" * size)]))
    made, key = await asker().asked(call(ROUTES[0], body, headers))

    assert (made.scope.digest, key) == _scope_and_key(asker().ask(call(ROUTES[0], body, headers)))  # type: ignore[union-attr]
    assert is_beside == (readers[0] is not threading.main_thread())


def _scope_and_key(asked: tuple[Ask | Bypass, bytes]) -> tuple[bytes, bytes]:
    assert isinstance(asked[0], Ask)
    return asked[0].scope.digest, asked[1]


def test_names_of_headers_are_remembered_in_bounded_memory() -> None:
    made = asker()
    for number in range(50):
        made.key("/", [(b"X-%d-" % number + b"a" * 60_000, b"1"), (b"X-Short", b"1")], b"", is_trusted=False)

    assert MAX_NAME_BYTES >= max(map(len, made._heads._decisive))
    assert b"X-Short" in made._heads._decisive


def test_heads_are_kept_in_bounded_memory() -> None:
    made = asker()
    for number in range(200):
        made.ask(call(ROUTES[0], BODIES[0], [(b"X-Region", b"%d" % number + b"a" * 60_000)]))

    assert 100 > len(made._heads._known) > 10


def test_without_the_tenant_secret_nothing_is_remembered() -> None:
    control = FixedControl()
    control.secret = None  # type: ignore[assignment]

    made, _ = Asker(cast(Control, control), ADAPTERS, frozenset()).ask(call(ROUTES[0], BODIES[0], []))

    assert isinstance(made, Bypass)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"x-sm-a", b"a" * 16_000)],
        [(b"x-sm-a", b"\xe9" * 16_000)],
        [(b"x-sm-%d" % number, b"a") for number in range(200)],
    ],
    ids=["short", "long", "not ASCII", "many"],
)
def test_what_is_known_weighs_what_it_holds(headers: list[tuple[bytes, bytes]]) -> None:
    """Or clients with long heads fill the memory with them."""
    knowing = asker()
    knowing.ask(call(ROUTES[0], BODIES[0], headers))
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(100):
        ask, key = knowing.ask(call(ROUTES[0], BODIES[0], [*headers, (b"x-sm-number", b"%d" % number)]))
        assert isinstance(ask, Ask)
        knowing.keep(key, ask)
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()

    assert knowing._known.weight >= held
    assert knowing._heads._known.weight >= held / 2
