"""Recall: may this request be answered from memory? The exact tier first, then meaning.

Reads memory and never writes it. Whatever goes wrong here is a miss with a reason (fail open for the request,
closed for the hit).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxy.ask import Ask
from proxy.candidates import Candidates, stored_prompt
from proxy.core import verdict
from proxy.core.admission import cheap_refusal
from proxy.core.embedding import Prompt
from proxy.core.entry import Candidate, Entry
from proxy.core.guards import pair_veto
from proxy.core.lru import SegmentedLru
from proxy.core.outcome import Outcome
from proxy.core.policy import ExactOnly
from proxy.core.precedence import Precedence
from proxy.core.reasons import ExactOnlyReason, HitKind, MissReason
from proxy.core.scope import diff_fields, prompt_digest
from proxy.core.template import Template
from proxy.errors import BackendBusy, BackendError
from proxy.kept import Kept, KeptByKey, unfit
from proxy.learned import Models
from proxy.ports import Clock, Index, Quarantines, Store, Thresholds
from proxy.reading import Read, Reader

LRU_BYTES = 64 * 1024 * 1024
ELSEWHERE_KEYS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An entry that may be served, ready in the wanted form."""

    entry: Entry
    kind: HitKind
    template: Template


@dataclass(frozen=True, slots=True, eq=False)
class Missed:
    """Nothing to serve. read: the question, as far as it was read on the way."""

    reason: MissReason | ExactOnlyReason
    read: Read | None = None


