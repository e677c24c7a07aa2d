"""Who leaves the store, and when: what is asked most stays, what has expired goes by itself."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from proxy.kept import NOTE_USES_S
from proxy.sweep import Sweeper
from tests.e2e.clock import Clock
from tests.e2e.running import Running, config_for, running
from tests.e2e.stores import STORES, store_url
from tests.facts.waiting import eventually
from tests.upstream import Upstream

Started = AbstractAsyncContextManager[Running]
HOT, SECOND = "What is the capital of France?", "How many legs does a spider have?"
STORES_HERE = [pytest.param(name, marks=pytest.mark.redis) if name == "redis" else name for name in STORES]


def kept_in(upstream: Upstream, url: str, clock: Clock, *, domain: str, cache: str = "exact") -> Started:
    """The app over the store at `url`."""
    return running(config_for(upstream, store=url, cache=cache, domain=domain), upstream, clock)


@pytest.mark.parametrize("name", STORES_HERE)
async def test_an_answer_served_from_the_process_again_and_again_is_not_the_first_to_be_evicted(
    upstream: Upstream, tmp_path: Path, name: str
) -> None:
    clock = Clock()
    async with store_url(name, tmp_path) as url, kept_in(upstream, url, clock, domain="max_entries: 3") as proxy:
        for question in (HOT, SECOND, "Who wrote Hamlet?"):
            await proxy.ask(question)
            clock.offset += 1
        for _ in range(4):
            clock.offset += NOTE_USES_S
            assert (await proxy.ask(HOT)).is_hit
        await proxy.ask("What does a cow eat?")
        proxy.app.recall.clear()  # as after a restart: only the store answers now

        assert (await proxy.ask(HOT)).is_hit
        assert not (await proxy.ask(SECOND)).is_hit


@pytest.mark.parametrize("name", STORES_HERE)
async def test_what_has_expired_leaves_store_and_index_where_nothing_new_is_stored(
    upstream: Upstream, tmp_path: Path, name: str
) -> None:
    clock = Clock()
    async with store_url(name, tmp_path) as url, kept_in(upstream, url, clock, domain="ttl_s: 60") as proxy:
        for number in range(5):
            await proxy.ask(f"What is the square root of {number}?")
        clock.offset += 61

        assert 5 == await proxy.app.sweeper.swept()
        assert 0 == await proxy.app.sweeper.swept()


async def test_sweeping_begins_with_the_app_and_takes_entries_out_of_the_index(upstream: Upstream) -> None:
    clock = Clock()
    async with kept_in(upstream, "memory://", clock, domain="ttl_s: 60", cache="semantic") as proxy:
        app = proxy.app
        await proxy.ask("How do I water an orchid?")
        assert 1 == len(app.index)
        clock.offset += 61
        quick = Sweeper(store=app.shelves.store, replica=app.replica, clock=clock, every_s=0.01)
        quick.start()
        try:
            await eventually(lambda: len(app.index) == 0)
        finally:
            await quick.stop()

        assert app.sweeper._task is not None
        assert not app.sweeper._task.done()
