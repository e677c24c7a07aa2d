"""Chat completions: is this a whole answer, and what does it say? (OpenAI API reference, chat/object.)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

from proxy.core.answers.adapter import Finished
from proxy.core.answers.shared import HEARTBEATS, WHOLE, Json, finished, is_object, payloads_of
from proxy.core.entry import Form
from proxy.core.reasons import DropReason

TOP_KEYS = frozenset({"id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier"})
HEAD_KEYS = ("id", "created", "model", "system_fingerprint", "service_tier")
CHOICE_KEYS = frozenset({"index", "finish_reason", "logprobs", "message", "delta", "text"})
"""text: what the delta says, said again (Together)."""
END_KEYS = frozenset({"index", "finish_reason", "logprobs"})
TEXT_KEYS = frozenset({"content", "refusal", "reasoning_content", "reasoning"})
MESSAGE_KEYS = TEXT_KEYS | {"role", "annotations"}
SOURCES_KEYS = (
    *("annotations", "citations", "search_results", "executed_tools"),
    *("vertex_ai_grounding_metadata", "vertex_ai_url_context_metadata"),  # LiteLLM of Gemini
    *("web_search", "search_info"),  # Z.ai, Tencent
)
"""In a message or beside the choices: what the provider found, on the web or by its own tools, and answered from."""
PROMPT_FILTER_KEYS = ("prompt_filter_results", "prompt_annotations")
FILTER_KEYS = frozenset(PROMPT_FILTER_KEYS).union(
    {"content_filter_results", "content_filter_offsets", "content_filter_raw"}
)
"""How Azure's filter judged, of the prompt under either name; what it cut has another finish_reason than `stop`."""
TELEMETRY_KEYS = FILTER_KEYS.union(
    {"obfuscation"},  # OpenAI
    {"x_groq", "usage_breakdown"},  # Groq
    {"time_info"},  # Cerebras
    {"timings"},  # llama.cpp
    {"provider", "native_finish_reason"},  # OpenRouter
    {"seed", "token_id"},  # Together
    {"stop_reason"},  # vLLM
    {"request_id"},  # Z.ai: of the request, which may name it
)
"""Anywhere in an answer: how it was made, and nothing of what it says. Left out of the form it was not born in."""


def read_json(body: bytes) -> Finished | DropReason:
    """One `chat.completion` object."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return DropReason.UNPARSEABLE
    if not is_object(answer) or not (isinstance(answer.get("id"), str) or _is_unnamed(answer)):
        return DropReason.ERROR_BODY if is_object(answer) and "error" in answer else DropReason.UNPARSEABLE
    if refused := _refused(answer):
        return refused
    choices = answer.get("choices")
    if not isinstance(choices, list) or not choices:
        return DropReason.EMPTY
    texts = []
    for choice in choices:
        text = _text_of(choice)
        if isinstance(text, DropReason):
            return text
        texts.append(text)
    is_known = _is_in(TOP_KEYS, answer) and all(_is_known(choice, place) for place, choice in enumerate(choices))
    return finished(answer, tuple(texts), completion=body if is_known else None)


def _is_unnamed(answer: Json) -> bool:
    """Whether it is an answer without an id (Gemini)."""
    return answer.get("id") is None and bool(answer.get("choices"))


def _refused(top: Json) -> DropReason | None:
    """What an answer or a chunk says beside its choices against keeping it."""
    if top.get("error"):
        return DropReason.ERROR_BODY
    return DropReason.ANNOTATIONS if _has_sources(top) else None


def _has_sources(holder: Json) -> bool:
    return any(holder.get(key) for key in SOURCES_KEYS)


def _is_in(table: frozenset[str], holder: Json) -> bool:
    """Whether nothing is said outside the table; null and empty values are how servers spell what is absent."""
    return not any(_says_something(holder[key]) for key in holder.keys() - table - TELEMETRY_KEYS)


def _says_something(value: object) -> bool:
    values = value.values() if is_object(value) else (value,)
    return any(each not in (None, "", [], {}) for each in values)


def _is_known(choice: Json, place: int) -> bool:
    """Whether a stream can be made of this choice: nothing outside the table, every value of the type it has there."""
    message, logprobs = choice["message"], choice.get("logprobs")
    assert is_object(message)  # `_text_of` has read it
    texts = [message.get(key) for key in TEXT_KEYS]
    return (
        _is_in(CHOICE_KEYS, choice)
        and _is_in(MESSAGE_KEYS, message)
        and choice.get("index") == place
        and all(text is None or isinstance(text, str) for text in texts)
        and (logprobs is None or is_object(logprobs))
    )


def _text_of(choice: object) -> str | DropReason:
    if not is_object(choice) or not is_object(message := choice.get("message")):
        return DropReason.UNPARSEABLE
    if choice.get("error"):
        return DropReason.ERROR_BODY
    if message.get("tool_calls") or message.get("function_call"):
        return DropReason.TOOL_CALLS
    if choice.get("finish_reason") not in WHOLE:
        return DropReason.FINISH_REASON
    if message.get("refusal"):
        return DropReason.REFUSAL
    if _has_sources(message):
        return DropReason.ANNOTATIONS
    if message.get("audio"):
        return DropReason.UNPARSEABLE
    content = _in_one(message.get("content"))
    if isinstance(content, DropReason):
        return content
    return content if content.strip() else DropReason.EMPTY


def _in_one(content: object) -> str | DropReason:
    """Content as one text. Mistral's reasoning models say it in parts; what they thought is none of it."""
    if isinstance(content, str) or content is None:
        return content or ""
    texts = []
    for part in content if isinstance(content, list) else [content]:
        kind, text = (part.get("type"), part.get("text")) if is_object(part) else (None, None)
        if kind == "reference":
            return DropReason.ANNOTATIONS
        if kind == "text" and isinstance(text, str):
            texts.append(text)
        elif kind != "thinking":
            return DropReason.UNPARSEABLE
    return "".join(texts)


