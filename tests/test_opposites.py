"""One thing done and undone, or done in two ways that exclude each other: vetoed where both are said plainly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.guards import Guard, veto
from proxy.core.opposites import done_otherwise, opposites_in
from proxy.core.words.opposites import ACTS, JUDGED, WAYS

OPPOSED = [
    ("How do I merge two accounts?", "What's the best way to split an account?"),
    ("I'd like to know how to undo a change", "How do I redo a change?"),
    ("How do I roll out an update?", "Steps to roll back the update"),
    ("allow pop-ups in chrome", "How can I block pop-ups?"),
    ("How do I log in to the portal?", "how to log out of the portal"),
    ("How do I sign up for the gym?", "How do I sign in at the gym?"),
    ("On the settings page, how can I pause my subscription?", "How do I resume a subscription in the settings?"),
    ("Is it true that refunds are made automatically?", "refunds are made manually, is that right?"),
    ("How do I delete a branch locally?", "What is the best way to delete a branch remotely?"),
    ("What are the rules for existing customers?", "Which rules hold for new customers?"),
    ("Does the landlord pay for repairs?", "For repairs, do tenants pay?"),
    ("How do I raise blood sugar quickly?", "How can I lower blood sugar fast?"),
    ("Does coffee raise blood pressure?", "Is it true that coffee can lower blood pressure?"),
    ("In Britain, does the law let me own a crossbow?", "Is it illegal to own a crossbow in the UK?"),
    ("Can I drink raw milk safely?", "raw milk unsafe to drink or not"),
    ("Which dog breeds are allowed in Denmark?", "dog breeds that are banned in Denmark"),
    ("Is it legal to drive without shoes after dark?", "After dark, is driving without shoes prohibited?"),
    ("Is rice healthy?", "Is it true that rice is unhealthy?"),
]
NOT_OPPOSED = [
    ("How do I hide my number?", "How do I stop showing my number?"),
    ("Chrome is blocking pop-ups, what now?", "How do I allow pop-ups in Chrome?"),
    ("Reject the contract", "Refuse to accept the contract"),
    ("Should I accept or decline the offer?", "Decline the offer or accept the offer?"),
    ("Unblock my card", "How do I unblock a card that was blocked?"),
    ("How do I turn on notifications?", "How do I enable notifications?"),
    ("How do I unlock the screen?", "How do I get past the lock screen?"),
    ("How do I connect my phone after I disconnect it?", "Disconnected: how do I connect my phone again?"),
    ("Who pays for repairs, the landlord or the tenant?", "Does the tenant pay for repairs or the landlord?"),
    ("Is the file not deleted automatically?", "Is the file deleted manually?"),
    ("Don't add salt", "Remove salt"),
    ("Show me how to merge cells", "How do I combine cells?"),
    ("How can I increase battery life on my phone?", "How do I reduce battery drain on a phone?"),
    ("How do I increase page speed?", "Ways to reduce page loading times"),
    ("How do I replace my existing password?", "How can I get a new password?"),
    ("I want to change my existing phone number", "How do I set a new phone number?"),
    ("How do I run the front end server locally?", "How do I start the server locally?"),
    ("Is jaywalking legal or illegal?", "Is jaywalking illegal?"),
    ("Is it not legal to own a crossbow?", "Is it illegal to own a crossbow?"),
    ("What isn't allowed on a plane?", "What is forbidden on a plane?"),
    ("How do I dispose of hazardous waste safely?", "How do I dispose of hazardous waste?"),
    ("Let me know if jaywalking is illegal", "Is jaywalking illegal?"),
]


@pytest.mark.parametrize(("one", "two"), OPPOSED)
def test_a_thing_done_is_not_the_thing_undone(one: str, two: str) -> None:
    assert veto(one, two) is Guard.POLARITY
    assert veto(two, one) is Guard.POLARITY


@pytest.mark.parametrize(("one", "two"), NOT_OPPOSED)
def test_what_another_word_may_turn_round_is_left_to_the_scorer(one: str, two: str) -> None:
    assert veto(one, two) is None
    assert veto(two, one) is None


@pytest.mark.parametrize("table", [ACTS, WAYS, JUDGED], ids=["acts", "ways", "judged"])
def test_opposites_are_mutual_and_none_is_its_own(table: dict[str, set[str]]) -> None:
    assert all(word in table[other] and word != other for word, others in table.items() for other in others)


TEXTS = st.lists(
    st.sampled_from(
        [
            "lock",
            "unlock",
            "turn",
            "on",
            "off",
            "the",
            "door",
            "automatically",
            "manually",
            "not",
            "legal",
            "banned",
            "safe",
            "unsafe",
        ]
    ),
    max_size=10,
).map(" ".join)


@given(TEXTS, TEXTS)
def test_it_is_symmetric_and_never_against_the_text_itself(one: str, two: str) -> None:
    a, b = opposites_in(one), opposites_in(two)

    assert done_otherwise(a, b) == done_otherwise(b, a)
    assert not done_otherwise(a, a)


def test_a_long_text_is_left_to_the_scorer() -> None:
    assert opposites_in("lock the door " * 60_000) == opposites_in("")
