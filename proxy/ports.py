"""The sockets: what the story needs from the outside world. Backends implement these; nobody else is named here.

Every method that waits raises `BackendError` (or `BackendBusy`) and nothing else of its own; `CancelledError` passes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from proxy.core.embedding import Embedding, Prompt
from proxy.core.entry import Entry, EntryRef, Neighbour
from proxy.core.odds import PromptOdds
from proxy.core.outcome import Outcome
from proxy.core.report import Label, Quarantine, ReportAsk, ServedHit
from proxy.core.risk import Threshold

PATIENT: ContextVar[bool] = ContextVar("patient", default=False)
"""Whether the present task has time: nobody waits for it. Models serve it behind those who do."""


class Clock(Protocol):
    """Time, passed in so that tests own it."""

    def now(self) -> float:
        """Unix seconds."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run back."""
        ...


class Embedder(Protocol):
    """Text to vectors. Deterministic: equal text, equal bytes."""

    @property
    def digest(self) -> str:
        """sha256 of the artefact; stored with every entry, never mixed."""
        ...

    async def embed(self, text: str) -> Embedding:
        """The embedding of one prompt; raises BackendBusy at once when the queue is full."""
        ...


class PairScorer(Protocol):
    """Decides nothing: says how strongly each candidate's answer may serve the prompt."""

    @property
    def digest(self) -> str: ...

    async def logits(self, prompt: Prompt, candidates: Sequence[Prompt]) -> NDArray[np.float32]:
        """float32[len(candidates)], before sigmoid; symmetric in the pair; NaN is possible and means no."""
        ...


class PromptJudge(Protocol):
    """Small learned heads over one embedding; no waiting, a tenth of a millisecond."""

    @property
    def digest(self) -> str: ...

    def odds(self, embedding: Embedding) -> PromptOdds:
        """Of the text that was embedded."""
        ...


class Index(Protocol):
    """Nearest neighbours within one scope. One owner: search and add never overlap inside a backend."""

    async def search(self, scope: bytes, vector: NDArray[np.float32], k: int) -> list[Neighbour]:
        """At most k neighbours, nearest first; an unknown scope gives an empty list."""
        ...

    async def add(self, ref: EntryRef, vector: NDArray[np.float32]) -> None:
        """Adds or replaces; refuses a vector that is not finite with BackendError."""
        ...

    async def remove(self, refs: Sequence[EntryRef]) -> None:
        """Unknown ids are ignored."""
        ...

    def __len__(self) -> int:
        """Entries in all scopes."""
        ...


class Store(Protocol):
    """Entries. Acknowledged means `put` returned (R26)."""

    async def get_exact(self, exact_key: bytes, now: float) -> Entry | None:
        """The live entry for this key, without its embedding: it is served, never compared. A value that is cut,
        foreign or corrupt is deleted and None."""
        ...

    async def get_many(self, ids: Sequence[bytes], now: float, *, is_use: bool = True) -> list[Entry | None]:
        """In the order of `ids`; None for what is missing, stale or corrupt.

        is_use: False where no answer depends on it, so that what is asked for stays longest.
        """
        ...

    async def put(self, entry: Entry) -> list[EntryRef]:
        """Stores and replaces an entry of the same exact key; returns what left because of it (replaced, evicted)."""
        ...

    async def delete(self, ids: Sequence[bytes]) -> list[EntryRef]:
        """Removes; returns what was there."""
        ...

    def used(self, entry: Entry, count: int, now: float) -> None:
        """Notes hits that were served without asking the store; never waits, and may be lost."""
        ...

    async def sweep(self, now: float) -> list[EntryRef]:
        """Removes some of what has expired and returns it; nothing when nothing is left to remove."""
        ...

    def scan(self, now: float) -> AsyncIterator[Entry]:
        """Every live entry that has an embedding, in any order: for rebuilding an index."""
        ...

    def refs(self, now: float) -> AsyncIterator[Sequence[EntryRef]]:
        """What `scan` would bring, in pages, without reading it all."""
        ...

    async def close(self) -> None: ...


class SharedState(Protocol):
    """Small durable facts shared by all workers: tenant secret, generations, accepted credentials, kill switch."""

    async def get(self, key: str) -> bytes | None:
        """None for what was never set, was deleted, or has lived its `ttl_s`."""
        ...

    async def set(self, key: str, value: bytes, *, ttl_s: float | None = None) -> None:
        """In place of what was there, its life included; None: for good."""
        ...

    async def set_if_absent(self, key: str, value: bytes) -> bytes:
        """Returns the value that is there afterwards, ours or the one that came first."""
        ...

    async def increment(self, key: str) -> int:
        """Adds one to a counter that starts at 0; returns the new value."""
        ...

    async def delete(self, key: str) -> None:
        """Nothing happens where there is nothing."""
        ...


GAP = "gap"
"""The kind of a `Change` that nobody publishes: first of a reading when changes before it are gone."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change feed. kind: entry | removed | dropped | quarantine | flushed | credential | switch.

    And GAP: the feed says it where changes are gone, and the reader must start afresh.
    """

    kind: str
    body: bytes
    position: int = 0


Publish = Callable[[str, bytes], Awaitable[int]]
"""(kind, body): tells the other workers; see `ChangeFeed.publish`."""


