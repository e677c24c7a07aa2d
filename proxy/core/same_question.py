"""Whether two texts are one question, typed differently: what no scorer has to judge, nor could.

The embedder folds case and blanks, so the scorer sees equal word pieces where `US` and `us` differ, has learned to
doubt them, and would refuse a question for a blank at its end or for small letters throughout.
"""

from __future__ import annotations

import re
import unicodedata

from proxy.core.capitals import ACRONYMS, NAMES
from proxy.core.roles import singular
from proxy.core.words.common import ENGLISH, words_of
from proxy.core.words.typed import (
    ALONE,
    ALSO_WORDS,
    LETTER_STEMS,
    LETTERS,
    SHORT,
    SHOUTED,
    TITLES,
    UNITS,
    WORDING,
    WORDS_WITHIN,
)

OPENERS = words_of("""
what what's who who's whose whom which when when's where where's why why's how how's is are was were do does did can
could should would will shall may must has have had if my the please explain describe tell give show list name define
compare suggest recommend help
""")
"""Words that a question begins with, capital or not. Any other first word may be what is asked about: `Hello in
base64`."""

_SIGNS = re.compile(r"[^\w\s.,;:?!'()&/%€$£+-]|[\w)]\(|_|(?<!\w)'")
"""Where letters and blanks may be what is asked about: words about writing, and signs of code and quotation."""

