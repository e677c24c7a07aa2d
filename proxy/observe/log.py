"""One wide event per request (`request.answered`), written after the answer. Texts and credentials never enter it."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter

import structlog

from proxy.core.outcome import Outcome

log = structlog.get_logger()

_NAMES = tuple(field.name for field in fields(Outcome) if field.name not in {"result", "extra", "started_at"})
_values = attrgetter(*_NAMES)


class LogObserver:
    """Facts as keys; what did not happen is left out."""

    def observed(self, outcome: Outcome) -> None:
        facts = {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in zip(_NAMES, _values(outcome), strict=True)
            if value not in (None, "", False)
        }
        log.info("request.answered", outcome=outcome.result.value, **facts, **outcome.extra)

    def reported(self, verdict: str, result: str) -> None:
        log.info("hit.reported", verdict=verdict, result=result)
