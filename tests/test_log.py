"""One line for each answer: the same facts whichever way they are written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
import structlog

from proxy.cli.terminal import configure_log
from proxy.core.outcome import Outcome, Result
from proxy.core.reasons import CacheMode, HitKind, MissReason
from proxy.observe.log import MAX_LINES, LogObserver
from tests.e2e.running import config_for, running
from tests.upstream import Upstream

HIT = Outcome(
    request_id="req_1", started_at=1.0, route="chat", mode=CacheMode.SEMANTIC, result=Result.HIT, hit=HitKind.EXACT,
    status=200, total_ms=0.123456, extra={"domain_refused": "other"},
)  # fmt: skip
MISS = Outcome(request_id="req_2", started_at=2.0, result=Result.MISS, reason=MissReason.BUSY, similarity=0.98765)


@pytest.fixture(autouse=True)
def unconfigured() -> Iterator[None]:
    yield
    structlog.reset_defaults()


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
