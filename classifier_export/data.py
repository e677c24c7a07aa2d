"""Pairs turned into arrays: features computed once by `proxy.core.features`, token vectors gathered per batch.

The arrays hold what `features.pack` would give for each pair; `batch` builds the same graph inputs from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier_export.embeddings import Table
from classifier_export.pairs import Pair
from classifier_export.progress import progress
from proxy.core import features
from proxy.core.embedding import Embedding, Prompt
from proxy.core.lexicon import Lexicon

Batch = dict[str, NDArray[np.generic]]


@dataclass(frozen=True, slots=True, eq=False)
class PairArrays:
    """n pairs over one table.

    sides: int32[n, 2] table rows, in the scorer's fixed order. marks: uint8[total, len(MARKS)], first and second
    side of pair i one after the other from mark_start[i]. facts: float32[n, len(FACTS)]. kept: which of the pairs
    given were in the table.
    """

    table: Table
    sides: NDArray[np.int32]
    marks: NDArray[np.uint8]
    mark_start: NDArray[np.int64]
    facts: NDArray[np.float32]
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]
    kept: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sides)

    @property
    def longest(self) -> NDArray[np.int64]:
        """Tokens of the longer side, per pair."""
        lengths = self.table.start[1:] - self.table.start[:-1]
        return np.asarray(lengths[self.sides].max(axis=1))

    def tokens_of(
        self, which: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
        """(rows [2n]: all first sides, then all second; lengths [2n]; inside [2n, t]: where a token is; at [2n, t]: its
        place in the table, 0 where none is)."""
        start = self.table.start
        rows = self.sides[which].T.reshape(-1)
        lengths = start[rows + 1] - start[rows]
        place = np.arange(int(lengths.max()))[None, :]  # [1, t]
        inside = place < lengths[:, None]
        return rows, lengths, inside, np.where(inside, start[rows][:, None] + place, 0)

    def batch(self, which: NDArray[np.int64]) -> Batch:
        """The graph's inputs for these pairs, as `features.pack` lays them out."""
        table = self.table
        rows, lengths, inside, at = self.tokens_of(which)
        first_length = table.start[self.sides[which, 0] + 1] - table.start[self.sides[which, 0]]
        mark_from = np.concatenate([self.mark_start[which], self.mark_start[which] + first_length])
        mark_at = np.where(inside, mark_from[:, None] + np.arange(inside.shape[1]), 0)
        return {
            "vectors": table.vectors[at] * inside[:, :, None],  # int8[2n, t, d]
            "marks": self.marks[mark_at] * inside[:, :, None],  # uint8[2n, t, m]
            "lengths": lengths,
            "sentences": table.sentence[rows].astype(np.float32),
            "facts": self.facts[which],
        }


CHUNK = 16_384
"""Pairs per cached file: a longer list of pairs that begins like an earlier one costs only what is new."""


def arrays_of(pairs: Sequence[Pair], table: Table, lexicon: Lexicon, cache: Path | None = None) -> PairArrays:
    """Computes the features of all pairs whose texts are in the table; `cache` keeps them between runs.

    A cache belongs to one embedder and one lexicon: see `feature_cache`.
    """
    rows = [(table.find(pair.a), table.find(pair.b)) for pair in pairs]
    kept = np.array([i for i, (a, b) in enumerate(rows) if a >= 0 and b >= 0], dtype=np.int64)
    chunks = [kept[i : i + CHUNK] for i in range(0, max(len(kept), 1), CHUNK)]
    parts = [_features(pairs, rows, chunk, table, lexicon, cache) for chunk in chunks]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _arranged(pairs, rows, kept, table, found)


