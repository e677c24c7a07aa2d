"""Trains, once, what a token vector keeps of the encoder's layers (R32); afterwards it is frozen in the graph.

A small late-interaction head learns pairs together with the projection and is then thrown away: its only purpose is
that the 192 numbers kept of a token are those that tell an equivalent prompt from a dangerous neighbour.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from classifier_export.embedder_graph import Block
from classifier_export.embedder_layers import Tokens

SMOOTHING = 0.02
"""Labels are moved this far from 0 and 1: Quora's are wrong in a few per cent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes and pace of one training run. context_layers: indices into the 8 states of `embedder_graph.encoder`."""

    context_layers: tuple[int, ...]
    context_dim: int = 128
    static_dim: int = 64
    epochs: int = 2
    batch: int = 256
    head_rate: float = 2e-3
    projection_rate: float = 1e-3
    seed: int = 0


class Projection(nn.Module):
    """Token states to the int8 token vector of serving, rounding included (its gradient passes straight through)."""

    def __init__(self, context: tuple[Tensor, Tensor], static: tuple[Tensor, Tensor]) -> None:
        super().__init__()
        self.context_weight, self.context_bias = (nn.Parameter(x) for x in context)
        self.static_weight, self.static_bias = (nn.Parameter(x) for x in static)

    def forward(self, states: Tensor, words: Tensor) -> Tensor:
        """states: float32[…, 384 * layers]; words: float32[…, 384]; returns float32[…, 192], multiples of 1/127."""
        context = F.normalize(states @ self.context_weight + self.context_bias, dim=-1)
        static = F.normalize(words @ self.static_weight + self.static_bias, dim=-1)
        exact = torch.cat([context, static], -1) * 127
        return (exact + (exact.round() - exact).detach()) / 127


class PairHead(nn.Module):
    """Soft alignment both ways, differences of aligned tokens, a small MLP: the disposable judge."""

    def __init__(self, context_dim: int, static_dim: int, inner: int = 96) -> None:
        super().__init__()
        width = context_dim + static_dim
        self.context_dim = context_dim
        self.sharpness = nn.Parameter(torch.tensor([10.0, 5.0]))
        self.token = nn.Sequential(nn.Linear(2 * width + 4, inner), nn.GELU(), nn.Linear(inner, inner), nn.GELU())
        self.pair = nn.Sequential(nn.Linear(2 * inner + 1, 64), nn.GELU(), nn.Dropout(0.1), nn.Linear(64, 1))

    def forward(self, a: Tensor, a_mask: Tensor, b: Tensor, b_mask: Tensor, cosine: Tensor) -> Tensor:
        """a: [batch, n, 192]; b: [batch, m, 192]; masks true where a token is; returns logits [batch]."""
        context = a[..., : self.context_dim] @ b[..., : self.context_dim].transpose(1, 2)  # [batch, n, m]
        static = a[..., self.context_dim :] @ b[..., self.context_dim :].transpose(1, 2)
        x = self._side(a, b, context, static, b_mask)
        y = self._side(b, a, context.transpose(1, 2), static.transpose(1, 2), a_mask)
        mean = _mean(x, a_mask) + _mean(y, b_mask)
        worst = torch.maximum(_max(x, a_mask), _max(y, b_mask))
        logits: Tensor = self.pair(torch.cat([mean, worst, cosine[:, None]], -1))[:, 0]
        return logits

    def _side(self, a: Tensor, b: Tensor, context: Tensor, static: Tensor, b_mask: Tensor) -> Tensor:
        mixed = self.sharpness[0] * context + self.sharpness[1] * static
        weights = mixed.masked_fill(~b_mask[:, None], -1e4).softmax(-1)
        aligned = weights @ b  # [batch, n, 192]
        best = [s.masked_fill(~b_mask[:, None], -1).amax(-1) for s in (context, static)]
        expected = [(weights * s).sum(-1) for s in (context, static)]
        scale = math.sqrt(a.shape[-1])  # products of unit vectors are small; bring them near 1
        facts = torch.cat([a * aligned * scale, (a - aligned).abs() * scale / 2, torch.stack(best + expected, -1)], -1)
        out: Tensor = self.token(facts)
        return out


def _mean(x: Tensor, mask: Tensor) -> Tensor:
    return (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)


def _max(x: Tensor, mask: Tensor) -> Tensor:
    return x.masked_fill(~mask[..., None], -9.0).amax(1)


