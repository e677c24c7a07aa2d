"""`python -m classifier_export evaluate`: how a trained run judges pairs nobody trained on, beside cosine.

Tables per family with intervals, hit rate against error rate on request streams, a leak check that fails the run, the
swap check, errors by family. It reads development data only; the test split belongs to `gate`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from classifier_export.calibrate import calibration_facts
from classifier_export.card import card_text, draw_curves
from classifier_export.corpus import LOOSE, Recipe, family_of, training_pairs
from classifier_export.data import PairArrays, arrays_of, feature_cache
from classifier_export.embeddings import Table, fill, load, text_digest
from classifier_export.measures import (
    Rate,
    auc,
    auc_interval,
    false_accepts,
    recall,
    recall_at_precision,
    threshold_at_recall,
)
from classifier_export.pairs import Pair, half_of, normalised, read_lines, read_pairs, texts_of
from classifier_export.runs import load_run, logits_of
from classifier_export.streams import Played, Stream, hit_rate_at, play, stream_of
from classifier_export.verdicts import read_verdicts, wrongness
from proxy.backends.embedder_onnx import BUNDLED, load_embedder
from proxy.core.features import FACT
from proxy.core.guards import veto
from proxy.core.lexicon import Lexicon, parse

ERROR_RATES = (0.005, 0.01, 0.02)
STRICT, BALANCED = "0.01", "0.03"
Judge = dict[str, NDArray[np.float32]]
"""Scores by set name, in the order of the set's arrays."""


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Everything that is judged. families: name of each pair's family, per set. streams: name → (stream, its pairs)."""

    pairs: dict[str, list[Pair]]
    arrays: dict[str, PairArrays]
    families: dict[str, NDArray[np.str_]]
    streams: dict[str, tuple[Stream, PairArrays]]


def main(
    data: Annotated[Path, typer.Option(help="Folder with dev_pairs and the streams.")],
    run: Annotated[Path, typer.Option(help="Run folder.")],
    own: Annotated[list[Path] | None, typer.Option(help="Own development pairs.")] = None,
    exam: Annotated[list[Path] | None, typer.Option(help="Development pairs of the written exam.")] = None,
    streams: Annotated[list[Path] | None, typer.Option(help="Further streams of our own.")] = None,
    generated: Annotated[list[Path] | None, typer.Option(help="Training files of ours, for the leak check.")] = None,
    embedder: Annotated[Path, typer.Option()] = BUNDLED,
    cache: Annotated[Path, typer.Option()] = Path("runs/cache"),
) -> None:
    """Judges, writes logits.npz, calibration.json, card.json, CARD.md and curves.png into the run folder."""
    ours_made = {"own": list(own or []), "exam": list(exam or [])}
    found = judged(data, ours_made, list(streams or []), embedder, cache, (run / "lexicon.npz").read_bytes())
    refuse_leaks(found, training_pairs(data, list(generated or []), Recipe()))
    model = load_run(run)
    ours = {name: logits_of(model, arrays) for name, arrays in _all(found).items()}
    cosine = {name: arrays.facts[:, FACT["cosine"]] for name, arrays in _all(found).items()}
    labels, logits, is_reference = reference(found, ours)
    np.savez(run / "logits.npz", logits=logits, labels=labels, is_reference=is_reference)
    facts = calibration_facts(logits, labels, is_reference)
    (run / "calibration.json").write_text(json.dumps(facts, indent=1))
    card = {"calibration": facts, **report(found, ours, cosine, facts)}
    (run / "card.json").write_text(json.dumps(card, indent=1))
    (run / "CARD.md").write_text(card_text(card))
    draw_curves(run / "curves.png", found.arrays["own"], ours["own"], cosine["own"], facts)
    print((run / "CARD.md").read_text())


