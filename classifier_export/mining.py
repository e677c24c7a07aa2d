"""Near neighbours as training pairs: what a cache would really compare (R27).

A labelled pair set says little about the candidates that a search brings back. From texts with a known class (an
intent, a cluster of duplicates) the nearest ones of another class become label-0 pairs and nearest ones of the same
class label-1 pairs. Clusters are incomplete, so a mined label 0 between Quora texts is only likely.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import orjson
import typer
from numpy.typing import NDArray

from classifier_export.corpus import INTENTS, Recipe, held_out_texts, supplied_pairs
from classifier_export.embeddings import Table, fill, load
from classifier_export.pairs import Pair, without_texts
from proxy.backends.embedder_onnx import BUNDLED, load_embedder

BLOCK = 1024


QUERIES = {"banking77": 2_000, "clinc150": 5_000, "bitext_cs": 800, "qqp": 9_000}
PER_QUERY = {"banking77": 4, "clinc150": 4, "bitext_cs": 4, "qqp": 3}


def main(
    data: Annotated[Path, typer.Option(help="Folder with train_pairs, dev_pairs and the streams.")],
    out: Annotated[Path, typer.Option(help="File to write, JSONL gzip; stays outside the project.")],
    embedder: Annotated[Path, typer.Option()] = BUNDLED,
    cache: Annotated[Path, typer.Option()] = Path("runs/cache"),
) -> None:
    """Mines pairs from the supplied texts that training takes, without any text of dev or streams."""
    pairs = without_texts(supplied_pairs(data, Recipe()), held_out_texts(data))
    table = load(fill({text for pair in pairs for text in (pair.a, pair.b)}, cache, load_embedder(embedder)))
    rng = np.random.default_rng(0)
    found: list[Pair] = []
    for corpus, queries in QUERIES.items():
        classes = {text: name for text, name in _classes(pairs, corpus).items() if table.find(text) >= 0}
        vectors, per_query = _vectors(classes, table), PER_QUERY[corpus]
        found += mined_pairs(classes, vectors, queries=queries, per_query=per_query, source=f"{corpus}:near", rng=rng)
    with gzip.open(out, "wb") as file:
        for pair in found:
            file.write(orjson.dumps({"a": pair.a, "b": pair.b, "label": pair.label, "source": pair.source}) + b"\n")
    print(f"{out}: {len(found)} pairs, {sum(pair.label for pair in found)} of label 1")


def _classes(pairs: Sequence[Pair], corpus: str) -> dict[str, str]:
    if corpus in INTENTS:
        return intent_classes(pairs, [corpus])
    return duplicate_classes(pair for pair in pairs if pair.source.startswith((corpus, "protaugment:quora")))


def _vectors(classes: Mapping[str, str], table: Table) -> NDArray[np.float32]:
    vectors = table.sentence[[table.find(text) for text in classes]].astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def intent_classes(pairs: Iterable[Pair], sources: Sequence[str]) -> dict[str, str]:
    """text → intent, read from the sources' names (`banking77:pending_transfer|top_up_failed`)."""
    found: dict[str, str] = {}
    for pair in pairs:
        corpus, _, intents = pair.source.partition(":")
        if corpus in sources and intents:
            first, _, second = intents.partition("|")
            found[pair.a] = f"{corpus}:{first}"
            found[pair.b] = f"{corpus}:{second or first}"
    return found


def duplicate_classes(pairs: Iterable[Pair]) -> dict[str, str]:
    """text → a representative of all texts it is linked to by label-1 pairs; texts without a link stand alone."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        parent.setdefault(text, text)
        while parent[text] != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    for pair in pairs:
        a, b = root(pair.a), root(pair.b)
        if pair.label:
            parent[a] = b
    return {text: root(text) for text in parent}


def mined_pairs(
    classes: Mapping[str, str],
    vectors: NDArray[np.float32],
    *,
    queries: int,
    per_query: int,
    source: str,
    rng: np.random.Generator,
    least: float = 0.6,
) -> list[Pair]:
    """For each sampled text its nearest neighbours of another class, and as many of its own class, where there are any.

    vectors: float32[n, 384] in the order of `classes`. least: cosine below which no search would bring a pair back.
    """
    texts, names = list(classes), np.unique(list(classes.values()), return_inverse=True)[1]
    chosen = rng.permutation(len(texts))[:queries]
    found: dict[tuple[int, int], Pair] = {}
    for block in (chosen[i : i + BLOCK] for i in range(0, len(chosen), BLOCK)):
        near = vectors[block] @ vectors.T  # [b, n]
        near[np.arange(len(block)), block] = -1
        is_same = names[block][:, None] == names[None, :]
        for wanted in (False, True):
            ranked = np.where(is_same == wanted, near, -1)
            best = np.argpartition(-ranked, per_query, axis=1)[:, :per_query]
            for row, i in enumerate(block):
                for j in best[row]:
                    if ranked[row, j] >= least:
                        key = (min(i, j), max(i, j))
                        found.setdefault(key, Pair(texts[i], texts[j], int(wanted), source))
    return list(found.values())
