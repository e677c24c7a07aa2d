"""`python -m classifier_export heads`: trains the small heads that judge one prompt and writes proxy/models/prompts.

Own texts are enough (CC0, committed). Texts from outside only shape weights and are named in the card; without them
the same command gives the own-only heads. Same seed, same machine: same digest.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer

from classifier_export.embeddings import text_digest
from classifier_export.progress import progress
from classifier_export.prompts.card import card, figures_json
from classifier_export.prompts.export import merged, onnx_bytes, parted
from classifier_export.prompts.fit import Floats, Net, Task, fit
from classifier_export.prompts.measure import Gate, figures
from classifier_export.prompts.sources import read_outside
from classifier_export.prompts.tasks import Labelled, kinds_task, language_task, payload_task
from proxy.backends.artefact import MODELS, manifest_bytes, read_artefact
from proxy.backends.embedder_onnx import BUNDLED, OnnxEmbedder, load_embedder
from proxy.backends.inference import open_session
from proxy.backends.judge_onnx import OnnxPromptJudge

VERSION = "1"
EPOCHS = {"kinds": 40, "payload": 80, "language": 10}
PARITY = 1e-4
OF_THE_WRITER = frozenset({"format", "kind", "digest", "files"})
"""Of a manifest: what `manifest_bytes` states itself."""


def main(
    out: Annotated[Path, typer.Option(help="Folder to write.")] = MODELS / "prompts",
    embedder: Annotated[Path, typer.Option(help="Folder of the embedder.")] = BUNDLED,
    pairs: Annotated[Path | None, typer.Option(help="Labelled pairs (.jsonl.gz) for real request styles.")] = None,
    translations: Annotated[Path | None, typer.Option(help="Django's wheel, for other languages.")] = None,
    exclude: Annotated[list[Path] | None, typer.Option(help="Files whose texts are never trained on.")] = None,
    cache: Annotated[Path | None, typer.Option(help="Folder that keeps vectors between runs.")] = None,
    seed: Annotated[int, typer.Option(help="Of everything drawn.")] = 1,
    only: Annotated[str | None, typer.Option(help="Train this net alone; the folder's other nets stay.")] = None,
    measure_only: Annotated[bool, typer.Option("--measure-only", help="New figures and card for the folder.")] = False,
    rebind: Annotated[bool, typer.Option("--rebind", help="The folder's nets as they are, for this embedder.")] = False,
) -> None:
    """Train, export, check parity, measure, and write model.onnx, manifest.json, CARD.md, figures.json."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    opened = load_embedder(embedder)
    if rebind:
        rebound(out, opened.digest)
    if measure_only or rebind:
        return report(out, opened)
    outside = read_outside(pairs, translations, exclude or [])
    tasks = {
        "kinds": kinds_task(outside, seed),
        "payload": payload_task(seed),
        "language": language_task(outside, seed),
    }
    wanted = [only] if only else list(tasks)
    vectors = {name: embedded(opened, tasks[name].texts, cache) for name in wanted}
    nets = kept_nets(out, opened.digest, tasks) if only else {}
    nets |= {name: _net(tasks[name], vectors[name], seed, EPOCHS[name]) for name in wanted}
    net = merged([nets[name] for name in tasks])
    graph = onnx_bytes(net)
    check_parity(net, graph, vectors[wanted[0]][:500])
    facts = {
        "version": VERSION,
        "embedder_digest": opened.digest,
        "outputs": [name for task in tasks.values() for name in task.outputs],
        "seed": seed,
        "texts": {name: len(task.texts) for name, task in tasks.items()},
        "data_digest": data_digest(tasks),
        "sources": sources(pairs, translations),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(graph)
    (out / "manifest.json").write_bytes(manifest_bytes("heads", {"model.onnx": graph}, facts))
    return report(out, opened)


def report(out: Path, embedder: OnnxEmbedder) -> None:
    """Judges the held-out lists as the proxy would, with heads and with words alone; writes card and figures."""
    artefact = read_artefact(out, "heads")
    judge = OnnxPromptJudge(artefact, embedder.digest)
    measured = figures(Gate(embedder, judge)), figures(Gate(embedder, None))
    (out / "CARD.md").write_text(card(judge.digest, artefact.manifest, *measured), encoding="utf-8")
    (out / "figures.json").write_bytes(figures_json(*measured))
    for name, rate in measured[0].items():
        print(f"{name:<60} {rate}")


def rebound(folder: Path, embedder_digest: str) -> None:
    """Writes the manifest anew for another graph of the embedder; `trained_on` keeps what the nets were trained on.

    Only for a graph that gives the same vectors but for rounding: compare the figures before and after.
    """
    artefact = read_artefact(folder, "heads")
    facts = {name: value for name, value in artefact.manifest.items() if name not in OF_THE_WRITER}
    facts["trained_on"] = facts.get("trained_on", facts["embedder_digest"])
    facts["embedder_digest"] = embedder_digest
    (folder / "manifest.json").write_bytes(manifest_bytes("heads", artefact.files, facts))


def embedded(embedder: OnnxEmbedder, texts: list[str], cache: Path | None = None) -> Floats:
    """float32[n, 384]; each distinct text once, and never again when a cache folder is given."""
    store = cache / f"{embedder.digest[:12]}.npz" if cache else None
    known = _read_cache(store)
    missing = [text for text in dict.fromkeys(texts) if text_digest(text) not in known]
    for text in progress(missing, "embed"):
        known[text_digest(text)] = embedder.encode(text).vector
    if store and missing:
        store.parent.mkdir(parents=True, exist_ok=True)
        np.savez(store, digests=np.array(list(known), dtype="V10"), vectors=np.stack(list(known.values())))
    return np.stack([known[text_digest(text)] for text in texts]).astype(np.float32)


def _read_cache(store: Path | None) -> dict[bytes, Floats]:
    if store is None or not store.exists():
        return {}
    with np.load(store) as kept:
        return {key.tobytes(): vector for key, vector in zip(kept["digests"], kept["vectors"], strict=True)}


def kept_nets(folder: Path, embedder_digest: str, tasks: dict[str, Labelled]) -> dict[str, Net]:
    """The nets of an exported artefact, by task; their texts must be those of this run to name its data truly."""
    artefact = read_artefact(folder, "heads")
    if artefact.manifest["embedder_digest"] != embedder_digest:
        raise SystemExit("the folder's heads belong to another embedder")
    return dict(
        zip(tasks, parted(artefact.files["model.onnx"], [len(one.outputs) for one in tasks.values()]), strict=True)
    )


def check_parity(net: Net, graph: bytes, vectors: Floats) -> None:
    """The exported odds are those of the trained net."""
    expected = 1 / (1 + np.exp(-net.logits(vectors)))
    found = open_session(graph, "heads").run(None, {"vector": vectors})[0]
    if np.abs(found - expected).max() > PARITY:
        raise SystemExit("the exported graph differs from the trained net")


def data_digest(tasks: dict[str, Labelled]) -> str:
    """sha256 over every text with its labels, in order."""
    digest = hashlib.sha256()
    for task in tasks.values():
        for text, labels in zip(task.texts, task.labels, strict=True):
            digest.update(f"{text}\0{labels.tolist()}\n".encode("utf-8", "replace"))
    return digest.hexdigest()


def sources(*paths: Path | None) -> dict[str, str]:
    """File name -> sha256 of what came from outside."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path is not None}


def _net(task: Labelled, vectors: Floats, seed: int, epochs: int) -> Net:
    names = {name: at for at, name in enumerate(dict.fromkeys(task.groups))}
    groups = np.array([names[name] for name in task.groups], dtype=np.int64)
    return fit(Task(vectors, task.labels, task.weights, groups), seed=seed, epochs=epochs)[0]
