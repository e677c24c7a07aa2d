"""Which way it goes, in two texts that need not share their other words: from here to there, more than that, he to her.

`roles` asks for the same words in both texts; here the two ends must be shared and have changed places around the same
relation: `a bus from Leeds to York` / `to Leeds by coach from York`, `is a hare rarer than a fox` / `proof that foxes
are rarer than hares`, `Spain beat Italy` / `Was Spain beaten by Italy?`, `students who tutor Emma` / `students that
Emma is tutoring`, `fat without muscle` / `muscle without fat`, `expand a collapsed row` / `collapse an expanded row`.
Whatever is less plain is left to the scorer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from proxy.core.roles import MUTUAL, PERSONS, STEM, beginning, one_form, singular
from proxy.core.ways import SPECIFIERS, ends, is_content, run_after, ways_of
from proxy.core.words.common import ENGLISH, words_of

_LEADS = re.compile(
    r"\b(?:to|into|onto|from|than|reach\w*|that|which|who|whom|without|instead|before|after|"
    r"(?:but|and) (?:not|never)|\w{3,}ed|hidden|shown|broken|frozen|split|open)\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\b[A-Z]")
_TOKEN = re.compile(r"[^\W_]+|[.!?;:,\n]")
_REACH = 7
"""Words before a comparison that may hold what is compared."""

_LONGEST = 60
"""Words; longer texts hold many relations, and which of them is asked about nobody can tell."""

_DEGREES = words_of("more less")
_COMPARATIVES = words_of("more less worse")
_COMPARED = _COMPARATIVES | {"better"}
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
_ORDERING = words_of("before after")
_TIMES = words_of("second minute hour day night week month year")
"""`hours before swimming should I eat`: counted from the one behind it."""

_SMALL_WORDS = SPECIFIERS | words_of("""
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

_STATES = {"hidden": "hide", "shown": "show", "broken": "break", "frozen": "freeze", "split": "split", "open": "open"}
"""Participles that do not end as most do, and their verbs."""

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
        *(Relation(kind, *pair) for kind, pair in ways_of(words)),
        *_comparisons(words),
        *_acts_compared(words),
        *_acts(words, found),
        *_relatives(words),
        *_exclusions(words, found),
        *_orders(words, found),
        *_acts_on_states(words),
    )


def turned_round(one: Sequence[Relation], two: Sequence[Relation]) -> bool:
    """Whether both ends of a relation have changed places; symmetric."""
    return any(_is_turned(a, b) for a in one for b in two if a.kind == b.kind)


def _is_turned(a: Relation, b: Relation) -> bool:
    """Words that stand at the same end in both texts say nothing."""
    return not (a.first - b.first).isdisjoint(b.second - a.second) and not (
        (a.second - b.second).isdisjoint(b.first - a.first)
    )


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
        before = ends([one for one in words[max(0, begin - _REACH) : begin] if is_content(one)])
        after = run_after(words, at)
        if before and after:
            yield Relation(f"than {degree} {words[at - 1]}", before, after)


def _acts_compared(words: Sequence[str]) -> Iterator[Relation]:
    """`cheaper to rent than to buy`."""
    if words.count("than") != 1 or not _NEGATIONS.isdisjoint(words):
        return
    at = words.index("than")
    for begin in range(max(1, at - _REACH), at - 1):
        if words[begin] == "to" and (words[begin - 1] in _COMPARED or _is_comparative(words, begin - 1)):
            acts = words[begin + 1], *words[at + 1 + (words[at + 1 : at + 2] == ["to"]) :][:1]
            if len(acts) == 2 and all(is_content(act) for act in acts):
                yield Relation(f"to than {words[begin - 1]}", *(frozenset([beginning(act)]) for act in acts))


def _is_comparative(words: Sequence[str], at: int) -> bool:
    """`rarer`; not `the seller`."""
    return words[at].endswith("er") and words[at - 1] not in SPECIFIERS


