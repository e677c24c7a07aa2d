"""Which way it goes, in two texts that need not share their other words: from here to there, more than that, he to her.

`roles` asks for the same words in both texts; here the two ends must be shared and have changed places around the same
relation: `a bus from Leeds to York` / `to Leeds by coach from York`, `is a hare rarer than a fox` / `proof that foxes
are rarer than hares`, `Spain beat Italy` / `Was Spain beaten by Italy?`. Whatever is less plain is left to the scorer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from proxy.core.words.common import ENGLISH, words_of

_TOKEN = re.compile(r"[^\W_]+|[.!?;:,\n]")
_PLURAL = re.compile(r"(?:(?<=ch|sh|ss)es|(?<=[xz])es|(?<![su])s)$")
_SPECIFIERS = words_of("the a an my your our his her its their this that these those all some any")
_TOWARDS = words_of("to into onto")
_AWAY = words_of("from")
_NO_WAY_BEFORE = words_of("""
prior due according related close next compared up thank similar equal equivalent identical opposed addition married
relative subject regard respect contrast entitled belonging belong lead led refer referring
""")
"""`prior to`, `thanks to`: nothing goes anywhere."""

_LED_TO = words_of("it them get go come back over")
"""Common words behind which `to` says where."""

_BOTH_WAYS = words_of(
    "distance far apart difference between versus vs relate connect connected link linked pair talk speak"
)
"""As far from here to there as back."""
_LONGEST_END = 3
"""Words of one end: `Porto Alegre`, `New South Wales`."""

_REACH = 7
"""Words before a comparison that may hold what is compared."""

_LONGEST = 60
"""Words; longer texts hold many relations, and which of them is asked about nobody can tell."""

_DEGREES = words_of("more less")
_COMPARATIVES = words_of("more less worse")
_MUTUAL = words_of("marr met meet divo equa rese rhym")
"""Beginnings of verbs that say the same of both."""
_NO_ACT = words_of("with and or from to , : ;")
_STEM = 4
"""Letters by which one verb is known in its forms: beat, beats, beaten."""


@dataclass(frozen=True, slots=True)
class Relation:
    """`kind` says what stands between both ends; words of an end in small letters, without a plural s."""

    kind: str
    first: frozenset[str]
    second: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    is_name: bool


def relations_of(text: str) -> tuple[Relation, ...]:
    """At most a handful; linear in the text's length."""
    words = _words(text)
    if not 3 <= len(words) <= _LONGEST:
        return ()
    return (*_routes(words), *_comparisons(words), *_acts(words))


def turned_round(one: Sequence[Relation], two: Sequence[Relation]) -> bool:
    """Whether both ends of a relation have changed places; symmetric."""
    return any(_is_turned(a, b) for a in one for b in two if a.kind == b.kind)


def _is_turned(a: Relation, b: Relation) -> bool:
    """Words that stand at the same end in both texts say nothing."""
    return not (a.first - b.first).isdisjoint(b.second - a.second) and not (
        (a.second - b.second).isdisjoint(b.first - a.first)
    )


def _words(text: str) -> list[_Word]:
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        lower = word.lower()
        is_name = word[:1].isupper() and lower not in ENGLISH
        found.append(_Word(_PLURAL.sub("", lower) if len(lower) > 3 else lower, is_name))
    return found


def _is_content(word: _Word) -> bool:
    return word.text not in ENGLISH and word.text[:1].isalnum()


def _routes(words: Sequence[_Word]) -> Iterator[Relation]:
    """`from A to B`, `to B from A`; `A to B`, where nothing is from anywhere. An infinitive's `to` is none."""
    if not _BOTH_WAYS.isdisjoint(word.text for word in words):
        return
    towards = [i for i, word in enumerate(words) if word.text in _TOWARDS and _is_towards(words, i)]
    if len(towards) != 1:
        return
    away = [i for i, word in enumerate(words) if word.text in _AWAY]
    source = (
        _run_after(words, away[0]) if len(away) == 1 else _run_before(words, towards[0]) if not away else frozenset()
    )
    goal = _run_after(words, towards[0])
    if source and goal:
        yield Relation("into" if words[towards[0]].text != "to" else "to", source, goal)


def _is_towards(words: Sequence[_Word], at: int) -> bool:
    """`how to`, `want to`, `able to` begin a verb; `to` behind a word with a meaning of its own says where."""
    if at == 0 or words[at - 1].text in _NO_WAY_BEFORE:
        return False
    return words[at].text != "to" or _is_content(words[at - 1]) or words[at - 1].text in _LED_TO


def _comparisons(words: Sequence[_Word]) -> Iterator[Relation]:
    """`A is rarer than B`, `A is less common than B`."""
    for at, word in enumerate(words):
        if word.text != "than" or at < 2:
            continue
        degree = words[at - 2].text if words[at - 2].text in _DEGREES else ""
        if not (degree or words[at - 1].text in _COMPARATIVES or _is_comparative(words, at - 1)):
            continue  # `lighter at birth than`: what is compared may stand between
        begin = at - (2 if degree else 1)
        before = frozenset(one.text for one in words[max(0, begin - _REACH) : begin] if _is_content(one))
        after = _run_after(words, at)
        if before and after:
            yield Relation(f"than {degree} {words[at - 1].text}", before, after)


def _is_comparative(words: Sequence[_Word], at: int) -> bool:
    """`rarer`; not `the seller`."""
    return words[at].text.endswith("er") and words[at - 1].text not in _SPECIFIERS


def _acts(words: Sequence[_Word]) -> Iterator[Relation]:
    """`A beat B`, `A was beaten by B`: two names and one word with a meaning of its own between them."""
    names = _names(words)
    for (begin, end), (begin_there, end_there) in pairwise(names):
        between = words[end:begin_there]
        acts = [word.text[:_STEM] for word in between if _is_content(word)]
        texts = {word.text for word in between}
        if len(acts) != 1 or len(between) > 4 or not texts.isdisjoint(_NO_ACT):
            continue
        if acts[0] in _MUTUAL or not acts[0].isalpha():
            continue
        first, second = _texts(words[begin:end]), _texts(words[begin_there:end_there])
        yield Relation(f"act {acts[0]}", *((second, first) if "by" in texts else (first, second)))


def _names(words: Sequence[_Word]) -> list[tuple[int, int]]:
    """Where names begin and end."""
    spans: list[tuple[int, int]] = []
    for at, word in enumerate(words):
        if not word.is_name:
            continue
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return spans


def _run_after(words: Sequence[_Word], at: int) -> frozenset[str]:
    """The words right behind `at`, an article left out, as far as one end may reach."""
    begin = at + 1
    while begin < len(words) and words[begin].text in _SPECIFIERS:
        begin += 1
    end = begin
    while end < min(len(words), begin + _LONGEST_END) and _is_content(words[end]):
        end += 1
    return _texts(words[begin:end])


def _run_before(words: Sequence[_Word], at: int) -> frozenset[str]:
    begin = at
    while begin > max(0, at - _LONGEST_END) and _is_content(words[begin - 1]):
        begin -= 1
    return _texts(words[begin:at])


def _texts(words: Sequence[_Word]) -> frozenset[str]:
    """Numbers are the quantities' (`core/quantities`)."""
    return frozenset(word.text for word in words if not word.text.isdigit())