def _thought(content: list[object]) -> str:
    thinking = [part.get("thinking") for part in content if is_object(part) and part.get("type") == "thinking"]
    pieces = [piece for each in thinking if isinstance(each, list) for piece in each if is_object(piece)]
    return "".join([str(piece.get("text") or "") for piece in pieces])


def _said_in(value: object, key: str) -> Iterator[tuple[str, str]]:
    """Each text in a key that nobody here knows, with where it stands (`reasoning_details.text`): to be checked and no
    more, for such an answer takes no other form."""
    if isinstance(value, str):
        yield key, value
    elif is_object(value):
        for name, inner in value.items():
            yield from _said_in(inner, f"{key}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _said_in(inner, key)


@dataclass(slots=True)
class _Choice:
    index: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    role: str | None = None
    finish_reason: str | None = None
    logprobs: dict[str, list[object]] | None = None


@dataclass(slots=True)
class _Assembly:
    """What the chunks of one stream add up to; `is_known` falls when something is said outside the table."""

    head: Json = field(default_factory=dict)
    usage: object = None
    choices: dict[int, _Choice] = field(default_factory=dict)
    is_known: bool = True


def read_events(body: bytes) -> Finished | DropReason:
    """A stream of `chat.completion.chunk` events that `[DONE]` ends."""
    payloads = payloads_of(body)
    if isinstance(payloads, DropReason):
        return payloads
    assembly = _Assembly()
    for payload in payloads:
        try:
            chunk = orjson.loads(payload)
        except orjson.JSONDecodeError:
            return DropReason.UNPARSEABLE
        if not is_object(chunk):
            return DropReason.UNPARSEABLE
        if refused := _refused(chunk) or _add_chunk(assembly, chunk):
            return refused
    return _assembled(assembly)


def _add_chunk(assembly: _Assembly, chunk: Json) -> DropReason | None:
    choices = chunk.get("choices")
    if choices is None and chunk.get("type") in HEARTBEATS:
        return None
    if choices is None and chunk.get("object") == "chat.completion.chunk" and _is_in(TOP_KEYS, chunk):
        choices = []  # gateways write null for what is empty, or leave it out
    assembly.is_known &= _is_in(TOP_KEYS, chunk)
    if chunk.get("usage"):
        assembly.usage = chunk["usage"]
    if not isinstance(choices, list):
        return DropReason.UNPARSEABLE
    if is_verdict(chunk):
        return None
    if choices or chunk.get("id"):
        head: Json = {key: chunk[key] for key in HEAD_KEYS if key in chunk} | {"id": chunk.get("id") or ""}
        if assembly.head.get("id", head["id"]) != head["id"]:
            return DropReason.UNPARSEABLE
        if chunk.get("model") and (assembly.head.get("model") or chunk["model"]) != chunk["model"]:
            return DropReason.MODEL_DIFFERS  # a gateway went on with another one
        assembly.head = {**head, **assembly.head}
    for choice in choices:
        if refused := _add_choice(assembly, choice):
            return refused
    return None


def is_verdict(chunk: Json) -> bool:
    """Whether a chunk says only how Azure's filter judged: the prompt, or what came so far."""
    choices = chunk.get("choices")
    holders = [chunk, *choices] if isinstance(choices, list) else []
    return (
        all(is_object(choice) and _is_in(frozenset({"index"}), choice) for choice in holders[1:])
        and not chunk.get("usage")
        and any(FILTER_KEYS & holder.keys() for holder in holders)
    )


def _add_choice(assembly: _Assembly, choice: object) -> DropReason | None:
    if not is_object(choice):
        return DropReason.UNPARSEABLE
    index, delta = choice.get("index"), choice.get("delta")
    if delta is None and _is_in(END_KEYS, choice):
        delta = {}
    if not is_object(delta) or not isinstance(index, int):
        return DropReason.UNPARSEABLE
    if choice.get("error"):
        return DropReason.ERROR_BODY
    if delta.get("tool_calls") or delta.get("function_call"):
        return DropReason.TOOL_CALLS
    if _has_sources(delta):
        return DropReason.ANNOTATIONS
    if delta.get("audio"):
        return DropReason.UNPARSEABLE
    assembly.is_known &= _is_in(CHOICE_KEYS, choice) and _is_in(MESSAGE_KEYS, delta)
    into = assembly.choices.setdefault(index, _Choice(index))
    for key in TEXT_KEYS & delta.keys():
        piece = delta[key]
        if key == "content" and isinstance(piece, list):
            assembly.is_known = False
            into.texts.setdefault("thinking", []).append(_thought(piece))
            piece = _in_one(piece)
        if isinstance(piece, DropReason):
            return piece
        if isinstance(piece, str):
            into.texts.setdefault(key, []).append(piece)
        elif piece is not None:
            return DropReason.UNPARSEABLE
    for key in delta.keys() - MESSAGE_KEYS - TELEMETRY_KEYS:
        for place, text in _said_in(delta[key], key):
            into.texts.setdefault(place, []).append(text)
    if isinstance(role := delta.get("role"), str):
        into.role = role
    if (reason := choice.get("finish_reason")) and into.finish_reason in (None, *WHOLE):
        into.finish_reason = str(reason)  # what was cut once is not made whole by a later "stop"
    _add_logprobs(into, choice.get("logprobs"))
    return None


def _add_logprobs(into: _Choice, logprobs: object) -> None:
    if not is_object(logprobs):
        return
    into.logprobs = into.logprobs or {}
    for key, tokens in logprobs.items():
        if isinstance(tokens, list):
            into.logprobs.setdefault(key, []).extend(tokens)


def _assembled(assembly: _Assembly) -> Finished | DropReason:
    choices = []
    texts = []
    for index in sorted(assembly.choices):
        choice = assembly.choices[index]
        message: Json = {"role": choice.role or "assistant", "content": None, "refusal": None}
        message |= {key: "".join(pieces) for key, pieces in choice.texts.items()}
        message["refusal"] = message["refusal"] or None
        logprobs: object = choice.logprobs and {"content": None, "refusal": None, **choice.logprobs}
        whole = {"index": index, "message": message, "logprobs": logprobs, "finish_reason": choice.finish_reason}
        text = _text_of(whole)
        if isinstance(text, DropReason):
            return text
        choices.append(whole)
        texts.append(text)
    if not choices:
        return DropReason.EMPTY
    if sorted(assembly.choices) != list(range(len(choices))):
        return DropReason.INCOMPLETE  # one of them never came
    head = assembly.head
    answer: Json = {"id": head.get("id"), "object": "chat.completion", "created": head.get("created", 0)}
    answer |= {"model": head.get("model"), "choices": choices}
    answer |= {"usage": assembly.usage} if assembly.usage else {}
    answer |= {key: head[key] for key in ("service_tier", "system_fingerprint") if key in head}
    return finished(answer, tuple(texts), completion=orjson.dumps(answer) if assembly.is_known else None)


def read(form: Form, body: bytes) -> Finished | DropReason:
    """See `AnswerAdapter.read`."""
    return read_json(body) if form is Form.JSON else read_events(body)
