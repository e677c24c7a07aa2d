"""Numbers and their kin in a text, in canonical form: `quantities_of(text)`; compared by `core/quantity.compare`.

Pure and fast (a text without digits or number words costs one pass over its words). It reads, it does not judge:
whether a difference forbids a hit is up to `core/guards` and, as features, to the scorer.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from functools import lru_cache

from proxy.core import number_words as words
from proxy.core.quantity import Kind, Quantity
from proxy.core.quantity_dates import clock, date_value, dated, day_or_ordinal, minutes_of, month_at
from proxy.core.quantity_fractions import spelled_fraction
from proxy.core.quantity_tokens import (
    ARTICLES,
    FRACTIONS,
    Token,
    group_at,
    is_glued,
    lower_at,
    made,
    plain_words,
    tokens_of,
)

_VERSION_WORDS = frozenset({"version", "release", "ver", "v"})
_NUMBER_LEAD = words.ONES.keys() | words.TENS.keys() | {"hundred", "thousand", "million", "billion"}
_SMALL = words.ONES.keys() | words.TENS.keys()
_CLOCK_WORDS = {"noon": 720, "midday": 720, "midnight": 0}
_TRIGGERS = (
    _NUMBER_LEAD
    | words.ORDINALS.keys()
    | words.GROUPS.keys()
    | words.WEEKDAYS.keys()
    | words.WEEKDAY_SHORT.keys()
    | words.MONTHS.keys()
    | words.MONTH_SHORT.keys()
    | _CLOCK_WORDS.keys()
    | {"half", "quarter", "twice"}
    | ARTICLES
)

_LONG_UNITS = frozenset(unit for unit in words.UNITS if len(unit) > 2) - {"second"}
"""Units that an article counts: `an hour`."""

_ROMAN = frozenset(numeral.lower() for numeral in words.ROMAN)
_TELLING = (_TRIGGERS - ARTICLES) | words.SCALES.keys() | _ROMAN
"""Words of which a text without digits holds one when it counts something, or an article and a unit."""

_LEADS = _TRIGGERS | words.CODES_BEFORE | _VERSION_WORDS | _ROMAN | {"q"}
"""Words that a quantity may begin with."""

_PARTS = {"half": Fraction(1, 2), "quarter": Fraction(1, 4)}

KEPT = 1_024
"""Texts remembered: the guards read a text, then the scorer takes it apart, and candidates come back."""


@lru_cache(maxsize=KEPT)
def quantities_of(text: str) -> tuple[Quantity, ...]:
    """Everything countable in `text`, in reading order. Never raises; linear in the text's length."""
    if (plain := plain_words(text)) is not None and _counts_nothing(plain):
        return ()
    tokens = tokens_of(text)
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        if tokens[at].group == "word" and tokens[at].lower not in _LEADS:
            at += 1
            continue
        quantity, used = _read(tokens, at)
        if quantity is not None:
            found.append(quantity)
        at += used
    return tuple(found)


def _counts_nothing(plain: list[str]) -> bool:
    return _TELLING.isdisjoint(plain) and (ARTICLES.isdisjoint(plain) or _LONG_UNITS.isdisjoint(plain))


def _read(tokens: list[Token], at: int) -> tuple[Quantity | None, int]:
    """The quantity that begins at `at`, if any, and how many tokens it takes (at least 1)."""
    token = tokens[at]
    match token.group:
        case "word":
            return _word(tokens, at)
        case "link":
            return made(Kind.IDENT, token.lower.rstrip(".,;:!?)\"'"), tokens, at, 1)
        case "date":
            return made(Kind.DATE, date_value(token.text), tokens, at, 1)
        case "name":
            return made(Kind.IDENT, "".join(filter(str.isalnum, token.lower)), tokens, at, 1)
        case "clock":
            return clock(tokens, at)
        case "version":
            return made(Kind.VERSION, token.lower.lstrip("v"), tokens, at, 1)
        case "ordinal":
            return day_or_ordinal(tokens, at, int(token.text[:-2]), is_sure=True)
        case "code":
            return _code(tokens, at)
        case "money":
            return _money_first(tokens, at)
        case "decade":
            return made(Kind.DATE, token.lower, tokens, at, 1)
        case "number":
            return _number(tokens, at, *_mixed(tokens, at))
        case _:
            return None, 1


