"""Fractions in words: `three tenths`, `one half of it`, `a quarter of an hour`; for `core/quantities`. Pure.

A denominator is also an ordinal (`a third opinion`, `one third party`) or a part of a year (`growth in three
quarters`): it is a fraction where the words around leave nothing else.
"""

from __future__ import annotations

from fractions import Fraction

from proxy.core import number_words as words
from proxy.core.quantity_tokens import ARTICLES, Token, group_at, lower_at

_ORDINAL_PARTS = {word: value for word, value in words.ORDINALS.items() if 3 <= value <= 12 or value in (100, 1000)}
_ONE = {"half": 2, "quarter": 4} | _ORDINAL_PARTS
_SEVERAL = {"halves": 2, "quarters": 4} | {f"{word}s": value for word, value in _ORDINAL_PARTS.items()}
_BEHIND_ONE = ("", "of", "as", "plus", "minus", "and", "or", "times", "is", "to", "from", "in")
_BEHIND_QUARTERS = ("of", "plus", "minus", "times")


def spelled_fraction(tokens: list[Token], at: int) -> tuple[Fraction, int] | None:
    """The value and how many tokens it takes, `of an` before a unit among them; None where there is none."""
    lower = lower_at(tokens, at)
    if lower == "half":  # alone it is seldom counted with: `half the class`
        used = _before_unit(tokens, at + 1)
        return (Fraction(1, 2), 1 + used) if used else None
    is_article = lower in ARTICLES
    count = 1 if is_article else words.ONES.get(lower, 0)
    if not 1 <= count <= 11:
        return None
    part = lower_at(tokens, at + 1)
    parts = (_ONE if count == 1 else _SEVERAL).get(part, 0)
    behind = lower_at(tokens, at + 2)
    if count >= parts or group_at(tokens, at + 3) == "number":
        return None
    if is_article:
        is_fraction = behind == "of"
    elif parts == 4:
        is_fraction = behind in _BEHIND_QUARTERS
    else:
        is_fraction = count > 1 or behind in _BEHIND_ONE
    return (Fraction(count, parts), 2 + _before_unit(tokens, at + 2)) if is_fraction else None


def _before_unit(tokens: list[Token], at: int) -> int:
    """Tokens of `of an` where a unit follows, else 0."""
    is_of_one = lower_at(tokens, at) == "of" and lower_at(tokens, at + 1) in ARTICLES
    return 2 if is_of_one and lower_at(tokens, at + 2) in words.UNITS else 0
