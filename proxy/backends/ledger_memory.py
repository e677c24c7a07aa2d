"""Served hits, labels and quarantines of a single process, gone with it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator, Sequence

from proxy.core.report import Label, Quarantine, ServedHit

HIT_KEPT_S = 7 * 86400.0
MAX_HITS_PER_DOMAIN = 100_000


class MemoryLedger:
    """Dicts. Hits are bounded per domain and by age; labels and quarantines are kept for good."""

    def __init__(self) -> None:
        self._hits: dict[str, OrderedDict[str, ServedHit]] = defaultdict(OrderedDict)
        self._newest: dict[tuple[bytes, bytes], str] = {}
        self._domains: dict[str, str] = {}
        self._labels: dict[str, Label] = {}
        self._quarantines: dict[tuple[bytes, str, bytes, bytes, bytes], Quarantine] = {}

    async def remember(self, hits: Sequence[ServedHit]) -> None:
        """See `proxy.ports.FeedbackLedger`."""
        for hit in hits:
            self._hits[hit.domain][hit.id] = hit
            self._newest[hit.tenant, hit.exact_key] = hit.id
            self._domains[hit.id] = hit.domain
            self._trim(hit.domain, hit.served_at)

    async def find_hit(self, hit_id: str) -> ServedHit | None:
        """See `proxy.ports.FeedbackLedger`."""
        domain = self._domains.get(hit_id)
        return None if domain is None else self._hits[domain].get(hit_id)

    async def last_hit(self, tenant: bytes, exact_key: bytes) -> ServedHit | None:
        """See `proxy.ports.FeedbackLedger`."""
        hit_id = self._newest.get((tenant, exact_key))
        return None if hit_id is None else await self.find_hit(hit_id)

    async def record(self, label: Label) -> bool:
        """See `proxy.ports.FeedbackLedger`."""
        return self._labels.setdefault(label.hit_id, label) is label

    async def quarantine(self, item: Quarantine) -> None:
        """See `proxy.ports.FeedbackLedger`."""
        key = (item.tenant, item.domain, item.prompt_digest, item.stored_prompt_digest, item.entry_id)
        self._quarantines.setdefault(key, item)

    async def quarantines(self) -> list[Quarantine]:
        """See `proxy.ports.FeedbackLedger`."""
        return list(self._quarantines.values())

    async def labels(self) -> AsyncIterator[Label]:
        """See `proxy.ports.FeedbackLedger`."""
        for label in list(self._labels.values()):
            yield label

    async def close(self) -> None:
        """Nothing to close."""

    def _trim(self, domain: str, now: float) -> None:
        hits = self._hits[domain]
        while hits:
            oldest = next(iter(hits.values()))
            if len(hits) <= MAX_HITS_PER_DOMAIN and oldest.served_at > now - HIT_KEPT_S:
                return
            del hits[oldest.id]
            del self._domains[oldest.id]
            if self._newest.get((oldest.tenant, oldest.exact_key)) == oldest.id:
                del self._newest[oldest.tenant, oldest.exact_key]