def _mixed(tokens: list[Token], at: int) -> tuple[Fraction | str, int]:
    """`1 1/2` is one number; its value, or its text where it is none, and how many tokens it takes."""
    value = _parsed(tokens[at].text)
    if group_at(tokens, at + 1) == "number" and "/" in tokens[at + 1].text and tokens[at].text.isdecimal():
        part = _parsed(tokens[at + 1].text)
        if not isinstance(value, str) and not isinstance(part, str) and 0 < part < 1:
            return value + part, 2
    return value, 1


def _word(tokens: list[Token], at: int) -> tuple[Quantity | None, int]:
    token = tokens[at]
    lower = token.lower
    if lower in words.CODES_BEFORE and group_at(tokens, at + 1) == "number":
        return _money_first(tokens, at)
    if token.text in words.ROMAN:
        return made(Kind.NUMBER, str(words.ROMAN[token.text]), tokens, at, 1)
    if lower == "q" and group_at(tokens, at + 1) == "number" and tokens[at + 1].text in "1234":
        return made(Kind.QUARTER, tokens[at + 1].text, tokens, at, 2)
    if lower in _VERSION_WORDS and group_at(tokens, at + 1) == "number":
        return made(Kind.VERSION, tokens[at + 1].text, tokens, at, 2)
    if lower not in _TRIGGERS:
        return None, 1
    if lower in _CLOCK_WORDS:
        return made(Kind.TIME, str(_CLOCK_WORDS[lower]), tokens, at, 1)
    if lower in words.WEEKDAYS:
        return made(Kind.WEEKDAY, str(words.WEEKDAYS[lower]), tokens, at, 1)
    if lower in words.WEEKDAY_SHORT:
        return (
            made(Kind.WEEKDAY, str(words.WEEKDAY_SHORT[lower]), tokens, at, 1) if token.text[0].isupper() else (None, 1)
        )
    month = words.MONTHS.get(lower) or words.MONTH_SHORT.get(lower)
    if month is not None:
        return month_at(tokens, at, month)
    if lower in words.ORDINALS:
        return day_or_ordinal(tokens, at, words.ORDINALS[lower], is_sure=words.ORDINALS[lower] > 2)
    if lower == "twice":
        return Quantity(Kind.NUMBER, "2", token.start, token.end, is_sure=False), 1
    return _spelled(tokens, at)


def _spelled(tokens: list[Token], at: int) -> tuple[Quantity | None, int]:
    """Number words: `twenty one`, `a hundred and six`, `half an hour`, `an hour`, `a couple of days`, `two thirds`."""
    lower = tokens[at].lower
    if (part := spelled_fraction(tokens, at)) is not None:
        quantity, used = _number(tokens, at, *part)
        is_half = quantity is not None and quantity.kind is Kind.NUMBER and part[0] == Fraction(1, 2)
        return (_unsure(quantity) if is_half else quantity), used  # `half the class` says no number
    if lower in ARTICLES:
        if lower_at(tokens, at + 1) in _LONG_UNITS:
            return _number(tokens, at, Fraction(1), 1)
        if lower_at(tokens, at + 1) in words.SCALES or lower_at(tokens, at + 1) in words.GROUPS:
            quantity, used = _spelled(tokens, at + 1)
            return quantity, used + 1
        return None, 1
    if lower == "half":
        used = 2 if lower_at(tokens, at + 1) in ARTICLES else 1
        if lower_at(tokens, at + used) in words.UNITS or lower_at(tokens, at + used) == "dozen":
            return _number(tokens, at, Fraction(1, 2), used)
        return None, 1
    if lower in words.GROUPS:
        used = 2 if lower_at(tokens, at + 1) == "of" else 1
        quantity, used = _number(tokens, at, Fraction(words.GROUPS[lower]), used)
        return _unsure(quantity) if lower != "dozen" else quantity, used
    if lower == "quarter":
        return None, 1
    value, used = _cardinal(tokens, at)
    value, used = _with_decimals(tokens, at, value, used)
    tail = lower_at(tokens, at + used)
    if tail in words.ORDINALS and words.ORDINALS[tail] < 10 and value % 10 == 0 and value >= 20:
        return day_or_ordinal(tokens, at, int(value) + words.ORDINALS[tail], is_sure=True, used=used + 1)
    quantity, used_all = _number(tokens, at, value, used)
    is_pronoun = used == 1 and lower == "one" and quantity is not None and quantity.kind is Kind.NUMBER
    return (_unsure(quantity) if is_pronoun else quantity), used_all


