"""A second question behind the first that has no words of its own: `Why is my invoice wrong, and what now?`

Every word of it is small, so the two texts look alike, and the answer to the first question alone is half an answer.
`and why?` is left to the scorer: who asks which is best is told why, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.words.common import ENGLISH, words_of

_SECOND = re.compile(
    r"(?<!\s)(?:[,;.?!]?\s++and (?:also |if so,? |so )?)"
    r"((?:(?:to|by|from|with|for|in|at|on|of)\s+)?(?:what|where|when|who|whom|how|which|then)\b[^,;.?!]*+)[?.!\s]*+$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SMALL = ENGLISH | words_of("now then next else long much many often soon exactly there")
_SMALL_BESIDE = _SMALL | words_of("read learn")
"""Of a second question: `…, and where can I read more?`"""

_QUESTION_WORDS = words_of("what where when who whom how which")
_LONGEST = 6
"""Words of a second question; a longer one says something of its own."""

_LEAST = 2
"""Words of its own that the first question must have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """first: the words of the first question. word: what the second asks (`where`, `then`); "" where there is none."""

    text: str
    first: frozenset[str] = frozenset()
    word: str = ""


def asked_in(text: str) -> Asked:
    """Linear in the text's length."""
    found = _SECOND.search(text) if "and" in text.lower() else None
    if found is None:
        return Asked(text)
    first, second = frozenset(_words(text[: found.start()])), _words(found[1])
    if len(second) > _LONGEST or not _SMALL_BESIDE.issuperset(second) or len(first - _SMALL) < _LEAST:
        return Asked(text)
    return Asked(text, first, next((word for word in second if word in _QUESTION_WORDS), second[0]))


def asks_more(one: Asked, two: Asked) -> bool:
    """Whether one asks what the other does and then something else; symmetric."""
    if bool(one.word) is bool(two.word):
        return False
    longer, shorter = (one, two) if one.word else (two, one)
    words = _words(shorter.text)
    own = frozenset(words) - _SMALL
    if len(own - longer.first) > len(own) // 4:
        return False
    return words.count(longer.word) <= (longer.word in longer.first)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))  # noqa: RUF001
