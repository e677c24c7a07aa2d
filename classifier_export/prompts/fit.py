"""Small networks over the token vectors and the sentence vector of one text: folds by template or hand, averaged,
calibrated on what each had not seen.

A sentence vector hardly knows mood or tense ("How do I send a mail?", "Send the mail"); three neighbouring tokens do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from classifier_export.graph import seven_bits

Floats = NDArray[np.float32]

FOLDS = 3
WINDOW = 3
"""Tokens that a feature looks at: one, its left and its right neighbour."""

PLACES = 6
"""How a text opens matters: its first tokens know their place, all later ones share the last."""

SCALE = 4 / 127
"""From the int8 of a token vector to what the network takes: blocks of length 4."""

BATCH = 256
RATE = 2e-3
DROPOUT = 0.3


@dataclass(frozen=True, slots=True)
class Size:
    """features: of each token; hidden: of each member of the committee."""

    features: int = 64
    hidden: int = 64


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Embedded texts, end to end. start: int64[n + 1]; tokens: int8[total, 192]; vectors: float32[n, 384]."""

    start: NDArray[np.int64]
    tokens: NDArray[np.int8]
    vectors: Floats

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """int64[n]"""
        return np.asarray(np.diff(self.start))


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """For members m of C features and H hidden values each, joined: tokens float32[576, m*C], token_bias float32[m*C],
    places float32[PLACES, m*C], pooled float32[2*m*C, m*H] (largest, then mean), sentence float32[384, m*H],
    bias float32[m*H], second float32[m*H, k] (divided by m), shift float32[k]: calibrated logits (sigmoid: odds)."""

    tokens: Floats
    token_bias: Floats
    places: Floats
    pooled: Floats
    sentence: Floats
    bias: Floats
    second: Floats
    shift: Floats

    def logits(self, texts: Texts, which: NDArray[np.int64] | None = None) -> Floats:
        """float32[n, k], of these rows or all."""
        rows = np.arange(len(texts)) if which is None else which
        return np.stack([self._logits(texts, row) for row in rows.tolist()]).astype(np.float32)

    def _logits(self, texts: Texts, row: int) -> Floats:
        x = texts.tokens[texts.start[row] : texts.start[row + 1]].astype(np.float32) * np.float32(SCALE)
        edge = np.zeros((1, x.shape[1]), np.float32)
        x = x if len(x) else edge
        near = np.concatenate([np.concatenate([edge, x[:-1]]), x, np.concatenate([x[1:], edge])], axis=1)
        places = self.places[np.minimum(np.arange(len(x)), PLACES - 1)]
        found = np.maximum(near @ self.tokens + self.token_bias + places, 0)
        pooled = np.concatenate([found.max(axis=0), found.mean(axis=0)])
        hidden = np.maximum(pooled @ self.pooled + texts.vectors[row] @ self.sentence + self.bias, 0)
        return np.asarray(hidden @ self.second + self.shift, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """labels float32[n, k] in {0, 1}; weights float32[n, k], 0 where unknown; groups int[n]: texts of one group are
    never in two folds."""

    texts: Texts
    labels: Floats
    weights: Floats
    groups: NDArray[np.int64]


class TokenNet(nn.Module):
    """One member in training; forward(tokens, lengths, vectors) → logits [n, k]."""

    def __init__(self, size: Size, outputs: int, token: int = 192, vector: int = 384) -> None:
        super().__init__()
        self.tokens = nn.Linear(WINDOW * token, size.features)
        self.places = nn.Parameter(torch.zeros(PLACES, size.features))
        self.pooled = nn.Linear(2 * size.features, size.hidden, bias=False)
        self.sentence = nn.Linear(vector, size.hidden)
        self.second = nn.Linear(size.hidden, outputs)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, tokens: Tensor, lengths: Tensor, vectors: Tensor) -> Tensor:
        """tokens: int8[n, t, 192], zeros where no token is; lengths: int64[n]; vectors: float32[n, 384]."""
        x = tokens.float() * SCALE
        edge = torch.zeros_like(x[:, :1])
        near = torch.cat([torch.cat([edge, x[:, :-1]], 1), x, torch.cat([x[:, 1:], edge], 1)], -1)
        place = torch.arange(x.shape[1])
        found = self.drop(torch.relu(self.tokens(near) + self.places[place.clamp(max=PLACES - 1)]))
        seen = (place[None] < lengths[:, None])[..., None]
        largest = found.masked_fill(~seen, -1.0).amax(1).clamp(min=0)
        mean = (found * seen).sum(1) / lengths[:, None].clamp(min=1)
        hidden = torch.relu(self.pooled(torch.cat([largest, mean], -1)) + self.sentence(vectors))
        logits: Tensor = self.second(self.drop(hidden))
        return logits


