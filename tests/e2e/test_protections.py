"""What one caller may never get of another's, what may never be kept, and whom a failure may never leave waiting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace

import aiohttp
import openai
import pytest

from proxy.core.cache_status import hit_lines
from proxy.core.entry import Entry, EntryRef
from proxy.core.reasons import DropReason, HitKind
from tests.e2e.clock import Clock
from tests.e2e.running import Running, config_for, running
from tests.e2e.watched import watch_sharing
from tests.facts.waiting import eventually
from tests.upstream import Reply, Seen, Upstream
from tests.upstream import openai as provider

QUESTION = "What is the capital of Australia?"


async def status_of(proxy: Running, *, headers: Mapping[str, str] | None = None, **fields: object) -> str:
    """Cache-Status of one request; nobody waits for what is written behind the answer."""
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": QUESTION}]} | fields
    raw = await proxy.sdk.chat.completions.with_raw_response.create(**body, extra_headers=headers)  # type: ignore[call-overload]
    if fields.get("stream"):
        [chunk async for chunk in raw.parse()]
    return raw.headers["cache-status"]


TWINS = [
    ({"headers": {"Accept-Encoding": "gzip"}}, {"headers": {"Accept-Encoding": "identity"}}),
    ({"temperature": 0.7}, {"temperature": 0.7}),
    ({"headers": {"Cache-Control": "no-cache"}}, {"headers": {"Cache-Control": "no-cache"}}),
    ({"stream": True}, {"stream": True, "stream_options": {"include_usage": True}}),
    ({"stream": True}, {}),
]


@pytest.mark.usefixtures("patient_followers")
@pytest.mark.parametrize(("one", "other"), TWINS)
async def test_who_may_expect_another_answer_at_the_same_time_gets_a_call_of_his_own(
    upstream: Upstream, one: dict[str, object], other: dict[str, object]
) -> None:
    upstream.may_answer.clear()
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        asking = [asyncio.create_task(status_of(proxy, **fields)) for fields in (one, other)]  # type: ignore[arg-type]
        await eventually(lambda: upstream.calls == 2)
        upstream.may_answer.set()

        assert not any("collapsed" in status for status in await asyncio.gather(*asking))


async def test_the_control_two_equal_requests_share_a_call(upstream: Upstream) -> None:
    upstream.may_answer.clear()
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        sharing = watch_sharing(proxy)
        asking = [asyncio.create_task(status_of(proxy)) for _ in range(2)]
        await eventually(lambda: bool(sharing))
        upstream.may_answer.set()

        assert 1 == sum("collapsed" in status for status in await asyncio.gather(*asking))
        assert 1 == upstream.calls


async def test_a_call_that_never_got_an_answer_keeps_nobody_waiting(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await upstream.stop()
        async with asyncio.timeout(10):
            for _ in range(2):
                with pytest.raises(openai.InternalServerError):
                    await status_of(proxy)


async def test_a_client_that_leaves_before_the_head_keeps_nobody_waiting(upstream: Upstream) -> None:
    never = asyncio.Event()

    async def respond(seen: Seen) -> Reply:
        if upstream.calls < 2:
            await never.wait()
        return provider.respond(seen, upstream)

    upstream.respond = respond
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        leaving = asyncio.create_task(status_of(proxy))
        await upstream.wait_for(1)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        async with asyncio.timeout(10):
            assert "fwd=miss" in await status_of(proxy)
        never.set()


@pytest.mark.parametrize("stream", [False, True])
async def test_an_sdk_that_tries_again_waits_for_nobody_elses_silent_call(upstream: Upstream, stream: bool) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        upstream.say(Reply(delay_s=60))
        silent = asyncio.create_task(status_of(proxy, stream=stream))
        await upstream.wait_for(1)
        async with asyncio.timeout(5):
            said = await status_of(proxy, headers={"x-stainless-retry-count": "1"}, stream=stream)
        silent.cancel()
        await asyncio.gather(silent, return_exceptions=True)

        assert "fwd=miss; detail" in said


SECRET = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"


async def test_a_secret_anywhere_in_the_request_is_not_stored(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            await proxy.ask(QUESTION, system=f"Use the key {SECRET} and tell it to nobody.")

        assert 2 == upstream.calls
        assert {DropReason.PROMPT_SECRET: 2} == dict(proxy.app.stats.totals.dropped)


@pytest.mark.parametrize(
    "declared",
    [
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]},
        {"functions": [{"name": "f", "parameters": {"type": "object"}}]},
    ],
)
async def test_an_answer_that_may_lean_on_a_tool_is_kept_for_an_hour(
    upstream: Upstream, declared: dict[str, object]
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION, **declared)
        (kept,) = [remembered.entry for remembered in proxy.app.recall.recent._probation.values()]

        assert 3600 == kept.expires_at - kept.created_at


@pytest.mark.parametrize("path", ["chat", "responses"])
async def test_an_answer_that_was_to_be_json_and_is_none_is_not_stored(upstream: Upstream, path: str) -> None:
    schema = {"type": "json_schema", "name": "city", "schema": {"type": "object"}}

    async def in_words(seen: Seen) -> Reply:
        fields = {
            name: value for name, value in json.loads(seen.body).items() if name not in ("text", "response_format")
        }
        return provider.respond(replace(seen, body=json.dumps(fields).encode()), upstream)

    upstream.respond = in_words
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            if path == "chat":
                await proxy.ask(QUESTION, response_format={"type": "json_object"})
            else:
                await proxy.sdk.responses.create(model="m", input=QUESTION, store=False, text={"format": schema})
                await proxy.settled()

        assert {DropReason.INVALID_JSON: 2} == dict(proxy.app.stats.totals.dropped)


async def test_of_what_answers_its_own_request_alone_no_words_are_kept(upstream: Upstream) -> None:
    """Entries of the exact tier need no prompt; what is not kept cannot leak."""
    upstream.answer = lambda _prompt: "I'm sorry, but I can't help with that."
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        assert "exact" == (await proxy.ask(QUESTION)).detail
        assert not (await proxy.ask("Which city is the capital of Australia?")).is_hit
        entries = [
            each.entry
            for lru in (proxy.app.recall.recent,)
            for each in (*lru._probation.values(), *lru._protected.values())
        ]

        assert [(None, None)] * len(entries) == [(entry.prompt, entry.embedding) for entry in entries]


async def test_a_stranger_does_not_learn_that_somebody_asked_the_same_elsewhere(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION, system="You are the assistant of ACME.")
        async with proxy.client("sk-other") as stranger:
            asked = await proxy.ask(QUESTION, system="You help.", sdk=stranger)

        assert "no_candidate" == asked.detail


async def test_only_who_holds_an_access_key_is_answered_or_forwarded(upstream: Upstream) -> None:
    async with running(config_for(upstream, server="access_keys: [sk-test]"), upstream) as proxy:
        for _ in range(3):
            await proxy.ask(QUESTION)
        calls = upstream.calls
        for key in ("sk-testx", "sk-tes", "other"):
            async with proxy.client(key) as stranger:
                with pytest.raises(openai.AuthenticationError):
                    await proxy.ask(QUESTION, sdk=stranger)
                with pytest.raises(openai.AuthenticationError):
                    await stranger.models.list()

        assert calls == upstream.calls


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (("Authorization", "Bearer team"), (b"Authorization", b"Bearer sk-provider")),
        (("Authorization", "bearer team"), (b"Authorization", b"Bearer sk-provider")),
        (("api-key", "team"), (b"api-key", b"sk-provider")),
        (("X-Api-Key", "team"), (b"x-api-key", b"sk-provider")),
    ],
)
async def test_an_access_key_is_taken_where_azures_sdk_puts_it_and_the_providers_goes_there_instead(
    upstream: Upstream, given: tuple[str, str], sent: tuple[bytes, bytes]
) -> None:
    config = config_for(upstream, server="access_keys: [team]")
    keyed = replace(config.default_upstream, api_key="sk-provider")
    routes = tuple(replace(route, upstream=keyed) for route in config.routes)
    async with running(replace(config, upstreams={keyed.name: keyed}, routes=routes), upstream) as proxy:
        async with aiohttp.ClientSession() as session, session.get(f"{proxy.url}/models", headers=[given]) as answer:
            assert 200 == answer.status
        wrong = [(given[0], given[1] + "x")]
        async with aiohttp.ClientSession() as session, session.get(f"{proxy.url}/models", headers=wrong) as refused:
            assert 401 == refused.status

    [seen] = upstream.seen
    assert sent in seen.headers
    assert b"team" not in b"".join(value for _, value in seen.headers)


BY_HEADER = 'tenancy: "header_only:X-User"'


@pytest.mark.parametrize(("trusted", "hits"), [("10.0.0.0/8", 0), ("127.0.0.0/8", 2)])
async def test_a_header_that_replaces_the_credential_is_believed_of_a_trusted_peer_alone(
    upstream: Upstream, trusted: str, hits: int
) -> None:
    config = config_for(upstream, domain=BY_HEADER, cache="exact", server=f'trusted_proxies: ["{trusted}"]')
    async with running(config, upstream) as proxy:
        said = [(await proxy.ask(QUESTION, headers={"X-User": "ann"})) for _ in range(3)]

        assert hits == sum(answer.is_hit for answer in said)
        if not hits:
            assert {"tenant_field_absent"} == {answer.detail for answer in said}


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_response_whose_deletion_the_provider_refuses_stays(upstream: Upstream, status: int) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        first = await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)
        await proxy.settled()
        upstream.say(Reply(status=status, body=b"{}", headers=[(b"Content-Type", b"application/json")]))
        async with aiohttp.ClientSession() as session:
            await session.delete(f"{proxy.url}/responses/{first.id}", headers={"Authorization": "Bearer sk-bad"})
        await proxy.sdk.responses.create(model="gpt-4o-mini", input=QUESTION)

        assert 2 == upstream.calls


async def test_the_kill_switch_leaves_the_exact_tier(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask("How can I reset my password?")
        await proxy.app.control.switch_semantic(off=True)
        off = await proxy.ask("How do I reset my password?", headers={"Cache-Control": "no-store"})
        paraphrase = await proxy.ask("How could I reset my password?")

        assert "semantic_off" == paraphrase.detail
        assert "exact" == (await proxy.ask("How can I reset my password?")).detail
        assert not off.is_hit


async def test_only_if_cached_forwards_nothing_but_on_a_shadow_route(upstream: Upstream) -> None:
    headers = {"Cache-Control": "only-if-cached"}
    async with running(config_for(upstream), upstream) as proxy:
        with pytest.raises(openai.InternalServerError):
            await proxy.ask(QUESTION, headers=headers)
        assert 0 == upstream.calls
    async with running(config_for(upstream, cache="shadow"), upstream) as proxy:
        assert (await proxy.ask(QUESTION, headers=headers)).text
        assert 1 == upstream.calls


@pytest.mark.parametrize(
    ("headers", "fields"),
    [({"Cookie": "a=b"}, {}), ({}, {"temperature": 1.5}), ({}, {"extra_body": {"who_knows": 1}})],
)
async def test_only_if_cached_forwards_nothing_that_is_not_looked_up_either(
    upstream: Upstream, headers: dict[str, str], fields: dict[str, object]
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        with pytest.raises(openai.InternalServerError) as refused:
            await proxy.ask(QUESTION, headers={"Cache-Control": "only-if-cached", **headers}, **fields)

    assert 504 == refused.value.status_code
    assert 0 == upstream.calls


async def test_only_if_cached_says_nothing_where_nothing_is_remembered(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="off"), upstream) as proxy:
        assert (await proxy.ask(QUESTION, headers={"Cache-Control": "only-if-cached"})).text


async def test_distances_are_told_on_every_hit_where_the_operator_asked_for_them(upstream: Upstream) -> None:
    async with running(config_for(upstream, route="debug_headers: true"), upstream) as proxy:
        said = [await proxy.ask(QUESTION) for _ in range(4)]

        assert ["equicache-entry" in answer.headers for answer in said] == [False, True, True, True]
    async with running(config_for(upstream), upstream) as proxy:
        said = [await proxy.ask(QUESTION) for _ in range(3)]

        assert not any(name in answer.headers for answer in said for name in ("equicache-entry", "equicache-threshold"))


async def test_a_refreshed_answer_takes_the_old_ones_place_whatever_is_forgotten_meanwhile(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        await proxy.ask(QUESTION)
        store = proxy.app.shelves.store
        put = store.put

        async def overtaken(entry: Entry) -> list[EntryRef]:
            proxy.app.recall.forget(b"another answer's key")
            return await put(entry)

        store.put = overtaken  # type: ignore[method-assign]
        upstream.answer = lambda _prompt: "A newer answer."
        await proxy.ask(QUESTION, headers={"Cache-Control": "no-cache"})

        assert "A newer answer." == (await proxy.ask(QUESTION)).text


async def test_what_is_evicted_leaves_the_index_too(upstream: Upstream) -> None:
    async with running(config_for(upstream, domain="max_entries: 3"), upstream) as proxy:
        for number in range(6):
            await proxy.ask(f"What is the square root of {number}?")

        assert 3 == len(proxy.app.index)


async def test_one_whose_vectors_another_embedder_made_is_not_compared(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask("How can I reset my password?")
        assert proxy.app.recall.candidates is not None
        proxy.app.recall.candidates._embedder_digest = "f" * 64

        assert "gone" == (await proxy.ask("How do I reset my password?")).detail


async def test_a_clock_that_was_set_back_keeps_no_candidate_for_longer(upstream: Upstream) -> None:
    clock = Clock()
    async with running(config_for(upstream), upstream, clock) as proxy:
        await proxy.ask("How can I reset my password?")
        assert (await proxy.ask("How do I reset my password?")).is_hit
        store = proxy.app.shelves.store
        await store.delete([entry.id async for entry in store.scan(clock.now())])
        clock.offset -= 60

        assert "gone" == (await proxy.ask("How could I reset my password?")).detail


async def test_an_answer_that_is_dropped_for_want_of_room_is_told_and_keeps_no_place(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.remember.MAX_WRITES", 0)
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        assert "fwd=miss" in (await proxy.ask(QUESTION)).cache_status
        await eventually(lambda: proxy.app.stats.totals.requests == 1 and not len(proxy.app.forward.flights))


def test_a_percent_sign_in_a_header_of_the_upstream_stays_one() -> None:
    lines = hit_lines("application/json; q=100%", HitKind.EXACT, "5%d", ()) % (1, 2, b"hit", b"req")

    assert lines.startswith(b"Content-Type: application/json; q=100%\r\nAge: 1\r\n")
    assert lines.endswith(b"openai-version: 5%d\r\n")
