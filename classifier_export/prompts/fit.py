"""Small networks over one sentence vector: five folds by template, averaged, calibrated on what each had not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.float32]

HIDDEN = 48
FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """first float32[384, folds*hidden], bias float32[folds*hidden], second float32[folds*hidden, k] (already divided by
    folds), shift float32[k]: logits = relu(x @ first + bias) @ second + shift, calibrated (sigmoid gives odds)."""

    first: Floats
    bias: Floats
    second: Floats
    shift: Floats

    def logits(self, vectors: Floats) -> Floats:
        """float32[n, 384] -> float32[n, k]."""
        hidden = np.maximum(vectors @ self.first + self.bias, 0.0)
        return np.asarray(hidden @ self.second + self.shift, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """vectors float32[n, 384]; labels float32[n, k] in {0, 1}; weights float32[n, k], 0 where unknown; groups int[n]:
    texts of one group are never in two folds."""

    vectors: Floats
    labels: Floats
    weights: Floats
    groups: NDArray[np.int64]


def fit(task: Task, *, seed: int, epochs: int = 250) -> tuple[Net, Floats]:
    """The averaged net, and the calibrated logits float32[n, k] of each text by a fold that had not seen its group."""
    folds = _fold_of(task.groups, seed)
    unseen = np.zeros_like(task.labels)
    parts: list[tuple[Floats, Floats, Floats, Floats]] = []
    for fold in range(FOLDS):
        part = _train(task, folds != fold, seed=seed * 100 + fold, epochs=epochs)
        first, bias, second, shift = part
        held = folds == fold
        unseen[held] = np.maximum(task.vectors[held] @ first + bias, 0.0) @ second + shift
        parts.append(part)
    scale, offset = _calibrated(unseen, task.labels, task.weights)
    net = Net(
        first=np.concatenate([part[0] for part in parts], axis=1),
        bias=np.concatenate([part[1] for part in parts]),
        second=np.asarray(np.concatenate([part[2] for part in parts]) * (scale / FOLDS), dtype=np.float32),
        shift=np.asarray(np.mean([part[3] for part in parts], axis=0) * scale + offset, dtype=np.float32),
    )
    return net, (unseen * scale + offset).astype(np.float32)


def _fold_of(groups: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    order = np.random.default_rng(seed).permutation(int(groups.max()) + 1)
    return np.asarray(order[groups] % FOLDS)


def _train(task: Task, chosen: NDArray[np.bool_], *, seed: int, epochs: int) -> tuple[Floats, Floats, Floats, Floats]:
    torch.manual_seed(seed)
    x = torch.from_numpy(task.vectors[chosen])  # [n, 384]
    y = torch.from_numpy(task.labels[chosen])  # [n, k]
    w = torch.from_numpy(task.weights[chosen])  # [n, k]
    k = y.shape[1]
    first = torch.nn.Parameter(torch.randn(x.shape[1], HIDDEN) * 0.1)
    bias = torch.nn.Parameter(torch.zeros(HIDDEN))
    second = torch.nn.Parameter(torch.randn(HIDDEN, k) * 0.1)
    shift = torch.nn.Parameter(torch.zeros(k))
    optimiser = torch.optim.AdamW([first, bias, second, shift], lr=0.01, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    batch = 2048
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(len(x)), batch):
            dropped = torch.nn.functional.dropout(torch.relu(x[rows] @ first + bias), 0.2)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(dropped @ second + shift, y[rows], w[rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        schedule.step()
    return tuple(one.detach().numpy() for one in (first, bias, second, shift))  # type: ignore[return-value]


def _calibrated(logits: Floats, labels: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Platt's scale and offset per output, on logits of unseen texts."""
    x, y, w = (torch.from_numpy(np.ascontiguousarray(one)) for one in (logits, labels, weights))
    scale = torch.nn.Parameter(torch.ones(x.shape[1]))
    offset = torch.nn.Parameter(torch.zeros(x.shape[1]))
    optimiser = torch.optim.LBFGS([scale, offset], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x * scale + offset, y, w)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return scale.detach().numpy(), offset.detach().numpy()
