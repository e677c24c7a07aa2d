"""What a client is told about where its answer came from: `Cache-Status` (RFC 9211, R21) and headers of ours."""

from __future__ import annotations

import functools
from typing import assert_never

from proxy.core.cors import Fields as CorsFields
from proxy.core.cors import with_ours
from proxy.core.outcome import Outcome
from proxy.core.reasons import CacheMode, ExactOnlyReason, HitKind, MissReason
from proxy.core.sse import CONTENT_TYPE as EVENTS

Fields = list[tuple[str, str]]


@functools.lru_cache(maxsize=1024)
def hit_lines(content_type: str, kind: HitKind, openai_version: str | None, cors: CorsFields) -> bytes:
    """The header lines of a hit but for Date and framing, in their order, with slots: age and time to live (both in
    whole seconds), the hit's id, the request's id."""
    fields = [
        ("Content-Type", _literal(content_type)),
        ("Age", "%d"),
        ("Cache-Status", f"equicache; hit; ttl=%d; detail={kind}"),
        ("equicache-id", "%b"),
        ("x-request-id", "%b"),
    ]
    if openai_version:
        fields.append(("openai-version", _literal(openai_version)))
    if content_type.startswith(EVENTS):
        fields.append(("X-Accel-Buffering", "no"))
    return _lines([*fields, *((name, _literal(value)) for name, value in with_ours(cors))])


def debug_lines(outcome: Outcome) -> bytes:
    """Distances, for demo and development only: who probes an app must not read them."""
    facts = {"entry": outcome.entry_id, "similarity": outcome.similarity, "probability": outcome.probability,
             "threshold": outcome.threshold}  # fmt: skip
    return _lines([(f"equicache-{name}", str(value)) for name, value in facts.items() if value is not None])


def _lines(fields: Fields) -> bytes:
    return "".join([f"{name}: {value}\r\n" for name, value in fields]).encode("latin-1")


def _literal(text: str) -> str:
    return text.replace("%", "%%")


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
