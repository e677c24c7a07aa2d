"""Outcomes and reports from workers to their supervisor: bounded datagrams, never waited for (R38).

Exact hits, which come by the thousand a second and of which nobody there wants more than route and duration, travel
together: one line with all their durations.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import fields
from typing import Any

import orjson

from proxy.core.outcome import SHOWN_MODEL_CHARS, Outcome, Result
from proxy.core.reasons import BypassReason, CacheMode, DropReason, ExactOnlyReason, HitKind, MissReason, Reason
from proxy.ports import Observer

MAX_DATAGRAM_BYTES = 60_000
MAX_LINE_BYTES = 4096
"""Above it an outcome holds text that its client made long; with it a whole batch would not fit into a datagram."""

MAX_PENDING = 1_000
FLUSH_S = 0.1
HITS = "exact_hits_ms"
DURATION_BYTES = 8
_NAMES = tuple(field.name for field in fields(Outcome))


class OutcomeSender:
    """An observer that ships outcomes in batches; what does not fit into the socket is dropped and counted."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._pending: list[bytes] = []
        self._hits: dict[tuple[str, str, str], list[float]] = {}
        self._size = 0
        self._timer: asyncio.TimerHandle | None = None
        self.dropped = 0

    def observed(self, outcome: Outcome) -> None:
        if outcome.hit is HitKind.EXACT and outcome.result is Result.HIT and outcome.total_ms is not None:
            key = (outcome.route, outcome.domain, outcome.mode.value)
            self._hits.setdefault(key, []).append(round(outcome.total_ms, 4))
            self._size += DURATION_BYTES
        else:
            facts = {name: value for name in _NAMES if (value := getattr(outcome, name)) is not None}
            line = orjson.dumps(facts)
            if len(line) > MAX_LINE_BYTES:
                line = orjson.dumps(facts | {"model": outcome.model[:SHOWN_MODEL_CHARS], "extra": {}})
            self._pend(line)
        self._flush_in_time()

    def reported(self, verdict: str, result: str) -> None:
        self._pend(orjson.dumps([verdict, result]))
        self._flush_in_time()

    def _pend(self, line: bytes) -> None:
        self._pending.append(line)
        self._size += len(line) + 1

    def _flush_in_time(self) -> None:
        if self._size > MAX_DATAGRAM_BYTES // 2 or len(self._pending) >= MAX_PENDING:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_S, self.flush)

    def flush(self) -> None:
        """Sends what is pending."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lines, self._pending, self._size = self._pending, [], 0
        count = len(lines) + sum(map(len, self._hits.values()))
        for (route, domain, mode), total_ms in self._hits.items():
            lines.append(orjson.dumps({HITS: total_ms, "route": route, "domain": domain, "mode": mode}))
        self._hits = {}
        if not lines:
            return
        try:
            self._sock.send(b"\n".join(lines))
        except OSError:
            self.dropped += count


class OutcomeReceiver(asyncio.DatagramProtocol):
    """Gives every outcome that arrives to the observers; a line that cannot be read is skipped."""

    def __init__(self, observers: list[Observer]) -> None:
        self._observers = observers

    def datagram_received(self, data: bytes, addr: object) -> None:
        for line in data.split(b"\n"):
            try:
                self._tell(orjson.loads(line))
            except (TypeError, ValueError, KeyError):
                continue

    def _tell(self, facts: Any) -> None:
        """A list is a report, anything else outcomes."""
        if isinstance(facts, list):
            verdict, result = facts
            for observer in self._observers:
                observer.reported(str(verdict), str(result))
            return
        for outcome in decoded(facts):
            for observer in self._observers:
                observer.observed(outcome)


def decoded(facts: Any) -> list[Outcome]:
    """Outcomes from the facts that were sent; raises ValueError, TypeError or KeyError for anything else."""
    if HITS in facts:
        return _hits(**facts)
    facts["mode"] = CacheMode(facts["mode"])
    facts["result"] = Result(facts["result"])
    for name, kind in (("hit", HitKind), ("drop", DropReason)):
        if name in facts:
            facts[name] = kind(facts[name])
    if "reason" in facts:
        facts["reason"] = _REASONS[facts["reason"]]
    return [Outcome(**facts)]


def _hits(exact_hits_ms: list[float], route: str, domain: str, mode: str) -> list[Outcome]:
    """Exact hits of one route, without what only their own worker's log says."""
    kind = CacheMode(mode)
    return [
        Outcome(
            request_id="", started_at=0.0, route=route, domain=domain, mode=kind, result=Result.HIT,
            hit=HitKind.EXACT, status=200, total_ms=float(total_ms),
        )
        for total_ms in exact_hits_ms
    ]  # fmt: skip


_REASONS: dict[str, Reason] = {
    reason.value: reason for kind in (DropReason, BypassReason, ExactOnlyReason, MissReason) for reason in kind
}
