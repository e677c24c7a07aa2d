"""May this answer be stored, and for which tier? (`docs/wire.md`, *What is stored*; R19.)"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from proxy.core.answer_headers import is_answer_header
from proxy.core.answers.adapter import AnswerAdapter, Finished
from proxy.core.cookies import sets_own_cookie
from proxy.core.cors import cors_of
from proxy.core.entry import Form, Record
from proxy.core.lexicons import asks_back, greets_by_name, is_apology_or_refusal, is_time_bound_answer
from proxy.core.reasons import DropReason
from proxy.core.secrets import find_secret
from proxy.core.sse import CONTENT_TYPE as EVENTS
from proxy.core.tenant import is_credential

TOOLS_TTL_S = 3600.0
"""With tools declared an answer may lean on what a tool would have said; it is kept for an hour at most (R19)."""


MAX_BRACKETS = 200
"""As many may stand in each other without harm: orjson writes 254 levels (and reads four times as many)."""

CHANGES_NO_ANSWER = frozenset({
    "accept", "accept-charset", "accept-encoding", "content-encoding", "content-type", "cookie", "host", "next-url",
    "purpose", "referer", "rsc", "save-data", "upgrade-insecure-requests", "user-agent", "x-forwarded-host",
    "x-forwarded-proto", "x-origin", "x-requested-with",
})  # fmt: skip
CHANGES_NO_ANSWER_PREFIXES = ("access-control-request-", "next-router-", "sec-")
"""Request headers that `Vary` names by habit of CORS filters, proxies and web frameworks (Gemini: `X-Origin, Referer`).
The form of an answer is the body's to ask for, codings are undone, and what has a cookie is bypassed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the request said that the answer is judged by.

    model: "" where it is named by a name of the operator's own (Azure), or by nobody: whichever answers is meant.
    must_be_json: `response_format` asks for JSON. has_tools: tools or functions are declared. include_usage: a stream
    shall close with usage. inputs: how many texts shall be embedded. told_apart: lower-case headers that the
    configuration keeps answers apart by. is_shared: callers of any credential get what is stored.
    """

    endpoint: str
    model: str
    must_be_json: bool
    has_tools: bool
    max_bytes: int
    include_usage: bool = False
    inputs: int = 0
    told_apart: frozenset[str] = frozenset()
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """A response as it came: lower-case header names, body in identity coding.

    is_complete: all bytes of the message arrived. is_delimited: its framing said where it ends.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_complete: bool
    is_delimited: bool


@dataclass(frozen=True, slots=True)
class Keep:
    """Store `record`; `exact_only` keeps it from answering by meaning; `max_ttl_s` bounds its life."""

    record: Record
    finished: Finished
    exact_only: bool
    max_ttl_s: float | None


@dataclass(frozen=True, slots=True)
class Drop:
    """Do not store."""

    reason: DropReason


def storable(arrived: Arrived, asked: Asked, adapter: AnswerAdapter) -> Keep | Drop:
    """The first check that fails names the reason; whether it is an answer at all comes before whose it is, for that
    says of the caller, too, that he was accepted (`is_accepting`)."""
    if arrived.status != 200:
        return Drop(DropReason.STATUS)
    if reason := _transport_fault(arrived, asked):
        return Drop(reason)
    form = form_of(arrived.headers)
    if form is None or _is_too_deep(form, arrived.body):
        return Drop(DropReason.UNPARSEABLE)
    finished = adapter.read(form, arrived.body)
    if isinstance(finished, DropReason):
        return Drop(finished)
    if reason := head_fault(arrived.status, arrived.headers, asked):
        return Drop(reason)
    if reason := _content_fault(finished, asked):
        return Drop(reason)
    record = Record(
        endpoint=asked.endpoint,
        form=form,
        body=arrived.body,
        completion=finished.completion,
        has_usage=finished.has_usage,
        content_type=arrived.headers["content-type"],
        openai_version=arrived.headers.get("openai-version"),
        is_usage_unasked=not asked.include_usage,
        cors=cors_of(arrived.headers),
    )
    exact_only = any(
        is_apology_or_refusal(text) or is_time_bound_answer(text) or greets_by_name(text) for text in finished.texts
    )
    return Keep(
        record,
        finished,
        exact_only=exact_only or asked.has_tools,
        max_ttl_s=TOOLS_TTL_S if asked.has_tools else None,
    )


