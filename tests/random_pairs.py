"""Pairs over a random table: enough for every step of training, with nothing to learn but one fact."""

from __future__ import annotations

import numpy as np

from classifier_export.data import PairArrays
from classifier_export.embeddings import Table
from classifier_export.model import Shape
from proxy.core.features import FACTS, MARKS

SMALL = Shape(context=8, static=4, width=16, inner=32, heads=2, layers=1, sentence=8)


def arrays(n: int = 40) -> PairArrays:
    """Random pairs over a random table; label 1 where the first fact is positive."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 9, 2 * n)
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    total = int(start[-1])
    table = Table(
        row={},
        start=start,
        ids=np.zeros(total, np.uint16),
        vectors=rng.integers(-127, 127, (total, 12)).astype(np.int8),
        sentence=rng.normal(size=(2 * n, 384)).astype(np.float16),
    )
    sides = np.arange(2 * n, dtype=np.int32).reshape(n, 2)
    facts = rng.normal(size=(n, len(FACTS))).astype(np.float32)
    return PairArrays(
        table=table,
        sides=sides,
        marks=rng.integers(0, 2, (total, len(MARKS))).astype(np.uint8),
        mark_start=start[:-1:2],
        facts=facts,
        labels=(facts[:, 0] > 0).astype(np.float32),
        weights=np.ones(n, np.float32),
        kept=np.arange(n),
    )
