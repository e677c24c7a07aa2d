"""`classifier_export export`: what becomes the artefact that is served, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("onnx", reason="the train extra is not installed")

from classifier_export.export import main as export
from classifier_export.reopen import main as reopen
from proxy.backends.artefact import MODELS, read_artefact
from proxy.backends.embedder_onnx import BUNDLED, load_embedder
from proxy.backends.inference import InferenceThread
from proxy.backends.scorer_onnx import OnnxPairScorer


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The shipped scorer as a run folder, with the thresholds it ships with."""
    folder = tmp_path / "run"
    reopen(folder, MODELS / "equivalence", 0.0)
    manifest = json.loads((MODELS / "equivalence" / "manifest.json").read_text())
    (folder / "calibration.json").write_text(json.dumps({"thresholds": manifest["thresholds"]}))
    return folder


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl"
    names = ("lamp", "heater", "printer", "kettle")
    rows = [{"a": f"How do I clean the {name}?", "b": f"Cleaning the {name}", "label": 1} for name in names]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_what_it_writes_is_served(tmp_path: Path, run: Path, pairs: Path) -> None:
    export(run, tmp_path / "scorer", pairs, "mine-1", BUNDLED)

    embedder = load_embedder(BUNDLED)
    scorer = OnnxPairScorer(read_artefact(tmp_path / "scorer", "scorer"), embedder.digest, InferenceThread())
    assert scorer.digest


def test_a_scorer_that_serves_known_different_pairs_replaces_nothing(tmp_path: Path, run: Path, pairs: Path) -> None:
    state = torch.load(run / "model.pt", weights_only=True)
    state["straight.bias"] += 20
    torch.save(state, run / "model.pt")
    in_use = tmp_path / "scorer"
    in_use.mkdir()
    (in_use / "model.onnx").write_bytes(b"in use")

    with pytest.raises(ValueError, match="known-different"):
        export(run, in_use, pairs, "mine-1", BUNDLED)

    assert [path.name for path in in_use.iterdir()] == ["model.onnx"]
    assert (in_use / "model.onnx").read_bytes() == b"in use"
