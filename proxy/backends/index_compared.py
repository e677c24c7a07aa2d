"""An index put right by the store's list of entries: the store is the truth, whatever became of the one in between.

Searching goes on meanwhile; it finds less, never wrongly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_scoped import ScopedIndex
from proxy.core.entry import ID_BYTES, EntryRef
from proxy.ports import Store

FETCH = 64
SCOPES_AT_ONCE = 1000
"""Small scopes looked at in one turn of the event loop."""


async def compared(index: ScopedIndex, store: Store, embedder: str, now: float) -> tuple[int, int]:
    """How many entries only the store had, which are added, and how many it had no longer, which are removed.

    Only what was in the index before the list was read can have left the store: what is learned meanwhile stays.
    Raises BackendError for the store.
    """
    scopes, packed = await _held(index)
    added, seen = await _add_missing(index, store, embedder, now)
    gone = await asyncio.to_thread(_gone, packed, seen) if packed else []
    for first in range(0, len(gone), FETCH):
        refs = [EntryRef(entry_id, scopes[place]) for entry_id, place in gone[first : first + FETCH]]
        await index.remove(refs)
        await asyncio.sleep(0)
    return added, len(gone)


async def _held(index: ScopedIndex) -> tuple[Sequence[bytes], Sequence[bytes]]:
    """Scopes, and the ids in each, one after the other."""
    scopes, packed = [], []
    for number, (scope, part) in enumerate(list(index.parts().items())):
        scopes.append(scope)
        packed.append(await index.owner.change(part.packed_ids) if isinstance(part, HnswScope) else bytes(part.ids))
        if number % SCOPES_AT_ONCE == 0:
            await asyncio.sleep(0)
    return scopes, packed


async def _add_missing(index: ScopedIndex, store: Store, embedder: str, now: float) -> tuple[int, NDArray[np.uint64]]:
    """How many entries only the store had, and what it has: uint64[n], the first half of each id."""
    added, seen = 0, [np.empty(0, dtype=np.uint64)]
    async for refs in store.refs(now):
        seen.append(_halves(b"".join(ref.id for ref in refs)))
        missing = await index.unknown(refs)
        for first in range(0, len(missing), FETCH):
            some = missing[first : first + FETCH]
            for entry in await store.get_many([ref.id for ref in some], now, is_use=False):
                if entry is not None and (embedding := entry.embedding_by(embedder)) is not None:
                    await index.add(entry.ref, embedding.vector)
                    added += 1
    return added, np.concatenate(seen)


def _halves(packed: bytes) -> NDArray[np.uint64]:
    halves: NDArray[np.uint64] = np.frombuffer(packed, dtype="<u8")[::2].astype(np.uint64)
    return halves


def _gone(packed: Sequence[bytes], seen: NDArray[np.uint64]) -> list[tuple[bytes, int]]:
    """Ids that were not seen, each with the place of its scope; all at once, since each look sorts what was seen.

    Equal halves of different ids only keep a dead one. A graph's removed rows are zeros.
    """
    ids = b"".join(packed)
    rows = np.flatnonzero(~np.isin(_halves(ids), seen))
    places = np.searchsorted(np.cumsum([len(some) // ID_BYTES for some in packed]), rows, side="right")
    every = (
        (ids[row * ID_BYTES : (row + 1) * ID_BYTES], place)
        for row, place in zip(rows.tolist(), places.tolist(), strict=True)
    )
    return [(entry_id, place) for entry_id, place in every if any(entry_id)]
