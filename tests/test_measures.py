"""By which measure one is picked out, and which rank it has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.guards import Guard, veto
from proxy.core.measures import measured_otherwise, measures_of


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("What is the easiest way to clean an oven?", "What is the quickest way to clean an oven?"),
        ("What's the simplest method to fix a flat?", "What is the cheapest way to fix a flat?"),
        ("How can I easily peel garlic?", "How can I quickly peel garlic?"),
        ("How do I learn chess easily?", "What is the fastest way to learn chess?"),
        ("How do I lose weight fast?", "How do I lose weight safely?"),
        ("What is the most secure way to store passwords?", "What is the easiest way to store passwords?"),
        ("What is the most famous mountain in Austria?", "What is the deepest lake in Austria?"),
        ("Which city is the safest in Europe?", "Which is the least expensive city in Europe?"),
        ("What is the oldest bank in Canada?", "What is the richest bank in Canada?"),
    ],
)
def test_one_measure_is_not_another(a: str, b: str) -> None:
    assert veto(a, b) is Guard.EXTENT
    assert veto(b, a) is Guard.EXTENT


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("What is the second largest city in Spain?", "What is the largest city in Spain?"),
        ("Which is the 2nd most spoken language?", "Which is the most spoken language?"),
        ("What is the best laptop brand?", "What is the second best laptop brand?"),
        ("What is the final chapter of Emma about?", "What is the penultimate chapter of Emma about?"),
        ("How do I get the last row of a table?", "How do I get the second-to-last row of a table?"),
    ],
)
def test_one_rank_is_not_another(a: str, b: str) -> None:
    assert veto(a, b) is not None
    assert veto(b, a) is veto(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("What is the easiest way to learn Latin?", "How can I learn Latin easily?"),
        ("What is the fastest way to get to Nice?", "What is the quickest way to get to Nice?"),
        ("What is the shortest route to Nice?", "What is the fastest route to Nice?"),
        ("What is the best way to clean an oven?", "What is the easiest way to clean an oven?"),
        ("What is the biggest river in Asia?", "What is the longest river in Asia?"),
        ("What is the most popular fruit?", "What is the most common fruit?"),
        ("Sort the mails so that the newest comes first", "Sort the mails so that the oldest comes last"),
        ("What is the second biggest planet?", "Which planet is the second largest?"),
        ("What is the 2nd highest peak in Wales?", "What is the second highest peak in Wales?"),
        ("What is the penultimate chapter of Emma about?", "What is the second last chapter of Emma about?"),
        ("What is the last scene of Jaws?", "What is the final scene of Jaws?"),
        ("What is the cheapest phone?", "Which phone is the least expensive?"),
        ("What is the strongest metal?", "What is the toughest metal?"),
    ],
)
def test_what_may_be_one_measure_and_one_rank_is_left_to_the_scorer(a: str, b: str) -> None:
    assert veto(a, b) is None
    assert veto(b, a) is None


SAID = st.sampled_from(
    ["what", "is", "the", "second", "largest", "best", "city", "oldest", "last", "penultimate", "not"]
)
TEXTS = st.lists(SAID, max_size=8).map(" ".join)


@given(TEXTS, TEXTS)
def test_it_is_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b = measures_of(one), measures_of(two)

    assert measured_otherwise(a, b) == measured_otherwise(b, a)
    assert not measured_otherwise(a, a)


def test_a_long_text_without_a_break_takes_no_longer_than_its_length() -> None:
    assert measures_of("largest " + "second " * 50_000) == measures_of("a" * 200_000)
