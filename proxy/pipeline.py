"""The story of one request: plan, look up, serve from memory or forward, remember.

It decides nothing that `core` can decide and touches nothing that a backend touches. Law: original bytes go out,
original bytes come back, and whatever fails on the cache side is a miss with a reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from proxy.collapse import Flight, FlightReader, Flights, Lead
from proxy.control import Control
from proxy.core.answers.adapter import AnswerAdapter, Wanted
from proxy.core.conditions import Conditions, Report, ReportKind, conditions_of
from proxy.core.entry import Form
from proxy.core.hit_id import mint
from proxy.core.outcome import Outcome, Result
from proxy.core.policy import Bypass, domain_for, plan
from proxy.core.reasons import BypassReason, CacheMode, ExactOnlyReason, MissReason
from proxy.core.report import ServedHit
from proxy.core.request import Endpoint, Request, parse_request
from proxy.core.route import Route
from proxy.core.scope import ScopeContext, answer_headers, prompt_digest, scope_of
from proxy.core.tenant import Caller, caller_digest, tenant_of, user_of
from proxy.errors import BackendError, UpstreamError
from proxy.ports import Clock, Observer, ReportAsk, Reports, Upstream, UpstreamCall, UpstreamReply
from proxy.recall import Ask, Found, Missed, Recall
from proxy.remember import Answered, Remember
from proxy.replica import Replica


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One request as it came.

    headers: end-to-end fields only, as they go upstream; all_headers: with what is meant for us. body: the original
    bytes; plain_body: in identity coding, None if that cannot be had. upstream_target: below the base URL.
    """

    method: str
    path: str
    query: str
    headers: Sequence[tuple[bytes, bytes]]
    all_headers: Sequence[tuple[bytes, bytes]]
    upstream_target: str
    body: bytes
    plain_body: bytes | None
    endpoint: Endpoint
    route: Route
    is_trusted: bool = False

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


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
    """A hit: the body whole, and the only headers that it has beside Date and our request id."""

    body: bytes
    content_type: str
    headers: Sequence[tuple[str, str]]
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


@dataclass(slots=True, eq=False)
class _Case:
    """What one request has gathered on its way."""

    call: Call
    outcome: Outcome
    conditions: Conditions
    telling: Telling
    credential: bytes = b""
    report_result: str | None = None
    extra: list[tuple[str, str]] = field(default_factory=list)


