"""Two things that a question names in either order: what differs between them, which of both, whether both together.

Only where nothing but their order differs and nothing is counted, converted or taken away: `the ratio between a and b`
has an order, and so may what stands behind the second and belongs to it alone (`a cat and a dog with fleas`) or to both
(`men and women in Japan`, `raw fish and meat`), and `Roe vs Wade`, `velocity vs time`, `Lakers vs Celtics`. What is
compatible with an older thing may not be the other way.
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
_BEHIND = re.compile(r"(?:have in common|differ|together)?\Z")
"""All that may stand behind both; anything else may belong to the second alone: `a man and a cat in a hat`."""

_MORE = re.compile(r"(?:\w+er|worse|(?:more|less) \w+)\Z")
"""Behind `is` and `are`: `Are cats or dogs smarter`."""

_SHARED = words_of("""
in on at with for from after before during without within near under over by as like who that which whose not no never
""")
"""With one of these in one of them, the other may share it: `Women in Japan and men` have another difference."""

_ARTICLES = words_of("a an the")
_ONE_THING = words_of("""
red white green black brown soy oat almond olive coconut orange ice machine deep data american new baking react visual
dark milk
""")
"""Words that with the next make one: `green tea`, `machine learning`; not `black men`."""

_PLURAL = re.compile(r"\w+s|men|women|people|children", re.IGNORECASE)

_JOINED = words_of("and or vs vs.")
_JOINED_WITH, _JOINED_TO = words_of("with"), words_of("to")
_OF_BOTH = re.compile(
    r"(?:(?:please )?compare|(?:a )?comparison (?:of|between)|"
    r"(?:what|which|who) (?:is|are|was|has|costs|lasts) (?![^,]*\b(?:order|sequence)\b)[^,]{3,30},|"
    r"should (?:i|we|you) (?:use|choose|pick|buy|get|take|learn|eat|drink|visit|study)|what do|how do|is|are|"
    r"can (?:i|we|you) (?:mix|combine|take|eat|drink|wear))\Z",
    re.IGNORECASE,
)

_MUTUAL = re.compile(r"(?<= )(interacts?|compares?|differs?|different|similar) (with|to|from)(?= )", re.IGNORECASE)
_ASKS_OF_BOTH = re.compile(r"(?:how )?(?:do|does|is|are)\Z", re.IGNORECASE)
"""Of what each is to the other: `Does A interact with B`; not `how`: teachers with students, and students with them."""

_WITH = re.compile(
    r"(?:(?:please )?compare|(?:can (?:i|we|you)|is it (?:safe|ok|okay|bad|dangerous) to) (?:mix|combine))\Z",
    re.IGNORECASE,
)
"""`Compare A to B`, `Can I mix A with B`."""

_MOST_BEFORE = 12


def is_other_order(a: str, b: str) -> bool:
    """Whether only the order of two such things differs; texts of single blanks. Symmetric; linear."""
    one, two = (_MUTUAL.sub(r"\1_\2", text.rstrip(" ?.")).split(" ") for text in (a, b))
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
    is_which = one[joins[0]] in _JOINED and one[0].lower() in ("is", "are")
    return (
        bool(first and second)
        and rest[: len(second)] == second
        and other_rest == first + behind
        and (_MORE if is_which else _BEHIND).match(" ".join(behind)) is not None
        and not (_shares(first, second) or _shares(second, first))
        and not any(character.isdigit() for word in first + second for character in word)
        and len(first[-1]) > 1
        and len(second[-1]) > 1  # `x and y`: numbers, sets, vectors
    )


def _shares(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a part of one may be said of both: `raw fish and meat`; not of `Google Sheets and Excel`."""
    if not _SHARED.isdisjoint(one) and _SHARED.isdisjoint(other):
        return True
    if len(other) > 1 or len(one) == 1 or one[0].lower() in _ARTICLES:
        return False
    is_one_thing = one[0].lower() in _ONE_THING and not _PLURAL.fullmatch(one[-1])
    return not (is_one_thing or all(word[0].isupper() for word in one))


def _joint(words: Sequence[str]) -> int:
    """Where two things are joined; 0 where nothing or more is."""
    for joints in (_JOINED, _JOINED_WITH, _JOINED_TO):
        found = [i for i, word in enumerate(words) if word in joints or "_" in word]
        if found:
            return found[0] if len(found) == 1 else 0
    return 0


def _begin(words: Sequence[str], joint: int) -> int:
    """Where the first of both begins; -1 where the order may be meant."""
    before = [word.lower() for word in words[:joint]]
    if not _ORDERED.isdisjoint(word.lower().rstrip(",") for word in words):
        return -1
    if words[joint] == "and" and "between" in before:
        at = before.index("between")
        is_plain = _ASKING.issuperset({*before[:at]} - _COMPARED) and not _COMPARED.isdisjoint(before[:at])
        return at + 1 if is_plain else -1
    if words[joint].lower().startswith("interact") and before[0] == "how":
        return -1
    asks = _ASKS_OF_BOTH if "_" in words[joint] else _OF_BOTH if words[joint] in _JOINED else _WITH
    return next((at for at in range(1, min(joint, _MOST_BEFORE)) if asks.match(" ".join(words[:at]))), -1)
