"""What the upstream gave to one caller is given to no other whom it has not accepted, whichever way it could go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import openai
import pytest

from proxy.config.load import loads
from proxy.config.settings import Config
from proxy.control import ACCEPTED_TTL_S
from tests.e2e.clock import Clock
from tests.e2e.running import Running, config_for, running
from tests.e2e.watched import watch_sharing
from tests.facts.waiting import eventually
from tests.upstream import Reply, Seen, Upstream
from tests.upstream import openai as provider
from tests.wire.client import ask, request

TWO_UPSTREAMS = """
server: {{port: 0, admin: {{port: 0}}, log: json}}
store: memory://
upstreams: {{strict: {{base_url: "{strict}"}}, local: {{base_url: "{local}"}}}}
domains: {{default: {{tenancy: {tenancy}}}}}
routes:
  - {{name: local, match: {{path: "*", model: "llama*"}}, upstream: local, domain: default, cache: semantic}}
  - {{name: chat, match: {{path: "*"}}, upstream: strict, domain: default, cache: semantic}}
"""
QUESTION = "What is the capital of Australia?"
REFUSED = b'{"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}'


def knows(upstream: Upstream, *keys: bytes) -> None:
    """The upstream answers these keys, and 401 to all others."""

    async def respond(seen: Seen) -> Reply:
        if (seen.header(b"authorization") or b"").removeprefix(b"Bearer ") not in keys:
            return Reply(status=401, headers=[(b"Content-Type", b"application/json")], body=REFUSED)
        return provider.respond(seen, upstream)

    upstream.respond = respond


async def asked_as(proxy: Running, key: str, **fields: object) -> str:
    async with proxy.client(key) as sdk:
        try:
            return (await proxy.ask(QUESTION, sdk=sdk, **fields)).cache_status
        except openai.AuthenticationError as refused:
            return str(refused.status_code)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (b"application/json", REFUSED),
        (b"application/json", b'{"choices": null, "base_resp": {"status_code": 1004, "status_msg": "login fail"}}'),
        (b"application/json", b'{"id": "1", "choices": [], "base_resp": {"status_code": 1004}}'),
        (b"application/json", b'{"id": "1", "choices": [{"ind'),
        (b"text/event-stream", b"data: " + REFUSED + b"\n\n"),
        (b"text/html", b"<title>Sign in</title>"),
    ],
)
@pytest.mark.parametrize("cache_control", [b"no-cache", b"no-store"])
async def test_a_key_that_is_refused_with_status_200_is_not_accepted(
    upstream: Upstream, content_type: bytes, body: bytes, cache_control: bytes
) -> None:
    async def respond(seen: Seen) -> Reply:
        if seen.header(b"authorization") == b"Bearer sk-bad":
            return Reply(headers=[(b"Content-Type", content_type), (b"Cache-Control", cache_control)], body=body)
        return provider.respond(seen, upstream)

    upstream.respond = respond
    async with running(config_for(upstream, domain="tenancy: shared", cache="exact"), upstream) as proxy:
        url = f"{proxy.url}/chat/completions"
        asked = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": QUESTION}]}
        said = []
        async with aiohttp.ClientSession() as client:
            for key in ("sk-good", "sk-good", "sk-bad", "sk-bad"):
                async with client.post(url, json=asked, headers={"Authorization": f"Bearer {key}"}) as answer:
                    await answer.read()
                    said.append(answer.headers["cache-status"])
                await proxy.settled()

        refused = "equicache; fwd=miss; detail=not_entitled"
        assert [refused, refused, refused] == [said[0], *said[2:]]
        assert "; hit;" in said[1]


@pytest.mark.usefixtures("patient_followers")
@pytest.mark.parametrize("stream", [False, True])
async def test_a_key_that_was_never_accepted_gets_no_share_in_the_call_of_one_that_was(
    upstream: Upstream, stream: bool
) -> None:
    knows(upstream, b"sk-good")
    upstream.may_answer.clear()
    async with running(config_for(upstream, domain="tenancy: shared", cache="exact"), upstream) as proxy:
        good = asyncio.create_task(asked_as(proxy, "sk-good", stream=stream))
        await upstream.wait_for(1)
        bad = asyncio.create_task(asked_as(proxy, "sk-bad", stream=stream))
        async with asyncio.timeout(30):
            await upstream.wait_for(2)
        upstream.may_answer.set()

        assert "401" == await bad
        assert "equicache; fwd=miss; detail=not_entitled" == await good
        assert "401" == await asked_as(proxy, "sk-bad", stream=stream)


async def asked_at_once(proxy: Running, stream: bool) -> tuple[str, str]:
    """What two accepted keys are told, the second of which asks while the first waits for its answer."""
    upstream = proxy.upstream
    for key in ("sk-one", "sk-two"):
        await asked_as(proxy, key, max_tokens=1)
    sharing = watch_sharing(proxy)
    upstream.may_answer.clear()
    first = asyncio.create_task(asked_as(proxy, "sk-one", stream=stream))
    await upstream.wait_for(upstream.calls + 1)
    second = asyncio.create_task(asked_as(proxy, "sk-two", stream=stream))
    await eventually(lambda: bool(sharing))
    upstream.may_answer.set()
    return await first, await second


@pytest.mark.parametrize("stream", [False, True])
async def test_accepted_keys_share_one_call_where_the_operator_shares_entries(upstream: Upstream, stream: bool) -> None:
    async with running(config_for(upstream, domain="tenancy: shared", cache="exact"), upstream) as proxy:
        first, second = await asked_at_once(proxy, stream)

        assert [False, True] == ["collapsed" in first, "collapsed" in second]
        assert "; hit;" in await asked_as(proxy, "sk-two", stream=stream)
        assert 3 == upstream.calls


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "header",
    [
        (b"Vary", b"Accept-Language"),
        (b"Vary", b"*"),
        (b"Cache-Control", b"private, max-age=0"),
        (b"Set-Cookie", b"session=1; HttpOnly"),
    ],
)
async def test_what_the_upstream_says_is_for_one_caller_is_neither_stored_nor_shared_under_way(
    upstream: Upstream, header: tuple[bytes, bytes], stream: bool
) -> None:
    async def respond(seen: Seen) -> Reply:
        reply = provider.respond(seen, upstream)
        return replace(reply, headers=[*reply.headers, header])

    upstream.respond = respond
    async with running(config_for(upstream, domain="tenancy: shared", cache="exact"), upstream) as proxy:
        said = [*await asked_at_once(proxy, stream), await asked_as(proxy, "sk-two", stream=stream)]

        assert all("fwd=miss; detail" in one for one in said)
        assert 5 == upstream.calls


@pytest.mark.parametrize(
    "told_apart", [{"domain": "tenancy: 'header:X-Customer'"}, {"route": "scope: {headers: [X-Customer]}"}]
)
async def test_what_varies_by_a_header_that_the_operator_tells_apart_is_kept_for_who_sends_the_same(
    upstream: Upstream, told_apart: dict[str, str]
) -> None:
    async def respond(seen: Seen) -> Reply:
        reply = provider.respond(seen, upstream)
        return replace(reply, headers=[*reply.headers, (b"Vary", b"X-Customer")])

    upstream.respond = respond
    async with running(config_for(upstream, cache="exact", **told_apart), upstream) as proxy:
        asked = [await proxy.ask(QUESTION, headers={"X-Customer": customer}) for customer in ("ann", "bob", "ann")]

        assert [False, False, True] == [one.is_hit for one in asked]


async def test_a_key_that_is_refused_on_a_request_past_memory_gets_no_more_hits(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await asked_as(proxy, "sk-one")
        assert "; hit;" in await asked_as(proxy, "sk-one")
        knows(upstream)

        assert "401" == await asked_as(proxy, "sk-one", temperature=2)
        assert "401" == await asked_as(proxy, "sk-one")


def two_upstreams(strict: Upstream, local: Upstream, tenancy: str) -> Config:
    """One domain for both; whoever asks for a llama asks `local`."""
    return loads(TWO_UPSTREAMS.format(strict=strict.url, local=local.url, tenancy=tenancy))


async def test_a_key_that_one_upstream_takes_gets_no_hits_of_another(upstream: Upstream) -> None:
    knows(upstream, b"sk-good")
    async with Upstream() as local, running(two_upstreams(upstream, local, "shared"), upstream) as proxy:
        await asked_as(proxy, "sk-good")
        assert "fwd=miss" in await asked_as(proxy, "sk-evil", model="llama3")

        assert "401" == await asked_as(proxy, "sk-evil")
        assert "; hit;" in await asked_as(proxy, "sk-good")


async def test_a_key_that_one_upstream_refuses_keeps_its_hits_of_another(upstream: Upstream) -> None:
    async with Upstream() as local, running(two_upstreams(upstream, local, "credential"), upstream) as proxy:
        knows(local)
        await asked_as(proxy, "sk-one")

        assert "401" == await asked_as(proxy, "sk-one", model="llama3")
        assert "; hit;" in await asked_as(proxy, "sk-one")


async def test_a_key_that_was_taken_at_another_address_of_the_same_name_gets_no_hits(
    upstream: Upstream, tmp_path: Path
) -> None:
    store, domain = f"sqlite:///{tmp_path / 'cache.db'}", "tenancy: shared"
    async with Upstream() as former, running(config_for(former, store=store, domain=domain), former) as proxy:
        await asked_as(proxy, "sk-former")

    knows(upstream, b"sk-good")
    async with running(config_for(upstream, store=store, domain=domain), upstream) as proxy:
        await asked_as(proxy, "sk-good")
        assert "401" == await asked_as(proxy, "sk-former")
        assert "; hit;" in await asked_as(proxy, "sk-good")


async def said_503(proxy: Running) -> None:
    proxy.upstream.say(Reply(503))
    await ask(proxy.app.data.port, posted("/v1/chat/completions"))


async def hung_up(proxy: Running) -> None:
    proxy.upstream.say(Reply(delay_s=60))
    calls = len(proxy.upstream.seen)
    _, writer = await asyncio.open_connection("127.0.0.1", proxy.app.data.port)
    writer.write(posted("/v1/chat/completions"))
    seen = await proxy.upstream.wait_for(calls + 1)
    writer.close()
    await seen.closed.wait()


async def aimed_badly(proxy: Running) -> None:
    assert 400 == (await ask(proxy.app.data.port, posted("/v1/chat/completions?a#b"))).status


def posted(target: str) -> bytes:
    body = b'{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}'
    return request(target, method="POST", headers=[(b"Authorization", b"Bearer sk-one")], body=body)


@pytest.mark.parametrize(
    ("happens", "is_patient"), [(said_503, True), (hung_up, False), (aimed_badly, False)], ids=["503", "left", "400"]
)
async def test_a_key_outlives_the_hour_it_was_accepted_for_only_while_the_upstream_fails(
    upstream: Upstream, happens: Callable[[Running], Awaitable[None]], is_patient: bool
) -> None:
    clock = Clock()
    async with running(config_for(upstream, domain="tenancy: shared", cache="exact"), upstream, clock) as proxy:
        await asked_as(proxy, "sk-one")
        clock.offset += ACCEPTED_TTL_S + 1
        async with asyncio.timeout(10):
            await happens(proxy)

        assert is_patient == ("; hit;" in await asked_as(proxy, "sk-one"))


async def test_a_key_that_is_refused_while_it_is_looked_up_gets_no_more_hits(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await asked_as(proxy, "sk-one")
        proxy.app.control._refused.clear()  # as after a restart: only the backend knows
        state = proxy.app.shelves.state
        get = state.get
        has_read, may_go_on = asyncio.Event(), asyncio.Event()

        async def slow_get(key: str) -> bytes | None:
            state.get = get  # type: ignore[method-assign]
            value = await get(key)
            has_read.set()
            await may_go_on.wait()
            return value

        state.get = slow_get  # type: ignore[method-assign]
        looking_up = asyncio.create_task(asked_as(proxy, "sk-one"))
        await has_read.wait()
        knows(upstream)
        assert "401" == await asked_as(proxy, "sk-one", temperature=2)
        may_go_on.set()

        assert ["401", "401"] == [await looking_up, await asked_as(proxy, "sk-one")]