class ChangeFeed(Protocol):
    """What other workers did, in order (R25): a writer commits, publishes, then replies."""

    async def start(self) -> int:
        """Begins to follow; everything up to the returned position is in the store already."""
        ...

    def version(self) -> int:
        """The newest position this process can see without waiting; compared on every look-up.

        A feed that has not been heard for too long says one that nobody has applied; `read` may succeed all the same.
        """
        ...

    async def publish(self, kind: str, body: bytes) -> int:
        """Appends; returns its position. Positions rise."""
        ...

    async def read(self, after: int, limit: int = 1000) -> list[Change]:
        """Changes with a position above `after`, oldest first.

        A first line of kind `gap` means that older ones are lost: start afresh from the store, go on from its position.
        """
        ...


class FeedbackLedger(Protocol):
    """Served hits for 7 days; labels and quarantines for good, where eviction cannot reach them (R23)."""

    async def remember(self, hits: Sequence[ServedHit]) -> None:
        """Repeating one changes nothing; after a BackendError some may be there."""
        ...

    async def find_hit(self, hit_id: str) -> ServedHit | None: ...

    async def last_hit(self, tenant: bytes, exact_key: bytes) -> ServedHit | None:
        """The newest hit served to this tenant for this very request."""
        ...

    async def record(self, label: Label) -> bool:
        """Durable when it returns; False when a label for this hit id was there already (nothing changes)."""
        ...

    async def quarantine(self, item: Quarantine) -> None:
        """Durable when it returns; repeating it changes nothing."""
        ...

    async def quarantines(self) -> list[Quarantine]: ...

    def labels(self) -> AsyncIterator[Label]: ...


PendingWrite = Callable[[], Awaitable[None]]
"""A write that the store could not take, to be tried again: takes something out for good, on every worker, or notes
where it is. Raises BackendError while that cannot be done."""


class Quarantines(Protocol):
    """What is never served again, as this process knows it; looked up without waiting."""

    @property
    def withheld(self) -> Mapping[bytes | str, object]:
        """What was withdrawn and could not be taken out yet, by id of the entry, exact key, or the provider's id."""
        ...

    def forbids(self, tenant: bytes, domain: str, prompt: str, stored_prompt: str) -> bool:
        """Whether this pair of texts was reported as a bad hit, either way round, in any spelling of either."""
        ...

    def is_banned(self, entry_id: bytes) -> bool:
        """Whether the entry itself was taken out, after `quarantine_after` distinct prompts."""
        ...

    def logit_floor(self, entry_id: bytes, scorer_digest: str) -> float | None:
        """The highest logit with which this entry was a bad hit: at or below it, it never answers again."""
        ...


class Reports(Protocol):
    """Where hits are noted and reports about them arrive."""

    def served(self, hit: ServedHit) -> None:
        """Notes a hit, written in batches after the answer."""
        ...

    async def reported(self, report: ReportAsk) -> str:
        """`recorded`, `ignored; reason=…` or `failed`; when it says recorded, no worker serves the pair again."""
        ...


class Thresholds(Protocol):
    """The decision rule that holds in a domain now."""

    def current(self, domain: str) -> Threshold: ...


Explain = Callable[[str, str, str], Coroutine[None, None, Mapping[str, object]]]
"""(asked, remembered, domain): what each stage says of the pair, JSON-ready. Raises BadRequest, BackendError."""


@dataclass(frozen=True, slots=True)
class UpstreamCall:
    """One request as it goes out: raw target below the base URL, end-to-end headers, original bytes.

    upgrade: the protocol that the client asks for (`websocket`); after a 101, `body` is what the client sends on the
    switched connection and the reply's chunks are what comes back, both as they are.
    """

    upstream: str
    method: str
    target: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes | AsyncIterator[bytes] | None
    upgrade: bytes | None = None


class UpstreamReply(Protocol):
    """A response head, and its body as it arrives, content codings untouched."""

    @property
    def status(self) -> int: ...

    @property
    def reason(self) -> str: ...

    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        """End-to-end headers only, in order, names spelled as the upstream spelled them."""
        ...

    @property
    def is_delimited(self) -> bool:
        """False when only the closing of the connection ends the body."""
        ...

    async def read(self) -> bytes:
        """The next body bytes as they arrive, b"" at the end; raises UpstreamError when the upstream dies first.

        Cancelling it loses nothing: another task may go on reading (a client that leaves hands its call to those
        who are collapsed on it).
        """
        ...

    async def close(self) -> None:
        """Idempotent; before the end of the body it cuts the connection, so the upstream sees it at once."""
        ...


Decode = Callable[[bytes, str, int], bytes | None]
"""(body, content-encoding, max_bytes) -> identity bytes; None for an unknown coding or a body that grows too large."""


class Upstream(Protocol):
    """The provider. No retries but the one of R35."""

    async def send(self, call: UpstreamCall) -> UpstreamReply:
        """Waits for the response head; raises UpstreamError."""
        ...

    async def close(self) -> None: ...


class Observer(Protocol):
    """Reads what happened after it happened; must not raise, must not wait."""

    def observed(self, outcome: Outcome) -> None:
        """One request, after its answer is on the wire."""
        ...

    def reported(self, verdict: str, result: str) -> None:
        """One report, by header or later: `bad-hit` or `good-hit`, and what the reporter was told."""
        ...
