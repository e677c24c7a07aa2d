"""Prometheus metrics from outcomes; labels come from enums and configured names only, so that none can explode."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from proxy.core.outcome import Outcome

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
        self._guards = Counter("equicache_vetoes", "Vetoes by guard.", ("guard",), registry=self.registry)
        self._stages = Histogram(
            "equicache_stage_seconds", "Time by stage.", ("stage",), buckets=SECONDS, registry=self.registry
        )

    def observed(self, outcome: Outcome) -> None:
        reason = outcome.reason.value if outcome.reason else ""
        self._requests.labels(outcome.route, outcome.domain, outcome.result.value, reason).inc()
        if outcome.shadow:
            self._shadow.labels(outcome.domain).inc()
        elif outcome.hit is not None:
            self._hits.labels(outcome.domain, outcome.hit.value).inc()
        if outcome.guard is not None:
            self._guards.labels(outcome.guard).inc()
        if outcome.stored:
            self._stored.labels(outcome.domain).inc()
        elif outcome.drop is not None:
            self._dropped.labels(outcome.domain, outcome.drop.value).inc()
        for stage in ("embed", "search", "score", "upstream", "total"):
            spent_ms = getattr(outcome, f"{stage}_ms")
            if spent_ms is not None:
                self._stages.labels(stage).observe(spent_ms / 1000)

    def text(self) -> bytes:
        """Prometheus' text format."""
        return generate_latest(self.registry)
