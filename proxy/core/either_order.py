"""Two things that a question names in either order: what differs between them, which of both, one against the other.

Only where nothing but their order differs and nothing is counted, converted or taken away: `the ratio between a and b`
has an order, and so may what stands behind the second and belongs to it alone (`a cat and a dog with fleas`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from proxy.core.words.common import words_of

_BETWEEN = words_of("""
difference differences distinction distinctions similarity similarities comparison distance relationship relation
connection link far differ differs choose choosing decide deciding
""")
_ORDERED = words_of("""
ratio rate rates exchange proportion convert conversion converting percent percentage change changes increase decrease
growth diff git subtract minus switch route train bus flight flights ferry way drive transfer
""")
_BEHIND = words_of("in for as when if under")
"""What both have in common may begin with these."""

_JOINED = {"and": "and", "or": "or", "vs": "vs", "vs.": "vs"}
_OF_BOTH = re.compile(
    r"(?:(?:please )?compare|(?:a )?comparison (?:of|between)|"
    r"(?:what|which|who) (?:is|are|was|has|costs|lasts) [^,]{3,30},|"
    r"should (?:i|we|you) (?:use|choose|pick|buy|get|take|learn|eat|drink|visit|study)|what do)\Z",
    re.IGNORECASE,
)

_MOST_BEFORE = 12


def is_other_order(a: str, b: str) -> bool:
    """Whether only the order of two such things differs; texts of single blanks. Symmetric; linear."""
    one, two = a.rstrip(" ?.").split(" "), b.rstrip(" ?.").split(" ")
    if len(one) != len(two) or sorted(one) != sorted(two):
        return False
    joins = [_joint(words) for words in (one, two)]
    if 0 in joins or one[joins[0]] != two[joins[1]]:
        return False
    begin = _begin(one, joins[0])
    if begin < 0 or one[:begin] != two[:begin]:
        return False
    first, second = one[begin : joins[0]], two[begin : joins[1]]
    rest, other_rest = one[joins[0] + 1 :], two[joins[1] + 1 :]
    behind = rest[len(second) :]
    return (
        bool(first and second)
        and rest[: len(second)] == second
        and other_rest == first + behind
        and (not behind or behind[0] in _BEHIND or behind == ["have", "in", "common"])
        and not any(character.isdigit() for word in first + second for character in word)
    )


def _joint(words: Sequence[str]) -> int:
    """Where two things are joined; 0 where nothing or more is."""
    found = [i for i, word in enumerate(words) if word in _JOINED]
    return found[0] if len(found) == 1 else 0


def _begin(words: Sequence[str], joint: int) -> int:
    """Where the first of both begins; -1 where the order may be meant."""
    before = [word.lower() for word in words[:joint]]
    if not _ORDERED.isdisjoint(word.lower() for word in words):
        return -1
    if words[joint] == "vs":
        return 0
    if words[joint] == "and" and "between" in before:
        at = before.index("between")
        return at + 1 if not _BETWEEN.isdisjoint(before[:at]) else -1
    return next((at for at in range(1, min(joint, _MOST_BEFORE)) if _OF_BOTH.match(" ".join(words[:at]))), -1)
