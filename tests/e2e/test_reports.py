"""Bad hits: the pair is out at once and for good, the request goes to the upstream, the label is durable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiohttp
import openai
import pytest

from proxy.core.report import ServedHit
from proxy.errors import BackendError
from tests.e2e.running import Asked, Running, config_for, running
from tests.e2e.stores import STORES, store_url
from tests.facts.waiting import eventually
from tests.upstream import Reply, Upstream

QUESTION = "How can I reset my password?"
PARAPHRASES = [
    "How do I reset my password?",
    "What are the steps to reset my password?",
    "Tell me how to reset my password.",
]
RESPELT = [
    "how do i reset my password?",
    "How do I reset my password",
    "How do I reset my password??",
    "How do I reset my password :",
    "How do I reset my password /",
    "How do I reset my password*",
    "How do I reset my password;-",
    "How do I reset my password? )",
    'How do I reset my password?!"',
    "How do I reset my password\uff1f",  # full-width
    "(How do I reset my password?)",
    "- How do I reset my password?",
    "How do I, reset my password?",
    "How do I reset \u201cmy\u201d password?",
    "**How do I reset my password?**",
]


@pytest.fixture(params=STORES)
async def proxy(request: pytest.FixtureRequest, upstream: Upstream, tmp_path: Path) -> AsyncIterator[Running]:
    async with store_url(request.param, tmp_path) as url, running(config_for(upstream, store=url), upstream) as started:
        yield started


async def labels(proxy: Running) -> list[tuple[str, str, int, str]]:
    return [(label.a, label.b, label.label, label.reason) async for label in proxy.app.shelves.ledger.labels()]


async def test_a_reported_pair_is_forwarded_from_then_on_while_others_still_hit(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    hit = await proxy.ask(PARAPHRASES[0])
    assert hit.detail == "semantic"
    reported = await proxy.ask(
        PARAPHRASES[0], headers={"equicache-report": f'bad-hit; id={hit.headers["equicache-id"]}; reason="wrong"'}
    )
    again = await proxy.ask(PARAPHRASES[0], headers={"Cache-Control": "no-cache"})

    assert "recorded" == reported.headers["equicache-report"]
    assert not reported.is_hit
    assert not again.is_hit
    assert [(QUESTION, PARAPHRASES[0], 0)] == [label[:3] for label in await labels(proxy)]
    assert (await proxy.ask(QUESTION)).detail == "exact"


async def reported(proxy: Running, prompt: str) -> None:
    """By a request that brings no answer of its own."""
    proxy.upstream.say(Reply(status=500))
    with pytest.raises(openai.InternalServerError):
        await proxy.ask(prompt, headers={"equicache-report": "bad-hit"})


async def test_a_reported_question_in_another_spelling_is_not_answered_by_that_entry_either(
    upstream: Upstream,
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        assert "semantic" == (await proxy.ask(PARAPHRASES[0])).detail
        await reported(proxy, PARAPHRASES[0])

        assert [] == [again for again in RESPELT if await proxy.remembers(again)]
        assert await proxy.remembers(PARAPHRASES[1])


async def test_a_reported_pair_is_not_served_the_other_way_round_either(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        assert "semantic" == (await proxy.ask(PARAPHRASES[0])).detail
        await proxy.ask(PARAPHRASES[0], headers={"equicache-report": "bad-hit"})
        assert "exact" == (await proxy.ask(QUESTION)).detail
        await reported(proxy, QUESTION)  # the paraphrase alone is stored now

        assert "quarantined" == (await proxy.ask(QUESTION)).detail


async def test_a_reported_pair_is_not_served_from_another_spelling_of_the_stored_side_either(
    upstream: Upstream,
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        assert "semantic" == (await proxy.ask(PARAPHRASES[0])).detail
        await reported(proxy, PARAPHRASES[0])
        await proxy.ask("how can I reset my password", headers={"Cache-Control": "no-cache"})

        assert "quarantined" == (await proxy.ask(PARAPHRASES[0])).detail


async def test_a_report_without_an_id_means_the_last_hit_for_the_same_request(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    await proxy.ask(PARAPHRASES[0])
    reported = await proxy.ask(PARAPHRASES[0], headers={"equicache-report": "bad-hit"})

    assert "recorded" == reported.headers["equicache-report"]
    assert 1 == len(await labels(proxy))


async def test_a_quarantine_survives_a_plain_re_store_of_the_same_answer(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    await proxy.ask(PARAPHRASES[0])
    await proxy.ask(PARAPHRASES[0], headers={"equicache-report": "bad-hit"})
    await proxy.app.shelves.store.delete([e.id async for e in proxy.app.shelves.store.scan(proxy.app.clock.now())])
    proxy.app.recall.clear()
    await proxy.ask(QUESTION)

    assert not (await proxy.ask(PARAPHRASES[0])).is_hit


async def test_an_exact_hit_reported_bad_is_dropped_and_fetched_anew_without_a_label(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    hit = await proxy.ask(QUESTION)
    proxy.upstream.answer = lambda _prompt: "A better answer."
    reported = await proxy.ask(QUESTION, headers={"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}"})

    assert "recorded" == reported.headers["equicache-report"]
    assert "A better answer." == reported.text == (await proxy.ask(QUESTION)).text
    assert [] == await labels(proxy)


async def test_foreign_unknown_and_repeated_reports_change_nothing(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    hit = await proxy.ask(PARAPHRASES[0])
    report = {"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}"}
    async with proxy.client("sk-other") as other:
        stranger = await proxy.ask("Something else?", headers=report, sdk=other)
    unknown = await proxy.ask("Something else?", headers={"equicache-report": "bad-hit; id=AAAA"})

    assert stranger.headers["equicache-report"].startswith("ignored; reason=")
    assert unknown.headers["equicache-report"].startswith("ignored; reason=")
    assert (await proxy.ask(PARAPHRASES[0])).detail == "semantic"
    assert [] == await labels(proxy)
    first = await proxy.ask("Something else?", headers=report)
    repeated = await proxy.ask("Something else?", headers=report)
    assert ["recorded", "ignored; reason=repeated"] == [a.headers["equicache-report"] for a in (first, repeated)]
    assert 1 == len(await labels(proxy))


async def test_a_hit_that_is_being_written_can_be_reported(proxy: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Served hits are written in batches; while one is under way its hits are in no table yet."""
    ledger = proxy.app.shelves.ledger
    begun, go_on, remember = asyncio.Event(), asyncio.Event(), ledger.remember

    async def held_up(hits: Sequence[ServedHit]) -> None:
        begun.set()
        await go_on.wait()
        await remember(hits)

    monkeypatch.setattr(ledger, "remember", held_up)
    await proxy.ask(QUESTION)
    hit = await proxy.ask(PARAPHRASES[0])
    await begun.wait()
    report = {"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}"}
    asyncio.get_running_loop().call_later(0.2, go_on.set)
    answered = await proxy.ask("Something else?", headers=report)

    assert "recorded" == answered.headers["equicache-report"]
    assert 1 == len(await labels(proxy))


