"""Cuts a text into what a quantity is made of: numbers, codes, signs and words. Read by `core/quantities`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.quantity import Kind, Quantity

_NEXT_YEARS = "|".join(rf"{year:02}[/\u2013-]{(year + 1) % 100:02}" for year in range(100))
"""`23/24`, `23-24`: a season, a school or tax year."""

_TOKEN = re.compile(
    r"""
      (?P<link>(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+)
    | (?P<date>\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b|\b\d{1,2}/\d{1,2}/\d{2}\b)
    | (?P<name>\b24[/-]7\b|\b40[13]\(?[bk]\)?(?!\w))
    | (?P<years>\b(?:19|20)(?:__YEARS__)\b(?![-/.]\d))
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
    """.replace("__YEARS__", _NEXT_YEARS),
    re.VERBOSE | re.IGNORECASE,
)
"""In this order; `name` is digits that count nothing (round the clock, pension plans), `code` is what mixes letters and
digits but is not a number glued to a short unit."""

_WORD = re.compile(r"(?P<link>https?://\S+|www\.\S+)|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)|(?P<percent>%)")
"""The same for texts without digits, three times as fast."""

_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_DIGIT = re.compile(r"[\d¼-¾⅐-⅞]")
ARTICLES = frozenset({"a", "an"})
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
    found: list[Token] = []
    for match in pattern.finditer(text):
        group, token = match.lastgroup or "", match.group()
        if group == "years":
            found += _both_years(token, match.start())
        else:
            found.append(Token(group, token, token.lower(), *match.span()))
    return found


def _both_years(text: str, start: int) -> list[Token]:
    """`2023/24` as 2023 and 2024, which is how `2023-2024` and `from 2023 to 2024` are read."""
    following = str(int(text[:4]) + 1)
    return [
        Token("number", text[:4], text[:4], start, start + 4),
        Token("number", following, following, start + 5, start + len(text)),
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
