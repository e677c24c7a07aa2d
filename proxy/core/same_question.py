"""Whether two texts are one question, typed differently: what no scorer has to judge, nor could.

The embedder folds case and blanks, so the scorer sees equal word pieces where `US` and `us` differ, has learned to
doubt them, and would refuse a question for a blank at its end or for small letters throughout.
"""

from __future__ import annotations

import re
import unicodedata

from proxy.core.capitals import ACRONYMS, NAMES
from proxy.core.words.common import ENGLISH, words_of

OPENERS = words_of("""
what what's who who's whose whom which when when's where where's why why's how how's is are was were do does did can
could should would will shall may must has have had if my the please explain describe tell give show list name define
compare suggest recommend help
""")
"""Words that a question begins with, capital or not. Any other first word may be what is asked about: `Hello in
base64`."""

_ALSO_WORDS = words_of("""
august bill mark frank rose will may lent job grace hope joy faith dawn iris jack rob pat sue art ray gene cliff dean
earl guy miles chase grant stone brook penny pearl amber jade ginger violet daisy lily olive ivy heather robin jay
windows word excel access teams outlook edge chrome safari opera office signal line notion zoom square stripe box meta
block indeed monster match go dart scratch crystal express react angular spark docker helm puppet chef salt ant maven
split hull deal sandwich china orange galaxy note pixel echo surface prime
""")
"""Names that are words besides: where the capital is all that tells, and little stands beside them, it counts."""

_UNITS = words_of("""
mb gb kb tb pb mbps gbps kbps tbps mbit gbit kw mw gw kwh mwh gwh hz khz mhz ghz pa mpa kpa mv kv ma ms ns mg kg km mm
nm cm ml db ph co no cu pt pm au ag fe na hg ca cl br mn
""")
"""Units and symbols of elements: a capital makes another of them."""

_SHORT = words_of("uk eu un ai tv pc hr cv id os ip pm am ui ux vr ev qa js ok dr mr la ny cd dj bc ad xl pr ad")
"""Abbreviations of two letters that mean the same in small ones."""

_LETTERS = re.compile(
    r"[^\w\s.,;:?!'()&/%€$£+-]|[\w)]\(|_|(?<!\w)'|\b(?:base ?(?:16|32|58|64)|hex\w*|hash\w*|md5|sha\d*|rot13|cipher\w*|"
    r"caesar|ascii|unicode|utf|binary|morse|spell\w*|spaces?|whitespace|blanks?|tabs?|letters?|characters?|"
    r"capital(?:s|iz\w+|is\w+| letters?)|(?:upper|lower|camel|pascal|snake|title)[ -]?case\w*|case|encod\w+|decod\w+|"
    r"encrypt\w*|password is|regex\w*|regular expressions?|variables?|identifiers?|strings?|anagrams?|palindromes?|"
    r"typo\w*|type[ds]? (?:in|as|it)|prints?|printed|echo|say|translat\w+|abbreviation|acronym|stands? for)\b",
    re.IGNORECASE,
)
"""Where letters and blanks may be what is asked about: signs of code and quotation, and words about writing."""

_BLANKS = re.compile(r"[ \t\u00a0]+")
_BEFORE_END = re.compile(r"\s+(?=[?!.]+\Z)")
_CURLY = re.compile(r"(?<=\w)\u2019(?=\w)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_PRONOUN = re.compile(r"\A((?:[a-z']+ )?(?:am|can|could|did|do|have|may|must|should|will|would)) I(?= [a-z])")
"""`How do I`, `can I` at the beginning; elsewhere an `I` may be quoted, a current, or the imaginary unit."""

_I = re.compile(r"\bI\b(?!')")
_I_MYSELF = re.compile(
    r"\b(?:am|can|could|did|do|have|had|may|must|should|will|would|if|when|that|before|after|because|but|so|while|than|"
    r"what|where|was|until|once|since|unless|whether) I\b(?!')|"
    r"\bI (?:am|have|had|need|want|was|can|could|should|would|will|do|did|don't|didn't|can't|cannot|must|may|might|"
    r"get|got|use|used|forgot|lost|live|work|think|keep|like|take|know|just|also|only|still|always|never|bought|"
    r"ordered|paid|received|earn|moved|changed|started|tried|made)\b"
)
"""An `I` that is whoever asks, beside its verb."""

_MIN_WORDS = 4
"""Of fewer, the capitals may be all that tells what is meant."""


def is_same_question(a: str, b: str) -> bool:
    """Whether two texts differ only in what is typed without being meant. Any other difference the scorer has to judge.

    Blanks, Unicode composition, curly apostrophes, and the capitals of an opening word and of the `I` behind it; and
    where a text has no capitals at all, or nothing else, all capitals but of words that are something else in small
    letters (`US`, `Turkey`, `MB`). Symmetric; linear.
    """
    if a == b:
        return True
    a, b = _composed(a), _composed(b)
    if "".join(a.lower().split()) != "".join(b.lower().split()):
        return False
    a, b = _tidy(a), _tidy(b)
    return a == b or _opened(a) == _opened(b) or (a.lower() == b.lower() and _is_case_style(a, b))


def _composed(text: str) -> str:
    return text if text.isascii() else _CURLY.sub("'", unicodedata.normalize("NFC", text))


def _tidy(text: str) -> str:
    text = text.strip()
    if "\n" in text or _LETTERS.search(text) is not None:
        return text
    return _BEFORE_END.sub("", _BLANKS.sub(" ", text))


def _opened(text: str) -> str:
    opener = text[:12].partition(" ")[0]
    is_opening = opener[:1].isupper() and opener[0].lower() + opener[1:] in OPENERS
    return _PRONOUN.sub(r"\1 i", text[0].lower() + text[1:] if is_opening else text)


def _is_case_style(a: str, b: str) -> bool:
    """Of two texts of the same letters: whether one says nothing by its capitals, and the other nothing by those that
    differ."""
    is_mute, is_other_mute = (text.islower() or text.isupper() for text in (a, b))
    if not (is_mute or is_other_mute) or _LETTERS.search(a) is not None:
        return False
    mute, told = (a, b) if is_mute else (b, a)
    words, told_words = _WORD.findall(mute), _WORD.findall(told)
    is_told = not (is_mute and is_other_mute)
    if len(words) < _MIN_WORDS or (is_told and len(_I.findall(told)) != len(_I_MYSELF.findall(told))):
        return False
    return all(
        word == told_word or _is_style(word, told_word, is_told=is_told)
        for word, told_word in zip(words, told_words, strict=True)
    )


def _is_style(mute: str, told: str, *, is_told: bool) -> bool:
    """Whether the capitals of a word say nothing. mute: of the text of one case; is_told: the other text has both."""
    lower = mute.lower()
    if lower in ACRONYMS:  # WHO, IT: what a text of capitals means, nobody can tell
        return is_told and mute.islower() and not told.isupper()
    if lower in NAMES or lower in _ALSO_WORDS or lower in _UNITS:
        return False
    if lower in ENGLISH:
        return lower in {"a", "i"} or not (is_told and told.isupper())  # NO, OR, AND: another thing, or stress
    return len(lower) > 2 or lower in _SHORT
