"""In a place or outside it: vetoed where one text is out of what the other names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.guards import Guard, veto
from proxy.core.whereabouts import elsewhere, whereabouts_of

APART = [
    ("Can I use my debit card in the EU?", "Is it possible to use my debit card outside the EU?"),
    ("languages spoken in Switzerland", "Which languages are spoken outside of Switzerland?"),
    ("Which are Switzerland's languages?", "languages spoken outside Switzerland"),
    ("Is income earned in spain taxed?", "Do I have to pay tax on income earned outside spain?"),
    ("Do you deliver in the US?", "Do you deliver outside the US?"),
    ("How do I open a shop in New Zealand?", "How do I open a shop outside New Zealand?"),
    ("How do I import a function inside the package?", "How do I import functions outside the package?"),
    ("Can people from the EU study here?", "Can people from outside the EU study here?"),
]
NOT_APART = [
    ("Can I use my card outside the EU?", "Does my card work in non-EU countries?"),
    ("Can I use my card outside the EU?", "Does my card work abroad, and not in the EU?"),
    ("Which animals live outside Africa?", "Which animals aren't found in Africa?"),
    ("Do penguins live outside Antarctica?", "Are there penguins anywhere but in Antarctica?"),
    ("Do you ship in and outside Germany?", "Do you ship everything in Germany?"),
    ("How do I paint the outside of a house?", "How do I paint a house?"),
    ("How does the outside temperature in Oslo vary?", "How does temperature in Oslo vary?"),
    ("It is cold outside. What is open in Oslo?", "What is open in Oslo when it is cold?"),
    ("Is it not outside the EU?", "Is it in the EU?"),
]


@pytest.mark.parametrize(("one", "two"), APART)
def test_what_is_outside_a_place_is_not_in_it(one: str, two: str) -> None:
    assert veto(one, two) is Guard.POLARITY
    assert veto(two, one) is Guard.POLARITY


@pytest.mark.parametrize(("one", "two"), NOT_APART)
def test_where_other_words_may_say_the_same_the_scorer_decides(one: str, two: str) -> None:
    assert veto(one, two) is None
    assert veto(two, one) is None


TEXTS = st.lists(
    st.sampled_from(["outside", "in", "inside", "and", "of", "the", "US", "us", "Oslo", "oslo", "house", "not", "."]),
    max_size=10,
).map(" ".join)


@given(TEXTS, TEXTS)
def test_it_is_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b = whereabouts_of(one), whereabouts_of(two)

    assert elsewhere(a, b) == elsewhere(b, a)
    assert not elsewhere(a, a)


def test_a_long_text_is_left_to_the_scorer() -> None:
    assert whereabouts_of("in Oslo " * 60_000) == whereabouts_of("outside Oslo " * 60_000)
