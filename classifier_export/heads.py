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
from numpy.typing import NDArray

from classifier_export.embeddings import text_digest
from classifier_export.progress import progress
from classifier_export.prompts.card import card, figures_json
from classifier_export.prompts.export import onnx_bytes, parted
from classifier_export.prompts.fit import Floats, Net, Size, Task, Texts, fit
from classifier_export.prompts.measure import Gate, figures
from classifier_export.prompts.sources import read_outside
from classifier_export.prompts.tasks import Labelled, kinds_task, language_task, payload_task
from proxy.backends.artefact import MODELS, manifest_bytes, read_artefact
from proxy.backends.embedder_onnx import BUNDLED, OnnxEmbedder, load_embedder
from proxy.backends.inference import open_session
from proxy.backends.judge_onnx import OnnxPromptJudge
from proxy.backends.scorer_onnx import open_lexicon

VERSION = "2"
EPOCHS = {"kinds": 24, "payload": 8, "language": 4}
SIZES = {"kinds": Size(), "payload": Size(48, 48), "language": Size(32, 32)}
"""All of them run on the event loop, a tenth of a millisecond together: the kinds are the hardest."""
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
    texts = {name: embedded(opened, tasks[name].texts, cache) for name in wanted}
    nets = kept_nets(out, opened.digest, tasks) if only else {}
    nets |= {name: _net(tasks[name], texts[name], seed, name) for name in wanted}
    nets = {name: nets[name] for name in tasks}
    graph = onnx_bytes(nets)
    check_parity(nets, graph, texts[wanted[0]])
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
    lexicon = open_lexicon(read_artefact(MODELS / "equivalence", "scorer"))
    measured = figures(Gate(embedder, judge, lexicon)), figures(Gate(embedder, None, lexicon))
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


def embedded(embedder: OnnxEmbedder, texts: list[str], cache: Path | None = None) -> Texts:
    """Each distinct text once, and never again when a cache folder is given."""
    store = cache / f"heads-{embedder.digest[:12]}.npz" if cache else None
    known = _read_cache(store)
    missing = [text for text in dict.fromkeys(texts) if text_digest(text) not in known]
    for text in progress(missing, "embed"):
        found = embedder.encode(text)
        known[text_digest(text)] = found.token_vectors, found.vector
    if store and missing:
        store.parent.mkdir(parents=True, exist_ok=True)
        kept = texts_of(list(known.values()))
        digests = np.array(list(known), dtype="V10")
        np.savez(store, digests=digests, start=kept.start, tokens=kept.tokens, vectors=kept.vectors)
    return texts_of([known[text_digest(text)] for text in texts])


def texts_of(found: list[tuple[NDArray[np.int8], Floats]]) -> Texts:
    """Token vectors and sentence vector of each text, end to end."""
    start = np.cumsum([0, *(len(tokens) for tokens, _ in found)], dtype=np.int64)
    return Texts(start, np.concatenate([one for one, _ in found]), np.stack([one for _, one in found]))


def _read_cache(store: Path | None) -> dict[bytes, tuple[NDArray[np.int8], Floats]]:
    if store is None or not store.exists():
        return {}
    with np.load(store) as kept:
        cuts, vectors = np.split(kept["tokens"], kept["start"][1:-1]), kept["vectors"]
        keys = [key.tobytes() for key in kept["digests"]]
    return {key: (tokens, vector) for key, tokens, vector in zip(keys, cuts, vectors, strict=True)}


def kept_nets(folder: Path, embedder_digest: str, tasks: dict[str, Labelled]) -> dict[str, Net]:
    """The nets of an exported artefact, by task; their texts must be those of this run to name its data truly."""
    artefact = read_artefact(folder, "heads")
    if artefact.manifest["embedder_digest"] != embedder_digest:
        raise SystemExit("the folder's heads belong to another embedder")
    return parted(artefact.files["model.onnx"], list(tasks))


def check_parity(nets: dict[str, Net], graph: bytes, texts: Texts, rows: int = 500) -> None:
    """The exported odds are those of the trained nets."""
    session = open_session(graph, "heads")
    for row in range(min(rows, len(texts))):
        tokens, vector = texts.tokens[texts.start[row] : texts.start[row + 1]], texts.vectors[row : row + 1]
        found = session.run(None, {"token_vectors": tokens, "vector": vector})[0][0]
        logits = np.concatenate([net.logits(texts, np.array([row]))[0] for net in nets.values()])
        if np.abs(found - 1 / (1 + np.exp(-logits))).max() > PARITY:
            raise SystemExit("the exported graph differs from the trained nets")


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


def _net(task: Labelled, texts: Texts, seed: int, name: str) -> Net:
    numbers = {group: at for at, group in enumerate(dict.fromkeys(task.groups))}
    groups = np.array([numbers[group] for group in task.groups], dtype=np.int64)
    whole = Task(texts, task.labels, task.weights, groups)
    return fit(whole, seed=seed, epochs=EPOCHS[name], size=SIZES[name])[0]
