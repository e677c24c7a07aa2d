"""Something else that is asked about the same act: what to do instead, how to practise it, how not to do it.

`What can I do instead of cancelling my subscription?` holds every word of `How do I cancel my subscription?`, in a
frame that a scorer takes for one more way to ask it. Vetoed only where one text asks how something is done and the
other is the same act in such a frame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.directions import verb_beginning
from proxy.core.said import may_say
from proxy.core.ways import is_content
from proxy.core.words.common import words_of

_ASKS_HOW = re.compile(
    r"(?:please )?(?:tell me |explain |show me |i want to know )?"
    r"(?:how (?:to|(?:do|does|can|could|should|would|might|must) (?:i|we|you|one)) |"
    r"how (?:can|could|should|must) (?=[^.?!]{1,80} be \w+)|"
    r"(?:steps|guide|instructions) (?:to|for|on) |what(?:'s| is| are) the (?:best |easiest |right )?(?:ways?|steps) "
    r"to )[^.?!]++\W*\Z",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\b(?:worst|wrong|bad|slowest|riskiest|stupidest|dumbest|silliest|weirdest|unusual|old|outdated|incorrect|"
    r"least \w+|most (?:expensive|dangerous|difficult|complicated|painful)) ways? (?:to|of)\b|"
    r"\b(?:first|second|next|last|final) step (?:to|in|of|when)\b|\bgo wrong (?:when|while|in|if)\b|"
    r"\b(?:not|never) do (?:when|while|before|after|if|to)\b|\bopposite of\b|"
    r"\Ahow (?:hard|difficult|easy|risky|dangerous) is it to\b|\Ahow did (?:i|we|you)\b|"
    r"\Ahow (?:not to|(?:do|can|could|should|would) (?:i|we|you|one) (?:not|fail to|pretend to|forget to|"
    r"remind (?:myself|ourselves|people|others) to|(?:stop|get better at)(?= \w+ing\b)))\b|"
    r"\bwrong\W*\Z|\balternatives? to\b|\balready know how to\b|"
    r"\b(?:instead of|rather than|get out of|avoid|do (?:after|before))(?= \w+ing\b)|"
    r"\A(?:an? |some |the )?(?:templates?|examples?|tools|rules|checklists?|risks|dangers|drawbacks|mistakes|jokes?|"
    r"poems?|songs?) (?:for|of|with|when|about)(?= (?:\w+ )?\w+ing\b)|"
    r"\A(?:please )?(?:write|draft|compose) (?:me )?an? (?:essay|speech|policy|poem|song|story|joke|tweet|article|"
    r"email|letter|report) (?:about|on)(?= \w+ing\b)|"
    r"\A(?:how (?:do|can|should|would) (?:i|we|you|one) )?(?:prepare (?:for|to)|practi[cs]e(?= \w+ing\b)|remember to|"
    r"delegate(?= \w+ing\b)|automate(?= \w+ing\b)|postpone(?= \w+ing\b)|delay(?= \w+ing\b)|decide whether to|"
    r"recover from|refuse to)\b|"
    r"\b(?:tried to(?=.*\bfailed)|forgot to|(?:done|finished|completed)(?= \w+ing\b))(?=.*\bwhat (?:now|next)\b)",
    re.IGNORECASE,
)
_SAYS_ANY = words_of("""
worst wrong bad slowest riskiest stupidest dumbest silliest weirdest unusual old outdated incorrect least most step
not never opposite hard difficult easy risky dangerous did fail pretend forget remind stop better alternative
alternatives already instead rather get avoid after before template templates example examples tools rules checklist
checklists risks dangers drawbacks mistakes joke jokes poem poems song songs essay speech policy story tweet article
email letter report prepare practice practise remember delegate automate postpone delay decide recover refuse tried
forgot done finished completed
""")
_TURNS = words_of("""
no not never cannot without t stop stopping stopped avoid avoiding avoided prevent preventing prevented unable fail
fails if whether
""")
"""Words by which who asks how may ask the same: `how do I not pay`, `how do I know if I should pay`. Those that both
texts say (`stop a nosebleed`) are part of the act."""

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40
"""Words; of longer texts a frame is a small part."""

_LEAST = 2
"""Words of meaning that an act must have."""

_BESIDE = 1
"""And that the frame may add to its own."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """asks_how: plainly, without any frame; frame, words: beginnings of the words of meaning there and in the text.
    turns: beginnings of `_TURNS` outside the frame."""

    is_framed: bool = False
    asks_how: bool = False
    frame: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    turns: frozenset[str] = frozenset()


_NONE = Aspect()


def aspect_of(text: str) -> Aspect:
    """Linear in the text's length."""
    words = _WORD.findall(text.lower())
    if len(words) > _LONGEST:
        return _NONE
    found = " ".join(_FRAME.findall(text)) if may_say(text, _SAYS_ANY) else ""
    asks_how = not found and _ASKS_HOW.match(text) is not None
    if not (found or asks_how):
        return _NONE
    frame = _WORD.findall(found.lower())
    turns = frozenset(map(verb_beginning, _TURNS.intersection(words).difference(frame)))
    return Aspect(bool(found), asks_how, _beginnings(frame), _beginnings(words), turns)


def asks_otherwise(one: Aspect, two: Aspect) -> bool:
    """Whether one asks how, and the other something else about the same act; symmetric."""
    if one.turns != two.turns:
        return False
    return (one.asks_how and _is_framed(two, one.words)) or (two.asks_how and _is_framed(one, two.words))


def _is_framed(aspect: Aspect, act: frozenset[str]) -> bool:
    if not aspect.is_framed or len(act) < _LEAST or not act.isdisjoint(aspect.frame):
        return False
    return act <= aspect.words and len(aspect.words - act - aspect.frame) <= _BESIDE


def _beginnings(words: list[str]) -> frozenset[str]:
    return frozenset([verb_beginning(word) for word in words if is_content(word) and word != "now"])
