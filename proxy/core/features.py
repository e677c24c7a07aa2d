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
from proxy.core.side import MARK, MARKS, ROW, Side, side_of

FEATURES_VERSION = "3"
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
_LEMMA, _COUSIN, _UNRELATED = (MARK[name] for name in ("lemma", "cousin", "unrelated"))
_GROUP_MISSING, _CONTINUES = MARK["group_missing"], MARK["continues"]
_QUANTITY_EQUAL, _QUANTITY_DIFFERS = MARK["quantity_equal"], MARK["quantity_differs"]
_PLACE_SAME, _PLACE_DIFFERS = MARK["place_same"], MARK["place_differs"]
_ABBREVIATION, _COMPOUND = MARK["abbreviation"], MARK["compound"]
DIGEST = hashlib.sha256(" ".join((FEATURES_VERSION, *MARKS, "/", *FACTS)).encode()).hexdigest()
"""What a scorer was trained on; it is refused beside any other definition."""

SECOND = 64
"""Where the second text's places begin; a text's tokens beyond these share the last one."""

_PLACES = np.minimum(np.arange(512), SECOND - 1)
_SECOND_PLACES = _PLACES + SECOND

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
    if b.rank < a.rank:
        # Among equally good alignments the first found wins: both orders must look from the same side.
        swapped = pair_features(b, a, lexicon)
        return PairFeatures(swapped.marks_b, swapped.marks_a, swapped.facts)
    match_a, match_b = matched(a.texts, b.texts, b.places, b.repeated)
    moved_a, moved_b = moved(match_a)
    left_a, left_b = _left(a, match_a), _left(b, match_b)
    rows_a = _word_rows(a, b, match_a, moved_a, match_b)
    rows_b = _word_rows(b, a, match_b, moved_b, match_a)
    counts = [0] * len(Relation)
    for i, j, relation in _relations(left_a, left_b, lexicon):
        mark = _RELATION_MARK[relation]
        rows_a[i * ROW + mark] = rows_b[j * ROW + mark] = 1
        counts[relation] += 1
    _mark_written_otherwise(a, b, left_a, match_a, rows_a, rows_b)
    _mark_written_otherwise(b, a, left_b, match_b, rows_b, rows_a)
    _mark_places(a, b, match_a, rows_a, rows_b)
    _mark_unrelated(match_a, rows_a)
    _mark_unrelated(match_b, rows_b)
    facts = facts_of(a, b, rows_a, rows_b, counts)
    return PairFeatures(_token_marks(a, rows_a), _token_marks(b, rows_b), facts)


def pair_inputs(a: Side, b: Side, found: PairFeatures) -> dict[str, NDArray[np.generic]]:
    """The scorer graph's inputs for one pair: the tokens of both texts one after the other, t in all.

    vectors: int8[t, d]. marks: uint8[t, len(MARKS)]. places: int64[t], of the first text from 0 on, of the second from
    `SECOND` on, later ones sharing the last. sentences: float32[2, 384]. facts: float32[1, len(FACTS)].
    The pair's sides are put into one fixed order, so that swapping them gives the same bytes.
    """
    marks_a, marks_b = found.marks_a, found.marks_b
    if b.rank < a.rank:
        a, b, marks_a, marks_b = b, a, marks_b, marks_a
    one, two = a.embedding, b.embedding
    return {
        "vectors": np.concatenate([one.token_vectors, two.token_vectors]),
        "marks": np.concatenate([marks_a, marks_b]),
        "places": np.concatenate([_PLACES[: len(marks_a)], _SECOND_PLACES[: len(marks_b)]]),
        "sentences": np.stack([one.vector, two.vector]),
        "facts": found.facts[None],
    }


def _left(side: Side, match: Sequence[int]) -> list[tuple[int, Word]]:
    """Content words without an equal."""
    return [(i, side.words[i]) for i in side.content_at if match[i] < 0]


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
        # Two words that both exist are no slip of the other: nitrate and nitrite, employer and employee.
        and (found is not Relation.SPELLING or word_a.number < 0 or word_b.number < 0)
    ]


def _word_rows(own: Side, other: Side, match: Sequence[int], strays: set[int], match_back: Sequence[int]) -> bytearray:
    """ROW marks for each word, all but the relations. Bytes, because Python sets single ones faster than NumPy."""
    rows = bytearray(own.marks)
    size, other_size = len(match), len(match_back)
    for i, j in enumerate(match):
        row = i * ROW
        if j >= 0:
            rows[row + _SAME] = 1
            rows[row + _MOVED] = i in strays
            rows[row + _LEFT] = match[i - 1] == j - 1 if i and j else i == j
            rows[row + _RIGHT] = match[i + 1] == j + 1 if i + 1 < size else j == other_size - 1
        else:
            before = match[i - 1] if i else -1
            after = match[i + 1] if i + 1 < size else other_size
            rows[row + _SLOT] = after - before == 2 and match_back[before + 1] < 0 and (i == 0 or before >= 0)
    missing = {group for group, count in own.groups.items() if other.groups.get(group, 0) < count}
    if missing:
        for i in own.grouped_at:
            rows[i * ROW + _GROUP_MISSING] = not missing.isdisjoint(own.words[i].groups)
    for i, key in own.numeric:
        rows[i * ROW + (_QUANTITY_EQUAL if key in other.numeric_keys else _QUANTITY_DIFFERS)] = 1
    return rows


def _mark_written_otherwise(
    own: Side,
    other: Side,
    left: Sequence[tuple[int, Word]],
    match: Sequence[int],
    rows: bytearray,
    other_rows: bytearray,
) -> None:
    """Abbreviations and words written in two, on both sides."""
    for column, found in (
        (_ABBREVIATION, abbreviations(left, other.initials, other.initials_at)),
        (_COMPOUND, compounds(own.texts, match, other.texts, other.joints)),
    ):
        for i, first, end in found:
            rows[i * ROW + column] = 1
            for j in range(first, end):
                other_rows[j * ROW + column] = 1


def _mark_places(a: Side, b: Side, match: Sequence[int], rows_a: bytearray, rows_b: bytearray) -> None:
    """Whether an equal content word stands behind the same preposition in both texts."""
    for i in a.content_at:
        j = match[i]
        if j < 0:
            continue
        one, two = a.roles[i], b.roles[j]
        if one == two:
            column = _PLACE_SAME if one else -1
        else:
            column = _PLACE_DIFFERS if one in DIRECTED or two in DIRECTED else -1
        if column >= 0:
            rows_a[i * ROW + column] = rows_b[j * ROW + column] = 1


def _mark_unrelated(match: Sequence[int], rows: bytearray) -> None:
    """Words without an equal of which nothing else is known either."""
    for i, j in enumerate(match):
        if j < 0:
            row = i * ROW
            is_related = rows.find(1, row + _LEMMA, row + _COUSIN + 1) >= 0
            rows[row + _UNRELATED] = not (is_related or rows[row + _ABBREVIATION] or rows[row + _COMPOUND])


def _token_marks(side: Side, rows: bytearray) -> NDArray[np.uint8]:
    """Each word piece carries its word's marks."""
    words = np.frombuffer(rows, dtype=np.uint8).reshape(-1, ROW)
    if not side.continued:
        return words[: len(side.owner)]
    marks = words[side.owner]
    marks[side.continued, _CONTINUES] = 1
    return marks


__all__ = [
    "DIGEST",
    "FACT",
    "FACTS",
    "FEATURES_VERSION",
    "MARK",
    "MARKS",
    "SECOND",
    "PairFeatures",
    "Side",
    "pair_features",
    "pair_inputs",
    "side_of",
]  # fmt: skip
