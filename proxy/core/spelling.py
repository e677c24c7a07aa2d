"""One spelling of a question: what people vary without meaning anything by it, for hits and, wider, for reports."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

from proxy.core.scope import prompt_digest

FINAL = " .!?…;,"
"""Signs at the end of a text that change nothing."""


def one_spelling(text: str) -> str:
    """NFC, single spaces, straight apostrophes, no final punctuation, a small first letter but in `NASA`."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("’", "'").replace("‘", "'")  # noqa: RUF001
    text = " ".join(text.split()).rstrip(FINAL)
    is_sentence_case = text[:1].isupper() and not text[1:2].isupper()
    return text[0].lower() + text[1:] if is_sentence_case else text


@lru_cache(maxsize=1024)
def spelling_digest(text: str) -> bytes:
    """sha256 of a question in any spelling: a side of a reported pair. Never the digest of a text (R23).

    Letters and digits alone, without case, accents and width. So `C` and `C++` are one: what is held back too much
    costs a call.
    """
    said = "".join(map(_letters, text)) or text
    return hashlib.sha256(b"letters\0" + said.encode("utf-8", "surrogatepass")).digest()


@lru_cache(maxsize=1024)
def reported_digests(text: str) -> tuple[bytes, ...]:
    """Every digest by which a quarantine may name this text: earlier versions wrote others, and quarantines stay."""
    one = one_spelling(text).casefold().encode("utf-8", "surrogatepass")
    return spelling_digest(text), hashlib.sha256(b"spelling\0" + one).digest(), prompt_digest(text)


@lru_cache(maxsize=4096)
def _letters(character: str) -> str:
    """One by one: putting a long run of marks in order would take quadratic time."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", character).casefold()))
