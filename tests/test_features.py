"""What the scorer sees is the same for (a, b) and (b, a), and names what differs."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from proxy.backends.artefact import MODELS
from proxy.backends.embedder_onnx import OnnxEmbedder, load_embedder
from proxy.core.embedding import Prompt
from proxy.core.features import FACT, MARK, SECOND, PairFeatures, Side, pair_features, pair_inputs, side_of
from proxy.core.lexicon import Lexicon, Relation, parse


@cache
def lexicon() -> Lexicon:
    return parse((MODELS / "equivalence" / "lexicon.npz").read_bytes())


@cache
def embedder() -> OnnxEmbedder:
    return load_embedder()


def side(text: str) -> Side:
    return side_of(Prompt(text, embedder().encode(text)), lexicon())


def seen(a: str, b: str) -> PairFeatures:
    return pair_features(side(a), side(b), lexicon())


def marked(marks: NDArray[np.uint8], text: str, name: str) -> set[str]:
    """Words of the text with this mark."""
    found = side(text)
    return {found.words[owner].text for owner, row in zip(found.owner, marks, strict=True) if row[MARK[name]]}


PAIRS = [
    ("How do I fly from Paris to London for $500?", "how do I travel from London to Paris for 500 dollars"),
    ("Approve the refund for order 1234", "Deny the refund for order 1243"),
    ("the the the", "the cat the"),
    ("", "something"),
    ("日本語 text", "naïve café"),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_swapping_the_pair_swaps_the_marks_and_keeps_the_facts(a: str, b: str) -> None:
    one, two = seen(a, b), seen(b, a)

    assert np.array_equal(one.facts, two.facts)
    assert np.array_equal(one.marks_a, two.marks_b)
    assert np.array_equal(one.marks_b, two.marks_a)


@settings(max_examples=60)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_finite_symmetric_features(a: str, b: str) -> None:
    one, two = seen(a, b), seen(b, a)

    assert np.isfinite(one.facts).all()
    assert np.array_equal(one.facts, two.facts)


def test_swapped_sides_give_the_graph_the_same_bytes() -> None:
    a, b = side(PAIRS[0][0]), side(PAIRS[0][1])

    one = pair_inputs(a, b, pair_features(a, b, lexicon()))
    two = pair_inputs(b, a, pair_features(b, a, lexicon()))

    assert all(np.array_equal(one[name], two[name]) for name in one)


def test_the_graph_gets_both_texts_in_one_row_each_with_places_of_its_own() -> None:
    a, b = side("one two three four"), side("one")

    inputs = pair_inputs(a, b, pair_features(a, b, lexicon()))

    assert len(inputs["vectors"]) == len(inputs["marks"]) == 5
    assert sorted(inputs["places"].tolist()) in ([0, 1, 2, 3, SECOND], [0, SECOND, SECOND + 1, SECOND + 2, SECOND + 3])
    assert (inputs["vectors"].dtype, inputs["marks"].dtype) == (np.int8, np.uint8)


def test_tokens_beyond_the_last_place_share_it() -> None:
    long, short = side("word " * 100), side("other")

    places = pair_inputs(long, short, pair_features(long, short, lexicon()))["places"]

    assert len(places) == 101
    assert places.max() <= 2 * SECOND - 1


def test_an_equal_text_differs_in_nothing() -> None:
    found = seen("What is the refund policy?", "What is the refund policy?")

    assert found.facts[FACT["cosine"]] == pytest.approx(1.0, abs=1e-5)
    assert found.facts[FACT["same_bag"]] == 1
    assert not found.marks_a[:, MARK["unrelated"]].any()


def test_the_word_that_took_another_words_place_is_marked() -> None:
    found = seen("Can I buy shares today?", "Can I sell shares today?")

    assert marked(found.marks_a, "Can I buy shares today?", "slot") == {"buy"}
    assert marked(found.marks_a, "Can I buy shares today?", "antonym") == {"buy"}


def test_equal_words_behind_other_prepositions_are_in_other_places() -> None:
    a, b = "fly from Paris to London", "fly from London to Paris"

    found = seen(a, b)

    assert marked(found.marks_a, a, "place_differs") == {"paris", "london"}
    assert found.facts[FACT["place_differs"]] > 0


def test_reordered_but_equal_places_are_the_same_places() -> None:
    found = seen("fly from Paris to London", "fly to London from Paris")

    assert found.facts[FACT["place_differs"]] == 0
    assert found.facts[FACT["place_same"]] > 0


def test_an_abbreviation_is_tied_to_its_words() -> None:
    a, b = "sign the non-disclosure agreement", "sign the NDA"

    found = seen(a, b)

    assert marked(found.marks_b, b, "abbreviation") == {"nda"}
    assert {"non", "disclosure", "agreement"} <= marked(found.marks_a, a, "abbreviation")


def test_words_written_in_two_are_tied() -> None:
    found = seen("where is the login page", "where is the log in page")

    assert found.facts[FACT["compounds"]] == 1


def test_equal_quantities_in_other_words_are_equal() -> None:
    a, b = "a meeting of 60 minutes", "a meeting of one hour"

    found = seen(a, b)

    assert marked(found.marks_a, a, "quantity_equal") == {"60", "minutes"}
    assert found.facts[FACT["changed_measure"]] == 0


def test_a_changed_number_is_a_fact() -> None:
    assert seen("order 1234", "order 1243").facts[FACT["changed_number"]] == 1


def test_case_inside_a_sentence_is_a_fact() -> None:
    assert seen("why is US policy so", "why is us policy so").facts[FACT["case_differs"]] == 1


RELATIONS = [
    ("buy", "purchase", Relation.SYNONYM),
    ("increase", "decrease", Relation.ANTONYM),
    ("safe", "unsafe", Relation.NEGATED),
    ("orders", "order", Relation.LEMMA),
    ("went", "go", Relation.LEMMA),
    ("copper", "iron", Relation.SISTER),
    ("recieve", "receive", Relation.SPELLING),
    ("banana", "justice", Relation.NONE),
]


@pytest.mark.parametrize(("a", "b", "relation"), RELATIONS)
def test_words_stand_in_the_relation_that_wordnet_gives(a: str, b: str, relation: Relation) -> None:
    one, two = lexicon().word(a), lexicon().word(b)

    assert lexicon().relation(one, two) is relation
    assert lexicon().relation(two, one) is relation


@pytest.mark.parametrize(("text", "has_all"), [("jet lag tips", True), ("2 + 2?", False), ("Rezept für Brot", False)])
def test_the_lexicon_says_whether_it_has_every_word(text: str, has_all: bool) -> None:
    assert lexicon().has_all(embedder().token_ids(text).tolist()) is has_all