def fit(task: Task, *, seed: int, epochs: int, size: Size | None = None) -> tuple[Net, Floats]:
    """The averaged net, and calibrated logits float32[n, k] of each text by a member that had not seen its group."""
    size = size or Size()
    folds = _fold_of(task.groups, seed)
    unseen = np.zeros_like(task.labels)
    members = []
    for fold in range(FOLDS):
        member = _train(task, np.flatnonzero(folds != fold), size, seed=seed * 100 + fold, epochs=epochs)
        held = np.flatnonzero(folds == fold)
        unseen[held] = _judged(member, task.texts, held)
        members.append(member)
    scale, offset = _calibrated(unseen, task.labels, task.weights)
    return joined(members, scale, offset), (unseen * scale + offset).astype(np.float32)


def joined(members: list[TokenNet], scale: Floats, offset: Floats) -> Net:
    """One network that gives the calibrated mean of the members' logits."""
    with torch.no_grad():
        pooled = [one.pooled.weight.T.numpy() for one in members]  # [2*C, H]
        features = len(pooled[0]) // 2
        blocks = [[part[at * features : (at + 1) * features] for part in pooled] for at in (0, 1)]
        share = np.asarray(scale / len(members), dtype=np.float32)
        return Net(
            tokens=_rounded(np.concatenate([one.tokens.weight.T.numpy() for one in members], axis=1)),
            token_bias=np.concatenate([one.tokens.bias.numpy() for one in members]),
            places=np.concatenate([one.places.numpy() for one in members], axis=1),
            pooled=np.concatenate([diagonal(parts) for parts in blocks]),
            sentence=np.concatenate([one.sentence.weight.T.numpy() for one in members], axis=1),
            bias=np.concatenate([one.sentence.bias.numpy() for one in members]),
            second=np.concatenate([one.second.weight.T.numpy() for one in members]) * share,
            shift=np.asarray(sum(one.second.bias.numpy() for one in members) * share + offset, dtype=np.float32),
        )


def _rounded(weight: Floats) -> Floats:
    """What is left of a weight in 7 bits: token vectors are int8, so is this product."""
    rows, scale = seven_bits(weight)
    return np.asarray(rows * scale, dtype=np.float32)


def diagonal(blocks: list[Floats]) -> Floats:
    """Blocks along the diagonal, zeros elsewhere."""
    found = np.zeros((sum(len(one) for one in blocks), sum(one.shape[1] for one in blocks)), np.float32)
    row = column = 0
    for one in blocks:
        found[row : row + one.shape[0], column : column + one.shape[1]] = one
        row, column = row + one.shape[0], column + one.shape[1]
    return found


def _fold_of(groups: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    order = np.random.default_rng(seed).permutation(int(groups.max()) + 1)
    return np.asarray(order[groups] % FOLDS)


def _train(task: Task, chosen: NDArray[np.int64], size: Size, *, seed: int, epochs: int) -> TokenNet:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    labels, weights = torch.from_numpy(task.labels), torch.from_numpy(task.weights)
    net = TokenNet(size, task.labels.shape[1], task.texts.tokens.shape[1], task.texts.vectors.shape[1])
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.02)
    steps = epochs * (len(chosen) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps + 1)
    for _ in range(epochs):
        for rows in _batches(task.texts, chosen, rng):
            logits = net(*_tensors(task.texts, rows))
            losses = functional.binary_cross_entropy_with_logits(logits, labels[rows], weights[rows], reduction="sum")
            optimiser.zero_grad()
            (losses / len(rows)).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return net.eval()


def _batches(texts: Texts, chosen: NDArray[np.int64], rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Shuffled batches of texts of like length."""
    order = chosen[np.argsort(texts.lengths[chosen] + rng.uniform(0, 4, len(chosen)), kind="stable")]
    starts = np.arange(0, len(order), BATCH)
    for start in rng.permutation(starts).tolist():
        yield order[start : start + BATCH]


def _tensors(texts: Texts, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
    lengths = texts.lengths[rows]
    place = np.arange(max(1, int(lengths.max())))
    inside = place[None] < lengths[:, None]
    at = np.where(inside, texts.start[rows][:, None] + place, 0)
    tokens = texts.tokens[at] * inside[..., None]
    return torch.from_numpy(tokens), torch.from_numpy(lengths), torch.from_numpy(texts.vectors[rows])


def _judged(net: TokenNet, texts: Texts, rows: NDArray[np.int64]) -> Floats:
    with torch.inference_mode():
        parts = [net(*_tensors(texts, rows[at : at + BATCH])).numpy() for at in range(0, len(rows), BATCH)]
    return np.concatenate(parts)


def _calibrated(logits: Floats, labels: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Platt's scale and offset per output, on logits of unseen texts."""
    x, y, w = (torch.from_numpy(np.ascontiguousarray(one)) for one in (logits, labels, weights))
    scale = nn.Parameter(torch.ones(x.shape[1]))
    offset = nn.Parameter(torch.zeros(x.shape[1]))
    optimiser = torch.optim.LBFGS([scale, offset], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(x * scale + offset, y, w)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return scale.detach().numpy(), offset.detach().numpy()
