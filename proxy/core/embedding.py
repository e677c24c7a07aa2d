"""What the embedder says about one prompt, and the prompt as the scorer sees it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VECTOR_DIM = 384
TOKEN_DIM = 192


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """One prompt through the embedder of digest `embedder_digest`.

    vector: float32[384], L2-normalised sentence vector (mean pooling).
    token_ids: uint16[n], word-piece ids without [CLS] and [SEP].
    token_vectors: int8[n, d], projected token vectors; the layout of d belongs to the embedder's manifest,
        each block is L2-normalised and multiplied by 127 before rounding.
    """

    vector: NDArray[np.float32]
    token_ids: NDArray[np.uint16]
    token_vectors: NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """A question text with its embedding: one side of a pair."""

    text: str
    embedding: Embedding
