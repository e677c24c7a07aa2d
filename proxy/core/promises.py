"""What each domain's allowed false-hit rate rests on, in words (R28): for the banner, `check` and the totals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from proxy.core.risk import Threshold


def promises(domains: Iterable[str], current: Callable[[str], Threshold]) -> Iterator[tuple[str, str]]:
    """(domain, what is held) for every domain that promises less than its operator may think."""
    for name in domains:
        threshold = current(name)
        rate = f"{threshold.max_false_hit_rate:.1%}"
        if not math.isfinite(threshold.logit):
            yield name, f"no shipped threshold holds {rate}: only identical requests are answered from memory"
        elif not threshold.is_calibrated:
            held = f"uncalibrated for this domain: {rate} held on the shipped reference mix, not on your traffic"
            yield name, f"{held}; `equicache calibrate` makes it a promise"
