"""Forward: one upstream call, shared with identical misses, relayed as it comes, remembered after its last byte.

It looks nothing up. What goes upstream is what the client sent, and what comes back goes out, byte for byte.
"""

from __future__ import annotations

from proxy.answer import Forwarded
from proxy.ask import Ask
from proxy.case import Case
from proxy.collapse import Flight, FlightReader, Flights, Lead
from proxy.control import Control
from proxy.core.cache_status import miss_status
from proxy.core.entry import Form
from proxy.core.headers import values
from proxy.core.outcome import Result
from proxy.core.policy import Bypass
from proxy.core.reasons import CacheMode
from proxy.core.tenant import caller_digest
from proxy.errors import UpstreamError
from proxy.ports import Clock, Upstream, UpstreamReply
from proxy.prompt_gate import PromptGate
from proxy.recall import Missed, Recall
from proxy.remember import Answered, Remember


class Forward:
    """One process's way upstream. flights: the calls under way that others may join."""

    def __init__(
        self,
        *,
        upstream: Upstream,
        control: Control,
        recall: Recall,
        gate: PromptGate,
        remember: Remember,
        clock: Clock,
    ) -> None:
        self._upstream = upstream
        self._control = control
        self._recall = recall
        self._gate = gate
        self._remember = remember
        self._clock = clock
        self.flights = Flights()

    async def bypassed(self, case: Case, bypass: Bypass) -> Forwarded:
        """Neither shared nor remembered. Raises UpstreamError and BadRequest."""
        reply = await self._sent(case)
        if reply.status == 401:
            self._note_refused(case)
        case.outcome.result = Result.BYPASS
        return _relayed(case, reply, f"equicache; fwd=bypass; detail={bypass.reason}")

    async def missed(self, case: Case, ask: Ask, missed: Missed) -> Forwarded:
        """A share in somebody's call, or one of its own. Raises UpstreamError and BadRequest."""
        case.outcome.result = Result.MISS
        case.outcome.reason = None if case.outcome.shadow else missed.reason  # a shadow hit is no lost one
        status = miss_status(case.outcome, missed.reason)
        key = _collapse_key(case, ask)
        if key is not None:
            follower = await self._followed(key, ask, missed)
            if follower is not None:
                case.outcome.collapsed = True
                return _relayed(case, follower, "equicache; fwd=miss; collapsed")
        lead = self.flights.lead(key) if key is not None else None
        sent = self._recall.precedence.begin()
        try:
            reply = await self._sent(case, ask)
        except BaseException:
            if lead is not None:
                lead.landed()
            raise
        if lead is not None and not self._remember.is_sharable(ask, reply):
            lead.landed()
            lead = None
        if reply.status != 200:
            return _relayed(case, reply, status)
        case.telling.wait()
        flight = Flight(
            reply,
            max_bytes=ask.domain.max_response_bytes,
            on_end=lambda flight: self._landed(case, ask, missed, flight, sent, lead),
        )
        if lead is not None:
            lead.took_off(flight)
        return _relayed(case, flight.join(is_leader=True), status)

    async def _followed(self, key: bytes, ask: Ask, missed: Missed) -> FlightReader | None:
        """A share in somebody's call. A JSON body is awaited whole, so that a failing leader costs nobody an answer.

        What is never stored ("send the mail") is not shared either: each who asks means a call of his own.
        """
        if key not in self.flights or not await self._gate.is_for_others(ask, missed.read):
            return None
        follower = await self.flights.joined(key)
        if follower is None or ask.wanted.form is Form.EVENTS:
            return follower
        return follower if await follower.is_whole() else None

    def _landed(self, case: Case, ask: Ask, missed: Missed, flight: Flight, sent: int, lead: Lead | None) -> None:
        """The last byte is here, or never will be: remember the answer, off the request's path.

        sent: which call it was, see `core/precedence`.
        """
        body = b"" if flight.is_too_large else flight.body()
        answered = Answered(flight.head, body, flight.is_complete, flight.is_too_large, sent)

        def then() -> None:
            if self._remember.is_accepting(flight.head, case.outcome):
                self._note_status(200, case, ask)
            if lead is not None:
                lead.landed(is_stored=bool(case.outcome.stored))
            self._recall.note(ask)
            case.telling.done()

        self._remember.keep(ask, answered, missed.read, case.outcome, then)

    async def _sent(self, case: Case, ask: Ask | None = None) -> UpstreamReply:
        outcome = case.outcome
        started = self._clock.monotonic()
        try:
            reply = await self._upstream.send(case.call.outgoing())
        except UpstreamError:
            self._note_status(None, case, ask)
            raise
        finally:
            outcome.upstream_ms = (self._clock.monotonic() - started) * 1000
        outcome.status = reply.status
        if reply.status != 200:  # what that one says is known at its end
            self._note_status(reply.status, case, ask)
        return reply

    # R12: what the upstream's answers say of a credential.

    def _note_status(self, status: int | None, case: Case, ask: Ask | None) -> None:
        """A client that hangs up, and a request that we refuse, say nothing about the upstream."""
        if ask is not None:
            upstream, now = ask.route.upstream.base_url, case.outcome.started_at
            self._control.note_status(status, ask.domain.tenancy, ask.credential, upstream, now)

    def _note_refused(self, case: Case) -> None:
        """A key that the upstream refuses gets no hits either, whatever it was refused for."""
        call, secret = case.call, self._control.secret
        if secret is not None:
            upstream, now = call.route.upstream, case.outcome.started_at
            credential = caller_digest(call.headers, call.query, secret, upstream.name)
            self._control.note_status(401, call.route.domain.tenancy, credential, upstream.base_url, now)


def _relayed(case: Case, reply: UpstreamReply, cache_status: str) -> Forwarded:
    case.outcome.status = reply.status  # a follower's, too, who sent nothing
    return Forwarded(reply, [("Cache-Status", cache_status), *case.extra], case.telling)


def _collapse_key(case: Case, ask: Ask) -> bytes | None:
    """R16: exact key + form + Accept-Encoding; only where equal answers are what the client expects.

    Whoever may not have hits (R12) shares calls with nobody but himself: with `tenancy: shared` the exact key is
    everybody's, and an answer that the upstream gave to another key is a hit by another name.
    """
    if ask.route.cache is CacheMode.SHADOW or ask.conditions.no_cache or case.report_result is not None:
        return None
    if ask.request.temperature not in (None, 0):
        return None
    if any(count.strip() != b"0" for count in values(case.call.headers, b"x-stainless-retry-count")):
        return None  # an SDK that gave up an attempt: the call it would share may be the very one
    codings = b",".join(values(case.call.headers, b"accept-encoding"))
    form = f"{ask.wanted.form}{ask.wanted.include_usage}{ask.wanted.include_obfuscation}".encode()
    return b"\0".join((ask.scope.exact_key, b"" if case.is_entitled else ask.credential, form, codings))
