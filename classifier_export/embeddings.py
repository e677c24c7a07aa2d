"""Embeddings of every training text, computed once by the shipped int8 embedder and kept in shards.

The heads see exactly what serving sees: batch 1, no padding. A cache belongs to one embedder digest; it resumes where
it stopped and never recomputes a text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier_export.progress import progress
from proxy.backends.embedder_onnx import OnnxEmbedder

SHARD = 4096
"""Texts per file: about ten seconds of work, the most that an interruption loses."""

MAX_TOKENS = 64
"""Longer training texts are left out: they are few, and each would set the length of its whole batch."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Many embeddings, flat.

    row: text digest → row. start: int64[n + 1] into ids and vectors. ids: uint16[total].
    vectors: int8[total, d]. sentence: float16[n, 384].
    """

    row: dict[bytes, int]
    start: NDArray[np.int64]
    ids: NDArray[np.uint16]
    vectors: NDArray[np.int8]
    sentence: NDArray[np.float16]

    def find(self, text: str) -> int:
        """The text's row; -1 when it is not there (never embedded, or too long)."""
        return self.row.get(text_digest(text), -1)

    def length(self, row: int) -> int:
        return int(self.start[row + 1] - self.start[row])


def text_digest(text: str) -> bytes:
    """Ten bytes that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:10]


def fill(texts: Iterable[str], folder: Path, embedder: OnnxEmbedder) -> Path:
    """Embeds what is missing under `folder`/<embedder digest>; returns that folder."""
    home = folder / embedder.digest[:12]
    home.mkdir(parents=True, exist_ok=True)
    known = {digest for path in sorted(home.glob("*.npz")) for digest in _digests(path)}
    missing = [text for text in dict.fromkeys(texts) if text_digest(text) not in known]
    shards = [missing[i : i + SHARD] for i in range(0, len(missing), SHARD)]
    for shard in progress(shards, "embedding"):
        _write(home, shard, embedder)
    return home


def load(home: Path, only: set[bytes] | None = None) -> Table:
    """Reads all shards into one table; `only` limits it to these text digests."""
    row: dict[bytes, int] = {}
    lengths: list[int] = []
    ids, vectors, sentences = [], [], []
    for path in sorted(home.glob("*.npz")):
        with np.load(path) as shard:
            digests, counts = [d.tobytes() for d in shard["digest"]], shard["count"]
            keep = np.array(
                [d not in row and (only is None or d in only) and n > 0 for d, n in zip(digests, counts, strict=True)]
            )
            tokens = np.repeat(keep, counts)
            ids.append(shard["ids"][tokens])
            vectors.append(shard["vectors"][tokens])
            sentences.append(shard["sentence"][keep])
            for digest, count, kept in zip(digests, counts, keep, strict=True):
                if kept:
                    row[digest] = len(lengths)
                    lengths.append(int(count))
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Table(row, start, np.concatenate(ids), np.concatenate(vectors), np.concatenate(sentences))


def _digests(path: Path) -> list[bytes]:
    with np.load(path) as shard:
        return [digest.tobytes() for digest in shard["digest"]]


def _write(home: Path, texts: Sequence[str], embedder: OnnxEmbedder) -> None:
    """One shard. A text beyond MAX_TOKENS is remembered with count 0, so that nobody tries it again."""
    embedded = [embedder.encode(text) if len(text) < 8 * MAX_TOKENS else None for text in texts]
    fits = [e is not None and 0 < len(e.token_ids) <= MAX_TOKENS for e in embedded]
    kept = [e for e, fit in zip(embedded, fits, strict=True) if fit and e is not None]
    name = hashlib.sha256(b"".join(text_digest(text) for text in texts)).hexdigest()[:16]
    width = kept[0].token_vectors.shape[1] if kept else 0
    part = home / f"{name}.part"
    with part.open("wb") as file:
        np.savez(
            file,
            digest=np.frombuffer(b"".join(text_digest(text) for text in texts), np.uint8).reshape(-1, 10),
            count=np.array(
                [len(e.token_ids) if fit and e is not None else 0 for e, fit in zip(embedded, fits, strict=True)]
            ),
            ids=np.concatenate([e.token_ids for e in kept]) if kept else np.zeros(0, np.uint16),
            vectors=np.concatenate([e.token_vectors for e in kept]) if kept else np.zeros((0, width), np.int8),
            sentence=np.stack(
                [e.vector if fit and e is not None else np.zeros(384) for e, fit in zip(embedded, fits, strict=True)]
            ).astype(np.float16),
        )
    part.rename(home / f"{name}.npz")
