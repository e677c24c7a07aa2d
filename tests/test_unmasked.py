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


def fields_with(hidden: str, question: str = "Whom do I call?") -> dict[str, object]:
    system = f"answer briefly\n{hidden}"
    return {"messages": [{"role": "system", "content": system}, {"role": "user", "content": question}]}


EACH_LINE = [re2.compile(r"(?m)^.*$")]
LINE = [re2.compile(r"(?m)^(?:User|Name|Note): .*$")]


@pytest.mark.parametrize(
    ("hidden", "answer"),
    [
        ("User: ann.hale@hale.example", "I have written to ann.hale@hale.example."),
        ("User: ann.hale@hale.example", "Yours, Ann"),
        ("Name: ANN HALE", "Yes, Ann."),
        ("Note: the user is Ann Hale. Will Ray is her manager.", "Ask Will Ray."),
    ],
)
def test_an_address_its_owner_and_a_name_in_any_letters_are_such_words(hidden: str, answer: str) -> None:
    assert says_what_was_hidden([answer], fields_with(hidden), LINE)


@pytest.mark.parametrize(
    ("mask", "hidden", "answer"),
    [
        ("User .*", "User Ann Hale: gold", "Yours, Ann"),
        (r"\s*\bUser\b.*", "User Ann Hale: gold", "Yours, Ann"),
        ("[Uu]ser .*", "User Ann Hale: gold", "Yours, Ann"),
        ("Signed in as .*", "Signed in as Ann Hale (role: admin)", "Yours, Ann"),
        ("Chat .*", "Chat with Ann Hale: open", "Dear Ann"),
    ],
)
def test_a_name_before_a_colon_is_no_label(mask: str, hidden: str, answer: str) -> None:
    masks = [re2.compile(f"(?m)^{mask}$")]

    assert says_what_was_hidden([answer], fields_with(hidden), masks)
    assert not says_what_was_hidden(["Signed in? Chat, User."], fields_with(hidden), masks)


def test_a_label_without_a_person_is_none() -> None:
    masks = [re2.compile(r"(?m)^Current .*$")]

    assert not says_what_was_hidden(["Date And Time."], fields_with("Current Date And Time: 10 o'clock"), masks)


@pytest.mark.parametrize(
    ("hidden", "answer"),
    [
        ("Current user: ann", "Yours, Ann"),
        ("user_name=ann.hale", "hello ann"),
        ("login: ahale", "You are ahale."),
        ("12-34 user: ann", "hello ann"),
        ("The user's name is jo wu.", "Hi Jo!"),
        ("You are signed in as Jo", "Hi Jo!"),
        ('{"plan": "gold", "name": "ann"}', "Dear Ann"),
        ("<user>ann</user>", "Dear Ann"),
        ("顧客: 王偉", "Yours, 王偉"),
        ("Konto: 12-34-56", "From 12 34 56."),
        ("Konto: 12-34-56", "From 12\u201134\u201156."),
        ("Balance: 1,204.50", "You have 1204.50."),
    ],
)
def test_so_is_a_person_in_small_letters_or_in_letters_that_have_no_capitals_and_a_number_in_groups(
    hidden: str, answer: str
) -> None:
    masks = [re2.compile(r"(?m)^.*[:=>].*$|^.* (?:is|as) .*$")]

    assert says_what_was_hidden([answer], fields_with(hidden), masks)


@pytest.mark.parametrize(
    ("hidden", "answer"),
    [
        ("Balance: $42", "You can withdraw $42 at most."),
        ("Balance: 42 EUR", "There are €\u202f42 left."),
        ("Balance: 7", "That leaves 7 dollars."),
        ("Discount: 15%", "With 15 % off it costs less."),
        ("Slot: 09:15:00", "Your slot begins at 9:15."),
        ("Seat: 7C", "You sit in 7C."),
    ],
)
def test_so_is_an_amount_a_time_or_a_short_sign_with_a_number(hidden: str, answer: str) -> None:
    assert says_what_was_hidden([answer], fields_with(hidden), EACH_LINE)
    assert not says_what_was_hidden([answer], fields_with(hidden, f"is it so? {answer}"), EACH_LINE, answer)


@pytest.mark.parametrize(
    "answer", ["It has 42 parts, 15 of them in 7 boxes.", "It costs $1,042 or 3.15 %.", "At 10:30, at 19:15.", "C7, c"]
)
def test_a_short_number_that_is_no_amount_or_another_one_stands_in_any_answer(answer: str) -> None:
    hidden = "Balance: $42\nDiscount: 15%\nSlot: 09:15\nSeat: 7C"

    assert not says_what_was_hidden([answer], fields_with(hidden), EACH_LINE)


def test_what_is_said_of_no_person_counts_by_its_capitals_alone() -> None:
    hidden = "channel: chat\nuser role: admin\nthe user is new here and likes tea; plan: gold"

    assert not says_what_was_hidden(
        ["Ask an admin in our chat, here, for gold or tea."], fields_with(hidden), EACH_LINE
    )


@pytest.mark.parametrize("answer", ["You can call us. Today, too.", "Will it work? That is a matter of taste."])
def test_a_word_that_begins_a_sentence_is_no_name(answer: str) -> None:
    masks = [re2.compile(r"(?m)^Today is .*$")]
    fields = {"messages": [{"role": "system", "content": "be brief\nToday is Monday. You are helping Ann Hale."}]}

    assert not says_what_was_hidden([answer], fields, masks)
    assert says_what_was_hidden([f"{answer} Ask Ann."], fields, masks)


def test_what_the_question_says_is_seen_in_whatever_letters_and_though_a_mask_matches_there() -> None:
    masks = [re2.compile(r"\d{3,}|(?m)^User: .*$")]
    question = "does plan 365 include ann's?"
    fields = fields_with("x", question) | {"instructions": "User: Ann"}

    assert not says_what_was_hidden(["Plan 365 includes Ann too."], fields, masks, question)
    assert not says_what_was_hidden(["From 12 34 56."], fields_with("User: 12-34-56", "is it 12 34 56?"), LINE)
    assert says_what_was_hidden(["It costs 1200."], fields | {"instructions": "User: 1200"}, masks, question)


def test_a_long_text_takes_linear_time() -> None:
    masks = [re2.compile("(?s)^Note: .*")]
    for text in (
        "a." * 50_000,
        "a@" * 50_000,
        "A \n" * 30_000,
        "a@a." * 25_000,
        "1 " * 50_000,
        "1" * 50_000,
        "user: " * 20_000,
    ):
        fields = {"instructions": f"Note: {text} Zoe"}

        assert says_what_was_hidden([text, "Zoe"], fields, masks)