class Recall:
    """The two look-ups over one store, one index and one set of models."""

    def __init__(
        self,
        *,
        store: Store,
        index: Index,
        models: Models | None,
        thresholds: Thresholds,
        quarantines: Quarantines,
        semantic_off: Callable[[], ExactOnlyReason | None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._index = index
        self._models = models
        self._thresholds = thresholds
        self._quarantines = quarantines
        self._semantic_off = semantic_off
        self._clock = clock
        self.recent = KeptByKey(LRU_BYTES)
        self.forgotten = 0
        self.precedence = Precedence()
        self._elsewhere: SegmentedLru[bytes, tuple[bytes, Mapping[str, bytes]]] = SegmentedLru(
            ELSEWHERE_KEYS, lambda _: 1
        )
        self.reader = Reader(models) if models is not None else None
        self.candidates = Candidates(store, quarantines, models.embedder.digest) if models is not None else None

    @property
    def scorer_digest(self) -> str:
        """Digest of the scorer whose logits are seen here; empty without one."""
        return self._models.scorer.digest if self._models else ""

    async def find(self, ask: Ask, now: float, outcome: Outcome) -> Found | Missed:
        """The one look-up of a request; fills the outcome's facts on the way."""
        if ask.conditions.no_cache:
            return Missed(MissReason.REFRESH)
        exact = await self._exact(ask, now)
        if isinstance(exact, Found):
            return exact
        try:
            found = await self._by_meaning(ask, now, outcome)
        except BackendBusy:
            return Missed(MissReason.BUSY)
        except BackendError:
            return Missed(MissReason.BACKEND)
        if isinstance(found, Found) or exact.reason is MissReason.NO_CANDIDATE:
            return found
        return Missed(exact.reason, found.read)  # why the answer to this very request is none says more

    # The exact tier: the same canonical request in the same tenant and domain is served, never scored.

    async def _exact(self, ask: Ask, now: float) -> Found | Missed:
        key = ask.scope.exact_key
        recent = self.recent.get(key)
        if recent is None:
            forgotten = self.forgotten
            try:
                entry = await self._store.get_exact(key, now)
            except BackendError:
                return Missed(MissReason.BACKEND)
            if entry is None:
                return Missed(MissReason.NO_CANDIDATE)
            recent = self.recent.get(key) or self.at_hand_from_now(entry.living_for(ask.domain.ttl_s), forgotten)
        else:
            recent.used(self._store, now)
        template = await recent.template(ask, is_semantic=False)
        if reason := unfit(recent.entry, ask, self._quarantines, now):  # last: it may have been reported meanwhile
            if reason is not MissReason.TOO_OLD:
                self.recent.pop(key)
            return Missed(reason)
        if template is None:
            return Missed(MissReason.FORM)
        return Found(recent.entry, HitKind.EXACT, template)

    def at_hand_from_now(self, entry: Entry, forgotten: int) -> Kept:
        """Keeps an entry unless any was forgotten since `forgotten` was read: it may have been this one."""
        recent = Kept(entry)
        if forgotten == self.forgotten:
            self.recent.put(entry.exact_key, recent)
        return recent

    def forget(self, exact_key: bytes, ids: Sequence[bytes] = ()) -> None:
        """Lets go of what answers this key, and of these entries; what is on its way to this key comes too late.

        To be called after the store has: a look-up may be under way.
        """
        self.precedence.withdraw(exact_key)
        self.forget_replaced(exact_key)
        self.forget_entries(ids)

    def forget_replaced(self, exact_key: bytes) -> None:
        """Lets go of what answers this key: the store has another answer."""
        self.forgotten += 1
        self.recent.pop(exact_key)

    def forget_entries(self, ids: Sequence[bytes]) -> None:
        """Lets go of entries that have left the store, in both tiers."""
        self.forgotten += 1
        self.recent.pop_ids(ids)
        if self.candidates is not None:
            self.candidates.forget(ids)

    def clear(self) -> None:
        """Lets go of everything that is kept in front of the store, and of what is being looked up for it."""
        self.forgotten += 1
        self.recent.clear()
        if self.candidates is not None:
            self.candidates.clear()

    def at_hand(self, ask: Ask, now: float, *, at_most: int) -> Found | None:
        """The exact hit that can be had without waiting, of at most so many bytes; None says nothing about others."""
        recent = self.recent.get(ask.scope.exact_key)
        if recent is None or unfit(recent.entry, ask, self._quarantines, now) is not None:
            return None
        template = recent.templates.get(ask.wanted)
        if template is None or template.size_bytes > at_most:
            return None
        recent.used(self._store, now)
        return Found(recent.entry, HitKind.EXACT, template)

    # Meaning: candidates in the same scope, guards, scorer, threshold.

    async def _by_meaning(self, ask: Ask, now: float, outcome: Outcome) -> Found | Missed:
        if isinstance(ask.plan, ExactOnly):
            return Missed(ask.plan.reason)
        question = ask.scope.question
        if question is None:
            return Missed(ask.scope.question_reason or ExactOnlyReason.EMPTY)
        if off := self._semantic_off():
            return Missed(off)
        if self.reader is None or self.candidates is None:
            return Missed(ExactOnlyReason.SEMANTIC_OFF)
        read = self.reader.read(ask.tenant, question)
        if refusal := cheap_refusal(read.words, ask.domain):
            return Missed(refusal, read)
        started = self._clock.monotonic()
        embedding = await self.reader.embedded(read)
        outcome.embed_ms = (self._clock.monotonic() - started) * 1000
        if refusal := self.reader.refusal(read, ask.domain):
            return Missed(refusal, read)
        prompt = Prompt(question, embedding)
        started = self._clock.monotonic()
        neighbours = await self._index.search(ask.scope.digest, embedding.vector, ask.domain.candidates * 2)
        outcome.search_ms = (self._clock.monotonic() - started) * 1000
        if not neighbours:
            return Missed(self._elsewhere_or_nowhere(ask, question, outcome), read)
        outcome.similarity = neighbours[0].similarity
        near = [n for n in neighbours if n.similarity >= ask.domain.similarity_floor]
        if not near:
            return Missed(MissReason.BELOW_FLOOR, read)
        if await self.reader.is_payload(ask.request, ask.scope):
            return Missed(ExactOnlyReason.PAYLOAD_TURN, read)
        live, reason = await self.candidates.live(ask, question, near, now)
        if not live:
            return Missed(reason or MissReason.NO_CANDIDATE, read)
        decided = await self._decide(ask, prompt, live, outcome)
        return decided if isinstance(decided, Found) else Missed(decided, read)

    async def _decide(self, ask: Ask, prompt: Prompt, live: list[Candidate], outcome: Outcome) -> Found | MissReason:
        for candidate in live:
            if candidate.entry.prompt == prompt.text:  # equal text in an equal masked scope (R2)
                return await self._served(ask, candidate, HitKind.MASKED, outcome)
        chosen = await self._scored(ask, prompt, live, outcome)
        if isinstance(chosen, MissReason):
            return chosen
        return await self._served(ask, chosen, HitKind.SEMANTIC, outcome)

    async def _scored(
        self, ask: Ask, prompt: Prompt, live: list[Candidate], outcome: Outcome
    ) -> Candidate | MissReason:
        """The nearest that no guard forbids, alone; only if it does not suffice, the others together.

        Four of five hits need one scoring; on three streams as many were served, wrong ones within .3 points.
        """
        farther = iter(live)
        nearest = next((candidate for candidate in farther if _passes(prompt, candidate, outcome)), None)
        if nearest is None:
            return MissReason.GUARD
        passed = [nearest]
        started = self._clock.monotonic()
        logits = await self._logits(prompt, passed)
        chosen = self._chosen(ask, passed, logits)
        is_enough = isinstance(chosen, verdict.Hit)
        if not is_enough and (others := [one for one in farther if _passes(prompt, one, outcome)]):
            passed += others
            logits = np.concatenate([logits, await self._logits(prompt, others)])
            chosen = self._chosen(ask, passed, logits)
        outcome.score_ms = (self._clock.monotonic() - started) * 1000
        outcome.logit, outcome.probability = chosen.logit, chosen.probability
        outcome.threshold = self._thresholds.current(ask.domain.name).probability
        return chosen.reason if isinstance(chosen, verdict.Miss) else passed[chosen.row]

    async def _logits(self, prompt: Prompt, candidates: list[Candidate]) -> NDArray[np.float32]:
        """float32[len(candidates)]; minus infinity for a candidate that a report has put under this logit."""
        assert self._models is not None
        logits = await self._models.logits(prompt, [stored_prompt(candidate) for candidate in candidates])
        for row, candidate in enumerate(candidates):
            floor = self._quarantines.logit_floor(candidate.entry.id, self._models.scorer.digest)
            if floor is not None and not logits[row] > floor:
                logits[row] = -np.inf
        return logits

    def _chosen(self, ask: Ask, passed: list[Candidate], logits: NDArray[np.float32]) -> verdict.Hit | verdict.Miss:
        """Among the first len(logits) candidates."""
        assert self._models is not None
        return verdict.choose(
            logits,
            [candidate.similarity for candidate in passed[: len(logits)]],
            self._thresholds.current(ask.domain.name),
            calibration=self._models.calibration,
            asked_probability=ask.conditions.threshold,
        )

    async def _served(self, ask: Ask, candidate: Candidate, kind: HitKind, outcome: Outcome) -> Found | MissReason:
        assert self.candidates is not None
        outcome.similarity = candidate.similarity
        template = await self.candidates.template(ask, candidate.entry)
        if template is None:
            return MissReason.FORM
        return Found(candidate.entry, kind, template)

    # R10: why an equal question found nothing in this scope.

    def _elsewhere_or_nowhere(self, ask: Ask, question: str, outcome: Outcome) -> MissReason | ExactOnlyReason:
        """A scope that is known to work on payloads is exact only: no mask would win this question a hit (R7)."""
        if self.reader is not None and self.reader.is_known_payload(ask.request, ask.scope):
            return ExactOnlyReason.PAYLOAD_TURN
        other = self._elsewhere.get(_elsewhere_key(ask, question))
        if other is None or other[0] == ask.scope.digest:
            return MissReason.NO_CANDIDATE
        outcome.scope_field = diff_fields(other[1], ask.scope.fields)
        return MissReason.SCOPE_DIFFERS

    def note(self, ask: Ask) -> None:
        """Remembers in which scope this question was asked last; called after the answer."""
        if ask.scope.question is not None:
            digests = ask.scope.digest, ask.scope.fields  # not the scope: its question may have a megabyte
            self._elsewhere.put(_elsewhere_key(ask, ask.scope.question), digests)


def _passes(prompt: Prompt, candidate: Candidate, outcome: Outcome) -> bool:
    """Whether no guard forbids the pair; the first that did so is noted."""
    guard = pair_veto(prompt, stored_prompt(candidate))
    outcome.guard = outcome.guard or (guard.value if guard else None)
    return guard is None


def _elsewhere_key(ask: Ask, question: str) -> bytes:
    return hashlib.blake2b(ask.tenant + ask.domain.name.encode() + b"\0" + prompt_digest(question)).digest()
