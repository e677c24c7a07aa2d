"""What each domain's allowed false-hit rate rests on, in words (R28): for the banner, `check` and the totals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from proxy.core.risk import Threshold
from proxy.core.route import Domain


def promises(domains: Mapping[str, Domain], current: Callable[[str], Threshold]) -> Iterator[tuple[str, str]]:
    """(domain, what is held) for every domain that promises less than its operator may think."""
    for name, domain in domains.items():
        threshold = current(name)
        rate = f"{threshold.max_false_hit_rate:.1%}"
        if threshold.is_calibrated:
            continue
        if domain.threshold is not None:
            yield name, f"threshold {domain.threshold:g} is set by hand and counts; no false-hit rate is promised"
        elif not math.isfinite(threshold.logit):
            yield name, f"no shipped threshold holds {rate}: only identical requests are answered from memory"
        else:
            held = f"uncalibrated for this domain: {rate} held on the shipped reference mix, not on your traffic"
            yield name, f"{held}; `equicache calibrate` makes it a promise"


def lines(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """`promises` for people: (domain NAME or domains NAME, NAME, what is said of all of them)."""
    names: dict[str, list[str]] = {}
    for name, text in found:
        names.setdefault(text, []).append(name)
    for text, alike in names.items():
        yield f"domain{'s' if len(alike) > 1 else ''} {', '.join(alike)}", text
