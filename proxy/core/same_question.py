"""Whether two texts are one question, typed differently: what no scorer has to judge, nor could.

The embedder folds case and blanks, so the scorer sees equal word pieces where `US` and `us` differ, has learned to
doubt them, and would refuse a question for a blank at its end or for small letters throughout.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from proxy.core.capitals import ACRONYMS, NAMES
from proxy.core.courtesies import bare_question
from proxy.core.either_order import is_other_order
from proxy.core.quantities import KEPT
from proxy.core.roles import singular
from proxy.core.word_forms import bare_words, begins, in_one_form, is_about_forms, steady_words
from proxy.core.words.common import ENGLISH, words_of
from proxy.core.words.forms import NUMBERS
from proxy.core.words.typed import (
    ALONE,
    ALSO_WORDS,
    LETTER_STEMS,
    LETTERS,
    SHORT,
    SHOUTED,
    TITLES,
    UNITS,
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
_BEFORE_END = re.compile(r"[ \u00a0](?=[?!]+\Z)")
_END = re.compile(r"(?<=[^\s.?])[.?]+\Z")
"""Not of `cd ..` and `rm -rf .`"""

_CURLY = re.compile(r"(?<=\w)\u2019(?=\w)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
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

_LENGTH = re.compile(rf"\bin (?:\d+|one|{'|'.join(NUMBERS)}) words\b")
"""How long an answer is to be."""

_ASKS = re.compile(
    r"(?:(?:what|how|who|whose|which|where|when|why|is|are|does|did)\b|"
    r"(?:can|could|do|may|must|should|will|would) (?:i|you|we|they|he|she|it|one|an?|the|my|our|your|people)\b)"
    r"[^?]{12}",
    re.IGNORECASE,
)
"""A question without its sign, too."""

_MIN_WORDS = 4
"""Of fewer, the capitals may be all that tells what is meant."""


def is_same_question(asked: str, stored: str) -> bool:
    """Whether two texts differ only in what is typed without being meant. Any other difference the scorer has to judge.

    Blanks, Unicode composition, curly apostrophes, other forms of a word (`core/word_forms`), and the capitals of an
    opening word and of the `I` behind it; and where a text has no capitals at all, or nothing else, all capitals but of
    words that are something else in small letters (`US`, `Turkey`, `MB`); greeting and thanks around a question.
    Symmetric, but for a name under the thanks: one under what is asked says nothing, one under what is stored may be
    in its answer. Linear.
    """
    if asked == stored:
        return True
    if steady_words(asked) != steady_words(stored):
        bare, bare_stored = _bare(asked, is_signed=True), _bare(stored, is_signed=False)
        if (bare == asked and bare_stored == stored) or steady_words(bare) != steady_words(bare_stored):
            return False
        asked, stored = bare, bare_stored
    is_shouted = asked.isupper() or stored.isupper()  # `2ND`, `2nd`
    is_one_form = not is_shouted and bare_words(asked) == bare_words(stored)  # `the Apollo Theatre`
    a, b = _tidy(asked, is_one_form=is_one_form), _tidy(stored, is_one_form=is_one_form)
    if a.lower() == b.lower():
        return a == b or _opened(a) == _opened(b) or _is_case_style(a, b)
    return is_other_order(_opened(a), _opened(b)) and not is_about_writing(a)


@lru_cache(maxsize=KEPT)
def _bare(text: str, *, is_signed: bool) -> str:
    rest = bare_question(text, is_signed=is_signed)
    return text if rest is text or _is_about_letters(rest) else rest


def _tidy(text: str, *, is_one_form: bool) -> str:
    text = text.strip()
    if not text.isascii():
        text = _CURLY.sub("'", unicodedata.normalize("NFC", text))
    if "\n" in text or _is_about_letters(text):
        return text
    text = _BEFORE_END.sub("", _BLANKS.sub(" ", text))
    text = text if is_one_form else in_one_form(text)
    return _END.sub("", text) if _ASKS.match(text) else text


def is_about_writing(text: str) -> bool:
    """Whether the letters or the form of a word may be what is asked about: `Is recieve spelt right?`"""
    return _is_about_letters(text) or is_about_forms(text)


def _is_about_letters(text: str) -> bool:
    words = bare_words(_LENGTH.sub("", text))
    return (
        _SIGNS.search(text) is not None
        or not LETTERS.isdisjoint(words)
        or any(word.startswith(LETTER_STEMS) for word in words)
    )


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
    if any(match.group()[0].isupper() and match.group().lower() in small and not begins(match) for match in told_words):
        return False  # `Is File the same as file?`
    is_title = all(match.group()[0].isupper() for match in told_words)
    return all(
        word == match.group()
        or _is_style(word, match.group(), is_told=is_told, is_within=is_told and not (is_title or begins(match)))
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
