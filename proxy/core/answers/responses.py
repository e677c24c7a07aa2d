"""Responses API: JSON and typed events of one response, replayed (OpenAI API reference, responses; R20).

A response that the provider keeps (`store` not false) is replayed with the ids it has there. One that nobody keeps
gets fresh ids in every hit, as long as an `input` may hand them back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import orjson

from proxy.core import sse
from proxy.core.answers.adapter import Finished, Wanted
from proxy.core.answers.chat import pieces_of
from proxy.core.answers.shared import HEARTBEATS, Json, count_of, is_object, is_padded_unasked
from proxy.core.entry import Form, Record
from proxy.core.reasons import DropReason
from proxy.core.secrets import all_text
from proxy.core.spans import value_spans
from proxy.core.template import CREATED, FreshId, Piece, Template

# Inside a JSON string a quote is escaped, so this matches members only, never what the model wrote. Echoes of the
# request (metadata, tools, schemas) have members of these names, too: what is ours says `_Own`.
_WHAT_IS_FRESH = re.compile(
    rb'"(?:item_)?id"\s*:\s*(?P<id>"[^"\\]+")'
    rb'|"(?:created|completed)_at"\s*:\s*(?P<time>\d+(?:\.\d+)?)'
)

ITEM_CHARACTERS = 40
"""Of a hit's token in the id of an item: its nonce and entry. OpenAI refuses ids above 64 characters in `input`."""


ECHOED = {
    "instructions": "null",
    "metadata": "{}",
    "user": "null",
    "safety_identifier": "null",
    "prompt_cache_key": "null",
}
"""The texts of a request that its response says again, each as one says it that was asked without."""


def echo_of(fields: Mapping[str, object], names: Collection[str]) -> tuple[tuple[str, str], ...]:
    """See `Wanted.echo`. fields: the request's. names: the fields in which requests may differ."""
    return tuple(
        (name, absent if fields.get(name) is None else orjson.dumps(fields[name]).decode())
        for name, absent in ECHOED.items()
        if name in names
    )


class ResponsesAnswers:
    """`AnswerAdapter` of /v1/responses."""

    def read(self, form: Form, body: bytes) -> Finished | DropReason:
        payload = body if form is Form.JSON else _completed_payload(body)
        if isinstance(payload, DropReason):
            return payload
        try:
            response = orjson.loads(payload)
        except orjson.JSONDecodeError:
            return DropReason.UNPARSEABLE
        if not is_object(response) or response.get("object") != "response":
            return DropReason.ERROR_BODY if is_object(response) and response.get("error") else DropReason.UNPARSEABLE
        texts = _texts(response)
        return texts if isinstance(texts, DropReason) else _finished(response, texts, payload)

    def template(self, record: Record, wanted: Wanted, *, is_semantic: bool) -> Template | None:
        body, content_type = record.body, record.content_type
        if wanted.form is Form.JSON and record.form is Form.EVENTS:
            body, content_type = record.completion or b"", "application/json"
        elif wanted.form is Form.EVENTS and (record.form is Form.JSON or is_padded_unasked(record, wanted)):
            response = orjson.loads(record.completion or b"null")
            if not is_object(response) or not _is_plain(response):
                return None
            body, content_type = b"".join(_as_events(response)), f"{sse.CONTENT_TYPE}; charset=utf-8"
        if not body:
            return None
        if not is_semantic and _is_kept(record):
            return Template((body,), content_type)
        if is_semantic:
            body = _said_of(body, wanted)
        return Template(_fresh(body, _own_of(body, wanted.form)), content_type)


def _completed_payload(body: bytes) -> bytes | DropReason:
    """The response that `response.completed` carries; the stream must end with it, in an unbroken sequence."""
    events = [event for event in sse.parse(body) if event.data != sse.DONE]
    try:
        payloads = [orjson.loads(event.data) for event in events]
    except orjson.JSONDecodeError:
        return DropReason.UNPARSEABLE
    if not payloads or not all(map(is_object, payloads)):
        return DropReason.INCOMPLETE
    if sse.is_spread(events):
        return DropReason.UNPARSEABLE
    counted = payloads
    payloads = [payload for payload in counted if payload.get("type") not in HEARTBEATS] or counted
    kinds = [payload.get("type") for payload in payloads]
    if "error" in kinds or "response.failed" in kinds:
        return DropReason.ERROR_BODY
    if "response.incomplete" in kinds:
        return DropReason.FINISH_REASON
    if kinds[-1] != "response.completed":
        return DropReason.INCOMPLETE
    if not (_is_unbroken(payloads) or _is_unbroken(counted)):  # gateways count their heartbeats, or do not
        return DropReason.INCOMPLETE
    return orjson.dumps(payloads[-1].get("response"))


