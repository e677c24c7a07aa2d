"""Chat completions replayed: one record answers JSON and event-stream requests alike (R15)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import orjson

from proxy.core import sse
from proxy.core.answers import chat_read
from proxy.core.answers.adapter import Finished, Wanted
from proxy.core.answers.shared import Json, is_object, is_padded_unasked, is_usage_as_wanted, slotted_as_said
from proxy.core.entry import Form, Record
from proxy.core.reasons import DropReason
from proxy.core.template import CREATED, FreshId, Piece, Template, slotted

FRESH: dict[str, Piece] = {"id": FreshId(b"chatcmpl-"), "created": CREATED, "request_id": FreshId(b"")}
FRESH_BY_MEANING: dict[str, Piece] = FRESH | dict.fromkeys(chat_read.PROMPT_FILTER_KEYS, b"[]")
"""What Azure's filter said of a prompt is not said of another one (R20)."""
OF_A_CHUNK: dict[str, Piece] = {key: FRESH[key] for key in ("id", "created")}
"""Of our own making: no other is in it."""

CHUNK_CHARACTERS = 256


class ChatAnswers:
    """`AnswerAdapter` of /v1/chat/completions."""

    def read(self, form: Form, body: bytes) -> Finished | DropReason:
        return chat_read.read(form, body)

    def template(self, record: Record, wanted: Wanted, *, is_semantic: bool) -> Template | None:
        if wanted.form is Form.JSON:
            return _json_template(record, FRESH_BY_MEANING if is_semantic else FRESH)
        if record.form is Form.EVENTS and _is_as_wanted(record, wanted):
            return _born_events(record, is_semantic=is_semantic)
        return _chunked(record, wanted)


def _json_template(record: Record, fresh: dict[str, Piece]) -> Template | None:
    if record.form is Form.JSON:
        return Template(slotted_as_said(record.body, orjson.loads(record.body), fresh), record.content_type)
    if record.completion is None or not record.has_usage:
        return None
    return Template(slotted(record.completion, FRESH), "application/json")


def _is_as_wanted(record: Record, wanted: Wanted) -> bool:
    """Whether the bytes of a born stream obey the request's stream_options as they are."""
    return is_usage_as_wanted(record, wanted) and not is_padded_unasked(record, wanted)


def _born_events(record: Record, *, is_semantic: bool) -> Template:
    """Every byte as it came, but for id and created; a semantic hit loses the chunks of Azure's filter (R20)."""
    fresh = FRESH_BY_MEANING if is_semantic else FRESH
    pieces: list[Piece] = []
    position = 0
    for event in sse.parse(record.body):
        if event.data != sse.DONE:
            chunk = orjson.loads(event.data)
            if is_semantic and chat_read.is_verdict(chunk):
                position = event.end
                continue
            if event.at is not None:
                pieces += [record.body[position : event.at], *slotted_as_said(event.data, chunk, fresh)]
                position = event.at + len(event.data)
        pieces.append(record.body[position : event.end])
        position = event.end
    return Template([*pieces, record.body[position:]], record.content_type)


def _chunked(record: Record, wanted: Wanted) -> Template | None:
    """An assembled answer as a stream of our own making, in the provider's grammar."""
    if record.completion is None or (wanted.include_usage and not record.has_usage):
        return None
    answer = orjson.loads(record.completion)
    head: Json = {"id": "", "object": "chat.completion.chunk", "created": 0, "model": answer.get("model")}
    head |= {key: answer[key] for key in ("service_tier", "system_fingerprint") if key in answer}
    pieces: list[Piece] = []
    for choices in _choice_chunks(answer):
        chunk = {**head, "choices": choices} | ({"usage": None} if wanted.include_usage else {})
        pieces += _event(chunk)
    if wanted.include_usage:
        pieces += _event({**head, "choices": [], "usage": answer["usage"]})
    pieces.append(sse.DONE_EVENT)
    return Template(pieces, f"{sse.CONTENT_TYPE}; charset=utf-8")


def _event(chunk: Json) -> list[Piece]:
    return [b"data: ", *slotted(orjson.dumps(chunk), OF_A_CHUNK, is_parsed=True), b"\n\n"]


def _choice_chunks(answer: Json) -> Iterator[list[Json]]:
    """The `choices` of each chunk: role first, content in pieces, one finish_reason per choice."""
    choices = answer["choices"]
    assert isinstance(choices, list)  # written by chat_read
    for choice in choices:
        message, index = choice["message"], choice["index"]
        role = {"role": message.get("role") or "assistant", "content": "", "refusal": None}
        yield [_delta(index, role)]
        for key in ("reasoning_content", "reasoning"):
            for piece in pieces_of(message.get(key) or ""):
                yield [_delta(index, {key: piece})]
        for piece, logprobs in _content_pieces(message["content"], choice.get("logprobs")):
            yield [_delta(index, {"content": piece}, logprobs=logprobs)]
        yield [_delta(index, {}, finish_reason=choice["finish_reason"])]


def _delta(index: int, delta: Json, *, logprobs: object = None, finish_reason: str | None = None) -> Json:
    return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish_reason}


def _content_pieces(content: str, logprobs: object) -> Iterator[tuple[str, object]]:
    """Content with its log-probabilities: token by token where the tokens spell the content, else in one piece."""
    if not is_object(logprobs):
        yield from ((piece, None) for piece in pieces_of(content))
        return
    given = logprobs.get("content")
    tokens = given if isinstance(given, list) else []
    pieces = [str(token["token"]) for token in tokens if is_object(token) and isinstance(token.get("token"), str)]
    if len(pieces) < len(tokens) or "".join(pieces) != content:
        yield content, logprobs
        return
    for piece, token in zip(pieces, tokens, strict=True):
        yield piece, {**logprobs, "content": [token]}


def pieces_of(text: str) -> Iterator[str]:
    """`text` in pieces of at most 256 characters that never part a grapheme (UAX #29, the common cases)."""
    start = 0
    while start < len(text):
        end = min(start + CHUNK_CHARACTERS, len(text))
        while end < len(text) and end > start + 1 and _joins(text[end - 1], text[end]):
            end -= 1
        yield text[start:end]
        start = end


def _joins(left: str, right: str) -> bool:
    """Whether a break between these two characters would part a grapheme."""
    if left == "\r" and right == "\n":
        return True
    if left == "\u200d" or right == "\u200d" or unicodedata.combining(right):
        return True
    if unicodedata.category(right) in {"Mn", "Me", "Mc"} or 0x1F3FB <= ord(right) <= 0x1F3FF:
        return True
    return 0x1F1E6 <= ord(left) <= 0x1F1FF and 0x1F1E6 <= ord(right) <= 0x1F1FF
