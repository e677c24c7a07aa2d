"""One text taken apart for comparison: words, groups, quantities, roles. Pure; see `core/features`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxy.core.alignment import roles_of, spans_of
from proxy.core.embedding import Embedding, Prompt
from proxy.core.lexicon import Lexicon, Word
from proxy.core.quantities import quantities_of
from proxy.core.quantity import Kind, Quantity
from proxy.core.word_groups import GROUP_OF

MARKS = (
    "same", "moved", "left_same", "right_same", "slot", "lemma", "synonym", "antonym", "negated", "spelling",
    "hypernym", "sister", "cousin", "unrelated", "function", "negation", "grouped", "group_missing", "digit",
    "quantity_equal", "quantity_differs", "capital", "continues", "weight", "place_same", "place_differs",
    "abbreviation", "compound",
)  # fmt: skip
MARK = {name: i for i, name in enumerate(MARKS)}
"""Columns of a token's marks."""


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
    roles: tuple[int, ...]
    quantities: tuple[Quantity, ...]
    numeric: tuple[tuple[int, tuple[Kind, str]], ...]
    inner_spellings: frozenset[str]


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
        roles=tuple(roles_of(words)),
        quantities=quantities,
        numeric=tuple(
            (i, (q.kind, q.value)) for q in quantities for i, start in enumerate(spans) if q.start <= start < q.end
        ),
        inner_spellings=frozenset(
            prompt.text[start : start + len(texts[i])] for i, start in enumerate(spans) if i and start >= 0
        ),
    )


def rank(side: Side) -> tuple[bytes, str]:
    """The order in which a pair's sides are put."""
    return side.embedding.token_ids.tobytes(), side.text