class Pipeline:
    """Every cacheable request goes through `answer`."""

    def __init__(
        self,
        *,
        recall: Recall,
        remember: Remember,
        replica: Replica,
        control: Control,
        upstream: Upstream,
        reports: Reports,
        observers: Sequence[Observer],
        adapters: Mapping[str, AnswerAdapter],
        clock: Clock,
    ) -> None:
        self._recall = recall
        self._remember = remember
        self._replica = replica
        self._control = control
        self._upstream = upstream
        self._reports = reports
        self._observers = observers
        self._adapters = adapters
        self._clock = clock
        self._flights = Flights()

    async def answer(self, call: Call) -> Answer:
        """From memory when that is safe, else from the upstream. Raises UpstreamError and BadRequest only."""
        case = self._opened(call)
        ask = await self._asked(case)
        if isinstance(ask, Bypass):
            return await self._bypassed(case, ask)
        if case.conditions.report is not None:
            await self._reported(case, ask, case.conditions.report)
        missed = await self._remembered(case, ask)
        if isinstance(missed, FromMemory):
            return missed
        if case.conditions.only_if_cached and case.call.route.cache is not CacheMode.SHADOW:
            return self._not_stored(case, missed)
        return await self._forwarded(case, ask, missed)

    def _opened(self, call: Call) -> _Case:
        outcome = Outcome(
            request_id=f"req_{secrets.token_hex(16)}",
            started_at=self._clock.now(),
            route=call.route.name,
            endpoint=call.endpoint,
            mode=call.route.cache,
        )
        return _Case(call, outcome, conditions_of(call.all_headers), Telling(outcome, self._observers, self._clock))

    # Plan: may this request be looked up at all, and how far?

    async def _asked(self, case: _Case) -> Ask | Bypass:
        call, conditions = case.call, case.conditions
        body = call.plain_body
        request = BypassReason.UNPARSEABLE if body is None else parse_request(call.endpoint, body)
        domain, is_refused = domain_for(call.route, conditions.domain)
        case.outcome.domain = domain.name
        if is_refused:
            case.outcome.extra["domain"] = MissReason.DOMAIN_REFUSED
        has_cookie = any(name.lower() == b"cookie" for name, _ in call.headers)
        planned = plan(request, call.route, domain, conditions, has_cookie=has_cookie)
        if isinstance(planned, Bypass):
            return planned
        assert isinstance(request, Request)
        case.outcome.streamed = request.stream
        case.outcome.model = request.model
        secret = self._control.secret
        if secret is None:
            return Bypass(BypassReason.STATE_UNAVAILABLE)
        caller = Caller(call.headers, call.query, user_of(request.fields), call.is_trusted)
        upstream = call.route.upstream
        tenant = tenant_of(caller, domain.tenancy, secret, upstream.name)
        if isinstance(tenant, BypassReason):
            return Bypass(tenant)
        case.credential = caller_digest(call.headers, call.query, secret, upstream.name)
        context = ScopeContext(
            tenant=tenant,
            route=call.route.name,
            domain=domain.name,
            generation=self._control.generation(domain.name),
            base_url=upstream.base_url,
            endpoint=call.endpoint,
            target=call.target,
            headers=answer_headers(call.headers, call.route.scope_headers),
        )
        return Ask(
            request=request,
            route=call.route,
            domain=domain,
            adapter=self._adapters[call.endpoint],
            plan=planned,
            scope=scope_of(request, context, domain),
            conditions=conditions,
            tenant=tenant,
            wanted=_wanted(request),
            now=self._clock.now(),
        )

    async def _bypassed(self, case: _Case, bypass: Bypass) -> Forwarded:
        case.outcome.reason = bypass.reason
        case.outcome.extra |= {"field": bypass.detail} if bypass.detail else {}
        reply = await self._sent(case)
        case.outcome.result = Result.BYPASS
        return self._relayed(case, reply, f"equicache; fwd=bypass; detail={bypass.reason}")

    # Look up: a hit leaves here.

    async def _remembered(self, case: _Case, ask: Ask) -> FromMemory | Missed:
        if case.report_result is not None:
            return Missed(MissReason.REFRESH)
        try:
            await self._replica.catch_up()
            entitled = await self._control.is_entitled(
                ask.domain.tenancy, case.credential, ask.route.upstream.name, ask.now
            )
        except BackendError:
            return Missed(MissReason.BACKEND)
        if not entitled:
            return Missed(MissReason.NOT_ENTITLED)
        found = await self._recall.find(ask, case.outcome)
        if isinstance(found, Missed):
            return found
        self._describe(case.outcome, ask, found)
        if ask.route.cache is CacheMode.SHADOW:
            case.outcome.shadow = True
            return Missed(MissReason.REFRESH)
        return self._served(case, ask, found)

    def _describe(self, outcome: Outcome, ask: Ask, found: Found) -> None:
        outcome.hit = found.kind
        outcome.entry_id = found.entry.id.hex()
        outcome.age_s = found.entry.age_s(ask.now)
        outcome.ttl_s = found.entry.ttl_left_s(ask.now)

    def _served(self, case: _Case, ask: Ask, found: Found) -> FromMemory:
        assert self._control.secret is not None
        outcome = case.outcome
        outcome.result = Result.HIT
        outcome.status = 200
        question = ask.scope.question or ""
        digest = prompt_digest(question)
        hit_id = mint(self._control.secret, case.credential, found.entry.id, digest, nonce=secrets.token_bytes(6))
        body = found.template.render(completion_id=ask.adapter.id_prefix + hit_id, created=int(ask.now))
        outcome.body_bytes = len(body)
        headers = [
            ("Content-Type", found.template.content_type),
            ("Age", str(outcome.age_s)),
            ("Cache-Status", f"equicache; hit; ttl={outcome.ttl_s}; detail={found.kind}"),
            ("equicache-id", hit_id),
            ("x-request-id", outcome.request_id),
        ]
        if found.entry.record.openai_version:
            headers.append(("openai-version", found.entry.record.openai_version))
        if found.template.content_type.startswith("text/event-stream"):
            headers.append(("X-Accel-Buffering", "no"))
        self._reports.served(
            ServedHit(
                id=hit_id,
                entry_id=found.entry.id,
                tenant=ask.tenant,
                domain=ask.domain.name,
                kind=found.kind,
                exact_key=ask.scope.exact_key,
                prompt=question,
                prompt_digest=digest,
                stored_prompt=found.entry.prompt or question,
                stored_prompt_digest=found.entry.prompt_digest,
                logit=outcome.logit,
                scorer_digest=self._recall.scorer_digest,
                served_at=ask.now,
            )
        )
        return FromMemory(body, found.template.content_type, [*headers, *_debug(case, ask)], case.telling)

    # Report: a hit that was bad, or good; the request itself always goes to the upstream (R23).

    async def _reported(self, case: _Case, ask: Ask, report: Report) -> None:
        case.report_result = await self._reports.reported(
            ReportAsk(
                is_bad=report.kind is ReportKind.BAD,
                hit_id=report.id,
                reason=report.reason,
                credential=case.credential,
                tenant=ask.tenant,
                exact_key=ask.scope.exact_key,
            )
        )
        case.extra.append(("equicache-report", case.report_result))

    # Forward: one upstream call, shared with identical misses, kept while it flows.

    def _not_stored(self, case: _Case, missed: Missed) -> NotStored:
        case.outcome.result = Result.MISS
        case.outcome.reason = missed.reason
        case.outcome.status = 504
        return NotStored([("x-should-retry", "false"), *case.extra], case.telling)

    async def _forwarded(self, case: _Case, ask: Ask, missed: Missed) -> Forwarded:
        case.outcome.result = Result.MISS
        case.outcome.reason = missed.reason
        status = _miss_status(case.outcome, missed)
        key = _collapse_key(case, ask)
        if key is not None:
            follower = await self._followed(key, ask)
            if follower is not None:
                case.outcome.collapsed = True
                return self._relayed(case, follower, "equicache; fwd=miss; collapsed")
        lead = self._flights.lead(key) if key is not None else None
        try:
            reply = await self._sent(case, ask)
        except BaseException:
            if lead is not None:
                lead.landed()
            raise
        if reply.status != 200:
            if lead is not None:
                lead.landed()
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

    async def _followed(self, key: bytes, ask: Ask) -> FlightReader | None:
        """A share in somebody's call. A JSON body is awaited whole: until then a failed leader costs nobody an answer."""
        follower = await self._flights.joined(key)
        if follower is None or ask.wanted.form is Form.EVENTS:
            return follower
        return follower if await follower.is_whole() else None

    def _landed(self, case: _Case, ask: Ask, missed: Missed, flight: Flight, lead: Lead | None) -> None:
        """The last byte is here, or never will be: remember the answer, off the request's path."""
        body = b"" if flight.is_too_large else flight.body()
        answered = Answered(flight.head, body, flight.is_complete, flight.is_too_large)

        def then() -> None:
            if lead is not None:
                lead.landed()
            self._recall.note(ask)
            case.telling.done()

        self._remember.keep(ask, answered, missed.embedding, case.outcome, then)

    async def _sent(self, case: _Case, ask: Ask | None = None) -> UpstreamReply:
        call, outcome = case.call, case.outcome
        upstream = call.route.upstream
        started = self._clock.monotonic()
        status: int | None = None
        try:
            reply = await self._upstream.send(
                UpstreamCall(upstream.name, call.method, call.upstream_target, call.headers, call.body)
            )
            status = outcome.status = reply.status
        except UpstreamError as failure:
            outcome.result, outcome.status = Result.ERROR, failure.status
            case.telling.written()
            raise
        finally:
            outcome.upstream_ms = (self._clock.monotonic() - started) * 1000
            if ask is not None:
                self._control.note_status(status, ask.domain.tenancy, case.credential, upstream.name, ask.now)
        return reply

    def _relayed(self, case: _Case, reply: UpstreamReply, cache_status: str) -> Forwarded:
        return Forwarded(reply, [("Cache-Status", cache_status), *case.extra], case.telling)


