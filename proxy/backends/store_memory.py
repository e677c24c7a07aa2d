"""Entries in this process's memory: for trials and tests; nothing survives a restart.

Values are kept as the same bytes as in the other stores, so that all three give back exactly the same entry.
"""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from proxy.core.codec import decode, encode
from proxy.core.entry import Entry, EntryRef
from proxy.core.eviction import Quota, Shares

MAX_SWEPT = 256
"""Expired entries removed in one go: less than a millisecond of the event loop."""


@dataclass(frozen=True, slots=True)
class _Place:
    ref: EntryRef
    exact_key: bytes
    expires_at: float


class MemoryStore:
    """Bounded per domain; expired entries leave with the next write."""

    def __init__(self, quotas: Mapping[str, Quota]) -> None:
        self._shares = Shares(quotas)
        self._values: dict[bytes, bytes] = {}
        self._ids: dict[bytes, bytes] = {}
        self._places: dict[bytes, _Place] = {}
        self._expiries: list[tuple[float, bytes]] = []

    def __len__(self) -> int:
        return len(self._values)

    async def get_exact(self, exact_key: bytes, now: float) -> Entry | None:
        """See `proxy.ports.Store`."""
        entry_id = self._ids.get(exact_key)
        return None if entry_id is None else self._read(entry_id, now, is_to_compare=False)

    async def get_many(self, ids: Sequence[bytes], now: float, *, is_use: bool = True) -> list[Entry | None]:
        """See `proxy.ports.Store`."""
        return [self._read(entry_id, now, is_use=is_use) for entry_id in ids]

    async def put(self, entry: Entry) -> list[EntryRef]:
        """See `proxy.ports.Store`; what has expired leaves too."""
        value = encode(entry)
        gone = self._expired(entry.created_at, MAX_SWEPT)
        for old in (self._ids.get(entry.exact_key), entry.id):
            gone += self._removed(old)
        while leaver := self._shares.leaver(entry.domain, entry.tenant):
            gone += self._removed(leaver)
        self._values[entry.id] = value
        self._ids[entry.exact_key] = entry.id
        self._places[entry.id] = _Place(entry.ref, entry.exact_key, entry.expires_at)
        self._shares.add(entry.id, entry.domain, entry.tenant)
        self._expire_later(entry)
        return [ref for ref in gone if ref.id != entry.id]

    async def delete(self, ids: Sequence[bytes]) -> list[EntryRef]:
        """See `proxy.ports.Store`."""
        return [ref for entry_id in ids for ref in self._removed(entry_id)]

    def used(self, entry: Entry, count: int, now: float) -> None:
        """See `proxy.ports.Store`."""
        self._shares.touch(entry.id, count)

    async def sweep(self, now: float) -> list[EntryRef]:
        """See `proxy.ports.Store`."""
        return self._expired(now, MAX_SWEPT)

    async def scan(self, now: float) -> AsyncIterator[Entry]:
        """See `proxy.ports.Store`."""
        for entry_id in list(self._values):
            entry = self._read(entry_id, now, is_use=False)
            if entry is not None and entry.embedding is not None:
                yield entry

    async def refs(self, now: float) -> AsyncIterator[Sequence[EntryRef]]:
        """See `proxy.ports.Store`."""
        async for entry in self.scan(now):
            yield [entry.ref]

    async def close(self) -> None:
        """Nothing to close."""

    def _read(self, entry_id: bytes, now: float, *, is_use: bool = True, is_to_compare: bool = True) -> Entry | None:
        value = self._values.get(entry_id)
        if value is None:
            return None
        try:
            entry = decode(entry_id, value, is_to_compare=is_to_compare)
        except ValueError:
            self._removed(entry_id)
            return None
        if entry is None or not entry.is_fresh(now):
            return None
        if is_use:
            self._shares.touch(entry_id)
        return entry

    def _expire_later(self, entry: Entry) -> None:
        """Who left earlier (evicted, replaced) stays in the heap until half of it is such; then it is made anew."""
        heapq.heappush(self._expiries, (entry.expires_at, entry.id))
        if len(self._expiries) > 2 * len(self._places) + MAX_SWEPT:
            self._expiries = [(place.expires_at, entry_id) for entry_id, place in self._places.items()]
            heapq.heapify(self._expiries)

    def _expired(self, now: float, limit: int) -> list[EntryRef]:
        gone: list[EntryRef] = []
        while self._expiries and self._expiries[0][0] <= now and len(gone) < limit:
            _, entry_id = heapq.heappop(self._expiries)
            place = self._places.get(entry_id)
            if place is not None and place.expires_at <= now:
                gone += self._removed(entry_id)
        return gone

    def _removed(self, entry_id: bytes | None) -> list[EntryRef]:
        place = None if entry_id is None else self._places.pop(entry_id, None)
        if place is None:
            return []
        self._values.pop(place.ref.id, None)
        self._shares.remove(place.ref.id)
        if self._ids.get(place.exact_key) == place.ref.id:
            del self._ids[place.exact_key]
        return [place.ref]
