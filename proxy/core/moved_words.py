"""Words that stand elsewhere and say the same: `turn off the alarm`, `turn the alarm off`; `from Oslo to Bergen`, `to
Bergen from Oslo`.

Only of verbs whose particle goes with their object wherever it stands: `get over a friend` and `get a friend over` are
two things, and so are `pay in euros` and `pay euros in`, `leave out the eggs` and `leave the eggs out`. And only where
`to` says where: a verb may stand behind it, and a person with whom the `from` goes (`sell to customers from China`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from proxy.core.ways import SPECIFIERS, is_content, says_where
from proxy.core.words.common import words_of

_SEPARABLE = {
    "off": """
turn switch shut cut call lay pay write take drop mark block send sell wipe wash cross scrape peel clear hold
""",
    "on": "turn switch power try",
    "up": """
turn back set put clean look zip split save wake add mix warm heat hook speed blow pump clear tidy free open use pick
hang divide sum stack dig sign draw book fix lock cover lift scale round
""",
    "down": """
turn shut slow write note jot tear cut break track narrow calm bring put scale cool close lock mark hunt knock water
tone
""",
    "out": """
print take throw fill sort figure point work try rule carry cross send hand read put rent filter phase cancel
""",
    "in": "fill plug hand trade",
    "over": "hand",
    "back": "pay give send bring get call take win hold roll",
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
_ALSO_NOUNS = words_of("back in over")
"""Particles that may belong to a bare noun: `get back pain`, `pay back taxes`, `trade in stocks`."""

_LOST = words_of("money lost stolen deleted")
"""What one gets back, with or without an article."""

_COMPOUNDS = words_of("""
road plan peak season hours duty shore site grid brand label front arrow jacket jackets comforter comforters payment
payments pillow pillows door doors time weekends sundays mondays red
broadway campus side hill syndrome late early
""")
"""Nouns that a particle may be a part of: `turn off road lights`, `put down jackets in the dryer`."""

_GOES_ON = {"out": words_of("of"), "away": words_of("from"), "aside": words_of("from"), "apart": words_of("from")}
_JOINS = words_of("and or nor not but")
"""Right behind the object these may belong to the particle, or to the object alone."""

_TITLES = words_of("""
sing sings sang sung singer song songs lyrics album band track film movie book novel poem episode title titled called
""")
"""Beside these the words may be a name: `Who sings Turn the Lights Off?`"""

_LONGEST_OBJECT = 5
_LONGEST_END = 4
"""Words, an article among them."""

_TRAVELS = words_of("""
flight flights train trains bus buses ferry ferries get getting go going travel traveling travelling fly flying drive
driving walk walking cycle cycling bike trip trips route way distance far directions move moving switch switching
migrate migrating upgrade upgrading
""")
"""Behind these `to` says where: `a trip to Porto Alegre`, not `money to pay rent from my parents`."""

_CARRIES = words_of("far transfer transferring import importing export exporting convert converting copy copying sync")
"""Anywhere before: `how far is it to Rome`, `import contacts to Outlook`; what is sent or sold may go to a person."""

_DONE = words_of("work sleep rest study see watch meet play eat visit stay live vote drive walk swim strike")
"""Verbs, too: `get to work from home`."""

_BEHIND_ENDS = words_of("by via for without take takes cost costs last today tomorrow tonight")
"""What may stand behind both ends; anything else may belong to the second alone: `to York from Leeds station`."""

_LONGEST = 60
_SIGNS = ".?! "
_ENDS = words_of("from to")


def in_order_of(a: str, b: str) -> str | None:
    """`b` with its words in the order of `a`, where only such words stand elsewhere; None otherwise.

    Texts of single blanks, None for others; their case and the sign at their end may differ besides. Linear.
    """
    words, others = (text.rstrip(_SIGNS).lower().split(" ") for text in (a, b))
    if not 3 < len(words) == len(others) <= _LONGEST or sorted(words) != sorted(others) or "" in words:
        return None
    at = next((at for at, pair in enumerate(zip(words, others, strict=True)) if pair[0] != pair[1]), 0)
    if at == 0 or not _TITLES.isdisjoint(words) or _is_named(a.split(" "), at) or _is_named(b.split(" "), at):
        return None
    order = _of_particle(words, others, at) or _of_ends(words, others, at)
    if order is None:
        return None
    written = b.rstrip(_SIGNS).split(" ")
    return " ".join(written[place] for place in order) + a[len(a.rstrip(_SIGNS)) :]


def _is_named(written: Sequence[str], at: int) -> bool:
    """Whether a name begins with the word before: `What is Take Back the Night?`"""
    return written[at - 1][0].isupper() and any(word.islower() for word in written[: at - 1])


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
        if far[at + size : at + size + 1] == near[at : at + 1] and _goes_with(near[at], far[at : at + size]):
            behind = near[at + 1 + size :]
            if near[at + 1 : at + 1 + size] != far[at : at + size] or behind != far[at + 1 + size :]:
                return None
            if not {*_JOINS, *_GOES_ON.get(near[at], ())}.isdisjoint(behind[:1]):
                return None
            moved = [at + size, *places[at : at + size]] if near is words else [*places[at + 1 : at + 1 + size], at]
            return [*places[:at], *moved, *places[at + 1 + size :]]
    return None


def _is_particle(words: Sequence[str], at: int) -> bool:
    return words[at - 1] in _VERBS.get(words[at], ())


def _goes_with(particle: str, words: Sequence[str]) -> bool:
    """Whether they are its object: `the smoke alarm`, `notifications`."""
    is_plain = words[0] in SPECIFIERS or words[0] not in _COMPOUNDS
    is_plain &= particle not in _ALSO_NOUNS or words[0] in SPECIFIERS | _LOST
    return is_plain and _is_object(words)


def _is_object(words: Sequence[str]) -> bool:
    """`the smoke alarm`."""
    start = 1 if words[0] in SPECIFIERS else 0
    return start < len(words) and all(is_content(word) and word[-1].isalnum() for word in words[start:])


def _of_ends(words: Sequence[str], others: Sequence[str], at: int) -> list[int] | None:
    if {words[at], others[at]} != _ENDS:
        return None
    near, far = (_size_of_end(text, at, other) for text, other in ((words, others[at]), (others, words[at])))
    goal = words if words[at] == "to" else others
    end = at + 2 + near + far
    if not (near and far and says_where(goal, at) and _is_place(goal, at) and _BEHIND_ENDS.issuperset(words[end:][:1])):
        return None
    places = [*range(len(words))]
    order = [*places[:at], *places[at + 1 + far : end], *places[at : at + 1 + far], *places[end:]]
    return order if [others[place] for place in order] == [*words] else None


def _is_place(words: Sequence[str], at: int) -> bool:
    """`a flight to Porto Alegre`, `how far is it to the airport`; not `to pay rent`."""
    return words[at + 1] not in _DONE and (words[at - 1] in _TRAVELS or not _CARRIES.isdisjoint(words[:at]))


def _size_of_end(words: Sequence[str], at: int, other: str) -> int:
    """Words between one preposition and the other; 0 where they are no end of a way."""
    rest = words[at + 1 : at + 2 + _LONGEST_END]
    size = rest.index(other) if other in rest else 0
    return size if size and _is_object(rest[:size]) else 0
