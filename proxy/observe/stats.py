"""Running totals for people: what `/api/stats` and the end of `equicache run` say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from http import HTTPStatus

from proxy.core.outcome import Outcome, Result
from proxy.core.reasons import MissReason
from proxy.core.report import RECORDED

Money = Callable[[str, int, int], float]
"""(model, prompt tokens, completion tokens) -> USD; 0 for a model without a price."""


@dataclass(slots=True)
class Totals:
    """Since start. guards: misses for which a veto was the reason; one candidate's veto may stand beside a hit.
    reported: recorded reports by verdict. saved_s: what misses took that hits did not; saved_usd: by the
    configured prices.
    """

    requests: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    scope_fields: Counter[str] = field(default_factory=Counter)
    guards: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)
    shadow_hits: int = 0
    stored: int = 0
    saved_s: float = 0.0
    saved_usd: float = 0.0


class StatsObserver:
    """Totals over all routes. A hit is credited with the mean time and usage of its route's answered misses.

    A miss is told of when its answer is stored, which may be after the first hits on it: they are credited then.
    """

    def __init__(self, money: Money) -> None:
        self.totals = Totals()
        self._money = money
        self._upstream_s: dict[str, tuple[int, float]] = {}
        self._usd: dict[str, tuple[int, float]] = {}
        self._worth: dict[str, tuple[float, float]] = {}
        self._early: Counter[str] = Counter()

    def observed(self, outcome: Outcome) -> None:
        totals = self.totals
        totals.requests += 1
        totals.results[outcome.result] += 1
        if outcome.reason is not None:
            totals.reasons[outcome.reason] += 1
        if outcome.scope_field is not None:
            totals.scope_fields[outcome.scope_field] += 1
        if outcome.guard is not None and outcome.reason is MissReason.GUARD:
            totals.guards[outcome.guard] += 1
        if outcome.shadow:
            totals.shadow_hits += 1
        totals.stored += outcome.stored
        if outcome.drop is not None:
            totals.dropped[outcome.drop] += 1
        if outcome.result is Result.HIT and outcome.hit is not None:
            totals.hits[outcome.hit] += 1
            worth = self._worth.get(outcome.route)
            if worth is None:
                self._early[outcome.route] += 1
            else:
                totals.saved_s += worth[0]
                totals.saved_usd += worth[1]
        elif outcome.result is Result.MISS:
            self._learn(outcome)

    def reported(self, verdict: str, result: str) -> None:
        """Only what was recorded counts: a report for an unknown id, or a second one, changes nothing."""
        if result == RECORDED:
            self.totals.reported[verdict] += 1

    def _learn(self, outcome: Outcome) -> None:
        route = outcome.route
        if outcome.total_ms is not None and outcome.status == HTTPStatus.OK:
            _add(self._upstream_s, route, outcome.total_ms / 1000)
        if outcome.prompt_tokens is not None and outcome.completion_tokens is not None:
            _add(self._usd, route, self._money(outcome.model, outcome.prompt_tokens, outcome.completion_tokens))
        if route in self._upstream_s:
            self._worth[route] = seconds, dollars = _mean(self._upstream_s, route), _mean(self._usd, route)
            early = self._early.pop(route, 0)
            self.totals.saved_s += early * seconds
            self.totals.saved_usd += early * dollars

    def shown(self) -> Mapping[str, object]:
        """JSON-ready totals. `asdict` would rebuild each Counter from its items and count pairs."""
        values = {one.name: getattr(self.totals, one.name) for one in fields(self.totals)}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in values.items()}


def _add(sums: dict[str, tuple[int, float]], route: str, value: float) -> None:
    count, total = sums.get(route, (0, 0.0))
    sums[route] = (count + 1, total + value)


def _mean(sums: dict[str, tuple[int, float]], route: str) -> float:
    count, total = sums.get(route, (0, 0.0))
    return total / count if count else 0.0
