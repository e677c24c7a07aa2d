"""All that happened to one request; log, metrics and totals only read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from proxy.core.reasons import CacheMode, DropReason, HitKind, Reason

ANSWERED = "request.answered"
"""The event of the log that tells of one request."""

SHOWN_MODEL_CHARS = 200
"""Of a model's name in log and totals: it is the client's text, as long as the client likes."""


class Result(StrEnum):
    """The one word about a request."""

    HIT = "hit"
    MISS = "miss"
    BYPASS = "bypass"
    ERROR = "error"


@dataclass(slots=True)
class Outcome:
    """Facts of one request, filled by the pipeline, read by observers after the bytes are written.

    Durations in milliseconds, `started_at` in unix seconds. Texts and credentials never enter it.
    """

    request_id: str
    started_at: float
    route: str = ""
    domain: str = ""
    endpoint: str = ""
    mode: CacheMode = CacheMode.OFF
    result: Result = Result.BYPASS
    reason: Reason | None = None
    hit: HitKind | None = None
    guard: str | None = None
    scope_field: str | None = None
    drop: DropReason | None = None
    stored: bool = False
    shadow: bool = False
    collapsed: bool = False
    streamed: bool = False
    status: int = 0
    entry_id: str | None = None
    age_s: int | None = None
    ttl_s: int | None = None
    similarity: float | None = None
    logit: float | None = None
    probability: float | None = None
    threshold: float | None = None
    model: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    body_bytes: int = 0
    embed_ms: float | None = None
    search_ms: float | None = None
    score_ms: float | None = None
    upstream_ms: float | None = None
    total_ms: float | None = None
    extra: dict[str, str] = field(default_factory=dict)
