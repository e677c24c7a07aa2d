"""Scope and exact key: everything that must be equal before meaning is compared (R1, R2, R9).

One function builds them for reads and for writes. Nothing here looks at a clock, a store or the wire.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from proxy.core.canonical import canonical_bytes, packed
from proxy.core.fields import left_out
from proxy.core.reasons import ExactOnlyReason
from proxy.core.request import Request
from proxy.core.route import Domain, Pattern
from proxy.core.turns import Path, Question

FORMAT_VERSION = 1
"""Raised whenever equal requests would get another digest: old entries are then never found, and expire."""

MAX_PATTERN_TEXT = 65_536
"""Characters of text that masks and extract may run over (R9); above, the request is exact only."""

FRAME_LINES = 2
"""Instructions stand there; what is between is looked up mostly, and a passage of a manual is full of commands."""

MESSAGES_APART = 4
"""Leading messages with a digest of their own; the others share one, so that an entry stays small."""

MASKED = "\ufffc"
"""Stands where a mask matched: "a1b" and "ab" stay different under the mask `\\d`."""

BYTES_PER_HEADER = 160
"""Of a pair of texts, beside their characters."""

NEVER_IGNORED = frozenset({"model", "messages", "input", "instructions", "prompt"})
MASKED_FIELDS = frozenset({"messages", "input", "instructions"})


@dataclass(frozen=True, slots=True)
class ScopeContext:
    """Where a request comes from and goes to.

    tenant: 32 bytes. target: raw path and query. headers: the answer-changing ones, see `core/answer_headers`.
    stored_kinds: of the domain; entries of a looser domain are not found once it is stricter. told_apart_by: the
    header names that the route adds; what was stored before it named one may have been asked with any value of it.
    prefix: all of it, as both keys have it.
    """

    tenant: bytes
    route: str
    domain: str
    generation: int
    base_url: str
    endpoint: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    stored_kinds: tuple[str, ...] = ()
    told_apart_by: tuple[str, ...] = ()
    prefix: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prefix", packed(_prefix(self)))  # once: many requests have the same context

    @property
    def weight(self) -> int:
        """Bytes that it holds: target and headers may be long, and stand there as text, too."""
        return 3 * len(self.prefix) + BYTES_PER_HEADER * len(self.headers)


class Scope:
    """The two keys of a request. Only `exact_key` is made at once; an exact hit never pays for the rest.

    exact_key, digest: sha256. fields: 8-byte digest per named part of the scope, in a fixed order.
    question: the text compared by meaning, after `extract`; None with `question_reason` when there is none.
    """

    __slots__ = ("_cut", "_parts", "_source", "exact_key")

    def __init__(self, request: Request, context: ScopeContext, domain: Domain) -> None:
        self.exact_key = exact_key_of(request, context)
        self._source: tuple[Request, ScopeContext, Domain] | None = (request, context, domain)
        self._cut: _Cut | ExactOnlyReason | None = None
        self._parts: tuple[bytes, dict[str, bytes]] | None = None

    @property
    def digest(self) -> bytes:
        return self._made()[0]

    @property
    def fields(self) -> Mapping[str, bytes]:
        return self._made()[1]

    @property
    def question(self) -> str | None:
        cut = self._found()
        return cut.text if isinstance(cut, _Cut) else None

    @property
    def frame(self) -> str:
        """The lines that instruct around an extracted question: of its turn the first and last `FRAME_LINES` beside it,
        but for what masks hide; empty without `extract`."""
        cut = self._found()
        return cut.frame if isinstance(cut, _Cut) else ""

    @property
    def question_reason(self) -> ExactOnlyReason | None:
        cut = self._found()
        return cut if isinstance(cut, ExactOnlyReason) else None

    def _found(self) -> _Cut | ExactOnlyReason:
        if self._cut is None:
            assert self._source is not None
            request, _, domain = self._source
            self._cut = _cut(request, domain)
        return self._cut

    def _made(self) -> tuple[bytes, dict[str, bytes]]:
        if self._parts is None:
            cut = self._found()
            assert self._source is not None
            self._parts = _digests(*self._source, cut)
            self._source = None  # a kept scope must not keep the body alive
        return self._parts


@dataclass(frozen=True, slots=True)
class _Cut:
    """The question taken out of its turn: its path, and the text around it that stays in the scope.

    frame: the outermost lines of that text, masks applied, as they are judged.
    """

    text: str
    path: Path
    before: str = ""
    after: str = ""
    frame: str = ""


def exact_key_of(request: Request, context: ScopeContext) -> bytes:
    """sha256 over the whole unmasked body but what is `left_out` (`stream`, …), with the scope's prefix."""
    without = left_out(request.fields)
    body = canonical_bytes({name: value for name, value in request.fields.items() if name not in without})
    return hashlib.sha256(packed([b"exact"]) + context.prefix + packed([body])).digest()


