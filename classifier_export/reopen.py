"""`python -m classifier_export reopen`: the scorer that ships, as a run folder to begin with.

Float weights are in no repository (a version would be four times as large). What int8 has rounded away is small beside
what training changes: the network read back gives the graph's logits to .014 on average.
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import onnx
import torch
import typer
from numpy.typing import NDArray
from onnx import numpy_helper

from classifier_export.blend import with_cosine
from classifier_export.model import PairNet, Shape
from classifier_export.scorer_graph import FULL
from proxy.backends.artefact import MODELS, read_artefact
from proxy.core.features import FACTS

BUNDLED = MODELS / "equivalence"

Floats = NDArray[np.float64]


def main(
    out: Annotated[Path, typer.Option(help="Run folder to write.")],
    scorer: Annotated[Path, typer.Option(help="Folder of the scorer.")] = BUNDLED,
    cosine: Annotated[
        float, typer.Option(help="Logits per unit of cosine to add; negative takes back what `blend` has added.")
    ] = 0.0,
    member: Annotated[int, typer.Option(help="Which of several networks, from 0.")] = 0,
) -> None:
    """Writes a run folder that `train --start`, `train --teacher` and `blend` take like any other."""
    artefact = read_artefact(scorer, "scorer")
    training: dict[str, Any] = artefact.field("training", dict)
    model = network_of((scorer / "model.onnx").read_bytes(), Shape(**training["shape"]), member)
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(scorer / "lexicon.npz", out)
    torch.save(with_cosine(model.state_dict(), cosine), out / "model.pt")
    facts = {name: value for name, value in training.items() if name != "members"}
    facts |= {"embedder_digest": artefact.field("embedder_digest", str), "reopened": artefact.digest}
    (out / "run.json").write_text(json.dumps(facts, indent=1))


def network_of(graph: bytes, shape: Shape, member: int = 0) -> PairNet:
    """One of the networks of which `scorer_graph.pair_graph` made this graph; raises ValueError where it has fewer.

    The facts' means and scales are folded into the weights there and stay so; they come back as 0 and 1.
    """
    constants = {one.name: numpy_helper.to_array(one) for one in onnx.load_from_string(graph).graph.initializer}
    own = {name: value for name, value in constants.items() if name.startswith(f"{member}.")}
    if not own:
        raise ValueError(f"this scorer has no network {member}")
    served = _Served({name.removeprefix(f"{member}."): value.astype(np.float64) for name, value in own.items()})
    model = PairNet(shape)
    state = {name: value.numpy().astype(np.float64) for name, value in model.state_dict().items()}
    state |= _tokens(served, shape, state["mark_scale"])
    for i in range(shape.layers):
        state |= _layer(served, shape, f"layers.{i}")
    state |= _judge(served, shape)
    model.load_state_dict({name: torch.from_numpy(np.asarray(value, np.float32)) for name, value in state.items()})
    return model.eval()


class _Served(dict[str, Floats]):
    """A graph's constants by name."""

    def product(self, name: str) -> Floats:
        """A weight [inputs, outputs] of `Graph.int8_product`."""
        return np.asarray(self[f"{name}.int8"] * self[f"{name}.scale"])

    def row_product(self, name: str, inputs: int) -> Floats:
        """A weight [inputs, outputs] of `Graph.row_product`."""
        cut = (self[f"{name}.int8"] - 128) * self[f"{name}.scale"][..., None]  # [outputs, blocks, 32]
        return np.asarray(cut.reshape(len(cut), -1)[:, :inputs].T)

    def linear(self, at: str) -> dict[str, Floats]:
        """Weight [outputs, inputs] and bias, as torch names them."""
        return {f"{at}.weight": self.product(at).T, f"{at}.bias": self[f"{at}.bias"]}

    def norm(self, at: str) -> dict[str, Floats]:
        """Of `Graph.norm`, as torch names them."""
        return {name: self[name] for name in (f"{at}.weight", f"{at}.bias")}


def _tokens(served: _Served, shape: Shape, mark_scale: Floats) -> dict[str, Floats]:
    words, width = served.product("words") * FULL, shape.context + shape.static
    scales = np.concatenate([mark_scale, np.full(len(served["marks.weight"]) - len(mark_scale), FULL**-2)])
    return {
        "differs.weight": -words[width:].T,
        "tokens.weight": (words[:width] + words[width:]).T,
        "tokens.bias": served["words.bias"],
        "marks.weight": (served["marks.weight"] / scales[:, None]).T,
        "marks.bias": np.zeros(shape.width),
        "place.weight": served["place"][: len(served["place"]) // 2],
    }


def _layer(served: _Served, shape: Shape, at: str) -> dict[str, Floats]:
    """`from_other` is found again head by head: its own numbers are the unknowns of many equations."""
    w, heads = shape.width, shape.heads
    weight, bias = served.product(f"{at}.qkv"), served[f"{at}.qkv.bias"]
    out = served.product(f"{at}.out")
    shifts = []
    for head, part in enumerate(np.split(np.arange(w), heads)):
        queries = np.vstack([weight[:, part], bias[None, part]])
        keys = np.linalg.lstsq(queries, np.append(weight[:, 3 * w + head], bias[3 * w + head]), rcond=None)[0]
        shifts.append((keys, np.linalg.lstsq(out[part].T, out[w + head], rcond=None)[0]))
    scale = np.repeat([1 / math.sqrt(w // heads), 1, 1], w)
    return {
        **served.norm(f"{at}.norm"),
        f"{at}.qkv.weight": (weight[:, : 3 * w] / scale).T,
        f"{at}.qkv.bias": bias[: 3 * w] / scale,
        f"{at}.out.weight": out[:w].T,
        f"{at}.out.bias": served[f"{at}.out.bias"],
        f"{at}.from_other": np.concatenate([np.concatenate(part) for part in zip(*shifts, strict=True)]),
        **served.norm(f"{at}.norm_inner"),
        **served.linear(f"{at}.inner.0"),
        **served.linear(f"{at}.inner.2"),
    }


def _judge(served: _Served, shape: Shape) -> dict[str, Floats]:
    met = served.row_product("met", 6 * shape.width + 2 * shape.sentence)
    last, inner = served["last.weight"], 2 * shape.width
    return {
        **served.norm("norm"),
        "gate.weight": served["gate.weight"].T,
        "gate.bias": np.zeros(1),
        "sentence.weight": served["sentence.weight"].T,
        "sentence.bias": served["sentence.bias"],
        "head.0.weight": np.concatenate([met, served["facts.weight"]]).T,
        "head.0.bias": served["facts.bias"],
        "head.3.weight": last[:inner].T,
        "head.3.bias": np.zeros(1),
        "straight.weight": last[inner:].T,
        "straight.bias": served["last.bias"],
        "fact_mean": np.zeros(len(FACTS)),
        "fact_scale": np.ones(len(FACTS)),
    }
