"""Outcomes between workers and their supervisor: nothing that is counted there is lost on the way."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from proxy.core.outcome import Outcome, Result
from proxy.core.reasons import CacheMode, HitKind, MissReason
from proxy.observe.metrics import MetricsObserver
from proxy.observe.stats import StatsObserver
from proxy.observe.wire import OutcomeReceiver, OutcomeSender

OUTCOMES = [
    *(
        Outcome(
            f"req_{n}", 5.0, route="chat", domain="default", mode=CacheMode.SEMANTIC, result=Result.HIT,
            hit=HitKind.EXACT, status=200, total_ms=0.1 * n,
        )
        for n in range(1, 8)
    ),
    Outcome("req_8", 5.0, route="chat", domain="default", result=Result.HIT, hit=HitKind.SEMANTIC, total_ms=6.0),
    Outcome(
        "req_9", 5.0, route="chat", domain="default", result=Result.MISS, reason=MissReason.NO_CANDIDATE, total_ms=9.0,
        model="m", prompt_tokens=10, completion_tokens=20,
    ),
]  # fmt: skip


async def test_metrics_and_totals_are_those_of_one_process() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    here, there = MetricsObserver(), MetricsObserver()
    here_stats, there_stats = StatsObserver(lambda *_: 0.5), StatsObserver(lambda *_: 0.5)
    sender, receiver = OutcomeSender(theirs), OutcomeReceiver([there, there_stats])
    for outcome in reversed(OUTCOMES):  # the miss first, so that both credit hits with what it took
        sender.observed(outcome)
        here.observed(outcome)
        here_stats.observed(outcome)
    sender.flush()
    datagram = ours.recv(65536)
    receiver.datagram_received(datagram, None)
    ours.close()
    theirs.close()

    assert _counts(here) == _counts(there)
    assert here_stats.shown() == there_stats.shown()
    assert 3 == len(datagram.split(b"\n"))  # seven exact hits share a line


async def test_a_name_of_any_length_costs_no_outcome() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.setblocking(False)
    there = StatsObserver(lambda *_: 0.0)
    sender, receiver = OutcomeSender(theirs), OutcomeReceiver([there])
    sender.observed(Outcome("req_1", 5.0, result=Result.MISS, model="m"))
    sender.observed(
        Outcome("req_2", 5.0, result=Result.MISS, model="m" * 900_000, extra={"domain_refused": "d" * 60_000})
    )
    sender.flush()
    receiver.datagram_received(ours.recv(65536), None)
    ours.close()
    theirs.close()

    assert 0 == sender.dropped
    assert 2 == there.totals.requests


def _counts(metrics: MetricsObserver) -> list[str]:
    return [line for line in metrics.text().decode().splitlines() if "_created" not in line and "_sum" not in line]


def test_hits_that_are_told_before_their_miss_are_credited_with_it() -> None:
    """The answer of a miss is stored, and may be hit, before the miss is told of."""
    stats = StatsObserver(lambda *_: 0.25)
    hit = Outcome("req_1", 1.0, route="chat", result=Result.HIT, hit=HitKind.EXACT)
    miss = Outcome(
        "req_2", 1.0, route="chat", result=Result.MISS, status=200, total_ms=2000.0,
        prompt_tokens=5, completion_tokens=5,
    )  # fmt: skip
    for told in (hit, replace(hit, route="other"), hit, replace(miss, total_ms=None), miss, hit):
        stats.observed(told)

    assert 6.0 == pytest.approx(stats.totals.saved_s)
    assert 0.75 == pytest.approx(stats.totals.saved_usd)


def test_refusals_of_the_provider_do_not_cheapen_what_a_hit_is_worth() -> None:
    stats = StatsObserver(lambda *_: 0.0)
    miss = Outcome("req_1", 1.0, route="chat", result=Result.MISS, status=200, total_ms=2000.0)
    refused = replace(miss, status=429, total_ms=5.0)
    hit = replace(miss, result=Result.HIT, hit=HitKind.EXACT, total_ms=0.1)
    for told in (refused, hit, miss, *[refused] * 99, hit):
        stats.observed(told)

    assert 4.0 == pytest.approx(stats.totals.saved_s)
