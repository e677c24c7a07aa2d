"""Ids of hits: HMAC tokens that name the entry and the prompt, so that a report needs no stored row (R23)."""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
from dataclasses import dataclass

from proxy.core.entry import ID_BYTES

NONCE_BYTES = 6
PROMPT_BYTES = 16
MAC_BYTES = 12
BLOCK_BYTES = 64
_PAYLOAD_BYTES = NONCE_BYTES + ID_BYTES + PROMPT_BYTES


@dataclass(frozen=True, slots=True)
class HitId:
    """What a token says, once its seal was checked. prompt_digest: the first 16 bytes of the prompt's sha256."""

    entry_id: bytes
    prompt_digest: bytes


def mint(secret: bytes, tenant: bytes, entry_id: bytes, prompt_digest: bytes, *, nonce: bytes) -> str:
    """A URL-safe token; `nonce` is 6 random bytes, so that each hit has its own id."""
    payload = nonce + entry_id + prompt_digest[:PROMPT_BYTES].ljust(PROMPT_BYTES, b"\0")
    sealed = payload + _seal(secret, tenant, payload)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")


def opened(secret: bytes, tenant: bytes, token: str) -> HitId | None:
    """What the token says, or None for a token that this secret never gave to this tenant."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    payload, seal = sealed[:_PAYLOAD_BYTES], sealed[_PAYLOAD_BYTES:]
    if len(payload) != _PAYLOAD_BYTES or not hmac.compare_digest(seal, _seal(secret, tenant, payload)):
        return None
    return HitId(payload[NONCE_BYTES : NONCE_BYTES + ID_BYTES], payload[NONCE_BYTES + ID_BYTES :])


def _seal(secret: bytes, tenant: bytes, payload: bytes) -> bytes:
    """HMAC-SHA256 over "hit", tenant and payload. From its two hashes, begun once for each tenant: through `hmac` each
    hit pays for finding SHA-256 and for reading the key anew, three times as much.
    """
    begun_inner, begun_outer = _begun(secret, tenant)
    inner, outer = begun_inner.copy(), begun_outer.copy()
    inner.update(payload)
    outer.update(inner.digest())
    return outer.digest()[:MAC_BYTES]


@functools.lru_cache(maxsize=4096)
def _begun(secret: bytes, tenant: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """RFC 2104: the inner and the outer hash, as far as they are the same in every seal of a tenant."""
    block = (hashlib.sha256(secret).digest() if len(secret) > BLOCK_BYTES else secret).ljust(BLOCK_BYTES, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + b"hit" + tenant)
    return inner, hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
