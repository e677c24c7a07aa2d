"""Thresholds that held on a domain's own labelled pairs: what `equicache calibrate --write` leaves for the proxy.

One JSON file beside the configuration, domain name → `Calibrated`. A line holds for one scorer only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import orjson

from proxy.core.risk import Threshold
from proxy.errors import ConfigError

SUFFIX = ".thresholds.json"


@dataclass(frozen=True, slots=True)
class Calibrated:
    """logit: candidates at or above it may be served. pairs, wrong: labelled pairs that reach it, and the wrong ones.

    upper_bound: of the false-hit rate, one-sided at 95 %. scorer: its digest; at: date of the run, ISO 8601.
    """

    logit: float
    probability: float
    max_false_hit_rate: float
    pairs: int
    wrong: int
    upper_bound: float
    scorer: str
    at: str

    def threshold(self) -> Threshold:
        return Threshold(self.logit, self.probability, self.max_false_hit_rate, is_calibrated=True)

    def holds(self, scorer: str, max_false_hit_rate: float) -> bool:
        """Whether it was made with this scorer, for a rate that is no looser than the allowed one."""
        return self.scorer == scorer and self.max_false_hit_rate <= max_false_hit_rate


def parse(content: bytes, where: str) -> dict[str, Calibrated]:
    """Domain → threshold; raises ConfigError naming `where` for anything that `written` would not write."""
    try:
        found = orjson.loads(content)
        read = {str(name): Calibrated(**line) for name, line in found.items()}
    except (orjson.JSONDecodeError, TypeError, AttributeError) as exc:
        raise ConfigError(f"{where}: {exc}; expected what `equicache calibrate --write` writes") from exc
    for name, line in read.items():
        if not _is_sound(line):
            raise ConfigError(f"{where}: $.{name}: found {asdict(line)}; run `equicache calibrate --write` again")
    return read


def written(lines: Mapping[str, Calibrated]) -> bytes:
    """The file, one readable block for each domain."""
    shown = {name: asdict(line) for name, line in sorted(lines.items())}
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _is_sound(line: Calibrated) -> bool:
    numbers = [getattr(line, field.name) for field in fields(line) if field.type in ("float", "int")]
    if not all(isinstance(each, int | float) and math.isfinite(each) for each in numbers):
        return False
    return isinstance(line.scorer, str) and isinstance(line.at, str) and 0 < line.max_false_hit_rate < 1
