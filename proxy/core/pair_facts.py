"""One row of symmetric facts about a pair: shape, overlap, what is left over, order, quantities, word groups. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from proxy.core.quantity import Kind, compare
from proxy.core.side import MARK, ROW, Side
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
_NO_QUANTITIES = (0.0,) * (3 + 2 * len(_KINDS))

HEAVY = 7
"""Weight from which a word is content that few texts share."""


def facts_of(a: Side, b: Side, rows_a: bytearray, rows_b: bytearray, counts: Sequence[int]) -> NDArray[np.float32]:
    """float32[len(FACTS)] from both sides' word marks (ROW bytes a word) and the number of each relation."""
    names = _names(a, b)
    facts = [
        *_shape(a, b),
        *_overlap(a, b),
        *_left_over(rows_a, rows_b),
        *_order(a, b, rows_a),
        *[min(count, 4) for count in counts[1:]],
        *_slots(rows_a, rows_b),
        *names[:3],
        *_written(rows_a, rows_b),
        *names[3:],
        *_quantities(a, b),
        *_groups(a, b),
    ]
    return np.array(facts, dtype=np.float32)


def _shape(a: Side, b: Side) -> list[float]:
    cosine = float(a.embedding.vector @ b.embedding.vector)
    short, long = sorted((len(a.words), len(b.words)))
    return [cosine, min(short, 40) / 20, min(long, 40) / 20, short / max(long, 1)]


def _overlap(a: Side, b: Side) -> list[float]:
    shared = a.content.keys() & b.content.keys()
    weight = sum([a.content[lemma] for lemma in shared]) + len(shared)
    smaller, joined = min(len(a.content), len(b.content)), len(a.content) + len(b.content) - len(shared)
    return [
        _jaccard(a.bag, b.bag),
        len(shared) / joined if joined else 1.0,
        weight / (a.content_weight - weight + b.content_weight) if joined else 1.0,
        _jaccard(a.bigrams, b.bigrams),
        _jaccard(a.letters, b.letters),
        len(shared) / smaller if smaller else 0.0,
    ]


def _jaccard(a: AbstractSet[object], b: AbstractSet[object]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if a or b else 1.0


def _rows(rows: bytearray) -> range:
    """Where each word's marks begin."""
    return range(0, len(rows), ROW)


def _left_over(rows_a: bytearray, rows_b: bytearray) -> list[float]:
    """How much of each text the other lacks, and how much of that a known relation explains: smaller, larger."""
    sides = []
    for rows in (rows_a, rows_b):
        left = [row for row in _rows(rows) if not (rows[row + _SAME] or rows[row + _FUNCTION])]
        weights = [rows[row + _WEIGHT] for row in left]
        close = sum([rows[row + _LEMMA] | rows[row + _SYNONYM] | rows[row + _SPELLING] for row in left])
        heavy = sum([weight >= HEAVY for weight in weights])
        sides.append(
            (
                min(len(left), 8) / 4,
                min(heavy, 8) / 4,
                max(weights, default=0) / 15,
                close / max(len(left), 1),
            )
        )
    return [value for pair in zip(*sides, strict=True) for value in sorted(pair)]


def _order(a: Side, b: Side, rows_a: bytearray) -> list[float]:
    strays = rows_a[_MOVED::ROW].count(1)
    negations = a.groups.get(NEGATION, 0) - b.groups.get(NEGATION, 0)
    return [
        min(strays, 6) / 3,
        min(_of_content(rows_a, _MOVED), 6) / 3 if strays else 0.0,
        a.sorted_texts == b.sorted_texts,
        a.sorted_lemmas == b.sorted_lemmas,
        a.first == b.first,
        a.last == b.last,
        min(abs(negations), 2),
        negations % 2,
    ]


def _of_content(rows: bytearray, column: int) -> int:
    """How many content words have a mark."""
    return sum([rows[row + column] and not rows[row + _FUNCTION] for row in _rows(rows)])


def _slots(rows_a: bytearray, rows_b: bytearray) -> list[float]:
    """Places where one word took the place of another between equal neighbours."""
    slots = sum([rows[_SLOT::ROW].count(1) for rows in (rows_a, rows_b)])
    content = _of_content(rows_a, _SLOT) + _of_content(rows_b, _SLOT) if slots else 0
    return [min(slots, 6) / 2, min(content, 6) / 2]


def _written(rows_a: bytearray, rows_b: bytearray) -> list[float]:
    """Equal words in equal and in other places; words that are only written otherwise."""
    same, differs = (rows_a[column::ROW].count(1) for column in (_PLACE_SAME, _PLACE_DIFFERS))
    either = [1 in rows_a[column::ROW] or 1 in rows_b[column::ROW] for column in (_ABBREVIATION, _COMPOUND)]
    return [min(same, 6) / 3, min(differs, 6) / 3, *either]


def _names(a: Side, b: Side) -> list[float]:
    """Capitals inside the sentence: names that only one text holds; spellings that differ by case alone."""
    left = sorted((min(len(a.name_texts - b.bag), 4), min(len(b.name_texts - a.bag), 4)))
    folded = [spelling.lower() for spelling in a.inner_spellings ^ b.inner_spellings]
    case = 0
    if len(set(folded)) < len(folded):
        case = sum([count > 1 for count in Counter(folded).values()])
    shared = min(len(a.name_texts & b.name_texts), 4)
    return [left[0] / 2, left[1] / 2, shared / 2, min(case, 3), a.is_question != b.is_question]


def _quantities(a: Side, b: Side) -> Sequence[float]:
    if not a.quantities and not b.quantities:
        return _NO_QUANTITIES
    found = compare(a.quantities, b.quantities)
    return [
        found.reordered,
        found.unsure,
        min(found.shared, 3),
        *(not found.changed.isdisjoint(kinds) for kinds in _KINDS),
        *(not found.added.isdisjoint(kinds) for kinds in _KINDS),
    ]


def _groups(a: Side, b: Side) -> list[float]:
    """By how many words of each group the texts differ."""
    differing: list[float] = [0] * len(NAMES)
    for group, count in a.groups.items():
        differing[group] = min(abs(count - b.groups.get(group, 0)), 3)
    for group, count in b.groups.items():
        if group not in a.groups:
            differing[group] = min(count, 3)
    return differing
