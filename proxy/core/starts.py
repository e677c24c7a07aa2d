"""When a thing starts, against how long it lasts or until when: `When does the return period start?` against `What is
the return period?`

Vetoed only where the one says that something starts or begins, and the other asks for a time's length or end and has no
word for its beginning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.said import may_say
from proxy.core.words.common import words_of

_STARTS = re.compile(
    r"\A\W*(?:when|(?:on )?(?:which|what) (?:day|date)) (?:does|do|did|will)\b[^.?!;:]*?"
    r"\b(?:start|begin|commence)\b[^.?!;:]*\W*\Z",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\A\W*(?:how long|until when|by when|how many (?:minutes|hours|days|weeks|months|years)|"
    r"what(?:'s|’s| is| are| was) the (?:[a-z-]+ ){0,3}?(?:period|length|duration|deadline|term)s?)\b",  # noqa: RUF001
    re.IGNORECASE,
)
_BEGINNING = words_of("""
start starts starting started begin begins beginning began commence commences commencing commencement from since opening
opens first after once before onset effective
""")
_SAYS_ANY = words_of("""
start begin commence long until by many period periods length lengths duration durations deadline deadlines term terms
""")


@dataclass(frozen=True, slots=True)
class Starts:
    """starts: the text asks when something does; lasts: how long or until when, and speaks of no beginning."""

    starts: bool = False
    lasts: bool = False


_NONE = Starts()


def starts_in(text: str) -> Starts:
    """Linear in the text's length."""
    if not may_say(text, _SAYS_ANY):
        return _NONE
    if _STARTS.match(text):
        return Starts(starts=True)
    return Starts(lasts=True) if _LASTS.match(text) and not may_say(text, _BEGINNING) else _NONE


def starts_or_lasts(one: Starts, two: Starts) -> bool:
    """Whether one asks when something starts, and the other how long it is; symmetric."""
    return (one.starts and two.lasts) or (two.starts and one.lasts)
