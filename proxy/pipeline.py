"""The story of one request: plan, look up, serve from memory or forward, remember.

It decides nothing that `core` can decide and touches nothing that a backend touches. Law: original bytes go out,
original bytes come back, and whatever fails on the cache side is a miss with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from proxy.answer import Answer, Forwarded, FromMemory, NotStored, Telling
from proxy.ask import Ask, Asker, Call
from proxy.collapse import Flight, FlightReader, Flights, Lead
from proxy.control import Control
from proxy.core.cache_status import debug_fields, hit_fields, miss_status
from proxy.core.conditions import Report, ReportKind, conditions_of
from proxy.core.entry import Form
from proxy.core.headers import values
from proxy.core.hit_id import NONCE_BYTES, mint
from proxy.core.outcome import Outcome, Result
from proxy.core.policy import Bypass
from proxy.core.reasons import CacheMode, HitKind, MissReason, Reason
from proxy.core.report import ServedHit
from proxy.core.route import TenancyKind
from proxy.core.spelling import spelling_digest
from proxy.core.tenant import caller_digest
from proxy.errors import BackendError, UpstreamError
from proxy.ports import Clock, Observer, ReportAsk, Reports, Upstream, UpstreamReply
from proxy.prompt_gate import PromptGate
from proxy.random_bytes import random_bytes
from proxy.recall import Found, Missed, Recall
from proxy.remember import Answered, Remember
from proxy.replica import Replica

log = structlog.get_logger()

MALFORMED = "ignored; reason=malformed"
"""Of a report that nobody can read; whoever sent it does not want the answer that memory has."""


@dataclass(slots=True, eq=False)
class _Case:
    """What one request has gathered on its way. sent: which call it became, see `core/precedence`."""

    call: Call
    outcome: Outcome
    telling: Telling
    key: bytes = b""
    is_entitled: bool = False
    report_result: str | None = None
    sent: int = 0
    extra: list[tuple[str, str]] = field(default_factory=list)


class Pipeline:
    """Every cacheable request goes through `answer`."""

    def __init__(
        self,
        *,
        recall: Recall,
        gate: PromptGate,
        remember: Remember,
        replica: Replica,
        control: Control,
        upstream: Upstream,
        reports: Reports,
        observers: Sequence[Observer],
        asker: Asker,
        clock: Clock,
    ) -> None:
        self._recall = recall
        self._gate = gate
        self._remember = remember
        self._replica = replica
        self._control = control
        self._upstream = upstream
        self._reports = reports
        self._observers = observers
        self._asker = asker
        self._clock = clock
        self._flights = Flights()

    async def answer(self, call: Call) -> Answer:
        """From memory when that is safe, else from the upstream. Raises UpstreamError and BadRequest only."""
        case = self._opened(call)
        try:
            return await self._answered(case)
        except BaseException as failure:
            case.telling.failed(failure)
            raise

    async def _answered(self, case: _Case) -> Answer:
        ask = await self._planned(case)
        if isinstance(ask, Bypass):
            return await self._bypassed(case, ask)
        if ask.conditions.report is not None:
            await self._reported(case, ask.conditions.report, ask.credential, ask)
        elif ask.conditions.is_report_malformed:
            self._report_answered(case, MALFORMED)
        missed = await self._remembered(case, ask)
        if isinstance(missed, FromMemory):
            return missed
        if ask.conditions.only_if_cached and case.call.route.cache is not CacheMode.SHADOW:
            return self._not_stored(case, Result.MISS, missed.reason)
        return await self._forwarded(case, ask, missed)

    def _opened(self, call: Call) -> _Case:
        outcome = Outcome(
            request_id=f"req_{random_bytes(16).hex()}",
            started_at=self._clock.now(),
            route=call.route.name,
            endpoint=call.endpoint,
            mode=call.route.cache,
        )
        return _Case(call, outcome, Telling(outcome, self._observers, self._clock))

    # Plan: may this request be looked up at all, and how far?

    async def _planned(self, case: _Case) -> Ask | Bypass:
        if case.call.barred is not None:
            return Bypass(case.call.barred)
        ask, case.key = await self._asker.asked(case.call)
        if isinstance(ask, Ask):
            outcome = case.outcome
            outcome.domain = ask.domain.name
            outcome.streamed = ask.request.stream
            outcome.model = ask.request.model
            if ask.is_domain_refused:
                outcome.extra[MissReason.DOMAIN_REFUSED.value] = ask.conditions.domain or ""
        return ask

    async def _bypassed(self, case: _Case, bypass: Bypass) -> Forwarded | NotStored:
        case.outcome.reason = bypass.reason
        conditions = conditions_of(case.call.headers)
        secret = self._control.secret
        if conditions.report is not None and conditions.report.id is not None and secret is not None:
            credential = caller_digest(case.call.headers, case.call.query, secret, case.call.route.upstream.name)
            await self._reported(case, conditions.report, credential)
        elif conditions.report is not None or conditions.is_report_malformed:
            self._report_answered(case, MALFORMED if conditions.report is None else "ignored; reason=bypass")
        case.outcome.extra |= {"field": bypass.detail} if bypass.detail else {}
        if conditions.only_if_cached and case.call.route.cache in (CacheMode.EXACT, CacheMode.SEMANTIC):
            return self._not_stored(case, Result.BYPASS, bypass.reason)
        reply = await self._sent(case)
        if reply.status == 401:
            self._note_refused(case)
        case.outcome.result = Result.BYPASS
        return self._relayed(case, reply, f"equicache; fwd=bypass; detail={bypass.reason}")

    def _note_refused(self, case: _Case) -> None:
        """R12: a key that the upstream refuses gets no hits either, whatever it was refused for."""
        call, secret = case.call, self._control.secret
        if secret is not None:
            upstream, now = call.route.upstream, case.outcome.started_at
            credential = caller_digest(call.headers, call.query, secret, upstream.name)
            self._control.note_status(401, call.route.domain.tenancy, credential, upstream.base_url, now)

    # Look up: a hit leaves here.

    async def _remembered(self, case: _Case, ask: Ask) -> FromMemory | Missed:
        """The third rim, beside the listener's and the background tasks': a fault of the cache costs a hit only."""
        try:
            return await self._looked_up(case, ask)
        except Exception:
            log.exception("recall.failed", route=ask.route.name)
            case.outcome.hit = None
            return Missed(MissReason.BACKEND)

    async def _looked_up(self, case: _Case, ask: Ask) -> FromMemory | Missed:
        if case.report_result is not None:
            return Missed(MissReason.REPORTED)
        try:
            await self._replica.catch_up()
            entitled = await self._control.is_entitled(
                ask.domain.tenancy, ask.credential, ask.route.upstream.base_url, case.outcome.started_at
            )
        except BackendError:
            return Missed(MissReason.BACKEND)
        if ask.generation != self._control.generation(ask.domain.name):
            return Missed(MissReason.GONE)  # flushed by another worker: these keys lead to what was forgotten
        if not entitled:
            return Missed(MissReason.NOT_ENTITLED)
        case.is_entitled = True
        found = await self._recall.find(ask, case.outcome.started_at, case.outcome)
        if isinstance(found, Missed):
            return found
        self._describe(case.outcome, found)
        if ask.route.cache is CacheMode.SHADOW:
            case.outcome.shadow = True
            return Missed(MissReason.REFRESH)
        return self._served(case, ask, found)

    def _describe(self, outcome: Outcome, found: Found) -> None:
        outcome.hit = found.kind
        outcome.entry_id = found.entry.id.hex()
        outcome.age_s = found.entry.age_s(outcome.started_at)
        outcome.ttl_s = found.entry.ttl_left_s(outcome.started_at)

    def _served(self, case: _Case, ask: Ask, found: Found) -> FromMemory:
        if found.kind is HitKind.EXACT:
            self._asker.keep(case.key, ask)
        assert self._control.secret is not None
        outcome = case.outcome
        outcome.result = Result.HIT
        outcome.status = 200
        is_exact = found.kind is HitKind.EXACT
        digest = found.entry.prompt_digest if is_exact else spelling_digest(ask.scope.question or "")
        hit_id = mint(self._control.secret, ask.credential, found.entry.id, digest, nonce=random_bytes(NONCE_BYTES))
        body = found.template.render(token=hit_id, created=int(outcome.started_at))
        outcome.body_bytes = len(body)
        content_type = found.template.content_type
        fields = hit_fields(outcome, content_type=content_type, hit_id=hit_id, record=found.entry.record)
        if not is_exact:
            self._note(ask, found, outcome, hit_id)
        fields += debug_fields(outcome) if ask.route.debug_headers else []
        return FromMemory(body, content_type, fields, case.telling)

    def _note(self, ask: Ask, found: Found, outcome: Outcome, hit_id: str) -> None:
        """Hits by meaning are kept for a report; an exact one needs no row: its id names the entry (R23)."""
        question = ask.scope.question or ""
        stored = found.entry.prompt or question
        self._reports.served(
            ServedHit(
                id=hit_id,
                entry_id=found.entry.id,
                tenant=ask.tenant,
                domain=ask.domain.name,
                kind=found.kind,
                exact_key=ask.scope.exact_key,
                prompt=question,
                prompt_digest=spelling_digest(question),
                stored_prompt=stored,
                stored_prompt_digest=spelling_digest(stored),
                logit=outcome.logit,
                scorer_digest=self._recall.scorer_digest,
                served_at=outcome.started_at,
            )
        )

    # Report: a hit that was bad, or good; the request itself always goes to the upstream (R23).

    async def _reported(self, case: _Case, report: Report, credential: bytes, ask: Ask | None = None) -> None:
        """ask: what else the request says, for a report without an id."""
        result = await self._reports.reported(
            ReportAsk(
                is_bad=report.kind is ReportKind.BAD,
                hit_id=report.id,
                reason=report.reason,
                credential=credential,
                tenant=ask.tenant if ask else None,
                exact_key=ask.scope.exact_key if ask else None,
                is_tenant_shared=ask is not None and ask.domain.tenancy.kind is TenancyKind.SHARED,
            )
        )
        self._report_answered(case, result)
        for observer in self._observers:
            observer.reported(report.kind, result)

    def _report_answered(self, case: _Case, result: str) -> None:
        case.report_result = result
        case.extra.append(("equicache-report", result))

    # Forward: one upstream call, shared with identical misses, kept while it flows.

    def _not_stored(self, case: _Case, result: Result, reason: Reason) -> NotStored:
        case.outcome.result = result
        case.outcome.reason = reason
        case.outcome.status = 504
        return NotStored([("x-should-retry", "false"), *case.extra], case.telling)

    async def _forwarded(self, case: _Case, ask: Ask, missed: Missed) -> Forwarded:
        case.outcome.result = Result.MISS
        case.outcome.reason = None if case.outcome.shadow else missed.reason  # a shadow hit is no lost one
        status = miss_status(case.outcome, missed.reason)
        key = _collapse_key(case, ask)
        if key is not None:
            follower = await self._followed(key, ask, missed)
            if follower is not None:
                case.outcome.collapsed = True
                return self._relayed(case, follower, "equicache; fwd=miss; collapsed")
        lead = self._flights.lead(key) if key is not None else None
        case.sent = self._recall.precedence.begin()
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
            return self._relayed(case, reply, status)
        case.telling.wait()
        flight = Flight(
            reply,
            max_bytes=ask.domain.max_response_bytes,
            on_end=lambda flight: self._landed(case, ask, missed, flight, lead),
        )
        if lead is not None:
            lead.took_off(flight)
        return self._relayed(case, flight.join(is_leader=True), status)

    async def _followed(self, key: bytes, ask: Ask, missed: Missed) -> FlightReader | None:
        """A share in somebody's call. A JSON body is awaited whole, so that a failing leader costs nobody an answer.

        What is never stored ("send the mail") is not shared either: each who asks means a call of his own.
        """
        if key not in self._flights or not await self._gate.is_for_others(ask, missed.read):
            return None
        follower = await self._flights.joined(key)
        if follower is None or ask.wanted.form is Form.EVENTS:
            return follower
        return follower if await follower.is_whole() else None

    def _landed(self, case: _Case, ask: Ask, missed: Missed, flight: Flight, lead: Lead | None) -> None:
        """The last byte is here, or never will be: remember the answer, off the request's path."""
        body = b"" if flight.is_too_large else flight.body()
        answered = Answered(flight.head, body, flight.is_complete, flight.is_too_large, case.sent)

        def then() -> None:
            if lead is not None:
                lead.landed(is_stored=bool(case.outcome.stored))
            self._recall.note(ask)
            case.telling.done()

        self._remember.keep(ask, answered, missed.read, case.outcome, then)

    async def _sent(self, case: _Case, ask: Ask | None = None) -> UpstreamReply:
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
        self._note_status(reply.status, case, ask)
        return reply

    def _note_status(self, status: int | None, case: _Case, ask: Ask | None) -> None:
        """R12; a client that hangs up, and a request that we refuse, say nothing about the upstream."""
        if ask is not None:
            upstream, now = ask.route.upstream.base_url, case.outcome.started_at
            self._control.note_status(status, ask.domain.tenancy, ask.credential, upstream, now)

    def _relayed(self, case: _Case, reply: UpstreamReply, cache_status: str) -> Forwarded:
        case.outcome.status = reply.status  # a follower's, too, who sent nothing
        return Forwarded(reply, [("Cache-Status", cache_status), *case.extra], case.telling)


def _collapse_key(case: _Case, ask: Ask) -> bytes | None:
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
