"""What words have to do with each other: lemmas, synonyms, antonyms, sister terms. Read from one artefact, pure.

The relations come from WordNet 3.0 (Princeton), packed by `classifier_export.lexicon`; the word pieces from the
embedder's vocabulary. It knows relations between words, never whether two texts mean the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from proxy.core.word_groups import FUNCTION_WORDS, GROUP_OF
from proxy.core.words.common import SOFTWARE

MEMO = 20_000
"""Lemmas remembered per process; after that they are worked out again."""

RARE = 15
"""The weight of a word that the counted texts do not hold."""


class Relation(IntEnum):
    """How two different words stand to each other, the strongest that holds."""

    NONE = 0
    LEMMA = 1
    SYNONYM = 2
    ANTONYM = 3
    NEGATED = 4
    SPELLING = 5
    HYPERNYM = 6
    SISTER = 7
    COUSIN = 8


_NOUN = (("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("ies", "y"), ("s", ""))
_VERB = (("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""))
_ADJECTIVE = (("er", ""), ("est", ""), ("er", "e"), ("est", "e"))
SUFFIXES = _NOUN + _VERB + _ADJECTIVE
NEGATIONS = ("un", "in", "im", "ir", "il", "non", "dis", "de", "mis", "anti")
WIDE_PARENT = 400
"""A hypernym with more direct children than this says little ("person", "city" of everything)."""


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One word looked up: its lemma and the synsets it stands in (empty for unknown words).

    number: of the lemma, -1 for unknown. is_function: carries no content alone, or is punctuation. parents: direct
    hypernyms; elders: those and theirs. opposites: synsets that are the antonym of one of the senses or parents.
    near: all of these; two words whose `near` share nothing have no relation by synsets. negates: lemmas of which this
    one is the negated form. groups: numbers of its word groups. initial: its first letter, "" for punctuation.
    """

    text: str
    lemma: str
    number: int
    weight: int
    is_function: bool
    senses: frozenset[int]
    parents: frozenset[int]
    elders: frozenset[int]
    opposites: frozenset[int]
    near: frozenset[int]
    negates: frozenset[str]
    groups: tuple[int, ...]
    initial: str


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The tables. Word numbers index `weight` and `sense_start`; synset numbers index `parent`.

    pieces: word piece of each id of the embedder's vocabulary. weight: per word, 0 (everywhere) to 15 (rare).
    senses[sense_start[w]:sense_start[w + 1]]: synsets of word w, most frequent first. parent: direct hypernym, for
    adjectives the head of the cluster, -1 for none. antonyms: pairs of word numbers.
    opposite: synset → one antonym synset.
    """

    pieces: tuple[str, ...]
    number: dict[str, int]
    weight: list[int]
    sense_start: NDArray[np.int32]
    senses: NDArray[np.int32]
    parent: NDArray[np.int32]
    antonyms: frozenset[tuple[int, int]]
    opposite: dict[int, int]
    exceptions: dict[str, str]
    _known: dict[str, Word] = field(default_factory=dict)
    _whole: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_whole", frozenset(self.pieces))

    def words_of(self, ids: Iterable[int]) -> tuple[list[str], list[int]]:
        """Whole words rebuilt from word pieces, and for each piece the number of its word."""
        words: list[str] = []
        owner: list[int] = []
        pieces = self.pieces
        for token in ids:
            piece = pieces[token]
            if piece.startswith("##") and words:
                words[-1] += piece[2:]
            else:
                words.append(piece)
            owner.append(len(words) - 1)
        return words, owner

    def has_all(self, ids: Iterable[int]) -> bool:
        """Whether it knows each word of two letters or more, inflected or not, but for those of software, which are of
        no language; no words are none that it knows."""
        words = [word for word in self.words_of(ids)[0] if len(word) > 1 and word.isalpha() and word not in SOFTWARE]
        return bool(words) and all(self.knows(word) for word in words)

    def knows(self, word: str) -> bool:
        """Whether a word in small letters is one of English, inflected or not."""
        return word in FUNCTION_WORDS or self._lemma(word) in self.number

    def is_name(self, word: str) -> bool:
        """Whether the embedder's vocabulary has a word whole, as it has the commoner names (`brian`) and no slip."""
        return word in self._whole

    def word(self, text: str) -> Word:
        """Looks a (lower-case) word up; cheap when it was looked up before."""
        found = self._known.get(text)
        if found is None:
            found = self._look_up(text)
            if len(self._known) < MEMO:
                self._known[text] = found
        return found

    def relation(self, a: Word, b: Word) -> Relation:
        """Between two different words; symmetric."""
        if a.lemma == b.lemma:
            return Relation.LEMMA
        if a.lemma in b.negates or b.lemma in a.negates:
            return Relation.NEGATED
        if a.senses and b.senses:
            if (a.number, b.number) in self.antonyms:
                return Relation.ANTONYM
            if not a.near.isdisjoint(b.near):  # most pairs end here: one look instead of nine
                found = _by_synsets(a, b)
                if found is not Relation.NONE:
                    return found
        return Relation.SPELLING if is_near_spelling(a.text, b.text) else Relation.NONE

    def _look_up(self, text: str) -> Word:
        lemma = self._lemma(text)
        number = self.number.get(lemma, -1)
        own = self.number.get(text)
        is_function = text in FUNCTION_WORDS or not text.isalnum()
        weight = 0 if not text.isalnum() else RARE if own is None else self.weight[own]
        senses = self._senses(number) if number >= 0 else frozenset()
        parents = self._parents(senses)
        opposites = frozenset(self.opposite[one] for one in senses | parents if one in self.opposite)
        elders = parents | self._parents(parents)
        return Word(
            text=text,
            lemma=lemma,
            number=number,
            weight=weight,
            is_function=is_function,
            senses=senses,
            parents=parents,
            elders=elders,
            opposites=opposites,
            near=senses | elders | opposites,
            negates=_negates(lemma),
            groups=GROUP_OF.get(text, ()),
            initial=text[0] if text.isalnum() else "",
        )

    def _senses(self, number: int) -> frozenset[int]:
        return frozenset(self.senses[self.sense_start[number] : self.sense_start[number + 1]].tolist())

    def _parents(self, senses: frozenset[int]) -> frozenset[int]:
        parent = self.parent
        return frozenset(found for sense in senses if (found := int(parent[sense])) >= 0)

    def _lemma(self, word: str) -> str:
        irregular = self.exceptions.get(word)
        if irregular is not None:
            return irregular
        if len(word) > 3 and not word.endswith("ss"):
            for suffix, ending in SUFFIXES:
                if word.endswith(suffix):
                    stem = word[: -len(suffix)] + ending
                    if len(stem) > 2 and stem in self.number:
                        return stem
                    if suffix in ("ed", "ing") and len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in self.number:
                        return stem[:-1]
        return word


