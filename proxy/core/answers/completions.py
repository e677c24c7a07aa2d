"""Legacy completions: exact tier only, each record in the form it was born in (R4)."""

from __future__ import annotations

import orjson

from proxy.core import sse
from proxy.core.answers.adapter import Finished, Wanted
from proxy.core.answers.shared import WHOLE, Json, finished, is_object, is_usage_as_wanted, payloads_of, slotted_as_said
from proxy.core.entry import Form, Record
from proxy.core.reasons import DropReason
from proxy.core.template import CREATED, FreshId, Piece, Template

FRESH: dict[str, Piece] = {"id": FreshId(b"cmpl-"), "created": CREATED}


class CompletionsAnswers:
    """`AnswerAdapter` of /v1/completions."""

    def read(self, form: Form, body: bytes) -> Finished | DropReason:
        chunks = _objects(form, body)
        if isinstance(chunks, DropReason):
            return chunks
        if any(chunk.get("error") for chunk in chunks):
            return DropReason.ERROR_BODY
        texts: dict[int, str] = {}
        reasons: dict[int, object] = {}
        for chunk in chunks:
            choices = chunk.get("choices")
            for choice in choices if isinstance(choices, list) else []:
                if not is_object(choice) or not isinstance(index := choice.get("index"), int):
                    return DropReason.UNPARSEABLE
                if choice.get("error"):
                    return DropReason.ERROR_BODY
                texts[index] = texts.get(index, "") + str(choice.get("text") or "")
                if reasons.get(index) in (None, *WHOLE):  # a later "stop" makes nothing whole that was cut
                    reasons[index] = choice.get("finish_reason") or reasons.get(index)
        if not texts or not all(text.strip() for text in texts.values()):
            return DropReason.EMPTY
        if any(reason not in WHOLE for reason in reasons.values()):
            return DropReason.FINISH_REASON
        if sorted(texts) != list(range(len(texts))):
            return DropReason.INCOMPLETE  # one of them never came
        usage = next((chunk["usage"] for chunk in reversed(chunks) if chunk.get("usage")), None)
        head = {**chunks[0], "usage": usage}
        return finished(head, tuple(texts[index] for index in sorted(texts)), completion=None)

    def template(self, record: Record, wanted: Wanted, *, is_semantic: bool) -> Template | None:
        if is_semantic or record.form is not wanted.form:
            return None
        if record.form is Form.JSON:
            return Template(slotted_as_said(record.body, orjson.loads(record.body), FRESH), record.content_type)
        if not is_usage_as_wanted(record, wanted):
            return None
        return Template(_events(record.body), record.content_type)


def _objects(form: Form, body: bytes) -> list[Json] | DropReason:
    payloads = [body] if form is Form.JSON else payloads_of(body)
    if isinstance(payloads, DropReason):
        return payloads
    try:
        objects = [orjson.loads(payload) for payload in payloads]
    except orjson.JSONDecodeError:
        return DropReason.UNPARSEABLE
    return objects if objects and all(map(is_object, objects)) else DropReason.UNPARSEABLE


def _events(body: bytes) -> list[Piece]:
    pieces: list[Piece] = []
    position = 0
    for event in sse.parse(body)[:-1]:
        if event.at is not None:
            pieces += [body[position : event.at], *slotted_as_said(event.data, orjson.loads(event.data), FRESH)]
            position = event.at + len(event.data)
    return [*pieces, body[position:]]
