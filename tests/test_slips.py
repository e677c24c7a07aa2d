"""A slip of the keyboard makes no other question; a word that only looks like one does."""

from __future__ import annotations

import pytest

from proxy.backends.artefact import MODELS
from proxy.core.lexicon import Lexicon, parse
from proxy.core.slips import slip_mended
from proxy.core.verdict import SURE, assured

QUESTION = "How do I change the password of my keyboard?"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return parse((MODELS / "equivalence" / "lexicon.npz").read_bytes())


@pytest.mark.parametrize(
    "typed",
    [
        "How do I chagne the password of my keyboard?",
        "How do I change teh password of my keyboard?",
        "How do I change the pasword of my keyboard?",
        "how do i change the password of my keybaord",
        "Hwo do I change the password of my keyboard?",
    ],
)
def test_two_letters_changed_round_or_a_double_one_written_once_are_a_slip(lexicon: Lexicon, typed: str) -> None:
    mended = slip_mended(typed, QUESTION, lexicon)
    back = slip_mended(QUESTION, typed, lexicon)

    assert back is not None
    assert mended is not None
    assert mended.lower().rstrip("?") == QUESTION.lower().rstrip("?")
    assert back.lower().rstrip("?") == typed.lower().rstrip("?")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Where is the trial in town?", "Where is the trail in town?"),  # both are words
        ("Is this a form of him?", "Is this a from of him?"),
        ("How do I use digg here?", "How do I use dig here?"),  # a name, and too short to tell
        ("How do I install sass here?", "How do I install sas here?"),
        ("How does an nda work?", "How does an dna work?"),
        ("What happened to brian here?", "What happened to brain here?"),
        ("Who is carlo at work?", "Who is carol at work?"),
        ("What is Naeem like?", "What is naeme like?"),  # a name within the sentence
        ("How do I cancle a pasword?", "How do I cancel a password?"),  # two of them
        ("What is error kayebord about?", "What is error keyboard about?"),
        ("What is error E1042?", "What is error E1024?"),
        ("How do I change it?", "How do I change it now?"),
        ("How do I tell a fake chanel?", "How do I tell a fake channel?"),  # a brand
        ("Why does a tigger bounce?", "Why does a tiger bounce?"),
        ("How do I find a sonet?", "How do I find a sonnet?"),
        ("Where was doc holliday?", "Where was doc holiday?"),
        ("How strong is kirsten bell?", "How strong is kristen bell?"),
        ("Who made unicron?", "Who made unicorn?"),
        ("What is robert schuman famous for?", "What is robert schumann famous for?"),
        ("Is lenght a property of arrays?", "Is length a property of arrays?"),  # what is asked about
        ("Why does bash not know pyhton?", "Why does bash not know python?"),
        ("Is an email from amzaon genuine?", "Is an email from amazon genuine?"),
        (QUESTION, QUESTION),
    ],
)
def test_other_words_are_no_slip(lexicon: Lexicon, a: str, b: str) -> None:
    assert slip_mended(a, b, lexicon) is None
    assert slip_mended(b, a, lexicon) is None


def test_a_slip_is_the_very_question_unless_it_is_asked_about(lexicon: Lexicon) -> None:
    found = assured(
        [-1.0, -1.0], "How do I rotate teh screen", ["How do I rotate the screen?", "How do I rotate it?"], lexicon
    )

    assert [SURE, -1.0] == found.tolist()
    assert assured([-1.0], 'Is "recieve" right?', ['Is "receive" right?'], lexicon).tolist() == [-1.0]
    assert assured([-1.0], "Is recieve spelt right?", ["Is receive spelt right?"], lexicon).tolist() == [-1.0]
    assert assured([-1.0], "How do I rotate teh screen", ["How do I rotate the screen?"]).tolist() == [-1.0]
