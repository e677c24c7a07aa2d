"""From where to where: `from A to B`, `to B from A`, `convert A to B`, wherever in a text; and `to A` against `from A`.

`Convert miles to kilometres on the settings page` and `What are the steps to convert kilometres to miles?` hold three
`to` between them, of which two say where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from proxy.core.roles import BOTH_WAYS, beginning, singular
from proxy.core.words.common import ENGLISH, words_of

SPECIFIERS = words_of("the a an my your our his her its their this that these those all some any")
_REACHES = words_of("reach reaches reaching reached")
_TOWARDS = words_of("to into onto") | _REACHES
_NO_WAY_BEFORE = words_of("""
prior due according related close next compared up thanks similar equal equivalent identical opposed addition married
relative subject regard regards respect contrast entitled belonging belongs belong lead leads led refer refers referring
safe unsafe easy easier hard harder possible impossible able unable ready likely unlikely important necessary free
allowed legal illegal difficult cheap cheaper expensive fun polite rude dangerous healthy ethical steps procedure
process method command
""")
"""`prior to`, `thanks to`: nothing goes anywhere; `safe to`, `easy to`: a verb follows."""

_LED_TO = words_of("it them get go come back over")
"""Common words behind which `to` says where."""

_CONVERTING = words_of("""
convert converts converting converted turn turns turning turned change changes changing changed cast casts casting
translate translates translating translated transform transforms transforming transformed parse parses parsing parsed
transpile compile migrate migrates migrating migrated switch switches switching switched exchange exchanging exchanged
""")
"""Verbs of which the object is where it comes from: `convert A to B`."""

_SAME_EITHER_WAY = words_of("""
different immune exempt order orders ordering ordered return returns returning returned answer answers respond apply
unsubscribe unsubscribing unsubscribed owe owes subscription subscriptions exemption exemptions exception exceptions
benefit benefits advantage advantages allergy allergies allergic reaction reactions remove removes removing removed
revoke revokes revoking revoked cancel cancels canceling cancelling canceled cancelled
""")
"""Beside these `to` and `from` may say the same: who asks `can I order to Canada` orders there, a thing is returned to
the shop that it is from, and access to an account is removed from it."""

_LONGEST_END = 3
"""Words of one end: `Porto Alegre`, `New South Wales`."""

_HERE = frozenset({"."})

Ends = tuple[frozenset[str], frozenset[str]]


def is_content(word: str) -> bool:
    """Whether it has a meaning of its own."""
    return word not in ENGLISH and word[0].isalnum()


def ends(words: Iterable[str]) -> frozenset[str]:
    """Without a plural s; numbers are the quantities' (`core/quantities`)."""
    return frozenset([singular(word) for word in words if not word.isdigit()])


def run_after(words: Sequence[str], at: int) -> frozenset[str]:
    """The words right behind `at`, an article left out, as far as one end may reach."""
    return ends(words[slice(*_span_after(words, at))])


def ways_of(words: Sequence[str]) -> Iterator[tuple[str, Ends]]:
    """(kind, (source, goal)) of each way, in small letters; linear in their number."""
    if _TOWARDS.isdisjoint(words) and "from" not in words:
        return
    if not BOTH_WAYS.isdisjoint(words):
        return
    for pair in _told_apart(words):
        if all(pair):
            yield "to", pair
    yield from _single(words)
    yield from _one_ended(words)


def _told_apart(words: Sequence[str]) -> Iterator[Ends]:
    """Both ends beside each other, or behind a verb of converting."""
    for at, word in enumerate(words):
        if not (word == "from" or word in _TOWARDS or word in _CONVERTING):
            continue
        begin, end = _span_after(words, at)
        if begin == end or end >= len(words):
            continue
        near, far = ends(words[begin:end]), run_after(words, end)
        if word not in _TOWARDS and words[end] in _TOWARDS:
            yield near, far
        elif word in _TOWARDS and words[end] == "from" and _is_towards(words, at):
            yield far, near


def _single(words: Sequence[str]) -> Iterator[tuple[str, Ends]]:
    """Of a text that says once where: `from A … to B`; `A to B`, where nothing is from anywhere."""
    towards = [at for at, word in enumerate(words) if word in _TOWARDS and _is_towards(words, at)]
    if len(towards) != 1 or words.count("from") > 1:
        return
    source = run_after(words, words.index("from")) if "from" in words else _run_before(words, towards[0])
    goal = run_after(words, towards[0])
    if source and goal:
        yield "into" if words[towards[0]] in ("into", "onto") else "to", (source, goal)


def _one_ended(words: Sequence[str]) -> Iterator[tuple[str, Ends]]:
    """`a file to the server`, `a file from the server`, in texts that go one way; `from barking` is no place."""
    sources = [at for at, word in enumerate(words) if word == "from"]
    goals = [at for at, word in enumerate(words) if word in _TOWARDS and _is_towards(words, at)]
    if (sources and goals) or not _SAME_EITHER_WAY.isdisjoint(words):
        return
    for at in sources or goals:
        thing, place = words[at - 1] if at else "", run_after(words, at)
        if thing and is_content(thing) and place and not any(word.endswith("ing") for word in place):
            kind = " ".join(["way", beginning(thing), *sorted(place)])
            yield kind, (place, _HERE) if sources else (_HERE, place)


def _is_towards(words: Sequence[str], at: int) -> bool:
    """`how to`, `want to`, `able to` begin a verb; `to` behind a word with a meaning of its own says where."""
    if words[at] in _REACHES:
        return "from" in words
    if at == 0 or words[at - 1] in _NO_WAY_BEFORE or not _REACHES.isdisjoint(words[at + 1 : at + 2]):
        return False
    return words[at] != "to" or is_content(words[at - 1]) or words[at - 1] in _LED_TO


def _span_after(words: Sequence[str], at: int) -> tuple[int, int]:
    begin = at + 1
    while begin < len(words) and words[begin] in SPECIFIERS:
        begin += 1
    end = begin
    while end < min(len(words), begin + _LONGEST_END) and is_content(words[end]):
        end += 1
    return begin, end


def _run_before(words: Sequence[str], at: int) -> frozenset[str]:
    begin = at
    while begin > max(0, at - _LONGEST_END) and is_content(words[begin - 1]):
        begin -= 1
    return ends(words[begin:at])
