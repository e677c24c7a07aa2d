"""How it is against how it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.guards import Guard, veto
from proxy.core.tenses import at_another_time, tense_of


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("How is bread made?", "How was bread made?"),
        ("How are letters delivered in Nepal?", "How were letters delivered in Nepal?"),
        ("How do the Inuit hunt seals?", "How did the Inuit hunt seals?"),
        ("How do doctors treat measles?", "How did doctors treat measles?"),
        ("What is the legal drinking age in Iowa?", "What was the legal drinking age in Iowa?"),
        ("Who is the mayor of Leeds?", "Who was the mayor of Leeds?"),
        ("What is the capital of Japan?", "What was the capital of Japan?"),
    ],
)
def test_now_is_not_then(now: str, then: str) -> None:
    assert veto(now, then) is Guard.QUESTION
    assert veto(then, now) is Guard.QUESTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Who is the author of Dune?", "Who was the author of Dune?"),
        ("Who is the first president of Ghana?", "Who was the first president of Ghana?"),
        ("Who is the king of France in 1700?", "Who was the king of France in 1700?"),
        ("How are stars formed?", "How were stars formed?"),
        ("How is the Eiffel Tower built?", "How was the Eiffel Tower built?"),
        ("How did Romeo die?", "How does Romeo die?"),
        ("Why does the build fail?", "Why did the build fail?"),
        ("How did you make the sauce?", "How do you make the sauce?"),
        ("What was the fee for parking again?", "What is the fee for parking again?"),
        ("How is bread made in Peru?", "How are breads made in Peru?"),
        ("How was silk made by the Chinese?", "How did the Chinese make silk?"),
        ("How did dinosaurs become extinct?", "How do dinosaurs become extinct?"),
    ],
)
def test_where_either_tense_may_ask_the_same_the_scorer_judges(a: str, b: str) -> None:
    assert veto(a, b) is None
    assert veto(b, a) is None


SAID = st.sampled_from(["how", "do", "did", "is", "was", "the", "mayor", "of", "Leeds", "bread", "made", "who", "?"])
TEXTS = st.lists(SAID, max_size=8).map(" ".join)


@given(TEXTS, TEXTS)
def test_it_is_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b = tense_of(one), tense_of(two)

    assert at_another_time(a, b) == at_another_time(b, a)
    assert not at_another_time(a, a)


def test_a_long_text_without_a_break_takes_no_longer_than_its_length() -> None:
    assert tense_of("how was " + "made " * 50_000) == tense_of("a" * 200_000)
