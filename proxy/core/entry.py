"""Stored responses: the record of one answer, the entry that holds it, and what a search brings back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from proxy.core.cors import Fields as CorsFields
from proxy.core.embedding import Embedding

ID_BYTES = 16
DIGEST_BYTES = 32


class Form(StrEnum):
    """The two shapes in which one answer can travel."""

    JSON = "json"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Record:
    """One complete answer, in the form it was born in (R15).

    body: the bytes as they came, after content codings were undone.
    completion: the assembled JSON object, present only if every key of the answer is in the known table;
        without it the record answers its own form only.
    has_usage: whether `completion` carries the upstream's `usage` (needed to answer JSON or include_usage).
    is_usage_unasked: whether the request did not ask for usage in its stream; what has come is the provider's habit.
    cors: what the answer's headers let web pages do, see `core/cors`.
    """

    endpoint: str
    form: Form
    body: bytes
    completion: bytes | None
    has_usage: bool
    content_type: str
    openai_version: str | None = None
    is_usage_unasked: bool = False
    cors: CorsFields = ()


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A stored response with everything that must be equal before it is served.

    id: 16 random bytes. exact_key, scope: sha256 digests. tenant: 32 bytes (HMAC of the credential headers).
    scope_fields: per scope field an 8-byte digest, so that `scope_differs` can name the field.
    prompt, embedding: None when the entry answers the exact tier only.
    prompt_digest: sha256 of the question text, also for exact-only entries that have one; else empty.
    created_at, expires_at: unix seconds. tool_call_ids etc. never occur: such answers are not stored.
    """

    id: bytes
    exact_key: bytes
    scope: bytes
    scope_fields: Mapping[str, bytes]
    tenant: bytes
    route: str
    domain: str
    generation: int
    model: str
    prompt: str | None
    prompt_digest: bytes
    embedding: Embedding | None
    embedder_digest: str
    plan_version: int
    record: Record
    created_at: float
    expires_at: float
    tags: tuple[str, ...] = ()
    upstream_response_id: str | None = None

    @property
    def ref(self) -> EntryRef:
        """What an index needs to know of it."""
        return EntryRef(self.id, self.scope)

    def is_fresh(self, now: float) -> bool:
        """Whether the entry may still be served at `now` (unix seconds)."""
        return self.created_at <= now + MAX_CLOCK_SKEW_S and now < self.expires_at

    def embedding_by(self, embedder_digest: str) -> Embedding | None:
        """Its embedding if the embedder of this digest made it: what different ones make is never compared."""
        return self.embedding if self.embedder_digest == embedder_digest else None

    def living_for(self, ttl_s: float) -> Entry:
        """This entry, stale `ttl_s` seconds after it was made at the latest: a domain's present life holds for all."""
        expires_at = self.created_at + ttl_s
        return self if self.expires_at <= expires_at else replace(self, expires_at=expires_at)

    def age_s(self, now: float) -> int:
        """RFC 9111 §4.2.3 age in whole seconds, never negative."""
        return max(0, int(now - self.created_at))

    def ttl_left_s(self, now: float) -> int:
        """Whole seconds of freshness left, never negative."""
        return max(0, int(self.expires_at - now))


MAX_CLOCK_SKEW_S = 300.0
"""An entry from further in the future than this was written by a broken clock: stale."""


@dataclass(frozen=True, slots=True)
class EntryRef:
    """Enough to put an entry into an index, beside its vector, and to take it out."""

    id: bytes
    scope: bytes


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One search result; similarity is the cosine in [-1, 1], higher is nearer."""

    id: bytes
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A live entry that the search brought back."""

    entry: Entry
    similarity: float
