"""The projection of token vectors, learned together with the pair scorer that reads them (R32, a new embedder).

The first projection was trained beside a small head that was thrown away. Learned with the scorer itself, from where
both stand, it is worth more than anything else that was tried on the network: see EXPERIMENTS.md, eighth round.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from classifier_export.data import PairArrays
from classifier_export.embedder import read_blocks, write_blocks
from classifier_export.embedder_graph import Block
from classifier_export.embedder_projection import Projection
from classifier_export.states import States


class Projected(nn.Module):
    """Token vectors of the pairs of `arrays`, as a projection in training gives them.

    words: float32[vocabulary, 384], the encoder's plain word vectors.
    """

    def __init__(self, start: Path, arrays: PairArrays, states: States, words: NDArray[np.float32]) -> None:
        super().__init__()
        self.blocks = read_blocks(start)
        context, static = self.blocks
        self.projection = Projection(
            *((torch.from_numpy(b.weight.copy()), torch.from_numpy(b.bias.copy())) for b in (context, static))
        )
        self._arrays, self._states, self._words = arrays, states, torch.from_numpy(words)

    def forward(self, which: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """float32[2n, t, 192] in the unit of serving (127 is one), zeros where no token is: `PairArrays.batch`'s
        vectors of these pairs, with their rounding, through which the gradient passes. And what else the loss holds."""
        rows, _, inside, at = self._arrays.tokens_of(which)
        return self._projected(self._stored(rows, at), inside, at), torch.zeros(())

    def _stored(self, rows: NDArray[np.int32], at: NDArray[np.int64]) -> Tensor:
        """float32[2n, t, 768], as the shipped graph quantises them."""
        scale, zero = (torch.from_numpy(self._states.scales[rows, i])[:, None, None] for i in (0, 1))
        return (torch.from_numpy(self._states.quantised[at]).float() - zero) * scale

    def _projected(self, states: Tensor, inside: NDArray[np.bool_], at: NDArray[np.int64]) -> Tensor:
        words = self._words[torch.from_numpy(self._arrays.table.ids[at].astype(np.int64))]
        vectors: Tensor = self.projection(states, words) * 127 * torch.from_numpy(inside)[..., None]
        return vectors


def write_projection(path: Path, state: dict[str, Tensor], like: list[Block]) -> None:
    """The projection of a (possibly averaged) state of `Projected`, as `embedder` reads it."""
    found = {name.removeprefix("projection."): value.numpy() for name, value in state.items()}
    write_blocks(
        path,
        [Block(b.name, b.layers, found[f"{b.name}_weight"], found[f"{b.name}_bias"]) for b in like],
    )
