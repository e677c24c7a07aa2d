"""THE one definition of what the scorer sees of a pair, shared by training and serving.

Three things per pair: the token vectors of both texts, marks on each token (is this word in the other text? what does
it stand to there?), and one row of symmetric facts about the pair. Everything is the same for (a, b) and (b, a).
Pure; it never says whether a pair is equivalent.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from proxy.core.alignment import matched, moved, spans_of
from proxy.core.embedding import Embedding, Prompt
from proxy.core.lexicon import Lexicon, Relation, Word
from proxy.core.quantities import quantities_of
from proxy.core.quantity import Kind, Quantity, compare
from proxy.core.word_groups import GROUP_OF, NAMES, NEGATION

FEATURES_VERSION = "1"
"""Raised with every change of what comes out; part of the digest that a scorer is checked against."""

MARKS = (
    "same", "moved", "left_same", "right_same", "slot", "lemma", "synonym", "antonym", "negated", "spelling",
    "hypernym", "sister", "cousin", "unrelated", "function", "negation", "grouped", "group_missing", "digit",
    "quantity_equal", "quantity_differs", "capital", "continues", "weight",
)  # fmt: skip
MARK = {name: i for i, name in enumerate(MARKS)}
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
    "case_differs", "question_marks_differ", "quantities_reordered", "quantities_unsure", "quantities_shared",
    *(f"changed_{kinds[0]}" for kinds in _KINDS), *(f"added_{kinds[0]}" for kinds in _KINDS),
    *(f"group_{name}" for name in NAMES),
)  # fmt: skip
FACT = {name: i for i, name in enumerate(FACTS)}

_SAME, _MOVED, _LEFT, _RIGHT, _SLOT = (MARK[n] for n in ("same", "moved", "left_same", "right_same", "slot"))
_LEMMA, _SYNONYM, _SPELLING = (MARK[name] for name in ("lemma", "synonym", "spelling"))
_FUNCTION, _NEGATION, _GROUPED, _GROUP_MISSING = (MARK[n] for n in ("function", "negation", "grouped", "group_missing"))
_DIGIT, _QUANTITY_EQUAL, _QUANTITY_DIFFERS = (MARK[name] for name in ("digit", "quantity_equal", "quantity_differs"))
_CAPITAL, _CONTINUES, _WEIGHT = (MARK[name] for name in ("capital", "continues", "weight"))
_N_SHAPE = FACTS.index("relation_lemma")

DIGEST = hashlib.sha256(" ".join((FEATURES_VERSION, *MARKS, "/", *FACTS)).encode()).hexdigest()
"""What a scorer was trained on; it is refused beside any other definition."""

MAX_LEFT = 12
"""Unmatched content words looked at per text: the product of both is what costs."""

HEAVY = 7
"""Weight from which a word is content that few texts share."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One text, taken apart once however many candidates it meets.

    owner: word number of each word piece. names: numbers of words with a capital inside the sentence.
    letters: the text in lower case without spaces, cut into threes.
    numeric: (word number, quantity) of each word inside a quantity. inner_spellings: as written, all but the first.
    """

    text: str
    embedding: Embedding
    words: tuple[Word, ...]
    owner: NDArray[np.int64]
    groups: Counter[int]
    names: frozenset[int]
    letters: frozenset[str]
    quantities: tuple[Quantity, ...]
    numeric: tuple[tuple[int, tuple[Kind, str]], ...]
    inner_spellings: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class PairFeatures:
    """marks_a: uint8[n_a, len(MARKS)], marks_b: uint8[n_b, len(MARKS)], facts: float32[len(FACTS)]."""

    marks_a: NDArray[np.uint8]
    marks_b: NDArray[np.uint8]
    facts: NDArray[np.float32]


def side_of(prompt: Prompt, lexicon: Lexicon) -> Side:
    """Takes one text apart. Its words come from its word pieces, so both always fit together."""
    texts, owner = lexicon.words_of(prompt.embedding.token_ids.tolist())
    words = tuple(lexicon.word(text) for text in texts)
    spans = spans_of(prompt.text, texts)
    quantities = quantities_of(prompt.text)
    squeezed = "".join(texts)
    return Side(
        text=prompt.text,
        embedding=prompt.embedding,
        words=words,
        owner=np.array(owner, dtype=np.int64),
        groups=Counter(group for text in texts for group in GROUP_OF.get(text, ())),
        names=frozenset(i for i, start in enumerate(spans) if i and start >= 0 and prompt.text[start].isupper()),
        letters=frozenset(squeezed[i : i + 3] for i in range(len(squeezed) - 2)),
        quantities=quantities,
        numeric=tuple(
            (i, (q.kind, q.value)) for q in quantities for i, start in enumerate(spans) if q.start <= start < q.end
        ),
        inner_spellings=frozenset(
            prompt.text[start : start + len(texts[i])] for i, start in enumerate(spans) if i and start >= 0
        ),
    )


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
    for marks in (word_marks_a, word_marks_b):
        told = marks[:, MARK["lemma"] : MARK["cousin"] + 1].any(axis=1)
        marks[:, MARK["unrelated"]] = (marks[:, MARK["same"]] == 0) & ~told
    facts = _facts(a, b, word_marks_a, word_marks_b, counts)
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


def rank(side: Side) -> tuple[bytes, str]:
    """The order in which a pair's sides are put."""
    return side.embedding.token_ids.tobytes(), side.text


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


def _token_marks(side: Side, rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Each word piece carries its word's marks."""
    marks = rows[side.owner]
    marks[1:, _CONTINUES] = side.owner[1:] == side.owner[:-1]
    return marks


def _facts(
    a: Side, b: Side, marks_a: NDArray[np.uint8], marks_b: NDArray[np.uint8], counts: Sequence[int]
) -> NDArray[np.float32]:
    facts = np.zeros(len(FACTS), dtype=np.float32)
    facts[:_N_SHAPE] = [*_shape(a, b), *_overlap(a, b), *_left_over(marks_a, marks_b), *_order(a, b, marks_a, marks_b)]
    at = _N_SHAPE
    facts[at : at + len(Relation) - 1] = [min(count, 4) for count in counts[1:]]
    at += len(Relation) - 1
    tail = [*_slots(marks_a, marks_b), *_names(a, b), *_quantities(a, b)]
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
