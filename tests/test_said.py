"""A text that may say a word is searched; one that certainly says none of a few is spared the search."""

from __future__ import annotations

import re

import pytest

from proxy.core import answer_form, capitals, extent, modality, transfers
from proxy.core.said import may_say

WORDS = frozenset({"depth", "brief"})


@pytest.mark.parametrize(
    "text", ["In-Depth, please", "DEPTH", "a (brief)", "brief's", "depth/width", "to \u017fhow depth", "BRİEF", "ﬁne"]
)
def test_a_word_is_heard_between_signs_in_any_case_and_beyond_ascii_always(text: str) -> None:
    assert may_say(text, WORDS)


@pytest.mark.parametrize("text", ["", "depths", "in width", "briefing 1depth", "?!"])
def test_other_words_are_none_of_these(text: str) -> None:
    assert not may_say(text, WORDS)


@pytest.mark.parametrize(
    ("listed", "alternation"),
    [
        (extent._SAYS_ANY, extent._BRIEF),
        (extent._SAYS_ANY, extent._FULL),
        (extent._SAYS_ANY, extent._MEASURED),
        (capitals._LISTED, capitals._CANDIDATE),
        (answer_form._SAYS_ANY, answer_form._FORMAT),
        (answer_form._SAYS_ANY, answer_form._LANGUAGE),
        (transfers._SAYS_ANY, transfers._TRANSFER),
    ],
)
def test_what_a_pattern_finds_holds_one_of_its_words(listed: frozenset[str], alternation: re.Pattern[str]) -> None:
    """Each word of the pattern itself, put where it may match: in a frame of the words that go before it."""
    words = {word for word in re.findall(r"[a-z]+", alternation.pattern) if len(word) > 1}
    found = 0
    for word in sorted(words):
        for frame in (
            "{}",
            "as {}",
            "in {}",
            "in a single {}",
            "in one {}.",
            "in {} detail",
            "{} summary",
            "{} help",
            "{} city",
        ):
            text = frame.format(word)
            if alternation.search(text):
                found += 1
                assert may_say(text, listed), text
    assert found


@pytest.mark.parametrize("text", ["\u0661", "…?", "\u017f"])
def test_a_text_without_a_word_asks_nothing(text: str) -> None:
    assert modality.modality_of(text) == modality.Modality(frozenset(), frozenset())
