"""What all workers must know: who may have hits, the kill switch, generations (R12, R25, R33)."""

from __future__ import annotations

import asyncio

import pytest

from proxy import control
from proxy.backends.state_memory import MemoryState
from proxy.control import ACCEPTED_GRACE_S, ACCEPTED_TTL_S, RENEW_AFTER_S, SWITCH_KEY, Control
from proxy.core.route import Tenancy, TenancyKind
from proxy.errors import BackendError
from tests.facts.entries import NOW, FakeClock

OWN, SHARED = Tenancy(), Tenancy(TenancyKind.SHARED)
KEY = b"k" * 32
UPSTREAM = "openai"


class Worker:
    """One process's control over facts that others share; `told` is what it publishes."""

    def __init__(self, state: MemoryState) -> None:
        self.told: list[tuple[str, bytes]] = []
        self.control = Control(state, self._publish, domains=["default"], secret="s" * 32)

    async def _publish(self, kind: str, body: bytes) -> int:
        self.told.append((kind, body))
        return len(self.told)

    async def noted(
        self, status: int | None, tenancy: Tenancy = SHARED, at: float = NOW, upstream: str = UPSTREAM
    ) -> None:
        """Learns of a status; what it writes behind the answer has ended."""
        self.control.note_status(status, tenancy, KEY, upstream, at)
        await self.control.stop()

    async def entitled(self, tenancy: Tenancy = SHARED, at: float = NOW, upstream: str = UPSTREAM) -> bool:
        """Both ways of asking must say the same once the facts are here."""
        may = await self.control.is_entitled(tenancy, KEY, upstream, at)
        assert may == self.control.is_known_entitled(tenancy, KEY, upstream, at)
        return may


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def state(clock: FakeClock) -> MemoryState:
    return MemoryState(clock)


@pytest.fixture
def worker(state: MemoryState) -> Worker:
    return Worker(state)


async def test_where_entries_are_shared_a_key_is_accepted_for_an_hour(worker: Worker) -> None:
    assert not await worker.entitled()
    await worker.noted(200)

    assert await worker.entitled(at=NOW + ACCEPTED_TTL_S)
    assert not await worker.entitled(at=NOW + ACCEPTED_TTL_S + 1)


async def test_a_key_that_was_accepted_in_the_future_is_not_until_it_is_again(worker: Worker) -> None:
    """A clock that was wrong and is set right."""
    await worker.noted(200, at=NOW + 365 * 86_400)
    assert not await worker.entitled()
    await worker.noted(200)

    assert await worker.entitled()
    assert not await worker.entitled(at=NOW + ACCEPTED_TTL_S + 1)


@pytest.mark.parametrize("status", [None, 429, 500, 503])
async def test_while_the_upstream_fails_an_accepted_key_keeps_its_hits_for_a_day(
    worker: Worker, status: int | None
) -> None:
    await worker.noted(200)
    await worker.noted(status)

    assert await worker.entitled(at=NOW + ACCEPTED_GRACE_S)
    assert not await worker.entitled(at=NOW + ACCEPTED_GRACE_S + 1)


async def test_an_upstream_that_answers_again_ends_the_patience(worker: Worker) -> None:
    await worker.noted(200)
    await worker.noted(500)
    await worker.noted(404)

    assert not await worker.entitled(at=NOW + ACCEPTED_TTL_S + 1)


@pytest.mark.parametrize("tenancy", [OWN, SHARED])
async def test_a_refused_key_gets_no_hits_on_any_worker_until_it_is_accepted_again(
    worker: Worker, state: MemoryState, tenancy: Tenancy
) -> None:
    await worker.noted(200, tenancy)
    assert await worker.entitled(tenancy)
    await worker.noted(401, tenancy)
    other = Worker(state)

    assert [("credential", b"-" + KEY + b"openai")] == worker.told
    assert [False, False] == [await worker.entitled(tenancy), await other.entitled(tenancy)]
    await worker.noted(200, tenancy)
    assert ("credential", b"+" + KEY + b"openai") == worker.told[-1]
    assert [True, True] == [await worker.entitled(tenancy), await Worker(state).entitled(tenancy)]


async def test_what_one_upstream_says_of_a_key_holds_for_no_other(worker: Worker, state: MemoryState) -> None:
    await worker.noted(200, upstream="local")
    other = Worker(state)

    assert [False, False] == [await worker.entitled(), await other.entitled()]
    await worker.noted(200)
    await worker.noted(401, upstream="local")
    other = Worker(state)
    other.control.credential_changed_elsewhere(worker.told[-1][1])
    assert [True, True] == [await worker.entitled(), await other.entitled()]
    assert [False, False] == [await worker.entitled(upstream="local"), await other.entitled(upstream="local")]


