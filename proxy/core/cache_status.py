"""What a client is told about where its answer came from: `Cache-Status` (RFC 9211, R21) and headers of ours."""

from __future__ import annotations

from typing import assert_never

from proxy.core.cors import Fields as CorsFields
from proxy.core.cors import with_ours
from proxy.core.outcome import Outcome
from proxy.core.reasons import CacheMode, ExactOnlyReason, HitKind, MissReason
from proxy.core.sse import CONTENT_TYPE as EVENTS

Fields = list[tuple[str, str]]


def hit_fields(
    *, content_type: str, age: str, ttl: str, kind: HitKind, hit_id: str, request_id: str, openai_version: str | None,
    cors: CorsFields,
) -> Fields:  # fmt: skip
    """All header fields of a hit but Date and framing, in their order. age, ttl: whole seconds."""
    fields = [
        ("Content-Type", content_type),
        ("Age", age),
        ("Cache-Status", f"equicache; hit; ttl={ttl}; detail={kind}"),
        ("equicache-id", hit_id),
        ("x-request-id", request_id),
    ]
    if openai_version:
        fields.append(("openai-version", openai_version))
    if content_type.startswith(EVENTS):
        fields.append(("X-Accel-Buffering", "no"))
    return [*fields, *with_ours(cors)]


def debug_fields(outcome: Outcome) -> Fields:
    """Distances, for demo and development only: who probes an app must not read them."""
    facts = {"entry": outcome.entry_id, "similarity": outcome.similarity, "probability": outcome.probability,
             "threshold": outcome.threshold}  # fmt: skip
    return [(f"equicache-{name}", str(value)) for name, value in facts.items() if value is not None]


def miss_status(outcome: Outcome, reason: MissReason | ExactOnlyReason) -> str:
    """`request` when the client asked for it, `stale` when only age stood against it."""
    if outcome.mode is CacheMode.SHADOW:
        return f"equicache; fwd=bypass; detail={'shadow_hit' if outcome.shadow else 'shadow_miss'}"
    match reason:
        case MissReason.REFRESH | MissReason.REPORTED | MissReason.TOO_OLD:
            return "equicache; fwd=request"
        case MissReason.STALE:
            return "equicache; fwd=stale"
        case MissReason.SCOPE_DIFFERS if outcome.scope_field:
            return f'equicache; fwd=miss; detail="{reason} {outcome.scope_field}"'
        case MissReason() | ExactOnlyReason():
            return f"equicache; fwd=miss; detail={reason}"
        case _ as never:
            assert_never(never)
