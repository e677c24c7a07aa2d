"""Deterministic vetoes: what two prompts may not differ in, whatever the scorer says.

Only where a difference is always a difference. Negation, direction, opposites, added or reordered numbers depend on
the sentence: as blanket rules they cost recall and add no precision, so they are features of the scorer. Narrow kinds
are vetoed, where it is plain what is meant: two words that change places around a verb (`roles`) or from one clause to
the next (`clauses`), both ends of a relation (`directions`), giving against getting (`transfers`), who does it against
to whom it is done (`voices`), `with` against `without` (`polarity`), what is done against what is undone
(`opposites`), `should` against `can` (`modality`), another of several things named (`alternatives`), a form of answer
that only one text asks for (`answer_form`), a fact beside an otherwise equal question (`stated_facts`), a second one
(`second_question`), another about the same (`aspects`), some against all of a kind (`shares`), another measure or
rank (`measures`), when it starts against how long it is (`starts`), and how it is against how it was (`tenses`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from proxy.core.admission import has_hidden_characters
from proxy.core.alternatives import Named, chosen_otherwise, named_in
from proxy.core.answer_form import Forms, forms_differ, forms_of
from proxy.core.aspects import Aspect, asks_otherwise, aspect_of
from proxy.core.capitals import Spelled, meanings_differ, spelled
from proxy.core.clauses import Clauses, bound_otherwise, clauses_of
from proxy.core.counted import Counted, counted_in, counted_otherwise
from proxy.core.directions import Relation, relations_of, turned_round
from proxy.core.embedding import Prompt
from proxy.core.extent import Extent, extent_of, extents_differ
from proxy.core.guard import Guard
from proxy.core.literals import Literals, literals_of, occurs
from proxy.core.measures import Measures, measured_otherwise, measures_of
from proxy.core.modality import Modality, asked_otherwise, modality_of
from proxy.core.polarity import Polarity, opposed, polarity_of
from proxy.core.quantities import KEPT, quantities_of
from proxy.core.roles import arranged, exchanged
from proxy.core.same_question import is_same_question
from proxy.core.sayings import are_one_saying, verb_asked_about
from proxy.core.second_question import Asked, asked_in, asks_more
from proxy.core.shares import Share, picks_out, share_of
from proxy.core.spelling import FINAL, one_spelling
from proxy.core.starts import Starts, starts_in, starts_or_lasts
from proxy.core.stated_facts import Stated, is_unstated, stated_in
from proxy.core.tenses import Tense, at_another_time, tense_of
from proxy.core.transfers import Transfers, opposite_ways, transfers_of
from proxy.core.voices import Voices, turned_passive, voices_of


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """What the guards ask of one text.

    folded: see `core/spelling`; words: see `roles.arranged`.
    """

    folded: str
    spelled: Spelled
    extent: Extent
    forms: Forms
    stated: Stated
    asked: Asked
    aspect: Aspect
    share: Share
    measures: Measures
    starts: Starts
    tense: Tense
    named: Named
    transfers: Transfers
    voices: Voices
    words: list[str]
    clauses: Clauses
    literals: Literals
    relations: tuple[Relation, ...]
    polarity: Polarity
    modality: Modality
    counted: Counted


@lru_cache(maxsize=KEPT)
def _read(text: str) -> _Reading:
    """Remembered: one prompt meets several candidates, candidates come back, and reading is the dear half."""
    folded = one_spelling(text)
    words = arranged(folded)
    return _Reading(
        folded=folded,
        spelled=spelled(text),
        extent=extent_of(text),
        forms=forms_of(text),
        stated=stated_in(text),
        asked=asked_in(text),
        aspect=aspect_of(folded),
        share=share_of(folded),
        measures=measures_of(folded),
        starts=starts_in(text),
        tense=tense_of(folded),
        named=named_in(text, words),
        transfers=transfers_of(text),
        voices=voices_of(text),
        words=words,
        clauses=clauses_of(text),
        literals=literals_of(text),
        relations=relations_of(text),
        polarity=polarity_of(text),
        modality=modality_of(text),
        counted=counted_in(quantities_of(text)),
    )


def veto(new: str, stored: str) -> Guard | None:
    """The first guard that forbids answering `new` from `stored`, or None. Symmetric.

    Texts that differ only in Unicode composition, spaces, the case of a first letter or final punctuation pass.
    """
    a, b = _read(new), _read(stored)
    if a.folded == b.folded:
        return None
    return (
        _unseen(a.folded, b.folded)
        or (Guard.CASE if meanings_differ(a.spelled, b.spelled) else None)
        or _literals_differ(a.literals, b.literals, a.folded, b.folded)
        or counted_otherwise(a.counted, b.counted)
        or (Guard.EXTENT if extents_differ(a.extent, b.extent) else None)
        or (Guard.FORM if forms_differ(a.forms, b.forms, a.folded, b.folded) else None)
        or (Guard.FACTS if is_unstated(a.stated, b.stated) else None)
        or (Guard.QUESTION if asks_more(a.asked, b.asked) or asks_otherwise(a.aspect, b.aspect) else None)
        or (Guard.QUESTION if starts_or_lasts(a.starts, b.starts) or at_another_time(a.tense, b.tense) else None)
        or (Guard.EXTENT if picks_out(a.share, b.share) or measured_otherwise(a.measures, b.measures) else None)
        or (Guard.CHOICE if chosen_otherwise(a.named, b.named) else None)
        or (Guard.ROLES if exchanged(a.words, b.words) or bound_otherwise(a.clauses, b.clauses) else None)
        or (Guard.DIRECTION if turned_round(a.relations, b.relations) else None)
        or (Guard.DIRECTION if opposite_ways(a.transfers, b.transfers) else None)
        or (Guard.DIRECTION if turned_passive(a.voices, b.voices) else None)
        or (Guard.POLARITY if opposed(a.polarity, b.polarity) else None)
        or (Guard.MODALITY if asked_otherwise(a.modality, b.modality) else None)
    )


def pair_veto(new: Prompt, stored: Prompt) -> Guard | None:
    """`veto`, and whether the model cannot tell the two apart although they differ (R29)."""
    guard = veto(new.text, stored.text)
    if guard is None and equal_ids(new.embedding.token_ids, stored.embedding.token_ids, new.text, stored.text):
        return Guard.EQUAL_IDS
    return guard


def equal_ids(ids_a: NDArray[np.uint16], ids_b: NDArray[np.uint16], a: str, b: str) -> bool:
    """Whether the model sees two texts as one that are not (R29): 👍/👎, accents, what the vocabulary drops.

    ids: uint16[n], word-piece ids of the whole texts. Equal up to NFC, case, spaces and final punctuation is the same.
    """
    return (
        len(ids_a) == len(ids_b)
        and bool(np.array_equal(ids_a, ids_b))
        and one_spelling(a).casefold() != one_spelling(b).casefold()
    )


# What the model's vocabulary drops, merges or never saw.

LAST_LATIN = "\u024f"
_MORE_LATIN = ("\u1e00", "\u1eff")


def _unseen(a: str, b: str) -> Guard | None:
    """Foreign letters and pictures must be equal; other symbols may not contradict. Hidden ones are never compared."""
    if a.isascii() and b.isascii():
        return None if a.isprintable() and b.isprintable() else Guard.HIDDEN
    if has_hidden_characters(a) or has_hidden_characters(b):
        return Guard.HIDDEN
    if _strange_words(a) != _strange_words(b):
        return Guard.UNKNOWN_TOKENS
    symbols_a, symbols_b = _symbols(a), _symbols(b)
    return Guard.UNKNOWN_TOKENS if symbols_a and symbols_b and symbols_a != symbols_b else None


def _strange_words(text: str) -> list[str]:
    """Words with a letter outside the Latin alphabet, sorted: Chinese, Cyrillic, and a Cyrillic letter in `paypal`."""
    return sorted(
        word for word in text.split() if any(character > LAST_LATIN and _is_foreign(character) for character in word)
    )


def _is_foreign(character: str) -> bool:
    return character.isalpha() and not _MORE_LATIN[0] <= character <= _MORE_LATIN[1]


def _symbols(text: str) -> list[str]:
    """Signs beyond ASCII (`€`, `≥`), sorted."""
    return sorted(
        character for character in text if character > "~" and unicodedata.category(character) in ("Sm", "Sc")
    )


def _literals_differ(a: Literals, b: Literals, text_a: str, text_b: str) -> Guard | None:
    if a is b or a == b:
        return None
    if a.worked != b.worked and a.worked and b.worked:
        return Guard.PAYLOAD
    if a.payloads != b.payloads and not (_is_wording(a, b) or _is_wording(b, a)):
        is_told = a.payloads == a.mentioned and b.payloads == b.mentioned
        is_wording = is_told and is_same_question(text_a, text_b)
        if not is_wording and not are_one_saying(a.payloads, b.payloads, text_a, text_b):
            return Guard.PAYLOAD
    marks_a, marks_b = a.symbol_words - b.symbol_words, b.symbol_words - a.symbol_words
    if not (_are_endings(marks_a, text_b) and _are_endings(marks_b, text_a)):
        return Guard.CODE
    if _contradict(a.comparisons, b.comparisons) or _contradict(a.dotted, b.dotted):
        return Guard.CODE
    if _contradict(a.signs, b.signs) and (a.signs ^ b.signs) & {"+", "*"}:  # `24/7` and `24-7` are one thing
        return Guard.CODE
    if _signs_turned(a.code, b.code):
        return Guard.CODE
    if a.rates != b.rates or _cases_differ(a.cased_units, b.cased_units):
        return Guard.UNITS
    if not (_all_run(a.code, b.code, text_b) and _all_run(b.code, a.code, text_a)):
        return Guard.CODE
    low_a, low_b = text_a.casefold(), text_b.casefold()
    if not _all_occur(_low(a.quoted - b.quoted, low_b), low_b) or not _all_occur(
        _low(b.quoted - a.quoted, low_a), low_a
    ):
        return Guard.QUOTED
    return None


def _are_endings(symbol_words: frozenset[str], text: str) -> bool:
    """Whether the words are file endings that the text writes without their dot: `.csv` and `a CSV`, not `.net`."""
    return all(
        word[0] == "." and word != ".net" and re.search(rf"\b{word[1:]}\b", text, re.IGNORECASE)
        for word in symbol_words
    )


def _is_wording(a: Literals, b: Literals) -> bool:
    """`Docker: how to remove images?` against `How do I remove images in Docker?`; see `handed.mentioned`."""
    return not b.payloads and a.payloads == a.mentioned


def _signs_turned(a: frozenset[str], b: frozenset[str]) -> bool:
    """`chmod +x` against `chmod -x`."""
    turned = {("-" if part[0] == "+" else "+") + part[1:] for part in a if part[0] in "+-"}
    return not turned.isdisjoint(b)


def _cases_differ(a: frozenset[str], b: frozenset[str]) -> bool:
    """`10 MB` against `10 Mb`; units in small letters throughout may be either."""
    sure_a, sure_b = ({unit.replace("k", "K") for unit in units if not unit.islower()} for units in (a, b))
    return {unit.casefold() for unit in sure_a} == {unit.casefold() for unit in sure_b} and sure_a != sure_b


def _contradict(a: frozenset[str], b: frozenset[str]) -> bool:
    """Each has what the other has not."""
    return bool(a - b) and bool(b - a)


def _all_run(a: frozenset[str], b: frozenset[str], text_b: str) -> bool:
    """Whether the code of one text stands in the other: `grep -v` also where that has `grep` and the flag `-v`."""
    return all(occurs(part, text_b) or _is_command(part, b, text_b) for part in a - b)


def _is_command(part: str, flags: frozenset[str], text: str) -> bool:
    name, *rest = part.split()
    return bool(rest) and occurs(name, text) and flags.issuperset(rest) and all(flag[0] == "-" for flag in rest)


def _all_occur(parts: frozenset[str], text: str) -> bool:
    return all(occurs(part, text) for part in parts)


def _low(parts: frozenset[str], other: str) -> frozenset[str]:
    return frozenset(verb_asked_about(part.casefold().rstrip(FINAL), other) for part in parts)


__all__ = ["Guard", "equal_ids", "pair_veto", "veto"]
