"""What the pipeline hands to the web: an answer from memory, a reply to relay, or a 504; and who is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from proxy.core.outcome import Outcome, Result
from proxy.core.reasons import DropReason
from proxy.errors import BadRequest, UpstreamError
from proxy.ports import Clock, Observer, UpstreamReply


class Telling:
    """Tells the observers once: when the answer is on the wire and its write, if any, has ended."""

    def __init__(self, outcome: Outcome, observers: Sequence[Observer], clock: Clock) -> None:
        self.outcome = outcome
        self._observers = observers
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
            for observer in self._observers:
                observer.observed(self.outcome)


@dataclass(frozen=True, slots=True, eq=False)
class FromMemory:
    """A hit, whole. fields: its header lines but for Date and framing."""

    fields: bytes
    body: bytes
    is_stream: bool
    telling: Telling


@dataclass(frozen=True, slots=True, eq=False)
class Forwarded:
    """The upstream's response, to be relayed byte for byte; headers: ours, to be added."""

    reply: UpstreamReply
    headers: Sequence[tuple[str, str]]
    telling: Telling


@dataclass(frozen=True, slots=True, eq=False)
class NotStored:
    """`only-if-cached` and nothing to serve: 504 (RFC 9111 §5.2.1.7)."""

    headers: Sequence[tuple[str, str]]
    telling: Telling


Answer = FromMemory | Forwarded | NotStored