def scope_of(request: Request, context: ScopeContext, domain: Domain) -> Scope:
    """The scope with the question cut out, masks and `ignore` of the domain applied; for reads and for writes."""
    return Scope(request, context, domain)


def prompt_digest(text: str) -> bytes:
    """sha256 of a question text: the key of quarantines and of `scope_differs`."""
    return hashlib.sha256(text.encode()).digest()


def diff_fields(a: Mapping[str, bytes], b: Mapping[str, bytes]) -> str | None:
    """The first part in which two scopes differ (`messages[0].content`, `model`, `tools`), or None."""
    for name in (*a, *(name for name in b if name not in a)):
        if a.get(name) != b.get(name):
            return name
    return None


def hidden_fields(domain: Domain) -> frozenset[str]:
    """The top-level fields in which two requests of one scope may differ: as a whole, or where a mask matches."""
    return _ignored(domain) | (MASKED_FIELDS if domain.scope_mask else frozenset())


def _ignored(domain: Domain) -> frozenset[str]:
    return frozenset(domain.scope_ignore) - NEVER_IGNORED


def _digests(
    request: Request, context: ScopeContext, domain: Domain, cut: _Cut | ExactOnlyReason
) -> tuple[bytes, dict[str, bytes]]:
    """The scope's digest, and the 8 bytes of each of its parts."""
    spot = cut if isinstance(cut, _Cut) else None
    masks = () if cut is ExactOnlyReason.MASK_LIMIT else domain.scope_mask
    without = left_out(request.fields) | _ignored(domain)
    digests = {name: hashlib.sha256(value).digest() for name, value in _context_fields(context)}
    for name in sorted(request.fields):
        if name not in without:
            digests.update(_field_digests(name, request.fields[name], spot, masks))
    named = [part for name, digest in digests.items() for part in (name.encode(), digest)]
    where = repr(spot.path).encode() if spot else b""
    beside = packed([where, *_hidden_by(domain), *named])
    digest = hashlib.sha256(packed([b"scope"]) + context.prefix + beside).digest()
    return digest, {name: digest[:8] for name, digest in digests.items()}


def _hidden_by(domain: Domain) -> list[bytes]:
    """The rules by which the domain leaves something out of its scopes; empty where it leaves out nothing.

    What was left out leaves no trace: once less is left out, entries of the looser rules must not be found.
    """
    if not domain.scope_ignore and not domain.scope_mask:
        return []
    return [orjson.dumps([sorted(set(domain.scope_ignore)), [mask.pattern for mask in domain.scope_mask]])]


def _prefix(context: ScopeContext) -> list[bytes]:
    headers = [part.encode() for header in context.headers for part in header]
    return [
        FORMAT_VERSION.to_bytes(4),
        context.tenant,
        context.route.encode(),
        context.domain.encode(),
        *[kind.encode() for kind in context.stored_kinds],
        str(context.generation).encode(),
        context.base_url.encode(),
        context.endpoint.encode(),
        context.target.encode("utf-8", "surrogateescape"),
        len(headers).to_bytes(4),
        *headers,
        *[name.encode() for name in context.told_apart_by],
    ]


def _context_fields(context: ScopeContext) -> list[tuple[str, bytes]]:
    fields = [
        ("context.route", context.route.encode()),
        ("context.domain", context.domain.encode()),
        ("context.generation", str(context.generation).encode()),
        ("context.base_url", context.base_url.encode()),
        ("context.endpoint", context.endpoint.encode()),
        ("context.target", context.target.encode("utf-8", "surrogateescape")),
    ]
    return fields + [(f"context.header.{name}", value.encode()) for name, value in context.headers]


