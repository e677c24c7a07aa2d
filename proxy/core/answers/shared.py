"""What the answers of several endpoints have in common: JSON objects, events that carry them, choices, usage.

Reads what a provider has said, and makes nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

import orjson

from proxy.core import sse
from proxy.core.answers.adapter import Finished, Wanted
from proxy.core.entry import Record
from proxy.core.reasons import DropReason
from proxy.core.secrets import all_text
from proxy.core.template import Piece, slotted

Json = dict[str, object]

WHOLE = ("stop", "eos")
"""Every finish_reason of an answer that has ended by itself. eos: Together."""

HEARTBEATS = ("keepalive", "ping")
"""Types of events by which gateways keep a connection open."""


def is_object(value: object) -> TypeGuard[Json]:
    """JSON objects parse to dicts with string keys."""
    return isinstance(value, dict)


def payloads_of(body: bytes) -> list[bytes] | DropReason:
    """The data of each event of a stream, without the `[DONE]` that ends it; or why it cannot be kept."""
    events = sse.parse(body)
    if not events or events[-1].data != sse.DONE:
        return DropReason.INCOMPLETE
    if sse.is_spread(events):
        return DropReason.UNPARSEABLE
    return [event.data for event in events[:-1]]


def finished(answer: Json, texts: tuple[str, ...], *, completion: bytes | None) -> Finished:
    """The facts that the story needs from an assembled answer."""
    usage = answer.get("usage")
    return Finished(
        completion=completion,
        has_usage=is_object(usage) and bool(usage),
        texts=texts,
        model=str(answer.get("model") or ""),
        prompt_tokens=count_of(usage, "prompt_tokens"),
        completion_tokens=count_of(usage, "completion_tokens"),
        response_id=str(answer.get("id") or ""),
        thoughts=all_text(_thoughts(answer.get("choices"))),
    )


def _thoughts(choices: object) -> list[object]:
    """All that messages say but their plain contents, which are read as texts."""
    messages = [choice.get("message") for choice in choices if is_object(choice)] if isinstance(choices, list) else []
    said = [item for message in messages if is_object(message) for item in message.items()]
    return [value for key, value in said if key != "content" or not isinstance(value, str)]


def count_of(usage: object, key: str) -> int | None:
    """Tokens by that name in an answer's `usage`, if it counts them."""
    value = usage.get(key) if is_object(usage) else None
    return value if isinstance(value, int) else None


def slotted_as_said(payload: bytes, said: Json, fresh: Mapping[str, Piece]) -> list[Piece]:
    """Fresh is what `payload` says: one without an id gets none."""
    return slotted(payload, {key: piece for key, piece in fresh.items() if said.get(key)}, is_parsed=True)


def is_padded_unasked(record: Record, wanted: Wanted) -> bool:
    """Whether a born stream has padding (`include_obfuscation`) that the request does not want."""
    return not wanted.include_obfuscation and b'"obfuscation"' in record.body


def is_usage_as_wanted(record: Record, wanted: Wanted) -> bool:
    """Whether a born stream counts as the request's `include_usage` says. Usage beside choices is the provider's habit
    and hurts nobody; a closing chunk without choices is for who asked, or for all where nobody need ask.
    """
    if wanted.include_usage:
        return record.has_usage
    return record.is_usage_unasked or not record.has_usage or not _closes_with_usage(record.body)


def _closes_with_usage(body: bytes) -> bool:
    chunks = (orjson.loads(event.data) for event in sse.parse(body) if event.data != sse.DONE)
    return any(chunk.get("usage") and not chunk.get("choices") for chunk in chunks)
