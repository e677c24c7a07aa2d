"""One wide event per request (`request.answered`), written after the answer. Texts and credentials never enter it."""

from __future__ import annotations

from dataclasses import fields

import structlog

from proxy.core.outcome import Outcome

log = structlog.get_logger()

_NAMES = tuple(field.name for field in fields(Outcome) if field.name not in {"result", "extra", "started_at"})


class LogObserver:
    """Facts as keys; what did not happen is left out."""

    def observed(self, outcome: Outcome) -> None:
        facts = {name: value for name in _NAMES if (value := getattr(outcome, name)) not in (None, "", False)}
        rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in facts.items()}
        log.info("request.answered", outcome=outcome.result.value, **rounded, **outcome.extra)
