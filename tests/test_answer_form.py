"""In which form an answer is wanted, and what is said beside the question: two guards."""

from __future__ import annotations

import pytest

from proxy.core.aspects import aspect_of
from proxy.core.guards import Guard, veto


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Who wrote Hamlet?", "In French: who wrote Hamlet?"),
        ("Who wrote Hamlet?", "Who wrote Hamlet? Answer in German."),
        ("What does a 502 error mean?", "What does a 502 error mean (auf Deutsch)"),
        ("Explain the OSI model.", "Explain the OSI model as JSON."),
        ("Explain the OSI model in bullet points", "Explain the OSI model"),
        ("Can dogs eat grapes?", "Can dogs eat grapes? As a table, please."),
        ("What is photosynthesis?", "In one word: what is photosynthesis?"),
        ("What is photosynthesis?", "What is photosynthesis? At most fifty words."),
        ("Answer in German: who wrote Hamlet?", "Answer in Danish: who wrote Hamlet?"),
        ("Explain gravity within two sentences", "Explain gravity"),
    ],
)
def test_a_form_that_only_one_text_asks_for_is_a_veto(a: str, b: str) -> None:
    assert veto(a, b) is Guard.FORM
    assert veto(b, a) is Guard.FORM


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Write a thank-you letter in German", "Write a German thank-you letter"),
        ("Who wrote Hamlet? Answer in German.", "Wrote Hamlet: who? Auf Deutsch, please."),
        ("What does hola mean in English?", "What does hola mean?"),
        ("Which kings matter in Polish history?", "Which kings matter in the history of Poland?"),
        ("Summarise the ruling in one sentence", "A short summary of the ruling"),
        ("List the planets as a table", "Tabulate the planets"),
        ("Explain gravity in one paragraph", "Give a short explanation of gravity"),
        ("How do I save a file as CSV?", "Saving a file in CSV format"),
        ("The audio guide is in French", "The museum's audio guide is in the wrong language"),
    ],
)
def test_the_same_form_in_other_words_is_none(a: str, b: str) -> None:
    assert veto(a, b) is not Guard.FORM


DOSE = "What is the recommended dose of paracetamol?"


@pytest.mark.parametrize(
    "fact",
    [
        "I am on blood thinners.",
        "It's for my baby.",
        "I have kidney disease.",
        "We're in Canada.",
        "My daughter is twelve.",
        "Hi, I am pregnant.",
    ],
)
@pytest.mark.parametrize("question", [DOSE, DOSE.lower(), "Recommended paracetamol dose?"])
def test_a_fact_beside_an_otherwise_equal_question_is_a_veto(fact: str, question: str) -> None:
    assert veto(f"{fact} {DOSE}", question) is Guard.FACTS
    assert veto(question, f"{DOSE} {fact}") is Guard.FACTS


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("I am pregnant. Is ibuprofen safe?", "Is ibuprofen safe?"),
        ("We use Kubernetes. We are offline. How do I deploy to kubernetes?", "How do I deploy to kubernetes?"),
        (f"As a diabetic, {DOSE.lower()}", DOSE),
        (f"Speaking as a nursing mother, {DOSE.lower()}", f"I have a question. {DOSE}"),
        (f"I took two already. {DOSE}", DOSE),
        (f"I have a problem with my kidneys. {DOSE}", DOSE),
        (f"I keep hearing voices. {DOSE}", DOSE),
        (f"The patient is a child. {DOSE}", DOSE),
        (f"I took it yesterday. {DOSE}", DOSE),
        (f"The result was positive. {DOSE}", DOSE),
        (f"My son has asthma. {DOSE}", DOSE),
        ("I moved house. How do I get a parking permit?", "How do I get a parking permit?"),
        ("There is no receipt. How do I return an item?", "How do I return an item?"),
        ("I live in Spain. My son is 16. Which jobs suit him?", "My son is 16. Which jobs suit him?"),
    ],
)
def test_a_short_question_and_the_second_of_two_facts_count_too(a: str, b: str) -> None:
    assert veto(a, b) is Guard.FACTS
    assert veto(b, a) is Guard.FACTS


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"Hi there! {DOSE}", DOSE),
        ("I forgot my password, can you help? How do I change my name?", "How do I change my name?"),
        (f"I am pregnant. {DOSE}", "What is the usual daily dose of paracetamol?"),
        (f"I couldn't find this on your page. {DOSE}", DOSE),
        (f"Sorry to bother you. I have a quick question. {DOSE} Thanks!", DOSE),
        (f"I have checked the help center and the knowledge base. {DOSE}", DOSE),
        (f"{DOSE} I would appreciate a quick response.", DOSE),
        (f"I'm really frustrated. {DOSE} I can't figure it out.", DOSE),
        (f"I am not sure where to start. We need help with the following. {DOSE}", DOSE),
        ("I forgot my password. How do I reset it?", "How do I reset my password?"),
        ("We use Kubernetes. How do I deploy a Flask app?", "How do I deploy a Flask app to kubernetes?"),
        (f"I am pregnant. {DOSE}", f"I'm expecting a child. {DOSE}"),
        ("My laptop is overheating. What can I do?", "What can I do about an overheating laptop?"),
        (f"I'm so annoyed right now. {DOSE}", DOSE),
        (f"I have a problem. {DOSE}", DOSE),
        ("I moved house. How do I enter my new address?", "How do I enter my new address?"),
        (f"I'm really struggling with this. {DOSE}", DOSE),
        (f"It's driving me crazy. {DOSE}", DOSE),
        (f"{DOSE} My boss wants to know.", DOSE),
        (f"{DOSE} I heard about it on the radio.", DOSE),
        (f"I keep seeing this term. {DOSE}", DOSE),
        (f"I've changed my mind. {DOSE}", DOSE),
        (f"I'd like some advice. It took me a while to ask. {DOSE}", DOSE),
        (f"As a last resort, {DOSE.lower()}", DOSE),
        (f"As a rule of thumb, {DOSE.lower()}", DOSE),
        (f"The manual doesn't say. {DOSE}", DOSE),
        (f"There has to be an easy way to tell. {DOSE}", DOSE),
        (f"Someone mentioned it on Reddit. {DOSE}", DOSE),
        (f"My daughter asked me this. {DOSE}", DOSE),
        (f"We were debating this yesterday. {DOSE}", DOSE),
        ("As a beginner, how do I start running?", "How do I start running as a beginner?"),
        ("As a nurse, how do I apply?", "I'm a nurse. How do I apply?"),
        ("The pool is heated.", "I hope you are well. The pool is heated."),
    ],
)
def test_courtesies_and_facts_that_both_texts_speak_of_are_none(a: str, b: str) -> None:
    assert veto(a, b) is not Guard.FACTS


