"""Fixtures and settings that most tests share. Keep this file small."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import pytest
import structlog
from hypothesis import HealthCheck, settings

from proxy.event_loop import Loop
from tests.upstream import Upstream

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # examples say what is right on any machine, however slow


OF_CONNECTIONS = ("tests/wire/", "tests/test_upstream_http.py", "tests/test_redis_link.py", "tests/test_collapse.py")


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Tests of connections run on the loop that serves: it differs from asyncio's where a connection ends."""
    return {"product": Loop} if item.nodeid.startswith(OF_CONNECTIONS) else {"asyncio": asyncio.new_event_loop}


@pytest.fixture(autouse=True)
def unconfigured_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test says about the log is forgotten behind it, by the loggers, too, that wrote meanwhile."""
    configure = structlog.configure
    monkeypatch.setattr(structlog, "configure", lambda **told: configure(**told | {"cache_logger_on_first_use": False}))
    yield
    structlog.reset_defaults()


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    """A scripted upstream that speaks OpenAI unless told otherwise."""
    async with Upstream() as server:
        yield server


@pytest.fixture
def patient_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a share in another's call gives up after ten seconds and makes one of his own. For tests in which
    nobody may wait at all: they would find that call, though somebody had waited."""
    monkeypatch.setattr("proxy.collapse.SILENT_S", 600.0)
