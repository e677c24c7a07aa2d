"""`python -m classifier_export calibrate`: honest probabilities and the map from allowed false-hit rate to logit.

The reference mix is what the promise is about (R28): own near-misses and their paraphrases of the development split,
and the supplied development pairs of one half by text. Quora pairs take part in the probabilities only: their labels
are so loose at the top that no threshold holds 1 % on them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from proxy.core.risk import Held, expected_calibration_error, threshold_for

RATES = (0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.10)
KNOTS = 24
CONFIDENCE = 0.95
LEAST_LOGIT = 0.0
"""No rate, however loose, serves below it: opposites that the scorer itself calls unlikely must never be hits."""


def knots_of(logits: NDArray[np.float32], labels: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Isotonic regression thinned to a rising piecewise-linear table [(logit, probability), …]."""
    from sklearn.isotonic import IsotonicRegression

    order = np.argsort(logits, kind="stable")
    x, y = logits[order].astype(np.float64), labels[order].astype(np.float64)
    parts = [part for part in np.array_split(np.arange(len(x)), KNOTS) if len(part)]
    centres = np.array([x[part].mean() for part in parts])
    shares = np.array([(y[part].sum() + 0.5) / (len(part) + 1) for part in parts])
    sizes = np.array([len(part) for part in parts])
    rising = IsotonicRegression(out_of_bounds="clip").fit_transform(centres, shares, sample_weight=sizes)
    rising = np.maximum.accumulate(rising + np.arange(len(rising)) * 1e-6)
    keep = np.flatnonzero(np.diff(centres, prepend=-np.inf) > 1e-4)
    return [(round(float(centres[i]), 5), round(float(min(rising[i], 1.0)), 6)) for i in keep]


def thresholds_of(logits: NDArray[np.float32], labels: NDArray[np.float32]) -> dict[str, Held]:
    """Allowed rate → the threshold that held it, with counts; rates that nothing holds are left out."""
    found = {str(rate): threshold_for(logits, labels, rate, CONFIDENCE) for rate in RATES}
    return {rate: held for rate, held in found.items() if held is not None}


def calibration_facts(
    logits: NDArray[np.float32], labels: NDArray[np.float32], is_reference: NDArray[np.bool_]
) -> dict[str, object]:
    """What the manifest says: table, thresholds and how they were found. is_reference: pairs that set thresholds."""
    knots = knots_of(logits, labels)
    held = thresholds_of(logits[is_reference], labels[is_reference])
    points = np.array(knots)
    probabilities = np.interp(logits, points[:, 0], points[:, 1])
    return {
        "calibration": [list(knot) for knot in knots],
        "thresholds": {rate: round(max(h.logit, LEAST_LOGIT), 5) for rate, h in held.items()},
        "thresholds_found": {
            rate: {"served": h.served, "wrong": h.wrong, "upper_bound": round(h.upper, 5)} for rate, h in held.items()
        },
        "calibration_pairs": len(logits),
        "reference_pairs": int(is_reference.sum()),
        "expected_calibration_error": round(expected_calibration_error(probabilities.tolist(), labels.tolist()), 5),
    }


def main(
    run: Annotated[Path, typer.Option(help="Run folder with logits.npz (`evaluate` writes it).")],
) -> None:
    """Prints and writes `calibration.json` of a run."""
    with np.load(run / "logits.npz") as file:
        facts = calibration_facts(file["logits"], file["labels"], file["is_reference"])
    (run / "calibration.json").write_text(json.dumps(facts, indent=1))
    print(
        json.dumps(
            {name: facts[name] for name in ("thresholds", "thresholds_found", "expected_calibration_error")}, indent=1
        )
    )
