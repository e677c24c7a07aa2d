"""Prometheus metrics from outcomes; labels come from enums and configured names only, so that none can explode."""

from __future__ import annotations

from operator import attrgetter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from proxy.core.outcome import Outcome

STAGES = ("embed", "search", "score", "upstream", "total")
_times = attrgetter(*(f"{stage}_ms" for stage in STAGES))
SECONDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600)


class MetricsObserver:
    """One registry; `text` is what `/metrics` shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        requests = ("route", "domain", "result", "reason")
        self._requests = Counter("equicache_requests", "Requests by outcome.", requests, registry=self.registry)
        self._hits = Counter("equicache_hits", "Hits by kind.", ("domain", "kind"), registry=self.registry)
        self._shadow = Counter(
            "equicache_shadow_hits", "Hits that a shadow route would have served.", ("domain",), registry=self.registry
        )
        self._stored = Counter("equicache_stored", "Stored responses.", ("domain",), registry=self.registry)
        self._dropped = Counter(
            "equicache_dropped", "Answers not stored, by reason.", ("domain", "reason"), registry=self.registry
        )
        self._reports = Counter(
            "equicache_reports", "Reports about hits, by what became of them.", ("verdict", "result"),
            registry=self.registry,
        )  # fmt: skip
        self._guards = Counter("equicache_vetoes", "Vetoes by guard.", ("guard",), registry=self.registry)
        self._stages = Histogram(
            "equicache_stage_seconds", "Time by stage.", ("stage",), buckets=SECONDS, registry=self.registry
        )
        self._stages_by_name = {stage: self._stages.labels(stage) for stage in STAGES}
        self._children: dict[tuple[Counter, tuple[str, ...]], Counter] = {}

    def observed(self, outcome: Outcome) -> None:
        reason = outcome.reason.value if outcome.reason else ""
        self._count(self._requests, outcome.route, outcome.domain, outcome.result.value, reason)
        if outcome.shadow:
            self._count(self._shadow, outcome.domain)
        elif outcome.hit is not None:
            self._count(self._hits, outcome.domain, outcome.hit.value)
        if outcome.guard is not None:
            self._count(self._guards, outcome.guard)
        if outcome.stored:
            self._count(self._stored, outcome.domain)
        elif outcome.drop is not None:
            self._count(self._dropped, outcome.domain, outcome.drop.value)
        for stage, spent_ms in zip(STAGES, _times(outcome), strict=True):
            if spent_ms is not None:
                self._stages_by_name[stage].observe(spent_ms / 1000)

    def reported(self, verdict: str, result: str) -> None:
        self._count(self._reports, verdict, result.partition(";")[0])

    def _count(self, counter: Counter, *labels: str) -> None:
        """`labels()` locks and checks each time; its children are kept here."""
        child = self._children.get((counter, labels))
        if child is None:
            child = self._children[(counter, labels)] = counter.labels(*labels)
        child.inc()

    def text(self) -> bytes:
        """Prometheus' text format."""
        return generate_latest(self.registry)
