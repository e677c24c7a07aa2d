"""Who gets into the inference thread: a short queue, refusal at once, nothing lost when a caller leaves."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from proxy.backends.inference import InferenceThread
from proxy.errors import BackendBusy, BackendError


class Gate:
    """Work that holds the thread until it is opened."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> str:
        self.entered.set()
        assert self.opened.wait(30)
        return "done"


async def test_a_full_queue_is_refused_at_once_and_the_others_are_answered() -> None:
    thread, gate = InferenceThread(queue_limit=3, wait_limit_s=60), Gate()
    first = asyncio.create_task(thread.run(gate, units=1))
    await asyncio.to_thread(gate.entered.wait, 30)
    queued = [asyncio.create_task(thread.run(lambda: "done", units=1)) for _ in range(2)]
    await asyncio.sleep(0)

    with pytest.raises(BackendBusy):
        await thread.run(lambda: "done", units=1)
    gate.opened.set()
    assert await asyncio.gather(first, *queued) == ["done"] * 3
    assert await thread.run(lambda: "again", units=1) == "again"
    thread.close()


async def test_work_that_would_wait_too_long_is_refused_but_an_idle_thread_takes_anything() -> None:
    thread, gate = InferenceThread(wait_limit_s=0.020), Gate()
    long = asyncio.create_task(thread.run(gate, units=100_000))
    await asyncio.to_thread(gate.entered.wait, 30)

    with pytest.raises(BackendBusy):
        await thread.run(lambda: "short", units=1)
    gate.opened.set()
    assert await long == "done"
    thread.close()


async def test_a_caller_who_leaves_the_queue_frees_its_place() -> None:
    thread, gate = InferenceThread(queue_limit=2, wait_limit_s=60), Gate()
    first = asyncio.create_task(thread.run(gate, units=1))
    await asyncio.to_thread(gate.entered.wait, 30)
    ran: list[str] = []
    leaver = asyncio.create_task(thread.run(lambda: ran.append("leaver"), units=1))
    await asyncio.sleep(0)
    leaver.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaver

    second = asyncio.create_task(thread.run(lambda: "second", units=1))
    gate.opened.set()
    assert await asyncio.gather(first, second) == ["done", "second"]
    assert ran == []
    thread.close()


async def test_a_fault_in_the_model_is_a_backend_error_and_the_next_job_runs() -> None:
    thread = InferenceThread()

    with pytest.raises(BackendError, match="ZeroDivisionError"):
        await thread.run(lambda: 1 // 0, units=1)
    assert await thread.run(lambda: np.float32(1), units=1) == 1
    thread.close()


async def test_a_closed_thread_refuses() -> None:
    thread = InferenceThread()
    thread.close()
    thread.close()

    with pytest.raises(BackendError, match="shut down"):
        await thread.run(lambda: 1, units=1)
