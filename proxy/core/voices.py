"""Who does it, or to whom it is done: `Who directed Psycho?` against `Who is directed in Psycho?`

Both ask for the same sort of thing by the same verb, from its two sides: `which companies acquired start-ups in 2020`
has the acquiring ones for an answer, `which start-ups were acquired in 2020` the acquired ones. Vetoed only where the
form of the verb is the same in both, one asks for its subject and names an object, and the other asks for what it is
done to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.roles import MUTUAL, STEM
from proxy.core.words.common import ENGLISH, words_of

_ASKS = re.compile(
    r"\b(?:who|(?:which|what)(?P<kind>(?: (?!is\b|are\b|was\b|were\b)[a-z-]+){0,3}?)) "
    r"(?P<passive>(?:is|are|was|were|has been|have been|had been|gets|get|got) )?(?P<verb>[a-z]{2,}ed|"
    r"built|bought|caught|found|fought|held|hit|kept|led|left|lost|made|met|paid|sold|sent|shot|taught|told|won)\b"
    r"(?: (?P<next>[a-z']+))?",
    re.IGNORECASE,
)
_NO_OBJECT = words_of("""
to in on at of for from with by as into onto about over under after before during between against out up off down away
back through since until when while because if and or but again first last most more less best well
""")
"""What follows a verb that is done to nothing: `which files changed in the last commit`."""


@dataclass(frozen=True, slots=True)
class Voices:
    """Verbs of which a text asks who does them to something, and to whom they are done."""

    active: frozenset[str] = frozenset()
    passive: frozenset[str] = frozenset()


_NONE = Voices()


def voices_of(text: str) -> Voices:
    """Linear in the text's length."""
    active, passive = set(), set()
    for found in _ASKS.finditer(text):
        verb = found["verb"].lower()
        if verb[:STEM] in MUTUAL or not ENGLISH.isdisjoint((found["kind"] or "").lower().split()):
            continue
        if found["passive"]:
            passive.add(verb)
        elif found["next"] and found["next"].lower() not in _NO_OBJECT:
            active.add(verb)
    return Voices(frozenset(active), frozenset(passive)) if active or passive else _NONE


def turned_passive(one: Voices, two: Voices) -> bool:
    """Whether one asks who does what the other asks to whom it is done; symmetric."""
    return bool(
        (one.active - one.passive) & (two.passive - two.active)
        or (two.active - two.passive) & (one.passive - one.active)
    )