async def test_that_a_key_is_accepted_is_written_once_in_ten_minutes(worker: Worker, state: MemoryState) -> None:
    written: list[float] = []
    for at in (NOW, NOW + RENEW_AFTER_S, NOW + RENEW_AFTER_S + 1, NOW + RENEW_AFTER_S + 2):
        state._values.clear()
        await worker.noted(200, at=at)
        written += [at] if state._values else []

    assert [NOW, NOW + RENEW_AFTER_S + 1] == written
    assert await worker.entitled(at=NOW + RENEW_AFTER_S + 1 + ACCEPTED_TTL_S)


async def test_a_refusal_takes_back_that_a_key_was_accepted(worker: Worker, state: MemoryState) -> None:
    await worker.noted(200)
    await worker.noted(401)
    await worker.noted(200, OWN)  # accepted again elsewhere says nothing about this tenancy's hour

    assert not await Worker(state).entitled()


async def test_what_another_worker_heard_about_a_key_holds_here(worker: Worker) -> None:
    await worker.noted(200)
    worker.control.credential_changed_elsewhere(b"-" + KEY + b"openai")
    assert not await worker.entitled()

    worker.control.credential_changed_elsewhere(b"+" + KEY + b"openai")
    assert await worker.entitled()


async def test_the_kill_switch_survives_a_restart_and_reaches_the_others(worker: Worker, state: MemoryState) -> None:
    await worker.control.start()
    await worker.control.switch_semantic(off=True)
    restarted = Worker(state)
    await restarted.control.start()

    assert worker.control.is_semantic_off
    assert restarted.control.is_semantic_off
    assert [("switch", b"1")] == worker.told
    await worker.control.switch_semantic(off=False)
    assert ("switch", b"") == worker.told[-1]
    restarted.control.switched_elsewhere(b"")
    assert not restarted.control.is_semantic_off


async def test_a_backend_that_lost_its_memory_gets_the_kill_switch_back(worker: Worker, state: MemoryState) -> None:
    await worker.control.switch_semantic(off=True)
    await state.delete(SWITCH_KEY)
    await worker.control.read()
    restarted = Worker(state)
    await restarted.control.start()

    assert worker.control.is_semantic_off
    assert restarted.control.is_semantic_off


async def test_the_kill_switch_that_was_undone_unheard_stays_undone(worker: Worker, state: MemoryState) -> None:
    await worker.control.switch_semantic(off=True)
    await Worker(state).control.switch_semantic(off=False)
    await worker.control.read()

    assert not worker.control.is_semantic_off


async def test_an_old_message_takes_no_generation_back(worker: Worker) -> None:
    assert 1 == await worker.control.flush("default")
    assert 2 == await worker.control.flush("default")
    worker.control.flushed_elsewhere("default", 1)

    assert 2 == worker.control.generation("default")


async def test_a_generation_that_another_program_wrote_is_an_error_of_the_store(
    worker: Worker, state: MemoryState
) -> None:
    """As any other: it is read again each second, and meanwhile all is forwarded."""
    await state.set("generation:default", b"abc")

    with pytest.raises(BackendError, match="generation:default is no number: b'abc'"):
        await worker.control.read()
    await worker.control.start()
    await worker.control.stop()

    assert not worker.control.is_ready


async def test_stopping_waits_until_a_refusal_is_written(worker: Worker, state: MemoryState) -> None:
    worker.control.note_status(401, OWN, KEY, UPSTREAM, NOW)
    await worker.control.stop()

    assert not await Worker(state).entitled(OWN)


class AwayState(MemoryState):
    """A backend that takes no writes while it is away."""

    is_away = True

    async def delete(self, key: str) -> None:
        if self.is_away:
            raise BackendError("away")
        await super().delete(key)


async def test_a_refusal_that_could_not_be_written_is_written_when_the_backend_is_back(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "AGAIN_S", 0.0)
    state = AwayState(clock)
    worker = Worker(state)
    worker.control.note_status(401, OWN, KEY, UPSTREAM, NOW)
    await asyncio.sleep(0.05)
    await worker.control.read()

    assert [False, True] == [await worker.entitled(OWN), await Worker(state).entitled(OWN)]
    state.is_away = False
    async with asyncio.timeout(5):
        while not worker.told:
            await asyncio.sleep(0)
    assert not await Worker(state).entitled(OWN)
    await worker.control.stop()


@pytest.mark.parametrize("status", [401, 200])
async def test_a_stop_tells_once_more_what_could_not_be_written_unless_the_key_is_accepted_again(
    clock: FakeClock, status: int
) -> None:
    state = AwayState(clock)
    worker = Worker(state)
    worker.control.note_status(401, OWN, KEY, UPSTREAM, NOW)
    await asyncio.sleep(0.05)
    worker.control.note_status(status, OWN, KEY, UPSTREAM, NOW)
    state.is_away = False
    await worker.control.stop()

    assert (status == 200) == await Worker(state).entitled(OWN)
