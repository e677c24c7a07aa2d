"""One line for each answer: the same facts whichever way they are written."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import structlog

from proxy.cli.terminal import configure_log
from proxy.core.outcome import SHOWN_MODEL_CHARS, Outcome, Result
from proxy.core.reasons import CacheMode, HitKind, MissReason
from proxy.observe.log import MAX_LINES, LogObserver
from tests.e2e.running import Running, config_for, running
from tests.e2e.watched import watch_sharing
from tests.facts.waiting import eventually
from tests.upstream import Framing, Reply, Upstream
from tests.wire.client import ask, request

HIT = Outcome(
    request_id="req_1", started_at=1.0, route="chat", mode=CacheMode.SEMANTIC, result=Result.HIT, hit=HitKind.EXACT,
    status=200, total_ms=0.123456, extra={"domain_refused": "other"},
)  # fmt: skip
MISS = Outcome(request_id="req_2", started_at=2.0, result=Result.MISS, reason=MissReason.BUSY, similarity=0.98765)


def facts(text: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in text.splitlines()]


async def test_json_lines_say_what_happened_and_leave_out_what_did_not(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("json")
    observer = LogObserver()
    observer.observed(HIT)
    observer.observed(MISS)
    observer.flush()
    hit, miss = facts(capsys.readouterr().err)

    assert abs(datetime.now(UTC) - datetime.fromisoformat(hit.pop("timestamp"))) < timedelta(minutes=1)
    assert hit == {
        "event": "request.answered", "level": "info", "request_id": "req_1", "route": "chat", "mode": "semantic",
        "outcome": "hit", "hit": "exact", "status": 200, "total_ms": 0.123, "domain_refused": "other",
    }  # fmt: skip
    assert ("miss", "busy", 0.988) == (miss["outcome"], miss["reason"], miss["similarity"])


@pytest.mark.parametrize(
    ("is_terminal", "no_color", "is_coloured"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_lines_for_people_have_colours_on_a_terminal_that_wants_them(
    is_terminal: bool, no_color: str, is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = io.StringIO()
    monkeypatch.setattr(errors, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setenv("NO_COLOR", no_color)

    configure_log("console")
    structlog.get_logger().info("index.loaded", entries=1)

    assert is_coloured == ("\x1b[" in errors.getvalue())
    assert "index.loaded" in errors.getvalue()


async def test_lines_are_written_by_themselves_and_never_kept_without_bound(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("json")
    observer = LogObserver()
    for _ in range(MAX_LINES + 1):
        observer.observed(HIT)

    assert MAX_LINES == len(facts(capsys.readouterr().err))
    assert 1 == len(observer._lines)


async def test_what_the_operator_does_not_want_to_see_is_not_made(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("json", level=logging.WARNING)
    observer = LogObserver()
    observer.observed(HIT)
    observer.flush()

    assert "" == capsys.readouterr().err


async def test_the_console_gets_the_same_facts(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("console")
    LogObserver().observed(HIT)

    line = capsys.readouterr().err
    assert "request.answered" in line
    assert "total_ms" in line


async def test_the_log_of_a_proxy_names_the_domain_that_was_refused(
    upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_log("json")
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        for _ in range(2):  # a miss, then a hit: told behind the answer, and within it
            await proxy.ask("What is the capital of France?", headers={"equicache-domain": "other"})
    answered = [line for line in facts(capsys.readouterr().err) if line["event"] == "request.answered"]

    assert [("miss", "other"), ("hit", "other")] == [(line["outcome"], line["domain_refused"]) for line in answered]


def posted(target: str = "/v1/chat/completions") -> bytes:
    body = b'{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}'
    return request(target, method="POST", body=body)


async def opened(proxy: Running) -> asyncio.StreamWriter:
    """A client that has asked and may leave."""
    _, writer = await asyncio.open_connection("127.0.0.1", proxy.app.data.port)
    writer.write(posted())
    return writer


async def a_target_is_refused(proxy: Running) -> None:
    await ask(proxy.app.data.port, posted("/v1/chat/completions?a#b"))


async def the_upstream_says_nothing(proxy: Running) -> None:
    proxy.upstream.say(Reply(raw=b""))
    await ask(proxy.app.data.port, posted())


async def the_client_leaves(proxy: Running) -> None:
    proxy.upstream.say(Reply(delay_s=60))
    writer = await opened(proxy)
    seen = await proxy.upstream.wait_for(1)
    writer.close()
    await seen.closed.wait()


async def the_leader_leaves(proxy: Running) -> None:
    proxy.upstream.say(Reply(delay_s=60))
    leader = await opened(proxy)
    await proxy.upstream.wait_for(1)
    sharing = watch_sharing(proxy)
    follower = asyncio.create_task(ask(proxy.app.data.port, posted()))
    await eventually(lambda: bool(sharing))
    leader.close()
    await follower


async def the_follower_leaves(proxy: Running) -> None:
    may_end = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"{"
        await may_end.wait()
        yield b"}"

    def readers() -> int:
        return sum(len(lead.head.result()._readers) for lead in flights.values() if lead.head.done())  # type: ignore[union-attr]

    proxy.upstream.say(Reply(body=body(), framing=Framing.CHUNKED))
    flights = proxy.app.forward.flights._open
    leader = asyncio.create_task(ask(proxy.app.data.port, posted()))
    await eventually(lambda: readers() == 1)
    follower = await opened(proxy)
    await eventually(lambda: readers() == 2)
    follower.close()
    await eventually(lambda: readers() == 1)
    may_end.set()
    await leader


async def test_who_shares_a_call_is_told_of_with_its_status(
    upstream: Upstream, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream.may_answer.clear()
    configure_log("json")
    async with running(config_for(upstream, cache="exact"), upstream) as proxy:
        sharing = watch_sharing(proxy)
        asking = [asyncio.create_task(proxy.ask("Why is the sky blue?")) for _ in range(2)]
        await eventually(lambda: bool(sharing))
        upstream.may_answer.set()
        await asyncio.gather(*asking)
    answered = [line for line in facts(capsys.readouterr().err) if line["event"] == "request.answered"]

    assert 1 == upstream.calls
    assert [200, 200] == [line["status"] for line in answered]


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (a_target_is_refused, [("error", 400, None)]),
        (the_upstream_says_nothing, [("error", 502, None)]),
        (the_client_leaves, [("error", None, "client_left")]),
        (the_leader_leaves, [("error", None, "client_left"), ("miss", 200, None)]),
        (the_follower_leaves, [("error", None, "client_left"), ("miss", 200, "answer_unparseable")]),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
async def test_every_request_has_one_line_whatever_becomes_of_it(
    upstream: Upstream,
    capsys: pytest.CaptureFixture[str],
    happens: Callable[[Running], Awaitable[None]],
    told: list[tuple[str, int | None, str | None]],
) -> None:
    configure_log("json")
    async with running(config_for(upstream, cache="exact"), upstream) as proxy, asyncio.timeout(30):
        await happens(proxy)
    answered = [line for line in facts(capsys.readouterr().err) if line["event"] == "request.answered"]

    assert told == [(line["outcome"], line.get("status"), line.get("drop")) for line in answered]


async def test_a_model_of_any_length_makes_no_longer_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_log("json")
    observer = LogObserver()
    observer.observed(Outcome(request_id="req_3", started_at=3.0, model="m" * 900_000))
    observer.flush()

    assert "m" * SHOWN_MODEL_CHARS == facts(capsys.readouterr().err)[0]["model"]


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_traceback_shows_no_local_variable(capsys: pytest.CaptureFixture[str], form: str) -> None:
    configure_log(form)
    key = "-".join(("sk", "canary"))
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        structlog.get_logger().exception("it.failed")

    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert key not in said
