"""Packs WordNet 3.0, the embedder's word pieces and word weights into the lexicon artefact of the scorer.

WordNet's files are read from Debian's `wordnet-base`; see NOTICE for its licence. Word weights are counts over
training texts, kept as 16 steps for words that WordNet or the vocabulary knows; no text enters the artefact.
"""

from __future__ import annotations

import io
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from proxy.core.lexicon import RARE, WIDE_PARENT

WORDNET = Path("/usr/share/wordnet")
PARTS = ("noun", "verb", "adj", "adv")
SENSES_KEPT = {"noun": 4, "verb": 4, "adj": 4, "adv": 2}
"""Rare senses relate words that nobody relates."""

PARENT_POINTERS = ("@", "@i", "&", "\\")


@dataclass(slots=True)
class _WordNet:
    """Synsets are numbered over all parts of speech; a word's senses are in WordNet's order of frequency."""

    number: dict[tuple[str, int], int] = field(default_factory=dict)
    parent: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[str]] = field(default_factory=dict)
    antonyms: set[tuple[str, str]] = field(default_factory=set)
    antonym_heads: set[tuple[int, int]] = field(default_factory=set)
    senses: dict[str, list[int]] = field(default_factory=dict)


def build(tokenizer_json: bytes, texts: Iterable[str], wordnet: Path = WORDNET) -> bytes:
    """The artefact's bytes; deterministic."""
    pieces = _pieces(tokenizer_json)
    net = _read(wordnet)
    counts, total = _counts(texts)
    whole = {piece for piece in pieces if piece.isalnum() and not piece.startswith("##") and counts.get(piece, 0) > 0}
    words = sorted(set(net.senses) | whole)
    number = {word: i for i, word in enumerate(words)}
    senses = [net.senses.get(word, []) for word in words]
    parent = np.full(len(net.number), -1, np.int32)
    children = Counter(net.parent.values())
    for child, above in net.parent.items():
        parent[child] = above if children[above] <= WIDE_PARENT else -1
    antonyms = sorted((number[a], number[b]) for a, b in net.antonyms if a in number and b in number and a < b)
    exceptions = [line for part in PARTS for line in _exceptions(wordnet / f"{part}.exc")]
    arrays = {
        "pieces": _bytes(pieces),
        "words": _bytes(words),
        "weight": np.array([_weight(counts.get(word, 0), total) for word in words], np.uint8),
        "sense_count": np.array([len(found) for found in senses], np.uint8),
        "senses": np.array([sense for found in senses for sense in found], np.int32),
        "parent": parent,
        "antonyms": np.array(antonyms, np.int32).reshape(-1, 2),
        "antonym_heads": np.array(sorted(p for p in net.antonym_heads if p[0] < p[1]), np.int32).reshape(-1, 2),
        "exceptions": _bytes(dict.fromkeys(exceptions)),
    }
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def _pieces(tokenizer_json: bytes) -> list[str]:
    vocabulary: Mapping[str, int] = json.loads(tokenizer_json)["model"]["vocab"]
    pieces = [""] * (max(vocabulary.values()) + 1)
    for piece, index in vocabulary.items():
        pieces[index] = piece
    return pieces


def _read(wordnet: Path) -> _WordNet:
    net = _WordNet()
    rows = [(part, line.split(" | ")[0].split()) for part in PARTS for line in _data_lines(wordnet / f"data.{part}")]
    for part, row in rows:
        net.number[part, int(row[0])] = len(net.number)
    for part, row in rows:
        _read_synset(net, part, row)
    for part in PARTS:
        for line in _data_lines(wordnet / f"index.{part}"):
            row = line.split()
            if row[0].isalnum() and row[0].isascii():
                offsets = row[-int(row[2]) :][: SENSES_KEPT[part]]
                net.senses.setdefault(row[0], []).extend(net.number[part, int(offset)] for offset in offsets)
    return net


def _read_synset(net: _WordNet, part: str, row: list[str]) -> None:
    """One line of data.*: offset, file, type, word count (hex), words, pointer count, pointers."""
    synset = net.number[part, int(row[0])]
    count = int(row[3], 16)
    words = [row[4 + 2 * i].split("(")[0].lower() for i in range(count)]
    net.members[synset] = words
    at = 4 + 2 * count
    for i in range(int(row[at])):
        symbol, offset, target_part, ends = row[at + 1 + 4 * i : at + 5 + 4 * i]
        target = net.number[{"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}[target_part], int(offset)]
        if symbol in PARENT_POINTERS and (symbol != "&" or row[2] == "s"):
            net.parent.setdefault(synset, target)
        elif symbol == "!":
            net.antonym_heads.add((synset, target))
            if target in net.members:
                mine, theirs = words[int(ends[:2], 16) - 1], net.members[target][int(ends[2:], 16) - 1]
                net.antonyms.add((min(mine, theirs), max(mine, theirs)))


def _data_lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if not line.startswith("  ")]


def _exceptions(path: Path) -> list[str]:
    lines = [line.split()[:2] for line in path.read_text().splitlines()]
    return [f"{form} {lemma}" for form, lemma in lines if form.isalnum() and lemma.isalnum()]


def _counts(texts: Iterable[str]) -> tuple[dict[str, int], int]:
    """In how many texts a word occurs."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        counts.update(set("".join(c if c.isalnum() else " " for c in text.lower()).split()))
        total += 1
    return counts, total


def _weight(count: int, total: int) -> int:
    """16 steps of log inverse frequency, from "in every third text" (0) to "in fewer than three" (15)."""
    if count < 3:
        return RARE
    return min(RARE, max(0, round(1.4 * math.log(total / count / 3))))


def _bytes(lines: Iterable[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)
