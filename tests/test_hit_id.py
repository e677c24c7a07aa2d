"""Ids of hits: readable again by their tenant alone, and sealed by plain HMAC-SHA256."""

from __future__ import annotations

import base64
import hmac

import pytest

from proxy.core.hit_id import MAC_BYTES, NONCE_BYTES, TOKEN_CHARACTERS, HitId, mint, opened

TENANT, ENTRY, PROMPT = b"t" * 32, b"e" * 16, b"p" * 32
NONCE = b"n" * NONCE_BYTES


@pytest.mark.parametrize("secret", [b"s", b"s" * 32, b"s" * 64, b"s" * 65, b"s" * 200])
def test_the_seal_is_hmac_sha256_whatever_the_length_of_the_secret(secret: bytes) -> None:
    token = mint(secret, TENANT, ENTRY, PROMPT, nonce=NONCE)

    payload = NONCE + ENTRY + PROMPT[:16]
    seal = hmac.digest(secret, b"hit" + TENANT + payload, "sha256")[:MAC_BYTES]
    assert base64.urlsafe_b64encode(payload + seal).rstrip(b"=").decode() == token
    assert TOKEN_CHARACTERS == len(token)


def test_only_who_got_an_id_can_open_it() -> None:
    token = mint(b"secret", TENANT, ENTRY, PROMPT, nonce=NONCE)

    assert HitId(ENTRY, PROMPT[:16]) == opened(b"secret", TENANT, token)
    assert [None, None] == [opened(b"secret", b"u" * 32, token), opened(b"other", TENANT, token)]


def test_an_id_is_written_in_one_way_only() -> None:
    token = mint(b"secret", TENANT, ENTRY, PROMPT, nonce=NONCE)
    same_bytes = token[:-1] + chr(ord(token[-1]) + 1)

    assert base64.urlsafe_b64decode(token + "==") == base64.urlsafe_b64decode(same_bytes + "==")
    assert [None, None] == [opened(b"secret", TENANT, other) for other in (same_bytes, token + "==")]
