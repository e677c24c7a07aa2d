"""What other workers did, applied here before the next look-up (R25).

A writer commits, publishes, then replies; a reader compares one counter and drains the feed first if it is behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from proxy.control import Control
from proxy.core.entry import DIGEST_BYTES, ID_BYTES, Entry, EntryRef
from proxy.errors import BackendError
from proxy.ports import GAP, Change, ChangeFeed, Clock, Index, PendingWrite, SharedState, Store
from proxy.recall import Recall
from proxy.tasks import ended

MAX_OWN = 10_000
"""Positions of this process's own changes that are kept until they are read, and skipped."""

MAX_BEHIND = 500
"""Changes that a request waits for, a millisecond each at most; who is farther behind (cut off, stopped, overrun)
starts from what the store has, as after a gap."""

NOT_FOLLOWING = -2
"""Before the start, what is applied: a position that no feed has."""

DELETED_FOR_S = 3600.0
"""So long it is known that a response was deleted: its answer may be on its way to the store, here or elsewhere."""

NOWHERE = bytes(DIGEST_BYTES)
"""No scope: sha256 gives it to nobody."""

Withhold = Callable[[bytes | str, PendingWrite, str], None]
"""Keeps what has this name (see `Quarantines.withheld`) from being served until the write is done. Of one name, writes
about different things are done in their order: a response is dropped by what is noted of it."""


