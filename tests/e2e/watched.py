"""What a running proxy does inside, to be counted and waited for; an embedder that may be busy, in place of its own."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proxy.collapse import FlightReader
from proxy.core.embedding import Embedding
from proxy.errors import BackendBusy
from proxy.ports import PATIENT, Embedder
from tests.e2e.running import Running


class Watched:
    """An embedder that counts, and is busy for its first calls."""

    def __init__(self, real: Embedder, busy: int = 0) -> None:
        self._real = real
        self.busy = busy
        self.calls: Counter[str] = Counter()
        self.patient: list[bool] = []

    @property
    def digest(self) -> str:
        return self._real.digest

    def token_ids(self, text: str) -> NDArray[np.uint16]:
        return self._real.token_ids(text)

    async def embed(self, text: str) -> Embedding:
        if self.busy > 0:
            self.busy -= 1
            raise BackendBusy("full")
        self.calls[text] += 1
        self.patient.append(PATIENT.get())
        return await self._real.embed(text)


def watch(proxy: Running, busy: int = 0) -> Watched:
    models = proxy.app.recall._models
    assert models is not None
    watched = Watched(models.embedder, busy)
    changed = replace(models, embedder=watched)
    proxy.app.recall._models = proxy.app.remember._models = changed
    assert proxy.app.recall.reader is not None
    proxy.app.recall.reader._models = changed
    return watched


def watch_sharing(proxy: Running) -> list[bytes]:
    """Grows with everybody who waits for a share in a call under way."""
    flights = proxy.app.forward.flights
    joined, keys = flights.joined, list[bytes]()

    async def watched(key: bytes) -> FlightReader | None:
        keys.append(key)
        return await joined(key)

    flights.joined = watched  # type: ignore[method-assign]
    return keys


@contextmanager
def calls_counted() -> Iterator[Callable[[], int]]:
    """How many functions of `proxy` were called since."""
    count = 0

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call" and "/proxy/" in frame.f_code.co_filename

    sys.setprofile(note)
    try:
        yield lambda: count
    finally:
        sys.setprofile(None)
