"""From which side a number bounds: `a price of at least 95 dollars` against `a price of not more than $95`; whether it
is within its bounds: `over 18` against `18 or over`; and whether a time lasts: `locked for 24 hours` against `locked in
24 hours`.

The same number (`core/quantities`) as the least in one text and as the most in the other is never one question, nor is
the same time behind the same word. A text with a word of negation that is no part of a bound (`not above`) is left to
the scorer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

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
    r" (?:(?P<least>or (?:more|older|above|over|up|higher|longer)|and (?:above|over|older|up|more))|"
    r"(?P<most>or (?:less|fewer|younger|below|under|lower|shorter)|and (?:below|under|younger|less)))\b",
    re.IGNORECASE,
)
_STRICT = re.compile(rf"(?:{_HIGHER}|{_LOWER}) than|above|over|exceeding|below|under", re.IGNORECASE)
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

Bound = tuple[bool, bool | None]
"""Whether a number is the least, and whether it is within (None: either); or whether a time lasts, and None."""

Bounds = Mapping[tuple[Kind, str], Set[Bound]]
"""Of each number that bounds, by its kind and value, and of each time, the word before it behind its value."""

_NOTHING: Bounds = {}


def bounds_of(text: str) -> Bounds:
    """Linear in the text's length."""
    if not may_say(text, _SAYS_ANY) or _NEGATION.search(text) is not None:
        return _NOTHING
    is_open = may_say(text, _OPEN)
    found: dict[tuple[Kind, str], set[Bound]] = {}
    for quantity in quantities_of(text):
        if not quantity.is_sure:
            continue
        bound = _bound(text, quantity)
        if bound is not None:
            found.setdefault((quantity.kind, quantity.value), set()).add(bound)
        elif _is_time(quantity) and not is_open and (time := _TIME_BEHIND.search(text, *_before(quantity))):
            value = f"{quantity.value} {beginning(time['word'].lower())}"
            found.setdefault((quantity.kind, value), set()).add((time["lasts"] is not None, None))
    return found


def bounded_otherwise(one: Bounds, two: Bounds) -> bool:
    """Whether a number is the least in one text and the most in the other, or within in one and not in the other, and
    in neither both; symmetric."""
    return any(number in two and _are_unlike(bounds, two[number]) for number, bounds in one.items())


def _are_unlike(one: Set[Bound], two: Set[Bound]) -> bool:
    if len(one) > 1 or len(two) > 1:
        return False
    (side, is_within), (other_side, is_other_within) = *one, *two
    return side is not other_side or (None not in (is_within, is_other_within) and is_within is not is_other_within)


def _bound(text: str, quantity: Quantity) -> Bound | None:
    """None where it is no bound."""
    behind = _BEHIND.match(text, quantity.end)
    if behind is not None:
        return behind["least"] is not None, True
    before = _BEFORE.search(text, *_before(quantity))
    if before is None:
        return None
    is_time = _is_time(quantity)
    if before["over"]:  # `over two years` may be while they last
        return None if is_time else (True, False)
    if before["after"] or before["within"]:
        return (before["after"] is not None, None) if is_time else None
    phrase = before["least"] or before["most"]
    is_budget = before["most"] is not None and (is_time or quantity.kind is Kind.MONEY)  # `a gift for under 20 pounds`
    return before["least"] is not None, None if is_budget else _STRICT.fullmatch(phrase) is None


def _before(quantity: Quantity) -> tuple[int, int]:
    """Where the text begins and ends that is looked at before a number."""
    return max(0, quantity.start - _REACH), quantity.start


def _is_time(quantity: Quantity) -> bool:
    return quantity.kind is Kind.MEASURE and quantity.value.endswith((" time", " month"))
