"""Loads the learned parts together, and reads the decision rule that was shipped with the scorer.

A part that cannot be used turns the semantic tier off and says why; the exact tier and forwarding never need it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from proxy.backends.artefact import MODELS, Artefact, read_artefact
from proxy.backends.embedder_onnx import OnnxEmbedder
from proxy.backends.inference import InferenceThread
from proxy.backends.scorer_check import Checked, check_scorer
from proxy.backends.scorer_onnx import OnnxPairScorer
from proxy.core.calibrated import Calibrated
from proxy.core.risk import Threshold
from proxy.core.route import Domain
from proxy.core.verdict import Calibration
from proxy.errors import ModelMismatch
from proxy.learned import Models
from proxy.ports import PromptJudge

BUNDLED = "bundled"


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """models: None when meaning cannot be compared, `why` then says it. checked: asks whether this machine judges as
    the one that made the scorer; half a second, for a thread (R32, R33)."""

    models: Models | None
    thresholds: ShippedThresholds
    why: str
    thread: InferenceThread
    checked: Callable[[], Checked]

    def close(self) -> None:
        """Ends the inference thread."""
        self.thread.close()


class ShippedThresholds:
    """Port `Thresholds`: what `calibrate` found for a domain with this very scorer; else the scorer's manifest, whose
    thresholds held each rate on our reference mix (R28)."""

    def __init__(
        self,
        domains: Mapping[str, Domain],
        by_rate: Mapping[float, float],
        calibration: Calibration,
        own: Mapping[str, Threshold] | None = None,
    ) -> None:
        own = own or {}
        self._thresholds = {
            name: own.get(name) or _threshold(domain, by_rate, calibration) for name, domain in domains.items()
        }

    def current(self, domain: str) -> Threshold:
        return self._thresholds[domain]


def load_models(
    embedder: str, scorer: str, domains: Mapping[str, Domain], calibrated: Mapping[str, Calibrated] | None = None
) -> Loaded:
    """`bundled` or a folder, each. Never raises for an artefact: a bad one is named in `why`."""
    thread = InferenceThread()
    try:
        return _loaded(embedder, scorer, domains, calibrated or {}, thread)
    except ModelMismatch as mismatch:
        return Loaded(None, ShippedThresholds(domains, {}, Calibration()), str(mismatch), thread, _unchecked)


def _loaded(
    embedder: str,
    scorer: str,
    domains: Mapping[str, Domain],
    calibrated: Mapping[str, Calibrated],
    thread: InferenceThread,
) -> Loaded:
    embedder_artefact = read_artefact(_folder(embedder, "minilm-l6-v2"), "embedder")
    opened = OnnxEmbedder(embedder_artefact, thread)
    scorer_artefact = read_artefact(_folder(scorer, "equivalence"), "scorer")
    pair_scorer = OnnxPairScorer(scorer_artefact, opened.digest, thread)
    calibration = calibration_of(scorer_artefact)
    judge = _judge(opened.digest)
    models = Models(opened, pair_scorer, judge, calibration, opened.unknown_id, pair_scorer.lexicon)
    by_rate = {float(rate): float(str(logit)) for rate, logit in scorer_artefact.field("thresholds", dict).items()}
    own = {
        name: calibrated[name].threshold()
        for name, domain in domains.items()
        if name in calibrated
        and domain.threshold is None
        and calibrated[name].holds(pair_scorer.digest, domain.max_false_hit_rate)
    }
    thresholds = ShippedThresholds(domains, by_rate, calibration, own)
    return Loaded(models, thresholds, "", thread, lambda: check_scorer(scorer_artefact, pair_scorer, opened.encode))


def _unchecked() -> Checked:
    """Without models there is nothing to check."""
    return Checked(None, "", 0.0)


def calibration_of(scorer: Artefact) -> Calibration:
    """The manifest's `calibration`: rising points [[logit, probability], …]."""
    try:
        points = np.asarray(scorer.field("calibration", list), dtype=np.float64)
    except (TypeError, ValueError):
        points = np.empty(0)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2 or (np.diff(points[:, 0]) <= 0).any():
        raise ModelMismatch(f"{scorer.folder}: `calibration` is not a list of [logit, probability] with rising logits.")
    return Calibration(knots=tuple((float(logit), float(odds)) for logit, odds in points))


def _folder(choice: str, bundled: str) -> Path:
    return MODELS / bundled if choice == BUNDLED else Path(choice)


def _threshold(domain: Domain, by_rate: Mapping[float, float], calibration: Calibration) -> Threshold:
    """An expert's `threshold` is a probability; else the strictest shipped rate that is not above the allowed one."""
    if domain.threshold is not None:
        logit = calibration.logit(domain.threshold)
        return Threshold(logit, domain.threshold, domain.max_false_hit_rate)
    held = [rate for rate in by_rate if rate <= domain.max_false_hit_rate]
    logit = by_rate[max(held)] if held else math.inf
    return Threshold(logit, calibration.probability(logit) if held else 1.0, domain.max_false_hit_rate)


def _judge(embedder_digest: str) -> PromptJudge | None:
    if not (MODELS / "prompts" / "manifest.json").exists():
        return None
    from proxy.backends.judge_onnx import load_judge

    return load_judge(embedder_digest)
