"""Which adapter reads and replays the answers of which endpoint."""

from __future__ import annotations

from collections.abc import Mapping

from proxy.core.answers.adapter import AnswerAdapter
from proxy.core.answers.chat import ChatAnswers
from proxy.core.answers.completions import CompletionsAnswers
from proxy.core.answers.embeddings import EmbeddingsAnswers
from proxy.core.answers.responses import ResponsesAnswers
from proxy.core.request import Endpoint

ADAPTERS: Mapping[str, AnswerAdapter] = {
    Endpoint.CHAT: ChatAnswers(),
    Endpoint.RESPONSES: ResponsesAnswers(),
    Endpoint.COMPLETIONS: CompletionsAnswers(),
    Endpoint.EMBEDDINGS: EmbeddingsAnswers(),
}
