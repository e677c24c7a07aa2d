"""A number that is the least in one text and the most in the other is vetoed, whatever the other words; so is one that
is within its bounds in one text only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.bounds import bounded_otherwise, bounds_of
from proxy.core.guards import Guard, veto

APART = [
    ("I want to sell 24 Boyer shares, price at least 95 dollars.", "Sell 24 Boyer shares for not above $95."),
    ("Can I bring up to 100 ml on a plane?", "Am I allowed to bring more than 100 ml on a plane?"),
    ("Do students under 26 get a discount?", "Is there a discount for students over 26?"),
    ("Can I return it within 14 days?", "Is it possible to send it back after two weeks?"),
    ("Delete emails older than 30 days", "How do I delete emails newer than 30 days?"),
    ("Can I work if I am 16 or older?", "Can I work if I am 16 or younger?"),
    ("Can I take leave for three months?", "May I take leave in 3 months?"),
    ("Will my account be locked for 24 hours?", "Is my account locked in a day?"),
    ("Is a price of no more than 5 euros fair?", "Is a price of not less than 5 euros fair?"),
]
WITHIN_OR_NOT = [
    ("Can I open an account if I am over 18?", "Can I open an account if I am 18 or over?"),
    ("Do children under 5 travel free?", "Do children 5 or under travel free?"),
    ("What is the fare for children under 12?", "What does a child of up to 12 pay?"),
    ("List customers with more than 3 orders.", "List customers with at least three orders."),
    ("Is shipping free above 50 euros?", "Is shipping free from EUR 50 and up, so for 50 euros and more?"),
]
NOT_APART = [
    ("Do people over 65 get a discount?", "Is there a discount for people older than 65?"),
    ("Is it free for those of 65 and older?", "Is it free for those who are at least 65?"),
    ("Recommend a laptop under 800 euros.", "Which laptop can I get for at most 800 euros?"),
    ("Is it more than 5 and at least 5?", "Is it at least 5?"),
    ("Is a price of not more than 5 euros fair?", "Is a price of at most 5 euros fair?"),
    ("Who may drive, those not under 17?", "Who may drive, those who are at least 17?"),
    ("I can't bring more than 100 ml, right?", "I can bring up to 100 ml, right?"),
    ("How do I save 10,000 euros over two years?", "How do I save 10,000 euros within two years?"),
    ("How do I pay a loan back over two years?", "How do I pay a loan back in less than two years?"),
    ("Is it between more than 5 and less than 5 kg?", "Is it less than 5 kg?"),
    ("Do orders of 50 euros and above ship for free?", "Do orders from 50 euros up ship for free?"),
    ("What can I see in Rome in three days?", "What can I see in Rome for three days?"),
    ("It has rained for three days", "It is the first rain in three days"),
    ("Will I be fit if I train for a week?", "Will I be fit in a week?"),
    ("Is 5 more than enough?", "Is 5 less than enough?"),
]


@pytest.mark.parametrize(("one", "two"), APART)
def test_the_least_is_not_the_most(one: str, two: str) -> None:
    assert veto(one, two) is Guard.EXTENT
    assert veto(two, one) is Guard.EXTENT


@pytest.mark.parametrize(("one", "two"), WITHIN_OR_NOT)
def test_what_is_over_a_number_is_not_that_number(one: str, two: str) -> None:
    assert veto(one, two) is Guard.EXTENT
    assert veto(two, one) is Guard.EXTENT


@pytest.mark.parametrize(("one", "two"), NOT_APART)
def test_the_same_bound_in_other_words_and_what_is_none_are_left_to_the_scorer(one: str, two: str) -> None:
    assert veto(one, two) is None
    assert veto(two, one) is None


TEXTS = st.lists(
    st.sampled_from(
        [
            "at least",
            "not more than",
            "over",
            "under",
            "within",
            "after",
            "5 kg",
            "5 days",
            "or more",
            "more than",
            "not",
            "locked",
            "for",
            "in",
        ]
    ),
    max_size=8,
).map(" ".join)


@given(TEXTS, TEXTS)
def test_it_is_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b = bounds_of(one), bounds_of(two)

    assert bounded_otherwise(a, b) == bounded_otherwise(b, a)
    assert not bounded_otherwise(a, a)
