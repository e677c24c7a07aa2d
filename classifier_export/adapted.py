"""MiniLM's last two layers, learned together with the projection and the pair scorer (a new embedder, R32).

Low-rank additions (LoRA, Hu et al. 2021) to the products of the last two layers, and their norms: what a token vector
says of its neighbours is learned where it arises. A pull towards the sentence vectors of before keeps cosine, floors
and the index what they were.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from classifier_export.adaptation import ADAPTED, NORMS, PRODUCTS, Adaptation, places
from classifier_export.data import PairArrays
from classifier_export.minilm import EPSILON, HEADS, HIDDEN, NAMES, Weights
from classifier_export.projected import Projected
from classifier_export.states import States

RANK = 32
PULL = 10.0
"""Weight of 1 - cosine to the former sentence vector: they stay at .999."""


class _Product(nn.Module):
    """A frozen linear product, and its learned low-rank addition."""

    weight: Tensor
    bias: Tensor

    def __init__(self, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        self.register_buffer("weight", torch.from_numpy(weight.copy()).bfloat16(), persistent=False)
        self.register_buffer("bias", torch.from_numpy(bias.copy()).bfloat16(), persistent=False)
        self.down = nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs))
        self.up = nn.Parameter(torch.zeros(outputs, RANK))

    def forward(self, x: Tensor) -> Tensor:
        added = F.linear(F.linear(x, self.down.to(x.dtype)), self.up.to(x.dtype))
        return F.linear(x, self.weight, self.bias) + added


class _Layer(nn.Module):
    """One post-norm layer with plain products: fused attention is seven times slower in bfloat16 on a CPU."""

    def __init__(self, weights: Weights, number: int) -> None:
        super().__init__()
        at = f"encoder.layer.{number}."
        for name in PRODUCTS:
            self.add_module(name, _Product(weights[f"{at}{NAMES[name]}.weight"], weights[f"{at}{NAMES[name]}.bias"]))
        for name in NORMS:
            norm = nn.LayerNorm(HIDDEN, eps=EPSILON)
            norm.weight.data.copy_(torch.from_numpy(weights[f"{at}{NAMES[name]}.weight"].copy()))
            norm.bias.data.copy_(torch.from_numpy(weights[f"{at}{NAMES[name]}.bias"].copy()))
            self.add_module(name, norm)

    def forward(self, x: Tensor, cover: Tensor) -> Tensor:
        """x: float32[rows, n, 384], products in bfloat16; cover: bfloat16[rows, 1, 1, n], 0 or -1e4."""
        part = self._modules
        rows, n, _ = x.shape
        x = x.bfloat16()

        def split(name: str) -> Tensor:
            y: Tensor = part[name](x)  # type: ignore[misc]
            return y.view(rows, n, HEADS, HIDDEN // HEADS).transpose(1, 2)

        scores = split("query") @ split("key").transpose(-1, -2) / math.sqrt(HIDDEN // HEADS) + cover
        mixed = (scores.softmax(-1).to(x.dtype) @ split("value")).transpose(1, 2).reshape(rows, n, HIDDEN)
        x = part["attended_norm"]((x + part["attended"](mixed)).float()).bfloat16()  # type: ignore[misc]
        out: Tensor = part["norm"]((x + part["narrow"](F.gelu(part["widen"](x)))).float())  # type: ignore[misc]
        return out


class Adapted(Projected):
    """`Projected`, whose second state comes out of two layers in training. `middle`: see `states.States`."""

    def __init__(self, start: Path, arrays: PairArrays, states: States, weights: Weights) -> None:
        super().__init__(start, arrays, states, weights["embeddings.word_embeddings.weight"])
        self.layers = nn.ModuleList([_Layer(weights, number) for number in ADAPTED])

    def forward(self, which: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """As `Projected`; the pull is PULL · (1 - cosine) to the sentence vectors of the table."""
        rows, lengths, inside, at = self._arrays.tokens_of(which)
        last, vector = self._encoded(rows, lengths, inside.shape[1])
        states = self._stored(rows, at)
        states = torch.cat([states[..., :HIDDEN], last], -1)
        before = torch.from_numpy(self._arrays.table.sentence[rows].astype(np.float32))
        pull = PULL * (1 - F.cosine_similarity(vector, before)).mean()
        return self._projected(states, inside, at), pull

    def _encoded(self, rows: NDArray[np.int32], lengths: NDArray[np.int64], longest: int) -> tuple[Tensor, Tensor]:
        """float32[rows, t, 384] of the tokens without [CLS] and [SEP], and float32[rows, 384], the mean of all."""
        place = np.arange(longest + 2)[None, :]
        whole = place < lengths[:, None] + 2
        first = (self._arrays.table.start[rows] + 2 * rows)[:, None]
        seen = torch.from_numpy(whole)
        x = torch.from_numpy(self._states.middle[np.where(whole, first + place, first)]).float()
        cover = ((~seen).bfloat16() * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, cover)
        weight = seen[..., None].float()
        return x[:, 1:-1], (x * weight).sum(1) / weight.sum(1)


def adaptation_of(state: dict[str, Tensor]) -> Adaptation:
    """What a (possibly averaged) state of `Adapted` adds, as `write_adaptation` keeps it."""
    found: Adaptation = {}
    for at, number, name in places():
        ours = f"layers.{number - ADAPTED.start}.{name}"
        kinds = ("weight", "bias") if name in NORMS else ("down", "up")
        found |= {f"{at}.{kind}": state[f"{ours}.{kind}"].numpy().astype(np.float16) for kind in kinds}
    return found
