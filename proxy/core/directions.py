"""Which way it goes, in two texts that need not share their other words: from here to there, more than that, he to her.

`roles` asks for the same words in both texts; here the two ends must be shared and have changed places around the same
relation: `a bus from Leeds to York` / `to Leeds by coach from York`, `is a hare rarer than a fox` / `proof that foxes
are rarer than hares`, `Spain beat Italy` / `Was Spain beaten by Italy?`, `students who tutor Emma` / `students that
Emma is tutoring`, `fat without muscle` / `muscle without fat`. Whatever is less plain is left to the scorer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from proxy.core.roles import BOTH_WAYS, MUTUAL, PERSONS, STEM, beginning, one_form, singular
from proxy.core.words.common import ENGLISH, words_of

_LEADS = re.compile(
    r"\b(?:to|into|onto|than|reach\w*|that|which|who|whom|without|instead|(?:but|and) (?:not|never))\b", re.IGNORECASE
)
_CAPITAL = re.compile(r"\b[A-Z]")
_TOKEN = re.compile(r"[^\W_]+|[.!?;:,\n]")
_SPECIFIERS = words_of("the a an my your our his her its their this that these those all some any")
_REACHES = words_of("reach reaches reaching reached")
_TOWARDS = words_of("to into onto") | _REACHES
_NO_WAY_BEFORE = words_of("""
prior due according related close next compared up thanks similar equal equivalent identical opposed addition married
relative subject regard regards respect contrast entitled belonging belongs belong lead leads led refer refers referring
safe unsafe easy easier hard harder possible impossible able unable ready likely unlikely important necessary free
allowed legal illegal difficult cheap cheaper expensive fun polite rude dangerous healthy ethical
""")
"""`prior to`, `thanks to`: nothing goes anywhere; `safe to`, `easy to`: a verb follows."""

_LED_TO = words_of("it them get go come back over")
"""Common words behind which `to` says where."""

_LONGEST_END = 3
"""Words of one end: `Porto Alegre`, `New South Wales`."""

_REACH = 7
"""Words before a comparison that may hold what is compared."""

_LONGEST = 60
"""Words; longer texts hold many relations, and which of them is asked about nobody can tell."""

_DEGREES = words_of("more less")
_COMPARATIVES = words_of("more less worse")
_NEGATIONS = words_of("not no never t cannot nor")
"""`t` is what is left of `isn't`."""
_NO_ACT = words_of("with and or from to vs versus v than in on at under , : ; . ? !") | {"\n"}
"""What keeps two names apart, or makes the second one a place: `supported on Alexa`."""
_FARTHEST = 4
"""Words between two names that belong together: `was badly beaten by`."""

_EXCLUDING = {
    "without": frozenset[str](),
    "instead": words_of("of"),
    "rather": words_of("than"),
    "but": words_of("not never"),
    "and": words_of("not never"),
}
"""A word and those of which one must follow it, if any: what stands behind is left out."""
_ENDS_SENTENCE = words_of(". ! ? ; :") | {"\n"}
_SIDE = 4
"""Words on each side of it that are looked at."""

_PRONOUNS = words_of("that which who whom")
_HEADS = words_of("it those people anyone someone everyone things one")
"""Small words that a relative clause may be about: `who was it that rescued him`."""

_COPULAS = words_of("is are was were")
_SMALL_WORDS = _SPECIFIERS | words_of("""
every each another do does did have has had can could will would shall should may might must be been being is are was
were not also already still ever never to in on at of for from with about into onto over
""")
_NO_CLAUSE = words_of("by and or but because if when while than so") | {"s"}
_CLAUSE = 8
"""Words behind a pronoun that are looked at."""

_ACT_WORDS = 2
"""Words with a meaning of their own: `knocked out`, `spoke well of`."""

_ONE_ACT = {
    acts: name
    for name, verbs in {
        "beat": "beat, defe, elim, thra, trou, vanq, oust, knoc out",
        "buy": "buy, buys, boug, buyi, acqu, purc",
        "invade": "inva, atta",
        "kill": "kill, murd, slay, slew, slai",
        "fire": "fire, sack, dism",
        "hire": "hire, recr, empl",
    }.items()
    for acts in verbs.split(", ")
}
"""Beginnings of verbs by which the first does the same to the second: only such as nobody reads the other way round."""

_LOSES, _WINS = words_of("lose loses lost losing"), words_of("win wins won winning")
_AGAINST = words_of("to against")


@dataclass(frozen=True, slots=True)
class Relation:
    """kind: what stands between both ends. Words of an end are in small letters, without a plural s."""

    kind: str
    first: frozenset[str]
    second: frozenset[str]


def relations_of(text: str) -> tuple[Relation, ...]:
    """At most a handful; linear in the text's length."""
    if _LEADS.search(text) is None and len(_CAPITAL.findall(text)) < 2:
        return ()
    found = _TOKEN.findall(text)
    if not 3 <= len(found) <= _LONGEST:
        return ()
    words = [word.lower() for word in found]
    return (
        *_routes(words),
        *_comparisons(words),
        *_acts(words, found),
        *_relatives(words),
        *_exclusions(words, found),
    )