def judged(
    data: Path, made: dict[str, list[Path]], streams: list[Path], embedder: Path, cache: Path, lexicon_file: bytes
) -> Sets:
    """Reads, embeds and featurises all development sets."""
    pairs = {"supplied": list(read_pairs(data / "dev_pairs.jsonl.gz"))}
    pairs |= {name: [p for path in paths for p in read_pairs(path)] for name, paths in made.items()}
    requests = {
        path.name.split(".")[0]: list(read_lines(path)) for path in [*sorted(data.glob("stream_*.jsonl.gz")), *streams]
    }
    texts = {t for found in pairs.values() for p in found for t in (p.a, p.b)}
    texts |= {str(row["prompt"]) for rows in requests.values() for row in rows}
    home = fill(sorted(texts), cache, load_embedder(embedder))
    table = load(home, {text_digest(text) for text in texts})
    lexicon, features = parse(lexicon_file), feature_cache(home, lexicon_file)
    arrays = {name: arrays_of(found, table, lexicon, features) for name, found in pairs.items() if found}
    families = {name: np.array([_family(pairs[name][i].source) for i in found.kept]) for name, found in arrays.items()}
    played = {name: _stream(rows, table, lexicon, features) for name, rows in requests.items()}
    return Sets(pairs, arrays, families, played)


def refuse_leaks(found: Sets, training: list[Pair]) -> None:
    """Raises ValueError when a text of any development set, normalised, is on either side of a training pair."""
    seen = texts_of(training)
    judged_texts = {normalised(t) for pairs in found.pairs.values() for p in pairs for t in (p.a, p.b)}
    judged_texts |= {normalised(prompt) for stream, _ in found.streams.values() for prompt in stream.prompts}
    leaked = sorted(judged_texts & seen - {""})
    if leaked:
        raise ValueError(f"{len(leaked)} texts are in training and in development, the first: {leaked[0]!r}")


def reference(found: Sets, ours: Judge) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """(labels, logits, is_reference) of the calibration half: by text, so that no text reports and calibrates.

    Thresholds are set on own pairs and on supplied ones whose labels are strict enough (not Quora, not the loose
    ones), for the scorer alone: were pairs left out that a guard vetoes, each guard that takes near-misses away would
    loosen the thresholds of those it lets through, though what is left is no easier.
    """
    labels, logits, strict = [], [], []
    for name, arrays in found.arrays.items():
        half = np.flatnonzero(halves(found.pairs[name], arrays) == 0)
        labels.append(arrays.labels[half])
        logits.append(ours[name][half])
        strict.append(~np.isin(found.families[name][half], ["qqp", "intents", *LOOSE]))
    return np.concatenate(labels), np.concatenate(logits), np.concatenate(strict)


def halves(pairs: list[Pair], arrays: PairArrays) -> NDArray[np.int64]:
    """0: for calibration, 1: for reports, 2: for reports too (texts of both halves, none of them in half 0's pairs).

    Own pairs go by their frame or group, whose texts are nobody else's; others by text.
    """
    kept = [pairs[i] for i in arrays.kept]
    sides = [(half_of(origin),) * 2 if (origin := _origin(p)) else (half_of(p.a), half_of(p.b)) for p in kept]
    half = np.array([a if a == b else 2 for a, b in sides])
    calibrated = {normalised(text) for p, where in zip(kept, half, strict=True) if where == 0 for text in (p.a, p.b)}
    leaks = [bool(_origin(p)) and not calibrated.isdisjoint((normalised(p.a), normalised(p.b))) for p in kept]
    return np.where(np.array(leaks), 0, half)


def _origin(pair: Pair) -> str:
    """`own:unit/it.limit.size+form` → `it.limit`, `written:unit/exam_dev_01.7` → itself; empty for other sources."""
    head, _, tail = pair.source.partition(":")
    name = tail.rpartition("/")[2]
    return {"own": name.partition("+")[0].rpartition(".")[0], "written": name}.get(head, "")


def report(found: Sets, ours: Judge, cosine: Judge, facts: dict[str, object]) -> dict[str, object]:
    """All tables, as JSON."""
    thresholds = facts["thresholds"]
    assert isinstance(thresholds, dict)
    strict, balanced = (float(thresholds.get(rate, np.inf)) for rate in (STRICT, BALANCED))
    tables: dict[str, object] = {}
    for name, arrays in found.arrays.items():
        rest = halves(found.pairs[name], arrays) != 0
        for family in ["all", *sorted(set(found.families[name]))]:
            pick = rest & ((found.families[name] == family) | (family == "all"))
            if pick.any():
                scores, labels = ours[name][pick], arrays.labels[pick]
                tables[f"{name}/{family}"] = _row(scores, labels, cosine[name][pick], strict, balanced)
    streams = {
        name: _stream_row(stream, ours[f"stream:{name}"], cosine[f"stream:{name}"], balanced)
        for name, (stream, _) in found.streams.items()
    }
    return {"strict": strict, "balanced": balanced, "tables": tables, "streams": streams}


