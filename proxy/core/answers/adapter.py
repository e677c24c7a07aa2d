"""What every endpoint's adapter says about answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from proxy.core.entry import Form, Record
from proxy.core.reasons import DropReason
from proxy.core.template import Template


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form a request asks for. include_usage, include_obfuscation: the request's stream_options.

    echo: the request's own words (name, JSON) where its domain lets requests differ that a hit by meaning may answer,
    and an answer says them again; a stored answer says another caller's.
    """

    form: Form
    include_usage: bool = False
    include_obfuscation: bool = True
    echo: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """A complete, storable-looking answer, read.

    texts: one content per choice, in order of index; for the checks of `storable`. thoughts: what is said beside them.
    model: as the answer names it, empty if it names none.
    usage: prompt and completion tokens if the answer counts them. vectors: how many, of embeddings.
    """

    completion: bytes | None
    has_usage: bool
    texts: tuple[str, ...]
    model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    response_id: str | None = None
    thoughts: str = ""
    vectors: int = 0


class AnswerAdapter(Protocol):
    """One endpoint's answers; pure and stateless."""

    def read(self, form: Form, body: bytes) -> Finished | DropReason:
        """Whether `body` (identity coding, all bytes) is a whole answer that may be kept."""
        ...

    def template(self, record: Record, wanted: Wanted, *, is_semantic: bool) -> Template | None:
        """The answer in the wanted form, or None when the record cannot give it (reason `form`)."""
        ...
