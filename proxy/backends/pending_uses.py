"""Uses of entries, noted in memory until they travel with a write that is made anyway: a look-up must not cost one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from proxy.core.entry import Entry
from proxy.core.eviction import DEFAULT_QUOTA, Quota
from proxy.core.route import Eviction

MAX_PENDING = 256


@dataclass(frozen=True, slots=True)
class Uses:
    """How often an entry was used, and when last (unix seconds); its answer is not kept alive for that."""

    entry_id: bytes
    domain: str
    tenant: bytes
    count: int
    last_at: float


class PendingUses:
    """Of one store in one process. They are hints, and may be lost."""

    def __init__(self, quotas: Mapping[str, Quota]) -> None:
        self._quotas = quotas
        self._pending: dict[bytes, Uses] = {}

    def note(self, entry: Entry, count: int, now: float) -> bool:
        """Whether there are now so many that they should not wait for a write of somebody else's."""
        if self._quotas.get(entry.domain, DEFAULT_QUOTA).eviction is Eviction.FIFO:
            return False
        known = self._pending.get(entry.id)
        count += known.count if known is not None else 0
        self._pending[entry.id] = Uses(entry.id, entry.domain, entry.tenant, count, now)
        return len(self._pending) >= MAX_PENDING

    def taken(self) -> Collection[Uses]:
        """All of them; from now on they are the caller's to write."""
        taken, self._pending = self._pending, {}
        return taken.values()
