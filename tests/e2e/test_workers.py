"""Several workers are one proxy: what one learns, forgets or is told holds for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import openai
import orjson
import pytest
from structlog.testing import capture_logs

from proxy.backends import feed_redis
from proxy.cli.terminal import configure_log
from proxy.workers import Supervisor
from tests.e2e.running import config_for, running
from tests.e2e.stores import store_url
from tests.facts.waiting import eventually
from tests.redis_server import Cable, RedisServer
from tests.upstream import Upstream

QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"
CONNECTIONS = 12
IF_CACHED = {"Cache-Control": "only-if-cached"}


@asynccontextmanager
async def supervised(upstream: Upstream, url: str) -> AsyncIterator[Supervisor]:
    config = config_for(upstream, store=url, server="workers: 2")
    supervisor = Supervisor(config, configure_log)
    await supervisor.start()
    try:
        yield supervisor
    finally:
        await supervisor.stop()


@pytest.fixture(params=["sqlite", "redis"])
async def supervisor(request: pytest.FixtureRequest, upstream: Upstream, tmp_path: Path) -> AsyncIterator[Supervisor]:
    async with store_url(request.param, tmp_path) as url, supervised(upstream, url) as started:
        yield started


async def detail(supervisor: Supervisor, prompt: str, **headers: str) -> str:
    """The last word about one request on a connection of its own, so that any worker may take it."""
    async with openai.AsyncOpenAI(
        base_url=f"http://127.0.0.1:{supervisor.port}/v1", api_key="sk-test", max_retries=0
    ) as sdk:
        try:
            raw = await sdk.chat.completions.with_raw_response.create(
                model="gpt-4o-mini", messages=[{"role": "user", "content": prompt}], extra_headers=headers
            )
        except openai.InternalServerError as nothing_stored:
            return str(nothing_stored.status_code)
    return raw.headers.get("equicache-report") or raw.headers["cache-status"].rpartition("detail=")[2]


async def details(supervisor: Supervisor, prompt: str, **headers: str) -> set[str]:
    """What all workers say: many connections at once, so that none is left out."""
    return set(await asyncio.gather(*(detail(supervisor, prompt, **headers) for _ in range(CONNECTIONS))))


async def said(health: Callable[[], Mapping[str, object]], degraded: list[str]) -> Mapping[str, object]:
    """What `/readyz` says once it says that, or at the end of patience."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(60):
            while health()["degraded"] != degraded:
                await asyncio.sleep(0.1)
    return health()


async def until(wanted: set[str], supervisor: Supervisor, prompt: str, **headers: str) -> set[str]:
    """Asks again until all say so; index and models load behind the first requests."""
    found: set[str] = set()
    for _ in range(240):
        found = await details(supervisor, prompt, **headers)
        if found == wanted:
            break
        await asyncio.sleep(0.25)
    return found


async def test_what_one_worker_learns_all_know_and_a_bad_hit_is_out_everywhere_at_once(supervisor: Supervisor) -> None:
    assert {"exact"} == await until({"exact"}, supervisor, QUESTION)
    assert {"semantic"} == await until({"semantic"}, supervisor, PARAPHRASE, **IF_CACHED)
    assert "recorded" == await detail(supervisor, PARAPHRASE, **{"equicache-report": "bad-hit"})

    assert "semantic" not in await details(supervisor, PARAPHRASE, **IF_CACHED)


async def test_a_killed_worker_is_started_again_and_no_request_is_lost_for_good(supervisor: Supervisor) -> None:
    assert {"exact"} == await until({"exact"}, supervisor, QUESTION)
    os.kill(supervisor.worker_ids()[0], signal.SIGKILL)

    assert {"exact"} == await until({"exact"}, supervisor, QUESTION)
    while supervisor.restarts == 0:
        await asyncio.sleep(0.1)
    assert 2 == len(set(supervisor.worker_ids()))


