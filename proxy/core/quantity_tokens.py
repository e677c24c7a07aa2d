"""Cuts a text into what a quantity is made of: numbers, codes, signs and words. Read by `core/quantities`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.quantity import Kind, Quantity

_TOKEN = re.compile(
    r"""
      (?P<link>(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+)
    | (?P<date>\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b|\b\d{1,2}/\d{1,2}/\d{2}\b)
    | (?P<clock>\b\d{1,2}:\d{2}(?::\d{2})?\b)
    | (?P<version>\bv\d+(?:\.\d+)*\b|\b\d+\.\d+\.\d+(?:\.\d+)*\b)
    | (?P<ordinal>\b\d+(?:st|nd|rd|th)\b)
    | (?P<decade>\b[12]\d\d0s\b)
    | (?P<code>\#?\b(?!\d*[¼-¾⅐-⅞])(?=\w*\d)(?=\w*[^\W\d_])(?!\d+(?:[.,]\d+)*[a-zµ]{1,4}\b)\w+(?:-\w+)*\b
        |\b[^\W\d_]+-\d\w*(?:-\w+)*\b)
    | (?P<number>\#?(?<![\w.])-?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+(?![\w/]))?(?:\s?[¼-¾⅐-⅞])?
        |\.\d+|[¼-¾⅐-⅞]))
    | (?P<money>us\$|[$€£¥₹])
    | (?P<percent>%)
    | (?P<word>°[cf]?|[^\W\d_]+(?:'[^\W\d_]+)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""In this order; `code` is what mixes letters and digits but is not a number glued to a short unit."""

_WORD = re.compile(r"(?P<link>https?://\S+|www\.\S+)|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)|(?P<percent>%)")
"""The same for texts without digits, three times as fast."""

_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_DIGIT = re.compile(r"[\d¼-¾⅐-⅞]")
FRACTIONS = frozenset("¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞")


@dataclass(slots=True)
class Token:
    """group: the name in the pattern. lower: the text in small letters. start, end: character span."""

    group: str
    text: str
    lower: str
    start: int
    end: int


def plain_words(text: str) -> list[str] | None:
    """The words, in small letters, of a text without digits and links; None when it has some."""
    if _DIGIT.search(text) or "://" in text or "www." in text:
        return None
    return [word.lower() for word in _PLAIN_WORD.findall(text)]


def tokens_of(text: str) -> list[Token]:
    """In reading order; linear in the text's length."""
    pattern = _TOKEN if _DIGIT.search(text) else _WORD
    return [
        Token(match.lastgroup or "", found := match.group(), found.lower(), *match.span())
        for match in pattern.finditer(text)
    ]


def made(kind: Kind, value: str, tokens: list[Token], at: int, used: int) -> tuple[Quantity, int]:
    """The quantity that the `used` tokens from `at` on stand for, and how many they are."""
    return Quantity(kind, value, tokens[at].start, tokens[at + used - 1].end), used


def is_glued(tokens: list[Token], at: int) -> bool:
    """Whether nothing stands between this token and the one before."""
    return at < len(tokens) and tokens[at - 1].end == tokens[at].start


def lower_at(tokens: list[Token], at: int) -> str:
    """The token's text in small letters; empty beyond the end."""
    return tokens[at].lower if at < len(tokens) else ""


def group_at(tokens: list[Token], at: int) -> str:
    """What kind of token it is; empty beyond the end."""
    return tokens[at].group if at < len(tokens) else ""
