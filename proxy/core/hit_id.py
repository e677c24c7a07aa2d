"""Ids of hits: HMAC tokens that name the entry and the prompt, so that a report needs no stored row (R23).

Sealed for the credential that got the hit: nobody else can report it (R13).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import math
from dataclasses import dataclass

from proxy.core.entry import ID_BYTES
from proxy.core.seal import seal

NONCE_BYTES = 6
PROMPT_BYTES = 16
MAC_BYTES = 12
_PAYLOAD_BYTES = NONCE_BYTES + ID_BYTES + PROMPT_BYTES
TOKEN_CHARACTERS = math.ceil((_PAYLOAD_BYTES + MAC_BYTES) * 4 / 3)


@dataclass(frozen=True, slots=True)
class HitId:
    """What a token says, once its seal was checked. prompt_digest: the first 16 bytes of the prompt's sha256."""

    entry_id: bytes
    prompt_digest: bytes


def mint(secret: bytes, credential: bytes, entry_id: bytes, prompt_digest: bytes, *, nonce: bytes) -> str:
    """A URL-safe token; `nonce` is 6 random bytes, so that each hit has its own id."""
    payload = nonce + entry_id + prompt_digest[:PROMPT_BYTES].ljust(PROMPT_BYTES, b"\0")
    sealed = payload + _seal(secret, credential, payload)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")


def hit_id_in(completion_id: str) -> str:
    """The id of a hit as its body says it, `chatcmpl-…`, without what stands before it; a bare one stays as it is."""
    return completion_id.removeprefix("chatcmpl-").removeprefix("resp_").removeprefix("cmpl-")


def opened(secret: bytes, credential: bytes, token: str) -> HitId | None:
    """What the token says, or None for a token that was never minted for this credential."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if token != base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii"):
        return None  # the last character has bits to spare: one hit would have several ids, each good for one report
    payload, seal = sealed[:_PAYLOAD_BYTES], sealed[_PAYLOAD_BYTES:]
    if len(payload) != _PAYLOAD_BYTES or not hmac.compare_digest(seal, _seal(secret, credential, payload)):
        return None
    return HitId(payload[NONCE_BYTES : NONCE_BYTES + ID_BYTES], payload[NONCE_BYTES + ID_BYTES :])


def _seal(secret: bytes, credential: bytes, payload: bytes) -> bytes:
    return seal(secret, b"hit" + credential, payload)[:MAC_BYTES]
