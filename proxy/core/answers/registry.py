"""Which adapter reads and replays the answers of which endpoint."""

from __future__ import annotations

from collections.abc import Mapping

from proxy.core.answers.adapter import AnswerAdapter
from proxy.core.answers.chat import ChatAnswers

ADAPTERS: Mapping[str, AnswerAdapter] = {"chat": ChatAnswers()}
