"""What projections of token vectors are trained on: labelled pairs, and the layers of their tokens in the int8 graph.

Training on the float model's layers would teach a projection what serving never sees.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm

MAX_TOKENS = 126
"""Longer texts teach a projection nothing that shorter ones do not, and cost quadratically."""

MAX_CHARS = 300


@dataclass(frozen=True, slots=True)
class Pair:
    """label: 1 when one text's answer may be served for the other. source: where it came from."""

    a: str
    b: str
    label: int
    source: str


def normal(text: str) -> str:
    """The form in which texts of two splits are compared."""
    return " ".join(text.lower().split())


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """The objects of a .jsonl or .jsonl.gz file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def texts_of(paths: Iterable[Path]) -> set[str]:
    """Every text of evaluation files (pairs or requests), normalised: none may be trained on."""
    keys = ("a", "b", "prompt")
    return {normal(row[key]) for path in paths for row in read_lines(path) for key in keys if key in row}


INTENTS = ("banking77", "clinc150", "bitext_cs")
CAPS = dict.fromkeys(INTENTS, (1500, 400)) | {
    "mrpc": (0, 0),
    "sick": (0, 0),
    "rqe": (1000, 1000),
    "protaugment": (0, 2500),
}
"""Pairs (label 0, label 1) taken of a source. An intent's positives share a topic, not an answer; mrpc's and sick's
differ in details; protaugment's teach "overlap means equal"."""

USUAL_CAP = (2500, 2500)
OWN_CAP = (60, 60)
"""Of each family of our own generator; there are about 150."""


def read_pairs(paths: Iterable[Path], excluded: set[str], *, seed: int) -> list[Pair]:
    """Shuffled pairs without any text of `excluded`, each source cut to its cap, so that none decides alone."""
    pairs = [Pair(r["a"], r["b"], int(r["label"]), r["source"]) for path in paths for r in read_lines(path)]
    Random(seed).shuffle(pairs)
    counts: Counter[tuple[str, int]] = Counter()
    kept = []
    for pair in pairs:
        if max(len(pair.a), len(pair.b)) > MAX_CHARS or normal(pair.a) in excluded or normal(pair.b) in excluded:
            continue
        key = (family(pair.source), pair.label)
        counts[key] += 1
        if counts[key] <= cap_of(key[0])[pair.label]:
            kept.append(pair)
    return kept


def cap_of(name: str) -> tuple[int, int]:
    """Pairs of label 0 and label 1 that are taken of a family."""
    return OWN_CAP if name.startswith("own:") else CAPS.get(name, USUAL_CAP)


def family(source: str) -> str:
    """`synth:antonym:base=rqe` → `synth:antonym`, `own:number/bank.fee` → `own:number`, `banking77:x` → `banking77`."""
    head, *rest = source.split(":")
    return f"{head}:{rest[0].partition('/')[0]}" if head in ("synth", "own") and rest else head


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """All tokens of many texts, end to end.

    starts: int64[texts + 1]. ids: int64[tokens]. layers: float16[tokens, 384] each. vectors: float32[texts, 384].
    """

    starts: NDArray[np.int64]
    ids: NDArray[np.int64]
    layers: list[NDArray[np.float16]]
    vectors: NDArray[np.float32]


def collect(session: ort.InferenceSession, tokenizer: Tokenizer, texts: Sequence[str], layers: Sequence[int]) -> Tokens:
    """Runs each text once, alone, as serving does; [CLS] and [SEP] are left out. About 1,000 texts a second."""
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    encoded = [e.ids[:MAX_TOKENS] for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    starts = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    states = [np.empty((starts[-1], 384), np.float16) for _ in layers]
    vectors = np.empty((len(texts), 384), np.float32)
    names = ["vector", *(f"layer_{i}" for i in layers)]
    for i, ids in enumerate(tqdm(encoded, unit="text", desc="layers")):
        vectors[i], *found = session.run(names, {"input_ids": np.array([[first, *ids, last]], np.int64)})
        for state, rows in zip(states, found, strict=True):
            state[starts[i] : starts[i + 1]] = rows[0, 1:-1]
    ids = np.array([i for ids in encoded for i in ids], np.int64)
    return Tokens(starts, ids, states, vectors)
