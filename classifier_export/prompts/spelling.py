"""Letter triples that tell English from other languages in Latin script: fits them and writes them as code.

`python -m classifier_export.prompts.spelling --pairs … --translations …` rewrites `proxy/core/words/triples.py`.
Independent of the embedder. Deterministic.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Annotated

import numpy as np
import scipy.optimize
import scipy.sparse
import typer
from numpy.typing import NDArray

from classifier_export.prompts.generate import foreign_prompts, prompts, with_typo
from classifier_export.prompts.sources import Outside, read_outside
from classifier_export.prompts.tasks import named
from classifier_export.prompts.weights import source_of
from proxy.core.languages import triples_of

TARGET = Path(__file__).parents[2] / "proxy" / "core" / "words" / "triples.py"
TRIPLES = 4000
PENALTY = 5e-6
STEP = 0.5

HEAD = '''"""Letter triples with their weight for English (positive) against other Latin-script languages; generated.

Written by `classifier_export.prompts.spelling`; `_` is the edge of a word. Keys are weights in steps of one half.
"""
# ruff: noqa: RUF001 - letters of other languages are meant

from __future__ import annotations

'''


def main(
    pairs: Annotated[Path, typer.Option(help="Labelled pairs, for English as people type it.")],
    translations: Annotated[Path, typer.Option(help="Django's wheel, for thirty-odd other languages.")],
    exclude: Annotated[list[Path] | None, typer.Option(help="Files whose texts are never used.")] = None,
) -> None:
    """Fit a logistic over the commonest triples, round it, write it."""
    english, foreign = corpus(read_outside(pairs, translations, exclude or []))
    triples, weights = fitted(english, foreign)
    TARGET.write_text(HEAD + source_of("TRIPLES", triples, weights, STEP), encoding="utf-8")


def corpus(outside: Outside) -> tuple[list[str], list[str]]:
    """English of every kind, with names and slips; own and interface texts of other languages."""
    rng = random.Random(0)
    english = [one.text for one in prompts("train", per_template=4, seed=5)]
    english += [named(text, rng) for text in english]
    english += [one.text for one in outside.prompts]
    english += rng.sample(outside.questions, min(8000, len(outside.questions)))
    english += [text for language, text in outside.interface if language == "en"]
    english += [with_typo(text, rng) for text in english]
    foreign = [one.text for one in foreign_prompts("train", per_language=300, seed=1)] * 2
    return english, foreign + [text for language, text in outside.interface if language != "en"]


def fitted(english: list[str], foreign: list[str]) -> tuple[list[str], NDArray[np.float64]]:
    """The commonest triples and their weights; the last weight is the offset."""
    counted = [Counter(triples_of(text)) for text in english + foreign]
    seen: Counter[str] = Counter()
    for triples in counted:
        seen.update(triples.keys())
    chosen = [triple for triple, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:TRIPLES]]
    column = {triple: at for at, triple in enumerate(chosen)}
    cells = [
        (row, column[triple], times / max(1, sum(triples.values())) ** 0.5)
        for row, triples in enumerate(counted)
        for triple, times in triples.items()
        if triple in column
    ]
    rows, columns, values = (np.array(one) for one in zip(*cells, strict=True))
    x = scipy.sparse.csr_matrix((values, (rows, columns)), shape=(len(counted), len(chosen)))
    y = np.array([1.0] * len(english) + [0.0] * len(foreign))
    balance = np.where(y == 1, len(foreign) / len(english), 1.0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = x @ weights[:-1] + weights[-1]
        value = (balance * (np.logaddexp(0, margin) - y * margin)).mean() + PENALTY * (weights[:-1] ** 2).sum()
        slope = balance * (1 / (1 + np.exp(-margin)) - y) / len(y)
        return float(value), np.r_[x.T @ slope + 2 * PENALTY * weights[:-1], slope.sum()]

    options = {"maxiter": 400, "gtol": 1e-8, "ftol": 1e-12}
    found = scipy.optimize.minimize(loss, np.zeros(len(chosen) + 1), jac=True, method="L-BFGS-B", options=options)
    return chosen, found.x


if __name__ == "__main__":
    typer.run(main)