def _by_synsets(a: Word, b: Word) -> Relation:
    if not a.senses.isdisjoint(b.senses):
        return Relation.SYNONYM
    if not a.opposites.isdisjoint(b.senses) or not b.opposites.isdisjoint(a.senses):
        return Relation.ANTONYM
    if not a.parents.isdisjoint(b.senses) or not b.parents.isdisjoint(a.senses):
        return Relation.HYPERNYM
    if not a.parents.isdisjoint(b.parents):
        return Relation.SISTER
    is_cousin = (
        not a.elders.isdisjoint(b.elders) or not a.elders.isdisjoint(b.parents) or not b.elders.isdisjoint(a.parents)
    )
    return Relation.COUSIN if is_cousin else Relation.NONE


def _negates(lemma: str) -> frozenset[str]:
    """What `lemma` is with a negating prefix, hyphen or none, or as a suffix pair (`careless`, `careful`)."""
    found = set()
    for prefix in NEGATIONS:
        if lemma.startswith(prefix):
            rest = lemma[len(prefix) :]
            while len(rest) > 2:
                found.add(rest)
                if rest[0] != "-":
                    break
                rest = rest[1:]
    if lemma.endswith("less"):
        found.add(lemma[:-4] + "ful")
    return frozenset(found)


def is_near_spelling(a: str, b: str) -> bool:
    """One letter added, dropped, changed or two swapped, in words of four letters or more; no digits."""
    shorter, longer = sorted((len(a), len(b)))
    if shorter < 4 or longer - shorter > 1 or (a[0] != b[0] and a[-1] != b[-1]) or not (a.isalpha() and b.isalpha()):
        return False
    head = 0
    while head < shorter and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shorter - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    left, right = a[head : len(a) - tail], b[head : len(b) - tail]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


def parse(content: bytes) -> Lexicon:
    """Reads the artefact (a NumPy archive without pickles); raises ValueError or KeyError when it is not one."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        words = _lines(file["words"])
        return Lexicon(
            pieces=tuple(_lines(file["pieces"])),
            number={word: i for i, word in enumerate(words)},
            weight=file["weight"].tolist(),
            sense_start=np.concatenate([[0], np.cumsum(file["sense_count"], dtype=np.int64)]).astype(np.int32),
            senses=file["senses"],
            parent=file["parent"],
            antonyms=_pairs(file["antonyms"]),
            opposite=dict(_pairs(file["antonym_heads"])),
            exceptions={line.partition(" ")[0]: line.partition(" ")[2] for line in _lines(file["exceptions"])},
        )


def _lines(array: NDArray[np.uint8]) -> list[str]:
    return array.tobytes().decode().split("\n")


def _pairs(array: NDArray[np.int32]) -> frozenset[tuple[int, int]]:
    both = [(int(a), int(b)) for a, b in array]
    return frozenset([*both, *((b, a) for a, b in both)])
