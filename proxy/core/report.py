"""Reports of hits: what was served, what was said about it, and what is never served again."""

from __future__ import annotations

from dataclasses import dataclass

RECORDED = "recorded"
"""What a reporter is told when the report holds; else `ignored; reason=…` or `failed`."""


@dataclass(frozen=True, slots=True)
class ServedHit:
    """One hit as it left, kept so that a later report can be checked against it.

    id: the HMAC token that the client saw. kind: exact | semantic | masked. logit: None unless scored. prompt_digest,
    stored_prompt_digest: of either text in any spelling (`core/spelling`); earlier versions wrote others.
    """

    id: str
    entry_id: bytes
    tenant: bytes
    domain: str
    kind: str
    exact_key: bytes
    prompt: str
    prompt_digest: bytes
    stored_prompt: str
    stored_prompt_digest: bytes
    logit: float | None
    scorer_digest: str
    served_at: float


@dataclass(frozen=True, slots=True)
class ReportAsk:
    """A client's word about a hit. credential: 32 bytes, who says it; hit_id None: the last hit for `exact_key`.

    is_tenant_shared: whether callers of any credential are this tenant.
    """

    is_bad: bool
    hit_id: str | None
    reason: str
    credential: bytes
    tenant: bytes | None = None
    exact_key: bytes | None = None
    is_tenant_shared: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One line of the ledger: the training schema's pair plus who said so. label: 1 good hit, 0 bad hit."""

    hit_id: str
    a: str
    b: str
    label: int
    domain: str
    tenant: bytes
    reason: str
    logit: float | None
    scorer_digest: str
    at: float


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A pair of texts (by digest) that is never served again in this tenant and domain, for good.

    entry_id: the entry that answered; `logit_floor`: that entry never again answers a prompt whose logit, by the
    same scorer, is not above it. entry_banned: after `quarantine_after` distinct prompts the entry itself.
    """

    tenant: bytes
    domain: str
    prompt_digest: bytes
    stored_prompt_digest: bytes
    entry_id: bytes
    logit_floor: float | None
    scorer_digest: str
    at: float
