"""Weights of a linear judge as Python source: what `wording` and `spelling` commit under `proxy/core`."""

from __future__ import annotations

import textwrap

import numpy as np
from numpy.typing import NDArray


def source_of(table: str, features: list[str], weights: NDArray[np.float64], step: float) -> str:
    """The offset (the last of float64[len(features) + 1]), and the features by weight, rounded to whole steps."""
    groups: dict[int, list[str]] = {}
    for feature, weight in zip(features, np.round(weights[:-1] / step).astype(int).tolist(), strict=True):
        if weight:
            groups.setdefault(weight, []).append(feature)
    lines = [f"OFFSET = {weights[-1]:.2f}", f"STEP = {step}", "", f"{table}: dict[int, str] = {{"]
    for weight in sorted(groups):
        lines.append(f'    {weight}: """')
        lines += textwrap.wrap(" ".join(sorted(groups[weight])), 116, break_long_words=False)
        lines.append('""",')
    return "\n".join([*lines, "}", ""])
