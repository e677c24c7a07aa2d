"""An answer that says again what a mask hid of its request shows that it depends on it."""

from __future__ import annotations

import pytest
import re2

from proxy.core.unmasked import says_what_was_hidden

MASKS = [re2.compile(r"(?m)^(?:Current user|Date|Ticket): .*$")]
SYSTEM = "You help at Hale & Sons.\nCurrent user: Ann Hale\nDate: Monday, 23 November 2026\nTicket: A7-4411 (Open)"
FIELDS = {"messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": "Whom do I call on Monday?"}]}


@pytest.mark.parametrize("answer", ["Ann, call us.", "It is for *Ann*.", "Your ticket is 4411.", "Until 2026."])
def test_a_name_or_a_number_that_only_the_hidden_text_has_is_one(answer: str) -> None:
    assert says_what_was_hidden(["Yes.", answer], FIELDS, MASKS)


@pytest.mark.parametrize(
    "answer",
    [
        "Call Hale & Sons.",  # what is shown besides says it, too
        "On Monday.",  # the question asks about it
        "The Current one. User: nobody. Ticket: none.",  # names of lines
        "There are 23 ways, 7 of them open, and an announcement.",  # short, or words of no name
        "",
    ],
)
def test_what_stands_in_any_answer_is_none(answer: str) -> None:
    assert not says_what_was_hidden([answer], FIELDS, MASKS)


def test_the_same_of_a_response_and_of_what_one_mask_hides_of_anothers_rest() -> None:
    masks = [re2.compile("secretly"), re2.compile("(?s)<.*>")]
    fields = {
        "instructions": "Help. <name secretly: Zoe>",
        "input": [{"content": [{"type": "input_text", "text": "Hi"}]}],
    }

    assert says_what_was_hidden(["Hi Zoe"], fields, masks)
    assert not says_what_was_hidden(["Hi there"], fields, masks)
    assert not says_what_was_hidden(["Hi Zoe"], fields, [])
