"""Frozen routes and domains: what one request may do, built once by `proxy.config`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from proxy.core.reasons import CacheMode


class Match(Protocol):
    """One match of a pattern."""

    def group(self, index: int = 0, /) -> str | None: ...
    def start(self, index: int = 0, /) -> int: ...
    def end(self, index: int = 0, /) -> int: ...


class Pattern(Protocol):
    """A compiled RE2 pattern (linear time; Python's `re` took 70 ms on 31 hostile characters)."""

    @property
    def pattern(self) -> str: ...
    def sub(self, replacement: str, text: str, /) -> str: ...
    def finditer(self, text: str, /) -> Iterator[Match]: ...


class TenancyKind(StrEnum):
    """Who shares entries with whom."""

    CREDENTIAL = "credential"
    USER = "user"
    HEADER = "header"
    HEADER_ONLY = "header_only"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Tenancy:
    """`user` and `header` are added to the credential, `header_only` replaces it (R11)."""

    kind: TenancyKind = TenancyKind.CREDENTIAL
    header: str = ""


class Eviction(StrEnum):
    """Which entry leaves when a domain is full."""

    LRU = "lru"
    LFU = "lfu"
    FIFO = "fifo"


UNSTORED_KINDS = ("time_bound", "side_effect")
"""Kinds of question whose answers are not stored, unless a domain's `bypass` leaves them out (R18)."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A part of memory with one promise. Times in seconds, sizes in bytes, lengths in tokens."""

    name: str = "default"
    max_false_hit_rate: float = 0.03
    threshold: float | None = None
    ttl_s: float = 86400.0
    max_entries: int = 100_000
    eviction: Eviction = Eviction.LRU
    tenancy: Tenancy = Tenancy()
    languages: tuple[str, ...] = ("en",)
    max_prompt_tokens: int = 128
    max_response_bytes: int = 1_048_576
    quarantine_after: int = 3
    candidates: int = 4
    similarity_floor: float = 0.70
    bypass: frozenset[str] = frozenset({"time_bound", "side_effect", "context_bound", "novelty", "personal"})
    scope_ignore: tuple[str, ...] = ()
    scope_mask: tuple[Pattern, ...] = ()
    prompt_extract: Pattern | None = None

    @property
    def stored_kinds(self) -> tuple[str, ...]:
        """Of the `UNSTORED_KINDS` those that this domain stores all the same."""
        return tuple(kind for kind in UNSTORED_KINDS if kind not in self.bypass)


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where a route forwards to; `base_url` stands for the client's `/v1`."""

    name: str
    base_url: str
    timeout_s: float = 600.0
    connect_timeout_s: float = 10.0
    api_key: str | None = field(default=None, repr=False)
    ca_file: str | None = None

    @property
    def is_azure(self) -> bool:
        """Whether a `model` in a body there is a deployment's name, which is the operator's own."""
        return (urlsplit(self.base_url).hostname or "").endswith((".azure.com", ".azure.us", ".azure.cn"))


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """A request matches when path, model and headers all match (`*` is any run of characters)."""

    path: str = "*"
    model: str = "*"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the routing table; the first match wins."""

    name: str
    match: RouteMatch
    upstream: Upstream
    domain: Domain
    domains: Mapping[str, Domain] = field(default_factory=dict)
    cache: CacheMode = CacheMode.SEMANTIC
    max_temperature: float = 1.0
    scope_headers: tuple[str, ...] = ()
    stateless_fields: frozenset[str] = frozenset()
    max_request_bytes: int = 1_048_576
    debug_headers: bool = False
