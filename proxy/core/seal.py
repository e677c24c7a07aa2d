"""HMAC-SHA256 of many messages under few secrets: what is the same in all of them is hashed once."""

from __future__ import annotations

import functools
import hashlib

BLOCK_BYTES = 64


def seal(secret: bytes, first: bytes, rest: bytes) -> bytes:
    """The 32 bytes of `hmac.digest(secret, first + rest, "sha256")`; `first` is what many messages begin with.

    OpenSSL 3 looks the hash up and reads the key anew with each one-shot HMAC: three times as much.
    """
    begun_inner, begun_outer = _begun(secret, first)
    inner, outer = begun_inner.copy(), begun_outer.copy()
    inner.update(rest)
    outer.update(inner.digest())
    return outer.digest()


@functools.lru_cache(maxsize=4096)
def _begun(secret: bytes, first: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """RFC 2104: the inner and the outer hash, as far as they do not depend on the rest."""
    block = (hashlib.sha256(secret).digest() if len(secret) > BLOCK_BYTES else secret).ljust(BLOCK_BYTES, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + first)
    return inner, hashlib.sha256(bytes(byte ^ 0x5C for byte in block))
