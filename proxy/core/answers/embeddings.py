"""Embeddings: the whole request, the whole answer, exact tier only (R4)."""

from __future__ import annotations

import orjson

from proxy.core.answers.adapter import Finished, Wanted
from proxy.core.answers.shared import count_of
from proxy.core.entry import Form, Record
from proxy.core.reasons import DropReason
from proxy.core.template import Template


class EmbeddingsAnswers:
    """`AnswerAdapter` of /v1/embeddings; the answer has no id and no time, so it is replayed byte for byte."""

    def read(self, form: Form, body: bytes) -> Finished | DropReason:
        if form is Form.EVENTS:
            return DropReason.UNPARSEABLE
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError:
            return DropReason.UNPARSEABLE
        if not isinstance(answer, dict):
            return DropReason.UNPARSEABLE
        if answer.get("error"):
            return DropReason.ERROR_BODY
        vectors = answer.get("data")
        if not isinstance(vectors, list) or not vectors:
            return DropReason.EMPTY
        if not all(isinstance(each, dict) and _is_whole(each.get("embedding")) for each in vectors):
            return DropReason.EMPTY
        usage = answer.get("usage")
        return Finished(
            completion=body,
            has_usage=isinstance(usage, dict),
            texts=(),
            model=str(answer.get("model") or ""),
            prompt_tokens=count_of(usage, "prompt_tokens"),
            completion_tokens=0,
            vectors=len(vectors),
        )

    def template(self, record: Record, wanted: Wanted, *, is_semantic: bool) -> Template | None:
        return None if wanted.form is Form.EVENTS or is_semantic else Template((record.body,), record.content_type)


def _is_whole(embedding: object) -> bool:
    """Base64, or numbers of which none is missing (a server that overflows writes null)."""
    return bool(embedding) and not (isinstance(embedding, list) and None in embedding)
