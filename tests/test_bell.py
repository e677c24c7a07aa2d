"""A sleeper misses nothing that is rung for, on an eventfd and on a pipe, and leaves no file open behind."""

from __future__ import annotations

import gc
import os
import threading
from collections import deque
from pathlib import Path

import pytest

from proxy.backends.bell import Bell

JOBS, RINGERS = 2_000, 4


@pytest.fixture(params=["eventfd", "pipe"])
def bell(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Bell:
    if request.param == "pipe":
        monkeypatch.delattr(os, "eventfd", raising=False)
    elif not hasattr(os, "eventfd"):
        pytest.skip("this system has no eventfd")
    return Bell()


def test_every_job_of_every_ringer_is_taken(bell: Bell) -> None:
    jobs: deque[int] = deque()
    taken: list[int] = []

    def sleeper() -> None:
        while len(taken) < JOBS * RINGERS:
            with bell:
                while not jobs:
                    bell.wait()
                taken.append(jobs.popleft())

    def ringer(first: int) -> None:
        for number in range(first, first + JOBS):
            with bell:
                jobs.append(number)
            bell.ring()

    threads = [threading.Thread(target=sleeper, daemon=True)]
    threads += [threading.Thread(target=ringer, args=(JOBS * turn,)) for turn in range(RINGERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == list(range(JOBS * RINGERS))


def test_ringing_before_anybody_sleeps_keeps_nobody_awake(bell: Bell) -> None:
    """Where none waits nothing is written: a thousand jobs of a busy thread must not fill a pipe."""
    for _ in range(100_000):
        bell.ring()
    woken = threading.Event()

    def sleeper() -> None:
        with bell:
            bell.wait()
        woken.set()

    thread = threading.Thread(target=sleeper, daemon=True)
    thread.start()
    while not woken.is_set():
        bell.ring()
        woken.wait(0.01)
    thread.join(10)
    assert not thread.is_alive()


def test_the_lock_is_given_back_after_a_failure(bell: Bell) -> None:
    with pytest.raises(ZeroDivisionError), bell:
        raise ZeroDivisionError
    with bell:
        pass


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are only listed under Linux")
def test_its_files_are_closed_with_it() -> None:
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    bells = [Bell() for _ in range(20)]
    assert len(os.listdir("/proc/self/fd")) > before
    del bells
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before
