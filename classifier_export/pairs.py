"""Labelled pairs: reading, sources and their licences, weights, and what must be left out of training.

Traps that this file mends (rulings R27, R30, R31): texts shared between train, dev and streams; intent positives that
are not answer-level; high-overlap positives; loose Quora labels.
"""

from __future__ import annotations

import gzip
import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts; label 1: the stored answer of one may be served for the other. weight scales its loss."""

    a: str
    b: str
    label: int
    source: str
    weight: float = 1.0


def read_pairs(path: Path) -> Iterator[Pair]:
    """One JSON object a line, gzipped or not; raises ValueError with the line's number when one is not a pair."""
    for number, row in enumerate(read_lines(path), start=1):
        try:
            yield Pair(str(row["a"]), str(row["b"]), int(str(row["label"])), str(row.get("source", path.stem)))
        except (KeyError, ValueError) as exc:
            raise ValueError(f"{path}:{number}: expected an object with a, b, label and source") from exc


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        for line in file:
            if line.strip():
                yield orjson.loads(line)


def normalised(text: str) -> str:
    """The form in which leaks are looked for: NFKC, lower case, letters and digits only, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split())


def texts_of(pairs: Iterable[Pair]) -> set[str]:
    """All normalised texts, both sides."""
    return {normalised(text) for pair in pairs for text in (pair.a, pair.b)}


def without_texts(pairs: Iterable[Pair], forbidden: set[str]) -> list[Pair]:
    """The pairs of which neither side is among the forbidden normalised texts."""
    return [p for p in pairs if normalised(p.a) not in forbidden and normalised(p.b) not in forbidden]


def half_of(text: str) -> int:
    """0 or 1, by normalised text alone: which half of dev it belongs to, whatever else is in the file.

    0 is for calibration and choices, 1 for reports.
    """
    return hashlib.sha256(normalised(text).encode()).digest()[0] & 1


def digest_of_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
