"""A request as the plan and the scope see it: the few fields we read of it.

The original bytes stay with the caller and go upstream; nothing here is ever serialised back to the wire.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never
from urllib.parse import unquote

from proxy.core.canonical import parse_object
from proxy.core.reasons import BypassReason, ExactOnlyReason
from proxy.core.turns import Question, Turns, read_embedded, read_input, read_messages, read_prompt

__all__ = ["Endpoint", "Question", "Request", "deployment_of", "endpoint_of", "parse_request"]


class Endpoint(StrEnum):
    """The endpoints whose answers may be remembered."""

    CHAT = "chat"
    RESPONSES = "responses"
    COMPLETIONS = "completions"
    EMBEDDINGS = "embeddings"


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One parsed request.

    fields: the whole body. model: "" when absent. temperature: None when absent or null; NaN when it is no number.
    include_usage, include_obfuscation: from `stream_options`, None when absent. deployment: see `deployment_of`.
    """

    endpoint: Endpoint
    fields: Mapping[str, Any]
    model: str
    stream: bool
    include_usage: bool
    include_obfuscation: bool | None
    temperature: float | None
    turns: Turns
    deployment: str = ""

    @property
    def question(self) -> Question | ExactOnlyReason:
        return self.turns.question

    @property
    def system_text(self) -> str:
        """System and developer messages and `instructions`, joined by newlines."""
        return self.turns.system_text

    @property
    def assistant_text(self) -> str:
        """All that the assistant has said, joined by newlines."""
        return "\n".join(self.turns.assistant_texts)


PATHS = {
    "chat/completions": Endpoint.CHAT,
    "responses": Endpoint.RESPONSES,
    "completions": Endpoint.COMPLETIONS,
    "embeddings": Endpoint.EMBEDDINGS,
}
_AZURE_DEPLOYMENT = re.compile(r"/openai/deployments/([^/]+)/(chat/completions|completions|embeddings)")


def endpoint_of(path: str) -> Endpoint | None:
    """The cacheable endpoint behind the raw path of a POST (no query), or None: pass it through."""
    for prefix in ("/v1/", "/openai/v1/"):
        if path.startswith(prefix):
            return PATHS.get(path[len(prefix) :])
    deployment = _AZURE_DEPLOYMENT.fullmatch(path)
    return PATHS[deployment[2]] if deployment else None


def deployment_of(path: str) -> str:
    """The operator's own name for the model that answers, where Azure's path has it; else ""."""
    deployment = _AZURE_DEPLOYMENT.fullmatch(path)
    return unquote(deployment[1]) if deployment else ""


def parse_request(endpoint: Endpoint, body: bytes, deployment: str = "") -> Request | BypassReason:
    """Reads a body (content codings already undone); a reason when it cannot be understood in one way only."""
    fields = parse_object(body)
    if isinstance(fields, BypassReason):
        return fields
    model = fields.get("model", "")
    stream = fields.get("stream")
    options = fields.get("stream_options") or {}
    if not isinstance(model, str) or not (stream is None or isinstance(stream, bool)) or not isinstance(options, dict):
        return BypassReason.UNPARSEABLE
    obfuscation = options.get("include_obfuscation")
    return Request(
        endpoint=endpoint,
        fields=fields,
        model=model,
        stream=stream is True,
        include_usage=options.get("include_usage") is True,
        include_obfuscation=obfuscation if isinstance(obfuscation, bool) else None,
        temperature=_temperature(fields.get("temperature")),
        turns=_turns(endpoint, fields),
        deployment=deployment,
    )


def _turns(endpoint: Endpoint, fields: Mapping[str, Any]) -> Turns:
    match endpoint:
        case Endpoint.CHAT:
            return read_messages(fields.get("messages"))
        case Endpoint.RESPONSES:
            return read_input(fields.get("input"), fields.get("instructions"))
        case Endpoint.COMPLETIONS:
            return read_prompt(fields.get("prompt"))
        case Endpoint.EMBEDDINGS:
            return read_embedded(fields.get("input"))
    assert_never(endpoint)


def _temperature(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return float("nan")
    return float(value)
