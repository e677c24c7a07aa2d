"""A stored answer, ready to be sent: literal bytes with slots for what is fresh in every hit."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from proxy.core.hit_id import TOKEN_CHARACTERS
from proxy.core.spans import spelled_spans, value_spans


@dataclass(frozen=True, slots=True)
class FreshId:
    """Where an id stands, quotes included: prefix, then the hit's token, then suffix. Plain ASCII without quotes.

    characters: how many of the token's first stand there, where the id may not be as long as the token.
    """

    prefix: bytes
    suffix: bytes = b""
    characters: int = TOKEN_CHARACTERS


@dataclass(frozen=True, slots=True)
class FreshTime:
    """Where the time of creation stands (unix seconds)."""


Piece = bytes | FreshId | FreshTime
CREATED = FreshTime()
SOME_TIME = 1_700_000_000
"""As long as any until 2286."""


class Template:
    """Pieces in order. content_type: of the form this template is in.

    Kept as one `%` format: a stream has two slots in each event, and the interpreter would visit them one by one.
    """

    __slots__ = ("_format", "_has_slots", "_size_bytes", "content_type")

    def __init__(self, pieces: Sequence[Piece], content_type: str) -> None:
        self.content_type = content_type
        literals = [piece for piece in pieces if isinstance(piece, bytes)]
        self._has_slots = len(literals) < len(pieces)
        self._format = b"".join([_slot(piece) for piece in pieces] if self._has_slots else literals)
        self._size_bytes: int | None = None

    @property
    def size_bytes(self) -> int:
        """Of each body."""
        if self._size_bytes is None:
            self._size_bytes = len(self.render(token="x" * TOKEN_CHARACTERS, created=SOME_TIME))
        return self._size_bytes

    def render(self, *, token: str, created: int) -> bytes:
        """The body of one hit. `token`: the hit's id, plain ASCII without quotes or backslashes."""
        if not self._has_slots:
            return self._format
        return self._format % {b"token": token.encode("ascii"), b"created": created}


def _slot(piece: Piece) -> bytes:
    if isinstance(piece, bytes):
        return piece.replace(b"%", b"%%")
    return _fresh_slot(piece)


@functools.lru_cache(maxsize=64)
def _fresh_slot(piece: FreshId | FreshTime) -> bytes:
    match piece:
        case FreshId():
            prefix, suffix = piece.prefix.replace(b"%", b"%%"), piece.suffix.replace(b"%", b"%%")
            return b'"%b%%(token).%db%b"' % (prefix, piece.characters, suffix)
        case FreshTime():
            return b"%(created)d"
    assert_never(piece)


def slotted(payload: bytes, keys: Mapping[str, Piece], *, is_parsed: bool = False) -> list[Piece]:
    """Cuts one JSON object at the values of `keys`; every other byte stays as it is. is_parsed: it is known to be one
    that has them all.

    Raises ValueError when `payload` is not one JSON object in UTF-8.
    """
    spans = spelled_spans(payload, keys) if is_parsed else None
    spans = _byte_spans(payload, keys) if spans is None else spans
    pieces: list[Piece] = []
    position = 0
    for (start, end), key in sorted((span, key) for key, span in spans.items()):
        pieces += [payload[position:start], keys[key]]
        position = end
    pieces.append(payload[position:])
    return pieces


def _byte_spans(payload: bytes, keys: Mapping[str, Piece]) -> dict[str, tuple[int, int]]:
    text = payload.decode()
    spans = value_spans(text, keys)
    if len(text) == len(payload):
        return spans
    return {key: (len(text[:start].encode()), len(text[:end].encode())) for key, (start, end) in spans.items()}
