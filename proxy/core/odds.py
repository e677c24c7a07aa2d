"""What the learned heads say about one text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PromptOdds:
    """Calibrated probabilities in [0, 1] about one text, from its vector alone; `languages` by ISO 639-1 code."""

    time_bound: float
    side_effect: float
    context_bound: float
    novelty: float
    personal: float
    payload: float
    languages: Mapping[str, float] = field(default_factory=dict)
