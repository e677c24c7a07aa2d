"""Near neighbours as training pairs: what a cache would really compare (R27).

A labelled pair set says little about the candidates that a search brings back. From texts with a known class (an
intent, a cluster of duplicates) the nearest ones of another class become label-0 pairs and nearest ones of the same
class label-1 pairs. Clusters are incomplete, so a mined label 0 between Quora texts is only likely.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from classifier_export.pairs import Pair

BLOCK = 1024


def intent_classes(pairs: Iterable[Pair], sources: Sequence[str]) -> dict[str, str]:
    """text → intent, read from the sources' names (`banking77:pending_transfer|top_up_failed`)."""
    found: dict[str, str] = {}
    for pair in pairs:
        corpus, _, intents = pair.source.partition(":")
        if corpus in sources and intents:
            first, _, second = intents.partition("|")
            found[pair.a] = f"{corpus}:{first}"
            found[pair.b] = f"{corpus}:{second or first}"
    return found


def duplicate_classes(pairs: Iterable[Pair]) -> dict[str, str]:
    """text → a representative of all texts it is linked to by label-1 pairs; texts without a link stand alone."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        parent.setdefault(text, text)
        while parent[text] != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    for pair in pairs:
        a, b = root(pair.a), root(pair.b)
        if pair.label:
            parent[a] = b
    return {text: root(text) for text in parent}


def mined_pairs(
    classes: Mapping[str, str],
    vectors: NDArray[np.float32],
    *,
    queries: int,
    per_query: int,
    source: str,
    rng: np.random.Generator,
) -> list[Pair]:
    """For each sampled text its nearest neighbours, labelled by class. vectors: float32[n, 384] in the order of `classes`.

    source: its name gets `+near`; weight is left at 1.
    """
    texts, names = list(classes), np.array(list(classes.values()))
    chosen = rng.permutation(len(texts))[:queries]
    pairs: list[Pair] = []
    for block in (chosen[i : i + BLOCK] for i in range(0, len(chosen), BLOCK)):
        near = vectors[block] @ vectors.T  # [b, n]
        near[np.arange(len(block)), block] = -1
        best = np.argpartition(-near, per_query, axis=1)[:, :per_query]
        for row, i in enumerate(block):
            for j in best[row]:
                if near[row, j] >= 0.6:
                    pairs.append(Pair(texts[i], texts[j], int(names[i] == names[j]), source))
    return pairs
