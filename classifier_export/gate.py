"""`python -m classifier_export gate`: may this scorer replace the one that is shipped? (R33)

The only code that reads the test split. The candidate must not be worse on any family, must be better on the pooled
set, and must stay within the latency budget. "Worse" and "better" are paired: of the pairs that the two decide
differently at their own balanced thresholds, how many does the candidate have right? (exact sign test, one-sided 95 %).
Without a current scorer, cosine at the candidate's own recall is what it must beat.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from classifier_export.corpus import family_of
from classifier_export.decided import Decided, Judge, cpu_ms, decided, embedded, open_judge
from classifier_export.measures import auc, auc_interval, false_accepts, recall, threshold_at_recall
from classifier_export.pairs import Pair, digest_of_file, read_pairs
from proxy.backends.embedder_onnx import BUNDLED, load_embedder
from proxy.backends.inference import InferenceThread
from proxy.core.risk import tail

BALANCED, STRICT = "0.03", "0.01"
ALPHA = 0.05
SLOWER = 1.10
"""A candidate may need this much of the current scorer's CPU time: two runs of one scorer differ by some per cent."""

Right = NDArray[np.bool_]
"""Per pair: was the decision right?"""


@dataclass(frozen=True, slots=True)
class Family:
    """n0, n1: label-0 and label-1 pairs. lost, won: decided rightly by one of the two only. worse: significantly."""

    name: str
    n0: int
    n1: int
    false_accepts: str
    recall: str
    lost: int
    won: int
    worse: bool


def main(
    candidate: Annotated[Path, typer.Option(help="Folder of the exported scorer.")],
    test: Annotated[list[Path], typer.Option(help="Files of the test split.")],
    current: Annotated[Path | None, typer.Option(help="Folder of the scorer in use; else cosine.")] = None,
    embedder: Annotated[Path, typer.Option()] = BUNDLED,
    current_embedder: Annotated[
        Path | None, typer.Option(help="Of the scorer in use, where it is another one.")
    ] = None,
    budget_ms: Annotated[float, typer.Option(help="CPU milliseconds for four candidates.")] = 3.0,
    report: Annotated[Path | None, typer.Option(help="Where the report goes; else ./gate.json.")] = None,
) -> None:
    """Prints the table, writes the report; exit 1 when the candidate may not replace the current scorer."""
    pairs = [pair for path in test for pair in read_pairs(path)]
    thread = InferenceThread()
    opened = load_embedder(embedder)
    prompts = embedded(pairs, opened)
    new = open_judge(candidate, opened, thread)
    other = load_embedder(current_embedder) if current_embedder else opened
    old_prompts = embedded(pairs, other) if current_embedder else prompts
    old = open_judge(current, other, thread) if current else None
    ours, theirs = decided(pairs, prompts, new), decided(pairs, old_prompts, old) if old else None
    found = compared(pairs, ours, new, theirs, old)
    new_ms = cpu_ms(new, list(prompts.values()))
    old_ms = cpu_ms(old, list(old_prompts.values())) if old else None
    found["cpu_ms"], found["current_cpu_ms"] = round(new_ms, 3), old_ms and round(old_ms, 3)
    found["refusals"] = refusals = [*_refusals(found), *too_slow(new_ms, old_ms, budget_ms)]
    found["candidate"], found["current"] = new.scorer.digest, old.scorer.digest if old else "cosine"
    found["test"] = {path.name: digest_of_file(path) for path in test}
    found["passed"] = not refusals
    content = json.dumps(found, indent=1, sort_keys=True)
    (report or Path("gate.json")).write_text(content)
    print(table(found))
    print(f"report sha256 {hashlib.sha256(content.encode()).hexdigest()}")
    thread.close()
    if refusals:
        raise typer.Exit(1)


