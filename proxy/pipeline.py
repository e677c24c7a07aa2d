"""The story of one request: plan, look up, serve from memory or forward; what becomes of a miss stands in `forward`.

It decides nothing that `core` can decide and touches nothing that a backend touches. Law: original bytes go out,
original bytes come back, and whatever fails on the cache side is a miss with a reason.
"""

from __future__ import annotations

import structlog

from proxy.answer import Answer, Forwarded, FromMemory, NotStored
from proxy.ask import Ask, Asker
from proxy.call import Call
from proxy.case import Case
from proxy.control import Control
from proxy.core.cache_status import debug_lines, hit_lines
from proxy.core.conditions import Report, ReportKind, conditions_of
from proxy.core.hit_id import NONCE_BYTES, mint
from proxy.core.outcome import Outcome, Result
from proxy.core.policy import Bypass
from proxy.core.reasons import BypassReason, CacheMode, HitKind, MissReason, Reason
from proxy.core.report import ReportAsk, ServedHit
from proxy.core.route import TenancyKind
from proxy.core.spelling import spelling_digest
from proxy.core.sse import CONTENT_TYPE as EVENTS
from proxy.core.tenant import caller_digest
from proxy.errors import BackendError
from proxy.forward import Forward
from proxy.ports import Clock, Reports
from proxy.random_bytes import random_bytes
from proxy.recall import Found, Missed, Recall
from proxy.replica import Replica
from proxy.telling import Audience, Telling

log = structlog.get_logger()

MALFORMED = "ignored; reason=malformed"
"""Of a report that nobody can read; whoever sent it does not want the answer that memory has."""


class Pipeline:
    """Every cacheable request goes through `answer`."""

    def __init__(
        self,
        *,
        recall: Recall,
        forward: Forward,
        replica: Replica,
        control: Control,
        reports: Reports,
        audience: Audience,
        asker: Asker,
        clock: Clock,
    ) -> None:
        self._recall = recall
        self._forward = forward
        self._replica = replica
        self._control = control
        self._reports = reports
        self._audience = audience
        self._asker = asker
        self._clock = clock

    async def answer(self, call: Call) -> Answer:
        """From memory when that is safe, else from the upstream. Raises UpstreamError and BadRequest only."""
        case = self._opened(call)
        try:
            return await self._answered(case)
        except BaseException as failure:
            case.telling.failed(failure)
            raise

    async def _answered(self, case: Case) -> Answer:
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
        return await self._forward.missed(case, ask, missed)

    def _opened(self, call: Call) -> Case:
        outcome = Outcome(
            request_id=f"req_{random_bytes(16).hex()}",
            started_at=self._clock.now(),
            route=call.route.name,
            endpoint=call.endpoint,
            mode=call.route.cache,
        )
        return Case(call, outcome, Telling(outcome, self._audience, self._clock))

    # Plan: may this request be looked up at all, and how far?

    async def _planned(self, case: Case) -> Ask | Bypass:
        if case.call.barred is not None:
            return Bypass(case.call.barred)
        try:
            ask, case.key = await self._asker.asked(case.call)
        except Exception:  # a rim, as in `_remembered`: no memory, no thread to read a long body in
            log.exception("plan.failed", route=case.call.route.name)
            return Bypass(BypassReason.UNPARSEABLE)
        if isinstance(ask, Ask):
            outcome = case.outcome
            outcome.domain = ask.domain.name
            outcome.streamed = ask.request.stream
            outcome.model = ask.request.model
            if ask.is_domain_refused:
                outcome.extra[MissReason.DOMAIN_REFUSED.value] = ask.conditions.domain or ""
        return ask

    async def _bypassed(self, case: Case, bypass: Bypass) -> Forwarded | NotStored:
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
        return await self._forward.bypassed(case, bypass)

    # Look up: a hit leaves here.

    async def _remembered(self, case: Case, ask: Ask) -> FromMemory | Missed:
        """The third rim, beside the listener's and the background tasks': a fault of the cache costs a hit only."""
        try:
            return await self._looked_up(case, ask)
        except Exception:
            log.exception("recall.failed", route=ask.route.name)
            case.outcome.hit = None
            return Missed(MissReason.BACKEND)

    async def _looked_up(self, case: Case, ask: Ask) -> FromMemory | Missed:
        if case.report_result is not None:
            return Missed(MissReason.REPORTED)
        try:
            await self._replica.catch_up()
            entitled = await self._control.is_entitled(
                ask.domain.tenancy, ask.credential, ask.route.upstream.base_url, case.outcome.started_at
            )
        except BackendError:
            return Missed(MissReason.BACKEND)
        if not ask.is_of(self._control):
            return Missed(MissReason.GONE)  # flushed by another worker, or renamed: these keys lead to nothing now
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

    def _served(self, case: Case, ask: Ask, found: Found) -> FromMemory:
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
        content_type, record = found.template.content_type, found.entry.record
        lines = hit_lines(content_type, found.kind, record.openai_version, record.cors)
        fields = lines % (outcome.age_s, outcome.ttl_s, hit_id.encode(), outcome.request_id.encode())
        if not is_exact:
            self._note(ask, found, outcome, hit_id)
        fields += debug_lines(outcome) if ask.route.debug_headers else b""
        return FromMemory(fields, body, content_type.startswith(EVENTS), case.telling)

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

    def _not_stored(self, case: Case, result: Result, reason: Reason) -> NotStored:
        case.outcome.result = result
        case.outcome.reason = reason
        case.outcome.status = 504
        return NotStored([("x-should-retry", "false"), *case.extra], case.telling)

    # Report: a hit that was bad, or good; the request itself always goes to the upstream (R23).

    async def _reported(self, case: Case, report: Report, credential: bytes, ask: Ask | None = None) -> None:
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
        self._audience.reported(report.kind, result)

    def _report_answered(self, case: Case, result: str) -> None:
        case.report_result = result
        case.extra.append(("equicache-report", result))
