"""What must never be answered by meaning, each beside a control that is."""

from __future__ import annotations

import asyncio
import json
from typing import NoReturn

import pytest
from structlog.testing import capture_logs

from proxy.ask import Asker
from proxy.call import Call
from tests.e2e.running import Running, config_for, running
from tests.upstream import Upstream

QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"

PAYLOAD_SYSTEMS = [
    "Translate the user's message into French.",
    "You are a translator. Translate everything the user writes into German.",
    "Rewrite the user's message in a formal tone.",
    "Correct the grammar of the text you are given and return only the corrected text.",
    "Summarize the user's message in one sentence.",
    "Classify the sentiment of the user's message as positive, negative or neutral.",
    "Classify the following message into one of: billing, shipping, other. Answer with the label only.",
    "Extract all named entities from the user input as a comma-separated list.",
    "Count the words in the user's text.",
    "Generate a short title for the user's message.",
    "Generate a concise title of at most five words for the conversation based on the user's message.",
    "You are a content moderator. Say whether the user's message violates the policy.",
    "Paraphrase the user's message.",
    "Detect the language of the user's message.",
    "Convert the user's message to a SQL query.",
    "Proofread whatever the user sends.",
    "Turn the user's text into bullet points.",
    "Shorten the user's message to a tweet.",
    "Fix spelling mistakes in the user's input. Output only the fixed text.",
    "Rate the politeness of the user's message from 1 to 10.",
    "Simplify the given text so that a child can understand it.",
    "Repeat whatever you are told.",
    "You are a parrot.",
    "Act as an echo server.",
    "If the question contains the word 'can', answer YES, otherwise NO.",
    "Say it like a pirate.",
    "You help learners of English: point out mistakes.",
    "Suggest three alternative phrasings.",
    "You are a Linux terminal.",
]

PAYLOAD_OFFERS = [
    "Sure! Send me any sentence and I will translate it into French.",
    "Paste the text that you want me to proofread and I will correct its grammar.",
    "I classify every message you send as formal or informal. Go ahead.",
    "I count the letters of whatever you write. Ready.",
]


def behind(said: str, system: str | None, prompt: str) -> list[dict[str, str]]:
    """A first question to an assistant that has spoken before."""
    told = [{"role": "system", "content": system}] if system else []
    return [*told, {"role": "assistant", "content": said}, {"role": "user", "content": prompt}]


async def second_detail(proxy: Running, first: str, second: str, **fields: object) -> str:
    await proxy.ask(first, **fields)
    asked = await proxy.ask(second, **fields)
    return asked.detail if asked.is_hit else "miss"


