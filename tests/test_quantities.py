"""Numbers and their kin are read in one canonical form, whatever way they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.quantities import quantities_of
from proxy.core.quantity import Kind, compare

SAME = [
    ("60 minutes", "an hour"),
    ("one hour", "1h"),
    ("half an hour", "30 mins"),
    ("twenty-five percent", "25%"),
    ("25 per cent", "25 pct"),
    ("up 2 percentage points", "a two-percentage-point rise"),
    ("Is it 2 percent? Points are deducted.", "Is it 2%?"),
    ("$2.5m", "2.5 million dollars"),
    ("five dollars", "USD 5"),
    ("Rs. 500", "500 rupees"),
    ("10k users", "ten thousand users"),
    ("1,234 files", "1234 files"),
    ("10km", "10 kilometres"),
    ("1.5 kg", "1500 grams"),
    ("3pm", "3:00 p.m."),
    ("the third quarter", "Q3"),
    ("May 5th, 2024", "the 5th of May 2024"),
    ("version 2.1.3", "v2.1.3"),
    ("the 21st floor", "the twenty-first floor"),
    ("World War II", "World War 2"),
    ("order #1234", "order 1234"),
    ("on Mondays", "on Monday"),
    ("a dozen eggs", "12 eggs"),
    ("an hour and a half", "90 minutes"),
    ("two and a half hours", "2.5 hours"),
    ("one and a quarter cups", "1.25 cups"),
    ("three quarters plus one eighth", "3/4 and 1/8"),
    ("three tenths as a percentage", "0.3 as a percentage"),
    ("a third of the class", "1/3 of the class"),
    ("a quarter of an hour", "15 minutes"),
    ("three-quarters of an hour", "45 minutes"),
    ("half of an hour", "half an hour"),
    ("one half of the class", "half the class"),
    ("1 1/2 cups", "one and a half cups"),
    ("Django three point two", "Django 3.2"),
    ("three point one four", "3.14"),
    ("the tax year 2023/24", "the tax year 2023-24"),
    ("the 1999/00 season", "the season 1999-2000"),
    ("from 2023 to 2024", "2023/24"),
    ("support 24/7", "24-7 support"),
    ("401k", "a 401(k)"),
]
DIFFERENT = [
    ("order 1234", "order 1243", Kind.NUMBER),
    ("5%", "7%", Kind.PERCENT),
    ("5 percent", "5 percentage points", Kind.PERCENT),
    ("$50", "€50", Kind.MONEY),
    ("10 mg", "10 mcg", Kind.MEASURE),
    ("3 days", "3 weeks", Kind.MEASURE),
    ("INV-2041", "INV-2014", Kind.IDENT),
    ("version 3.1", "version 3.10", Kind.VERSION),
    ("Monday", "Tuesday", Kind.WEEKDAY),
    ("Q1", "Q2", Kind.QUARTER),
    ("the 2nd act", "the 3rd act", Kind.ORDINAL),
    ("2024-05-05", "2024-05-06", Kind.DATE),
    ("at 3pm", "at 3am", Kind.TIME),
    ("007", "7", Kind.NUMBER),
    ("an hour and a half", "an hour", Kind.MEASURE),
    ("a quarter of an hour", "an hour", Kind.MEASURE),
    ("two thirds of the class", "two fifths of the class", Kind.NUMBER),
    ("growth in three quarters", "growth in two quarters", Kind.NUMBER),
    ("a third party", "a fourth party", Kind.ORDINAL),
    ("two and a half weeks", "two weeks", Kind.MEASURE),
    ("three point two", "three point four", Kind.NUMBER),
    ("the tax year 2023/24", "the tax year 2024/25", Kind.NUMBER),
    ("a 401(k)", "a 403(b)", Kind.IDENT),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_the_same_thing_written_two_ways_is_equal(a: str, b: str) -> None:
    found = compare(quantities_of(a), quantities_of(b))

    assert frozenset() == found.changed | found.added, (quantities_of(a), quantities_of(b))


@pytest.mark.parametrize(("a", "b", "kind"), DIFFERENT)
def test_a_changed_quantity_names_its_kind(a: str, b: str, kind: Kind) -> None:
    found = compare(quantities_of(a), quantities_of(b))

    assert kind in found.changed


@pytest.mark.parametrize(
    "text", ["I may march", "which one is it", "first of all", "quarter to", "a second opinion", "the point of it", ""]
)
def test_words_that_often_mean_something_else_are_no_sure_quantity(text: str) -> None:
    assert not [quantity for quantity in quantities_of(text) if quantity.is_sure]


def test_the_order_of_two_numbers_is_seen() -> None:
    found = compare(quantities_of("from 5 to 7"), quantities_of("from 7 to 5"))

    assert frozenset() == found.changed | found.added
    assert found.reordered


def test_a_number_that_only_one_text_holds_is_added_not_changed() -> None:
    found = compare(quantities_of("the 2 best films"), quantities_of("the best films"))

    assert (found.added, found.changed) == ({Kind.NUMBER}, frozenset())


@given(st.text(max_size=80), st.text(max_size=80))
def test_comparison_is_symmetric_and_never_raises(a: str, b: str) -> None:
    one, two = quantities_of(a), quantities_of(b)

    assert compare(one, two) == compare(two, one)
    assert frozenset() == compare(one, one).changed | compare(one, one).added


def test_spans_point_at_the_characters_that_were_read() -> None:
    text = "Pay 25 percent of $40 by Friday"

    assert [text[q.start : q.end] for q in quantities_of(text)] == ["25 percent", "$40", "Friday"]
