"""Prompts of nearly the same words that need two answers: what is chosen, asked besides, given, done to whom."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from proxy.core.directions import relations_of
from proxy.core.guards import Guard, veto
from proxy.core.second_question import asked_in
from proxy.core.transfers import transfers_of

ACCOUNTS = "I have a savings account and a current account with you."
TICKETS = "Our tickets can be new, assigned, waiting or closed."


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"{ACCOUNTS} How do I close the savings account?", f"{ACCOUNTS} How do I close the current account?"),
        (
            "I take ibuprofen and paracetamol. What is the highest daily dose of ibuprofen?",
            "I'm taking paracetamol and ibuprofen. What's the maximum daily dose of paracetamol?",
        ),
        (
            f"{TICKETS} Allow a ticket to be reopened only when it is waiting.",
            f"{TICKETS} Allow a ticket to be reopened only when it is closed.",
        ),
        ("Red, green or blue: which wavelength has red?", "Red, green or blue: which wavelength has blue?"),
        (
            "I have a Toyota Corolla and a Ford F-150. What tire pressure should I use on the Corolla?",
            "Which tyre pressure suits the F-150? I drive a Ford F-150 as well as a Toyota Corolla.",
        ),
        (
            "My kids are 3, 7 and 12 years old. What bedtime is right for the 7-year-old?",
            "I have a 12-year-old, a 7-year-old and a 3-year-old. At what time should the 12-year-old go to bed?",
        ),
        (
            "I have a work email and a private email. How do I change the work email?",
            "I have a work email and a private email. How do I change the private email?",
        ),
    ],
)
def test_another_of_several_named_things_is_a_veto(a: str, b: str) -> None:
    assert veto(a, b) is Guard.CHOICE
    assert veto(b, a) is Guard.CHOICE


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            f"{ACCOUNTS} How do I close the savings account?",
            "I've got a current account and a savings account with you. How can I close the savings one?",
        ),
        ("Does skimmed milk have more sugar than whole milk?", "sugar: skimmed vs whole milk, does skimmed win"),
        ("Read a file line by line in Go", "How does one go through a text file one line at a time in Go?"),
        (
            "I forgot my password and my user name. How do I reset the password?",
            "Forgot user name and password: how can I reset my password?",
        ),
    ],
)
def test_the_same_one_in_other_words_is_none(a: str, b: str) -> None:
    assert veto(a, b) is not Guard.CHOICE


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("Why is my invoice wrong?", "Why is my invoice wrong, and what now?"),
        ("How do I report a lost card?", "How can I report a lost card, and to whom?"),
        ("What happens if I miss a payment?", "What happens if I miss a payment, and then?"),
        ("Which forms do I need to register a car?", "Which forms do I need to register a car? And where?"),
        ("Why did the deploy fail?", "Why did the deploy fail and what should I do?"),
        ("How does a heat pump work?", "How does a heat pump work, and where can I read more?"),
    ],
)
def test_a_second_little_question_is_a_veto(question: str, second: str) -> None:
    assert veto(question, second) is Guard.QUESTION
    assert veto(second, question) is Guard.QUESTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("When and where was Goethe born?", "Where was Goethe born, and when?"),
        ("Why is my invoice wrong, and what now?", "My invoice is wrong: why, and what should I do now?"),
        ("Which phone is best?", "Which phone is best, and why?"),
        ("Does the museum have a dress code?", "Does it matter what I wear to the museum, and if so, what?"),
        ("What do owls eat and how do they hunt?", "How do owls hunt, and what do they eat?"),
    ],
)
def test_two_questions_in_another_order_or_a_wish_for_reasons_are_none(a: str, b: str) -> None:
    assert veto(a, b) is not Guard.QUESTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("How do I provide feedback?", "How do I get feedback?"),
        ("How do we offer a discount to students?", "How can we get a discount for students?"),
        ("Where do I request access to the drive?", "Where do I grant access to the drive?"),
        ("How do I send a fax?", "What are the steps to receive a fax?"),
        ("What is the way to provide feedback?", "Where can I get feedback?"),
        ("How do I give classes?", "How do I get a class?"),
    ],
)
def test_giving_is_not_getting(a: str, b: str) -> None:
    assert veto(a, b) is Guard.DIRECTION
    assert veto(b, a) is Guard.DIRECTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Do you offer a student discount?", "Can I get a student discount?"),
        ("Can you give me a refund?", "How do I get a refund?"),
        ("How do I get feedback?", "How do I receive some feedback?"),
        ("When do you send my refund?", "When do I receive my refund?"),
        ("How do I give feedback after I get a reply?", "After I get a reply, how do I provide feedback?"),
    ],
)
def test_one_gives_what_the_other_gets_or_both_are_said(a: str, b: str) -> None:
    assert veto(a, b) is not Guard.DIRECTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("List the modules that import core.", "List the modules that core imports."),
        ("Show the tables that orders references.", "Show the tables that reference orders."),
        ("Name the artists who influenced Klimt.", "Name the artists whom Klimt influenced."),
        ("Who are the people that blocked me?", "Who are the people that I blocked?"),
        ("List the services that billing depends on.", "List the services that depend on billing."),
        (
            "Write a dialogue for a language course in which a waiter serves a guest who is unhappy because the soup "
            "is cold and the wine is warm.",
            "Write a dialogue for a language course in which a waiter serves a guest who is unhappy because the soup "
            "is warm and the wine is cold.",
        ),
        (
            "Write a docker compose file in which the api waits for the database and the worker waits for the queue, "
            "with health checks for each of them.",
            "Write a docker compose file in which the api waits for the queue and the worker waits for the database, "
            "with health checks for each of them.",
        ),
        (
            "My son is allergic to nuts and goes to a summer camp for a week. What should I tell the camp beforehand?",
            "My son is allergic to nuts and goes to a summer camp for a week. What should the camp tell me beforehand?",
        ),
    ],
)
def test_a_part_that_is_turned_round_is_a_veto(a: str, b: str) -> None:
    assert veto(a, b) is Guard.ROLES
    assert veto(b, a) is Guard.ROLES


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("What are the names of students who tutor Emma?", "Give me the list of students that Emma is tutoring."),
        ("Who was the colleague that John trained?", "The colleague who trained John: who was it?"),
        (
            "Show people that have blocked me on Instagram",
            "Which are the people whom I blocked?",
        ),
    ],
)
def test_who_does_it_to_whom_is_heard_whatever_the_other_words(a: str, b: str) -> None:
    assert veto(a, b) is Guard.DIRECTION
    assert veto(b, a) is Guard.DIRECTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("students who tutor Emma", "students by whom Emma is tutored"),
        ("Students that are tutored by Emma", "students whom Emma tutors"),
        ("Is a theory that cannot be tested bad?", "Why is a theory bad that cannot be empirically tested?"),
        ("Who founded Volvo?", "Who was Volvo's founder?"),
    ],
)
def test_the_same_in_the_passive_or_by_a_noun_is_none(a: str, b: str) -> None:
    assert veto(a, b) is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "My soup was salty and my steak was undercooked. How do I word a complaint?",
            "How should I phrase a complaint? The steak was too salty, and the soup was undercooked.",
        ),
        (
            "Managers approve travel and directors approve purchases. Write the policy.",
            "Please write the policy so that directors approve travel and managers approve purchases.",
        ),
        (
            "Left click should open the menu and right click should select the item. Write the JavaScript.",
            "Write JavaScript so that the item gets selected on left click and the menu opens on right click.",
        ),
    ],
)
def test_a_word_that_went_from_one_clause_to_the_next_is_a_veto(a: str, b: str) -> None:
    assert veto(a, b) is Guard.ROLES
    assert veto(b, a) is Guard.ROLES


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Write a story on a shy dragon and a brave mouse.", "Write a story on a brave mouse and a shy dragon."),
        ("The soup is cold and the wine is warm: complain.", "Complain: the wine is warm, and the soup is cold."),
        ("How do I mix blue and yellow paint into green?", "How do I mix yellow and blue paint to get green?"),
        ("Is it cheaper to rent or buy a car in Bristol?", "In Bristol, is it cheaper to buy or rent a car?"),
        ("Compare Iran, Syria, Sudan and North Korea.", "Compare Iran, North Korea, Sudan and Syria."),
        ("Is Iris Murdoch's brother related to Rupert?", "Is Rupert related to Iris Murdoch's brother?"),
        (
            "Which is heavier, a litre of oil or a litre of water?",
            "Which is heavier, a litre of water or a litre of oil?",
        ),
        (
            "Tell the apprentice that inside the crumb should reach 96",
            "Tell the apprentice the crumb should reach 96 inside",
        ),
        ("Which country borders Portugal?", "Which country does Portugal border?"),
        ("What rhymes with moon?", "What does moon rhyme with?"),
        (
            "In our shop the shirts are 15% off and the trousers 30% off. What do I pay for a 40-euro shirt?",
            "In our shop the trousers are 30% off and the shirts 15% off. What do I pay for a 40-euro shirt?",
        ),
        (
            "My son is six and starts school in autumn. How can I help him when he reads?",
            "My son is six and starts school in autumn. When he reads, how can I help him?",
        ),
    ],
)
def test_what_may_change_places_is_none(a: str, b: str) -> None:
    assert veto(a, b) is not Guard.ROLES


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ("How do I change the toner?", "Hello, quick question: how do I change the toner?"),
        ("How do I renew my badge?", "Hi team, one question: how do I renew my badge?"),
        ("Where do I park?", "My question is the following: where do I park?"),
        ("Write a haiku about rain.", "Please do the following: write a haiku about rain."),
        ("How do I find slow queries in Postgres?", "Postgres: how do I find slow queries?"),
        ("Sort a dictionary by value in Python", "Python: sort a dictionary by value"),
        ("How do I freeze the top row in Excel?", "Excel question: how do I freeze the top row?"),
        ("Why does the moon have phases?", "My question concerns the moon: why does it have phases?"),
        ("Who signs off on annual leave?", "The question I have is: who signs off on annual leave?"),
        ("Is the earth flat? Answer with a single word.", "Answer in one word: is the earth flat?"),
        ("How do I change the toner?", "Sorry to bother you, quick question: how do I change the toner?"),
        ("How do I renew my badge?", "One more question: how do I renew my badge?"),
        ("How do I renew my badge?", "Excuse the basic question: how do I renew my badge?"),
        ("How do I renew my badge?", "Hi, sorry if this was asked before: how do I renew my badge?"),
        ("How do I renew my badge?", "I couldn't find this in the documentation: how do I renew my badge?"),
        ("How do I renew my badge?", "Hi, I hope you are doing well. How do I renew my badge?"),
        ("How do I renew my badge?", "I'm completely lost. How do I renew my badge?"),
        ("How do I change the toner?", "Hello team,\nhow do I change the toner?\nThank you,\nLuis"),
        ("Virginia: is a 29-year-old able to vote early?", "Virginia: is a 29 year old able to vote early?"),
        (
            "What is the difference between a fixed-rate and a variable-rate mortgage?",
            "Fixed versus variable mortgage rate: what distinguishes the two?",
        ),
        ("Solve 3x + 5 = 20, and explain each step.", "Explain step by step how to solve 3x + 5 = 20."),
    ],
)
def test_a_courtesy_or_a_topic_hands_nothing_over_and_states_nothing(plain: str, told: str) -> None:
    assert veto(plain, told) is None
    assert veto(told, plain) is None


def test_what_is_handed_over_must_still_be_equal() -> None:
    assert veto("Translate into Spanish: where do I park?", "Where do I park?") is Guard.PAYLOAD
    assert veto("Answer in Spanish: where do I park?", "Answer in Spanish: where do I wait?") is Guard.PAYLOAD
    assert veto("Repeat after me: dont be late please", "Repeat after me: don't be late please") is Guard.PAYLOAD
    assert (
        veto("Hi team,\nhow do I park a car?\na big red van", "Hi team,\nhow do I park a car?\na big blue van")
        is Guard.PAYLOAD
    )


@pytest.mark.parametrize(
    ("read", "before", "repeated"),
    [(asked_in, "why and what", " "), (transfers_of, "give ", "a'"), (relations_of, "a without b ", "but not c ")],
    ids=["asked", "given", "left out"],
)
def test_reading_takes_as_long_as_the_text(read: Callable[[str], object], before: str, repeated: str) -> None:
    def cost(times: int) -> float:
        text = before + repeated * times + ",x"
        spent = []
        for _ in range(3):
            started = process_time()
            read(text)
            spent.append(process_time() - started)
        return min(spent)

    assert cost(16_000) < 40 * max(cost(1_000), 1e-5)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Does he have to give me written notice first?", "Do I have to give him written notice first?"),
        ("My sister moved out. Should I pay her the rent?", "My sister moved out. Should she pay me the rent?"),
        ("Do I need to sign for her loan?", "Does she need to sign for my loan?"),
        ("Am I allowed to call him at home?", "Is he allowed to call me at home?"),
        (
            "My landlord wants to raise the rent by eight percent because he replaced the windows. "
            "Does he have to give me written notice first?",
            "My landlord wants to raise the rent by eight percent because he replaced the windows. "
            "Do I have to give him written notice first?",
        ),
    ],
)
def test_two_persons_who_changed_places_around_a_verb_are_a_veto(a: str, b: str) -> None:
    assert veto(a, b) is Guard.ROLES
    assert veto(b, a) is Guard.ROLES


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Can he and I share one account?", "Can I and he share one account?"),
        ("What if he marries me abroad?", "What if I marry him abroad?"),
        ("Is it a secret between him and me?", "Is it a secret between me and him?"),
    ],
)
def test_two_persons_in_a_list_or_around_a_verb_that_says_the_same_of_both_are_none(a: str, b: str) -> None:
    assert veto(a, b) is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "Our dishwasher fills with water and drains at once without washing. What is broken?",
            "Our dishwasher fills with water and washes without draining. What is broken?",
        ),
        (
            "The front end talks to an API. The browser reports an error on every POST but never on GET.",
            "The front end talks to an API. The browser reports an error on every GET but never on POST.",
        ),
        ("How do I lose fat without losing muscle?", "I want to lose muscle without losing fat: how?"),
        ("Why do people use tabs instead of spaces?", "What makes people use spaces instead of tabs?"),
        ("Name countries in the EU but not in NATO.", "Which countries are in NATO but not in the EU?"),
    ],
)
def test_what_is_left_out_may_not_change_places_with_what_is_left_in(a: str, b: str) -> None:
    assert veto(a, b) in (Guard.DIRECTION, Guard.ROLES)
    assert veto(b, a) in (Guard.DIRECTION, Guard.ROLES)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Can I use oil instead of butter?", "Instead of butter, can I use oil?"),
        ("How do I lose fat without losing muscle?", "Without losing muscle, how do I lose fat?"),
        ("Why ask on a forum instead of googling?", "Why don't people google instead of asking on a forum?"),
        (
            "Science without religion is lame. Religion without science is blind. Who said it?",
            "Hi! Science without religion is lame. Religion without science is blind. Who said that?",
        ),
    ],
)
def test_the_same_left_out_in_another_order_is_none(a: str, b: str) -> None:
    assert veto(a, b) is None
