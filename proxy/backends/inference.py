"""The thread that models run in, and who is let in: work is refused at once rather than queued for long (R34)."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import onnxruntime as ort

from proxy.errors import BackendBusy, BackendError, ModelMismatch, ProxyError

QUEUE_LIMIT = 16
WAIT_LIMIT_S = 0.020
FIRST_SECONDS_PER_UNIT = 0.0001
"""A token costs about 60 to 100 µs on one core; measured from the first job on."""

SMOOTHING = 0.1
"""Weight of the newest job in the running mean of seconds per unit."""

Result = TypeVar("Result")


class InferenceThread:
    """One thread, first come first served. The embedder and the scorer of a worker share one: there is one core."""

    def __init__(self, *, queue_limit: int = QUEUE_LIMIT, wait_limit_s: float = WAIT_LIMIT_S) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")
        self._queue_limit = queue_limit
        self._wait_limit_s = wait_limit_s
        self._lock = threading.Lock()
        self._jobs = 0
        self._units = 0
        self._seconds_per_unit = FIRST_SECONDS_PER_UNIT

    async def run(self, work: Callable[[], Result], *, units: int) -> Result:
        """Runs `work` in the thread; `units` (tokens) say how long it may take.

        Raises BackendBusy at once when 16 jobs are in, or when those would keep this one waiting for over 20 ms;
        BackendError when `work` fails in any way. Cancelling it takes work out of the queue that has not begun.
        """
        self._admit(units)
        try:
            job = self._pool.submit(self._timed, work, units)
        except RuntimeError as exc:
            self._leave(units)
            raise BackendError("inference is shut down") from exc
        job.add_done_callback(lambda done: self._leave(units))
        try:
            return await asyncio.wrap_future(job)
        except ProxyError:
            raise
        except Exception as exc:  # foreign code: whatever it raises means "no verdict"
            raise BackendError(f"inference failed: {type(exc).__name__}") from exc

    def close(self) -> None:
        """Idempotent; drops queued work and waits for the job that runs."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _admit(self, units: int) -> None:
        with self._lock:
            wait_s = self._units * self._seconds_per_unit
            if self._jobs >= self._queue_limit or (self._jobs and wait_s > self._wait_limit_s):
                raise BackendBusy(f"{self._jobs} jobs before this one, {wait_s * 1000:.0f} ms to wait")
            self._jobs += 1
            self._units += units

    def _leave(self, units: int) -> None:
        with self._lock:
            self._jobs -= 1
            self._units -= units

    def _timed(self, work: Callable[[], Result], units: int) -> Result:
        began = time.perf_counter()
        try:
            return work()
        finally:
            taken = (time.perf_counter() - began) / max(units, 1)
            with self._lock:
                self._seconds_per_unit += SMOOTHING * (taken - self._seconds_per_unit)


def open_session(model: bytes, where: str) -> ort.InferenceSession:
    """A session with one thread and no spinning; raises ModelMismatch when ONNX Runtime cannot load the bytes."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as exc:  # ONNX Runtime raises a dozen unrelated classes
        raise ModelMismatch(
            f"{where}: ONNX Runtime {ort.__version__} cannot load this model ({type(exc).__name__}). "
            "Reinstall the package, or install the onnxruntime version that pyproject.toml names."
        ) from exc
