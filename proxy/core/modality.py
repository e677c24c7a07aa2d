"""Whether one should or whether one can: two texts that ask it of the same act.

`Should I learn Rust?` against `Am I able to learn Rust?`, whatever the other words. Only in questions with the same
verb, of which neither asks how, what or where: `How can I save fuel?` and `What should I do to save fuel?` are one
question. What the speaker wants (`I must change my PIN`) is a wish; `must not` and `must have` are the scorer's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.said import may_say
from proxy.core.words.common import words_of

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # noqa: RUF001
_DUTIES = words_of("should ought must")
_POWERS = words_of("can could may might able allowed")
_MODAL = _DUTIES | _POWERS
_ASKS_MORE = words_of("how what where when why which hows whats wheres how's what's where's when's why's")
_ASKS_FIRST = words_of("who whom whose")
"""Elsewhere than at the beginning they only say of whom one speaks: `someone who knows C`."""

_ASKING = words_of("should ought must can could may am is are")
"""A text that begins with one of these asks, also without its question mark."""

_TAGS = words_of("right true correct agree")
"""At the end: `… is able to learn it, right`."""

_SPEAKERS = words_of("i we")
_BETWEEN = words_of("i you we one he she it they someone somebody anyone anybody people to ever really also still")
"""Words that may stand between a modal verb and its act: `should one ever eat`."""

_NO_ACT = words_of("""
not have be never like ask tell say give check help let see explain name expect trust my your his her its our their the
a an this that these those
""")
"""`must have been` guesses, `should like` wishes, `can be` says little, and `can you tell me` is polite."""

_MONTH_AFTER = words_of("in of by this next last late early mid since until till")


@dataclass(frozen=True, slots=True)
class Modality:
    """due, possible: verbs behind `should` and behind `can`. Empty where the text asks for more than yes or no."""

    due: frozenset[str]
    possible: frozenset[str]


_NOTHING = Modality(frozenset(), frozenset())


def modality_of(text: str) -> Modality:
    """Linear in the text's length."""
    if not may_say(text, _MODAL):
        return _NOTHING
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]  # noqa: RUF001
    first, last = (words[0], words[-1]) if words else ("", "")
    is_question = "?" in text or first in _ASKING or last in _TAGS
    if not is_question or not _ASKS_MORE.isdisjoint(words) or first in _ASKS_FIRST:
        return _NOTHING
    due, possible = set(), set()
    for at, word in enumerate(words):
        if word in _DUTIES and (at == 0 or words[at - 1] not in _SPEAKERS):
            due.add(_act_behind(words, at))
        elif word in _POWERS and not (word == "may" and at and words[at - 1] in _MONTH_AFTER):
            possible.add(_act_behind(words, at))
    return Modality(frozenset(due - {""}), frozenset(possible - {""}))


def asked_otherwise(one: Modality, two: Modality) -> bool:
    """Whether one text asks if what the other asks whether it ought to be can be; symmetric."""
    return bool(
        (one.due - one.possible) & (two.possible - two.due) or (two.due - two.possible) & (one.possible - one.due)
    )


def _act_behind(words: list[str], at: int) -> str:
    """The verb that belongs to the modal one; empty when something else stands there."""
    for word in words[at + 1 : at + 4]:
        if word in _BETWEEN:
            continue
        return "" if word in _NO_ACT else word
    return ""
