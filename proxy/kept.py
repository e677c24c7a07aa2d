"""Entries in the process's own memory, ready to be served: what both tiers of `recall` keep in front of the store."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterable
from dataclasses import dataclass, field

from proxy.ask import LONG_BYTES, Ask
from proxy.core.answers.adapter import Wanted
from proxy.core.entry import Entry
from proxy.core.lru import SegmentedLru
from proxy.core.policy import PLAN_VERSION
from proxy.core.reasons import MissReason
from proxy.core.template import Template
from proxy.ports import Quarantines, Store

NOTE_USES_S = 10.0
"""How often the store hears of a hot entry's hits: it evicts by use, and would take the hottest for the coldest."""

MAX_TEMPLATES = 2
"""Forms kept of one answer, such as JSON and events; who asks chooses among five, and each is as long as the answer."""

EVENTS_PER_BYTE = 3
"""What a form weighs, by the bytes of the answer: events repeat their frame."""


@dataclass(slots=True, eq=False)
class Kept:
    """An entry, with the templates that were made of it last for one tier.

    read_at: when the store gave it (unix seconds). uses: hits since `noted_at`, of which the store does not know yet.
    """

    entry: Entry
    read_at: float = 0.0
    noted_at: float = 0.0
    uses: int = 0
    templates: dict[Wanted, Template] = field(default_factory=dict)

    async def template(self, ask: Ask, *, is_semantic: bool) -> Template | None:
        """The answer in the wanted form, made once (a long one in a thread); None when this record cannot take it."""
        template = self.templates.get(ask.wanted)
        if template is None:
            make = functools.partial(ask.adapter.template, self.entry.record, ask.wanted, is_semantic=is_semantic)
            template = await asyncio.to_thread(make) if len(self.entry.record.body) > LONG_BYTES else make()
            if template is not None:
                if len(self.templates) == MAX_TEMPLATES:
                    del self.templates[next(iter(self.templates))]
                self.templates[ask.wanted] = template
        return template

    def used(self, store: Store, now: float) -> None:
        """Counts a hit, and tells the store when it has not heard of any for a while."""
        self.uses += 1
        if now - self.noted_at >= NOTE_USES_S:
            store.used(self.entry, self.uses, now)
            self.noted_at, self.uses = now, 0


def kept_entries(max_bytes: int) -> SegmentedLru[bytes, Kept]:
    """An LRU of entries by id."""
    return SegmentedLru(max_bytes, _weight)


class KeptByKey(SegmentedLru[bytes, Kept]):
    """An LRU of entries by exact key. Who hears that one has left the store hears its id: it can be let go by that."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes, _weight)
        self._keys: dict[bytes, bytes] = {}

    def put(self, key: bytes, value: Kept) -> None:
        """See `SegmentedLru`."""
        super().put(key, value)
        if key in self._weights:
            self._keys[value.entry.id] = key

    def pop(self, key: bytes) -> Kept | None:
        """See `SegmentedLru`."""
        kept = super().pop(key)
        if kept is not None:
            self._keys.pop(kept.entry.id, None)
        return kept

    def pop_ids(self, ids: Iterable[bytes]) -> None:
        """Takes these entries out; unknown ids are ignored."""
        for key in [self._keys[entry_id] for entry_id in ids if entry_id in self._keys]:
            self.pop(key)

    def clear(self) -> None:
        """See `SegmentedLru`."""
        super().clear()
        self._keys.clear()


def unfit(entry: Entry, ask: Ask, quarantines: Quarantines, now: float) -> MissReason | None:
    """Why this entry may not be served now, whichever tier found it (R17)."""
    if entry.tenant != ask.tenant or entry.domain != ask.domain.name or entry.plan_version != PLAN_VERSION:
        return MissReason.GONE
    if not entry.is_fresh(now):
        return MissReason.STALE
    if quarantines.is_banned(entry.id):
        return MissReason.QUARANTINED
    withheld = quarantines.withheld
    if withheld and not withheld.keys().isdisjoint((entry.id, ask.scope.exact_key, entry.upstream_response_id)):
        return MissReason.GONE
    if not ask.conditions.allows(entry.age_s(now), entry.ttl_left_s(now)):
        return MissReason.TOO_OLD
    return None


def _weight(kept: Kept) -> int:
    """As if its templates were made; a candidate's prompt and token vectors (192 bytes a word piece) beside them."""
    entry, embedding = kept.entry, kept.entry.embedding
    answer = len(entry.record.body) + len(entry.record.completion or b"")
    vectors = embedding.vector.nbytes + embedding.token_vectors.nbytes if embedding is not None else 0
    forms = (1 + EVENTS_PER_BYTE) * len(entry.record.completion or entry.record.body)
    return 2048 + answer + forms + vectors + 4 * len(entry.prompt or "")