def form_of(headers: Mapping[str, str]) -> Form | None:
    """The form that a content-type names; None for anything that is neither JSON nor an event stream."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == EVENTS:
        return Form.EVENTS
    return Form.JSON if media_type == "application/json" or media_type.endswith("+json") else None


def head_fault(status: int, headers: Mapping[str, str], asked: Asked) -> DropReason | None:
    """Why nobody but its caller may get a response with this head (lower-case names), stored or under way."""
    if status != 200:
        return DropReason.STATUS
    if asked.is_shared and sets_own_cookie(headers.get("set-cookie")):
        return DropReason.NO_STORE
    cache_control = headers.get("cache-control", "")
    if asked.is_shared and _has_directive(cache_control, "private"):
        return DropReason.NO_STORE
    # On event streams `no-store` is transport convention: common SSE servers set it on everything.
    if form_of(headers) is not Form.EVENTS and _has_directive(cache_control, "no-store"):
        return DropReason.NO_STORE
    if not all(_is_told_apart(name, asked) for name in _names(headers.get("vary", ""))):
        return DropReason.VARIES
    return None


NO_ANSWER = frozenset({
    DropReason.CLIENT_LEFT, DropReason.INCOMPLETE, DropReason.CLOSE_DELIMITED, DropReason.UNKNOWN_CODING,
    DropReason.UNPARSEABLE, DropReason.ERROR_BODY, DropReason.EMPTY, DropReason.PROMPT_SECRET,
    DropReason.STORE_UNAVAILABLE,
})  # fmt: skip
"""Of what is dropped for these nobody has read that it is an answer."""


def is_accepting(headers: Mapping[str, str], drop: DropReason | None) -> bool:
    """Whether a 200 shows that its caller was accepted: login pages and errors come with that status, too.

    headers: lower-case names. drop: why it was not stored.
    """
    return form_of(headers) is not None and drop not in NO_ANSWER


def _transport_fault(arrived: Arrived, asked: Asked) -> DropReason | None:
    if not arrived.is_complete:
        return DropReason.INCOMPLETE
    if not arrived.is_delimited and form_of(arrived.headers) is not Form.EVENTS:
        return DropReason.CLOSE_DELIMITED
    if len(arrived.body) > asked.max_bytes:
        return DropReason.TOO_LARGE
    if re.search(r"\bequicache\b[^,]*;\s*hit\b", arrived.headers.get("cache-status", "")):
        return DropReason.FROM_CACHE
    return None


def _is_too_deep(form: Form, body: bytes) -> bool:
    """Whether it nests further than could be written again. Of a stream each event's data is one line: else it is not
    stored anyway."""
    texts = [line.partition(b":")[2] for line in body.splitlines()] if form is Form.EVENTS else [body]
    return any(text.count(b"{") + text.count(b"[") > MAX_BRACKETS and not _can_be_written(text) for text in texts)


def _can_be_written(text: bytes) -> bool:
    try:
        orjson.dumps([[[[orjson.loads(text)]]]])  # an event of the answer may hold it some levels further in
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return False
    return True


def _names(listed: str) -> list[str]:
    return [name for part in listed.split(",") if (name := part.strip().lower())]


def _is_told_apart(name: str, asked: Asked) -> bool:
    """Whether requests that differ in this header (`*`: in anything) get answers of their own, or need none."""
    if name in asked.told_apart or name in CHANGES_NO_ANSWER or name.startswith(CHANGES_NO_ANSWER_PREFIXES):
        return True
    raw = name.encode("latin-1")
    return is_answer_header(raw) or (is_credential(raw) and not asked.is_shared)


def _has_directive(cache_control: str, name: str) -> bool:
    return any(part.partition("=")[0].strip().lower() == name for part in cache_control.split(","))


def _content_fault(finished: Finished, asked: Asked) -> DropReason | None:
    if finished.vectors < asked.inputs:
        return DropReason.INCOMPLETE
    if asked.model and finished.model and not is_same_model(asked.model, finished.model):
        return DropReason.MODEL_DIFFERS
    if asked.must_be_json and not all(_is_json(text) for text in finished.texts):
        return DropReason.INVALID_JSON
    if any(find_secret(text) for text in (*finished.texts, finished.thoughts)):
        return DropReason.SECRET
    if asked.has_tools and any(asks_back(text) for text in finished.texts):
        return DropReason.ANSWER_ASKS
    if asked.has_tools and any(is_time_bound_answer(text) for text in finished.texts):
        return DropReason.TIME_BOUND_ANSWER
    return None


def is_same_model(requested: str, answered: str) -> bool:
    """Whether the answer's model is the requested one, or a dated version of it (`gpt-4o` → `gpt-4o-2024-08-06`, R19).

    `gpt-4o-mini` is another one: gateways fall back to it. Routers put a vendor in front (`openai/gpt-4o`) and a way
    to choose a provider behind (`:free`); either side may carry them.
    """
    asked, said = _bare(requested).removesuffix("-latest"), _bare(answered)
    return _begins(said, asked, _VERSION) or _begins(_in_order(said), _in_order(asked), _DAY)


def _begins(said: str, asked: str, rest: re.Pattern[str]) -> bool:
    return said.startswith(asked) and rest.fullmatch(said, len(asked)) is not None


def _in_order(model: str) -> str:
    """Words, then the numbers of a generation, then dates: who asks OpenRouter for `claude-haiku-4.5` is answered by
    `claude-4.5-haiku-20251001`."""
    return "-".join(sorted(re.split(r"[-._]", model), key=_rank))


def _rank(part: str) -> int:
    return 0 if not part.isdigit() else 1 if len(part) <= 2 else 2


_VERSION = re.compile(r"(?:[-@:](?:\d{2,}|latest|default|preview|exp|(?<=\d\d-)v\d+))*")
"""One digit alone makes another model (`claude-sonnet-4-5`), and so does a `v3` that follows no number or date."""

_DAY = re.compile(r"(?:-\d{8})?")
"""Fewer digits may be a generation: `grok-4.20` is none of `grok-4`."""

_ROUTING_TAG = re.compile(
    r":(?:free|nitro|floor|exacto|extended|beta|fastest|cheapest|preferred|auto|baseten|cerebras|clarifai|cohere|"
    r"deepinfra|featherless-ai|fireworks-ai|groq|hf-inference|hyperbolic|nebius|novita|nscale|openai|ovhcloud|publicai|"
    r"replicate|sambanova|scaleway|together|wavespeed|zai-org)$"
)
"""Of OpenRouter, and of Hugging Face's router, where most are providers."""


def _bare(model: str) -> str:
    return _ROUTING_TAG.sub("", model.rpartition("/")[2].lower())


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True
