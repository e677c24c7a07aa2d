"""The scorer's card: Markdown from the figures, and the curves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier_export.data import PairArrays

HEAD = """# Pair scorer

Says how strongly the stored answer of one prompt may serve another. Small interaction transformers (one, or several
whose logits are averaged) over frozen token vectors of MiniLM, marks on aligned words (WordNet relations, quantities,
roles) and facts about the pair. Figures are of the development half that took no part in calibration; no text of it is
in training (checked, normalised, both sides). The test split is read by `gate` only. Thresholds were found for the
scorer alone, without guards.

False-accept rate: accepted label-0 pairs of label-0 pairs. In brackets the exact 95 % interval. Cosine FAR: what
cosine lets through at the balanced threshold's recall.
"""


def card_text(card: Mapping[str, Any]) -> str:
    """The Markdown card."""
    calibration = card["calibration"]
    lines = [
        HEAD,
        "## Thresholds",
        "",
        "| max_false_hit_rate | logit | served | wrong | upper 95 % bound |",
        "|---|---|---|---|---|",
    ]
    for rate, logit in calibration["thresholds"].items():
        found = calibration["thresholds_found"][rate]
        lines.append(
            f"| {rate} | {logit:.3f} | {found['served']} | {found['wrong']} | {100 * found['upper_bound']:.2f} % |"
        )
    lines += [
        "",
        f"Expected calibration error {calibration['expected_calibration_error']:.3f},"
        f" n {calibration['calibration_pairs']}.",
        "",
    ]
    lines += [
        "## Pairs",
        "",
        "| set | n0 / n1 | AUC (cosine) | strict FAR | strict recall | balanced FAR | balanced recall | cosine FAR |",
    ]
    lines.append("|---|---|---|---|---|---|---|---|")
    lines += [_row(name, row) for name, row in card["tables"].items()]
    lines += [
        "",
        "## Request streams",
        "",
        "By label: a hit is right if the classes agree. Corrected: as readers judged the served pair (`verdicts.py`).",
        "Both are the scorer alone; guarded: corrected, with the guards.",
        "",
        "| stream | n | exact only | | hit rate at error .5 / 1 / 2 % | cosine | at balanced: hits, wrong by meaning |",
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for name, row in card["streams"].items():
        for how in ("by_label", "corrected", "guarded"):
            found = row[how]
            ours, cosine = (" / ".join(f"{100 * x:.1f}" for x in found[key]) for key in ("hit_rate", "cosine_hit_rate"))
            at = found["at_balanced"]
            lines.append(
                f"| {name} | {row['requests']} | {100 * row['exact_only']:.1f} | {how.replace('_', ' ')} | {ours} "
                f"| {cosine} | {100 * at['hit_rate']:.1f} %, {_rate(at['false_hits'])} |"
            )
    return "\n".join(lines) + "\n"


def draw_curves(
    path: Path, arrays: PairArrays, ours: NDArray[np.float32], cosine: NDArray[np.float32], facts: Mapping[str, Any]
) -> None:
    """Precision against recall beside cosine, and the reliability diagram."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 4))
    for name, scores in (("scorer", ours), ("cosine", cosine)):
        order = np.argsort(-scores, kind="stable")
        hits = np.cumsum(arrays.labels[order])
        left.plot(hits / hits[-1], hits / np.arange(1, len(hits) + 1), label=name)
    left.set(xlabel="recall", ylabel="precision", title="own development pairs")
    left.legend()
    points = np.array(facts["calibration"])
    odds = np.interp(ours, points[:, 0], points[:, 1])
    for part in np.array_split(np.argsort(odds, kind="stable"), 15):
        right.plot(odds[part].mean(), arrays.labels[part].mean(), "o", color="tab:blue")
    right.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    right.set(xlabel="stated probability", ylabel="found frequency", title="reliability")
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def _row(name: str, row: Mapping[str, Any]) -> str:
    low, high = row.get("auc_interval", (float("nan"),) * 2)
    area = f"{row['auc']:.3f} [{low:.3f}, {high:.3f}] ({row['cosine_auc']:.3f})" if "auc" in row else "-"
    keys = (
        "strict_false_accepts",
        "strict_recall",
        "balanced_false_accepts",
        "balanced_recall",
        "cosine_false_accepts",
    )
    return f"| {name} | {row['n0']} / {row['n1']} | {area} | " + " | ".join(_rate(row.get(key)) for key in keys) + " |"


def _rate(rate: Mapping[str, float] | None) -> str:
    if not rate or not rate["n"]:
        return "-"
    return f"{100 * rate['value']:.1f} % [{100 * rate['low']:.1f}, {100 * rate['high']:.1f}]"
