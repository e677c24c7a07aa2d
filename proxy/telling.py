"""Who hears what became of a request: the observers, when its answer is on the wire and what is stored is written."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from proxy.core.conditions import ReportKind
from proxy.core.outcome import Outcome, Result
from proxy.core.reasons import DropReason
from proxy.errors import BadRequest, UpstreamError
from proxy.ports import Clock, Observer


class Audience:
    """All observers. They hear of an outcome when the loop has written all that it can now: together those of one turn
    cost half, and no answer waits for the telling of another. Nobody can ask about it before."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = observers
        self._outcomes: deque[Callable[[], Outcome]] = deque()

    def told(self, outcome: Callable[[], Outcome]) -> None:
        """outcome: gives it, once."""
        if not self._outcomes:
            asyncio.get_running_loop().call_soon(self._tell)
        self._outcomes.append(outcome)

    def reported(self, kind: ReportKind, result: str) -> None:
        """What a report about a hit was answered."""
        for observer in self._observers:
            observer.reported(kind, result)

    def _tell(self) -> None:
        """An observer that fails (a log that nobody reads any more) loses the outcome it failed at, not the others."""
        try:
            while self._outcomes:
                outcome = self._outcomes.popleft()()
                for observer in self._observers:
                    observer.observed(outcome)
        finally:
            if self._outcomes:
                asyncio.get_running_loop().call_soon(self._tell)


class Telling:
    """Of one request, once."""

    def __init__(self, outcome: Outcome, audience: Audience, clock: Clock) -> None:
        self.outcome = outcome
        self._audience = audience
        self._clock = clock
        self._started = clock.monotonic()
        self._awaited = 1

    def written(self) -> None:
        """The answer is on the wire, or the client is gone."""
        self.outcome.total_ms = (self._clock.monotonic() - self._started) * 1000
        self.done()

    def failed(self, failure: BaseException) -> None:
        """There is no answer; what the client is told instead, if he is still there, is the rim's."""
        match failure:
            case UpstreamError() | BadRequest():
                self.outcome.status = failure.status
            case asyncio.CancelledError():
                self.outcome.drop = DropReason.CLIENT_LEFT
            case _:
                self.outcome.status = 500
        self.outcome.result = Result.ERROR
        self.written()

    def wait(self) -> None:
        """One more thing must end first."""
        self._awaited += 1

    def done(self) -> None:
        """One of them has ended."""
        self._awaited -= 1
        if self._awaited == 0:
            self._audience.told(lambda: self.outcome)
