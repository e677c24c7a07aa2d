"""Who gives and who gets: `How do I provide feedback?` against `How do I get feedback?`

WordNet knows no opposition here and sentence vectors hardly any. Vetoed where the same one does it to the same thing:
`do you offer a discount` and `can I get a discount` are one question.
"""

from __future__ import annotations

import re

from proxy.core.roles import singular
from proxy.core.said import may_say
from proxy.core.words.common import words_of

_SENDING = "send|sends|sending"
_GIVING = "give|gives|giving|provide|provides|providing|offer|offers|offering|grant|grants|granting"
_GETTING = (
    "get|gets|getting|receive|receives|receiving|obtain|obtains|obtaining|request|requests|requesting|accept|accepts|"
    "accepting|ask for|seek|seeks"
)
_TRANSFER = re.compile(
    rf"(?:(?<![a-z'])(?P<who>[a-z']+) )?\b(?:(?P<giving>(?P<sending>{_SENDING})|{_GIVING})|(?:{_GETTING})) "
    r"(?:(?:an?|the|any|some|my|our|your|more|further|good|better) )*(?P<what>[a-z]+)\b"
    r"(?(sending)(?!(?: [a-z]+){0,3} (?:to|requests?)\b))",
    re.IGNORECASE,
)
"""To send a thing to somebody is to get it there, and who sends a request for a thing wants it."""

_SAYS_ANY = frozenset(f"{_SENDING}|{_GIVING}|{_GETTING}".replace("ask for", "ask").split("|"))
"""Words of which a transfer needs one."""

_ASKER = words_of("i to")
_NO_THING = words_of("me us you him her them it to in on up back rid out")

Transfers = frozenset[tuple[bool, str, str]]


def transfers_of(text: str) -> Transfers:
    """(is given, who does it by the word before the verb, the thing) of each; linear in the text's length."""
    if not may_say(text, _SAYS_ANY):
        return frozenset()
    return frozenset(
        (found["giving"] is not None, _doer((found["who"] or "").lower()), singular(found["what"].lower()))
        for found in _TRANSFER.finditer(text)
        if found["what"].lower() not in _NO_THING
    )


def _doer(word: str) -> str:
    """`steps to get feedback`, `how do I get feedback`: whoever asks."""
    return "i" if word in _ASKER else word


def opposite_ways(one: Transfers, two: Transfers) -> bool:
    """Whether one gives what the other gets, and neither text does both; symmetric."""
    return any(
        (not given, who, what) in two
        and not any(each[0] is given and each[2] == what for each in two)
        and not any(each[0] is not given and each[2] == what for each in one)
        for given, who, what in one
    )