def _row(
    ours: NDArray[np.float32], labels: NDArray[np.float32], cosine: NDArray[np.float32], strict: float, balanced: float
) -> dict[str, object]:
    row: dict[str, object] = {"n0": int((labels < 0.5).sum()), "n1": int((labels > 0.5).sum())}
    if row["n0"] and row["n1"]:
        row |= {
            "auc": round(auc(ours, labels), 4),
            "auc_interval": auc_interval(ours, labels),
            "cosine_auc": round(auc(cosine, labels), 4),
        }
        row["recall_at_precision_98"] = round(recall_at_precision(ours, labels, 0.98), 4)
        same_recall = threshold_at_recall(cosine, labels, recall(ours, labels, balanced).value)
        row["cosine_false_accepts"] = false_accepts(cosine, labels, same_recall).as_dict()
    for name, threshold in (("strict", strict), ("balanced", balanced)):
        row[f"{name}_false_accepts"] = false_accepts(ours, labels, threshold).as_dict()
        row[f"{name}_recall"] = recall(ours, labels, threshold).as_dict()
    return row


def _stream_row(
    stream: Stream, ours: NDArray[np.float32], cosine: NDArray[np.float32], balanced: float
) -> dict[str, object]:
    row: dict[str, object] = {
        "requests": len(stream.prompts),
        "error_rates": list(ERROR_RATES),
        "exact_only": float(stream.repeat.mean()),
    }
    corrected = wrongness(stream, read_verdicts())
    passing = np.array([veto(stream.prompts[i], stream.prompts[j]) is None for i, j in stream.pairs()])
    guarded = np.where(passing, ours, np.float32(-np.inf))
    for name, scores, wrong in (
        ("by_label", ours, stream.wrong),
        ("corrected", ours, corrected),
        ("guarded", guarded, corrected),
    ):
        at = play(stream, stream.spread(scores), balanced, wrong)
        row[name] = {
            "hit_rate": hit_rate_at(stream, stream.spread(scores), ERROR_RATES, wrong),
            "cosine_hit_rate": hit_rate_at(stream, stream.spread(cosine), ERROR_RATES, wrong),
            "at_balanced": {"hit_rate": at.hit_rate, "error_rate": at.error_rate, "false_hits": _share(at)},
        }
    return row


def _share(played: Played) -> dict[str, float]:
    """Wrong among hits by meaning, with its exact 95 % interval (expected wrong ones rounded up)."""
    return Rate(min(math.ceil(played.errors), played.semantic), played.semantic).as_dict()


def _stream(rows: list[dict[str, object]], table: Table, lexicon: Lexicon, cache: Path) -> tuple[Stream, PairArrays]:
    known = [row for row in rows if table.find(str(row["prompt"])) >= 0]
    prompts, classes = [str(row["prompt"]) for row in known], [int(str(row["class"])) for row in known]
    vectors = table.sentence[[table.find(prompt) for prompt in prompts]].astype(np.float32)
    stream = stream_of(prompts, classes, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    pairs = [Pair(prompts[i], prompts[j], int(classes[i] == classes[j]), "stream") for i, j in stream.pairs()]
    return stream, arrays_of(pairs, table, lexicon, cache)


def _all(found: Sets) -> dict[str, PairArrays]:
    return found.arrays | {f"stream:{name}": arrays for name, (_, arrays) in found.streams.items()}


def _family(source: str) -> str:
    family = family_of(source)
    if family.startswith("qqp"):
        return "qqp"
    return {
        "banking77": "intents",
        "clinc150": "intents",
        "bitext_cs": "intents",
        "disfl_qa_mined_neg": "disfl_qa",
    }.get(family, family)