def _is_unbroken(payloads: list[Json]) -> bool:
    numbers = [payload.get("sequence_number") for payload in payloads]
    first = numbers[0]
    if all(number is None for number in numbers):
        return True
    return isinstance(first, int) and numbers == list(range(first, first + len(numbers)))


def _texts(response: Json) -> tuple[str, ...] | DropReason:
    if response.get("error"):
        return DropReason.ERROR_BODY
    if response.get("status") != "completed" or response.get("incomplete_details"):
        return DropReason.FINISH_REASON
    items = response.get("output")
    if not isinstance(items, list):
        return DropReason.UNPARSEABLE
    texts = []
    for item in items:
        if not is_object(item):
            return DropReason.UNPARSEABLE
        if item.get("type") == "reasoning":
            continue
        if item.get("type") != "message":
            return DropReason.TOOL_CALLS
        if item.get("status") not in (None, "completed"):
            return DropReason.FINISH_REASON
        parts = item.get("content")
        for part in parts if isinstance(parts, list) else []:
            text = _part_text(part)
            if isinstance(text, DropReason):
                return text
            texts.append(text)
    return tuple(texts) if any(text.strip() for text in texts) else DropReason.EMPTY


def _part_text(part: object) -> str | DropReason:
    if not is_object(part):
        return DropReason.UNPARSEABLE
    if part.get("type") == "refusal":
        return DropReason.REFUSAL
    if part.get("annotations"):
        return DropReason.ANNOTATIONS
    text = part.get("text")
    return text if part.get("type") == "output_text" and isinstance(text, str) else DropReason.UNPARSEABLE


def _finished(response: Json, texts: tuple[str, ...], payload: bytes) -> Finished:
    usage = response.get("usage")
    return Finished(
        completion=payload,
        has_usage=is_object(usage) and bool(usage),
        texts=texts,
        model=str(response.get("model") or ""),
        prompt_tokens=count_of(usage, "input_tokens"),
        completion_tokens=count_of(usage, "output_tokens"),
        response_id=str(response.get("id") or "") if response.get("store") is not False else None,
        thoughts=all_text(_thoughts(response)),
    )


def _thoughts(response: Json) -> list[object]:
    """What the items of reasoning say, but what is sealed in there."""
    items = output if isinstance(output := response.get("output"), list) else []
    thoughts = [item for item in items if is_object(item) and item.get("type") == "reasoning"]
    return [value for item in thoughts for key, value in item.items() if key != "encrypted_content"]


def _said_of(body: bytes, wanted: Wanted) -> bytes:
    """With what it says of the request that is answered now, in the place of the one that was asked then: its own
    words, and nothing of how Azure's filter judged the other prompt (R20)."""
    said = {"content_filters": "[]", **dict(wanted.echo)}
    if wanted.form is Form.JSON:
        return _with_values(body.decode(), said).encode()
    names = [f'"{name}"'.encode() for name in said]
    pieces: list[bytes] = []
    position = 0
    for event in sse.parse(body):
        if event.at is None or not any(name in event.data for name in names):
            continue
        text = event.data.decode()
        spans = value_spans(text, ("response",)).values()
        for start, end in (span for span in spans if text[span[0]] == "{"):
            anew = text[:start] + _with_values(text[start:end], said) + text[end:]
            pieces += [body[position : event.at], anew.encode()]
            position = event.at + len(event.data)
    return b"".join([*pieces, body[position:]])


def _with_values(response: str, said: Mapping[str, str]) -> str:
    spans = [(span, said[name]) for name, span in value_spans(response, said).items()]
    for (start, end), value in sorted(spans, reverse=True):
        response = f"{response[:start]}{value}{response[end:]}"
    return response


def _is_kept(record: Record) -> bool:
    """Whether the provider keeps the response; absent means that it does (R20)."""
    response = orjson.loads(record.completion or b"null")
    return not is_object(response) or response.get("store") is not False


@dataclass(frozen=True, slots=True)
class _Own:
    """The ids and times that a response and its items have, whatever the request's echo says.

    ids: in quotes, each with what a fresh one begins with in its place; providers begin theirs as they like. That of an
    item with `encrypted_content` is none of them: it is sealed in there, and the two are handed back together.
    """

    ids: Mapping[bytes, bytes]
    times: frozenset[object]


