"""One row of symmetric facts about a pair: shape, overlap, what is left over, order, quantities, word groups. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from proxy.core.lexicon import Relation
from proxy.core.quantity import Kind, compare
from proxy.core.side import MARK, Side
from proxy.core.word_groups import NAMES, NEGATION

_KINDS = (
    (Kind.NUMBER, Kind.ORDINAL), (Kind.PERCENT,), (Kind.MONEY,), (Kind.MEASURE,), (Kind.IDENT, Kind.VERSION),
    (Kind.DATE, Kind.TIME, Kind.WEEKDAY, Kind.MONTH, Kind.QUARTER),
)  # fmt: skip
FACTS = (
    "cosine", "tokens_min", "tokens_max", "length_ratio", "word_jaccard", "content_jaccard", "weighted_jaccard",
    "bigram_jaccard", "letter_jaccard", "contained", "left_min", "left_max", "heavy_left_min", "heavy_left_max",
    "heaviest_min", "heaviest_max", "explained_min", "explained_max", "moved", "moved_content", "same_bag",
    "same_content_bag", "same_first", "same_last", "negations_differ", "negation_parity", "relation_lemma",
    "relation_synonym", "relation_antonym", "relation_negated", "relation_spelling", "relation_hypernym",
    "relation_sister", "relation_cousin", "slots", "slots_content", "names_left_min", "names_left_max", "names_same",
    "place_same", "place_differs", "abbreviations", "compounds",
    "case_differs", "question_marks_differ", "quantities_reordered", "quantities_unsure", "quantities_shared",
    *(f"changed_{kinds[0]}" for kinds in _KINDS), *(f"added_{kinds[0]}" for kinds in _KINDS),
    *(f"group_{name}" for name in NAMES),
)  # fmt: skip
FACT = {name: i for i, name in enumerate(FACTS)}

_SAME, _MOVED, _SLOT, _FUNCTION, _WEIGHT = (MARK[n] for n in ("same", "moved", "slot", "function", "weight"))
_LEMMA, _SYNONYM, _SPELLING = (MARK[name] for name in ("lemma", "synonym", "spelling"))
_PLACE_SAME, _PLACE_DIFFERS = MARK["place_same"], MARK["place_differs"]
_ABBREVIATION, _COMPOUND = MARK["abbreviation"], MARK["compound"]
_N_SHAPE = FACTS.index("relation_lemma")

HEAVY = 7
"""Weight from which a word is content that few texts share."""


def facts_of(
    a: Side, b: Side, marks_a: NDArray[np.uint8], marks_b: NDArray[np.uint8], counts: Sequence[int]
) -> NDArray[np.float32]:
    """float32[len(FACTS)] from both sides' word marks (uint8[words, len(MARKS)]) and the number of each relation."""
    facts = np.zeros(len(FACTS), dtype=np.float32)
    facts[:_N_SHAPE] = [*_shape(a, b), *_overlap(a, b), *_left_over(marks_a, marks_b), *_order(a, b, marks_a, marks_b)]
    at = _N_SHAPE
    facts[at : at + len(Relation) - 1] = [min(count, 4) for count in counts[1:]]
    at += len(Relation) - 1
    names, written = _names(a, b), _written(marks_a, marks_b)
    tail = [*_slots(marks_a, marks_b), *names[:3], *written, *names[3:], *_quantities(a, b)]
    facts[at : at + len(tail)] = tail
    facts[-len(NAMES) :] = [
        min(abs(a.groups[group] - b.groups[group]), 3) if group in a.groups or group in b.groups else 0
        for group in range(len(NAMES))
    ]
    return facts


def _shape(a: Side, b: Side) -> list[float]:
    cosine = float(a.embedding.vector @ b.embedding.vector)
    short, long = sorted((len(a.words), len(b.words)))
    return [cosine, min(short, 40) / 20, min(long, 40) / 20, short / max(long, 1)]


def _overlap(a: Side, b: Side) -> list[float]:
    bag_a, bag_b = {w.text for w in a.words}, {w.text for w in b.words}
    content_a = {w.lemma: w.weight for w in a.words if not w.is_function}
    content_b = {w.lemma: w.weight for w in b.words if not w.is_function}
    shared = content_a.keys() & content_b.keys()
    joined = content_a | content_b
    smaller = min(len(content_a), len(content_b))
    return [
        _jaccard(bag_a, bag_b),
        len(shared) / len(joined) if joined else 1.0,
        sum(content_a[w] + 1 for w in shared) / sum(v + 1 for v in joined.values()) if joined else 1.0,
        _jaccard(_bigrams(a), _bigrams(b)),
        _jaccard(a.letters, b.letters),
        len(shared) / smaller if smaller else 0.0,
    ]


