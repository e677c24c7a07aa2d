"""Words whose capitals carry their meaning: `US` and `us`, `AIDS` and `aids`, `Turkey` and `a turkey`.

The embedder folds case, so neither it nor the scorer can tell such words apart; everybody else's capitals are style.
Small letters alone prove nothing, for names are typed in a hurry (`the capital of turkey`, `how much ram`): a plain
word must also stand where a plain word stands.
"""

from __future__ import annotations

import re

from proxy.core.said import may_say
from proxy.core.words.common import words_of

ACRONYMS = words_of("us it who aids ram act sat arm sad lamb")
"""All capitals is a name."""

NAMES = words_of("""
turkey china march polish java rust mercury jersey reading nice python ruby swift oracle shell apple amazon target
slack visa bath spring prince jaguar puma mustang beetle dove gap kindle alexa cork chile
""")
"""Within a sentence, a capital is a name."""

_SENTENCE_WORDS = words_of("us it who act sat sad")
_VERBS = words_of("march polish")
_LOOSE = words_of("nice reading")
_DETERMINERS = words_of("a an")
_NEVER_COUNTED = words_of("turkey china python ruby swift cork bath apple rust")
"""Of what has the name there is but one: behind an article even a hurried text means the plain word; not `a kindle`."""

_BEFORE_NAMES = words_of("the a an my your our their best")
_PLACES = words_of("in to from at near of for visit around")
_DOERS = words_of("to i you we they and can should")
_AFTER_NOUNS = words_of("""
is are was were be in on at of for from to with by into and or do does did can will would should must may as than when
if that which who
""")
_IT_OF = words_of("""
department departments support job jobs course courses specialist manager team desk help service services security
certification certifications staff professional career careers degree industry sector infrastructure project projects
admin administrator company companies consultant outsourcing skills training contact contacts
""")
_US_OF = words_of("""
president presidential vice congress senate senator government federal army navy military citizen citizens citizenship
passport passports visa visas dollar dollars tax taxes irs immigration customs election elections constitution states
state embassy economy green congressional treasury gdp population border
""")

_NAMED_BEFORE = {"it": _IT_OF, "us": _US_OF}
"""Words behind which even small letters are a name: `tokyo visa us citizens`."""

_LISTED = ACRONYMS | NAMES
_CANDIDATE = re.compile(rf"(?<![\w'])(?:{'|'.join(sorted(_LISTED))})(?![\w'])", re.IGNORECASE)
_WORD_START = re.compile(r"(?<![\w'])[^\W\d_]")
_WORD_BEFORE = re.compile(r"([A-Za-z]{1,12})\s{1,4}$")
_WORD_AFTER = re.compile(r"\s{1,4}([A-Za-z]{1,16})")
_REACH = 20
"""Characters before a word that are looked at."""

Spelled = tuple[frozenset[str], frozenset[str]]
_NOTHING: Spelled = (frozenset(), frozenset())


def spelled(text: str) -> Spelled:
    """(words of the lists written as names, words of the lists that are plain words there), in small letters.

    A text all in capitals says nothing. One all in small letters says nothing about names (it is typed in a hurry), but
    `us`, `it` and `a turkey` are what they are. In A Title the capitals say nothing about names either.
    """
    found = list(_CANDIDATE.finditer(text)) if may_say(text, _LISTED) else []
    if not found or text.isupper():
        return _NOTHING
    starts = _WORD_START.findall(text)
    capitals = sum(letter.isupper() for letter in starts)
    is_careful = 0 < capitals <= len(starts) // 2 + 1  # one of them is often `I`
    named: set[str] = set()
    plain: set[str] = set()
    for match in found:
        word, lower = match.group(), match.group().lower()
        before, after = _neighbours(text, match)
        if lower in ACRONYMS and word.isupper():
            named.add(lower)
        elif lower in NAMES and word[0].isupper():
            if is_careful and text[: match.start()].strip() and (before not in _DETERMINERS or lower in _VERBS):
                named.add(lower)
        elif (lower in ACRONYMS or is_careful or _is_counted(lower, before)) and _is_plain(lower, before, after):
            plain.add(lower)
    return frozenset(named), frozenset(plain)


def meanings_differ(a: Spelled, b: Spelled) -> bool:
    """Whether a word is only ever a name in one text and only ever a plain word in the other."""
    return not (a[0] - a[1]).isdisjoint(b[1] - b[0]) or not (b[0] - b[1]).isdisjoint(a[1] - a[0])


def _neighbours(text: str, match: re.Match[str]) -> tuple[str, str]:
    """The words right before and after, in small letters; "" where there is none."""
    before = _WORD_BEFORE.search(text, max(0, match.start() - _REACH), match.start())
    after = _WORD_AFTER.match(text, match.end())
    return before[1].lower() if before else "", after[1].lower() if after else ""


def _is_counted(word: str, before: str) -> bool:
    return word in _NEVER_COUNTED and before in _DETERMINERS


def _is_plain(word: str, before: str, after: str) -> bool:
    """Whether a word in small letters stands as a plain word does: `a turkey`, `to polish`, `call it`."""
    if word in _SENTENCE_WORDS:
        return before not in _BEFORE_NAMES and after not in _NAMED_BEFORE.get(word, ())
    if word in _VERBS and before in _DOERS:
        return True
    if word in _LOOSE:
        return before not in _PLACES
    if word == "aids":
        return before == "are"
    return before in _DETERMINERS and (not after or after in _AFTER_NOUNS)
