"""THE one definition of what the scorer sees of a pair, shared by training and serving.

Three things per pair: the token vectors of both texts, marks on each token (is this word in the other text? what does
it stand to there?), and one row of symmetric facts about the pair. Everything is the same for (a, b) and (b, a).
Pure; it never says whether a pair is equivalent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxy.core.alignment import DIRECTED, abbreviations, compounds, matched, moved
from proxy.core.lexicon import Lexicon, Relation, Word
from proxy.core.pair_facts import FACT, FACTS, facts_of
from proxy.core.side import MARK, MARKS, Side, rank, side_of
from proxy.core.word_groups import GROUP_OF, NEGATION

FEATURES_VERSION = "2"
"""Raised with every change of what comes out; part of the digest that a scorer is checked against."""

_RELATION_MARK = {
    Relation.LEMMA: MARK["lemma"],
    Relation.SYNONYM: MARK["synonym"],
    Relation.ANTONYM: MARK["antonym"],
    Relation.NEGATED: MARK["negated"],
    Relation.SPELLING: MARK["spelling"],
    Relation.HYPERNYM: MARK["hypernym"],
    Relation.SISTER: MARK["sister"],
    Relation.COUSIN: MARK["cousin"],
}

_SAME, _MOVED, _LEFT, _RIGHT, _SLOT = (MARK[n] for n in ("same", "moved", "left_same", "right_same", "slot"))
_LEMMA, _SYNONYM, _SPELLING = (MARK[name] for name in ("lemma", "synonym", "spelling"))
_FUNCTION, _NEGATION, _GROUPED, _GROUP_MISSING = (MARK[n] for n in ("function", "negation", "grouped", "group_missing"))
_DIGIT, _QUANTITY_EQUAL, _QUANTITY_DIFFERS = (MARK[name] for name in ("digit", "quantity_equal", "quantity_differs"))
_PLACE_SAME, _PLACE_DIFFERS = MARK["place_same"], MARK["place_differs"]
_ABBREVIATION, _COMPOUND = MARK["abbreviation"], MARK["compound"]
_CAPITAL, _CONTINUES, _WEIGHT = (MARK[name] for name in ("capital", "continues", "weight"))
DIGEST = hashlib.sha256(" ".join((FEATURES_VERSION, *MARKS, "/", *FACTS)).encode()).hexdigest()
"""What a scorer was trained on; it is refused beside any other definition."""

MAX_LEFT = 12
"""Unmatched content words looked at per text: the product of both is what costs."""


@dataclass(frozen=True, slots=True, eq=False)
class PairFeatures:
    """marks_a: uint8[n_a, len(MARKS)], marks_b: uint8[n_b, len(MARKS)], facts: float32[len(FACTS)]."""

    marks_a: NDArray[np.uint8]
    marks_b: NDArray[np.uint8]
    facts: NDArray[np.float32]


def pair_features(a: Side, b: Side, lexicon: Lexicon) -> PairFeatures:
    """What the two texts share and in what they differ; the same whichever comes first."""
    if rank(b) < rank(a):
        # Among equally good alignments the first found wins: both orders must look from the same side.
        swapped = pair_features(b, a, lexicon)
        return PairFeatures(swapped.marks_b, swapped.marks_a, swapped.facts)
    match_a, match_b = matched(a.words, b.words)
    moved_a, moved_b = moved(match_a, len(b.words))
    related = _relations(_left(a, match_a), _left(b, match_b), lexicon)
    word_marks_a = _word_marks(a, b, match_a, moved_a, match_b)
    word_marks_b = _word_marks(b, a, match_b, moved_b, match_a)
    counts = [0] * len(Relation)
    for i, j, relation in related:
        word_marks_a[i, _RELATION_MARK[relation]] = 1
        word_marks_b[j, _RELATION_MARK[relation]] = 1
        counts[relation] += 1
    _mark_written_otherwise(a, b, match_a, word_marks_a, word_marks_b)
    _mark_written_otherwise(b, a, match_b, word_marks_b, word_marks_a)
    _mark_places(a, b, match_a, word_marks_a, word_marks_b)
    for marks in (word_marks_a, word_marks_b):
        told = marks[:, MARK["lemma"] : MARK["cousin"] + 1].any(axis=1)
        told |= (marks[:, _ABBREVIATION] | marks[:, _COMPOUND]).astype(bool)
        marks[:, MARK["unrelated"]] = (marks[:, MARK["same"]] == 0) & ~told
    facts = facts_of(a, b, word_marks_a, word_marks_b, counts)
    return PairFeatures(_token_marks(a, word_marks_a), _token_marks(b, word_marks_b), facts)


def pack(pairs: Sequence[tuple[Side, Side, PairFeatures]]) -> dict[str, NDArray[np.generic]]:
    """The scorer graph's inputs for n pairs, n ≥ 1; first sides are rows 0 to n - 1, second sides n to 2n - 1.

    vectors: int8[2n, t, d]. marks: uint8[2n, t, len(MARKS)]. lengths: int64[2n].
    sentences: float32[2n, 384]. facts: float32[n, len(FACTS)].
    The pair's sides are put into one fixed order, so that swapping them gives the same bytes.
    """
    ordered = [(b, a, f.marks_b, f.marks_a) if rank(b) < rank(a) else (a, b, f.marks_a, f.marks_b) for a, b, f in pairs]
    sides = [(a, marks) for a, _, marks, _ in ordered] + [(b, marks) for _, b, _, marks in ordered]
    lengths = np.array([len(marks) for _, marks in sides], dtype=np.int64)
    width = sides[0][0].embedding.token_vectors.shape[1]
    vectors = np.zeros((len(sides), max(int(lengths.max()), 1), width), dtype=np.int8)
    marks_all = np.zeros((*vectors.shape[:2], len(MARKS)), dtype=np.uint8)
    for i, (side, marks) in enumerate(sides):
        vectors[i, : len(marks)] = side.embedding.token_vectors
        marks_all[i, : len(marks)] = marks
    return {
        "vectors": vectors,
        "marks": marks_all,
        "lengths": lengths,
        "sentences": np.stack([side.embedding.vector for side, _ in sides]),
        "facts": np.stack([f.facts for _, _, f in pairs]),
    }


def _left(side: Side, match: Sequence[int]) -> list[tuple[int, Word]]:
    return [(i, side.words[i]) for i, j in enumerate(match) if j < 0 and not side.words[i].is_function]


def _relations(
    left_a: Sequence[tuple[int, Word]], left_b: Sequence[tuple[int, Word]], lexicon: Lexicon
) -> list[tuple[int, int, Relation]]:
    """Known relations among the content words that found no equal."""
    relation = lexicon.relation
    return [
        (i, j, found)
        for i, word_a in left_a[:MAX_LEFT]
        for j, word_b in left_b[:MAX_LEFT]
        if (found := relation(word_a, word_b)) is not Relation.NONE
    ]


def _word_marks(
    own: Side, other: Side, match: Sequence[int], strays: set[int], match_back: Sequence[int]
) -> NDArray[np.uint8]:
    """uint8[words, len(MARKS)] but for the relations; at least one row."""
    rows = np.zeros((max(len(own.words), 1), len(MARKS)), dtype=np.uint8)
    missing = {group for group, count in own.groups.items() if other.groups[group] < count}
    size, other_size = len(match), len(match_back)
    for i, word in enumerate(own.words):
        row = rows[i]
        j = match[i]
        row[_WEIGHT] = word.weight
        if j >= 0:
            row[_SAME] = 1
            row[_MOVED] = i in strays
            row[_LEFT] = (i == 0 and j == 0) or (i > 0 and j > 0 and match[i - 1] == j - 1)
            row[_RIGHT] = (i == size - 1 and j == other_size - 1) or (i + 1 < size and match[i + 1] == j + 1)
        else:
            before = match[i - 1] if i else -1
            after = match[i + 1] if i + 1 < size else other_size
            row[_SLOT] = after - before == 2 and match_back[before + 1] < 0 and (i == 0 or before >= 0)
        row[_FUNCTION] = word.is_function
        groups = GROUP_OF.get(word.text)
        if groups:
            row[_GROUPED] = 1
            row[_NEGATION] = NEGATION in groups
            row[_GROUP_MISSING] = not missing.isdisjoint(groups)
    for i in own.names:
        rows[i, _CAPITAL] = 1
    keys = {key for _, key in other.numeric}
    for i, key in own.numeric:
        rows[i, _DIGIT] = 1
        rows[i, _QUANTITY_EQUAL if key in keys else _QUANTITY_DIFFERS] = 1
    return rows


def _mark_written_otherwise(
    own: Side, other: Side, match: Sequence[int], marks: NDArray[np.uint8], other_marks: NDArray[np.uint8]
) -> None:
    """Abbreviations and words written in two, on both sides."""
    for column, found in (
        (_ABBREVIATION, abbreviations(own.words, other.words, match)),
        (_COMPOUND, compounds(own.words, other.words, match)),
    ):
        for i, first, end in found:
            marks[i, column] = 1
            other_marks[first:end, column] = 1


def _mark_places(
    a: Side, b: Side, match: Sequence[int], marks_a: NDArray[np.uint8], marks_b: NDArray[np.uint8]
) -> None:
    """Whether an equal content word stands behind the same preposition in both texts."""
    for i, j in enumerate(match):
        if j < 0 or a.words[i].is_function:
            continue
        one, two = a.roles[i], b.roles[j]
        if one == two:
            column = _PLACE_SAME if one else -1
        else:
            column = _PLACE_DIFFERS if one in DIRECTED or two in DIRECTED else -1
        if column >= 0:
            marks_a[i, column] = marks_b[j, column] = 1


def _token_marks(side: Side, rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each word piece carries its word's marks."""
    marks = rows[side.owner]
    marks[1:, _CONTINUES] = side.owner[1:] == side.owner[:-1]
    return marks


__all__ = [
    "DIGEST", "FACT", "FACTS", "FEATURES_VERSION", "MARK", "MARKS", "PairFeatures", "Side", "pack", "pair_features",
    "rank", "side_of",
]  # fmt: skip
