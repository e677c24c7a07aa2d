"""Whether an answer says again what a mask hid of its request.

A mask says that no answer depends on the text it hides. One that repeats a name, a number or an address from there
shows that it did, and is for its own request alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from proxy.core.route import Pattern
from proxy.core.scope import MASKED, MASKED_FIELDS
from proxy.core.secrets import strings
from proxy.core.words.common import ENGLISH, words_of

_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]+)@[\w-]+\.[\w.-]*\w")
_LABEL = re.compile(r"^[^:\d\n]{1,40}:")
"""What a line calls its value: `Current user: `."""

_BEGINS = re.compile(r"(?:\A|(?<=\n)|(?<=[.!?] ))([A-Z][a-z]+)(?= [a-z])")
_NO_NAMES = ENGLISH | words_of("today current user customer client account session")
"""Words that have their capital from the beginning of a sentence."""

_SHORTEST = 3


def says_what_was_hidden(
    answers: Iterable[str], fields: Mapping[str, object], masks: Sequence[Pattern], question: str = ""
) -> bool:
    """Whether one of the answers has a name, number or address that the request has only where its domain's masks hide
    it. question: what is compared by its meaning, whatever the masks."""
    hidden, seen = [], [question]
    for name in MASKED_FIELDS:
        for text in strings(fields.get(name)):
            shown = text
            for mask in masks:
                hidden += [_LABEL.sub("", (found.group() or "").lstrip()).lstrip() for found in mask.finditer(shown)]
                shown = mask.sub(MASKED, shown)
            seen.append(shown)
    named = {word for text in hidden for word in _named(text)}.difference(_words(seen))
    return any(not named.isdisjoint(_telling(text)) for text in answers) if named else False


def _named(hidden: str) -> list[str]:
    """Names, numbers and addresses, and whose an address is; in small letters."""
    text = _BEGINS.sub(lambda found: "" if found[1].lower() in _NO_NAMES else found[1], hidden)
    owners = _words([found[1] for found in _ADDRESS.finditer(text)])
    return [*_telling(text), *(word for word in owners if len(word) >= _SHORTEST)]


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in (*_WORD.findall(text.lower()), *_addresses(text))]


def _telling(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text) if _is_telling(word)] + _addresses(text)


def _addresses(text: str) -> list[str]:
    return [found[0].lower() for found in _ADDRESS.finditer(text)] if "@" in text else []


def _is_telling(word: str) -> bool:
    """A name by its capital, or a number; what is shorter stands in any answer."""
    return len(word) >= _SHORTEST and (word[0].isupper() or any(map(str.isdigit, word)))
