"""Which language a prompt is in, as far as script and common words tell: English, foreign, or not sure.

Decides nothing alone: `admission` adds the learned head where this page is not sure. Words are lower case, without
accents folded. A word that English uses too ("die", "in", "mode") is in no foreign list.
"""

from __future__ import annotations

import math
import re
import unicodedata
from enum import StrEnum

from proxy.core.words.common import ENGLISH, SHARED
from proxy.core.words.common import FOREIGN as COMMON
from proxy.core.words.triples import OFFSET, STEP, TRIPLES

MEASURED_LANGUAGES = frozenset({"en"})
"""Languages whose false-accept rate was measured (upper bound <= 3 % on >= 200 pairs); others stay exact only."""


class Evidence(StrEnum):
    """What script and words say about the language."""

    ENGLISH = "english"
    FOREIGN = "foreign"
    UNSURE = "unsure"


_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")

_FOREIGN = {language: frozenset(words.split()) - ENGLISH for language, words in COMMON.items()}
_STRONG = frozenset().union(*_FOREIGN.values()) - SHARED
_LANGUAGES_OF = {
    word: tuple(n for n, known in enumerate(_FOREIGN.values()) if word in known)
    for word in frozenset().union(*_FOREIGN.values())
}
"""Foreign word -> numbers of the languages that have it."""

_SCRIPT_LETTERS = 2
"""Letters of a foreign script from which a prompt is not English; one is a symbol ("Ω", "the letter ж")."""


def language_evidence(prompt: str) -> Evidence:
    """What script and function words say; UNSURE when nothing speaks, as in "Kubernetes pricing".

    Two strong foreign words beat one English one ("Wie reset ich mein Passwort"); one foreign word in an English
    sentence is a name or a quotation ("What does merci mean?").
    """
    if foreign_script_letters(prompt) >= _SCRIPT_LETTERS:
        return Evidence.FOREIGN
    words = _WORD.findall(_composed(prompt).lower().replace("\u2019", "'"))
    english = foreign = 0
    counts = [0] * len(_FOREIGN)
    for word in words:
        if word in ENGLISH:
            english += 1
        if word in _STRONG or ("'" in word and _elided(word)):
            foreign += 1
        for language in _LANGUAGES_OF.get(word, ()):
            counts[language] += 1
    weak = max(counts)
    if foreign > english and foreign + weak >= 2:
        return Evidence.FOREIGN
    if weak >= 2 and weak > english and weak * 2 >= len(words):
        return Evidence.FOREIGN
    return Evidence.ENGLISH if english > foreign else Evidence.UNSURE


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def foreign_script_letters(prompt: str) -> int:
    """Letters that are neither Latin nor Greek (Greek names quantities in English; three of them make a word)."""
    if prompt.isascii():
        return 0
    count = greek = 0
    for char in prompt:
        if char < "\u0250" or not char.isalpha():
            continue
        if "\u0370" <= char <= "\u03ff" or "\u1f00" <= char <= "\u1fff":
            greek += 1
        elif not _is_latin(char):
            count += 1
    return count + (greek if greek > 2 else 0)


def _is_latin(char: str) -> bool:
    return "\u1e00" <= char <= "\u1eff" or unicodedata.name(char, "").startswith(("LATIN", "MODIFIER", "FEMININE"))


_ELISION = re.compile(r"^(?:l|d|j|qu|n|s|c|dell|nell|all|sull|un|quest)'[^\W\d_]{2,}$")


def _elided(word: str) -> bool:
    """French and Italian elision: l'ordine, d'une, qu'est; English has none of these but o'clock and d'accord."""
    return _ELISION.match(word) is not None


def triples_of(text: str) -> list[str]:
    """Letter triples of each word, its edges marked: "at" gives _at, at_."""
    marked = [f"_{word}_" for word in _LETTERS.findall(_composed(text).lower())]
    return [word[at : at + 3] for word in marked for at in range(len(word) - 2)]


_LETTERS = re.compile(r"[^\W\d_]+")


_WEIGHTS = {triple: weight * STEP for weight, triples in TRIPLES.items() for triple in triples.split()}


def spelling(prompt: str) -> float:
    """How English the letters look, in log odds: above 0 rather English, below rather another Latin-script language.

    A logistic over letter triples, damped by the root of their number: long texts say more, not everything.
    """
    triples = triples_of(prompt)
    weight = _WEIGHTS.get
    return OFFSET + sum([weight(triple, 0.0) for triple in triples]) / math.sqrt(max(1, len(triples)))
