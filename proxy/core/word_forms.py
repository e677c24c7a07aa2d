"""One form of each word of a question: what is spelled, counted or shortened in several ways and means one thing.

Not where the form itself may be what is asked about: `Is it login or log in?`, `Is it colour in British English?`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from proxy.core.number_words import ONES, TENS
from proxy.core.quantities import KEPT
from proxy.core.words.common import words_of
from proxy.core.words.forms import (
    ALIASES,
    CONTRACTIONS,
    COUNTED,
    NUMBERS,
    ORDINAL_FORMS,
    OTHER_ENGLISH,
    SPELLINGS,
    TOOLS,
    UNIT_FORMS,
)
from proxy.core.words.typed import WORDING

_VARIANTS = {**SPELLINGS, **ALIASES}
_FORMS = {**_VARIANTS, **NUMBERS, **ORDINAL_FORMS, **CONTRACTIONS}
"""Forms of a word, and the one that stands for all."""

_NAMES = ALIASES.keys() | ALIASES.values()
_TOOLS = TOOLS.keys() | TOOLS.values()
_USED = re.compile(r"\b(?:in|to|from) \Z", re.IGNORECASE)
_NAMED = re.compile(r" [A-Z][a-z]")
_TOKEN = re.compile(r"[\w'%-]+(?:[.,][\w%]+)*")
_PARTICLE = re.compile(
    r"\b(set|back|sign) (?=up\b)|\b(log|sign) (?=in(?:\W{0,3}\Z|[,.;]| (?:to|with|without|as|from|on|again|via|using|"
    r"after|and|or|page|screen|button|form|error|failed)\b))",
    re.IGNORECASE,
)
"""`log in`, not `How do I log in Python?`"""

_APART = re.compile(r"\b(?:(?:log|sign) in|(?:sign|set|back) up|e-mail|wi-fi)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\b(?:login|signin|signup|setup|backup|email|wifi)\b", re.IGNORECASE)
_MENTIONED = re.compile(r"\b(?:say|type|write|use) (?:u|ur|pls|plz)\b|\bshort for\b", re.IGNORECASE)
_BETWEEN = re.compile("[ -]")
_WHAT_IS = re.compile(r"\A(what|how|who|where|when|why)'s\b", re.IGNORECASE)
_BEGUN = re.compile(r"[.?!:]\s*\Z")
_IN_NUMBER = re.compile(r"(?<=\b[1-9]),(?=\d{3}\b)|(?<=\b\d\d),(?=\d{3}\b)|(?<=\b\d{3}),(?=\d{3}\b)")
_TENS = re.compile(rf"\b({'|'.join(TENS)})[ -]({'|'.join([*ONES][1:10])})\b(?!-)", re.IGNORECASE)
_HYPHEN = re.compile(
    rf"(?<![\w-])(non|{'|'.join(NUMBERS)})-(?!(?:{'|'.join(NUMBERS)})\b)(?=[^\W\d_]{{3}})|\b(year|month|week)-(?=olds?\b)|"
    r"(?<=(?<![\w.,-])\d)-(?=[^\W\d_]{3})|(?<=\d\d)-(?=[^\W\d_]{3})",
    re.IGNORECASE,
)
"""Behind a number and `non`: `5-year`, `two-year-old`. Between other words it may be meant: a man-eating shark,
docker-compose, Monday-Friday."""

_NON = re.compile(r"\b(non) (?=[^\W\d_]{3})", re.IGNORECASE)
_UNIT = re.compile(rf"(?<=\d )(?:{'|'.join(sorted(UNIT_FORMS, key=len, reverse=True))})\b", re.IGNORECASE)
_METRIC = "|".join(word for word, form in UNIT_FORMS.items() if form in ("km", "cm", "mm", "kg", "mg", "ml"))
_UNIT_ASKED = re.compile(rf"(?<=\bhow many )(?:{_METRIC})\b|(?<=\bin )(?:{_METRIC})(?=\W*\Z)", re.IGNORECASE)
"""`How many ml are in a cup?`, `What is a mile in kilometres?`; an `mi` or a `ft` may be something else."""

_VERSION = re.compile(r"(?<=[^\W\d_] )v(?=\d[\d.]*+(?! (?:engine|motor)))")
"""`Python v3.11`; a Mazda 6 is not one with a v6 engine."""

_SINGLE = re.compile(
    rf"\bone(?= (?:{'|'.join([*UNIT_FORMS.keys() - {'day', 'days', 'foot', 'feet'}, *COUNTED])})\b)", re.IGNORECASE
)
"""Not of days and feet: `Will I be rich one day?`, `How long can I stand on one foot?`"""

_MONEY = re.compile(r"([$€]) ?(\d+(?:\.\d+)?)(k?)(?![.,]?\w)(?! ?(?:m|mn|bn|b|million|billion)\b)", re.IGNORECASE)
"""Not £: a baby gains pounds."""

_CURRENCY = {"$": "dollars", "€": "euro"}
_BEFORE_UNIT = re.compile(
    r"(?<=\d)(?=(?:kg|km|cm|mm|mg|ml|mi|ft|min|ms|[kmgt]b|[kmg]hz|kwh?|%)(?!\w))|(?<=\d\d)(?=g(?!\w))", re.IGNORECASE
)
_PERCENT = re.compile(r"(?<=\d )per ?cent\b(?! \d)|(?<=\bwhat )percent\b", re.IGNORECASE)
"""A share; elsewhere `%` may be what is asked about: an operator, a key, a placeholder."""

ENDS = ".,;:?!'()"
"""Punctuation around a word."""

_MAY_VARY = (
    frozenset(" ".join([*CONTRACTIONS, *CONTRACTIONS.values(), *NUMBERS, *ORDINAL_FORMS.values()]).split())
    | UNIT_FORMS.keys()
    | words_of("""