def _cut(request: Request, domain: Domain) -> _Cut | ExactOnlyReason:
    if domain.scope_mask and _text_length(request.fields) > MAX_PATTERN_TEXT:
        return ExactOnlyReason.MASK_LIMIT
    question = request.question
    if isinstance(question, ExactOnlyReason):
        return question
    if domain.prompt_extract is None:
        return _Cut(question.text, question.cut)
    return _extract(question, domain.prompt_extract, domain.scope_mask)


def _extract(question: Question, pattern: Pattern, masks: Sequence[Pattern]) -> _Cut | ExactOnlyReason:
    """R9: the first group of the last match is the question; what stands around it joins the scope."""
    text = question.text
    if len(text) > MAX_PATTERN_TEXT:
        return ExactOnlyReason.MASK_LIMIT
    match = None
    for match in pattern.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    part = match.group(1) if match is not None else None
    if match is None or part is None:
        return ExactOnlyReason.NO_EXTRACT
    if not part.strip():
        return ExactOnlyReason.EMPTY
    before, after = text[: match.start(1)], text[match.end(1) :]
    return _Cut(part, question.cut, before, after, _frame(_masked(before, masks), _masked(after, masks)))


def _frame(before: str, after: str) -> str:
    lines = [line for line in (*before.splitlines(), *after.splitlines()) if line.strip()]
    return "\n".join([*lines[:FRAME_LINES], *lines[FRAME_LINES:][-FRAME_LINES:]])


def _field_digests(name: str, value: object, cut: _Cut | None, masks: Sequence[Pattern]) -> Iterable[tuple[str, bytes]]:
    """One digest for a plain field; one per leading message for a conversation."""
    if name in ("messages", "input") and isinstance(value, list) and all(isinstance(each, dict) for each in value):
        yield from _message_digests(name, value, cut, masks)
    elif cut is not None and cut.path == (name,):
        yield name, _digest(b"cut", [_masked(cut.before, masks), _masked(cut.after, masks)])
    elif name in ("instructions", "input"):
        yield name, _digest(b"text", _masked(value, masks))
    else:
        yield name, _digest(b"value", value)


def _message_digests(
    name: str, messages: list[dict[str, Any]], cut: _Cut | None, masks: Sequence[Pattern]
) -> Iterable[tuple[str, bytes]]:
    apart = []
    for position, message in enumerate(messages):
        content = message.get("content")
        if cut is not None and cut.path[:2] == (name, position):
            text = [_masked(cut.before, masks), _masked(cut.after, masks)]
            inner = _digest(b"cut part" if isinstance(content, list) else b"cut", text)
        else:
            inner = _digest(b"text" if "content" in message else b"no text", _masked(content, masks))
        rest = _digest(b"value", {key: part for key, part in message.items() if key != "content"})
        if position < MESSAGES_APART:
            yield f"{name}[{position}].content", inner
            yield f"{name}[{position}]", rest
        else:
            apart += [inner, rest]
    if apart:
        yield f"{name}[{MESSAGES_APART}:]", hashlib.sha256(b"".join(apart)).digest()


def _digest(kind: bytes, value: object) -> bytes:
    return hashlib.sha256(packed([kind, orjson.dumps(value)])).digest()


def _masked(value: Any, masks: Sequence[Pattern]) -> Any:
    """Text, or the text parts of a content, with every match of every mask replaced."""
    if not masks:
        return value
    if isinstance(value, str):
        for mask in masks:
            value = mask.sub(MASKED, value)
        return value
    if isinstance(value, list):
        return [_masked_part(part, masks) for part in value]
    return value


def _masked_part(part: Any, masks: Sequence[Pattern]) -> Any:
    if not isinstance(part, dict) or not isinstance(part.get("text"), str):
        return part
    return {**part, "text": _masked(part["text"], masks)}


def _text_length(fields: Mapping[str, Any]) -> int:
    """Characters that masks would run over, counted without copying."""
    total = 0
    for name in MASKED_FIELDS:
        value = fields.get(name)
        if isinstance(value, str):
            total += len(value)
        elif isinstance(value, list):
            total += sum(_content_length(each) for each in value)
    return total


def _content_length(message: Any) -> int:
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str):
        return len(content)
    if not isinstance(content, list):
        return 0
    texts = (part.get("text") for part in content if isinstance(part, dict))
    return sum(len(text) for text in texts if isinstance(text, str))
