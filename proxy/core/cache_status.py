"""What a client is told about where its answer came from: `Cache-Status` (RFC 9211, R21) and headers of ours."""

from __future__ import annotations

from typing import assert_never

from proxy.core.cors import with_ours
from proxy.core.entry import Record
from proxy.core.outcome import Outcome
from proxy.core.reasons import CacheMode, ExactOnlyReason, MissReason
from proxy.core.sse import CONTENT_TYPE as EVENTS

Fields = list[tuple[str, str]]


def hit_fields(outcome: Outcome, *, content_type: str, hit_id: str, record: Record) -> Fields:
    """All header fields of a hit but Date and framing. record: the stored answer."""
    fields = [
        ("Content-Type", content_type),
        ("Age", str(outcome.age_s)),
        ("Cache-Status", f"equicache; hit; ttl={outcome.ttl_s}; detail={outcome.hit}"),
        ("equicache-id", hit_id),
        ("x-request-id", outcome.request_id),
    ]
    if record.openai_version:
        fields.append(("openai-version", record.openai_version))
    if content_type.startswith(EVENTS):
        fields.append(("X-Accel-Buffering", "no"))
    return fields + list(with_ours(record.cors))


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
