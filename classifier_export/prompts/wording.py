"""Words and neighbours that tell payload scopes from scopes of questions: fits them and writes them as code.

`python -m classifier_export.prompts.wording` rewrites `proxy/core/words/wordings.py` from the training texts of the
payload head. Independent of the embedder. Deterministic.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import scipy.optimize
import scipy.sparse
import typer
from numpy.typing import NDArray

from classifier_export.prompts.tasks import Labelled, payload_task
from classifier_export.prompts.weights import source_of
from proxy.core.scope_wording import wordings_of
from proxy.core.words.fold import fold

TARGET = Path(__file__).parents[2] / "proxy" / "core" / "words" / "wordings.py"
SEEN_AT_LEAST = 3
KEPT = 2900
PENALTY = 1.5
STEP = 0.1

HEAD = '''"""Words of system texts, neighbours and kinds, with their weight for payload scopes (positive); generated.

Written by `classifier_export.prompts.wording`; `core.scope_wording` says what they mean. Keys are weights in tenths.
"""

from __future__ import annotations

'''


def main() -> None:
    """Fit a logistic over all wordings, keep those that matter, fit again, round, write."""
    wordings, weights = fitted(payload_task(seed=1))
    TARGET.write_text(HEAD + source_of("WORDINGS", wordings, weights, STEP), encoding="utf-8")


def fitted(task: Labelled) -> tuple[list[str], NDArray[np.float64]]:
    """The wordings that matter and their weights; the last weight is the offset."""
    texts = [wordings_of(fold(text)) for text in task.texts]
    seen = Counter(wording for text in texts for wording in text)
    every = sorted(wording for wording, times in seen.items() if times >= SEEN_AT_LEAST)
    first = _logistic(texts, task, every)
    matter = {wording: abs(weight) * seen[wording] ** 0.5 for wording, weight in zip(every, first[:-1], strict=True)}
    kept = sorted(sorted(every, key=lambda wording: (-matter[wording], wording))[:KEPT])
    return kept, _logistic(texts, task, kept)


def _logistic(texts: list[set[str]], task: Labelled, wordings: list[str]) -> NDArray[np.float64]:
    column = {wording: at for at, wording in enumerate(wordings)}
    cells = [(row, column[one]) for row, text in enumerate(texts) for one in sorted(text) if one in column]
    rows, columns = np.array(cells).T
    x = scipy.sparse.csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(texts), len(wordings)))
    y, weight = task.labels[:, 0].astype(float), task.weights[:, 0].astype(float)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = x @ weights[:-1] + weights[-1]
        value = (weight * (np.logaddexp(0, margin) - y * margin)).sum() + PENALTY * (weights[:-1] ** 2).sum()
        slope = weight * (1 / (1 + np.exp(-margin)) - y)
        return float(value), np.r_[x.T @ slope + 2 * PENALTY * weights[:-1], slope.sum()]

    found = scipy.optimize.minimize(
        loss, np.zeros(len(wordings) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 150}
    )
    return np.asarray(found.x)


if __name__ == "__main__":
    typer.run(main)
