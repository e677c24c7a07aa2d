"""The token projection, and MiniLM's last two layers, learned together with the scorer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the train extra is not installed")
onnx = pytest.importorskip("onnx", reason="the train extra is not installed")

from onnx.utils import Extractor

from classifier_export import blend
from classifier_export.adaptation import NORMS, places, with_adaptation, write_adaptation
from classifier_export.adapted import Adapted, adaptation_of
from classifier_export.data import PairArrays
from classifier_export.embedder import PROJECTION, read_blocks, write_blocks
from classifier_export.embedder_graph import Block
from classifier_export.embeddings import Table
from classifier_export.minilm import HIDDEN, INNER, NAMES, Layer
from classifier_export.model import PairNet
from classifier_export.projected import Projected
from classifier_export.states import States, collect, states_graph
from classifier_export.train import Plan, train
from proxy.backends.embedder_onnx import BUNDLED, load_embedder
from proxy.backends.inference import open_session
from proxy.core.embedding import Embedding
from tests.random_pairs import SMALL, arrays


def _table(found: list[Embedding]) -> Table:
    return Table(
        row={},
        start=np.cumsum([0, *(len(one.token_ids) for one in found)]).astype(np.int64),
        ids=np.concatenate([one.token_ids for one in found]),
        vectors=np.concatenate([one.token_vectors for one in found]),
        sentence=np.stack([one.vector for one in found]).astype(np.float16),
    )


def _states(table: Table) -> States:
    rng = np.random.default_rng(1)
    quantised = rng.integers(0, 255, (int(table.start[-1]), 10)).astype(np.uint8)
    texts = len(table.start) - 1
    middle = rng.normal(size=(int(table.start[-1]) + 2 * texts, HIDDEN)).astype(np.float16)
    return States(quantised, np.tile(np.float32([0.02, 128.0]), (texts, 1)), middle)


def _projected(folder: Path, known: PairArrays) -> Projected:
    words = np.random.default_rng(2).normal(size=(3, 6)).astype(np.float32)
    return Projected(_start(folder, context=10, static=6), known, _states(known.table), words)


def _start(folder: Path, *, context: int, static: int, seed: int = 2) -> Path:
    """A random projection, from so many inputs of each block to eight and four."""
    rng = np.random.default_rng(seed)
    sizes = {"context": (context, 8), "static": (static, 4)}
    write_blocks(
        folder / "start.npz",
        [
            Block(name, (0,), rng.normal(size=size).astype(np.float32), rng.normal(size=size[1]).astype(np.float32))
            for name, size in sizes.items()
        ],
    )
    return folder / "start.npz"


def test_a_projection_gives_what_serving_rounds_to_and_nothing_where_no_token_is(tmp_path: Path) -> None:
    known = arrays(6)
    vectors = _projected(tmp_path, known)(np.arange(6))[0].detach().numpy()
    batch = known.batch(np.arange(6))

    assert vectors.shape == batch["vectors"].shape
    assert np.array_equal(vectors, np.round(vectors))
    blank = np.arange(vectors.shape[1])[None] >= batch["lengths"][:, None]
    assert not vectors[blank].any()
    assert np.allclose(np.linalg.norm(vectors[~blank][:, :8], axis=1), 127, atol=2)


def test_the_projection_is_learned_with_the_network_and_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    known, plan = arrays(), Plan(epochs=2)
    for name in ("whole", "cut"):
        (tmp_path / name).mkdir()
    whole = train(known, known.labels, SMALL, plan, tmp_path / "whole", projected=_projected(tmp_path, known))
    train(known, known.labels, SMALL, replace(plan, epochs=1), tmp_path / "cut", projected=_projected(tmp_path, known))
    train(known, known.labels, SMALL, plan, tmp_path / "cut", projected=_projected(tmp_path, known))

    begun, learned = read_blocks(tmp_path / "start.npz"), read_blocks(tmp_path / "whole" / "projection.npz")
    assert all(np.abs(one.weight - other.weight).max() > 1e-4 for one, other in zip(begun, learned, strict=True))
    assert torch.load(tmp_path / "whole" / "model.pt", weights_only=True).keys() == whole.state_dict().keys()
    assert [path.name for path in (tmp_path / "cut").glob("projection.npz")] == ["projection.npz"]


def test_projected_states_are_the_token_vectors_of_serving(tmp_path: Path) -> None:
    """The shipped projection over collected states, in float32, beside the shipped graph with its int8 weights."""
    embedder = load_embedder()
    found = [embedder.encode(text) for text in ("How do I water an orchid?", "capital of Peru")]
    table = _table(found)
    states = collect(table, BUNDLED, tmp_path)
    context = read_blocks(PROJECTION)[0]
    scales = np.repeat(states.scales, np.diff(table.start), axis=0)
    projected = (states.quantised - scales[:, 1:]) * scales[:, :1] @ context.weight + context.bias
    shipped = table.vectors[:, : projected.shape[1]].astype(np.float32)
    cosines = (projected * shipped).sum(1) / np.linalg.norm(projected, axis=1) / np.linalg.norm(shipped, axis=1)

    assert cosines.min() > 0.99
    assert np.array_equal(states.quantised, collect(table, BUNDLED, tmp_path).quantised)


def test_the_middle_states_are_what_the_last_two_layers_of_serving_read(tmp_path: Path) -> None:
    """The shipped graph cut at them gives the shipped vectors."""
    embedder = load_embedder()
    found = [embedder.encode(text) for text in ("How do I water an orchid?", "capital of Peru")]
    table = _table(found)
    states = collect(table, BUNDLED, tmp_path)
    graph, names = states_graph((BUNDLED / "model.onnx").read_bytes())
    rest = Extractor(onnx.load_from_string(graph)).extract_model([names[-1]], ["vector"])
    session = open_session(rest.SerializeToString(), "the last two layers")
    for row, one in enumerate(found):
        first = int(table.start[row]) + 2 * row
        middle = states.middle[first : first + len(one.token_ids) + 2].astype(np.float32)
        (vector,) = session.run(["vector"], {names[-1]: middle[None]})
        assert float(vector @ one.vector) > 0.9995


def _weights(seed: int = 3) -> dict[str, np.ndarray]:
    """Random last layers under their published names, and three words."""
    rng = np.random.default_rng(seed)
    sizes = {"widen": (INNER, HIDDEN), "narrow": (HIDDEN, INNER)}
    found = {"embeddings.word_embeddings.weight": rng.normal(size=(3, HIDDEN)).astype(np.float32)}
    for at, _, name in places():
        size = (HIDDEN,) if name in NORMS else sizes.get(name, (HIDDEN, HIDDEN))
        found[f"{at}.weight"] = (rng.normal(size=size) * (1 if name in NORMS else 0.05)).astype(np.float32)
        found[f"{at}.bias"] = (rng.normal(size=size[:1]) * 0.1).astype(np.float32)
    return found


def _adapted(folder: Path, known: PairArrays, weights: dict[str, np.ndarray]) -> Adapted:
    states = _states(known.table)
    wide = np.resize(states.quantised, (len(states.quantised), 2 * HIDDEN))
    start = _start(folder, context=2 * HIDDEN, static=HIDDEN)
    return Adapted(start, known, replace(states, quantised=wide), weights)


def _reference(weights: dict[str, np.ndarray], middle: np.ndarray) -> torch.Tensor:
    """The two layers of the float32 reference over one text."""
    x = torch.from_numpy(middle.astype(np.float32))[None]
    for number in sorted({number for _, number, _ in places()}):
        layer = Layer()
        at = f"encoder.layer.{number}."
        kinds = ("weight", "bias")
        layer.load_state_dict(
            {f"{n}.{k}": torch.from_numpy(weights[f"{at}{NAMES[n]}.{k}"]) for n in NAMES for k in kinds}
        )
        x = layer(x, None)
    return x[0].detach()


@pytest.mark.parametrize("learned", [False, True])
def test_the_layers_in_training_are_those_that_the_embedder_is_built_with(tmp_path: Path, learned: bool) -> None:
    known, weights = arrays(4), _weights()
    adapted = _adapted(tmp_path, known, weights)
    if learned:
        torch.manual_seed(1)
        for name, value in adapted.layers.named_parameters():
            if not name.endswith("down"):
                value.data += 0.05 * torch.randn_like(value)
    write_adaptation(tmp_path / "a.npz", adaptation_of(dict(adapted.state_dict())))
    rows = known.sides[np.arange(4)].T.reshape(-1)
    lengths = known.table.start[rows + 1] - known.table.start[rows]
    with torch.no_grad():
        tokens, vectors = adapted._encoded(rows, lengths, int(lengths.max()))
    for at, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        first = int(known.table.start[row]) + 2 * int(row)
        middle = adapted._states.middle[first : first + int(length) + 2]
        expected = _reference(with_adaptation(weights, tmp_path / "a.npz"), middle)
        near = torch.nn.functional.cosine_similarity(tokens[at, : int(length)], expected[1:-1], dim=-1)
        assert near.min() > 0.999
        assert torch.nn.functional.cosine_similarity(vectors[at], expected.mean(0), dim=0) > 0.999
    changed = with_adaptation(weights, tmp_path / "a.npz")
    assert all(np.allclose(changed[name], value, atol=1e-3) for name, value in weights.items()) is not learned


def test_layers_learn_with_the_network_and_are_pulled_to_the_former_sentence_vectors(tmp_path: Path) -> None:
    known, weights = arrays(8), _weights()
    adapted = _adapted(tmp_path, known, weights)
    before = adapted(np.arange(len(known)))[1].detach()
    (tmp_path / "run").mkdir()
    train(known, known.labels, SMALL, Plan(epochs=12, rate=1e-2), tmp_path / "run", projected=adapted)
    after = adapted(np.arange(len(known)))[1].detach()

    assert float(after) < float(before)
    changed = with_adaptation(weights, tmp_path / "run" / "adaptation.npz")
    assert not np.allclose(
        changed["encoder.layer.5.output.dense.weight"], weights["encoder.layer.5.output.dense.weight"]
    )


def _run(folder: Path, seed: int) -> Path:
    """A run folder as training leaves it, with all that can be learned beside the network."""
    folder.mkdir()
    known = arrays(4)
    torch.manual_seed(seed)
    torch.save(PairNet(SMALL).state_dict(), folder / "model.pt")
    write_blocks(folder / "projection.npz", read_blocks(_start(folder, context=10, static=6, seed=seed)))
    adapted = _adapted(folder, known, _weights())
    for value in adapted.layers.parameters():
        value.data += 0.1 * torch.randn_like(value)
    write_adaptation(folder / "adaptation.npz", adaptation_of(dict(adapted.state_dict())))
    (folder / "lexicon.npz").write_bytes(b"one lexicon")
    (folder / "run.json").write_text("{}")
    return folder


def test_a_blend_is_the_weighted_mean_of_all_that_its_runs_learned(tmp_path: Path) -> None:
    runs = [_run(tmp_path / name, seed) for seed, name in enumerate("ab")]
    blend.main(runs, tmp_path / "both", share=[0.75, 0.25], cosine=0.0)
    folders = [*runs, tmp_path / "both"]

    def is_mean(one: np.ndarray, two: np.ndarray, both: np.ndarray, atol: float = 1e-5) -> bool:
        return np.allclose(both, 0.75 * one + 0.25 * two, atol=atol) and not np.allclose(one, two, atol=atol)

    networks = [blend.weights_of(folder)["straight.weight"].numpy() for folder in folders]
    assert is_mean(*networks)
    projections = [read_blocks(folder / "projection.npz")[0].weight for folder in folders]
    assert is_mean(*projections)
    layers = [with_adaptation(_weights(), folder / "adaptation.npz") for folder in folders]
    assert all(
        is_mean(*[layer[name] for layer in layers], atol=5e-3) for name in layers[0] if name.endswith("dense.weight")
    )


def test_runs_that_read_different_embedders_are_not_blended(tmp_path: Path) -> None:
    runs = [_run(tmp_path / name, seed) for seed, name in enumerate("ab")]
    (runs[1] / "projection.npz").unlink()

    with pytest.raises(ValueError, match=r"projection\.npz is not in all of \['a', 'b'\]"):
        blend.main(runs, tmp_path / "both")


def test_an_adaptation_that_is_not_there_is_no_adaptation_left_out(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        with_adaptation(_weights(), tmp_path / "misspelt.npz")