def _wanted(request: Request) -> Wanted:
    return Wanted(
        Form.EVENTS if request.stream else Form.JSON,
        include_usage=request.include_usage,
        include_obfuscation=request.include_obfuscation is not False,
    )


def _miss_status(outcome: Outcome, missed: Missed) -> str:
    """RFC 9211: `request` when the client asked for it, `stale` when only age stood against it (R21)."""
    if outcome.mode is CacheMode.SHADOW:
        return f"equicache; fwd=bypass; detail={'shadow_hit' if outcome.shadow else 'shadow_miss'}"
    match missed.reason:
        case MissReason.REFRESH | MissReason.TOO_OLD:
            return "equicache; fwd=request"
        case MissReason.STALE:
            return "equicache; fwd=stale"
        case MissReason.SCOPE_DIFFERS if outcome.scope_field:
            return f'equicache; fwd=miss; detail="{missed.reason} {outcome.scope_field}"'
        case MissReason() | ExactOnlyReason():
            return f"equicache; fwd=miss; detail={missed.reason}"
        case _ as never:
            assert_never(never)


def _collapse_key(case: _Case, ask: Ask) -> bytes | None:
    """R16: exact key + form + Accept-Encoding; only where equal answers are what the client expects."""
    if ask.route.cache is CacheMode.SHADOW or ask.conditions.no_cache or case.report_result is not None:
        return None
    if ask.request.temperature not in (None, 0):
        return None
    codings = b",".join(value for name, value in case.call.headers if name.lower() == b"accept-encoding")
    form = f"{ask.wanted.form}{ask.wanted.include_usage}{ask.wanted.include_obfuscation}".encode()
    return ask.scope.exact_key + form + codings


def _debug(case: _Case, ask: Ask) -> list[tuple[str, str]]:
    """Distances, for demo and development only: who probes an app must not read them."""
    outcome = case.outcome
    if not ask.route.debug_headers:
        return []
    facts = {"entry": outcome.entry_id, "similarity": outcome.similarity, "probability": outcome.probability,
             "threshold": outcome.threshold}  # fmt: skip
    return [(f"equicache-{name}", str(value)) for name, value in facts.items() if value is not None]

