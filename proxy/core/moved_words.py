"""Words that stand elsewhere and say the same: `turn off the alarm`, `turn the alarm off`; `from Oslo to Bergen`, `to
Bergen from Oslo`.

Only of verbs whose particle goes with their object wherever it stands: `get over a friend` and `get a friend over` are
two things, and so are `pay in euros` and `pay euros in`. And only where `to` says where: a verb may stand behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from proxy.core.ways import SPECIFIERS, is_content, says_where
from proxy.core.words.common import words_of

_SEPARABLE = {
    "off": """
turn switch shut cut call lay pay write take drop mark block set put send sell wipe wash cross scrape peel clear hold
""",
    "on": "turn switch power put try",
    "up": """
turn back set put clean look zip split save wake add mix warm heat hook speed blow pump clear tidy free open use pick
bring hang divide sum stack dig sign draw book fix lock cover lift scale round
""",
    "down": """
turn shut slow write note jot take tear cut break track narrow calm bring put scale cool close lock mark hunt knock
water tone
""",
    "out": """
print take throw fill sort figure point work try find rule carry leave cross send hand read put rent filter phase cancel
""",
    "in": "fill plug hand trade",
    "over": "hand take",
    "back": "pay give send bring get call take win hold put roll",
    "away": "throw give put take clear",
    "aside": "set put",
    "apart": "take",
    "together": "put",
}


def _forms(verbs: str) -> frozenset[str]:
    """set, sets, setting; take, takes, taking."""
    found = set()
    for verb in verbs.split():
        found |= {verb, f"{verb}s", f"{verb.removesuffix('e')}ing", f"{verb}{verb[-1]}ing"}
    return frozenset(found)


_VERBS: Mapping[str, Set[str]] = {particle: _forms(verbs) for particle, verbs in _SEPARABLE.items()}
_LONGEST_OBJECT = 5
_LONGEST_END = 4
"""Words, an article among them."""

_TRAVELS = words_of("""
flight flights train trains bus buses ferry ferries get go travel fly drive walk trip route way distance far switch
migrate upgrade
""")
"""Right behind these no verb follows `to`: `a trip to porto alegre`, not `money to pay rent from my parents`."""

_LONGEST = 60
_SIGNS = ".?! "
_ENDS = words_of("from to")


def in_order_of(a: str, b: str) -> str | None:
    """`b` with its words in the order of `a`, where only such words stand elsewhere; None otherwise.

    Texts of single blanks; their case and the sign at their end may differ besides. Linear.
    """
    words, others = (text.rstrip(_SIGNS).lower().split(" ") for text in (a, b))
    if not 3 < len(words) == len(others) <= _LONGEST or sorted(words) != sorted(others):
        return None
    at = next((at for at, pair in enumerate(zip(words, others, strict=True)) if pair[0] != pair[1]), 0)
    if at == 0:
        return None
    order = _of_particle(words, others, at) or _of_ends(words, others, at)
    if order is None:
        return None
    written = b.rstrip(_SIGNS).split(" ")
    return " ".join(written[place] for place in order) + a[len(a.rstrip(_SIGNS)) :]


def _of_particle(words: Sequence[str], others: Sequence[str], at: int) -> list[int] | None:
    """Places of the words in `others`, in the order of `words`."""
    places = [*range(len(words))]
    if _is_particle(words, at):
        near, far = words, others
    elif _is_particle(others, at):
        near, far = others, words
    else:
        return None
    for size in range(1, _LONGEST_OBJECT + 1):
        if far[at + size : at + size + 1] == near[at : at + 1] and _is_object(far[at : at + size]):
            if near[at + 1 : at + 1 + size] != far[at : at + size] or near[at + 1 + size :] != far[at + 1 + size :]:
                return None
            moved = [at + size, *places[at : at + size]] if near is words else [*places[at + 1 : at + 1 + size], at]
            return [*places[:at], *moved, *places[at + 1 + size :]]
    return None


def _is_particle(words: Sequence[str], at: int) -> bool:
    return words[at - 1] in _VERBS.get(words[at], ())


def _is_object(words: Sequence[str]) -> bool:
    """`the smoke alarm`."""
    start = 1 if words[0] in SPECIFIERS else 0
    return start < len(words) and all(is_content(word) and word[-1].isalnum() for word in words[start:])


def _of_ends(words: Sequence[str], others: Sequence[str], at: int) -> list[int] | None:
    if {words[at], others[at]} != _ENDS:
        return None
    near, far = (_size_of_end(text, at, other) for text, other in ((words, others[at]), (others, words[at])))
    goal, size = (words, near) if words[at] == "to" else (others, far)
    if not (near and far and says_where(goal, at) and (size == 1 or _is_place(goal, at))):
        return None
    end = at + 2 + near + far
    places = [*range(len(words))]
    order = [*places[:at], *places[at + 1 + far : end], *places[at : at + 1 + far], *places[end:]]
    return order if [others[place] for place in order] == [*words] else None


def _is_place(words: Sequence[str], at: int) -> bool:
    """`to the airport`, `a flight to porto alegre`; not `to pay rent`."""
    return words[at + 1] in SPECIFIERS or words[at - 1] in _TRAVELS


def _size_of_end(words: Sequence[str], at: int, other: str) -> int:
    """Words between one preposition and the other; 0 where they are no end of a way."""
    rest = words[at + 1 : at + 2 + _LONGEST_END]
    size = rest.index(other) if other in rest else 0
    return size if size and _is_object(rest[:size]) else 0
