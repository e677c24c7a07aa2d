"""Banner and `check` never promise more than was held."""

from __future__ import annotations

import math

from proxy.core.promises import lines, promises
from proxy.core.risk import Threshold
from proxy.core.route import Domain


def test_a_rate_that_no_threshold_holds_is_said_to_serve_identical_requests_only() -> None:
    said = dict(promises({"strict": Domain()}, lambda _: Threshold(math.inf, 1.0, 0.01)))

    assert said == {"strict": "no shipped threshold holds 1.0%: only identical requests are answered from memory"}


def test_a_shipped_threshold_is_uncalibrated_until_labels_say_otherwise() -> None:
    (_, text), *_ = promises({"default": Domain()}, lambda _: Threshold(3.0, 0.9, 0.03))

    assert text.startswith("uncalibrated for this domain: 3.0% held on the shipped reference mix, not on your traffic")


def test_a_calibrated_domain_needs_no_word() -> None:
    assert list(promises({"default": Domain()}, lambda _: Threshold(3.0, 0.9, 0.03, is_calibrated=True))) == []


def test_a_threshold_set_by_hand_promises_no_rate() -> None:
    said = dict(promises({"default": Domain(threshold=0.2)}, lambda _: Threshold(-1.4, 0.2, 0.03)))

    assert said == {"default": "threshold 0.2 is set by hand and counts; no false-hit rate is promised"}


def test_domains_of_which_the_same_is_said_share_a_line() -> None:
    thresholds = {"a": Threshold(3.0, 0.9, 0.03), "b": Threshold(3.5, 0.9, 0.01), "c": Threshold(3.0, 0.9, 0.03)}
    said = [about for about, _ in lines(promises(dict.fromkeys("abc", Domain()), thresholds.__getitem__))]

    assert said == ["domains a, c", "domain b"]
