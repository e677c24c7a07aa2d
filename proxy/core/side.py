"""One text taken apart for comparison: words, groups, quantities, roles. Pure; see `core/features`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from proxy.core.alignment import joints_of, roles_of, spans_of
from proxy.core.embedding import Embedding, Prompt
from proxy.core.lexicon import Lexicon, Word
from proxy.core.quantities import quantities_of
from proxy.core.quantity import Kind, Quantity
from proxy.core.word_groups import NEGATION

MARKS = (
    "same", "moved", "left_same", "right_same", "slot", "lemma", "synonym", "antonym", "negated", "spelling",
    "hypernym", "sister", "cousin", "unrelated", "function", "negation", "grouped", "group_missing", "digit",
    "quantity_equal", "quantity_differs", "capital", "continues", "weight", "place_same", "place_differs",
    "abbreviation", "compound",
)  # fmt: skip
MARK = {name: i for i, name in enumerate(MARKS)}
"""Columns of a token's marks."""

ROW = len(MARKS)
_FUNCTION, _NEGATION, _GROUPED, _WEIGHT = (MARK[name] for name in ("function", "negation", "grouped", "weight"))
_DIGIT, _CAPITAL = MARK["digit"], MARK["capital"]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One text, taken apart once however many candidates it meets: all that a pair's features ask of one text alone.

    owner: word number of each word piece. continued: numbers of the pieces that continue a word.
    rank: the order in which a pair's sides are put.
    texts: of the words. places: where each of them stands. repeated: all places of those that stand there more than
    once. bag: they as a set. sorted_texts: in order.
    bigrams: neighbours. letters: the text in lower case without spaces, cut into threes.
    content: lemma → weight of the words that carry content. content_at: where these stand. content_weight: all their
    weights, and one for each. sorted_lemmas: of all of them, repeated ones too.
    first, last: the outermost words that are no punctuation, or "".
    groups: word group → how many. grouped_at: where words with groups stand.
    names: numbers of words with a capital inside the sentence. name_texts: these words.
    inner_spellings: as written, all words but the first.
    numeric: (word number, quantity) of each word inside a quantity. numeric_keys: these quantities.
    initials: first letters of the words that are no punctuation. initials_at: where these stand.
    joints: see `core/alignment`.
    marks: ROW bytes for each word, at least one row: what holds whatever the other text is.
    """

    text: str
    embedding: Embedding
    words: tuple[Word, ...]
    owner: NDArray[np.int64]
    continued: tuple[int, ...]
    rank: tuple[bytes, str]
    texts: tuple[str, ...]
    places: Mapping[str, int]
    repeated: Mapping[str, Sequence[int]]
    bag: Set[str]
    sorted_texts: Sequence[str]
    bigrams: Set[tuple[str, str]]
    content: Mapping[str, int]
    content_at: Sequence[int]
    content_weight: int
    sorted_lemmas: Sequence[str]
    first: str
    last: str
    letters: Set[str]
    groups: Mapping[int, int]
    grouped_at: Sequence[int]
    names: Set[int]
    name_texts: Set[str]
    inner_spellings: Set[str]
    is_question: bool
    roles: tuple[int, ...]
    quantities: tuple[Quantity, ...]
    numeric: Sequence[tuple[int, tuple[Kind, str]]]
    numeric_keys: Set[tuple[Kind, str]]
    initials: str
    initials_at: Sequence[int]
    joints: Set[str]
    marks: bytes


def side_of(prompt: Prompt, lexicon: Lexicon) -> Side:
    """Takes one text apart. Its words come from its word pieces, so both always fit together."""
    written = prompt.text
    texts, owner = lexicon.words_of(prompt.embedding.token_ids.tolist())
    words = tuple([lexicon.word(text) for text in texts])
    spans = spans_of(written, texts)
    quantities = quantities_of(written)
    numeric = [(i, (q.kind, q.value)) for q in quantities for i, start in enumerate(spans) if q.start <= start < q.end]
    content_at = [i for i, word in enumerate(words) if not word.is_function]
    lemmas = [words[i].lemma for i in content_at]
    content = dict(zip(lemmas, [words[i].weight for i in content_at], strict=True))
    places = {text: i for i, text in enumerate(texts)}
    grouped_at = [i for i, word in enumerate(words) if word.groups]
    names = {i for i, start in enumerate(spans) if i and start >= 0 and written[start].isupper()}
    squeezed = "".join(texts)
    letter_at = [i for i, word in enumerate(words) if word.initial]
    return Side(
        text=written,
        embedding=prompt.embedding,
        words=words,
        owner=np.array(owner, dtype=np.int64),
        continued=tuple([i for i, (one, two) in enumerate(pairwise(owner), start=1) if one == two]),
        rank=(prompt.embedding.token_ids.tobytes(), written),
        texts=tuple(texts),
        places=places,
        repeated=_repeated(texts) if len(places) < len(texts) else {},
        bag=places.keys(),
        sorted_texts=sorted(texts),
        bigrams=set(pairwise(texts)),
        content=content,
        content_at=content_at,
        content_weight=sum(content.values()) + len(content),
        sorted_lemmas=sorted(lemmas),
        first=texts[letter_at[0]] if letter_at else "",
        last=texts[letter_at[-1]] if letter_at else "",
        letters={squeezed[i : i + 3] for i in range(len(squeezed) - 2)},
        groups=_counts([group for i in grouped_at for group in words[i].groups]),
        grouped_at=grouped_at,
        names=names,
        name_texts={texts[i] for i in names},
        inner_spellings={written[start : start + len(texts[i])] for i, start in enumerate(spans) if i and start >= 0},
        is_question=written.rstrip().endswith("?"),
        roles=tuple(roles_of(words)),
        quantities=quantities,
        numeric=numeric,
        numeric_keys={key for _, key in numeric},
        initials="".join([word.initial for word in words]),
        initials_at=letter_at,
        joints=joints_of(texts),
        marks=_own_marks(words, names, [i for i, _ in numeric]),
    )


def _repeated(texts: Sequence[str]) -> dict[str, list[int]]:
    """Where the words stand that stand there more than once."""
    places: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        places.setdefault(text, []).append(i)
    return {text: at for text, at in places.items() if len(at) > 1}


def _counts(groups: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for group in groups:
        counts[group] = counts.get(group, 0) + 1
    return counts


def _own_marks(words: Sequence[Word], capitals: Iterable[int], digits: Iterable[int]) -> bytes:
    if not words:
        return bytes(ROW)
    rows = bytearray().join([_row(word.weight, word.is_function, word.groups) for word in words])
    for i in capitals:
        rows[i * ROW + _CAPITAL] = 1
    for i in digits:
        rows[i * ROW + _DIGIT] = 1
    return bytes(rows)


@cache
def _row(weight: int, is_function: bool, groups: tuple[int, ...]) -> bytes:
    """One word's marks; there are a few hundred different ones."""
    row = bytearray(ROW)
    row[_WEIGHT], row[_FUNCTION], row[_GROUPED], row[_NEGATION] = weight, is_function, bool(groups), NEGATION in groups
    return bytes(row)
