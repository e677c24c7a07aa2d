"""English forms of a phrase: article, plural, verb endings. Only the head word changes."""

from functools import lru_cache

import inflect
from lemminflect import getInflection

_ENGINE = inflect.engine()
_TAGS = {"ing": "VBG", "ed": "VBD", "pp": "VBN", "s": "VBZ"}
# lemminflect gives both spellings or an odd one for these.
_IRREGULAR = {("cancel", "ed"): "canceled", ("cancel", "pp"): "canceled", ("cancel", "ing"): "canceling"}


@lru_cache(maxsize=65536)
def inflected(phrase: str, form: str) -> str:
    """`form`: ing, ed, pp, s (verb first in the phrase), pl (noun last), a (indefinite article), cap."""
    if not phrase:
        return phrase
    if form == "cap":
        return phrase[0].upper() + phrase[1:]
    if form == "a":
        return str(_ENGINE.a(phrase))
    if form == "pl":
        return str(_ENGINE.plural_noun(phrase)) or phrase
    if form not in _TAGS:
        raise ValueError(f"unknown form .{form}")
    return _verb(phrase, form)


def _verb(phrase: str, form: str) -> str:
    head, _, rest = phrase.partition(" ")
    if head == "not":
        return f"not {_verb(rest, form)}"
    known = _IRREGULAR.get((head, form))
    if known is None:
        options = getInflection(head, _TAGS[form])
        known = options[0] if options else head
    return f"{known} {rest}" if rest else known


def spelled(number: int) -> str:
    """1,204 as 'one thousand two hundred four' would be rare; callers use it below a hundred."""
    return str(_ENGINE.number_to_words(str(number), andword=""))


def ordinal_of(number: int) -> str:
    return str(_ENGINE.ordinal(str(number)))


def ordinal_word(number: int) -> str:
    return str(_ENGINE.number_to_words(_ENGINE.ordinal(str(number)), andword=""))
