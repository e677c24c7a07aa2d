"""Who leaves when a domain is full: the tenant with the most entries gives one up, in its own order.

So a tenant that writes without end turns its own entries, and nobody else's hit rate moves. Keeps no entries, only ids.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from proxy.core.route import Eviction

Share = tuple[str, bytes]
"""(domain, tenant)"""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many entries a domain may hold, and which leaves first."""

    max_entries: int = 100_000
    eviction: Eviction = Eviction.LRU


DEFAULT_QUOTA = Quota()


class _Order:
    """The ids of one share, first to leave first. One bucket per use count; only LFU has more than one."""

    def __init__(self, eviction: Eviction) -> None:
        self._eviction = eviction
        self._buckets: dict[int, OrderedDict[bytes, None]] = {}
        self._uses: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._uses)

    def add(self, key: bytes) -> None:
        self._place(key, 0)

    def touch(self, key: bytes, count: int) -> None:
        match self._eviction:
            case Eviction.LRU:
                self._buckets[0].move_to_end(key)
            case Eviction.LFU:
                uses = self._uses[key] + count
                self.remove(key)
                self._place(key, uses)
            case Eviction.FIFO:
                pass

    def remove(self, key: bytes) -> None:
        uses = self._uses.pop(key)
        del self._buckets[uses][key]
        if not self._buckets[uses]:
            del self._buckets[uses]

    def first(self) -> bytes:
        return next(iter(self._buckets[min(self._buckets)]))

    def _place(self, key: bytes, uses: int) -> None:
        self._uses[key] = uses
        self._buckets.setdefault(uses, OrderedDict())[key] = None


class Shares:
    """Which entry leaves, for all domains of one store in one process. Constant time but for LFU's use counts."""

    def __init__(self, quotas: Mapping[str, Quota]) -> None:
        self._quotas = quotas
        self._orders: dict[Share, _Order] = {}
        self._sizes: dict[str, dict[int, dict[bytes, None]]] = defaultdict(dict)
        self._totals: dict[str, int] = defaultdict(int)
        self._share_of: dict[bytes, Share] = {}

    def __contains__(self, key: bytes) -> bool:
        return key in self._share_of

    def leaver(self, domain: str, tenant: bytes) -> bytes | None:
        """Who must leave before this tenant may add one entry; None while there is room."""
        if self._totals[domain] < self._quota(domain).max_entries or not self._totals[domain]:
            return None
        sizes = self._sizes[domain]
        largest = max(sizes)
        own = self._orders.get((domain, tenant))
        if own is not None and len(own) == largest:
            return own.first()
        return self._orders[domain, next(iter(sizes[largest]))].first()

    def add(self, key: bytes, domain: str, tenant: bytes) -> None:
        """A new key; the caller has made room before."""
        share = (domain, tenant)
        order = self._orders.setdefault(share, _Order(self._quota(domain).eviction))
        order.add(key)
        self._share_of[key] = share
        self._resized(share, len(order) - 1, len(order))

    def touch(self, key: bytes, count: int = 1) -> None:
        """The entry was served, `count` times."""
        if share := self._share_of.get(key):
            self._orders[share].touch(key, count)

    def remove(self, key: bytes) -> None:
        """The entry is gone; unknown keys are ignored."""
        share = self._share_of.pop(key, None)
        if share is None:
            return
        order = self._orders[share]
        order.remove(key)
        self._resized(share, len(order) + 1, len(order))
        if not order:
            del self._orders[share]

    def _quota(self, domain: str) -> Quota:
        return self._quotas.get(domain, DEFAULT_QUOTA)

    def _resized(self, share: Share, before: int, after: int) -> None:
        domain, tenant = share
        sizes = self._sizes[domain]
        if before:
            del sizes[before][tenant]
            if not sizes[before]:
                del sizes[before]
        if after:
            sizes.setdefault(after, {})[tenant] = None
        self._totals[domain] += after - before
