"""`python -m classifier_export export`: a trained run as the artefact that the proxy serves.

Nothing is written before the ONNX graph gives the torch network's logits on real pairs, and before the twelve
known-different pairs miss.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import torch
import typer

from classifier_export.data import Batch
from classifier_export.runs import Scorer, load_run, tensors
from classifier_export.scorer_graph import pair_graph
from proxy.backends.artefact import manifest_bytes, read_artefact
from proxy.backends.embedder_onnx import BUNDLED, OnnxEmbedder, load_embedder
from proxy.backends.inference import InferenceThread, open_session
from proxy.backends.scorer_check import golden_bytes
from proxy.backends.scorer_onnx import OnnxPairScorer
from proxy.core.embedding import Prompt
from proxy.core.features import DIGEST, FEATURES_VERSION, SECOND

STRUCTURE = 2e-3
"""Largest |Δlogit| of the graph in float32: only summation orders differ."""

ROUNDING = 0.05
"""Largest mean |Δlogit| that int8 may cost."""

PAIRS = 1_000
"""Pairs that parity is measured on."""

MARGIN = 0.15
"""Golden pairs keep this far from every threshold: rounding on another processor must not flip an honest verdict."""


def main(
    run: Annotated[Path, typer.Option(help="Trained run folder, with calibration.json.")],
    out: Annotated[Path, typer.Option(help="Folder to write, `proxy/models/equivalence`.")],
    pairs: Annotated[Path, typer.Option(help="Own pairs to take the golden ones from (JSONL, not used in training).")],
    version: Annotated[str, typer.Option()] = "1",
    embedder: Annotated[Path, typer.Option()] = BUNDLED,
) -> None:
    """Exports, checks parity, and writes model.onnx, lexicon.npz, golden.json and manifest.json."""
    model, encoder = load_run(run), load_embedder(embedder)
    lexicon = (run / "lexicon.npz").read_bytes()
    graph = pair_graph(model)
    facts = _facts(run, version, encoder.digest)
    files = {"model.onnx": graph, "lexicon.npz": lexicon}
    with TemporaryDirectory() as folder:  # `out` may hold the scorer in use, which a refused one must not touch
        _write(Path(folder), files, facts)
        scorer = OnnxPairScorer(read_artefact(Path(folder), "scorer"), encoder.digest, InferenceThread())
    own = list(_texts(pairs))
    found = parity(model, scorer, encoder, own[:PAIRS])
    golden, different = _golden_pairs(scorer, encoder, own, facts["thresholds"])
    facts["parity"] = {name: round(value, 6) for name, value in asdict(found).items()}
    files["golden.json"] = golden_bytes(scorer, encoder.encode, golden, different)
    _write(out, files, facts)
    print(f"{out}: {len(graph)} bytes of graph, |Δlogit| to torch {found}")


@dataclass(frozen=True, slots=True)
class Parity:
    """|Δlogit| to the torch network over real pairs. structure: of the same graph in float32, the largest; mean and
    largest: of what is served, in int8."""

    structure: float
    mean: float
    largest: float


def parity(model: Scorer, scorer: OnnxPairScorer, encoder: OnnxEmbedder, pairs: list[tuple[str, str]]) -> Parity:
    """Raises ValueError beyond STRUCTURE, and where int8 costs more than ROUNDING on average."""
    exact = open_session(pair_graph(model, is_float=True), "the float graph")
    rows = []
    for a, b in pairs:
        inputs = next(scorer.inputs(_prompt(encoder, a), [_prompt(encoder, b)]))
        with torch.inference_mode():
            ours = float(model(*tensors(padded(inputs)))[0])
        rows.append((abs(ours - float(exact.run(None, inputs)[0][0])), abs(ours - scorer.run(inputs))))
    structure, served = np.array(rows).T
    found = Parity(float(structure.max()), float(served.mean()), float(served.max()))
    if not found.structure <= STRUCTURE:
        raise ValueError(f"the ONNX graph is not the network: a logit differs by {found.structure:.4f}")
    if not found.mean <= ROUNDING:
        raise ValueError(
            f"int8 moves a logit by {found.mean:.3f} on average (at most {ROUNDING}): train on more pairs, "
            "or `blend` with the run that this one began with"
        )
    return found


def padded(inputs: Batch) -> Batch:
    """One pair's inputs of the graph as the network takes them: both sides apart, the shorter one padded."""
    first = int(np.count_nonzero(inputs["places"] < np.int64(SECOND)))
    lengths = np.array([first, len(inputs["places"]) - first])
    cut = {name: np.split(inputs[name], [first]) for name in ("vectors", "marks")}
    wide = {
        name: np.stack([np.pad(part, ((0, lengths.max() - len(part)), (0, 0))) for part in parts])
        for name, parts in cut.items()
    }
    return {**wide, "lengths": lengths, "sentences": inputs["sentences"], "facts": inputs["facts"]}


