"""Whether an answer says again what a mask hid of its request.

A mask says that no answer depends on the text it hides. One that repeats a name or a number from there shows that it
did, and is for its own request alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from proxy.core.route import Pattern
from proxy.core.scope import MASKED, MASKED_FIELDS
from proxy.core.secrets import strings

_WORD = re.compile(r"[^\W_]+")
_LABEL = re.compile(r"^[^:\d\n]{1,40}:")
"""What a line calls its value: `Current user: `."""

_SHORTEST = 3


def says_what_was_hidden(answers: Iterable[str], fields: Mapping[str, object], masks: Sequence[Pattern]) -> bool:
    """Whether one of the answers has a name or number that the request has only where its domain's masks hide it."""
    hidden, seen = [], []
    for name in MASKED_FIELDS:
        for text in strings(fields.get(name)):
            shown = text
            for mask in masks:
                hidden += [_LABEL.sub("", (found.group() or "").lstrip()) for found in mask.finditer(shown)]
                shown = mask.sub(MASKED, shown)
            seen.append(shown)
    named = {word for word in _words(hidden) if _is_telling(word)}.difference(_words(seen))
    return bool(named) and not named.isdisjoint(_words(answers))


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in _WORD.findall(text)]


def _is_telling(word: str) -> bool:
    """A name by its capital, or a number; what is shorter stands in any answer."""
    return len(word) >= _SHORTEST and (word[0].isupper() or any(map(str.isdigit, word)))
