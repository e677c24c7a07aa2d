"""Days, months and clock times as they stand in a text, read into one form. Used by `core/quantities`."""

from __future__ import annotations

import re

from proxy.core import number_words as words
from proxy.core.quantity import Kind, Quantity
from proxy.core.quantity_tokens import Token, group_at, lower_at, made


def clock(tokens: list[Token], at: int) -> tuple[Quantity, int]:
    """`8:30`, `20:15`, `8:30 p.m.`, in minutes since midnight."""
    hour, minute = (int(part) for part in tokens[at].text.split(":")[:2])
    after = lower_at(tokens, at + 1)
    used = 2 if after in ("am", "pm") else 1
    if after in ("a", "p") and lower_at(tokens, at + 2) == "m":
        after, used = after + "m", 3
    return made(Kind.TIME, str(minutes_of(hour, minute, after if used > 1 else "")), tokens, at, used)


def minutes_of(hour: int, minute: int, half: str) -> int:
    """Minutes since midnight. Without am or pm the hour stays as written."""
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return 60 * hour + minute


def month_at(tokens: list[Token], at: int, month: int) -> tuple[Quantity | None, int]:
    """`May`, `May 5`, `May 5th, 2024`, `May 2024`; the verb and the modal in small letters are left alone."""
    after = at + 1
    match group_at(tokens, after):
        case "ordinal":
            return dated(tokens, at, 2, month, int(tokens[after].text[:-2]))
        case "number" if tokens[after].text.isdigit() and 1 <= int(tokens[after].text) <= 31:
            return dated(tokens, at, 2, month, int(tokens[after].text))
        case "number" if _is_year(tokens[after].text):
            return made(Kind.DATE, f"{tokens[after].text}-{month}", tokens, at, 2)
    is_plain = tokens[at].lower in words.AMBIGUOUS_MONTHS and (tokens[at].text[0].islower() or at == 0)
    return (None, 1) if is_plain else made(Kind.MONTH, str(month), tokens, at, 1)


def dated(tokens: list[Token], at: int, used: int, month: int, day: int) -> tuple[Quantity, int]:
    """A day of a month, with the year if one follows the `used` tokens."""
    year = tokens[at + used].text if group_at(tokens, at + used) == "number" else ""
    if _is_year(year):
        return made(Kind.DATE, f"{year}-{month}-{day}", tokens, at, used + 1)
    return made(Kind.DATE, f"{month}-{day}", tokens, at, used)


def day_or_ordinal(tokens: list[Token], at: int, value: int, *, is_sure: bool, used: int = 1) -> tuple[Quantity, int]:
    """`the 5th of May` is a date, `third quarter` a quarter, anything else an ordinal."""
    skip = used + 1 if lower_at(tokens, at + used) == "of" else used
    after = lower_at(tokens, at + skip)
    month = words.MONTHS.get(after) or words.MONTH_SHORT.get(after)
    if month is not None and 1 <= value <= 31:
        return dated(tokens, at, skip + 1, month, value)
    if after in ("quarter", "quarters") and value <= 4:
        return made(Kind.QUARTER, str(value), tokens, at, used + 1)
    return Quantity(Kind.ORDINAL, str(value), tokens[at].start, tokens[at + used - 1].end, is_sure), used


def date_value(text: str) -> str:
    """Year first where it is clear; which of day and month comes first is left as written."""
    parts = [str(int(part)) for part in re.split(r"[-/.]", text)]
    return "-".join(parts if len(parts[0]) == 4 else [parts[2], parts[0], parts[1]])


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and 1000 <= int(text) <= 2999
