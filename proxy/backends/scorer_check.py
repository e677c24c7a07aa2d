"""Does this machine judge as the one that made the scorer? Asked once at start, off the event loop (R32, R33).

int8 products differ between processors, and a damaged library can answer anything. So two hundred pairs whose logits
were written down at export are scored again, and ten known-different pairs must miss. The caller turns the semantic
tier off when `fault` is set; nothing here does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import orjson

from proxy.backends.artefact import Artefact
from proxy.backends.scorer_onnx import OnnxPairScorer
from proxy.core.embedding import Embedding, Prompt
from proxy.errors import BackendError, ModelMismatch

GOLDEN = "golden.json"
MAX_DIFFERENCE = 0.15
"""In logits. On one processor family it is 0; rounding of int8 products without VNNI moved it by a few hundredths."""

LEAST_PAIRS = 10
"""A golden file with fewer pairs of either kind proves nothing and is refused."""

Encode = Callable[[str], Embedding]


class CheckFault(StrEnum):
    """Why meaning must not be compared on this machine."""

    CPU_MISMATCH = "cpu_mismatch"
    SELF_TEST = "self_test"


@dataclass(frozen=True, slots=True)
class Checked:
    """The result. detail: one sentence for the log and `check`. worst: the largest difference of a logit."""

    fault: CheckFault | None
    detail: str
    worst: float


def golden_bytes(
    scorer: OnnxPairScorer, encode: Encode, pairs: Sequence[tuple[str, str]], different: Sequence[tuple[str, str]]
) -> bytes:
    """The content of `golden.json`: `pairs` with their logits here and now, and pairs that must always miss.

    Called at export. Give texts of our own only; leave out pairs within 0.15 of a shipped threshold, whose verdict may
    honestly flip.
    """
    rows = [[a, b, round(_logit(scorer, encode, a, b), 4)] for a, b in pairs]
    return orjson.dumps({"pairs": rows, "different": list(different)}, option=orjson.OPT_INDENT_2)


def check_scorer(artefact: Artefact, scorer: OnnxPairScorer, encode: Encode) -> Checked:
    """Scores the golden pairs of the scorer's own folder. About half a second: run it in a thread.

    Raises ModelMismatch when the folder has no usable golden pairs. A failing model is a fault, not an exception.
    """
    pairs, different = _golden(artefact)
    thresholds = _thresholds(artefact)
    try:
        found = [(_logit(scorer, encode, a, b), logit) for a, b, logit in pairs]
        served = [(a, b) for a, b in different if _logit(scorer, encode, a, b) >= min(thresholds)]
    except BackendError as exc:
        return Checked(CheckFault.SELF_TEST, f"the models do not answer here: {exc}", math.inf)
    differences = [abs(now - then) if math.isfinite(now) else math.inf for now, then in found]
    flipped = sum(any((now >= t) != (then >= t) for t in thresholds) for now, then in found)
    worst = max(differences)
    if worst > MAX_DIFFERENCE or flipped:
        detail = f"{flipped} of {len(found)} golden verdicts flip on this processor, logits differ by up to {worst:.2f}"
        return Checked(CheckFault.CPU_MISMATCH, detail, worst)
    if served:
        detail = f"{len(served)} of {len(different)} known-different pairs would be served"
        return Checked(CheckFault.SELF_TEST, detail, worst)
    return Checked(None, f"{len(found)} golden pairs agree, logits differ by at most {worst:.3f}", worst)


def _logit(scorer: OnnxPairScorer, encode: Encode, a: str, b: str) -> float:
    return float(scorer.scores(Prompt(a, encode(a)), [Prompt(b, encode(b))])[0])


def _golden(artefact: Artefact) -> tuple[list[tuple[str, str, float]], list[tuple[str, str]]]:
    try:
        content = orjson.loads(artefact.files[GOLDEN])
        pairs = [(str(a), str(b), float(logit)) for a, b, logit in content["pairs"]]
        different = [(str(a), str(b)) for a, b in content["different"]]
    except (KeyError, TypeError, ValueError) as exc:
        raise ModelMismatch(
            f"{artefact.folder}/{GOLDEN}: is missing or cannot be read ({type(exc).__name__})."
        ) from exc
    if min(len(pairs), len(different)) < LEAST_PAIRS or not np.isfinite([logit for _, _, logit in pairs]).all():
        raise ModelMismatch(f"{artefact.folder}/{GOLDEN}: has too few pairs, or logits that are not finite.")
    return pairs, different


def _thresholds(artefact: Artefact) -> list[float]:
    stated = artefact.field("thresholds", dict).values()
    logits = [float(value) for value in stated if isinstance(value, (int, float))]
    if not logits:
        raise ModelMismatch(f"{artefact.folder}: its manifest states no threshold.")
    return logits
