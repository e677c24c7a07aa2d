"""`python -m classifier_export blend`: one run out of several, and more of the cosine.

Averaging the weights of runs that share their start costs nothing to serve; what they learned of the embedder is
averaged with them. Runs of different starts stand beside each
other and their logits are averaged, which costs each one's time. Adding a multiple of the cosine to the logit wins back
ordinary paraphrases that near-miss training costs (R27): at 6, hit rates on both request streams rose by up to 5 points
at equal error and the own development AUC fell by .004 (EXPERIMENTS.md).
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from classifier_export.adaptation import blended, read_adaptation, write_adaptation
from classifier_export.embedder import read_blocks, write_blocks
from classifier_export.embedder_graph import Block
from proxy.core.features import FACT

State = dict[str, torch.Tensor]


def main(
    run: Annotated[list[Path], typer.Option(help="Run folders of one shape and one start; the first gives the facts.")],
    out: Annotated[Path, typer.Option(help="Run folder to write.")],
    share: Annotated[
        list[float] | None, typer.Option(help="Weight of each run, in their order; equal if none.")
    ] = None,
    cosine: Annotated[float, typer.Option(help="Logits per unit of cosine to add.")] = 6.0,
    beside: Annotated[list[Path] | None, typer.Option(help="Runs of another start: their logits are averaged.")] = None,
) -> None:
    """Writes a run folder that `evaluate`, `calibrate` and `export` take like any other."""
    shares, others = share or [1 / len(run)] * len(run), beside or []
    if len(shares) != len(run) or not math.isclose(sum(shares), 1):
        raise typer.BadParameter(f"--share: {len(run)} runs need as many weights with the sum 1, not {shares}")
    one_lexicon([*run, *others])
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(run[0] / "lexicon.npz", out)
    blend_embedder(run, shares, others, out)
    members = [averaged([weights_of(folder) for folder in run], shares), *(weights_of(folder) for folder in others)]
    members = [with_cosine(state, cosine) for state in members]
    blend = {"runs": [folder.name for folder in run], "shares": shares, "beside": [folder.name for folder in others]}
    facts = json.loads((run[0] / "run.json").read_text()) | {"blend": blend | {"cosine": cosine}}
    if len(members) > 1:
        facts["members"] = len(members)
    (out / "run.json").write_text(json.dumps(facts, indent=1))
    torch.save(members[0] if len(members) == 1 else committee(members), out / "model.pt")


def weights_of(run: Path) -> State:
    """The averaged weights of a run folder."""
    state: State = torch.load(run / "model.pt", map_location="cpu", weights_only=True)
    return state


def one_lexicon(runs: list[Path]) -> None:
    """Raises ValueError unless all runs saw the same features."""
    if len({(folder / "lexicon.npz").read_bytes() for folder in runs}) > 1:
        raise ValueError("these runs have different lexicons: they did not see the same features")


def committee(members: list[State]) -> State:
    """The weights of `model.Committee`."""
    return {f"members.{i}.{name}": value for i, state in enumerate(members) for name, value in state.items()}


def averaged(states: Sequence[State], shares: Sequence[float]) -> State:
    """The weighted mean of each weight."""
    return {
        name: torch.stack([share * state[name] for share, state in zip(shares, states, strict=True)]).sum(dim=0)
        for name in states[0]
    }


def blend_embedder(runs: list[Path], shares: Sequence[float], beside: list[Path], out: Path) -> None:
    """The weighted mean of what the runs learned of the embedder: `projection.npz` and `adaptation.npz`.

    Raises ValueError where only some learned it, or a run beside them did: a committee reads one embedder.
    """
    for name in ("projection.npz", "adaptation.npz"):
        learned = [folder for folder in [*runs, *beside] if (folder / name).exists()]
        if learned and learned != runs:
            raise ValueError(f"{name} is not in all of {[folder.name for folder in runs]}, and only there")
        if learned and name == "projection.npz":
            members = zip(*[read_blocks(folder / name) for folder in runs], strict=True)
            write_blocks(out / name, [_mean_block(blocks, shares) for blocks in members])
        elif learned:
            parts = [(share, read_adaptation(folder / name)) for share, folder in zip(shares, runs, strict=True)]
            write_adaptation(out / name, blended(parts))


def _mean_block(blocks: Sequence[Block], shares: Sequence[float]) -> Block:
    weight, bias = (
        np.average(parts, axis=0, weights=shares).astype(np.float32)
        for parts in ([block.weight for block in blocks], [block.bias for block in blocks])
    )
    return replace(blocks[0], weight=weight, bias=bias)


NEUTRAL_COSINE = 0.85
"""Cosine at which the addition is 0, near that of a typical candidate, so that logits keep their scale."""


def with_cosine(state: State, weight: float) -> State:
    """The same network with `weight * (cosine - NEUTRAL_COSINE)` added to its logit."""
    column = FACT["cosine"]
    straight, bias = state["straight.weight"].clone(), state["straight.bias"].clone()
    straight[0, column] += weight / state["fact_scale"][column]
    bias += weight * (state["fact_mean"][column] - NEUTRAL_COSINE)
    return state | {"straight.weight": straight, "straight.bias": bias}
