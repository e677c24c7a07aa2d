"""Both ends of a relation in each other's place, and with against without: vetoed where nothing else can be meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.directions import relations_of, turned_round
from proxy.core.guards import Guard, veto
from proxy.core.polarity import opposed, polarity_of

TURNED = [
    ("Is there a bus from Leeds to York on Sunday?", "How do I get to Leeds by coach from York?"),
    ("On August 17th I'd like the boat which runs Porto Alegre to Jinhua.", "Boat Jinhua to Porto Alegre for Aug 17"),
    ("How do I convert a Word document to PDF?", "Convert PDFs to Word documents, please"),
    ("Merge main into develop for PR 7", "For PR 7, get the commits of develop into main."),
    ("Prove that a hare is rarer than a fox.", "Which evidence says foxes are rarer than hares?"),
    ("Is Perl less popular than Ruby?", "Why is Ruby less popular than Perl nowadays?"),
    ("When was it that Poland was beaten by Canada?", "In which year was Canada beaten by Poland?"),
    ("In what year did Spain beat Italy?", "When was Spain beaten by Italy?"),
    ("File note: Kurt Torres reported Ann Norton", "Please record that Ann Norton reported Kurt Torres."),
]
NOT_TURNED = [
    ("Is there a bus from Leeds to York?", "How do I get to York from Leeds by coach?"),
    ("In what year did Spain beat Italy?", "When was Italy beaten by Spain?"),
    ("What is the distance from Graz to Vienna?", "distance from Vienna to Graz"),
    ("Is Spain a younger state than Portugal?", "Portugal is older as a state than Spain, isn't it?"),
    ("In 1986 Ann Morton married Tim Torlot.", "Tim Torlot married Ann Morton in 1986."),
    ("How do I want to travel to Rome?", "I want to know how to travel to Rome"),
    ("Which refunds can I get prior to the trip?", "Which refunds are possible prior to a trip?"),
    ("Convert from 5 to 7", "Convert from 7 to 5"),
    ("Is travel to Egypt safe?", "Is Egypt safe to travel?"),
    ("Does this letter need to reach the seller?", "The seller needs to get this letter?"),
    ("How can I add a photo to an album?", "Adding photos to albums: how?"),
]
OPPOSED = [
    ("Will stew be cooked after 30 minutes at 90 degrees covered?", "Stew, uncovered, 90 degrees, 30 minutes: done?"),
    ("Can I travel with my passport?", "What happens if I travel without a passport?"),
    ("Is salted butter fine for this cake?", "Is unsalted butter fine for this cake?"),
]
NOT_OPPOSED = [
    ("Bake it covered", "Bake it, not uncovered"),
    ("Can I travel without a passport?", "Is a passport needed to travel?"),
    ("My PIN got blocked, help", "How do I get my PIN unblocked?"),
    ("Can I pay with a card without a PIN?", "Paying without a PIN but with a card: possible?"),
]


@pytest.mark.parametrize(("one", "two"), TURNED)
def test_two_ends_in_each_others_place_are_vetoed_whatever_the_other_words(one: str, two: str) -> None:
    assert veto(one, two) in {Guard.DIRECTION, Guard.ROLES}
    assert turned_round(relations_of(one), relations_of(two))


@pytest.mark.parametrize(("one", "two"), NOT_TURNED)
def test_the_same_way_in_other_words_passes(one: str, two: str) -> None:
    assert veto(one, two) is None


@pytest.mark.parametrize(("one", "two"), OPPOSED)
def test_with_and_without_are_vetoed(one: str, two: str) -> None:
    assert veto(one, two) is Guard.POLARITY


@pytest.mark.parametrize(("one", "two"), NOT_OPPOSED)
def test_where_another_word_of_negation_or_none_stands_the_scorer_decides(one: str, two: str) -> None:
    assert veto(one, two) is None


RELATING = ["from", "to", "into", "than", "rarer", "more", "is", "was", "by", "with", "without", "covered", "uncovered"]
WORDS = st.sampled_from([*RELATING, "Oslo", "Rome", "hare", ".", ","])
TEXTS = st.lists(WORDS, max_size=14).map(" ".join)


@given(TEXTS, TEXTS)
def test_both_are_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b, p, q = relations_of(one), relations_of(two), polarity_of(one), polarity_of(two)

    assert turned_round(a, b) == turned_round(b, a)
    assert opposed(p, q) == opposed(q, p)
    assert not turned_round(a, a)
    assert not opposed(p, p)


def test_a_long_text_without_a_break_takes_no_longer_than_its_length() -> None:
    assert relations_of("A" * 200_000) == relations_of("to " * 60_000) == ()
