"""How it is against how it was: `How is bread made in Peru?` against `How was bread made in Peru?`, who is mayor
against who was.

Vetoed only where nothing but the tense differs, and only of what people do or hold office for: whoever asks how
something came about may use either (`How is the moon formed?`), and so may who tells a story (`How does Romeo die?`),
reports a fault (`Why did my build fail?`) or asks again (`What was the deadline again?`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.said import may_say
from proxy.core.words.common import words_of

_DOES = re.compile(r"\W*(?:(?P<past>how did)|how do) [^.?!\n]++\W*\Z", re.IGNORECASE)
_IS_DONE = re.compile(
    r"\W*(?:(?P<past>how (?:was|were))|how (?:is|are)) [^.?!\n]*?(?:[a-z]{2}ed|made|grown|sold|bought|kept|taught|paid|"
    r"fought|chosen|sent|spun|woven|worn|cut|caught|held|eaten|drawn|stolen)\b[^.?!\n]*+\W*\Z",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"\W*(?:(?P<past>(?:who|what) (?:was|were))|(?:who|what) (?:is|are)) (?:the )?(?:[a-z]+ ){0,2}?(?:ceo|president|"
    r"mayor|king|queen|owner|head|director|minister|chancellor|governor|leader|coach|captain|chairman|manager|capital|"
    r"currency|population|wage|age)s? (?:of|in|at|for) [^.?!\n]++\W*\Z",
    re.IGNORECASE,
)
_PATTERNS = (_DOES, _IS_DONE, _HOLDS)
_SAYS_ANY = words_of("do did is are was were")
_EITHER = words_of("""
i me my we us our you your he him his she her it its they them their this that these those
form formed begin start end create created invent invented discover discovered find evolve evolved originate become get
go come mean happen work die extinct cause caused affect affected influence influenced call called name named spell
spelled born pronounce pronounced build built construct constructed design designed develop developed structure
structured organize organized organise organised arrange arranged divide divided define defined connect connected relate
related compare compared differ involve involved interested supposed portray portrayed describe described depict
depicted write written compose composed paint painted calculate calculated
first second third last oldest youngest longest largest when during before after again character characters
""")
"""Of what these say both tenses may ask the same, or a time is said besides."""

_WORD = re.compile(r"[^\W_]+")
_PAST = {"did": "do", "was": "is", "were": "is", "are": "is"}
_LEAST, _LONGEST = 4, 24
"""Words; of longer texts the tense is a small part."""


@dataclass(frozen=True, slots=True)
class Tense:
    """words: in one tense, empty where it may not matter; is_past: the tense that the text has."""

    words: tuple[str, ...] = ()
    is_past: bool = False


_NONE = Tense()


def tense_of(text: str) -> Tense:
    """Linear in the text's length."""
    if not may_say(text, _SAYS_ANY):
        return _NONE
    words = _WORD.findall(text.lower())
    if not _LEAST <= len(words) <= _LONGEST or any(word in _EITHER or word[0].isdigit() for word in words):
        return _NONE
    for pattern in _PATTERNS:
        if found := pattern.match(text):
            return Tense((words[0], _PAST.get(words[1], words[1]), *words[2:]), found["past"] is not None)
    return _NONE


def at_another_time(one: Tense, two: Tense) -> bool:
    """Whether one asks how it is what the other asks how it was; symmetric."""
    return bool(one.words) and one.words == two.words and one.is_past is not two.is_past