async def test_the_control_is_a_semantic_hit(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        assert "semantic" == await second_detail(proxy, QUESTION, PARAPHRASE)
        assert "semantic" == await second_detail(proxy, QUESTION, PARAPHRASE, system="You are the support bot of ACME.")


async def test_payload_scopes_are_exact_only(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for system in PAYLOAD_SYSTEMS:
            assert "miss" == await second_detail(proxy, QUESTION, PARAPHRASE, system=system), system


@pytest.mark.parametrize("system", [None, "You are the support bot of ACME. Be brief and friendly."])
async def test_what_the_assistant_offers_to_work_on_is_exact_only(upstream: Upstream, system: str | None) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for said in PAYLOAD_OFFERS:
            await proxy.ask(QUESTION, messages=behind(said, system, QUESTION))
            asked = await proxy.ask(PARAPHRASE, messages=behind(said, system, PARAPHRASE))
            assert "payload_turn" == asked.detail, said


async def test_a_question_behind_a_greeting_is_compared_by_meaning(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for said in ("Hi! How can I help?", "Welcome! You can ask me about billing, shipping or returns."):
            await proxy.ask(QUESTION, messages=behind(said, None, QUESTION))
            asked = await proxy.ask(PARAPHRASE, messages=behind(said, None, PARAPHRASE))
            assert "semantic" == asked.detail, said


@pytest.mark.parametrize(
    "pair",
    [
        ("👍 or not for this plan?", "👎 or not for this plan?"),
        ("Is 👍 good?", "Is 👎 good?"),
        ("请批准退款", "请拒绝退款"),
        ("批准这个请求", "拒绝这个请求"),
        ("How can I reset my password?", "How can I re\u200bset my pass\u200bword?"),
        ("How can I reset my password?", "How can I reset my p\u0430ssword?"),
        ("Can I \u202ereset\u202c my password?", "Can I reset my password?"),
    ],
    ids=lambda pair: pair[1].encode("unicode_escape").decode()[:30],
)
async def test_what_the_model_cannot_tell_apart_is_never_a_semantic_hit(
    upstream: Upstream, pair: tuple[str, str]
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for first, second in (pair, pair[::-1]):
            assert await second_detail(proxy, first, second) in ("miss", "exact")
        assert 2 == upstream.calls


async def test_a_long_prompt_that_differs_in_its_last_word_is_forwarded(upstream: Upstream) -> None:
    body = "please consider every detail of the following situation carefully and weigh all of it " * 20
    async with running(config_for(upstream), upstream) as proxy:
        assert "miss" == await second_detail(proxy, f"{body} then approve", f"{body} then reject")
        assert 2 == upstream.calls


async def test_a_different_history_with_the_same_last_turn_is_a_miss(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for number in range(200):
            messages = [
                {"role": "user", "content": f"My plan has {number} seats."},
                {"role": "assistant", "content": "Noted."},
                {"role": "user", "content": QUESTION},
            ]
            body = {"model": "gpt-4o-mini", "messages": messages}
            raw = await proxy.sdk.chat.completions.with_raw_response.create(**body)  # type: ignore[call-overload]
            assert "; hit" not in raw.headers["cache-status"]
            await proxy.settled()
        assert 200 == upstream.calls


@pytest.mark.parametrize(
    "body",
    [
        b'{"model": "gpt-4o-mini", "messages": [',
        b'{"model": "m", "model": "n", "messages": [{"role": "user", "content": "hi"}]}',
        b'{"model": 5, "messages": "no"}',
        b"\xff\xfe\x00binary\x00",
        b"[]",
        b"",
        b'{"model": "m", "messages": [{"role": "user", "content": "\\ud800"}]}',
        b'\xef\xbb\xbf{"model": "m", "messages": [{"role": "user", "content": "hi"}]}',
        json.dumps({"model": "m", "messages": [{"role": "user", "content": "x" * 1_200_000}]}).encode(),
        b'{"model": "m", "messages": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"model": "m", "seed": 123456789012345678901234567890, "messages": [{"role": "user", "content": "hi"}]}',
        b'{"model": "m", "temperature": NaN, "messages": [{"role": "user", "content": "hi"}]}',
    ],
    ids=lambda body: repr(body[:24]),
)
async def test_bad_input_is_forwarded_unchanged_and_not_stored(upstream: Upstream, body: bytes) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(2):
            response = await proxy.sdk._client.post(
                "/chat/completions", content=body, headers={"Content-Type": "application/json"}
            )
            assert response.status_code < 500
        await proxy.settled()

        assert [body, body] == [seen.body for seen in upstream.seen]
        assert 0 == proxy.app.stats.totals.stored


async def test_a_post_without_a_body_is_no_json_and_goes_out_without_one(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.app.data.port)
        writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: proxy\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        writer.close()

        assert b"Cache-Status: equicache; fwd=bypass; detail=unparseable\r\n" in head
        assert [None, None] == [upstream.seen[0].header(name) for name in (b"content-length", b"transfer-encoding")]


class BrokenIndex:
    """Raises what no backend is allowed to raise."""

    async def search(self, *_: object) -> list[object]:
        raise RuntimeError("broken")


async def test_a_fault_of_the_cache_costs_a_hit_and_never_the_request(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        monkeypatch.setattr(proxy.app.recall, "_index", BrokenIndex())
        asked = await proxy.ask(QUESTION)

        assert "backend" == asked.detail
        assert asked.text
        assert "exact" == (await proxy.ask(QUESTION)).detail


async def test_a_fault_in_reading_a_request_costs_its_place_in_memory_and_never_the_request(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No memory, no thread: a long body is read in one."""

    async def fails(_asker: Asker, _call: Call) -> NoReturn:
        raise MemoryError

    async with running(config_for(upstream), upstream) as proxy:
        with monkeypatch.context() as broken, capture_logs() as lines:
            broken.setattr(Asker, "asked", fails)
            asked = await proxy.ask(QUESTION)

        assert ("unparseable", upstream.answer(QUESTION)) == (asked.detail, asked.text)
        assert ["plan.failed"] == [line["event"] for line in lines if line["log_level"] == "error"]
        assert not await proxy.remembers(QUESTION)
