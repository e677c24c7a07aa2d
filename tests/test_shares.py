"""All of a kind, or some that one adjective picks out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.guards import Guard, veto
from proxy.core.shares import picks_out, share_of


@pytest.mark.parametrize(
    ("some", "all_of_them"),
    [
        ("What are the new features of the Pro plan?", "What are the features of the Pro plan?"),
        ("What are the first symptoms of measles?", "Which symptoms does measles have?"),
        ("Which physical effects does caffeine have?", "What are the effects of caffeine?"),
        ("List the most serious side effects of ibuprofen.", "What are the side effects of ibuprofen?"),
        ("Name the remaining requirements for a mortgage", "What are the requirements for a mortgage?"),
    ],
)
def test_some_are_not_all(some: str, all_of_them: str) -> None:
    assert veto(some, all_of_them) is Guard.EXTENT
    assert veto(all_of_them, some) is Guard.EXTENT


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("What are the main advantages of remote work?", "What are the advantages of remote work?"),
        ("What are the rare symptoms of measles?", "Which symptoms of measles are rare?"),
        ("How do I set up my new phone?", "How do I set up my phone?"),
        ("What is the last name of the author of Emma?", "What is the name of the author of Emma?"),
        ("What are the new rules?", "What are the rules?"),
        ("What is the first language I should learn?", "Which language should I learn first?"),
        ("What caused the First World War?", "What are the causes of World War I?"),
    ],
)
def test_what_everybody_means_and_other_questions_are_left_to_the_scorer(a: str, b: str) -> None:
    assert veto(a, b) is None
    assert veto(b, a) is None


SAID = st.sampled_from(["what", "which", "are", "the", "new", "rare", "rules", "of", "chess", "list", "?"])
TEXTS = st.lists(SAID, max_size=8).map(" ".join)


@given(TEXTS, TEXTS)
def test_it_is_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b = share_of(one), share_of(two)

    assert picks_out(a, b) == picks_out(b, a)
    assert not picks_out(a, a)


def test_a_long_text_without_a_break_takes_no_longer_than_its_length() -> None:
    assert share_of("what " + "the new " * 50_000) == share_of("a" * 200_000)
