"""`python -m classifier_export blend`: one run out of several, and more of the cosine.

Averaging the weights of runs that share their start costs nothing to serve. Runs of different starts stand beside each
other and their logits are averaged, which costs each one's time. Adding a multiple of the cosine to the logit wins back
ordinary paraphrases that near-miss training costs (R27): at 6, hit rates on both request streams rose by up to 5 points
at equal error and the own development AUC fell by .004 (EXPERIMENTS.md).
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated

import torch
import typer

from proxy.core.features import FACT

State = dict[str, torch.Tensor]


def main(
    run: Annotated[list[Path], typer.Option(help="Run folders of one shape and one start; the first gives the facts.")],
    out: Annotated[Path, typer.Option(help="Run folder to write.")],
    cosine: Annotated[float, typer.Option(help="Logits per unit of cosine to add.")] = 6.0,
    beside: Annotated[list[Path] | None, typer.Option(help="Runs of another start: their logits are averaged.")] = None,
) -> None:
    """Writes a run folder that `evaluate`, `calibrate` and `export` take like any other."""
    out.mkdir(parents=True, exist_ok=True)
    one_lexicon([*run, *(beside or [])])
    shutil.copy(run[0] / "lexicon.npz", out)
    members = [averaged([weights_of(folder) for folder in run]), *(weights_of(folder) for folder in beside or [])]
    members = [with_cosine(state, cosine) for state in members]
    blend = {"runs": [folder.name for folder in run], "beside": [folder.name for folder in beside or []]}
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


def averaged(states: list[State]) -> State:
    """The mean of each weight."""
    return {name: torch.stack([state[name] for state in states]).mean(dim=0) for name in states[0]}


NEUTRAL_COSINE = 0.85
"""Cosine at which the addition is 0, near that of a typical candidate, so that logits keep their scale."""


def with_cosine(state: State, weight: float) -> State:
    """The same network with `weight * (cosine - NEUTRAL_COSINE)` added to its logit."""
    column = FACT["cosine"]
    straight, bias = state["straight.weight"].clone(), state["straight.bias"].clone()
    straight[0, column] += weight / state["fact_scale"][column]
    bias += weight * (state["fact_mean"][column] - NEUTRAL_COSINE)
    return state | {"straight.weight": straight, "straight.bias": bias}
