"""What runs beside requests survives what nobody foresaw: it says so once and goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from structlog.testing import capture_logs

from proxy.app import build_app
from proxy.backends.index_saved import SavedIndex
from proxy.errors import BackendError
from proxy.loading import RETRY_S
from tests.e2e.running import config_for, running
from tests.facts.waiting import eventually
from tests.upstream import Upstream

QUESTION = "How can I reset my password?"


@pytest.mark.parametrize("part", ["models", "quarantines"])
async def test_loading_that_fails_in_an_unknown_way_is_told_once_and_tried_again(
    part: str, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.loading.RETRY_S", RETRY_S / 50)
    app = await build_app(config_for(upstream))
    loading, failures = app.loading, 3

    def fail_at_first() -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise MemoryError

    def check() -> str:
        fail_at_first()
        return ""

    async def load() -> None:
        fail_at_first()

    if part == "models":
        monkeypatch.setattr(loading, "_models", replace(app.models, check=check))
    else:
        monkeypatch.setattr(loading._flags, "load", load)
    with capture_logs() as lines:
        await app.start()
        try:
            await app.loaded()
        finally:
            await app.stop()

    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["load.failed"]


async def test_sweeping_that_fails_in_an_unknown_way_goes_on(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        sweeper, turns = proxy.app.sweeper, []
        await sweeper.stop()
        monkeypatch.setattr(sweeper, "_every_s", 0.01)

        async def fails() -> int:
            turns.append(1)
            raise ZeroDivisionError

        monkeypatch.setattr(sweeper, "swept", fails)
        with capture_logs() as lines:
            sweeper.start()
            await eventually(lambda: len(turns) > 2)

    assert "sweep.failed" in [line["event"] for line in lines]


async def test_a_report_that_fails_in_an_unknown_way_costs_nobody_an_answer(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)

        async def fails(_ids: object) -> NoReturn:
            raise ZeroDivisionError

        with monkeypatch.context() as broken, capture_logs() as lines:
            broken.setattr(proxy.app.shelves.store, "delete", fails)
            told = await proxy.ask(QUESTION, headers={"equicache-report": "bad-hit"})

    assert (told.headers["equicache-report"], told.is_hit) == ("failed", False)
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["report.failed"]


async def test_an_index_that_cannot_be_saved_lets_the_stop_go_on(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def fails(_saved: SavedIndex) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(SavedIndex, "save", fails)
    with capture_logs() as lines:
        async with running(config_for(upstream, store=f"sqlite:///{tmp_path / 'cache.db'}"), upstream) as proxy:
            await proxy.ask(QUESTION)
            await eventually(lambda: len(proxy.app.index) == 1)

    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["index.not_saved"]
    with pytest.raises(BackendError, match="closed"):
        await proxy.app.shelves.store.get_exact(bytes(32), 0.0)