def compared(
    pairs: list[Pair], ours: Decided, new: Judge, theirs: Decided | None, old: Judge | None
) -> dict[str, object]:
    """Tables and refusals, before latency."""
    labels = np.array([pair.label for pair in pairs], dtype=np.float32)
    families = np.array([family_of(pair.source) for pair in pairs])
    threshold = new.threshold(BALANCED)
    other, limit = _opponent(ours, labels, threshold, theirs, old)
    mine, yours = right(ours.logits, labels, threshold), right(other, labels, limit)
    rows = [_family(name, families == name, ours.logits, labels, threshold, mine, yours) for name in _names(families)]
    lost, won = int((yours & ~mine).sum()), int((mine & ~yours).sum())
    better = tail(lost, lost + won, 0.5) <= ALPHA and won > lost
    auc_new, auc_old = auc(ours.logits, labels), auc(other, labels)
    refusals = [f"worse on {row.name}: {row.lost} lost, {row.won} won" for row in rows if row.worse]
    if not better or auc_new < auc_old:
        refusals.append(f"not better on all pairs: {lost} lost, {won} won, AUC {auc_new:.4f} against {auc_old:.4f}")
    return {
        "families": [asdict(row) for row in rows],
        "auc": round(auc_new, 5),
        "auc_interval": auc_interval(ours.logits, labels),
        "other_auc": round(auc_old, 5),
        "cosine_auc": round(auc(ours.cosines, labels), 5),
        "modes": {
            rate: {
                "false_accepts": false_accepts(ours.logits, labels, new.threshold(rate)).as_dict(),
                "recall": recall(ours.logits, labels, new.threshold(rate)).as_dict(),
            }
            for rate in (BALANCED, STRICT)
        },
        "lost": lost,
        "won": won,
        "refusals": refusals,
    }


def right(scores: NDArray[np.float32], labels: NDArray[np.float32], threshold: float) -> Right:
    """bool[n]: served if label 1, refused if label 0."""
    found: Right = (scores >= threshold) == (labels > 0.5)
    return found


def is_worse(lost: int, won: int) -> bool:
    """One-sided sign test at 95 %: as many losses, or more, would be this rare among equals."""
    return lost > won and tail(won, lost + won, 0.5) <= ALPHA


def too_slow(new_ms: float, old_ms: float | None, budget_ms: float) -> list[str]:
    """Reasons against it by CPU time for four candidates."""
    reasons = []
    if new_ms > budget_ms:
        reasons.append(f"needs {new_ms:.2f} ms of CPU for four candidates, budget {budget_ms:.2f}")
    if old_ms is not None and new_ms > SLOWER * old_ms:
        reasons.append(f"needs {new_ms / old_ms:.2f} times the current scorer's CPU time")
    return reasons


def table(found: dict[str, object]) -> str:
    """The report for people."""
    rows = found["families"]
    assert isinstance(rows, list)
    head = f"{'family':<24}{'n0':>6}{'n1':>6}  {'false accepts':<26}{'recall':<26}{'lost':>5}{'won':>5}"
    lines = [
        f"{r['name']:<24}{r['n0']:>6}{r['n1']:>6}  {r['false_accepts']:<26}{r['recall']:<26}{r['lost']:>5}{r['won']:>5}"
        + ("  WORSE" if r["worse"] else "")
        for r in rows
    ]
    last = [f"AUC {found['auc']} against {found['other_auc']} (cosine {found['cosine_auc']}); CPU {found['cpu_ms']} ms"]
    refusals = _refusals(found)
    return "\n".join([head, *lines, *last, *([f"NO: {why}" for why in refusals] or ["yes"])])


def _refusals(found: dict[str, object]) -> list[str]:
    reasons = found["refusals"]
    assert isinstance(reasons, list)
    return reasons


def _opponent(
    ours: Decided, labels: NDArray[np.float32], threshold: float, theirs: Decided | None, old: Judge | None
) -> tuple[NDArray[np.float32], float]:
    if theirs is not None and old is not None:
        return theirs.logits, old.threshold(BALANCED)
    return ours.cosines, threshold_at_recall(ours.cosines, labels, recall(ours.logits, labels, threshold).value)


def _names(families: NDArray[np.str_]) -> list[str]:
    return sorted(set(families.tolist()))


def _family(
    name: str,
    pick: NDArray[np.bool_],
    scores: NDArray[np.float32],
    labels: NDArray[np.float32],
    threshold: float,
    mine: Right,
    yours: Right,
) -> Family:
    lost, won = int((yours & ~mine)[pick].sum()), int((mine & ~yours)[pick].sum())
    accepts, found = false_accepts(scores[pick], labels[pick], threshold), recall(scores[pick], labels[pick], threshold)
    return Family(name, accepts.n, found.n, accepts.text(), found.text(), lost, won, is_worse(lost, won))