HOW = "How do I cancel my subscription?"


@pytest.mark.parametrize(
    "other",
    [
        "What can I do instead of cancelling my subscription?",
        "Alternatives to cancelling a subscription",
        "Ways to avoid cancelling my subscription",
        "How do I get out of cancelling my subscription?",
        "How do I practise cancelling my subscription?",
        "How do I prepare to cancel my subscription?",
        "What's the worst way to cancel my subscription?",
        "Template for cancelling my subscription",
        "What should I do after cancelling my subscription?",
        "I tried to cancel my subscription but it failed. What now?",
        "I am done cancelling my subscription. What now?",
        "I already know how to cancel my subscription",
        "What is the least effective way to cancel my subscription?",
        "What is the last step in cancelling my subscription?",
        "What can go wrong when cancelling my subscription?",
        "What should I never do when cancelling my subscription?",
        "What is the opposite of cancelling my subscription?",
        "How hard is it to cancel my subscription?",
        "How did I cancel my subscription?",
        "How do I not cancel my subscription?",
        "How do I fail to cancel my subscription?",
        "How do I get better at cancelling my subscription?",
        "How do I stop cancelling my subscription?",
    ],
)
@pytest.mark.parametrize(
    "how", [HOW, "how to cancel a subscription", "What is the best way to cancel my subscription?"]
)
def test_another_question_about_the_same_act_is_a_veto(how: str, other: str) -> None:
    assert veto(how, other) is Guard.QUESTION
    assert veto(other, how) is Guard.QUESTION


@pytest.mark.parametrize(
    "how",
    ["How do I stop a nosebleed?", "What is the best way to stop a nosebleed?", "How can a nosebleed be stopped?"],
)
@pytest.mark.parametrize(
    "other",
    [
        "What is the worst way to stop a nosebleed?",
        "What should I not do when stopping a nosebleed?",
        "What do I do before stopping a nosebleed?",
    ],
)
def test_an_act_may_itself_be_to_stop_or_to_prevent(how: str, other: str) -> None:
    assert veto(how, other) is Guard.QUESTION
    assert veto(other, how) is Guard.QUESTION


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (HOW, "I want to cancel my subscription. What now?"),
        ("How do I quit smoking cigarettes?", "How do I stop smoking cigarettes?"),
        ("How do I prevent a hangover?", "How do I not get a hangover?"),
        ("How do I start a blog?", "What are the first steps to start a blog?"),
        (HOW, "Guide to cancelling my subscription"),
        (HOW, "How do I go about cancelling my subscription?"),
        ("How do I avoid paying late fees?", "How do I not pay late fees?"),
        ("How do I know if I should refinance my flat?", "How do I decide whether to refinance my flat?"),
        ("How do I prepare for an interview?", "How can I best prepare for an interview?"),
        ("What should I do after spilling coffee on my laptop?", "I spilled coffee on my laptop. What should I do?"),
        ("How do I prepare brisket in the oven?", "How do I cook brisket in the oven?"),
        ("Examples of writing a cover letter", "How do I write a cover letter? Give examples."),
    ],
)
def test_the_same_question_in_another_frame_is_none(a: str, b: str) -> None:
    assert veto(a, b) is not Guard.QUESTION
    assert veto(b, a) is not Guard.QUESTION


def test_a_question_of_few_words_takes_no_longer_than_its_length() -> None:
    assert not aspect_of("how to cancel" + "-" * 200_000 + ". a").asks_how