def feature_cache(home: Path, lexicon: bytes) -> Path:
    """The folder for features made with this lexicon artefact, in one embedder's folder (`fill`); created."""
    folder = home / f"features-{hashlib.sha256(lexicon).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _features(
    pairs: Sequence[Pair],
    rows: Sequence[tuple[int, int]],
    chunk: NDArray[np.int64],
    table: Table,
    lexicon: Lexicon,
    cache: Path | None,
) -> dict[str, NDArray[np.generic]]:
    path = cache / f"{_digest(pairs, chunk)}.npz" if cache else None
    if path and path.exists():
        with np.load(path) as file:
            return {name: file[name] for name in file.files}
    found = _compute([pairs[i] for i in chunk], [rows[i] for i in chunk], table, lexicon)
    if path:
        part = path.with_suffix(".part")
        with part.open("wb") as writing:
            np.savez(writing, allow_pickle=False, **found)
        part.rename(path)
    return found


def batches(
    arrays: PairArrays, which: NDArray[np.int64], tokens: int, rng: np.random.Generator
) -> Iterator[NDArray[np.int64]]:
    """Shuffled batches of pairs of like length, about `tokens` padded tokens per side each."""
    longest = arrays.longest[which]
    order = which[np.argsort(longest + rng.uniform(0, 3, len(which)), kind="stable")]
    sizes = arrays.longest[order]
    cuts: list[NDArray[np.int64]] = []
    at = 0
    while at < len(order):
        end = at + max(1, tokens // int(sizes[min(at + 64, len(order) - 1)] + 1))
        cuts.append(order[at:end])
        at = end
    for i in rng.permutation(len(cuts)):
        yield cuts[i]


def _digest(pairs: Sequence[Pair], kept: NDArray[np.int64]) -> str:
    digest = hashlib.sha256(features.DIGEST.encode())
    for i in kept:
        digest.update(f"{pairs[i].a}\0{pairs[i].b}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:24]


def _compute(
    pairs: Sequence[Pair], rows: Sequence[tuple[int, int]], table: Table, lexicon: Lexicon
) -> dict[str, NDArray[np.generic]]:
    sides: dict[int, features.Side] = {}

    def side(text: str, row: int) -> features.Side:
        if row not in sides:
            if len(sides) > 50_000:
                sides.clear()
            span = slice(table.start[row], table.start[row + 1])
            vector = table.sentence[row].astype(np.float32)
            sides[row] = features.side_of(
                Prompt(text, Embedding(vector, table.ids[span], table.vectors[span])), lexicon
            )
        return sides[row]

    marks: list[NDArray[np.uint8]] = []
    facts = np.zeros((len(pairs), len(features.FACTS)), dtype=np.float32)
    swapped = np.zeros(len(pairs), dtype=bool)
    for n, (pair, (row_a, row_b)) in enumerate(progress(list(zip(pairs, rows, strict=True)), "features")):
        a, b = side(pair.a, row_a), side(pair.b, row_b)
        swapped[n] = b.rank < a.rank
        found = features.pair_features(*((b, a) if swapped[n] else (a, b)), lexicon)
        facts[n] = found.facts
        marks += [found.marks_a, found.marks_b]
    empty = np.zeros((0, len(features.MARKS)), dtype=np.uint8)
    return {"facts": facts, "marks": np.concatenate([empty, *marks]), "swapped": swapped}


def _arranged(
    pairs: Sequence[Pair],
    rows: Sequence[tuple[int, int]],
    kept: NDArray[np.int64],
    table: Table,
    found: dict[str, NDArray[np.generic]],
) -> PairArrays:
    sides = np.array([rows[i] for i in kept], dtype=np.int32).reshape(-1, 2)
    sides = np.where(found["swapped"][:, None], sides[:, ::-1], sides)
    counts = (table.start[sides + 1] - table.start[sides]).sum(axis=1)
    return PairArrays(
        table=table,
        sides=sides,
        marks=found["marks"].astype(np.uint8),
        mark_start=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        facts=found["facts"].astype(np.float32),
        labels=np.array([pairs[i].label for i in kept], dtype=np.float32),
        weights=np.array([pairs[i].weight for i in kept], dtype=np.float32),
        kept=kept,
    )