def turned_round(one: Sequence[Relation], two: Sequence[Relation]) -> bool:
    """Whether both ends of a relation have changed places; symmetric."""
    return any(_is_turned(a, b) for a in one for b in two if a.kind == b.kind)


def _is_turned(a: Relation, b: Relation) -> bool:
    """Words that stand at the same end in both texts say nothing."""
    return not (a.first - b.first).isdisjoint(b.second - a.second) and not (
        (a.second - b.second).isdisjoint(b.first - a.first)
    )


def _is_content(word: str) -> bool:
    return word not in ENGLISH and word[0].isalnum()


def _routes(words: Sequence[str]) -> Iterator[Relation]:
    """`from A to B`, `to B from A`; `A to B`, where nothing is from anywhere. An infinitive's `to` is none."""
    towards = [i for i, word in enumerate(words) if word in _TOWARDS and _is_towards(words, i)]
    if len(towards) != 1 or not BOTH_WAYS.isdisjoint(words):
        return
    if words.count("from") > 1:
        return
    source = _run_after(words, words.index("from")) if "from" in words else _run_before(words, towards[0])
    goal = _run_after(words, towards[0])
    if source and goal:
        yield Relation("into" if words[towards[0]] in ("into", "onto") else "to", source, goal)


def _is_towards(words: Sequence[str], at: int) -> bool:
    """`how to`, `want to`, `able to` begin a verb; `to` behind a word with a meaning of its own says where."""
    if words[at] in _REACHES:
        return "from" in words
    if at == 0 or words[at - 1] in _NO_WAY_BEFORE or not _REACHES.isdisjoint(words[at + 1 : at + 2]):
        return False
    return words[at] != "to" or _is_content(words[at - 1]) or words[at - 1] in _LED_TO


def _comparisons(words: Sequence[str]) -> Iterator[Relation]:
    """`A is rarer than B`, `A is less common than B`."""
    if "than" not in words or not _NEGATIONS.isdisjoint(words):
        return  # `not bigger than` is `smaller than`, or as big
    for at, word in enumerate(words):
        if word != "than" or at < 2:
            continue
        degree = words[at - 2] if words[at - 2] in _DEGREES else ""
        if not (degree or words[at - 1] in _COMPARATIVES or _is_comparative(words, at - 1)):
            continue  # `lighter at birth than`: what is compared may stand between
        begin = at - (2 if degree else 1)
        before = _ends([one for one in words[max(0, begin - _REACH) : begin] if _is_content(one)])
        after = _run_after(words, at)
        if before and after:
            yield Relation(f"than {degree} {words[at - 1]}", before, after)


def _is_comparative(words: Sequence[str], at: int) -> bool:
    """`rarer`; not `the seller`."""
    return words[at].endswith("er") and words[at - 1] not in _SPECIFIERS


def _acts(words: Sequence[str], written: Sequence[str]) -> Iterator[Relation]:
    """`A beat B`, `A was beaten by B`: two names and what one did to the other between them."""
    for (begin, end), (begin_there, end_there) in pairwise(_names(words, written)):
        if found := _act_between(words[end:begin_there]):
            act, is_suffered = found
            ends = _ends(words[begin:end]), _ends(words[begin_there:end_there])
            yield Relation(f"act {act}", *(reversed(ends) if is_suffered else ends))


