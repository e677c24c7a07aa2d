"""Who does it, and to whom it is done; when it starts, and how long it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.guards import Guard, veto
from proxy.core.starts import starts_in, starts_or_lasts
from proxy.core.voices import turned_passive, voices_of


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Who directed Psycho?", "Who is directed in Psycho?"),
        ("Who mentioned the will?", "Who is mentioned in the will?"),
        ("Which countries colonised Africa?", "Which countries were colonised in Africa?"),
        ("Which companies acquired start-ups in 2020?", "Which start-ups were acquired in 2020?"),
        ("What caused the war?", "What has been caused by the war?"),
        ("Who told the press about the merger?", "Who was told by the press about the merger?"),
        ("I need the tenants who sued their landlords.", "Name all tenants who were sued by their landlords."),
    ],
)
def test_who_does_it_is_not_to_whom_it_is_done(a: str, b: str) -> None:
    assert veto(a, b) is Guard.DIRECTION
    assert veto(b, a) is Guard.DIRECTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Which files changed in the last commit?", "Which files were changed in the last commit?"),
        ("Which shops closed?", "Which shops are closed?"),
        ("Who married Ann Smith?", "Who is married to Ann Smith?"),
        ("Who directed Psycho?", "By whom was Psycho directed?"),
        ("Which companies did Google buy?", "Which companies were bought by Google?"),
        ("Who was fired and who fired him?", "Who fired him?"),
    ],
)
def test_the_same_in_the_other_voice_and_what_is_done_to_nothing_are_none(a: str, b: str) -> None:
    assert veto(a, b) is None
    assert veto(b, a) is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("What is the return period for phones?", "When does the return period for phones start?"),
        ("How long is the warranty on a laptop?", "When did the warranty on a laptop begin?"),
        ("What is the deadline for enrolment?", "When does enrolment start?"),
        ("Until when can I enrol?", "On what date does enrolment start?"),
    ],
)
def test_when_it_starts_is_not_how_long_it_is(a: str, b: str) -> None:
    assert veto(a, b) is Guard.QUESTION
    assert veto(b, a) is Guard.QUESTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("When does the trial period end?", "How long is the trial period?"),
        ("How many days after delivery does the return period start?", "When does the return period start?"),
        ("How long before the film starts?", "When does the film start?"),
        ("What is the starting date of the rental period?", "When does the rental period start?"),
    ],
)
def test_an_end_and_a_start_in_other_words_are_left_to_the_scorer(a: str, b: str) -> None:
    assert veto(a, b) is None
    assert veto(b, a) is None


SAID = st.sampled_from(
    ["who", "which", "towns", "was", "sued", "acquired", "them", "in", "when", "does", "start", "how long", "period"]
)
TEXTS = st.lists(SAID, max_size=8).map(" ".join)


@given(TEXTS, TEXTS)
def test_both_are_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b, p, q = voices_of(one), voices_of(two), starts_in(one), starts_in(two)

    assert turned_passive(a, b) == turned_passive(b, a)
    assert starts_or_lasts(p, q) == starts_or_lasts(q, p)
    assert not turned_passive(a, a)
    assert not starts_or_lasts(p, p)


def test_a_long_text_without_a_break_takes_no_longer_than_its_length() -> None:
    assert voices_of("which " + "a" * 200_000) == voices_of("which " * 40_000)
    assert starts_in("when does " + "a " * 100_000) == starts_in("a " * 100_000)
