"""What becomes of a report is told to every observer, also from a worker to its supervisor."""

from __future__ import annotations

import asyncio
import socket

import aiohttp

from proxy.observe.metrics import MetricsObserver
from proxy.observe.stats import StatsObserver
from proxy.observe.wire import OutcomeReceiver, OutcomeSender
from tests.e2e.running import config_for, running
from tests.upstream import Upstream


async def test_reports_by_header_and_later_are_counted_once_each(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask("How can I reset my password?")
        hit = await proxy.ask("How do I reset my password?")
        by_id = {"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}"}
        await proxy.ask("How do I reset my password?", headers=by_id)
        await proxy.ask("How do I reset my password?", headers=by_id)  # repeated
        later = await proxy.ask("Tell me how to reset my password.")
        url, key = proxy.url.replace("/v1", "/equicache/feedback"), {"Authorization": "Bearer sk-test"}
        async with aiohttp.ClientSession(headers=key) as session:
            for hit_id in (later.headers["equicache-id"], "chatcmpl-unknown"):
                await session.post(url, json={"id": hit_id, "verdict": "bad-hit", "reason": "old"})

        assert {"bad-hit": 2} == proxy.app.stats.shown()["reported"]
        assert 2 == proxy.app.stats.totals.reasons["reported"]
        metrics = proxy.app.metrics.text().decode()
        assert 'equicache_reports_total{result="recorded",verdict="bad-hit"} 2.0' in metrics
        assert 'equicache_reports_total{result="ignored",verdict="bad-hit"} 2.0' in metrics


async def test_a_worker_tells_its_supervisor() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.setblocking(False)
    stats, metrics = StatsObserver(lambda *_: 0.0), MetricsObserver()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: OutcomeReceiver([metrics, stats]), sock=ours
    )
    sender = OutcomeSender(theirs)
    try:
        theirs.send(b'not json\n["bad-hit"]\n{}')
        sender.reported("bad-hit", "recorded")
        sender.flush()
        async with asyncio.timeout(5):
            while not stats.totals.reported:
                await asyncio.sleep(0.01)
    finally:
        transport.close()
        theirs.close()

    assert {"bad-hit": 1} == stats.totals.reported
    assert 0 == stats.totals.requests
