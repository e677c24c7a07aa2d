"""The index: exact search in small scopes, a graph in large ones, and the move from one to the other.

Small scopes are searched on the event loop (microseconds); graphs belong to the owner thread. While a scope moves,
the old form answers and every change is written down, to be made again in the new form before it takes over. Whoever
changes a scope faster than it can move waits: else a scope that is filled without a pause would stay small's form for
good, with all its changes in memory.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from proxy.backends.index_flat import FlatScope, Widened
from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_narrow import fitted, sample
from proxy.backends.index_owner import IndexOwner
from proxy.core.embedding import VECTOR_DIM
from proxy.core.entry import ID_BYTES, EntryRef, Neighbour
from proxy.errors import BackendError

FLAT_ROWS = 2000
"""Above it the graph wins: 45 µs exact at 2,000 rows, 60 µs in a graph plus 60 to its thread and back (bench/index)."""

MAX_DELETED_SHARE = 0.2
MOVE_ROWS = 16
"""Rows moved in one job of the owner: 2 to 10 ms, so that searches of other graphs wait no longer than that."""

MAX_MOVE_CHANGES = 512
"""Changes that a scope may take while it moves; to make them again takes a quarter of a second."""

Vector = NDArray[np.float32]


@dataclass(slots=True, eq=False)
class _Move:
    """What changed in a scope since its move began: the vector that an id has now, None when it was removed.

    is_quick: changes of the old form cost so little that nothing but waiting slows them. is_closing: the last changes
    are being made again.
    """

    is_quick: bool
    changes: dict[bytes, Vector | None] = field(default_factory=dict)
    is_closing: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_full(self) -> bool:
        """Whether whoever comes with another change has to wait."""
        return self.is_closing or (self.is_quick and len(self.changes) >= MAX_MOVE_CHANGES)


class ScopedIndex:
    """See `proxy.ports.Index`. Belongs to one event loop."""

    def __init__(self, dim: int = VECTOR_DIM, *, flat_rows: int = FLAT_ROWS) -> None:
        """flat_rows: 0 makes every scope a graph, for tests and measurements."""
        self._dim = dim
        self._flat_rows = flat_rows
        self._scopes: dict[bytes, FlatScope | HnswScope] = {}
        self._widened = Widened()
        self._owner = IndexOwner()
        self._moves: dict[bytes, _Move] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._adding: Counter[bytes] = Counter()
        self._count = 0
        self._epoch = 0

    def __len__(self) -> int:
        return self._count

    async def search(self, scope: bytes, vector: Vector, k: int) -> list[Neighbour]:
        """See `proxy.ports.Index`; a vector that is not finite raises BackendError."""
        part = self._scopes.get(scope)
        if part is None or k <= 0:
            return []
        query = self._checked(vector)
        if isinstance(part, FlatScope):
            self._widened.searched(scope, part)
            return part.search(query, k)
        graph = part
        return await self._owner.search(lambda: graph.search(query, k))

    async def add(self, ref: EntryRef, vector: Vector) -> None:
        """See `proxy.ports.Index`."""
        if len(ref.id) != ID_BYTES:
            raise BackendError("an entry id has 16 bytes")
        query = self._checked(vector)
        await self._admitted(ref.scope)
        part = self._scopes.get(ref.scope)
        if part is None:
            part = self._scopes[ref.scope] = FlatScope(self._dim)
        self._note(ref.scope, ref.id, query)
        if isinstance(part, FlatScope):
            self._count += part.add(ref.id, query)
        else:
            await self._add_to_graph(part, ref, query)
        self._consider_move(ref.scope)

    async def remove(self, refs: Sequence[EntryRef]) -> None:
        """See `proxy.ports.Index`."""
        by_scope: dict[bytes, list[bytes]] = defaultdict(list)
        for ref in refs:
            by_scope[ref.scope].append(ref.id)
        for scope, ids in by_scope.items():
            await self._remove(scope, ids)

    def memory_bytes(self) -> int:
        """What all scopes hold, counted from their arrays; walks every scope (0.1 s at 100,000 of them)."""
        return sum(part.memory_bytes() + 2 * 120 for part in self._scopes.values())

    async def unknown(self, refs: Sequence[EntryRef]) -> list[EntryRef]:
        """Those of the refs that are not in their scope."""
        by_scope: dict[bytes, list[EntryRef]] = defaultdict(list)
        for ref in refs:
            by_scope[ref.scope].append(ref)
        missing: list[EntryRef] = []
        for scope, some in by_scope.items():
            part = self._scopes.get(scope)
            if part is None:
                missing += some
            elif isinstance(part, FlatScope):
                missing += [ref for ref in some if ref.id not in part]
            else:
                there = await self._owner.change(partial(part.which, [ref.id for ref in some]))
                missing += [ref for ref in some if ref.id not in there]
        return missing

    # What a snapshot needs.

    @property
    def dim(self) -> int:
        """Length of the vectors."""
        return self._dim

    @property
    def owner(self) -> IndexOwner:
        """The thread in which every call into a graph runs."""
        return self._owner

    def parts(self) -> Mapping[bytes, FlatScope | HnswScope]:
        """Scopes as they are now; graphs are the owner's to touch."""
        return self._scopes

    def adopt(self, parts: Mapping[bytes, FlatScope | HnswScope]) -> None:
        """Takes over whole scopes in place of all that is here; what only the store has is to be added afterwards."""
        self._forget_all()
        self._scopes.update(parts)
        self._count = sum(len(part) for part in parts.values())

    async def settled(self) -> None:
        """Waits until no scope is moving; for tests, measurements and snapshots."""
        while self._tasks:
            await asyncio.gather(*self._tasks)  # a fault of ours in a move is told to whoever waits
            await asyncio.sleep(0)  # see `proxy.tasks.ended`

    async def close(self) -> None:
        """Ends moves and the owner."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._owner.stop)

    async def _add_to_graph(self, graph: HnswScope, ref: EntryRef, query: Vector) -> None:
        epoch = self._epoch
        self._adding[ref.scope] += 1
        try:
            new = await self._owner.change(lambda: graph.add([ref.id], query[None, :]))
        finally:
            self._adding[ref.scope] -= 1
            if not self._adding[ref.scope]:
                del self._adding[ref.scope]
        self._count += new if epoch == self._epoch else 0

    async def _remove(self, scope: bytes, ids: list[bytes]) -> None:
        await self._admitted(scope)
        part = self._scopes.get(scope)
        if part is None:
            return
        for entry_id in ids:
            self._note(scope, entry_id, None)
        if isinstance(part, FlatScope):
            self._count -= sum(part.remove(entry_id) for entry_id in ids)
        else:
            graph, epoch = part, self._epoch
            removed = await self._owner.change(lambda: graph.remove(ids))
            self._count -= removed if epoch == self._epoch else 0
        is_idle = scope not in self._moves and scope not in self._adding
        if not len(part) and is_idle and self._scopes.get(scope) is part:
            self._drop(scope)
        self._consider_move(scope)

    def _forget_all(self) -> None:
        for scope in list(self._scopes):
            self._drop(scope)
        self._count = 0
        self._epoch += 1

    def _drop(self, scope: bytes) -> None:
        self._scopes.pop(scope, None)
        self._widened.forget(scope)
        self._moves.pop(scope, None)

    def _checked(self, vector: Vector) -> Vector:
        """float32[dim], finite: NaN would pass through every comparison behind it."""
        checked = np.ascontiguousarray(vector, dtype=np.float32)
        if checked.shape != (self._dim,) or not np.isfinite(checked).all():
            raise BackendError("a vector that is not finite or has the wrong length")
        return checked

    # Moving a scope to a (new) graph.

    async def _admitted(self, scope: bytes) -> None:
        """Waits while the scope's move has too much to make again."""
        while (move := self._moves.get(scope)) is not None and move.is_full:
            await move.over.wait()

    def _note(self, scope: bytes, entry_id: bytes, vector: Vector | None) -> None:
        move = self._moves.get(scope)
        if move is not None:
            move.changes[entry_id] = vector

    def _consider_move(self, scope: bytes) -> None:
        part = self._scopes.get(scope)
        if part is None or scope in self._moves:
            return
        if isinstance(part, FlatScope):
            is_due = len(part) > self._flat_rows
        else:
            is_due = (part.deleted_share > MAX_DELETED_SHARE and len(part) > 0) or part.is_too_wide
        if is_due:
            move = self._moves[scope] = _Move(is_quick=isinstance(part, FlatScope))
            task = asyncio.get_running_loop().create_task(self._moved(scope, part, move), name="index-move")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _moved(self, scope: bytes, part: FlatScope | HnswScope, move: _Move) -> None:
        try:
            graph = await self._copied(part, lambda: self._moves.get(scope) is move)
            while self._moves.get(scope) is move:
                changes, move.changes = move.changes, {}
                move.is_closing = len(changes) <= MAX_MOVE_CHANGES
                if not changes:
                    self._widened.forget(scope)
                    self._scopes[scope] = graph
                    if not len(graph) and scope not in self._adding:
                        self._drop(scope)
                    break
                for some in _pieces(changes):
                    await self._owner.change(partial(_apply, graph, some))
        except BackendError:
            return  # the old form goes on, and the next change of this scope tries again
        finally:
            if self._moves.get(scope) is move:
                del self._moves[scope]
            move.over.set()

    async def _copied(self, part: FlatScope | HnswScope, is_wanted: Callable[[], bool]) -> HnswScope:
        """All rows of `part` in a new graph, some rows per job; how it is narrowed is fitted to them in a thread."""
        if isinstance(part, FlatScope):
            packed, kept = part.packed()
            ids = [packed[i : i + ID_BYTES] for i in range(0, len(packed), ID_BYTES)]
            some_rows = kept[sample(len(ids))]
        else:
            old = part
            ids = await self._owner.change(old.live)
            some_ids = [ids[place] for place in sample(len(ids))]
            pieces = [np.empty((0, self._dim), dtype=np.float32)]  # all may have been removed since the move was due
            for start in range(0, len(some_ids), MOVE_ROWS):
                known = await self._owner.change(partial(old.vectors, some_ids[start : start + MOVE_ROWS]))
                pieces.append(known[1])
            some_rows = np.concatenate(pieces)
        basis = await asyncio.to_thread(fitted, some_rows)
        graph = await self._owner.change(lambda: HnswScope(self._dim, len(ids) + len(ids) // 2, basis))
        for start in range(0, len(ids), MOVE_ROWS):
            if not is_wanted():
                break
            some = ids[start : start + MOVE_ROWS]
            if isinstance(part, FlatScope):
                wide = kept[start : start + MOVE_ROWS].astype(np.float32)
                await self._owner.change(partial(graph.add, some, wide))
            else:
                await self._owner.change(partial(_copy, old, graph, some))
        return graph


def _pieces(changes: dict[bytes, Vector | None]) -> Iterator[dict[bytes, Vector | None]]:
    """So many in one job that searches of other graphs do not wait."""
    items = list(changes.items())
    for start in range(0, len(items), MOVE_ROWS):
        yield dict(items[start : start + MOVE_ROWS])


def _apply(graph: HnswScope, changes: dict[bytes, Vector | None]) -> None:
    graph.remove([entry_id for entry_id, vector in changes.items() if vector is None])
    added = {entry_id: vector for entry_id, vector in changes.items() if vector is not None}
    if added:
        graph.add(list(added), np.stack(list(added.values())))


def _copy(old: HnswScope, graph: HnswScope, ids: list[bytes]) -> None:
    known, vectors = old.vectors(ids)
    if known:
        graph.add(known, vectors)
