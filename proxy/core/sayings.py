"""A saying that is asked about, in quotes or without: `What does "a stitch in time saves nine" mean?`

What is quoted must be equal, not merely occur, for `Translate "It is late"` wants another answer where more is handed
over. Where both texts only ask what words mean, who said them or whence they come, the quotes around them are wording.
"""

from __future__ import annotations

import re
from collections.abc import Set

from proxy.core.spelling import FINAL

_ASKS_ABOUT = re.compile(
    r"\b(?:saying|proverb|idiom|expression|phrase|quote|quotation|mean|means|meaning|origin|originate|comes? from|"
    r"coined|(?:who|which \w+|what \w+) (?:first )?(?:says?|said|wrote|sings?|sang))\b",
    re.IGNORECASE,
)
_WORKS = re.compile(
    r"\b(?:translat\w*|rewrit\w*|rephras\w*|reword\w*|paraphras\w*|proofread|correct|grammar|spell\w*|punctuat\w*|"
    r"summari\w*|shorten|simplify|count|how many|reply|answer|continue|complete|finish|classify|sentiment|capitali\w*|"
    r"repeat|pronounce)\b",
    re.IGNORECASE,
)
_GRAMMAR = re.compile(
    r"\b(?:verbs?|tenses?|participles?|conjugat\w*|infinitives?|gerunds?|past|present|imperative)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+")


def are_one_saying(one: Set[str], two: Set[str], text_one: str, text_two: str) -> bool:
    """Whether what either text hands over stands in the other, too, and both only ask about it; symmetric."""
    if any(_ASKS_ABOUT.search(part) for part in one ^ two):  # `In a word: what does it mean?` hands over a question
        return False
    mine, theirs = _low(one), _low(two)
    said, said_there = _running(text_one), _running(text_two)
    if not all(part in said_there for part in mine) or not all(part in said for part in theirs):
        return False
    return all(_ASKS_ABOUT.search(text) and not _WORKS.search(text) for text in (text_one, text_two))


def verb_asked_about(part: str, text: str) -> str:
    """`to swim` as `swim` where the text asks for a form of a verb; anything else as it is."""
    return part.removeprefix("to ") if _GRAMMAR.search(text) else part


def _low(parts: Set[str]) -> frozenset[str]:
    return frozenset([_running(part.rstrip(FINAL)) for part in parts])


def _running(text: str) -> str:
    """The words alone, with a blank around each."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "
