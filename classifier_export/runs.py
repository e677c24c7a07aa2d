"""Run folders: the trained network of one, and what it says of many pairs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from classifier_export.data import Batch, PairArrays, batches
from classifier_export.model import Committee, PairNet, Shape

INPUTS = ("vectors", "marks", "lengths", "sentences", "facts")
Scorer = PairNet | Committee


def load_run(run: Path) -> Scorer:
    """The trained network of a run folder, or the networks of a committee, ready to judge."""
    facts = json.loads((run / "run.json").read_text())
    shape, members = Shape(**facts["shape"]), facts.get("members", 1)
    model: Scorer = PairNet(shape) if members == 1 else Committee(shape, members)
    model.load_state_dict(torch.load(run / "model.pt", map_location="cpu", weights_only=True))
    return model.eval()


def begun_from(run: Path, dropout: float) -> PairNet:
    """The network of a run folder, to be trained on; raises ValueError for a committee."""
    model = load_run(run)
    if not isinstance(model, PairNet):
        raise ValueError(f"{run} holds several networks: begin with one of them")
    begun = PairNet(replace(model.shape, dropout=dropout))
    begun.load_state_dict(model.state_dict())
    return begun


def logits_of(model: Scorer, arrays: PairArrays, tokens: int = 12_000) -> NDArray[np.float32]:
    """float32[n], in the order of the arrays."""
    out = np.zeros(len(arrays), dtype=np.float32)
    with torch.inference_mode():
        for which in batches(arrays, np.arange(len(arrays)), tokens, np.random.default_rng(0)):
            out[which] = model(*tensors(arrays.batch(which))).numpy()
    return out


def tensors(batch: Batch, device: torch.device | None = None) -> list[torch.Tensor]:
    """In the order of the network's arguments."""
    return [torch.from_numpy(np.ascontiguousarray(batch[name])).to(device) for name in INPUTS]
