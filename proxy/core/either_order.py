"""Two things that a question names in either order: what differs between them, which of both.

Only where nothing but their order differs and nothing is counted, converted or taken away: `the ratio between a and b`
has an order, and so may what stands behind the second and belongs to it alone (`a cat and a dog with fleas`) or to both
(`men and women in Japan`, `raw fish and meat`), and `Roe vs Wade`, `velocity vs time`, `Lakers vs Celtics`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from proxy.core.words.common import words_of

_COMPARED = words_of("""
difference differences distinction distinctions similarity similarities comparison distance relationship far differ
differs choose choosing decide deciding
""")
_ASKING = words_of("""
what what's whats is are was were there how does do can could should would i we you me us it please explain describe
tell give list name understand know the a an any some all main key biggest basic major important real exact most common
between price cost time age size
""")
"""Words before `between` that leave it at that. Behind any other the order may say something: the positive difference,
a one-to-many relationship, the difference in days, how to calculate it."""

_ORDERED = words_of("""
ratio rate rates exchange proportion convert conversion converting percent percentage change changes increase decrease
growth diff git subtract minus switch route train bus flight flights ferry way drive transfer
first second third last next former latter option mentioned listed named
""")
_COMMON = ["have", "in", "common"]
"""All that may stand behind both; anything else may belong to the second alone: `a man and a cat in a hat`."""

_SHARED = words_of("""
in on at with for from after before during without within near under over by as like who that which whose not no never
""")
"""With one of these in one of them, the other may share it: `Women in Japan and men` have another difference."""

_ARTICLES = words_of("a an the")
_JOINED = words_of("and or vs vs.")
_OF_BOTH = re.compile(
    r"(?:(?:please )?compare|(?:a )?comparison (?:of|between)|"
    r"(?:what|which|who) (?:is|are|was|has|costs|lasts) (?![^,]*\b(?:order|sequence)\b)[^,]{3,30},|"
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
        and (not behind or behind == _COMMON)
        and not (_shares(first, second) or _shares(second, first))
        and not any(character.isdigit() for word in first + second for character in word)
        and len(first[-1]) > 1
        and len(second[-1]) > 1  # `x and y`: numbers, sets, vectors
    )


def _shares(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a part of one may be said of both: `raw fish and meat`; not of `Google Sheets and Excel`."""
    if not _SHARED.isdisjoint(one) and _SHARED.isdisjoint(other):
        return True
    is_bare = len(other) == 1 < len(one) and one[0].lower() not in _ARTICLES
    return is_bare and not all(word[0].isupper() for word in one)


def _joint(words: Sequence[str]) -> int:
    """Where two things are joined; 0 where nothing or more is."""
    found = [i for i, word in enumerate(words) if word in _JOINED]
    return found[0] if len(found) == 1 else 0


def _begin(words: Sequence[str], joint: int) -> int:
    """Where the first of both begins; -1 where the order may be meant."""
    before = [word.lower() for word in words[:joint]]
    if not _ORDERED.isdisjoint(word.lower().rstrip(",") for word in words):
        return -1
    if words[joint] == "and" and "between" in before:
        at = before.index("between")
        is_plain = _ASKING.issuperset({*before[:at]} - _COMPARED) and not _COMPARED.isdisjoint(before[:at])
        return at + 1 if is_plain else -1
    return next((at for at in range(1, min(joint, _MOST_BEFORE)) if _OF_BOTH.match(" ".join(words[:at]))), -1)
