"""What is typed without being meant makes no other question; whatever may be what is asked about does."""

from __future__ import annotations

import pytest

from proxy.core.spelling import is_same_question

QUESTION = "How do I get to the café?"


@pytest.mark.parametrize(
    "other",
    [
        QUESTION,
        f"{QUESTION} ",
        f"\n\t{QUESTION}\r\n",
        f"{QUESTION}\u00a0",
        "How do I get to the cafe\u0301?",
        "how do I get to the café?",
        "how do i get to the café?",
    ],
)
def test_blanks_around_composition_and_the_capitals_of_an_opening_are_not_meant(other: str) -> None:
    assert is_same_question(QUESTION, other)
    assert is_same_question(other, QUESTION)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Hello in base64?", "hello in base64?"),
        ("Polish nails?", "polish nails?"),
        ("WHO funds it?", "Who funds it?"),
        ("What is the ASCII code of A?", "What is the ASCII code of a?"),
        ("How do I clean Windows?", "How do I clean windows?"),
        ("What is I in physics?", "What is i in physics?"),
        ("If I = 5, how much is it?", "If i = 5, how much is it?"),
        ('Is "can I go" right?', 'Is "can i go" right?'),
        ("What is 'a  b'?", "What is 'a b'?"),
        ("Why does this fail?\n  x = 1", "Why does this fail?\nx = 1"),
        ("Approve it?", "Approve it."),
        ("What is in a café?", "What is in a cafe?"),
        ("", "?"),
    ],
)
def test_what_may_be_asked_about_is_meant(a: str, b: str) -> None:
    assert not is_same_question(a, b)
