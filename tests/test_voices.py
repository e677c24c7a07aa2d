"""Who does it, and to whom it is done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.guards import Guard, veto
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


SAID = st.sampled_from(["who", "which", "towns", "was", "sued", "acquired", "them", "in"])
TEXTS = st.lists(SAID, max_size=8).map(" ".join)


@given(TEXTS, TEXTS)
def test_it_is_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b = voices_of(one), voices_of(two)

    assert turned_passive(a, b) == turned_passive(b, a)
    assert not turned_passive(a, a)


def test_a_long_text_without_a_break_takes_no_longer_than_its_length() -> None:
    assert voices_of("which " + "a" * 200_000) == voices_of("which " * 40_000)
