"""Which pairs would be served from memory, and how many of them wrongly: this proxy beside what other caches do.

    python -m bench.decision_peers [--pairs FILE …] [--scorer FOLDER] [--json]

One run, the same pairs, the same MiniLM vectors (the shipped int8 embedder, cosine .997 to float32). Without `--pairs`
it is the published suite, which is in no training set of ours. SmartMemo is installed from PyPI into a temporary
environment of its own, with its bundled classifier; where that fails the row stays and says why. The others are
cosine thresholds, as documented by each: their own embedders differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import sysconfig
import tempfile
import venv
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier_export.decided import decided, embedded, open_judge
from classifier_export.measures import Rate, auc, false_accepts, recall, threshold_at_recall
from classifier_export.pairs import Pair
from proxy.backends.artefact import MODELS
from proxy.backends.embedder_onnx import load_embedder
from proxy.backends.inference import InferenceThread
from proxy.cli.calibrate import EXPECTED, labelled
from proxy.cli.rows import read_rows
from proxy.errors import BackendError

SUITE = Path("classifier_export/suite/published.jsonl.gz")
FLOOR = 0.70
NEEDS_TORCH = "it needs torch; .venv/bin/python -m pip install -e '.[train]'"
SMARTMEMO = 0.95
"""The threshold that `ClassifierConfig.bundled()` sets."""

COSINES = {
    "GPTCache, default (.8 of distance 4, cosine ≥ .60)": 0.60,
    "mneme, cosine ≥ .85": 0.85,
    "CacheLLM, cosine ≥ .89": 0.89,
}
"""GPTCache 0.1.44: vectors normalised, squared distance d, a hit when 4 - d ≥ .8 · 4, so d ≤ .8 and cosine ≥ .6."""

IN_ITS_VENV = """
import sys, numpy as np, torch
from pathlib import Path
import smartmemo
from smartmemo.classifier.service import ClassifierService
torch.set_num_threads(1)
found = Path(smartmemo.__file__).parent / "_models" / "classifier-v2.pt"
given = np.load(sys.argv[1])
service = ClassifierService(found, threshold=0.95)
np.save(sys.argv[2], np.array(service.predict_batch(list(zip(given["a"], given["b"]))), dtype=np.float32))
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One cache. why: the reason for a row without figures."""

    cache: str
    auc: float | None = None
    recall: Rate | None = None
    false_accepts: Rate | None = None
    why: str = ""


def main() -> int:
    """Prints one table for each file of pairs."""
    args = _arguments()
    try:
        files = [(path, pairs_of(path)) for path in args.pairs or [SUITE]]
    except (OSError, BackendError) as failure:
        print(f"decision_peers: {failure}", file=sys.stderr)
        return 3
    thread = InferenceThread()
    report = {}
    for path, pairs in files:
        rows = rows_for(pairs, args.scorer, thread)
        report[path.name] = rows
        if not args.json:
            print(table(path.name, pairs, rows), end="\n\n")
    if args.json:
        print(json.dumps({name: [_as_dict(row) for row in rows] for name, rows in report.items()}, indent=1))
    thread.close()
    return 0


def pairs_of(path: Path) -> list[Pair]:
    """A file as `equicache calibrate` reads one. Raises OSError, BackendError."""
    return [Pair(row.a, row.b, row.label, path.stem) for row in read_rows(str(path), labelled, EXPECTED)]


def rows_for(pairs: list[Pair], scorer: Path, thread: InferenceThread) -> list[Row]:
    """Ours last."""
    embedder = load_embedder(thread=thread)
    prompts = embedded(pairs, embedder)
    labels = np.array([pair.label for pair in pairs], dtype=np.float32)
    judge = open_judge(scorer, embedder, thread)
    ours = decided(pairs, prompts, judge)
    served = np.where(ours.cosines >= FLOOR, ours.logits, -np.inf).astype(np.float32)
    rows = [_row(name, ours.cosines, labels, limit) for name, limit in COSINES.items()]
    try:
        vectors = [np.stack([prompts[text].embedding.vector for text in side]) for side in _sides(pairs)]
        rows.append(_row("SmartMemo 0.3, bundled classifier ≥ .95", smartmemo(*vectors), labels, SMARTMEMO))
    except (subprocess.SubprocessError, OSError) as failure:
        rows.append(Row("SmartMemo, bundled classifier", why=_last_line(failure)))
    balanced = recall(served, labels, judge.threshold("0.03")).value
    same = threshold_at_recall(ours.cosines, labels, balanced)
    rows.append(_row(f"cosine ≥ {same:.2f} (the recall of equicache .03)", ours.cosines, labels, same))
    for rate in ("0.03", "0.01"):
        row = _row("", served, labels, judge.threshold(rate))
        name = f"**equicache**, max_false_hit_rate {rate}"
        rows.append(Row(name, auc(ours.logits, labels), row.recall, row.false_accepts))
    return rows


def smartmemo(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities float32[n] of its bundled classifier; a, b: float32[n, 384].

    Its environment is its own; torch and pydantic are found in ours, so that only the wheel itself is fetched.
    Raises OSError or SubprocessError.
    """
    if find_spec("torch") is None:
        raise OSError(NEEDS_TORCH)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        venv.create(home / "venv", with_pip=False)
        (site,) = (home / "venv").glob("lib/python*/site-packages")
        (site / "ours.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
        install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), "smartmemo==0.3.0"]
        subprocess.run(install, check=True, capture_output=True, text=True, timeout=300)
        np.savez(home / "pairs.npz", a=a, b=b)
        paths = [str(home / name) for name in ("venv/bin/python", "pairs.npz", "found.npy")]
        command = [paths[0], "-c", IN_ITS_VENV, *paths[1:]]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
        found: NDArray[np.float32] = np.load(home / "found.npy")
        return found


def table(name: str, pairs: list[Pair], rows: list[Row]) -> str:
    """Markdown."""
    wrong = sum(pair.label == 0 for pair in pairs)
    head = f"{name}: {len(pairs)} pairs, {wrong} that must not be served (95 % intervals)"
    lines = ["| cache | AUC | served of what must not be | served of what may be |", "|---|---|---|---|"]
    for row in rows:
        if row.recall is None or row.false_accepts is None:
            lines.append(f"| {row.cache} | could not run: {row.why} | | |")
        else:
            lines.append(f"| {row.cache} | {row.auc:.3f} | {row.false_accepts.text()} | {row.recall.text()} |")
    return "\n".join([head, "", *lines])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=Path, action="append", help="JSONL(.gz) of {a, b, label}; repeatable")
    parser.add_argument("--scorer", type=Path, default=MODELS / "equivalence", help="another scorer's folder")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _sides(pairs: list[Pair]) -> tuple[list[str], list[str]]:
    return [pair.a for pair in pairs], [pair.b for pair in pairs]


def _row(name: str, scores: NDArray[np.float32], labels: NDArray[np.float32], threshold: float) -> Row:
    return Row(name, auc(scores, labels), recall(scores, labels, threshold), false_accepts(scores, labels, threshold))


def _as_dict(row: Row) -> dict[str, object]:
    if row.recall is None or row.false_accepts is None:
        return {"cache": row.cache, "why": row.why}
    rates = {"recall": row.recall.as_dict(), "false_accepts": row.false_accepts.as_dict()}
    return {"cache": row.cache, "auc": row.auc, **rates}


def _last_line(failure: Exception) -> str:
    said = getattr(failure, "stderr", None) or str(failure)
    return str(said).strip().splitlines()[-1][:120]


if __name__ == "__main__":
    sys.exit(main())
