"""Which answers keep an entry out of the semantic tier, as their words tell (R19)."""

from __future__ import annotations

import pytest

from proxy.core.lexicons import asks_back, greets_by_name, is_apology_or_refusal, is_time_bound_answer


@pytest.mark.parametrize(
    "text",
    [
        "As of March 2024, the fee is $30.",
        "The rate is currently 4.5 %.",
        "The shop is open today until 6 pm.",
        "The latest version is 3.12.",
        "My knowledge cutoff is 2023, so this may have changed.",
    ],
)
def test_an_answer_that_dates_itself_is_time_bound(text: str) -> None:
    assert is_time_bound_answer(text)


@pytest.mark.parametrize(
    "text",
    ["Paris is the capital of France.", "Electric current is measured in amperes.", "It takes three days to ship."],
)
def test_a_timeless_answer_is_not(text: str) -> None:
    assert not is_time_bound_answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "Sorry, something went wrong.",
        "I cannot assist with this request.",
        "As an AI language model, I do not have opinions.",
        "Unfortunately, I don't have access to your account.",
        "I apologize for the confusion.",
        "I\u2019m unable to provide medical advice.",
    ],
)
def test_apologies_and_refusals_are_known(text: str) -> None:
    assert is_apology_or_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "To reset your password, open Settings and choose Security.",
        "You cannot return opened software.",
        "The word sorry comes from Old English sarig.",
        "Refunds take five to seven days.",
    ],
)
def test_an_answer_about_refusals_is_no_refusal(text: str) -> None:
    assert not is_apology_or_refusal(text)


@pytest.mark.parametrize(
    "text", ["Hello Maria, your order is on its way.", "Hi Bob! Sure.", "Dear Ms. Chen, thank you."]
)
def test_a_greeting_by_name_is_known(text: str) -> None:
    assert greets_by_name(text)


@pytest.mark.parametrize(
    "text", ["Hello! How can I help?", "Hi there, sure.", "Dear customer, thank you.", "Sure. Here it is."]
)
def test_a_greeting_without_a_name_is_not_one_by_name(text: str) -> None:
    assert not greets_by_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Which city do you mean?",
        "Sure. Could you tell me your order number?",
        "Please provide more details about the error.",
        "I can do that. What size do you need?",
    ],
)
def test_an_answer_that_asks_back_is_known(text: str) -> None:
    assert asks_back(text)


@pytest.mark.parametrize("text", ["Paris.", 'It means "how are you" in French.', "Open the menu and choose Reset."])
def test_an_answer_that_answers_does_not_ask_back(text: str) -> None:
    assert not asks_back(text)