def _own_of(body: bytes, form: Form) -> _Own:
    texts = [body] if form is Form.JSON else [event.data for event in sse.parse(body) if event.data != sse.DONE]
    ids: list[tuple[object, bytes]] = []
    times: list[object] = []
    sealed: set[str] = set()
    for payload in filter(is_object, map(orjson.loads, texts)):
        response = whole if is_object(whole := payload.get("response")) else payload
        items = output if isinstance(output := response.get("output"), list) else []
        ids.append((response.get("id"), b"resp_"))
        for item in filter(is_object, (payload.get("item"), *items)):
            ids.append((item.get("id"), b"rs_" if item.get("type") == "reasoning" else b"msg_"))
            if item.get("encrypted_content"):
                sealed.add(str(item.get("id")))
        ids.append((payload.get("item_id"), b"msg_"))
        times += [response.get("created_at"), response.get("completed_at")]
    return _Own(
        {
            orjson.dumps(each): prefix for each, prefix in reversed(ids) if isinstance(each, str) and each not in sealed
        },  # the first word counts
        frozenset(each for each in times if isinstance(each, int | float)),
    )


def _fresh(body: bytes, own: _Own) -> list[Piece]:
    """Slots for the response's id, the ids of its items (told apart by a number) and its times."""
    suffixes: dict[bytes, bytes] = {}
    pieces: list[Piece] = []
    position = 0
    for found in _WHAT_IS_FRESH.finditer(body):
        group = "time" if found["id"] is None else "id"
        if group == "time":
            slot: Piece | None = CREATED if orjson.loads(found[group]) in own.times else None
        elif (prefix := own.ids.get(found[group])) == b"resp_":
            slot = FreshId(prefix)
        else:
            suffix = suffixes.setdefault(found[group], b"-%d" % len(suffixes)) if prefix else b""
            slot = prefix and FreshId(prefix, suffix, ITEM_CHARACTERS)
        if slot is not None:
            pieces += [body[position : found.start(group)], slot]
            position = found.end(group)
    return [*pieces, body[position:]]


# A response as typed events of our own making, in the provider's grammar.


def _is_plain(response: Json) -> bool:
    """Whether its events are known: messages of text, and reasoning that says nothing openly. Thoughts have deltas of
    their own, and log-probabilities come with those of the text."""
    items = response.get("output")
    return isinstance(items, list) and not any(
        item.get("summary") or item.get("content") if item.get("type") == "reasoning" else _has_logprobs(item)
        for item in items
    )


def _has_logprobs(item: Json) -> bool:
    parts = item.get("content")
    return isinstance(parts, list) and any(part.get("logprobs") for part in parts)


def _as_events(response: Json) -> Iterator[bytes]:
    begun = {**response, "status": "in_progress", "output": [], "usage": None, "completed_at": None}
    if "completed_at" not in response:
        del begun["completed_at"]
    kinds: list[Json] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    output = response["output"]
    assert isinstance(output, list)  # `_texts` has read it
    for place, item in enumerate(output):
        kinds += _item_events(item, place)
    kinds.append({"type": "response.completed", "response": response})
    for number, event in enumerate(kinds):
        kind = str(event["type"])
        yield sse.frame(orjson.dumps({**event, "sequence_number": number}), kind)


def _item_events(item: Json, place: int) -> list[Json]:
    at: Json = {"output_index": place}
    parts = item.get("content")
    begun = {**item, "status": "in_progress"} if "status" in item else item
    begun = {**begun, "content": []} if isinstance(parts, list) and item.get("type") == "message" else begun
    events: list[Json] = [{"type": "response.output_item.added", **at, "item": begun}]
    for index, part in enumerate(parts if isinstance(parts, list) and item.get("type") == "message" else []):
        where: Json = {"item_id": item.get("id"), **at, "content_index": index}
        events.append({"type": "response.content_part.added", **where, "part": {**part, "text": ""}})
        for piece in pieces_of(part["text"]):
            events.append({"type": "response.output_text.delta", **where, "delta": piece, "logprobs": []})
        done = {"text": part["text"], "logprobs": part.get("logprobs") or []}
        events.append({"type": "response.output_text.done", **where, **done})
        events.append({"type": "response.content_part.done", **where, "part": part})
    events.append({"type": "response.output_item.done", **at, "item": item})
    return events