_BLANKS = re.compile(r"[ \t\u00a0]+")
_BEFORE_END = re.compile(r"\s+(?=[?!.]+\Z)")
_CURLY = re.compile(r"(?<=\w)\u2019(?=\w)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_BEGUN = re.compile(r"[.?!:]\s*\Z")
_COINED = re.compile(
    r"\w[./@]\w*[A-Z]|(?<!\w)(?=\w*[A-Z])(?=\w*[a-z])\w*\d[A-Za-z]|\b[A-G](?:m|maj|dim|sus)\d|(?<!\S)-[^\W\d_]\b"
)
"""Addresses, passwords, chords and options: `bit.ly/aBc`, `Passw0rd`, `Am7`, `-L`; not `Node.js`, `MP3`, `Auth0`."""

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

_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_FORMS = {
    **{f"{word}'s": f"{word} is" for word in ("what", "how", "who", "where", "when", "why", "it", "that", "there")},
    **{f"{word}n't": f"{word} not" for word in ("is", "are", "was", "were", "do", "does", "did", "has", "have", "had")},
    **{f"{word}n't": f"{word} not" for word in ("could", "should", "would")},
    **{f"{word}'ve": f"{word} have" for word in ("i", "you", "we", "they")},
    **{f"{word}'ll": f"{word} will" for word in ("i", "you", "we", "they", "it")},
    **{f"{word}'re": f"{word} are" for word in ("you", "we", "they")},
    **{word: str(number) for number, word in enumerate(_NUMBERS, 2)},
    **dict(zip(("1st", "2nd", "3rd"), ("first", "second", "third"), strict=True)),
    **dict(zip(("i'm", "can't", "won't", "u", "ur"), ("i am", "cannot", "will not", "you", "your"), strict=True)),
    **dict(zip(("pls", "plz", "e-mail", "wi-fi"), ("please", "please", "email", "wifi"), strict=True)),
}
"""Forms of a word, and the one that stands for all."""

_TOKEN = re.compile(r"[\w'%-]+(?:[.,][\w%]+)*")
_PARTICLE = re.compile(r"\b(log|sign|set|back) (in|up)\b", re.IGNORECASE)
_APART = re.compile(r"\b(?:(?:log|sign) in|(?:sign|set|back) up|e-mail|wi-fi)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\b(?:login|signin|signup|setup|backup|email|wifi)\b", re.IGNORECASE)
_MENTIONED = re.compile(r"\b(?:say|type|write|use) (?:u|ur|pls|plz)\b|\bshort for\b", re.IGNORECASE)
_BETWEEN = re.compile("[ -]")
_WHAT_IS = re.compile(r"\A(what|how|who|where|when|why)'s\b", re.IGNORECASE)
_IN_NUMBER = re.compile(r"(?<=\b[1-9]),(?=\d{3}\b)|(?<=\b\d\d),(?=\d{3}\b)|(?<=\b\d{3}),(?=\d{3}\b)")
_BEFORE_UNIT = re.compile(r"(?<=\d)(?=(?:kg|km|cm|mm|mg|ml|min|ms|[kmgt]b|[kmg]hz|kwh?|%)(?!\w))", re.IGNORECASE)
_PERCENT = re.compile(r"(?<=\d )percent\b|(?<=\bwhat )percent\b", re.IGNORECASE)
"""A share; elsewhere `%` may be what is asked about: an operator, a key, a placeholder."""

_ENDS = ".,;:?!'()"
_MAY_VARY = frozenset(" ".join([*_FORMS, *_FORMS.values()]).split()) | words_of("""
log sign set back in up login signin signup setup backup percent kg km cm mm mg ml min ms kb mb gb tb khz mhz ghz kw kwh
""")
"""Words that one of two texts of the same question may hold and the other not."""

_MIN_WORDS = 4
"""Of fewer, the capitals may be all that tells what is meant."""


def is_same_question(a: str, b: str) -> bool:
    """Whether two texts differ only in what is typed without being meant. Any other difference the scorer has to judge.

    Blanks, Unicode composition, curly apostrophes, other forms of the same word (`_FORMS`), and the capitals of an
    opening word and of the `I` behind it; and where a text has no capitals at all, or nothing else, all capitals but of
    words that are something else in small letters (`US`, `Turkey`, `MB`). Symmetric; linear.
    """
    if a == b:
        return True
    if _steady_words(a) != _steady_words(b):
        return False
    a, b = _tidy(a), _tidy(b)
    return a == b or _opened(a) == _opened(b) or (a.lower() == b.lower() and _is_case_style(a, b))


def _steady_words(text: str) -> set[str]:
    """Those of letters that every typing of the question holds: nearly all pairs are told apart by them (3 us)."""
    return {word for word in {*_words(text)} - _MAY_VARY if word.isalpha() and word.isascii()}


def _tidy(text: str) -> str:
    text = text.strip()
    if not text.isascii():
        text = _CURLY.sub("'", unicodedata.normalize("NFC", text))
    if "\n" in text or _is_about_letters(text):
        return text
    text = _BEFORE_END.sub("", _BLANKS.sub(" ", text))
    text = _WHAT_IS.sub(_one_form, text)
    if _is_about_forms(text):
        return text
    text = _PARTICLE.sub(r"\1\2", _IN_NUMBER.sub("", _BEFORE_UNIT.sub(" ", text)))
    return _PERCENT.sub("%", _TOKEN.sub(_one_form, text))


def _is_about_forms(text: str) -> bool:
    """Whether it may ask which form of a word is right: `Is it login or log in?`"""
    if not WORDING.isdisjoint(_words(text)) or _MENTIONED.search(text):
        return True
    apart = {_BETWEEN.sub("", found.lower()) for found in _APART.findall(text)}
    return bool(apart) and not apart.isdisjoint(found.lower() for found in _TOGETHER.findall(text))


def _words(text: str) -> list[str]:
    return [word.strip(_ENDS) for word in text.lower().split()]


def _is_about_letters(text: str) -> bool:
    words = _words(text)
    return (
        _SIGNS.search(text) is not None
        or not LETTERS.isdisjoint(words)
        or any(word.startswith(LETTER_STEMS) for word in words)
    )


def _one_form(match: re.Match[str]) -> str:
    word = match.group()
    form = _FORMS.get(word.lower())
    if form is None or (form.isdigit() and word.istitle() and not _begins(match)):
        return word  # `Seven` is a film
    if word.isupper() and len(word) > 1:
        return form.upper()
    return form[0].upper() + form[1:] if word[0].isupper() else form


def _begins(match: re.Match[str]) -> bool:
    """Whether a sentence begins with it."""
    before = match.string[max(0, match.start() - 2) : match.start()]
    return not before or _BEGUN.search(before) is not None


def _opened(text: str) -> str:
    opener = text[:12].partition(" ")[0]
    is_opening = opener[:1].isupper() and opener[0].lower() + opener[1:] in OPENERS
    return _PRONOUN.sub(r"\1 i", text[0].lower() + text[1:] if is_opening else text)


def _is_case_style(a: str, b: str) -> bool:
    """Of two texts of the same letters: whether one says nothing by its capitals, and the other nothing by those that
    differ."""
    is_mute, is_other_mute = (text.islower() or text.isupper() for text in (a, b))
    if not (is_mute or is_other_mute) or _is_about_letters(a):
        return False
    mute, told = (a, b) if is_mute else (b, a)
    words, told_words = _WORD.findall(mute), list(_WORD.finditer(told))
    is_told = not (is_mute and is_other_mute)
    if len(words) != len(told_words) or len(words) < _MIN_WORDS:  # the small form of "İ" is two characters
        return False
    if is_told and (len(_I.findall(told)) != len(_I_MYSELF.findall(told)) or _COINED.search(told)):
        return False
    small = {match.group() for match in told_words if match.group().islower()} - {"a"}
    if any(
        match.group()[0].isupper() and match.group().lower() in small and not _begins(match) for match in told_words
    ):
        return False  # `Is File the same as file?`
    is_title = all(match.group()[0].isupper() for match in told_words)
    return all(
        word == match.group()
        or _is_style(word, match.group(), is_told=is_told, is_within=is_told and not (is_title or _begins(match)))
        for word, match in zip(words, told_words, strict=True)
    )


def _is_style(mute: str, told: str, *, is_told: bool, is_within: bool) -> bool:
    """Whether the capitals of a word say nothing.

    mute: of the text of one case. is_told: the other text has both. is_within: nor does a sentence begin with it, or
    all words with capitals.
    """
    lower = mute.lower()
    is_shouted = is_told and told.isupper() and len(told) > 1
    is_named = is_within and told[0].isupper()
    if lower in ACRONYMS:  # WHO, IT: what a text of capitals means, nobody can tell
        return is_told and mute.islower() and not (told.isupper() or is_named)
    if lower in NAMES or lower in UNITS:
        return False
    if lower in ENGLISH:
        return _is_style_of_a_small_word(lower, told, is_shouted=is_shouted, is_named=is_named)
    if lower in ALSO_WORDS or (is_shouted and lower in SHOUTED) or (is_named and _is_name_within(lower)):
        return False
    return len(lower) > 2 or _is_style_of_two_letters(lower, told, is_named=is_named)


def _is_style_of_a_small_word(lower: str, told: str, *, is_shouted: bool, is_named: bool) -> bool:
    """NO, OR, AND: another thing, or stress; `Will`, `May` and `Her` may be names."""
    if lower in ALSO_WORDS and not told.islower():
        return False
    return lower in {"a", "i"} or not (is_shouted or (is_named and lower in ALONE))


def _is_name_within(lower: str) -> bool:
    return not {lower, singular(lower)}.isdisjoint(WORDS_WITHIN)


def _is_style_of_two_letters(lower: str, told: str, *, is_named: bool) -> bool:
    """`TV`, `Dr`: known abbreviations, written as they are; any other may be a symbol."""
    return lower in SHORT and (told.isupper() or lower in TITLES or not is_named)