def _act_between(between: Sequence[str]) -> tuple[str, bool] | None:
    """What one name did to the other, and whether the first one suffered it: `was beaten by`, `lost to`."""
    if not between or len(between) > _FARTHEST:
        return None
    verb, last = between[-2:-1], between[-1]
    if last in _AGAINST and not _LOSES.isdisjoint(verb):
        return "beat", True
    if last == "against" and not _WINS.isdisjoint(verb):
        return "beat", False
    acts = [word[:STEM] for word in between if _is_content(word)]
    if not 1 <= len(acts) <= _ACT_WORDS or not _NO_ACT.isdisjoint(between):
        return None
    if not MUTUAL.isdisjoint(acts) or not all(act.isalpha() for act in acts):
        return None
    if len(between) == 1 and between[0].endswith("ly"):
        return None  # `is Mumbai formerly Bombay`
    act = " ".join(acts)
    return _ONE_ACT.get(act, act), "by" in between


def _relatives(words: Sequence[str]) -> Iterator[Relation]:
    """`who tutor Emma`, `that Emma is tutoring`: the first two words behind a relative pronoun; nothing passive."""
    if _PRONOUNS.isdisjoint(words):
        return
    for at, word in enumerate(words):
        if word not in _PRONOUNS or at == 0 or not (_is_content(words[at - 1]) or words[at - 1] in _HEADS):
            continue
        clause = list(_clause_behind(words, at))
        if len(clause) == 2 and clause[0] != clause[1]:
            yield Relation("that", frozenset(clause[:1]), frozenset(clause[1:]))


def _exclusions(words: Sequence[str], written: Sequence[str]) -> Iterator[Relation]:
    """`fat without muscle`, `on POST but never on GET`, `tabs instead of spaces`; said once, and not denied."""
    if _EXCLUDING.keys().isdisjoint(words):
        return
    found = [at for at in range(1, len(words)) if _excludes(words, at)]
    if len(found) != 1:
        return
    at, behind = found[0], found[0] + 1 + bool(_EXCLUDING[words[found[0]]])
    before = list(takewhile(_is_in_sentence, reversed(written[:at])))
    after = list(takewhile(_is_in_sentence, written[behind:]))
    if not _NEGATIONS.isdisjoint([word.lower() for word in before + after]):
        return
    left_in, left_out = (frozenset(_side(words[:_SIDE])) for words in (before, after))
    if left_in and left_out:
        yield Relation(f"{words[at]} not", left_in, left_out)


def _excludes(words: Sequence[str], at: int) -> bool:
    following = _EXCLUDING.get(words[at])
    return following is not None and (not following or (at + 1 < len(words) and words[at + 1] in following))


def _is_in_sentence(word: str) -> bool:
    return word not in _ENDS_SENTENCE


def _side(written: Iterable[str]) -> Iterator[str]:
    """Beginnings of the words with a meaning, up to a comma; `GET` is no common word."""
    for word in takewhile(str.isalnum, written):
        if word.isalpha() and (_is_content(word.lower()) or (word.isupper() and len(word) > 1)):
            yield one_form(word.lower())[:STEM]


def _clause_behind(words: Sequence[str], at: int) -> Iterator[str]:
    """Beginnings of its first two words; fewer where it is passive, or says what something is."""
    left = 2
    for place in range(at + 1, min(len(words), at + 1 + _CLAUSE)):
        word = words[place]
        if word in _NO_CLAUSE or (word in _COPULAS and place == at + 1):
            return
        if word in _SMALL_WORDS or word.endswith("ly"):
            continue
        left -= 1
        if not (_is_content(word) or one_form(word) in PERSONS) or (left == 0 and "by" in words[place + 1 : place + 3]):
            return
        yield beginning(word)
        if left == 0:
            return


def _names(words: Sequence[str], written: Sequence[str]) -> list[tuple[int, int]]:
    """Where names begin and end."""
    spans: list[tuple[int, int]] = []
    for at, word in enumerate(written):
        if not word[0].isupper() or words[at] in ENGLISH:
            continue
        if spans and spans[-1][1] == at:
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return spans


def _run_after(words: Sequence[str], at: int) -> frozenset[str]:
    """The words right behind `at`, an article left out, as far as one end may reach."""
    begin = at + 1
    while begin < len(words) and words[begin] in _SPECIFIERS:
        begin += 1
    end = begin
    while end < min(len(words), begin + _LONGEST_END) and _is_content(words[end]):
        end += 1
    return _ends(words[begin:end])


def _run_before(words: Sequence[str], at: int) -> frozenset[str]:
    begin = at
    while begin > max(0, at - _LONGEST_END) and _is_content(words[begin - 1]):
        begin -= 1
    return _ends(words[begin:at])


def _ends(words: Sequence[str]) -> frozenset[str]:
    """Without a plural s; numbers are the quantities' (`core/quantities`)."""
    return frozenset([singular(word) for word in words if not word.isdigit()])