async def test_a_worker_that_cannot_be_started_is_tried_again(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned, failures = Supervisor._spawned, [OSError("Too many open files"), OSError("Too many open files")]

    def fails_at_first(self: Supervisor, place: int) -> object:
        if failures:
            raise failures.pop()
        return spawned(self, place)

    monkeypatch.setattr(Supervisor, "_spawned", fails_at_first)
    with capture_logs() as lines:
        os.kill(supervisor.worker_ids()[0], signal.SIGKILL)
        await eventually(lambda: supervisor.restarts == 1)

    assert ["worker.died", "worker.not_started"] == [line["event"] for line in lines]
    assert (await said(supervisor.health, []))["workers"] == 2


async def test_a_worker_is_started_again_though_somebody_has_cleaned_tmp(supervisor: Supervisor) -> None:
    await said(supervisor.health, [])
    assert supervisor._folder is not None
    shutil.rmtree(supervisor._folder.name)
    os.kill(supervisor.worker_ids()[0], signal.SIGKILL)
    await eventually(lambda: supervisor.restarts == 1)

    assert (await said(supervisor.health, []))["workers"] == 2
    assert supervisor.restarts == 1


async def test_the_supervisor_counts_for_all_workers(supervisor: Supervisor) -> None:
    await until({"exact"}, supervisor, QUESTION)
    await eventually(lambda: supervisor.stats.totals.requests >= CONNECTIONS)
    totals = supervisor.stats.shown()

    assert orjson.dumps(totals, option=orjson.OPT_NON_STR_KEYS)
    assert totals["requests"] == sum(totals["results"].values())  # type: ignore[attr-defined]


async def test_the_supervisor_says_that_its_workers_still_load(supervisor: Supervisor) -> None:
    """Started a moment ago: a new interpreter, its models and its index take longer than this line."""
    assert {"ready": True, "workers": 2, "degraded": ["index"]} == supervisor.health()
    async with asyncio.timeout(60):
        while supervisor.health()["degraded"]:
            await asyncio.sleep(0.1)
    assert "loading" not in await details(supervisor, QUESTION)

    os.kill(supervisor.worker_ids()[0], signal.SIGKILL)
    async with asyncio.timeout(60):
        while not supervisor.restarts:
            await asyncio.sleep(0.05)
    assert ["index"] == supervisor.health()["degraded"]


async def test_proxies_that_were_started_one_by_one_on_one_sqlite_file_hear_each_other(
    upstream: Upstream, tmp_path: Path
) -> None:
    """Nobody tells either of the other: `equicache serve` and `equicache run` in one folder are enough."""
    config = config_for(upstream, store=f"sqlite:///{tmp_path}/cache.db")
    async with running(config, upstream) as one, running(config, upstream) as other:
        await one.ask(QUESTION)
        assert "semantic" == (await other.ask(PARAPHRASE)).detail
        hit = await one.ask(PARAPHRASE)
        report = {"equicache-report": f"bad-hit; id={hit.headers['equicache-id']}"}
        reported = await other.ask("What is a mutex?", headers=report)

        assert ["semantic", "recorded"] == [hit.detail, reported.headers["equicache-report"]]
        assert not (await one.ask(PARAPHRASE)).is_hit


async def test_a_store_that_goes_away_and_comes_back_is_said(upstream: Upstream, tmp_path: Path) -> None:
    async with (
        RedisServer(tmp_path) as redis,
        supervised(upstream, redis.url) as supervisor,
        running(config_for(upstream, store=redis.url), upstream) as alone,
    ):
        assert [] == (await said(supervisor.health, []))["degraded"] == alone.app.health()["degraded"]
        await redis.kill()

        assert {"ready": True, "degraded": ["state"]} == await said(alone.app.health, ["state"])
        assert {"ready": True, "workers": 2, "degraded": ["state"]} == await said(supervisor.health, ["state"])
        await redis.start()
        assert [] == (await said(alone.app.health, []))["degraded"]
        assert [] == (await said(supervisor.health, []))["degraded"]


async def test_workers_whose_files_cannot_be_made_forward(upstream: Upstream, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    async with supervised(upstream, f"sqlite:///{tmp_path}/file/equicache.db") as supervisor:
        async with asyncio.timeout(60):
            said = [await detail(supervisor, QUESTION) for _ in range(2)]

        assert ["state_unavailable"] * 2 == said
        assert ["state"] == [name for name in supervisor.health()["degraded"] if name in ("state", "workers")]  # type: ignore[attr-defined]


async def test_a_proxy_cut_off_from_redis_serves_nothing_that_was_reported_elsewhere(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_redis, "HEARD_FOR_S", 5.0)
    async with (
        RedisServer(tmp_path) as redis,
        Cable(redis.port) as cable,
        running(config_for(upstream, store=cable.url), upstream) as cut_off,
        running(config_for(upstream, store=redis.url), upstream) as other,
    ):
        await cut_off.ask(QUESTION)
        assert ["semantic", "exact"] == [(await cut_off.ask(asked)).detail for asked in (PARAPHRASE, QUESTION)]
        cable.cut()
        assert "exact" == (await cut_off.ask(QUESTION)).detail  # a lost connection alone turns no memory off
        reported = await other.ask(QUESTION, headers={"equicache-report": "bad-hit"})
        await eventually(lambda: cut_off.app.shelves.feed.version() == feed_redis.UNHEARD)

        assert "recorded" == reported.headers["equicache-report"]
        assert ["backend"] * 2 == [(await cut_off.ask(asked)).detail for asked in (QUESTION, PARAPHRASE)]
        cable.join()
        await eventually(lambda: cut_off.app.shelves.is_up())
        assert (await cut_off.ask(QUESTION)).detail != "backend"
        assert "exact" == (await cut_off.ask(QUESTION)).detail
