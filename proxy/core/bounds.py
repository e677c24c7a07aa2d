"""From which side a number bounds: `a price of at least 95 dollars` against `a price of not more than $95`; and whether
a time lasts: `locked for 24 hours` against `locked in 24 hours`.

The same number (`core/quantities`) as the least in one text and as the most in the other is never one question, nor is
the same time behind the same word. A text with a word of negation that is no part of a bound (`not above`) is left to
the scorer.
"""

from __future__ import annotations

import re

from proxy.core.quantities import quantities_of
from proxy.core.quantity import Kind, Quantity
from proxy.core.roles import beginning
from proxy.core.said import may_say
from proxy.core.words.common import words_of

_HIGHER = "more|greater|higher|larger|bigger|older|longer|heavier"
_LOWER = "less|fewer|lower|smaller|younger|newer|shorter|lighter|cheaper"
_LEAST = rf"at least|not? (?:{_LOWER}) than|not (?:below|under)|a minimum of|(?:{_HIGHER}) than|above|exceeding"
_MOST = (
    rf"at most|not? (?:{_HIGHER}) than|not (?:above|over|exceeding)|a maximum of|(?:{_LOWER}) than|"
    "up to|below|under"
)  # fmt: skip
_BEFORE = re.compile(
    rf"\b(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<over>over)|(?P<after>after)|(?P<within>within)) (?:about )?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r" (?:(?P<least>or (?:more|older|above|higher|longer)|and (?:above|over|older|up))|"
    r"(?P<most>or (?:less|fewer|younger|below|lower|shorter)|and (?:below|under|younger)))\b",
    re.IGNORECASE,
)
_TIME_BEHIND = re.compile(r"(?P<word>[a-z]+) (?:(?P<lasts>for)|in) (?:about )?$", re.IGNORECASE)
_OPEN = words_of("what whats which how where when why who have has had ve since ever")
"""`What can I see in Rome in three days?` and `... for three days?` are one question, and so are `it has rained for a
week` and `the first time in a week`."""

_REACH = 24
"""Characters before a number that are looked at: `not more than about `."""

_SAYS_ANY = words_of(f"{_HIGHER} {_LOWER}".replace("|", " ")) | words_of("""
least most below under above over exceeding minimum maximum up after within for in
""")
_NEGATION = re.compile(
    rf"\b(?:no(?!t? (?:{_HIGHER}|{_LOWER}|below|under|above|over|exceeding)\b)t?|never|none|neither|nor|cannot|unless|"
    r"except|without|instead|rather)\b|n['’]t\b",  # noqa: RUF001
    re.IGNORECASE,
)

Bound = tuple[bool, Kind, str]
Bounds = frozenset[Bound]
_NOTHING: Bounds = frozenset()


def bounds_of(text: str) -> Bounds:
    """(whether it is the least, kind and value of the number) of each number that bounds, and (whether it lasts, kind,
    value and the word before) of each time; linear in the text's length."""
    if not may_say(text, _SAYS_ANY) or _NEGATION.search(text) is not None:
        return _NOTHING
    is_open = may_say(text, _OPEN)
    found: set[Bound] = set()
    for quantity in quantities_of(text):
        if not quantity.is_sure:
            continue
        is_least = _is_least(text, quantity)
        if is_least is not None:
            found.add((is_least, quantity.kind, quantity.value))
        elif _is_time(quantity) and not is_open and (time := _TIME_BEHIND.search(text, *_before(quantity))):
            found.add((time["lasts"] is not None, quantity.kind, f"{quantity.value} {beginning(time['word'].lower())}"))
    return frozenset(found)


def bound_from_other_sides(one: Bounds, two: Bounds) -> bool:
    """Whether a number is the least in one text and the most in the other, and in neither both; symmetric."""
    return any(
        (not is_least, kind, value) in two
        and (not is_least, kind, value) not in one
        and (is_least, kind, value) not in two
        for is_least, kind, value in one
    )


def _is_least(text: str, quantity: Quantity) -> bool | None:
    """None where it is no bound."""
    behind = _BEHIND.match(text, quantity.end)
    if behind is not None:
        return behind["least"] is not None
    before = _BEFORE.search(text, *_before(quantity))
    if before is None:
        return None
    is_time = _is_time(quantity)
    if before["over"]:  # `over two years` may be while they last
        return None if is_time else True
    if before["after"] or before["within"]:
        return before["after"] is not None if is_time else None
    return before["least"] is not None


def _before(quantity: Quantity) -> tuple[int, int]:
    """Where the text begins and ends that is looked at before a number."""
    return max(0, quantity.start - _REACH), quantity.start


def _is_time(quantity: Quantity) -> bool:
    return quantity.kind is Kind.MEASURE and quantity.value.endswith((" time", " month"))
