"""A slot value and where it comes from; knows nothing about sentences.

A value is one meaning (`key`) with its true spellings (`forms`). Another key is another meaning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b
from random import Random
from typing import Protocol

SPLITS = ("train", "dev", "test")
# Small closed sets (weekdays, months) cannot be divided: every split may use them all.
_SMALL_POOL = 24
_NEAR_TRIES = 12


@dataclass(frozen=True)
class Value:
    """One meaning. `forms[0]` is the usual spelling; `group` names values that people confuse with it."""

    key: str
    forms: tuple[str, ...]
    group: str = ""


class Source(Protocol):
    """Draws values for a slot; a split never sees the keys of another one, small closed sets apart."""

    def draw(self, rng: Random, split: str) -> Value: ...

    def near(self, rng: Random, value: Value, split: str) -> Value:
        """Another key that is easily taken for `value`."""
        ...


def digest_of(text: str) -> int:
    """64 bits of BLAKE2b: stable between runs and machines, unlike `hash`."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def split_of(key: str) -> str:
    """The split that owns a vocabulary key: 65 % train, 12 % dev, 23 % test."""
    bucket = digest_of("vocabulary:" + key) % 100
    return "train" if bucket < 65 else "dev" if bucket < 77 else "test"


@dataclass(frozen=True)
class Pool:
    """A finite list of values, divided between the splits by the digest of the key."""

    values: tuple[Value, ...]
    shared: bool = False

    def draw(self, rng: Random, split: str) -> Value:
        return rng.choice(self._of(split))

    def near(self, rng: Random, value: Value, split: str) -> Value:
        others = [other for other in self._of(split) if other.key != value.key]
        kin = [other for other in others if value.group and other.group == value.group]
        if kin and rng.random() < 0.7:
            others = kin
        if rng.random() < 0.35:  # look-alikes: Austria and Australia
            sample = rng.sample(others, min(len(others), 40))
            return max(sample, key=lambda other: SequenceMatcher(None, other.forms[0], value.forms[0]).ratio())
        return rng.choice(others)

    def _of(self, split: str) -> Sequence[Value]:
        if self.shared or len(self.values) <= _SMALL_POOL:
            return self.values
        return _divided(self.values)[split]


_DIVIDED: dict[int, tuple[tuple[Value, ...], dict[str, list[Value]]]] = {}


def _divided(values: tuple[Value, ...]) -> dict[str, list[Value]]:
    """Memo by identity; the tuple is kept beside its division so that the identity stays taken."""
    known = _DIVIDED.get(id(values))
    if known is None or known[0] is not values:
        parts: dict[str, list[Value]] = {split: [] for split in SPLITS}
        for value in values:
            parts[split_of(value.key)].append(value)
        if min(map(len, parts.values())) < 2:
            parts = {split: list(values) for split in SPLITS}
        known = _DIVIDED[id(values)] = (values, parts)
    return known[1]


@dataclass(frozen=True)
class Made:
    """Values computed from a number: amounts, dates, codes. Rejects keys that belong to another split."""

    make: Callable[[Random], Value]
    change: Callable[[Random, Value], Value]
    shared: bool = False

    def draw(self, rng: Random, split: str) -> Value:
        for _ in range(200):
            value = self.make(rng)
            if self.shared or split_of(value.key) == split:
                return value
        raise ValueError(f"no value of split {split} in 200 draws")

    def near(self, rng: Random, value: Value, split: str) -> Value:
        for _ in range(_NEAR_TRIES):
            other = self.change(rng, value)
            if other.key != value.key and (self.shared or split_of(other.key) == split):
                return other
        while True:
            other = self.draw(rng, split)
            if other.key != value.key:
                return other


def pool_of(rows: Sequence[str | tuple[str, ...]], group: str = "") -> Pool:
    """A pool from bare spellings or tuples of spellings, in sorted order."""
    tuples = sorted({row if isinstance(row, tuple) else (row,) for row in rows})
    return Pool(tuple(Value(forms[0], forms, group) for forms in tuples))
