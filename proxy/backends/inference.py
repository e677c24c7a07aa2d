"""The thread that models run in, and who is let in: work is refused at once rather than queued for long (R34)."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import onnxruntime as ort

from proxy.backends.bell import Bell
from proxy.errors import BackendBusy, BackendError, ModelMismatch, ProxyError
from proxy.ports import PATIENT

QUEUE_LIMIT = 16
WAIT_LIMIT_S = 0.020
PATIENT_LIMIT = 64
TURNS = 8
"""While look-ups wait all the time, every so manieth job is a patient one."""

NICE = 1
"""Linux keeps a niceness per thread: an embedding must not keep the loop from answering for a time slice.

Under full load on one core the loop is late by 12 ms (p99) with 1, by 22 with 0 (`bench/soak`). With 5 by 10, but then
nearly every look-up by meaning finds the models busy: hits that need no model must not starve those that do.
"""

FIRST_SECONDS_PER_UNIT = 0.0001
"""A token costs about 60 to 100 µs on one core; measured from the first job on."""

SMOOTHING = 0.1
"""Weight of the newest job in the running mean of seconds per unit."""

SKIP_NORM_FUSION = "SkipLayerNormFusion"
"""Off: the fused operator takes five times as long as an addition and a normalisation (46 for 9 µs in MiniLM)."""

Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class _Job:
    """is_ahead: whether a newcomer waits for it: all look-ups, and of the patient jobs the one that runs."""

    work: Callable[[], object]
    units: int
    is_patient: bool
    done: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    is_ahead: bool = False
    is_begun: bool = False


class InferenceThread:
    """One thread. The embedder and the scorer of a worker share one: there is one core.

    Look-ups first, each kind in the order it came. Who has time (`ports.PATIENT`) waits behind them, but for one job
    in `TURNS`: what is stored is found by the next look-up.
    """

    def __init__(self, *, queue_limit: int = QUEUE_LIMIT, wait_limit_s: float = WAIT_LIMIT_S) -> None:
        self._queue_limit = queue_limit
        self._wait_limit_s = wait_limit_s
        self._bell = Bell()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._urgent: deque[_Job] = deque()
        self._patient: deque[_Job] = deque()
        self._in_a_row = 0
        self._jobs = 0
        self._units = 0
        self._seconds_per_unit = FIRST_SECONDS_PER_UNIT

    async def run(self, work: Callable[[], Result], *, units: int) -> Result:
        """Runs `work` in the thread; `units` (tokens) say how long it may take.

        Raises BackendBusy at once when 16 jobs are in, or when those would keep this one waiting for over 20 ms (for
        who has time: when 64 wait as patiently); BackendError when `work` fails in any way. Cancelling it takes work
        out of the queue that has not begun.
        """
        # No executor: its futures and queue cost as much again as the two switches of thread (50 for 25 µs, and three
        # times that with the caches full of the models' weights).
        loop = asyncio.get_running_loop()
        job = _Job(work, units, PATIENT.get(), loop.create_future(), loop)
        with self._bell:
            self._admit(job)
        self._bell.ring()
        try:
            return cast(Result, await job.done)
        finally:
            if not job.is_begun:
                self._withdraw(job)

    def close(self) -> None:
        """Idempotent; refuses what waits, and waits for the job that runs."""
        with self._bell:
            self._is_closed = True
            waiting = [*self._urgent, *self._patient]
            self._urgent.clear()
            self._patient.clear()
        self._bell.ring()
        for job in waiting:
            _deliver(job, BackendError("inference is shut down"), None)
        if self._thread is not None:
            self._thread.join()
        atexit.unregister(self.close)

    def _admit(self, job: _Job) -> None:
        if self._is_closed:
            raise BackendError("inference is shut down")
        self._start()
        if job.is_patient:
            if len(self._patient) >= PATIENT_LIMIT:
                raise BackendBusy(f"{len(self._patient)} patient jobs before this one")
            self._patient.append(job)
        else:
            wait_s = self._units * self._seconds_per_unit
            if self._jobs >= self._queue_limit or (self._jobs and wait_s > self._wait_limit_s):
                raise BackendBusy(f"{self._jobs} jobs before this one, {wait_s * 1000:.0f} ms to wait")
            self._urgent.append(job)
            self._count(job)

    def _start(self) -> None:
        """With the first job; a machine that gives no thread now may give one later."""
        if self._thread is not None:
            return
        thread = threading.Thread(target=self._loop, name="inference", daemon=True)
        try:
            thread.start()
        except RuntimeError as exc:
            raise BackendError("no thread for inference") from exc
        self._thread = thread
        atexit.register(self.close)  # an interpreter that ends while a model runs aborts

    def _count(self, job: _Job) -> None:
        job.is_ahead = True
        self._jobs += 1
        self._units += job.units

    def _withdraw(self, job: _Job) -> None:
        """Whoever it was for has left before it began."""
        with self._bell:
            queue = self._patient if job.is_patient else self._urgent
            if job in queue:
                queue.remove(job)
                self._leave(job)

    def _leave(self, job: _Job) -> None:
        if job.is_ahead:
            self._jobs -= 1
            self._units -= job.units

    def _next(self) -> _Job | None:
        """The job to do now; None when it is time to stop."""
        with self._bell:
            while not (self._urgent or self._patient):
                if self._is_closed:
                    return None
                self._bell.wait()
            is_patient = bool(self._patient) and (not self._urgent or self._in_a_row >= TURNS - 1)
            job = (self._patient if is_patient else self._urgent).popleft()
            job.is_begun = True
            self._in_a_row = self._in_a_row + 1 if self._patient and not is_patient else 0
            if is_patient:
                self._count(job)
            return job

    def _loop(self) -> None:
        _step_back()
        while job := self._next():
            self._serve(job)
            del job  # its work and what that holds

    def _serve(self, job: _Job) -> None:
        began = time.perf_counter()
        result, failure = None, None
        try:
            result = job.work()
        except ProxyError as known:
            failure = known
        except BaseException as exc:  # noqa: BLE001 - foreign code, in a thread: whatever it raises means "no verdict"
            failure = BackendError(f"inference failed: {type(exc).__name__}")
            failure.__cause__ = exc
        taken = (time.perf_counter() - began) / max(job.units, 1)
        with self._bell:
            self._seconds_per_unit += SMOOTHING * (taken - self._seconds_per_unit)
            self._leave(job)
        _deliver(job, failure, result)


def _deliver(job: _Job, failure: ProxyError | None, result: object) -> None:
    # A loop that was closed meanwhile: nobody waits any more.
    with contextlib.suppress(RuntimeError):
        job.loop.call_soon_threadsafe(_settle, job.done, failure, result)


def _settle(done: asyncio.Future[Any], failure: ProxyError | None, result: object) -> None:
    if done.done():
        return  # its caller has left
    if failure is not None:
        done.set_exception(failure)
    else:
        done.set_result(result)


def _step_back() -> None:
    """The calling thread yields to the event loop where both share a core; elsewhere than on Linux it cannot."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + NICE)


def open_session(model: bytes, where: str) -> ort.InferenceSession:
    """A session with one thread and no spinning; raises ModelMismatch when ONNX Runtime cannot load the bytes."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(
            model, options, providers=["CPUExecutionProvider"], disabled_optimizers=[SKIP_NORM_FUSION]
        )
    except Exception as exc:  # ONNX Runtime raises a dozen unrelated classes
        raise ModelMismatch(
            f"{where}: ONNX Runtime {ort.__version__} cannot load this model ({type(exc).__name__}). "
            "Reinstall the package, or install the onnxruntime version that pyproject.toml names."
        ) from exc
