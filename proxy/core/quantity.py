"""One thing counted in a text, in canonical form, and two texts' things side by side. Read by `core/quantities`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing was read."""

    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    MEASURE = "measure"
    ORDINAL = "ordinal"
    IDENT = "ident"
    DATE = "date"
    TIME = "time"
    WEEKDAY = "weekday"
    MONTH = "month"
    QUARTER = "quarter"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing read. Equal things have equal (kind, value): `60 minutes` and `an hour` are ("measure", "3600 time").

    start, end: character span in the text. is_sure: False for words that often mean something else ("one", "first",
    "second", "a couple"): a difference in these alone is no ground for a veto.
    """

    kind: Kind
    value: str
    start: int
    end: int
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts' quantities side by side, each as a bag of (kind, value).

    changed: kinds of which both texts hold something that the other lacks ("5%" against "7%").
    added: kinds of which only one text holds something that the other lacks ("the 2 best" against "the best").
    Both count sure quantities only. unsure: something unsure differs. shared: how many are equal.
    reordered: the same bag, two or more distinct ones, in another order ("from 5 to 7", "from 7 to 5").
    """

    changed: frozenset[Kind]
    added: frozenset[Kind]
    unsure: bool
    shared: int
    reordered: bool


_NO_KINDS: frozenset[Kind] = frozenset()


def compare(a: Sequence[Quantity], b: Sequence[Quantity]) -> Comparison:
    """Symmetric in its arguments."""
    keys_a, keys_b = _keys(a), _keys(b)
    if keys_a == keys_b:
        return Comparison(_NO_KINDS, _NO_KINDS, unsure=False, shared=len(keys_a), reordered=False)
    bag_a, bag_b = Counter(keys_a), Counter(keys_b)
    left, right = bag_a - bag_b, bag_b - bag_a
    unsure = {(q.kind, q.value) for q in (*a, *b) if not q.is_sure}
    sure_left = {kind for kind, value in left if (kind, value) not in unsure}
    sure_right = {kind for kind, value in right if (kind, value) not in unsure}
    same_bag = not left and not right and len(bag_a) > 1
    return Comparison(
        changed=frozenset(sure_left & sure_right),
        added=frozenset(sure_left ^ sure_right),
        unsure=any(key in unsure for key in (*left, *right)),
        shared=(bag_a & bag_b).total(),
        reordered=same_bag,
    )


def _keys(quantities: Sequence[Quantity]) -> list[tuple[Kind, str]]:
    return [(quantity.kind, quantity.value) for quantity in quantities]
