"""Pairs through the exported artefacts, exactly as they are served: embedder, guards, scorer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier_export.pairs import Pair
from classifier_export.progress import progress
from proxy.backends.artefact import read_artefact
from proxy.backends.embedder_onnx import OnnxEmbedder
from proxy.backends.inference import InferenceThread
from proxy.backends.scorer_onnx import OnnxPairScorer
from proxy.core.embedding import Prompt
from proxy.core.guards import pair_veto


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """Per pair: the cosine, and the logit; -inf where a guard speaks or the logit is not finite."""

    cosines: NDArray[np.float32]
    logits: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """One exported scorer. thresholds: allowed false-hit rate, as the manifest spells it, to logit."""

    scorer: OnnxPairScorer
    thresholds: dict[str, float]

    def threshold(self, rate: str) -> float:
        """Infinite when the manifest holds no such rate: then nothing is served."""
        return self.thresholds.get(rate, float("inf"))


def open_judge(folder: Path, embedder: OnnxEmbedder, thread: InferenceThread) -> Judge:
    """Raises ModelMismatch for a folder that is no scorer for this embedder."""
    artefact = read_artefact(folder, "scorer")
    thresholds = {str(rate): float(str(logit)) for rate, logit in artefact.field("thresholds", dict).items()}
    return Judge(OnnxPairScorer(artefact, embedder.digest, thread), thresholds)


def embedded(pairs: Sequence[Pair], embedder: OnnxEmbedder) -> dict[str, Prompt]:
    """Every text once, at batch 1 like in service."""
    texts = dict.fromkeys(text for pair in pairs for text in (pair.a, pair.b))
    return {text: Prompt(text, embedder.encode(text)) for text in progress(list(texts), "embedding")}


def decided(pairs: Sequence[Pair], prompts: dict[str, Prompt], judge: Judge) -> Decided:
    """In the order of the pairs."""
    cosines = np.zeros(len(pairs), dtype=np.float32)
    logits = np.full(len(pairs), -np.inf, dtype=np.float32)
    for row, pair in enumerate(progress(pairs, "scoring")):
        a, b = prompts[pair.a], prompts[pair.b]
        cosines[row] = a.embedding.vector @ b.embedding.vector
        if pair_veto(a, b) is None:
            logit = judge.scorer.scores(a, [b])[0]
            logits[row] = logit if np.isfinite(logit) else -np.inf
    return Decided(cosines, logits)


def cpu_ms(judge: Judge, prompts: Sequence[Prompt], rounds: int = 200, k: int = 4) -> float:
    """Median CPU milliseconds to score one prompt against k candidates that are new to the scorer."""
    taken = []
    for start in range(0, rounds * (k + 1), k + 1):
        group = [prompts[(start + i) % len(prompts)] for i in range(k + 1)]
        judge.scorer.forget()
        began = time.process_time()
        judge.scorer.scores(group[0], group[1:])
        taken.append((time.process_time() - began) * 1000)
    return float(np.median(taken))