one dollars euro per cent percent e mail wi fi non log sign set back in up login signin signup setup backup
ms kb mb gb tb khz mhz ghz kw kwh
""")
)
"""Words that one of two texts of the same question may hold and the other not."""


@lru_cache(maxsize=KEPT)
def steady_words(text: str) -> frozenset[str]:
    """Those of letters that every typing of the question holds: nearly all pairs are told apart by them (3 us)."""
    words = {*bare_words(text.lower().replace("non-", "non").replace("-", " ").replace(" non ", " non"))} - _MAY_VARY
    if not _VARIANTS.keys().isdisjoint(words):
        words = {_VARIANTS.get(word, word) for word in words}
    return frozenset([word for word in words if word.isalpha() and word.isascii()])


def in_one_form(text: str) -> str:
    """A text of single blanks with every word in the form that stands for all; as it is where forms may be meant."""
    text = _WHAT_IS.sub(_one_form, text)
    if is_about_forms(text):
        return text
    text = _MONEY.sub(_amount, _BEFORE_UNIT.sub(" ", _IN_NUMBER.sub("", _VERSION.sub("", text))))
    text = _TOKEN.sub(_one_form, _TENS.sub(_one_number, text))
    if "-" in text:
        text = _TOKEN.sub(_one_form, _HYPHEN.sub(_apart, text))
    text = _UNIT_ASKED.sub(_one_unit, _UNIT.sub(_one_unit, _SINGLE.sub(_a_single, text)))
    return _NON.sub(r"\1", _PERCENT.sub("%", _PARTICLE.sub(_together, text)))


def bare_words(text: str) -> list[str]:
    """In small letters, without punctuation around them."""
    return [word.strip(ENDS) for word in text.lower().split()]


def begins(match: re.Match[str]) -> bool:
    """Whether a sentence begins with it."""
    before = match.string[max(0, match.start() - 2) : match.start()]
    return not before or _BEGUN.search(before) is not None


def is_about_forms(text: str) -> bool:
    """Whether it may ask which form of a word is right: `Is it login or log in?`"""
    words = {*bare_words(text)}
    if not WORDING.isdisjoint(words) or _MENTIONED.search(text):
        return True
    variants = words & _VARIANTS.keys()
    if variants and (not OTHER_ENGLISH.isdisjoint(words) or any(_VARIANTS[word] in words for word in variants)):
        return True
    apart = {_BETWEEN.sub("", found.lower()) for found in _APART.findall(text)}
    return bool(apart) and not apart.isdisjoint(found.lower() for found in _TOGETHER.findall(text))


def _one_form(match: re.Match[str]) -> str:
    word = match.group()
    lower = word.lower()
    if lower in _TOOLS and not _is_used(match):
        return word
    if lower in _NAMES:
        return ALIASES.get(lower, lower).upper() if _is_shouted(match) else ALIASES.get(lower, lower)
    form = _FORMS.get(lower)
    is_name = word.istitle() and not begins(match) and (lower in SPELLINGS or (form is not None and form.isdigit()))
    if form is None or is_name:
        return word  # `Seven` is a film, Tyre a town, and David Grey is not David Gray
    return _written_like(word, form)


def _is_used(match: re.Match[str]) -> bool:
    """`in JS`; not the works of JS Bach."""
    before = match.string[max(0, match.start() - 6) : match.start()]
    return _USED.search(before) is not None and not _NAMED.match(match.string, match.end())


def _one_number(match: re.Match[str]) -> str:
    if match.group().istitle() and not begins(match):
        return match.group()
    return str(TENS[match[1].lower()] + ONES[match[2].lower()])


def _apart(match: re.Match[str]) -> str:
    return f"{match[1] or match[2] or ''} "


def _together(match: re.Match[str]) -> str:
    return match[1] or match[2]


def _a_single(match: re.Match[str]) -> str:
    return "1" if match.group().islower() or begins(match) else match.group()


def _one_unit(match: re.Match[str]) -> str:
    return _written_like(match.group(), UNIT_FORMS[match.group().lower()])


def _amount(match: re.Match[str]) -> str:
    """`$20k` as `20000 dollars`."""
    thousands = "000" if match[3] and "." not in match[2] else match[3]
    currency = _CURRENCY[match[1]]
    return f"{match[2]}{thousands} {currency.upper() if _is_shouted(match) else currency}"


def _is_shouted(match: re.Match[str]) -> bool:
    """Whether the text around it is all in capitals; a long one is not read whole for each of its words."""
    return match.string[max(0, match.start() - 20) : match.end() + 20].isupper()


def _written_like(word: str, form: str) -> str:
    if word.isupper() and len(word) > 1:
        return form.upper()
    return form[0].upper() + form[1:] if word[0].isupper() else form
