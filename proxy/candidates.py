"""Which stored entries may be compared with a question: read by id, and barred for whatever forbids serving them.

Entries that came back before are kept in memory for some seconds. An entry never changes under its id; whoever takes
one out of the store says so (`forget`), and where that is not heard (a feed that cannot be written) the store is asked
again soon. What else can change about it (age, quarantine) is asked each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from proxy.ask import Ask
from proxy.core.embedding import Prompt
from proxy.core.entry import Candidate, Entry, Neighbour
from proxy.core.reasons import MissReason
from proxy.core.template import Template
from proxy.kept import Kept, kept_entries, unfit
from proxy.ports import Quarantines, Store

KEPT_BYTES = 32 * 1024 * 1024
"""Some 3,000 entries of ordinary length: what paraphrases are asked for comes back."""

KEPT_FOR_S = 5.0
"""After it the store is asked again: so long may one be served that has left it unheard. Each reading counts as a use,
which is as often as the store needs to hear of a hot one."""


class Candidates:
    """One process's candidates over one store and one embedder."""

    def __init__(self, store: Store, quarantines: Quarantines, embedder_digest: str) -> None:
        self._store = store
        self._quarantines = quarantines
        self._embedder_digest = embedder_digest
        self._kept = kept_entries(KEPT_BYTES)
        self._forgotten = 0

    async def live(
        self, ask: Ask, question: str, near: Sequence[Neighbour], now: float
    ) -> tuple[list[Candidate], MissReason | None]:
        """Those that may be scored, at most the domain's `candidates`; else the reason of the nearest that may not.

        Those farther away stand in for nearer ones that may not be scored: they are read when there are such. Of equal
        questions, asked with other words behind a mask, only the newest answer: it may be there because somebody did
        not want the older one.
        """
        live: dict[str, Candidate] = {}
        reason: MissReason | None = None
        wanted = ask.domain.candidates
        for some in (near[:wanted], near[wanted:]):
            if len(live) == wanted or not some:
                break
            entries = await self._entries([neighbour.id for neighbour in some], ask.domain.ttl_s, now)
            for neighbour, entry in zip(some, entries, strict=True):
                why = self._barred(ask, question, entry, now)
                if why is None and entry is not None and entry.prompt is not None:
                    twin = live.get(entry.prompt)
                    is_wanted = len(live) < wanted if twin is None else twin.entry.created_at < entry.created_at
                    if is_wanted:
                        live[entry.prompt] = Candidate(entry, neighbour.similarity)
                reason = reason or why
        return list(live.values()), reason

    async def template(self, ask: Ask, entry: Entry) -> Template | None:
        """A live candidate's answer in the wanted form; None when it cannot take that form."""
        kept = self._kept.get(entry.id) or Kept(entry)
        return await kept.template(ask, is_semantic=True)

    def forget(self, ids: Iterable[bytes]) -> None:
        """Lets go of what has left the store; to be called after it has: a look-up may be under way."""
        self._forgotten += 1
        for entry_id in ids:
            self._kept.pop(entry_id)

    def clear(self) -> None:
        """Lets go of all."""
        self._forgotten += 1
        self._kept.clear()

    async def _entries(self, ids: Sequence[bytes], ttl_s: float, now: float) -> list[Entry | None]:
        found = {entry_id: kept.entry for entry_id in ids if (kept := self._recent(entry_id, now)) is not None}
        missing = [entry_id for entry_id in ids if entry_id not in found]
        if missing:
            forgotten = self._forgotten
            for stored in await self._store.get_many(missing, now):
                if stored is not None:
                    found[stored.id] = entry = stored.living_for(ttl_s)
                    if forgotten == self._forgotten:
                        self._kept.put(entry.id, Kept(entry, read_at=now))
        return [found.get(entry_id) for entry_id in ids]

    def _recent(self, entry_id: bytes, now: float) -> Kept | None:
        kept = self._kept.get(entry_id)
        return kept if kept is not None and 0 <= now - kept.read_at < KEPT_FOR_S else None

    def _barred(self, ask: Ask, question: str, entry: Entry | None, now: float) -> MissReason | None:
        if entry is None or entry.scope != ask.scope.digest or entry.prompt is None:
            return MissReason.GONE
        if entry.embedding_by(self._embedder_digest) is None:
            return MissReason.GONE
        if self._quarantines.forbids(ask.tenant, ask.domain.name, question, entry.prompt):
            return MissReason.QUARANTINED
        return unfit(entry, ask, self._quarantines, now)


def stored_prompt(candidate: Candidate) -> Prompt:
    """The stored side of a pair; only entries that have one are live."""
    entry = candidate.entry
    assert entry.prompt is not None
    assert entry.embedding is not None
    return Prompt(entry.prompt, entry.embedding)