def _acts(words: Sequence[str], written: Sequence[str]) -> Iterator[Relation]:
    """`A beat B`, `A was beaten by B`: two names and what one did to the other between them."""
    for (begin, end), (begin_there, end_there) in pairwise(_names(words, written)):
        if found := _act_between(words[end:begin_there]):
            act, is_suffered = found
            both = ends(words[begin:end]), ends(words[begin_there:end_there])
            yield Relation(f"act {act}", *(reversed(both) if is_suffered else both))


def _act_between(between: Sequence[str]) -> tuple[str, bool] | None:
    """What one name did to the other, and whether the first one suffered it: `was beaten by`, `lost to`."""
    if not between or len(between) > _FARTHEST:
        return None
    verb, last = between[-2:-1], between[-1]
    if last in _AGAINST and not _LOSES.isdisjoint(verb):
        return "beat", True
    if last == "against" and not _WINS.isdisjoint(verb):
        return "beat", False
    acts = [word[:STEM] for word in between if is_content(word)]
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
        if word not in _PRONOUNS or at == 0 or not (is_content(words[at - 1]) or words[at - 1] in _HEADS):
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


def _orders(words: Sequence[str], written: Sequence[str]) -> Iterator[Relation]:
    """`stretch before running`, `run after stretching`, `stretch before or after running`; said once."""
    at = next((at for at, word in enumerate(words) if word in _ORDERING), 0)
    behind = at + (3 if words[at + 1 : at + 2] == ["or"] else 1)
    if at == 0 or not _ORDERING.isdisjoint(words[behind:]):
        return
    left = frozenset(_side([*takewhile(_is_in_sentence, reversed(written[:at]))][:_SIDE]))
    farthest = 1 if singular(words[at - 1]) in _TIMES else _SIDE
    right = frozenset([*_side([*takewhile(_is_in_sentence, written[behind:])][:_SIDE])][:farthest])
    if left and right:
        kind = "before" if behind == at + 1 else "before or after"
        ends_of = (right, left) if kind == "before" and words[at] == "after" else (left, right)
        yield Relation(kind, *ends_of)


def _acts_on_states(words: Sequence[str]) -> Iterator[Relation]:
    """`expand a collapsed row`, `can an expired card be renewed`: what is said right before and behind a thing in a
    state, and that state; of a text with one."""
    found = [at for at in range(1, len(words) - 1) if _state(words[at]) and _is_kind(words, at)]
    if len(found) == 1:
        at = found[0]
        before = [word for word in words[max(0, at - 2) : at] if is_content(word)][-1:]
        behind = [word for word in words[at + 2 : at + 2 + _FARTHEST] if is_content(word)][:1]
        acts = frozenset([verb_beginning(word) for word in before + behind])
        yield Relation(f"state {singular(words[at + 1])}", acts, frozenset([verb_beginning(_state(words[at]))]))


def _is_kind(words: Sequence[str], at: int) -> bool:
    """`a closed ticket`, `split merged cells`; not `is closed`."""
    return is_content(words[at + 1]) and (words[at - 1] in SPECIFIERS or is_content(words[at - 1]))


def _state(word: str) -> str:
    return _STATES.get(word) or (word if word.endswith("ed") and len(word) > STEM else "")


def _excludes(words: Sequence[str], at: int) -> bool:
    following = _EXCLUDING.get(words[at])
    return following is not None and (not following or (at + 1 < len(words) and words[at + 1] in following))


def _is_in_sentence(word: str) -> bool:
    return word not in _ENDS_SENTENCE


def _side(written: Iterable[str]) -> Iterator[str]:
    """Beginnings of the words with a meaning, up to a comma; `GET` is no common word."""
    for word in takewhile(str.isalnum, written):
        if word.isalpha() and (is_content(word.lower()) or (word.isupper() and len(word) > 1)):
            yield verb_beginning(word.lower())


def verb_beginning(word: str) -> str:
    """The beginning by which a verb is known in its forms: run, running; make, making."""
    word = one_form(word)
    if word.endswith("ing") and len(word) > STEM + 1:
        word = word[:-4] if word[-4] == word[-5] else word[:-3]
    return word.rstrip("e")[:STEM]


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
        if not (is_content(word) or one_form(word) in PERSONS) or (left == 0 and "by" in words[place + 1 : place + 3]):
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
