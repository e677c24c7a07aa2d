"""What a network learns towards: labels, and the judgement of networks trained before it (distillation).

Several networks that were trained apart know different things; together they judge better and cost a network's time
each. One network learns from their mean what they know together (Hinton, Vinyals & Dean 2015).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier_export.blend import NEUTRAL_COSINE
from classifier_export.corpus import OWN_SOURCES, smoothing_of
from classifier_export.data import PairArrays
from classifier_export.pairs import Pair
from classifier_export.readings import PREFIX
from classifier_export.runs import load_run, logits_of
from proxy.core.features import FACT

TRUST = 0.7
"""Share of the teachers' probability in what is learned; the rest is the label's."""

TRUST_OWN = 0.3
"""The same for our own pairs, whose labels are certain by construction: with .7 the surest near-misses are as sure as
the surest paraphrases, and strict thresholds serve half as much."""

ORDINARY_COSINE = 2.0
"""Logits per unit of cosine added to the teachers' for pairs that are not our own: contrast pairs teach a network to
distrust surface likeness, and ordinary paraphrases pay for it (R27)."""


def targets_of(pairs: Sequence[Pair], arrays: PairArrays) -> NDArray[np.float32]:
    """float32[n]: each pair's label, moved towards one half where its source's labels are loose."""
    smoothing = np.array([smoothing_of(pairs[i].source) for i in arrays.kept], dtype=np.float32)
    return np.asarray(arrays.labels * (1 - smoothing) + 0.5 * smoothing, dtype=np.float32)


def taught(
    pairs: Sequence[Pair], arrays: PairArrays, teachers: Sequence[Path], targets: NDArray[np.float32]
) -> NDArray[np.float32]:
    """float32[n]: `targets` mixed with what the teachers (run folders) say of each pair.

    A teacher that was trained on clean sources only is asked about our own pairs only: it knows nothing of the others.
    Of what readers judged nobody is asked: that is where teachers err.
    """
    is_own = np.array([pairs[i].source.startswith(OWN_SOURCES) for i in arrays.kept])
    is_read = np.array([pairs[i].source.startswith(PREFIX) for i in arrays.kept])
    total, count = np.zeros(len(arrays), np.float32), np.zeros(len(arrays), np.float32)
    for run in teachers:
        asked = is_own if _is_clean(run) else ~is_read
        total += np.where(asked, logits_of(load_run(run), arrays), 0)
        count += asked
    logits = total / np.maximum(count, 1)
    logits += np.where(is_own, 0, ORDINARY_COSINE * (arrays.facts[:, FACT["cosine"]] - NEUTRAL_COSINE))
    trust = np.where(is_own, TRUST_OWN, TRUST)
    mixed = (1 - trust) * targets + trust / (1 + np.exp(-logits))
    return np.where(count > 0, mixed, targets).astype(np.float32)


def _is_clean(run: Path) -> bool:
    return bool(json.loads((run / "run.json").read_text())["recipe"]["clean_only"])
