"""What was promised beside what was measured: one line each, for the head of `bench/RESULTS.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]

TARGETS: Sequence[tuple[str, str, str, str, float, int]] = (
    # claim, what its row begins with, column, words, limit, 1 at most / -1 at least
    ("latency exact", "exact hit, JSON, c=32", "cpu_us", "exact hit: CPU, µs", 110, 1),
    ("latency exact", "exact hit, JSON, c=32", "cpu_ratio", "exact hit: CPU over the dict floor", 1.6, 1),
    ("latency exact", "exact hit, JSON, c=1", "added_p50_ms", "exact hit: added p50 at c=1, ms", 0.25, 1),
    ("latency exact", "exact hit, JSON, c=32", "rps", "exact hits per second and process at c=32", 5000, -1),
    ("latency redis", "exact hit, cold", "cpu_us", "exact hit from Redis, cold process: CPU, µs", 180, 1),
    ("latency meaning", "semantic hit", "p50_ms", "semantic hit, 20 tokens: p50, ms", 5.8, 1),
    ("latency meaning", "semantic hit", "p95_ms", "semantic hit, 20 tokens: p95, ms", 8.5, 1),
    ("latency meaning", "semantic hit", "cpu_ratio", "semantic hit: CPU over embedding and scorer alone", 1.25, 1),
    ("latency miss", "miss, no candidates", "added_p50_ms", "miss without candidates: added p50, ms", 4.0, 1),
    ("latency miss", "miss, four", "added_p50_ms", "miss with four candidates: added p50, ms", 5.8, 1),
    ("latency bypass", "bypass, JSON, c=16", "cpu_ratio", "bypass, JSON: CPU over a bare pass-through", 1.3, 1),
    ("latency bypass", "bypass, stream, c=16", "cpu_ratio", "bypass, streams: CPU over a bare pass-through", 1.3, 1),
    ("workers", "2", "of_one", "two workers: CPU per request over one worker's", 1.1, 1),
    ("peers", "cachellm-proxy", "times_ours", "cachellm-proxy: CPU of an exact hit, times ours", 4, -1),
    ("peers", "litellm", "times_ours", "LiteLLM: CPU of an exact hit, times ours", 60, -1),
    ("soak", "", "lag_p99_ms", "event loop late under full load: p99, ms", 10, 1),
    ("index million", "1000000", "search_p50_us", "a million entries: search p50, µs", 700, 1),
    ("index million", "1000000", "recall_at_1", "a million entries: recall@1 of near-duplicates", 0.99, -1),
    ("index million", "1000000", "rss_per_entry", "a million entries: RSS per entry, bytes", 2000, 1),
    ("index million", "1000000", "start_s", "a million entries: start from snapshot, s", 10, 1),
    (
        "index million",
        "1000000",
        "mixed_insert_per_s",
        "a million entries: inserts/s while searching",
        800,
        -1,
    ),
)


def verdicts(everything: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Lines of a Markdown table; what was not measured says so."""
    yield "| promised | limit | measured | |"
    yield "|---|---|---|---|"
    for claim, begins, column, words, limit, sign in TARGETS:
        value = _value(everything.get(claim, {}).get("rows", ()), begins, column)
        said = "not measured" if value is None else f"{value:,.4g}"
        verdict = "" if value is None else "met" if sign * value <= sign * limit else "**missed**"
        yield f"| {words} | {'≤' if sign > 0 else '≥'} {limit:,} | {said} | {verdict} |"


def _value(rows: Rows, begins: str, column: str) -> float | None:
    for row in rows:
        value = row.get(column)
        if isinstance(value, int | float) and (not begins or str(next(iter(row.values()))).startswith(begins)):
            return float(value)
    return None