def _facts(run: Path, version: str, embedder_digest: str) -> dict[str, object]:
    trained = json.loads((run / "run.json").read_text())
    return {
        "version": version,
        "features": FEATURES_VERSION,
        "features_digest": DIGEST,
        "embedder_digest": embedder_digest,
        "trained_on": trained["embedder_digest"],
        "training": {
            name: trained[name]
            for name in ("recipe", "plan", "shape", "members", "pairs", "sources", "git", "blend", "stages")
            if name in trained
        },
        **json.loads((run / "calibration.json").read_text()),
    }


def _texts(path: Path) -> list[tuple[str, str]]:
    from classifier_export.pairs import read_pairs

    return [(pair.a, pair.b) for pair in read_pairs(path)]


def _prompt(encoder: OnnxEmbedder, text: str) -> Prompt:
    return Prompt(text, encoder.encode(text))


def _golden_pairs(
    scorer: OnnxPairScorer, encoder: OnnxEmbedder, own: list[tuple[str, str]], thresholds: object
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """200 pairs away from every threshold; raises ValueError when a known-different pair would be served."""
    assert isinstance(thresholds, dict)
    limits = np.array([float(logit) for logit in thresholds.values()])

    def logit(a: str, b: str) -> float:
        return float(scorer.scores(_prompt(encoder, a), [_prompt(encoder, b)])[0])

    golden: list[tuple[str, str]] = []
    for a, b in own:
        if len(golden) == 200:
            break
        if np.abs(limits - logit(a, b)).min() > MARGIN:
            golden.append((a, b))
    served = [(a, b) for a, b in KNOWN_DIFFERENT if logit(a, b) >= limits.min() - MARGIN]
    if served:
        raise ValueError(f"known-different pairs would be served: {served}")
    return golden, list(KNOWN_DIFFERENT)


def _write(out: Path, files: dict[str, bytes], facts: dict[str, object]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    (out / "manifest.json").write_bytes(manifest_bytes("scorer", files, facts))


KNOWN_DIFFERENT = (
    ("Approve the refund request", "Deny the refund request"),
    ("What is the status of order 1234?", "What is the status of order 1243?"),
    ("What is the capital of Australia?", "What is the capital of Austria?"),
    ("Translate this text from English to French", "Translate this text from French to English"),
    ("Is it safe to take ibuprofen during pregnancy?", "Is it not safe to take ibuprofen during pregnancy?"),
    ("How do I enable two-factor authentication?", "How do I disable two-factor authentication?"),
    ("How do I convert 5 miles to kilometers?", "How do I convert 7 miles to kilometers?"),
    ("Can I buy shares before the market opens?", "Can I sell shares before the market opens?"),
    ("Which flights go from Paris to Rome?", "Which flights go from Rome to Paris?"),
    ("Write a function that reads a file in Python", "Write a function that reads a file in Java"),
    ("What is the maximum dose of paracetamol?", "What is the minimum dose of paracetamol?"),
    ("Summarize the advantages of remote work", "Summarize the disadvantages of remote work"),
)

__all__ = ["KNOWN_DIFFERENT", "Parity", "main", "padded", "parity"]