def _cardinal(tokens: list[Token], at: int) -> tuple[Fraction, int]:
    """The value of a run of number words and its length in tokens."""
    total, part, used = 0, 0, 0
    while True:
        lower = lower_at(tokens, at + used)
        if lower in words.ONES and (part % 10 == 0 or used == 0) and (part % 100 == 0 or words.ONES[lower] < 10):
            part += words.ONES[lower]
        elif lower in words.TENS and part % 100 == 0:
            part += words.TENS[lower]
        elif lower == "hundred":
            part = max(part, 1) * 100
        elif lower in words.SCALES:
            total, part = total + max(part, 1) * words.SCALES[lower], 0
        elif lower == "and" and used and part % 100 == 0 and lower_at(tokens, at + used + 1) in _SMALL:
            used += 1
            continue
        else:
            return Fraction(total + part), max(used, 1)
        used += 1
        if used == 1 and lower in words.ONES and lower_at(tokens, at + 1) in words.ONES:
            return Fraction(part), 1  # "one two three": digits read aloud, not a sum


def _with_decimals(tokens: list[Token], at: int, value: Fraction, used: int) -> tuple[Fraction, int]:
    """`three point one four`: the digits read aloud behind a point."""
    if lower_at(tokens, at + used) != "point":
        return value, used
    digits = ""
    while (digit := words.ONES.get(lower_at(tokens, at + used + 1 + len(digits)), 10)) < 10:
        digits += str(digit)
    if not digits:
        return value, used
    return value + Fraction(int(digits), 10 ** len(digits)), used + 1 + len(digits)


def _are_beside(tokens: list[Token], at: int) -> bool:
    """Whether the next token follows in the same sentence: a blank or a hyphen stands between."""
    return tokens[at + 1].start - tokens[at].end <= 1


def _half_more(tokens: list[Token], at: int) -> Fraction:
    """What `and a half` or `and a quarter` at `at` adds; 0 where there is neither. Three tokens."""
    if lower_at(tokens, at) != "and" or lower_at(tokens, at + 1) != "a":
        return Fraction(0)
    return _PARTS.get(lower_at(tokens, at + 2), Fraction(0))


