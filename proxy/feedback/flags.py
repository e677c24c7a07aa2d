"""Bad hits: a report quarantines the pair at once and for good, and becomes a durable label (R17, R23).

A quarantine is keyed by tenant, domain and the digests of both texts in any spelling, so a plain re-store of the same
answer does not lift it. After `quarantine_after` distinct prompts the entry itself is taken out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import assert_never

import structlog

from proxy.core.entry import DIGEST_BYTES, ID_BYTES, Entry
from proxy.core.hit_id import PROMPT_BYTES, HitId, opened
from proxy.core.report import RECORDED, Label, Quarantine, ReportAsk, ServedHit
from proxy.core.spelling import spelling_digest
from proxy.errors import BackendError
from proxy.feedback.quarantined import Quarantined, packed
from proxy.feedback.served_hits import BATCH_S, ServedHits
from proxy.ports import Clock, FeedbackLedger, Publish, Store
from proxy.tasks import ended

log = structlog.get_logger()

SAID_LATE_S = 1.0
"""After so long every worker has written which hits it served, on a slow disk too, unless its backend is away."""

REPORT_S = 2.0
"""So long who reports waits for the store; then his request is forwarded, and the report goes on behind it."""

DropEntry = Callable[[bytes, bytes], Awaitable[None]]
"""(entry id, exact key): takes an entry out of every tier, on every worker."""

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rowless:
    """A hit by meaning of which only the token is left: what it says, and the exact key of the entry."""

    quarantine: Quarantine
    exact_key: bytes


@dataclass(frozen=True, slots=True)
class Unstored:
    """Of what is reported the store has nothing; a process may have it at hand all the same.

    reason: what the reporter is told. entry_id, exact_key: what is known of it, else zeros, which name nothing.
    """

    reason: str
    entry_id: bytes = bytes(ID_BYTES)
    exact_key: bytes = bytes(DIGEST_BYTES)


class Flags:
    """`Reports`: what is said about hits that this or another process served."""

    def __init__(
        self,
        ledger: FeedbackLedger,
        quarantined: Quarantined,
        *,
        secret: Callable[[], bytes | None],
        publish: Publish,
        drop: DropEntry,
        store: Store,
        clock: Clock,
        is_shared: bool,
    ) -> None:
        """is_shared: whether other processes serve hits too, of which this one hears with their next batch."""
        self._ledger = ledger
        self._quarantined = quarantined
        self._secret = secret
        self._publish = publish
        self._drop = drop
        self._store = store
        self._clock = clock
        self._is_shared = is_shared
        self._served = ServedHits(ledger)
        self._reporting: set[asyncio.Task[str]] = set()

    async def load(self) -> None:
        """Reads every quarantine; until it has, the caller must not serve by meaning. Raises BackendError."""
        for item in await self._ledger.quarantines():
            self._quarantined.add(item)

    # Reports.

    def served(self, hit: ServedHit) -> None:
        self._served.add(hit)

    async def reported(self, report: ReportAsk) -> str:
        said_at = self._clock.now()
        reporting = asyncio.get_running_loop().create_task(self._reported(report, said_at), name="report")
        self._reporting.add(reporting)
        reporting.add_done_callback(self._reporting.discard)
        try:
            async with asyncio.timeout(REPORT_S):
                return await asyncio.shield(reporting)
        except TimeoutError:
            return self._failed(report, said_at)

    async def _reported(self, report: ReportAsk, said_at: float) -> str:
        try:
            said = await self._taken(report)
        except BackendError:
            return self._failed(report, said_at)
        except Exception:  # a task's rim: whoever reports gets an answer from the provider all the same
            log.exception("report.failed")
            return self._failed(report, said_at)
        if report.is_bad and (name := self._meant_by(report)) is not None:
            self._quarantined.held.let_go(name, report.hit_id)  # held back since it took too long
        return said

    def _failed(self, report: ReportAsk, said_at: float) -> str:
        """Nobody can say now what the report is about, or let go of it: as much as may be meant is held back."""
        if report.is_bad and (name := self._meant_by(report)) is not None:
            self._quarantined.held.hold(name, lambda: self._heard(report, said_at), report.hit_id)
        return FAILED

    def _meant_by(self, report: ReportAsk) -> bytes | None:
        """The entry's id; without one the exact key, but not of what is everybody's (see `_last_hit`)."""
        secret = self._secret()
        if secret and report.hit_id and (token := opened(secret, report.credential, report.hit_id)):
            return token.entry_id
        return None if report.is_tenant_shared else report.exact_key

    async def _taken(self, report: ReportAsk) -> str:
        hit = await self._hit_of(report)
        waited_s = 0.0
        while self._is_shared and isinstance(hit, Rowless | Unstored) and waited_s < SAID_LATE_S:
            await asyncio.sleep(BATCH_S)
            waited_s += BATCH_S
            hit = await self._hit_of(report)
        match hit:
            case str():
                return f"ignored; reason={hit}"
            case Unstored():
                if report.is_bad:
                    await self._take_out(hit.entry_id, hit.exact_key)
                return f"ignored; reason={hit.reason}"
            case Entry():  # an exact hit: no pair to label, only an answer that somebody does not want again
                if report.is_bad:
                    await self._take_out(hit.id, hit.exact_key)
                return RECORDED
            case Rowless():  # a hit by meaning whose texts are no longer known: nothing to label
                if report.is_bad:
                    await self._hold(hit.quarantine, hit.exact_key)
                return RECORDED
            case ServedHit():
                is_held = self._quarantined.forbids(hit.tenant, hit.domain, hit.prompt, hit.stored_prompt)
                if report.is_bad:
                    await self._hold(self._quarantine_of(hit), hit.exact_key)
                await self._served.write()
                is_new = await self._ledger.record(self._label(hit, report)) or (report.is_bad and not is_held)
                return RECORDED if is_new else "ignored; reason=repeated"
        assert_never(hit)

    async def _heard(self, report: ReportAsk, said_at: float) -> None:
        """What a report means is older than the report, whenever it is heard. Raises BackendError."""
        hit = await self._hit_of(report)
        if not (isinstance(hit, Entry) and hit.created_at > said_at):
            await self._taken(report)

    async def _hit_of(self, report: ReportAsk) -> ServedHit | Entry | Rowless | Unstored | str:
        """The hit by meaning that is reported, or the entry that answered exactly, or why there is neither."""
        secret = self._secret()
        if secret is None:
            return "unavailable"
        if report.hit_id is None:
            return await self._last_hit(report, secret)
        token = opened(secret, report.credential, report.hit_id)
        if token is None:
            return "unknown_id"
        return await self._hit_by(token, report.hit_id)

    async def _hit_by(self, token: HitId, hit_id: str) -> ServedHit | Entry | Rowless | Unstored:
        """The token alone names entry and prompt, so a pair can be held back when the row is gone (R23)."""
        hit = self._served.newest(lambda hit: hit.id == hit_id) or await self._ledger.find_hit(hit_id)
        if hit is not None:
            return hit
        (entry,) = await self._store.get_many([token.entry_id], self._clock.now(), is_use=False)
        if entry is None:
            return Unstored("gone", entry_id=token.entry_id)
        is_exact = token.prompt_digest == entry.prompt_digest[:PROMPT_BYTES].ljust(PROMPT_BYTES, b"\0")
        return entry if is_exact else Rowless(self._quarantine_by(token, entry), entry.exact_key)

    async def _last_hit(self, report: ReportAsk, secret: bytes) -> ServedHit | Entry | Unstored | str:
        """What answered this very request last: once there is an entry of its own, that; before, one by meaning.

        Of a shared tenant's entry nobody can say without an id who got it.
        """
        if report.tenant is None or report.exact_key is None:
            return "no_id"
        asked = (report.tenant, report.exact_key)
        hit = self._served.newest(lambda hit: (hit.tenant, hit.exact_key) == asked) or await self._ledger.last_hit(
            *asked
        )
        is_shared = report.is_tenant_shared
        entry = None if is_shared else await self._store.get_exact(report.exact_key, self._clock.now())
        if entry is not None and (hit is None or entry.created_at >= hit.served_at):
            return entry
        if hit is None or opened(secret, report.credential, hit.id) is None:
            return "no_hit" if is_shared else Unstored("no_hit", exact_key=report.exact_key)
        return hit

    async def _hold(self, item: Quarantine, exact_key: bytes) -> None:
        """Holds here first, so that even a failing disk cannot let it be served again by this process."""
        self._quarantined.add(item)
        await self._ledger.quarantine(item)
        await self._publish("quarantine", packed(item))
        if self._quarantined.is_banned(item.entry_id):
            await self._take_out(item.entry_id, exact_key)

    async def _take_out(self, entry_id: bytes, exact_key: bytes) -> None:
        """Holds here first, so that no failing store can bring it back to this process."""
        self._quarantined.ban(entry_id)
        await self._drop(entry_id, exact_key)

    def _quarantine_by(self, token: HitId, entry: Entry) -> Quarantine:
        return Quarantine(
            tenant=entry.tenant,
            domain=entry.domain,
            prompt_digest=token.prompt_digest,
            stored_prompt_digest=spelling_digest(entry.prompt) if entry.prompt is not None else entry.prompt_digest,
            entry_id=entry.id,
            logit_floor=None,
            scorer_digest="",
            at=self._clock.now(),
        )

    def _quarantine_of(self, hit: ServedHit) -> Quarantine:
        return Quarantine(
            tenant=hit.tenant,
            domain=hit.domain,
            prompt_digest=spelling_digest(hit.prompt),
            stored_prompt_digest=spelling_digest(hit.stored_prompt),
            entry_id=hit.entry_id,
            logit_floor=hit.logit,
            scorer_digest=hit.scorer_digest,
            at=self._clock.now(),
        )

    def _label(self, hit: ServedHit, report: ReportAsk) -> Label:
        return Label(
            hit_id=hit.id,
            a=hit.stored_prompt,
            b=hit.prompt,
            label=0 if report.is_bad else 1,
            domain=hit.domain,
            tenant=hit.tenant,
            reason=report.reason,
            logit=hit.logit,
            scorer_digest=hit.scorer_digest,
            at=self._clock.now(),
        )

    async def drained(self) -> None:
        """Waits for reports and writes what is pending; for shutdown."""
        await ended(self._reporting)
        await self._served.drained()
        await self._quarantined.held.drained()
