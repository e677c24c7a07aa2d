"""One spelling of a question: what people vary without meaning anything by it."""

from __future__ import annotations

import hashlib
import unicodedata

FINAL = " .!?…;,"
"""Signs at the end of a text that change nothing."""


def one_spelling(text: str) -> str:
    """NFC, single spaces, straight apostrophes, no final punctuation, a small first letter but in `NASA`."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("’", "'").replace("‘", "'")  # noqa: RUF001
    text = " ".join(text.split()).rstrip(FINAL)
    is_sentence_case = text[:1].isupper() and not text[1:2].isupper()
    return text[0].lower() + text[1:] if is_sentence_case else text


def spelling_digest(text: str) -> bytes:
    """sha256 of a question however it is spelt: the asked side of a reported pair. Never the digest of a text (R23)."""
    return hashlib.sha256(b"spelling\0" + one_spelling(text).casefold().encode("utf-8", "surrogatepass")).digest()
