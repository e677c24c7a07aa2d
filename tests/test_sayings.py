"""Quotes around what is only asked about are wording; around what is worked on they are not."""

from __future__ import annotations

import pytest

from proxy.core.guards import Guard, veto


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            'What is the meaning of the saying "a stitch in time saves nine"?',
            "What do people mean when they say that a stitch in time saves nine?",
        ),
        (
            'What does the proverb "The early bird catches the worm" mean?',
            'What is the meaning of "the early bird catches the worm"?',
        ),
        ('Who said "I think, therefore I am"?', "Who said I think, therefore I am?"),
        ('What\'s the past participle of "to swim"?', "Give me the past participle of the verb swim."),
    ],
)
def test_quotes_around_what_is_asked_about_are_wording(a: str, b: str) -> None:
    assert veto(a, b) is None
    assert veto(b, a) is None


@pytest.mark.parametrize(
    ("a", "b", "guard"),
    [
        ('Translate "it is late in the day".', "Translate it is late in the day.", Guard.PAYLOAD),
        (
            'What does "all that glitters is not gold" mean?',
            'What does "all that glitters is not lost" mean?',
            Guard.PAYLOAD,
        ),
        (
            'What does "the early bird catches the worm" mean?',
            'Translate the phrase "the early bird catches the worm and more".',
            Guard.PAYLOAD,
        ),
        ("What does HTTP 404 mean?", "Only the official phrase: what does HTTP 404 mean?", Guard.PAYLOAD),
        ('What does "to boot" mean?', "What does boot mean?", Guard.QUOTED),
    ],
)
def test_what_is_worked_on_or_quoted_otherwise_is_still_vetoed(a: str, b: str, guard: Guard) -> None:
    assert veto(a, b) is guard
    assert veto(b, a) is guard
