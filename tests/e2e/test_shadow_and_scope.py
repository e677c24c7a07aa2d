"""Shadow mode, masks, extraction, declared tools, and the reason why an equal question found nothing."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from openai import APIStatusError

from tests.e2e.clock import Clock
from tests.e2e.running import config_for, running
from tests.upstream import Reply, Seen, Upstream, openai
from tests.upstream.wire import json_reply

QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"
TOOLS = [{"type": "function", "function": {"name": "lookup", "parameters": {"type": "object", "properties": {}}}}]


async def test_shadow_decides_and_marks_and_serves_nothing(upstream: Upstream) -> None:
    async with running(config_for(upstream, cache="shadow"), upstream) as proxy:
        details = [(await proxy.ask(text)).cache_status for text in (QUESTION, QUESTION, PARAPHRASE)]

        assert details == [
            "equicache; fwd=bypass; detail=shadow_miss",
            "equicache; fwd=bypass; detail=shadow_hit",
            "equicache; fwd=bypass; detail=shadow_hit",
        ]
        assert 3 == upstream.calls
        assert (2, {}) == (proxy.app.stats.totals.shadow_hits, dict(proxy.app.stats.totals.hits))


async def test_a_dated_system_prompt_misses_with_the_field_and_hits_under_a_mask(upstream: Upstream) -> None:
    dated = ["You help. Current date: 2026-11-19.", "You help. Current date: 2026-11-20."]
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION, system=dated[0])
        assert "scope_differs messages[0].content" == (await proxy.ask(QUESTION, system=dated[1])).detail
    mask = r"scope: {mask: ['Current date: [0-9-]+']}"
    async with running(config_for(upstream, domain=mask), upstream) as proxy:
        await proxy.ask(QUESTION, system=dated[0])
        assert "masked" == (await proxy.ask(QUESTION, system=dated[1])).detail
        assert "semantic" == (await proxy.ask(PARAPHRASE, system=dated[1])).detail
        assert "exact" == (await proxy.ask(QUESTION, system=dated[0])).detail


@pytest.mark.parametrize(
    "answer", ["Best wishes, Ann Hale", "Quote account 88231.", "Open Settings, ann.hale90!", "It costs up to $42."]
)
async def test_an_answer_that_says_what_a_mask_hid_is_for_its_own_request_alone(
    upstream: Upstream, answer: str
) -> None:
    upstream.answer = lambda prompt: answer
    async with running(config_for(upstream, domain="scope: {mask: ['(?m)^User: .*$']}"), upstream) as proxy:
        ann = "You help.\nUser: Ann Hale (hale90), account 88231, limit $42"
        bob = "You help.\nUser: Bob Ray (ray7), account 11007, limit $77"
        await proxy.ask(QUESTION, system=ann)

        assert not (await proxy.ask(QUESTION, system=bob)).is_hit
        assert "exact" == (await proxy.ask(QUESTION, system=ann)).detail


async def test_a_model_that_thinks_aloud_of_what_a_mask_hid_answers_its_own_request_alone(upstream: Upstream) -> None:
    thinking = {"role": "assistant", "content": "Open Settings.", "reasoning_content": "The user is Ann Hale. Hm."}
    body = {
        "id": "chatcmpl-x",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-mini",
        "choices": [{"index": 0, "message": thinking, "finish_reason": "stop"}],
    }
    upstream.respond = lambda _: Reply(headers=[(b"Content-Type", b"application/json")], body=orjson.dumps(body))
    async with running(config_for(upstream, domain="scope: {mask: ['(?m)^User: .*$']}"), upstream) as proxy:
        await proxy.ask(QUESTION, system="You help.\nUser: Ann Hale")

        assert not (await proxy.ask(QUESTION, system="You help.\nUser: Bob Ray")).is_hit
        assert "exact" == (await proxy.ask(QUESTION, system="You help.\nUser: Ann Hale")).detail


@pytest.mark.parametrize("question", [QUESTION, PARAPHRASE])
async def test_a_fresh_answer_stands_for_the_older_ones_under_a_mask_too(upstream: Upstream, question: str) -> None:
    """More of them than a search brings neighbours."""
    said = iter("abcdefghijklmn")
    upstream.answer = lambda prompt: next(said)
    fresh = {"Cache-Control": "no-cache"}
    async with running(config_for(upstream, domain="scope: {mask: ['[0-9-]+']}"), upstream) as proxy:
        for day in range(1, 13):
            await proxy.ask(QUESTION, system=f"You help. Current date: 2026-11-{day}.", headers=fresh)
        asked = await proxy.ask(question, system="You help. Current date: 2026-11-30.")

        assert "l" == asked.text
        assert asked.detail == ("masked" if question == QUESTION else "semantic")


@pytest.mark.parametrize("stream", [False, True])
async def test_no_response_tells_what_a_mask_or_ignore_hid_of_another_request(upstream: Upstream, stream: bool) -> None:
    hidden = "scope: {mask: ['(?m)^User: .*$'], ignore: [metadata, user]}"

    async def asked(body: dict[str, object]) -> tuple[str, str]:
        body = {"model": "gpt-4o-mini", "input": QUESTION, "store": False, "stream": stream, **body}
        raw = await proxy.sdk.responses.with_raw_response.create(**body)  # type: ignore[call-overload]
        text = (await raw.http_response.aread()).decode()
        await proxy.settled()
        return raw.headers["cache-status"].rpartition("detail=")[2], text

    async with running(config_for(upstream, domain=hidden), upstream) as proxy:
        await asked({"instructions": "You help.\nUser: Ann", "metadata": {"case": "Ann's"}, "user": "Ann"})
        bob, said_to_bob = await asked({"instructions": "You help.\nUser: Bob", "user": "Bob"})

        assert "masked" == bob
        assert "Ann" not in said_to_bob
        assert said_to_bob.count('"instructions":"You help.\\nUser: Bob"') == (3 if stream else 1)
        assert said_to_bob.count('"metadata":{}') == said_to_bob.count('"user":"Bob"') == (3 if stream else 1)
        assert 1 == upstream.calls


async def test_extract_compares_the_question_and_keeps_the_context_in_the_scope(upstream: Upstream) -> None:
    extract = r"prompt: {extract: '(?s)Question: (.*)$'}"

    def turn(context: str, question: str) -> str:
        return f"Context: {context}\nQuestion: {question}"

    async with running(config_for(upstream, domain=extract), upstream) as proxy:
        await proxy.ask(turn("Passwords live in settings.", QUESTION))
        assert "semantic" == (await proxy.ask(turn("Passwords live in settings.", PARAPHRASE))).detail
        assert not (await proxy.ask(turn("Passwords live in the vault.", PARAPHRASE))).is_hit


EXTRACT = "prompt: {extract: '(?s)Question: (.*?)(?:Answer in|$)'}"


@pytest.mark.parametrize(
    "frame",
    [
        "Translate the following question into French.\nQuestion: {}",
        "Classify the question as billing or tech.\nQuestion: {}",
        "Question: {}\nAnswer in German: translate the question and nothing else.",
    ],
)
async def test_work_around_an_extracted_question_makes_it_a_payload(upstream: Upstream, frame: str) -> None:
    async with running(config_for(upstream, domain=EXTRACT), upstream) as proxy:
        await proxy.ask(frame.format(QUESTION))

        assert "payload_turn" == (await proxy.ask(frame.format(PARAPHRASE))).detail


@pytest.mark.parametrize(
    "frame",
    [
        "Send an email to bob@example.com with the answer.\nQuestion: {}",
        "Transfer 50 euros to Bob and answer:\nQuestion: {}",
        "Answer with the prices as of right now, today.\nQuestion: {}",
    ],
)
async def test_what_is_never_stored_may_stand_around_an_extracted_question(upstream: Upstream, frame: str) -> None:
    async with running(config_for(upstream, domain=EXTRACT), upstream) as proxy:
        for _ in range(2):
            assert not (await proxy.ask(frame.format(QUESTION))).is_hit


@pytest.mark.parametrize(
    "frame",
    [
        "Answer the customer's question politely.\nQuestion: {}",
        "Use this page.\n<page>\nOpen Settings.\nSend the form to support.\nCall us.\n</page>\nQuestion: {}",
        "Question: {}\nAnswer in two friendly sentences.",
    ],
)
async def test_ordinary_text_around_an_extracted_question_costs_no_hit(upstream: Upstream, frame: str) -> None:
    async with running(config_for(upstream, domain=EXTRACT), upstream) as proxy:
        await proxy.ask(frame.format(QUESTION))

        assert "semantic" == (await proxy.ask(frame.format(PARAPHRASE))).detail


async def test_what_a_mask_hides_around_an_extracted_question_is_not_judged(upstream: Upstream) -> None:
    masked = f"{EXTRACT}, scope: {{mask: ['(?m)^Send an email to .*$']}}"
    upstream.answer = lambda prompt: "In the settings."  # not the whole prompt again, as else
    async with running(config_for(upstream, domain=masked), upstream) as proxy:
        await proxy.ask(f"Send an email to bob@example.com.\nQuestion: {QUESTION}")

        asked = await proxy.ask(f"Send an email to ann@example.com.\nQuestion: {PARAPHRASE}")
        assert "semantic" == asked.detail


async def test_declared_but_unused_tools_leave_the_exact_tier(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION, tools=TOOLS, tool_choice="none")
        assert "exact" == (await proxy.ask(QUESTION, tools=TOOLS, tool_choice="none")).detail
        assert not (await proxy.ask(PARAPHRASE, tools=TOOLS, tool_choice="none")).is_hit


async def test_cache_control_of_a_request_is_obeyed(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        refreshed = await proxy.ask(QUESTION, headers={"Cache-Control": "no-cache"})
        bypassed = await proxy.ask(QUESTION, headers={"Cache-Control": "no-store"})
        young = await proxy.ask(QUESTION, headers={"Cache-Control": "max-age=3600"})
        cached = await proxy.ask(QUESTION, headers={"Cache-Control": "only-if-cached"})

        assert "equicache; fwd=request" == refreshed.cache_status
        assert "equicache; fwd=bypass; detail=no_store" == bypassed.cache_status
        assert ["exact", "exact"] == [young.detail, cached.detail]
        assert 3 == upstream.calls


@pytest.mark.parametrize("fields", [{}, {"seed": 7}, {"tools": TOOLS}, {"n": 2}])
async def test_why_a_remembered_answer_was_not_served_is_said_where_meaning_is_not_compared_too(
    upstream: Upstream, fields: dict[str, object]
) -> None:
    clock = Clock()
    async with running(config_for(upstream, domain="ttl_s: 60"), upstream, clock) as proxy:
        await proxy.ask(QUESTION, stream=True, **fields)
        other_form = await proxy.ask(QUESTION, **fields)
        clock.offset += 30
        too_old = await proxy.ask(QUESTION, headers={"Cache-Control": "max-age=10"}, **fields)
        clock.offset += 61
        expired = await proxy.ask(QUESTION, **fields)

    assert "equicache; fwd=miss; detail=form" == other_form.cache_status
    assert "equicache; fwd=request" == too_old.cache_status
    assert "equicache; fwd=stale" == expired.cache_status


@pytest.mark.parametrize("said", ["application/x-www-form-urlencoded", "text/plain; charset=utf-8"])
async def test_a_body_that_is_not_called_json_gets_no_answer_of_one_that_is(upstream: Upstream, said: str) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        upstream.say(json_reply(415, b'{"error":{"message":"Only application/json is allowed"}}'))

        with pytest.raises(APIStatusError) as refused:
            await proxy.ask(QUESTION, headers={"Content-Type": said})

        assert 415 == refused.value.status_code
        assert (await proxy.ask(QUESTION, headers={"Content-Type": "application/json; charset=utf-8"})).is_hit


async def test_an_upstream_that_marks_every_stream_no_store_is_cached_all_the_same(upstream: Upstream) -> None:
    async def marked(seen: Seen) -> Reply:
        reply = openai.respond(seen, upstream)
        return replace(reply, headers=[*reply.headers, (b"Cache-Control", b"no-store")])

    upstream.respond = marked
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION, stream=True)
        assert "exact" == (await proxy.ask(QUESTION, stream=True)).detail


async def test_a_question_asked_while_the_models_load_says_so_and_is_found_later(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        proxy.app.loading.is_done = False
        first = await proxy.ask("How can I reset my password?")
        proxy.app.loading.is_done = True
        later = await proxy.ask("How do I reset my password?")

        assert ("loading", "semantic") == (first.detail, later.detail)


async def test_no_mask_is_advised_where_the_system_text_hands_over_a_payload(upstream: Upstream) -> None:
    translates = "Translate the user's message into French."
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask("What is a cat?", system=translates)
        await proxy.ask(QUESTION, system="You help.")
        proxy.app.recall.clear()
        asked = await proxy.ask(QUESTION, system=translates)

        assert "payload_turn" == asked.detail