class PairBatches:
    """Batches of pairs of similar length over collected tokens. pairs: int64[pairs, 3] = text, text, label."""

    def __init__(self, tokens: Tokens, word_rows: NDArray[np.float32], pairs: NDArray[np.int64]) -> None:
        self.pairs = pairs
        self.starts = tokens.starts
        self.lengths = np.diff(tokens.starts)
        self.layers = [torch.from_numpy(layer) for layer in tokens.layers]
        self.ids = torch.from_numpy(tokens.ids)
        self.vectors = torch.from_numpy(tokens.vectors)
        self.word_rows = torch.from_numpy(word_rows)

    def epoch(self, rng: np.random.Generator, size: int) -> Iterator[NDArray[np.int64]]:
        """Row numbers of one pass in random order, bucketed by the longer text, so that little is padding."""
        longest = self.lengths[self.pairs[:, :2]].max(axis=1)
        order = np.argsort(longest + rng.random(len(longest)) * 4)
        for i in rng.permutation(math.ceil(len(order) / size)):
            yield order[i * size : (i + 1) * size]

    def states(self, texts: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """Padded states float32[batch, n, 384 * layers], word rows float32[batch, n, 384], mask bool[batch, n]."""
        lengths, starts = self.lengths[texts], self.starts[texts]
        place = np.arange(max(int(lengths.max()), 1))
        mask = place[None] < lengths[:, None]
        where = torch.from_numpy(np.where(mask, starts[:, None] + place, 0))
        states = torch.cat([layer[where] for layer in self.layers], -1).float()
        return states, self.word_rows[self.ids[where]], torch.from_numpy(mask)

    def cosine(self, rows: NDArray[np.int64]) -> Tensor:
        a, b = self.vectors[self.pairs[rows, 0]], self.vectors[self.pairs[rows, 1]]
        return (a * b).sum(1)


def principal(batches: PairBatches, plan: Plan, sample: int = 100_000) -> Projection:
    """Where training starts: principal components of the joined layers, each layer scaled to equal weight."""
    pick = torch.from_numpy(np.random.default_rng(plan.seed).integers(0, len(batches.ids), sample))
    layers = [layer[pick].float() for layer in batches.layers]
    scale = torch.cat([torch.full((layer.shape[1],), 1 / layer.std().item()) for layer in layers])
    joined = torch.cat(layers, -1)
    words = batches.word_rows[batches.ids[pick]]
    return Projection(
        _components(joined, scale, plan.context_dim), _components(words, torch.ones(words.shape[1]), plan.static_dim)
    )


def _components(x: Tensor, scale: Tensor, dim: int) -> tuple[Tensor, Tensor]:
    """Weight [width, dim] and bias [dim] that centre, scale and rotate; outputs have length 1 on average."""
    basis = torch.linalg.svd(torch.cov((x * scale).T))[0][:, :dim]
    weight = scale[:, None] * basis
    bias = -x.mean(0) @ weight
    length = (x @ weight + bias).norm(dim=-1).mean()
    return weight / length, bias / length


def fit(batches: PairBatches, plan: Plan) -> Projection:
    """Trains projection and head together; returns the projection. Same seed and machine, same numbers."""
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    projection, head = principal(batches, plan), PairHead(plan.context_dim, plan.static_dim)
    groups = [
        {"params": list(head.parameters()), "lr": plan.head_rate},
        {"params": list(projection.parameters()), "lr": plan.projection_rate},
    ]
    steps = plan.epochs * math.ceil(len(batches.pairs) / plan.batch)
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    pace = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: _pace(i, steps))
    for epoch in range(plan.epochs):
        losses = []
        for rows in batches.epoch(rng, plan.batch):
            loss = _loss(batches, projection, head, rows)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            pace.step()
            losses.append(loss.item())
        print(f"epoch {epoch}: loss {np.mean(losses):.4f}", flush=True)
    return projection


def _pace(step: int, steps: int) -> float:
    """Warm-up over 50 steps, then a cosine to zero."""
    return min(1.0, (step + 1) / 50) * 0.5 * (1 + math.cos(math.pi * step / steps))


def _loss(batches: PairBatches, projection: Projection, head: PairHead, rows: NDArray[np.int64]) -> Tensor:
    sides = [batches.states(batches.pairs[rows, side]) for side in (0, 1)]
    (a, a_mask), (b, b_mask) = [(projection(states, words), mask) for states, words, mask in sides]
    logits = head(a, a_mask, b, b_mask, batches.cosine(rows))
    labels = torch.from_numpy(batches.pairs[rows, 2]).float()
    return F.binary_cross_entropy_with_logits(logits, labels * (1 - 2 * SMOOTHING) + SMOOTHING)


def blocks_of(projection: Projection, plan: Plan) -> list[Block]:
    """The trained projection as the graph's blocks, in the order of a token vector."""
    arrays = {name: parameter.detach().numpy() for name, parameter in projection.named_parameters()}
    context = Block("context", plan.context_layers, arrays["context_weight"], arrays["context_bias"])
    return [context, Block("static", (0,), arrays["static_weight"], arrays["static_bias"])]