def _jaccard(a: AbstractSet[object], b: AbstractSet[object]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def _bigrams(side: Side) -> set[tuple[str, str]]:
    return {(one.text, two.text) for one, two in pairwise(side.words)}


def _left_over(marks_a: NDArray[np.uint8], marks_b: NDArray[np.uint8]) -> list[float]:
    """How much of each text the other lacks, and how much of that a known relation explains: smaller, larger."""
    sides = []
    for marks in (marks_a, marks_b):
        content = (marks[:, _SAME] == 0) & (marks[:, _FUNCTION] == 0)
        weights = marks[:, _WEIGHT] * content
        heavy = weights >= HEAVY
        close = marks[:, _LEMMA] | marks[:, _SYNONYM] | marks[:, _SPELLING]
        sides.append(
            (
                min(float(content.sum()), 8.0) / 4,
                min(float(heavy.sum()), 8.0) / 4,
                float(weights.max()) / 15,
                float((close * content).sum()) / max(float(content.sum()), 1.0),
            )
        )
    return [value for pair in zip(*sides, strict=True) for value in sorted(pair)]


def _order(a: Side, b: Side, marks_a: NDArray[np.uint8], marks_b: NDArray[np.uint8]) -> list[float]:
    strays = int(marks_a[:, _MOVED].sum())
    moved_content = int((marks_a[:, _MOVED] & (1 - marks_a[:, _FUNCTION])).sum())
    content = [sorted(w.lemma for w in side.words if not w.is_function) for side in (a, b)]
    negations = a.groups[NEGATION] - b.groups[NEGATION]
    return [
        min(strays, 6) / 3,
        min(moved_content, 6) / 3,
        float(sorted(w.text for w in a.words) == sorted(w.text for w in b.words)),
        float(content[0] == content[1]),
        float(_at(a, 0) == _at(b, 0)),
        float(_at(a, -1) == _at(b, -1)),
        float(min(abs(negations), 2)),
        float(negations % 2),
    ]


def _at(side: Side, index: int) -> str:
    """The first or last word that is no punctuation."""
    words = [word.text for word in side.words if word.text.isalnum()]
    return words[index] if words else ""


def _slots(marks_a: NDArray[np.uint8], marks_b: NDArray[np.uint8]) -> list[float]:
    """Places where one word took the place of another between equal neighbours."""
    slots = [marks[:, _SLOT].sum() for marks in (marks_a, marks_b)]
    content = [(marks[:, _SLOT] & (1 - marks[:, _FUNCTION])).sum() for marks in (marks_a, marks_b)]
    return [min(float(sum(slots)), 6) / 2, min(float(sum(content)), 6) / 2]


def _written(marks_a: NDArray[np.uint8], marks_b: NDArray[np.uint8]) -> list[float]:
    """Equal words in equal and in other places; words that are only written otherwise."""
    counts = [float(marks_a[:, column].sum()) for column in (_PLACE_SAME, _PLACE_DIFFERS)]
    either = [float((marks_a[:, c].any()) | (marks_b[:, c].any())) for c in (_ABBREVIATION, _COMPOUND)]
    return [min(counts[0], 6) / 3, min(counts[1], 6) / 3, *either]


def _names(a: Side, b: Side) -> list[float]:
    """Capitals inside the sentence: names that only one text holds; spellings that differ by case alone."""
    names_a, names_b = ({side.words[i].text for i in side.names} for side in (a, b))
    words_a, words_b = ({word.text for word in side.words} for side in (a, b))
    left = sorted((min(len(names_a - words_b), 4), min(len(names_b - words_a), 4)))
    differing = a.inner_spellings ^ b.inner_spellings
    folded = Counter(spelling.lower() for spelling in differing)
    case = sum(1 for count in folded.values() if count > 1)
    questions = a.text.rstrip().endswith("?") != b.text.rstrip().endswith("?")
    return [left[0] / 2, left[1] / 2, min(len(names_a & names_b), 4) / 2, min(case, 3), float(questions)]


def _quantities(a: Side, b: Side) -> list[float]:
    if not a.quantities and not b.quantities:
        return [0.0] * (3 + 2 * len(_KINDS))
    found = compare(a.quantities, b.quantities)
    return [
        float(found.reordered),
        float(found.unsure),
        min(found.shared, 3),
        *(float(not found.changed.isdisjoint(kinds)) for kinds in _KINDS),
        *(float(not found.added.isdisjoint(kinds)) for kinds in _KINDS),
    ]