class Replica:
    """Keeps one process's index, exact tier, control facts and quarantines equal to everybody's.

    embedder: digest of the one whose vectors the index holds. is_shared: whether other processes write too; alone,
    entries need no publishing.
    """

    def __init__(
        self,
        *,
        feed: ChangeFeed,
        store: Store,
        state: SharedState,
        index: Index,
        embedder: str,
        recall: Recall,
        control: Control,
        quarantined: Callable[[bytes], None],
        start_afresh: Callable[[], Awaitable[None]],
        withhold: Withhold,
        clock: Clock,
        is_shared: bool,
    ) -> None:
        self._feed = feed
        self._store = store
        self._state = state
        self._index = index
        self._embedder = embedder
        self._recall = recall
        self._control = control
        self._quarantined = quarantined
        self._start_afresh = start_afresh
        self._withhold = withhold
        self._clock = clock
        self._is_shared = is_shared
        self._applied = NOT_FOLLOWING
        self._own: dict[int, None] = {}
        self._draining = asyncio.Lock()
        self._dropping: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Follows the feed from its newest line on. Raises BackendError.

        What was read before, of the shared facts and for requests while the models load, may be older than lines
        that are never applied here: it is read again.
        """
        async with self._draining:
            await self._follow()

    async def _follow(self) -> None:
        position = await self._feed.start()
        await self._control.read()
        self._recall.clear()
        self._applied = position

    def is_current(self) -> bool:
        """One comparison: whether everything that others did is applied here."""
        return self._feed.version() == self._applied

    async def catch_up(self) -> None:
        """Cheap when nothing happened. Raises BackendError when the feed cannot be read.

        Who asks before the start starts it: the feed's older lines are in the store, a hundred thousand of them.
        """
        if self.is_current():
            return
        async with self._draining:
            if self._applied == NOT_FOLLOWING:
                await self._follow()
            while self._feed.version() != self._applied:
                changes = await self._feed.read(self._applied, MAX_BEHIND)
                if not changes:
                    return
                if len(changes) >= MAX_BEHIND:
                    changes = [Change(GAP, b"", max(changes[-1].position, self._feed.version()))]
                for change in changes:
                    await self._apply(change)
                    # After a gap the feed may have begun again at a lower position.
                    is_gap = change.kind == GAP
                    self._applied = change.position if is_gap else max(self._applied, change.position)

    async def publish(self, kind: str, body: bytes) -> int:
        """Tells the others; our own changes are not applied twice. Raises BackendError."""
        if not self._is_shared:
            return 0
        position = await self._feed.publish(kind, body)
        if position == self._applied + 1 and not self._draining.locked():
            self._applied = position  # nobody else was first: there is nothing to read
            return position
        self._own[position] = None
        if len(self._own) > MAX_OWN:
            self._own.pop(next(iter(self._own)))
        return position

    async def stored(self, entry: Entry, left: list[EntryRef]) -> None:
        """Tells the others of an entry and of what it pushed out; a failure only delays them."""
        try:
            if response_id := entry.upstream_response_id:
                await self._done_or_withheld(response_id, lambda: self.note_response(response_id, entry), "note")
            await self.publish("entry", entry.id + entry.exact_key)
            await self._tell_removed(left)
        except BackendError:
            return

    async def removed(self, left: Sequence[EntryRef]) -> None:
        """Takes what has left the store out of the index, on every worker. Raises BackendError."""
        await self._gone(left)
        await self._tell_removed(left)

    async def _tell_removed(self, left: Sequence[EntryRef]) -> None:
        if left:
            await self.publish("removed", b"".join(ref.id + ref.scope for ref in left))

    async def note_response(self, response_id: str, entry: Entry) -> None:
        """Remembers which entry holds a response that the provider keeps, so that deleting it there drops it here.

        What was deleted before leaves at once: both sides write first and look then, so one of them sees the other.
        """
        await self._state.set(
            _response_key(response_id), entry.id + entry.exact_key, ttl_s=entry.ttl_left_s(entry.created_at)
        )
        if await self._state.get(_deleted_key(response_id)) is not None:
            await self._drop(entry.id, entry.exact_key)

    async def drop_response(self, response_id: str) -> None:
        """The provider has deleted this response: nobody gets it from memory any more (R20). Raises BackendError."""
        await self._shielded(response_id, lambda: self._drop_response(response_id))

    async def drop(self, entry_id: bytes, exact_key: bytes) -> None:
        """Takes an entry out of every tier, on every worker. Raises BackendError."""
        await self._shielded(entry_id, lambda: self._drop(entry_id, exact_key))

    async def _shielded(self, name: bytes | str, write: PendingWrite) -> None:
        """A client that hangs up cancels its own waiting only: half a drop would leave the answer with the others."""
        dropping = asyncio.get_running_loop().create_task(self._done_or_withheld(name, write, "drop"), name="drop")
        self._dropping.add(dropping)
        dropping.add_done_callback(self._dropped)
        await asyncio.shield(dropping)

    async def _done_or_withheld(self, name: bytes | str, write: PendingWrite, about: str) -> None:
        try:
            await write()
        except BackendError:
            self._withhold(name, write, about)
            raise

    async def _drop_response(self, response_id: str) -> None:
        key = _response_key(response_id)
        place = await self._state.get(key)
        if place is None:  # it is not stored, or not yet
            await self._state.set(_deleted_key(response_id), b"1", ttl_s=DELETED_FOR_S)
            place = await self._state.get(key)
        if place is not None:
            await self._drop(place[:ID_BYTES], place[ID_BYTES:])

    async def _drop(self, entry_id: bytes, exact_key: bytes) -> None:
        self._recall.forget(exact_key, [entry_id])
        try:
            left = await self._store.delete([entry_id])
        finally:
            self._recall.forget(exact_key, [entry_id])
        await self._index.remove(left)
        # It may have left before: whoever keeps it must hear of it all the same.
        gone = left or [EntryRef(entry_id, NOWHERE)]
        await self.publish("dropped", exact_key + b"".join(ref.id + ref.scope for ref in gone))

    def _dropped(self, task: asyncio.Task[None]) -> None:
        self._dropping.discard(task)
        if not task.cancelled():
            task.exception()  # whoever asked for it was told, if he still waits

    async def drained(self) -> None:
        """Waits for what is being taken out; for shutdown."""
        await ended(self._dropping)

    async def _apply(self, change: Change) -> None:
        # A position after a gap may be one that our own line had before the feed lost its memory.
        if change.kind != GAP and self._own.pop(change.position, self) is None:
            return
        match change.kind:
            case "entry":
                await self._learn(change.body)
            case "removed":
                await self._gone(_refs(change.body))
            case "dropped":
                self._recall.forget(change.body[:DIGEST_BYTES])
                await self._gone(_refs(change.body[DIGEST_BYTES:]))
            case "quarantine":
                self._quarantined(change.body)
            case "flushed":
                await self._control.refresh_generation(change.body.decode())
            case "credential":
                self._control.credential_changed_elsewhere(change.body)
            case kind if kind == GAP:
                self._own.clear()
                self._recall.precedence.withdraw_all()
                self._recall.clear()
                await self._control.read()
                await self._start_afresh()
            case "switch":
                self._control.switched_elsewhere(change.body)
            case _:
                return  # a newer release beside us: what we do not know cannot concern us

    async def _gone(self, left: Sequence[EntryRef]) -> None:
        self._recall.forget_entries([ref.id for ref in left])
        await self._index.remove(left)

    async def _learn(self, body: bytes) -> None:
        entry_id, exact_key = body[:ID_BYTES], body[ID_BYTES:]
        self._recall.forget_replaced(exact_key)
        (entry,) = await self._store.get_many([entry_id], self._clock.now(), is_use=False)
        if entry is not None and (embedding := entry.embedding_by(self._embedder)) is not None:
            await self._index.add(entry.ref, embedding.vector)


def _response_key(response_id: str) -> str:
    return f"response:{response_id}"


def _deleted_key(response_id: str) -> str:
    return f"deleted_response:{response_id}"


def _refs(body: bytes) -> list[EntryRef]:
    size = ID_BYTES + DIGEST_BYTES
    return [EntryRef(body[i : i + ID_BYTES], body[i + ID_BYTES : i + size]) for i in range(0, len(body), size)]
