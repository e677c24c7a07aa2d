"""A stored answer, ready to be sent: literal bytes with slots for what is fresh in every hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from proxy.core.spans import value_spans


@dataclass(frozen=True, slots=True)
class FreshId:
    """Where an id stands, quotes included: prefix, then the hit's token, then suffix. Plain ASCII without quotes."""

    prefix: bytes
    suffix: bytes = b""


@dataclass(frozen=True, slots=True)
class FreshTime:
    """Where the time of creation stands (unix seconds)."""


Piece = bytes | FreshId | FreshTime
CREATED = FreshTime()


@dataclass(frozen=True, slots=True)
class Template:
    """Pieces in order; neighbouring literals are merged. content_type: of the form this template is in."""

    pieces: tuple[Piece, ...]
    content_type: str

    def render(self, *, token: str, created: int) -> bytes:
        """The body of one hit. `token`: the hit's id, plain ASCII without quotes or backslashes."""
        fresh = token.encode("ascii")
        return b"".join([_rendered(piece, fresh, created) for piece in self.pieces])


def _rendered(piece: Piece, token: bytes, created: int) -> bytes:
    match piece:
        case bytes():
            return piece
        case FreshId():
            return b'"%b%b%b"' % (piece.prefix, token, piece.suffix)
        case FreshTime():
            return b"%d" % created
    assert_never(piece)


def merged(pieces: Sequence[Piece], content_type: str) -> Template:
    """A template with runs of literals joined, so that rendering touches as few pieces as can be."""
    out: list[Piece] = []
    run: list[bytes] = []
    for piece in [*pieces, None]:
        if isinstance(piece, bytes):
            run.append(piece)
            continue
        if joined := b"".join(run):
            out.append(joined)
        run = []
        if piece is not None:
            out.append(piece)
    return Template(tuple(out), content_type)


def slotted(payload: bytes, keys: Mapping[str, Piece]) -> list[Piece]:
    """Cuts one JSON object at the values of `keys`; every other byte stays as it is.

    Raises ValueError when `payload` is not one JSON object in UTF-8.
    """
    text = payload.decode()
    spans = sorted((span, key) for key, span in value_spans(text, keys).items())
    pieces: list[Piece] = []
    position = 0
    for (start, end), key in spans:
        pieces += [text[position:start].encode(), keys[key]]
        position = end
    pieces.append(text[position:].encode())
    return pieces
