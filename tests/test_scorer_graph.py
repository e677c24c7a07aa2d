"""The hand-written serving graph computes what the trained network computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("onnx", reason="the train extra is not installed")

from classifier_export.blend import NEUTRAL_COSINE, committee
from classifier_export.data import Batch
from classifier_export.export import padded
from classifier_export.model import Committee, PairNet, Shape
from classifier_export.reopen import BUNDLED, network_of
from classifier_export.reopen import main as reopen
from classifier_export.runs import Scorer, load_run, tensors
from classifier_export.scorer_graph import pair_graph
from proxy.backends.artefact import read_artefact
from proxy.backends.inference import open_session
from proxy.core.features import FACT, FACTS, MARKS, SECOND

SHAPE = Shape(width=32, inner=48, heads=2, layers=3, sentence=8)
LENGTHS = ((1, 1), (1, 7), (9, 3), (20, 20), (5, SECOND + 30))


def network(seed: int = 3) -> PairNet:
    """Every number drawn, also those that a fresh network has at zero or one."""
    torch.manual_seed(seed)
    net = PairNet(SHAPE)
    with torch.no_grad():
        for value in net.parameters():
            value.copy_(torch.randn_like(value) * (0.3 if value.ndim == 1 else value.shape[-1] ** -0.5))
        net.fact_mean.copy_(torch.randn(len(FACTS)))
        net.fact_scale.copy_(torch.rand(len(FACTS)) + 0.5)
    return net.eval()


def committee_of(members: list[PairNet]) -> Committee:
    both = Committee(SHAPE, len(members))
    both.load_state_dict(committee([dict(one.state_dict()) for one in members]))
    return both.eval()


def pair(first: int, second: int) -> Batch:
    rng = np.random.default_rng(first * 100 + second)
    count = first + second
    place = [np.minimum(np.arange(n), SECOND - 1) for n in (first, second)]
    return {
        "vectors": np.concatenate([unit(rng, count, SHAPE.context), unit(rng, count, SHAPE.static)], axis=1),
        "marks": rng.integers(0, 2, (count, len(MARKS))).astype(np.uint8),
        "places": np.concatenate([place[0], place[1] + SECOND]),
        "sentences": (rng.normal(size=(2, 384)) / 20).astype(np.float32),
        "facts": rng.normal(size=(1, len(FACTS))).astype(np.float32),
    }


def unit(rng: np.random.Generator, count: int, width: int) -> NDArray[np.int8]:
    """A block of token vectors, as the embedder gives them."""
    rows = rng.normal(size=(count, width))
    return np.round(rows / np.linalg.norm(rows, axis=1, keepdims=True) * 127).astype(np.int8)


def logit_of(net: Scorer, inputs: Batch) -> float:
    with torch.inference_mode():
        return float(net(*tensors(padded(inputs)))[0])


@pytest.mark.parametrize(("first", "second"), LENGTHS)
def test_in_float32_it_is_the_network(first: int, second: int) -> None:
    net, inputs = network(), pair(first, second)
    graph = open_session(pair_graph(net, is_float=True), "graph")

    assert float(graph.run(None, inputs)[0][0]) == pytest.approx(logit_of(net, inputs), abs=1e-4)


@pytest.mark.parametrize(("first", "second"), LENGTHS)
def test_int8_costs_little(first: int, second: int) -> None:
    net, inputs = network(), pair(first, second)
    graph = open_session(pair_graph(net), "graph")

    assert float(graph.run(None, inputs)[0][0]) == pytest.approx(logit_of(net, inputs), abs=0.1)


def test_a_committee_answers_with_the_mean_of_its_members() -> None:
    members, inputs = [network(3), network(4)], pair(8, 5)
    both = committee_of(members)
    graph = open_session(pair_graph(both, is_float=True), "graph")
    mean = (logit_of(members[0], inputs) + logit_of(members[1], inputs)) / 2

    assert logit_of(both, inputs) == pytest.approx(mean, abs=1e-5)
    assert float(graph.run(None, inputs)[0][0]) == pytest.approx(mean, abs=1e-4)


def test_the_same_weights_give_the_same_bytes() -> None:
    assert pair_graph(network()) == pair_graph(network())


def test_a_fact_that_is_not_finite_gives_a_logit_that_is_not() -> None:
    inputs = pair(4, 5)
    inputs["facts"] = np.full_like(inputs["facts"], np.nan)
    graph = open_session(pair_graph(network()), "graph")

    assert not np.isfinite(graph.run(None, inputs)[0]).any()


@pytest.mark.parametrize(("first", "second"), LENGTHS)
def test_a_served_graph_is_read_back_as_the_network_it_was_made_of(first: int, second: int) -> None:
    net, inputs = network(), pair(first, second)
    again = network_of(pair_graph(net), SHAPE)

    assert logit_of(again, inputs) == pytest.approx(logit_of(net, inputs), abs=0.1), "rounded once, to int8"
    served = open_session(pair_graph(net), "graph").run(None, inputs)[0][0]
    assert open_session(pair_graph(again), "graph").run(None, inputs)[0][0] == pytest.approx(served, abs=1e-2)


@pytest.mark.parametrize("member", [0, 1])
def test_each_member_of_a_committee_is_read_back(member: int) -> None:
    members, inputs = [network(3), network(4)], pair(8, 5)
    again = network_of(pair_graph(committee_of(members)), SHAPE, member)

    assert logit_of(again, inputs) == pytest.approx(logit_of(members[member], inputs), abs=0.1)


def test_a_member_that_there_is_none_of_is_named() -> None:
    with pytest.raises(ValueError, match="no network 1"):
        network_of(pair_graph(network()), SHAPE, 1)


def test_the_shipped_scorer_becomes_run_folders(tmp_path: Path) -> None:
    inputs = pair(9, 3)
    inputs["facts"] = np.abs(inputs["facts"]) / 4
    members = read_artefact(BUNDLED, "scorer").field("training", dict).get("members", 1)
    for member in range(members):
        reopen(tmp_path / str(member), BUNDLED, cosine=-2.0, member=member)

    mean = np.mean([logit_of(load_run(tmp_path / str(member)), inputs) for member in range(members)])
    served = open_session((BUNDLED / "model.onnx").read_bytes(), "graph").run(None, inputs)[0][0]
    assert mean == pytest.approx(served - 2.0 * (inputs["facts"][0, FACT["cosine"]] - NEUTRAL_COSINE), abs=0.1)
