"""What runs beside requests survives what nobody foresaw: it says so once and goes on."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from proxy.app import build_app
from proxy.loading import RETRY_S
from tests.e2e.running import config_for, running
from tests.facts.waiting import eventually
from tests.upstream import Upstream


async def test_loading_that_fails_in_an_unknown_way_is_told_once_and_tried_again(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.loading.RETRY_S", RETRY_S / 50)
    app = await build_app(config_for(upstream))
    load, failures = app.loading._flags.load, 3

    async def fails_at_first() -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise ZeroDivisionError
        await load()

    monkeypatch.setattr(app.loading._flags, "load", fails_at_first)
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
