"""What two texts count, held against each other: numbers, amounts, dates, versions, names with a number in them."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from proxy.core.guard import Guard
from proxy.core.quantity import Kind, Quantity

GUARD_OF = {
    Kind.NUMBER: Guard.NUMBERS,
    Kind.PERCENT: Guard.NUMBERS,
    Kind.ORDINAL: Guard.NUMBERS,
    Kind.MONEY: Guard.NUMBERS,
    Kind.MEASURE: Guard.NUMBERS,
    Kind.IDENT: Guard.IDS,
    Kind.DATE: Guard.DATES,
    Kind.TIME: Guard.DATES,
    Kind.WEEKDAY: Guard.DATES,
    Kind.MONTH: Guard.DATES,
    Kind.QUARTER: Guard.DATES,
    Kind.VERSION: Guard.VERSIONS,
}
"""In the order in which they are named when several kinds differ."""

_COUNTED = frozenset({Kind.NUMBER, Kind.ORDINAL, Kind.PERCENT, Kind.MONEY, Kind.VERSION, Kind.IDENT})
"""Kinds that write the same thing in each other's way: `chapter 3`, `the third chapter`; `iPhone 6`, `iPhone6`."""


@dataclass(frozen=True, slots=True)
class Counted:
    """keys: of all quantities of a text; unsure: of the unsure ones."""

    keys: frozenset[tuple[Kind, str]]
    unsure: frozenset[tuple[Kind, str]]


def counted_in(quantities: Sequence[Quantity]) -> Counted:
    """What `core/quantities` has read, as it is compared."""
    return Counted(
        frozenset([_key(each) for each in quantities]),
        frozenset([_key(each) for each in quantities if not each.is_sure]),
    )


def counted_otherwise(a: Counted, b: Counted) -> Guard | None:
    """A veto where each text counts something of one kind that the other does not ("5%" against "7%").

    What only one of them counts is no veto ("the 2 best"), nor is another order ("from 5 to 7").
    """
    if a.keys == b.keys:
        return None
    unsure = a.unsure | b.unsure
    left, right = a.keys - b.keys - unsure, b.keys - a.keys - unsure
    for kind, guard in GUARD_OF.items():
        mine, theirs = _values(left, kind), _values(right, kind)
        if kind is Kind.MEASURE:
            mine, theirs = _without_bare_degrees(mine, theirs)
        if mine and theirs:
            return Guard.UNITS if _amounts(mine) == _amounts(theirs) else guard
    if _decades(left) & _values(right, Kind.NUMBER) or _decades(right) & _values(left, Kind.NUMBER):
        return Guard.DATES
    counted_left, counted_right = _digits(left), _digits(right)
    return Guard.NUMBERS if counted_left and counted_right and not counted_left & counted_right else None


def _key(quantity: Quantity) -> tuple[Kind, str]:
    if quantity.kind is Kind.IDENT:
        return quantity.kind, re.sub(r"[-_\s]", "", quantity.value)  # covid-19, covid19
    return quantity.kind, quantity.value


def _values(keys: Set[tuple[Kind, str]], kind: Kind) -> set[str]:
    return {value for each, value in keys if each is kind}


def _without_bare_degrees(a: set[str], b: set[str]) -> tuple[set[str], set[str]]:
    """`30 degrees` may be 30 °C as well as 30 °F."""
    bare = {value.removesuffix(" degree") for value in a | b if value.endswith(" degree")}
    if not bare & _amounts(a) & _amounts(b):
        return a, b
    left, right = ({value for value in values if value.partition(" ")[0] not in bare} for values in (a, b))
    return left, right


def _decades(keys: Set[tuple[Kind, str]]) -> set[str]:
    """The first years of `the 1990s`: one year is not ten."""
    return {value[:-1] for value in _values(keys, Kind.DATE) if value.endswith("s")}


def _amounts(values: set[str]) -> set[str]:
    """`5 length` and `5 weight` have the same amount: what differs is the unit."""
    return {value.partition(" ")[0] for value in values}


def _digits(keys: Set[tuple[Kind, str]]) -> set[str]:
    return {run for kind, value in keys if kind in _COUNTED for run in re.findall(r"\d+", value)}
