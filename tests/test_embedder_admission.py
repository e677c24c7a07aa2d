"""Who gets into the inference thread: a short queue, refusal at once, nothing lost when a caller leaves."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from proxy.backends.artefact import read_artefact
from proxy.backends.embedder_onnx import BUNDLED, OnnxEmbedder
from proxy.backends.inference import NICE, PATIENT_LIMIT, TURNS, InferenceThread
from proxy.errors import BackendBusy, BackendError
from proxy.ports import PATIENT


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


async def refuses_a_newcomer(thread: InferenceThread, gate: Gate, long: asyncio.Task[str]) -> None:
    await asyncio.to_thread(gate.entered.wait, 30)

    with pytest.raises(BackendBusy):
        await thread.run(lambda: "short", units=1)
    gate.opened.set()
    assert await long == "done"
    thread.close()


async def test_work_that_would_wait_too_long_is_refused_but_an_idle_thread_takes_anything() -> None:
    thread, gate = InferenceThread(wait_limit_s=0.020), Gate()
    long = asyncio.create_task(thread.run(gate, units=100_000))
    await refuses_a_newcomer(thread, gate, long)


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


@contextmanager
def patience() -> Iterator[None]:
    """Tasks that are made within it have time."""
    token = PATIENT.set(True)
    yield
    PATIENT.reset(token)


async def held(thread: InferenceThread) -> tuple[Gate, asyncio.Task[str]]:
    """The thread at work until the gate is opened."""
    gate = Gate()
    first = asyncio.create_task(thread.run(gate, units=1))
    await asyncio.to_thread(gate.entered.wait, 30)
    return gate, first


async def test_who_has_time_waits_behind_the_look_ups_but_not_for_good() -> None:
    thread = InferenceThread(queue_limit=60, wait_limit_s=60)
    gate, first = await held(thread)
    order: list[str] = []
    with patience():
        waiting = [asyncio.create_task(thread.run(lambda: order.append("patient"), units=1)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(thread.run(lambda: order.append("look-up"), units=1)) for _ in range(2 * TURNS)]
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(first, *waiting)

    between = ["look-up"] * (TURNS - 1)
    assert [*between, "patient", *between, "patient", "look-up", "look-up", "patient"] == order
    thread.close()


async def test_the_patient_make_nobody_busy_but_one_another() -> None:
    thread = InferenceThread()
    gate, first = await held(thread)
    with patience():
        waiting = [asyncio.create_task(thread.run(lambda: "stored", units=100_000)) for _ in range(PATIENT_LIMIT)]
        await asyncio.sleep(0)
        with pytest.raises(BackendBusy):
            await thread.run(lambda: "one more", units=1)
    look_up = asyncio.create_task(thread.run(lambda: "found", units=1))
    await asyncio.sleep(0)
    waiting.pop().cancel()
    gate.opened.set()

    assert ["done", "found", *["stored"] * len(waiting)] == await asyncio.gather(first, look_up, *waiting)
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


async def test_closing_waits_for_the_job_that_runs_and_refuses_those_that_wait() -> None:
    thread = InferenceThread(wait_limit_s=60)
    gate, first = await held(thread)
    waiting = asyncio.create_task(thread.run(lambda: "never", units=1))
    await asyncio.sleep(0)
    closing = asyncio.create_task(asyncio.to_thread(thread.close))

    with pytest.raises(BackendError, match="shut down"):
        await waiting
    gate.opened.set()
    await closing
    assert await first == "done"


async def test_a_machine_that_gives_no_thread_now_may_give_one_later(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = InferenceThread()

    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refused)
        with pytest.raises(BackendError, match="no thread"):
            await thread.run(lambda: "never", units=1)
    assert await thread.run(lambda: "done", units=1) == "done"
    thread.close()


def test_an_interpreter_that_ends_while_a_model_runs_ends_quietly() -> None:
    program = """
import asyncio
from proxy.backends.embedder_onnx import load_embedder
async def main():
    embedder = load_embedder()
    asyncio.create_task(embedder.embed("word " * 200))
    await asyncio.sleep(0.005)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform != "linux", reason="niceness belongs to a whole process elsewhere")
async def test_models_run_one_step_behind_the_event_loop() -> None:
    thread = InferenceThread()

    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert await thread.run(niceness, units=1) == niceness() + NICE
    thread.close()


async def test_a_few_words_cost_about_as_much_a_unit_as_many_do() -> None:
    """Else short prompts make the expected wait behind a long one look many times what it is, and look-ups are busy."""
    costs = []
    for text in ("hm", "How do I water an orchid in winter? " * 8):
        thread = InferenceThread()
        opened = OnnxEmbedder(read_artefact(BUNDLED, "embedder"), thread)
        for _ in range(60):
            await opened.embed(text)
        costs.append(thread._seconds_per_unit)
        thread.close()

    assert costs[0] < 3.5 * costs[1]


async def test_a_look_up_does_not_wait_for_a_long_job_of_somebody_who_has_time() -> None:
    thread, gate = InferenceThread(wait_limit_s=0.020), Gate()
    with patience():
        long = asyncio.create_task(thread.run(gate, units=100_000))
    await refuses_a_newcomer(thread, gate, long)
