"""A stored answer, ready to be sent: literal bytes with slots for what is fresh in every hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from proxy.core.spans import value_spans


class Slot(Enum):
    """What changes from hit to hit: the completion's id and its time of creation (unix seconds)."""

    ID = "id"
    CREATED = "created"


Piece = bytes | Slot


@dataclass(frozen=True, slots=True)
class Template:
    """Pieces in order; neighbouring literals are merged. content_type: of the form this template is in."""

    pieces: tuple[Piece, ...]
    content_type: str

    def render(self, *, completion_id: str, created: int) -> bytes:
        """The body of one hit. `completion_id` is plain ASCII without quotes or backslashes."""
        fresh = {Slot.ID: b'"' + completion_id.encode("ascii") + b'"', Slot.CREATED: str(created).encode()}
        return b"".join(piece if isinstance(piece, bytes) else fresh[piece] for piece in self.pieces)


def merged(pieces: Sequence[Piece], content_type: str) -> Template:
    """A template with runs of literals joined, so that rendering touches as few pieces as can be."""
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, bytes) and out and isinstance(out[-1], bytes):
            out[-1] += piece
        elif piece != b"":
            out.append(piece)
    return Template(tuple(out), content_type)


def slotted(payload: bytes, keys: dict[str, Slot]) -> list[Piece]:
    """Cuts one JSON object at the values of `keys`; every other byte stays as it is.

    Raises ValueError when `payload` is not one JSON object in UTF-8.
    """
    text = payload.decode()
    spans = sorted((span, keys[key]) for key, span in value_spans(text, keys).items())
    pieces: list[Piece] = []
    position = 0
    for (start, end), slot in spans:
        pieces += [text[position:start].encode(), slot]
        position = end
    pieces.append(text[position:].encode())
    return pieces