async def test_a_report_with_a_request_that_memory_has_nothing_to_do_with_is_answered(proxy: Running) -> None:
    answered = await proxy.ask(QUESTION, headers={"equicache-report": "bad-hit", "Cache-Control": "no-store"})

    assert "ignored; reason=bypass" == answered.headers["equicache-report"]


async def test_a_report_with_an_id_counts_beside_no_store(proxy: Running) -> None:
    """Who found an answer wrong wants the next one to leave no trace: the report is about the last one."""
    await proxy.ask(QUESTION)
    hit = await proxy.ask(PARAPHRASES[0])
    report = {"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}", "Cache-Control": "no-store"}
    answered = await proxy.ask(PARAPHRASES[0], headers=report)

    assert "recorded" == answered.headers["equicache-report"]
    assert "detail=no_store" in answered.cache_status
    assert not (await proxy.ask(PARAPHRASES[0])).is_hit


@pytest.mark.parametrize("said", ["foo", "bad-hit; id=a b", "bad_hit"])
@pytest.mark.parametrize("asks", [{}, {"Cache-Control": "no-store"}])
async def test_who_sends_a_report_that_cannot_be_read_is_told_so(
    upstream: Upstream, said: str, asks: dict[str, str]
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for _ in range(3):
            await proxy.ask(QUESTION)  # the express lane knows it by now
        answered = await proxy.ask(QUESTION, headers={"equicache-report": said} | asks)

        assert "ignored; reason=malformed" == answered.headers["equicache-report"]
        assert 2 == upstream.calls
        assert (await proxy.ask(QUESTION)).detail == "exact"


async def test_where_entries_are_shared_a_report_of_an_exact_hit_needs_its_id(upstream: Upstream) -> None:
    """Or anybody could take out what all others get, and learn what was asked, with a key that nobody accepts."""
    async with running(config_for(upstream, domain="tenancy: shared"), upstream) as proxy:
        hit = [await proxy.ask(QUESTION) for _ in range(2)][-1]
        upstream.say(*[Reply(status=401)] * 3)
        said = []
        async with proxy.client("sk-evil") as evil:
            for report, asked in (("bad-hit", QUESTION), ("good-hit", QUESTION), ("good-hit", "Never asked?")):
                with pytest.raises(openai.AuthenticationError) as refused:
                    await proxy.ask(asked, headers={"equicache-report": report}, sdk=evil)
                said.append(refused.value.response.headers["equicache-report"])

        assert ["ignored; reason=no_hit"] * 3 == said
        assert (await proxy.ask(QUESTION)).is_hit
        by_id = {"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}"}
        assert "recorded" == (await proxy.ask("Something else?", headers=by_id)).headers["equicache-report"]
        assert not (await proxy.ask(QUESTION)).is_hit


async def test_a_second_report_of_an_exact_hit_is_told_that_its_answer_is_gone(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    hit = await proxy.ask(QUESTION)
    report = {"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}"}
    said = [(await proxy.ask("Something else?", headers=report)).headers["equicache-report"] for _ in range(2)]

    assert ["recorded", "ignored; reason=gone"] == said


async def lost(proxy: Running) -> None:
    """The store loses all it has, and tells nobody."""
    store = proxy.app.shelves.store
    await store.delete([entry.id async for entry in store.scan(proxy.app.clock.now())])


async def said_of(proxy: Running, *, by: str, hit: Asked) -> str:
    """What a reporter is told whose own request brings no answer that could be stored."""
    hit_id = hit.headers["equicache-id"]
    if by == "feedback":
        url = f"http://127.0.0.1:{proxy.app.data.port}/equicache/feedback"
        said = {"id": hit_id, "verdict": "bad-hit"}
        own = {"Authorization": "Bearer sk-test"}
        async with aiohttp.ClientSession() as client, client.post(url, json=said, headers=own) as response:
            return str((await response.json())["result"])
    proxy.upstream.say(Reply(status=500))
    report = f"bad-hit; id={hit_id}" if by == "id" else "bad-hit"
    with pytest.raises(openai.InternalServerError) as failed:
        await proxy.ask(QUESTION, headers={"equicache-report": report})
    return failed.value.response.headers["equicache-report"]


@pytest.mark.parametrize(("by", "reason"), [("id", "gone"), ("request", "no_hit"), ("feedback", "gone")])
async def test_a_reported_answer_that_only_this_process_still_has_is_not_served_again(
    proxy: Running, by: str, reason: str
) -> None:
    await proxy.ask(QUESTION)
    await lost(proxy)
    hit = await proxy.ask(QUESTION)
    said = await said_of(proxy, by=by, hit=hit)

    assert hit.detail == "exact"
    assert f"ignored; reason={reason}" == said
    assert not (await proxy.ask(QUESTION)).is_hit


@pytest.mark.parametrize("by", ["id", "request"])
async def test_a_reported_answer_that_only_another_worker_still_has_is_not_served_again(
    upstream: Upstream, tmp_path: Path, by: str
) -> None:
    async with store_url("sqlite", tmp_path) as url:
        config = config_for(upstream, store=url, cache="exact", server="workers: 2")
        async with running(config, upstream) as one, running(config, upstream) as other:
            await one.ask(QUESTION)
            hit = await other.ask(QUESTION)
            await lost(one)
            assert (await other.ask(QUESTION)).detail == "exact"
            await said_of(one, by=by, hit=hit)

            assert not (await other.ask(QUESTION)).is_hit


async def test_a_reported_answer_is_not_served_again_where_the_store_cannot_be_asked(
    proxy: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise BackendError("away")

    await proxy.ask(QUESTION)
    hit = await proxy.ask(QUESTION)
    with monkeypatch.context() as away:
        away.setattr(proxy.app.shelves.store, "get_many", fails)
        away.setattr(proxy.app.shelves.store, "delete", fails)
        said = await said_of(proxy, by="id", hit=hit)

    assert "failed" == said
    assert not (await proxy.ask(QUESTION)).is_hit


@pytest.mark.parametrize("store", ["sqlite", "redis"])
async def test_a_hit_that_another_worker_has_not_written_yet_is_labelled_all_the_same(
    upstream: Upstream, tmp_path: Path, store: str
) -> None:
    async with store_url(store, tmp_path) as url:
        config = config_for(upstream, store=url, server="workers: 2")
        async with running(config, upstream) as one, running(config, upstream) as other:
            await one.ask(QUESTION)
            hit = await one.ask(PARAPHRASES[0])
            report = {"equicache-report": f'bad-hit; id={hit.headers["equicache-id"]}; reason="wrong"'}
            said = [(await other.ask("Something else?", headers=report)).headers["equicache-report"] for _ in range(2)]

            assert hit.detail == "semantic"
            assert ["recorded", "ignored; reason=repeated"] == said
            assert [(QUESTION, PARAPHRASES[0], 0, "wrong")] == await labels(other)


async def test_feedback_by_completion_id_with_a_reason(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    hit = await proxy.ask(PARAPHRASES[0])
    assert hit.completion is not None
    said = {"id": hit.completion.id, "verdict": "bad-hit", "reason": "it was about another product"}
    url = f"http://127.0.0.1:{proxy.app.data.port}/equicache/feedback"
    own, other = {"Authorization": "Bearer sk-test"}, {"Authorization": "Bearer sk-other"}
    async with aiohttp.ClientSession() as client:
        answers = []
        for body, headers in ((said, other), (said, own), ({"id": 5}, own)):
            async with client.post(url, json=body, headers=headers) as response:
                answers.append((response.status, await response.json()))

    (foreign, foreign_said), (accepted, accepted_said), (bad, _) = answers
    assert (200, 200, 400) == (foreign, accepted, bad)
    assert foreign_said["result"].startswith("ignored")
    assert {"result": "recorded"} == accepted_said
    assert [(QUESTION, PARAPHRASES[0], 0, "it was about another product")] == await labels(proxy)
    assert not (await proxy.ask(PARAPHRASES[0])).is_hit


@pytest.mark.parametrize("how", ["bad-hit; id={}", 'bad-hit; id="{}"'])
async def test_a_report_may_name_the_completion_as_it_was_logged(upstream: Upstream, how: str) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        hit = await proxy.ask(PARAPHRASES[0])
        assert hit.completion is not None
        answered = await proxy.ask("Something else?", headers={"equicache-report": how.format(hit.completion.id)})

        assert "recorded" == answered.headers["equicache-report"]
        assert not (await proxy.ask(PARAPHRASES[0])).is_hit


async def test_after_enough_distinct_prompts_the_entry_itself_is_out(proxy: Running) -> None:
    await proxy.ask(QUESTION)
    for paraphrase in PARAPHRASES:
        hit = await proxy.ask(paraphrase)
        if hit.detail != "semantic":
            break
        await proxy.ask("Something else?", headers={"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}"})
    else:
        assert not (await proxy.ask(QUESTION)).is_hit
        return
    # The logit floor of the first report may already keep the entry from the others: then it is out for them.
    assert not hit.is_hit


@pytest.mark.parametrize("store", ["sqlite", "redis"])
async def test_hits_quarantines_labels_and_tenants_survive_a_restart(
    upstream: Upstream, tmp_path: Path, store: str
) -> None:
    async with store_url(store, tmp_path) as url:
        config = config_for(upstream, store=url)
        async with running(config, upstream) as proxy:
            await proxy.ask(QUESTION)
            await proxy.ask(PARAPHRASES[0])
            await proxy.ask(PARAPHRASES[0], headers={"equicache-report": "bad-hit"})
            secret = proxy.app.control.secret
            calls = upstream.calls
        async with running(config, upstream) as proxy:
            assert secret == proxy.app.control.secret
            assert (await proxy.ask(QUESTION)).detail == "exact"
            assert (await proxy.ask("How could I reset my password?")).detail == "semantic"
            assert calls == upstream.calls
            assert proxy.app.flags._quarantined._pairs  # loaded before meaning is compared
            entries = [e async for e in proxy.app.shelves.store.scan(proxy.app.clock.now())]
            assert entries
            assert 1 == len(await labels(proxy))
            await proxy.app.shelves.store.delete([e.id for e in entries if e.prompt == PARAPHRASES[0]])
            proxy.app.recall.clear()
            assert not (await proxy.ask(PARAPHRASES[0])).is_hit


class FullLedger:
    """Refuses every write, as a full disk or a read-only replica does."""

    def __init__(self, ledger: object) -> None:
        self._ledger = ledger
        self.refused = 0

    def __getattr__(self, name: str) -> object:
        if name in ("remember", "quarantine", "record"):
            return self._refuse
        return getattr(self._ledger, name)

    async def _refuse(self, *_: object) -> None:
        self.refused += 1
        raise BackendError("full")


async def test_a_hit_that_could_not_be_noted_is_held_back_all_the_same(proxy: Running) -> None:
    ledger = FullLedger(proxy.app.flags._ledger)
    proxy.app.flags._ledger = proxy.app.flags._served._ledger = ledger  # type: ignore[assignment]
    await proxy.ask(QUESTION)
    assert (await proxy.ask(PARAPHRASES[0])).is_hit
    await eventually(lambda: ledger.refused > 0)
    proxy.upstream.say(Reply(status=500))
    with pytest.raises(openai.InternalServerError) as failed:
        await proxy.ask(PARAPHRASES[0], headers={"equicache-report": "bad-hit"})

    assert "failed" == failed.value.response.headers["equicache-report"]
    assert "semantic" not in (await proxy.ask(PARAPHRASES[0], headers={"Cache-Control": "max-age=60"})).detail


async def test_an_id_is_enough_when_the_hit_itself_is_no_longer_known(proxy: Running) -> None:
    """Hits are kept for a week; a completion may have been logged for longer."""
    await proxy.ask(QUESTION)
    hit = await proxy.ask(PARAPHRASES[0])
    proxy.app.flags._served._pending.clear()
    proxy.upstream.say(Reply(status=500))
    report = f"bad-hit; id={hit.headers['equicache-id']}"
    with pytest.raises(openai.InternalServerError) as failed:
        await proxy.ask(PARAPHRASES[0], headers={"equicache-report": report})

    assert "recorded" == failed.value.response.headers["equicache-report"]
    assert not (await proxy.ask(PARAPHRASES[0])).is_hit
    assert (await proxy.ask(PARAPHRASES[1])).is_hit
