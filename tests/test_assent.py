"""What a yes to an assistant's offer asks for."""

from __future__ import annotations

from time import process_time

import pytest

from proxy.core.words.assent import offered_act


@pytest.mark.parametrize(
    "reply", ["Yes", "yes please!", "OK, go ahead.", "Do it", "Sure", "I confirm", "Sounds good, thanks", "👍", "y"]
)
def test_an_assent_asks_for_the_offered_act(reply: str) -> None:
    assert offered_act("Shall I cancel your order?", reply) == "cancel your order."


@pytest.mark.parametrize(
    "reply",
    ["No", "Yesterday I ordered a lamp.", "How do I boil an egg?", "okra recipes", "", "yes " + "and so on " * 5],
)
def test_whoever_says_more_than_yes_is_judged_by_what_he_says(reply: str) -> None:
    assert offered_act("Shall I cancel your order?", reply) == ""


@pytest.mark.parametrize(
    ("offer", "act"),
    [
        ("Would you like me to refill your prescription?", "refill your prescription."),
        ("It costs 39 euros. I'll place the order now, okay?", "it costs 39 euros. place the order now, okay."),
        ("You\u2019re about to delete all files. Are you sure?", "delete all files. are you sure."),
        ("Deploy version 2.3? (yes/no)", "deploy version 2.3. (yes/no)."),
        ("Would you like to know more about our gym?", ""),
        ("Do you want to learn more and delete it?", "learn more and delete it."),
        ("Do you want to hear more about it and then delete it?", "hear more about it and then delete it."),
        ("", ""),
    ],
)
def test_an_offer_is_read_as_a_command(offer: str, act: str) -> None:
    assert offered_act(offer, "Yes.") == act


def test_a_long_offer_is_read_at_its_edges_only() -> None:
    began = process_time()
    offered_act("shall i " * 50_000 + "you are about " * 50_000, "yes " * 10)

    assert process_time() - began < 1.0