def _number(tokens: list[Token], at: int, value: Fraction | str, used: int) -> tuple[Quantity | None, int]:
    """A number of `used` tokens, with the scale, percent sign, currency, unit or clock word that follows it."""
    if isinstance(value, str):
        return made(Kind.NUMBER, value, tokens, at, used)
    glued = is_glued(tokens, at + used)
    if glued and (suffix := lower_at(tokens, at + used)) in ("k", "bn", "mn"):
        value, used = value * words.SUFFIX_SCALES[suffix], used + 1
    while (scale := lower_at(tokens, at + used)) in words.SCALES:
        value, used = value * words.SCALES[scale], used + 1
    if more := _half_more(tokens, at + used):
        value, used = value + more, used + 3
    after = lower_at(tokens, at + used)
    if after in words.PERCENT_WORDS:
        if lower_at(tokens, at + used + 1) in ("point", "points") and _are_beside(tokens, at + used):
            return made(Kind.PERCENT, f"{_plain(value)} points", tokens, at, used + 2)  # from 10 % to 12 %
        return made(Kind.PERCENT, _plain(value), tokens, at, used + 1)
    if after == "per" and lower_at(tokens, at + used + 1) == "cent":
        return made(Kind.PERCENT, _plain(value), tokens, at, used + 2)
    if after in words.CURRENCIES:
        return _money(value, words.CURRENCIES[after], tokens, at, used + 1)
    if after in words.SYMBOLS:
        return _money(value, words.SYMBOLS[after], tokens, at, used + 1)
    if after in ("am", "pm") and value.denominator == 1 and 1 <= value <= 12:
        return made(Kind.TIME, str(minutes_of(int(value), 0, after)), tokens, at, used + 1)
    if after in ("a", "p") and lower_at(tokens, at + used + 1) == "m":
        return made(Kind.TIME, str(minutes_of(int(value), 0, after + "m")), tokens, at, used + 2)
    if after in words.UNITS and (glued or after not in words.LOOSE_UNITS):
        dimension, factor = words.UNITS[after]
        degree = lower_at(tokens, at + used + 1) if dimension == "degree" else ""
        if degree in words.UNITS:
            return made(Kind.MEASURE, f"{_plain(value)} {words.UNITS[degree][0]}", tokens, at, used + 2)
        if (more := _half_more(tokens, at + used + 1)) and lower_at(tokens, at + used + 4) not in words.UNITS:
            value, used = value + more, used + 3  # an hour and a half
        return made(Kind.MEASURE, f"{_plain(value * factor)} {dimension}", tokens, at, used + 1)
    month = words.MONTHS.get(after) or words.MONTH_SHORT.get(after)
    if month is not None and value.denominator == 1 and 1 <= value <= 31:
        return dated(tokens, at, used + 1, month, int(value))
    text = tokens[at].text.replace(",", "").lstrip("#")
    return made(Kind.NUMBER, text if used == 1 and "." in text else _plain(value), tokens, at, used)


def _unsure(quantity: Quantity | None) -> Quantity | None:
    return quantity and Quantity(quantity.kind, quantity.value, quantity.start, quantity.end, is_sure=False)


def _money_first(tokens: list[Token], at: int) -> tuple[Quantity | None, int]:
    """`$5`, `USD 5`, `Rs. 500`, `$2.5m`."""
    symbol = tokens[at].lower
    currency = words.SYMBOLS.get(symbol) or words.CURRENCIES[symbol]
    value = _parsed(tokens[at + 1].text) if group_at(tokens, at + 1) == "number" else ""
    if isinstance(value, str):
        return None, 1
    used = 2
    if is_glued(tokens, at + 2) and (suffix := lower_at(tokens, at + 2)) in words.SUFFIX_SCALES:
        value, used = value * words.SUFFIX_SCALES[suffix], 3
    while (scale := lower_at(tokens, at + used)) in words.SCALES:
        value, used = value * words.SCALES[scale], used + 1
    if words.CURRENCIES.get(lower_at(tokens, at + used)) == currency:
        used += 1
    return _money(value, currency, tokens, at, used)


def _money(value: Fraction, currency: str, tokens: list[Token], at: int, used: int) -> tuple[Quantity, int]:
    return made(Kind.MONEY, f"{_plain(value)} {currency}", tokens, at, used)


def _code(tokens: list[Token], at: int) -> tuple[Quantity, int]:
    """Letters and digits in one word: a quarter, or an identifier."""
    lower = tokens[at].lower.lstrip("#")
    if len(lower) == 2 and lower[0] == "q" and lower[1] in "1234":
        return made(Kind.QUARTER, lower[1], tokens, at, 1)
    return made(Kind.IDENT, lower, tokens, at, 1)


def _parsed(text: str) -> Fraction | str:
    """A number; or the text itself where leading zeros, `#` or absurd length make it an identifier."""
    text = text.lstrip("#").rstrip()
    if text[-1] in FRACTIONS:
        whole = _parsed(text[:-1]) if text[:-1].strip(" -") else Fraction(0)
        part = Fraction(unicodedata.numeric(text[-1])).limit_denominator(10)
        return text if isinstance(whole, str) else whole + part
    bare = text.replace(",", "")
    digits = bare.lstrip("-")
    if len(digits) > 15 or (len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()):
        return text
    try:
        return Fraction(bare)
    except (ValueError, ZeroDivisionError):
        return text


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))
