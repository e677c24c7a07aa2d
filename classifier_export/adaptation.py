"""What MiniLM's last two layers learned beside the scorer: low-rank additions to their products, and their norms.

`adapted.py` learns it; the embedder's build adds it to the published weights. Kept as factors: 900 KB for 14 MB.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier_export.minilm import LAYERS, NAMES, Weights

ADAPTED = range(LAYERS - 2, LAYERS)
PRODUCTS = tuple(name for name in NAMES if "norm" not in name)
NORMS = tuple(name for name in NAMES if "norm" in name)

Adaptation = dict[str, NDArray[np.float16]]
"""Published name of a weight → its factors `NAME.down` [r, inputs] and `NAME.up` [outputs, r], or the norm itself."""


def places() -> Iterator[tuple[str, int, str]]:
    """(published name, layer, our name) of all that is learned."""
    for number in ADAPTED:
        for name, published in NAMES.items():
            yield f"encoder.layer.{number}.{published}", number, name


def blended(parts: list[tuple[float, Adaptation]]) -> Adaptation:
    """The weighted sum of several: factors stand beside each other, norms are averaged. Weights sum to 1 or less."""
    found: Adaptation = {}
    for name in parts[0][1]:
        each = [(share, part[name].astype(np.float32)) for share, part in parts]
        if name.endswith(".down"):
            joined = np.concatenate([value for _, value in each])
        elif name.endswith(".up"):
            joined = np.concatenate([share * value for share, value in each], axis=1)
        else:
            joined = np.sum([share * value for share, value in each], axis=0)
        found[name] = joined.astype(np.float16)
    return found


def write_adaptation(path: Path, adaptation: Adaptation) -> None:
    np.savez_compressed(path, allow_pickle=False, **adaptation)


def read_adaptation(path: Path) -> Adaptation:
    """The inverse of `write_adaptation`."""
    with np.load(path, allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def with_adaptation(weights: Weights, path: Path) -> dict[str, NDArray[np.float32]]:
    """The published weights with what `path` adds to the last layers."""
    changed, kept = dict(weights), read_adaptation(path)
    for at, _, name in places():
        if name in NORMS:
            changed |= {f"{at}.{kind}": kept[f"{at}.{kind}"].astype(np.float32) for kind in ("weight", "bias")}
        else:
            down, up = (kept[f"{at}.{kind}"].astype(np.float32) for kind in ("down", "up"))
            changed[f"{at}.weight"] = weights[f"{at}.weight"] + up @ down
    return changed
