"""Which of several things named in both texts is meant: `I have a savings account and a current account. How do I …`

`… close the savings account?` against `… close the current account?`. Each word of one text stands in the other, too,
so every measure of overlap calls the two equal. What tells them apart is how often: one says `savings` twice, the other
`current`. Vetoed where both texts name both beside each other, as things to choose from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proxy.core.roles import one_form
from proxy.core.words.common import ENGLISH, words_of

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[,;/&]|[.?!:\n]")
_LINKS = words_of("and or nor but vs versus plus as with , ; / &")
_SMALL = ENGLISH - words_of("work works help long new first last next good better best use only any all some")
_ENDS = frozenset(".?!:\n")
_REACH = 8
"""Words and commas between two things that are named beside each other: `new, assigned, waiting or closed`."""

_LONGEST = 200
"""Words; in longer texts nearly every word is said twice somewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """tokens: words in one form, and the marks between them. counts: how often each word with a meaning is said."""

    tokens: Sequence[str]
    counts: Counter[str]


_NOTHING = Named((), Counter())


def named_in(text: str, words: Sequence[str]) -> Named:
    """Linear in the text's length. words: of the text, `arranged`. One that says no word twice names nothing again."""
    own = [word for word in words if word not in _SMALL]
    if len(own) == len(set(own)) or len(words) > _LONGEST:
        return _NOTHING
    tokens = [one_form(token) for token in _TOKEN.findall(text.lower())]
    return Named(tokens, Counter([token for token in tokens if token.isalnum() and token not in _SMALL]))


def chosen_otherwise(one: Named, two: Named) -> bool:
    """Whether each names another of the same things again; symmetric."""
    if not one.tokens or not two.tokens:
        return False
    mine, theirs = list(_said_more(one, two)), list(_said_more(two, one))
    return any(_are_listed(one.tokens, a, b) and _are_listed(two.tokens, a, b) for a in mine for b in theirs)


def _said_more(one: Named, two: Named) -> Iterator[str]:
    return (word for word, count in one.counts.items() if 0 < two.counts[word] < count)


def _are_listed(tokens: Sequence[str], a: str, b: str) -> bool:
    """Whether the two stand beside each other in one sentence, with a conjunction or a comma between them."""
    pair = {a, b}
    for at, word in enumerate(tokens):
        if word not in pair:
            continue
        is_linked = False
        for token in tokens[at + 1 : at + 1 + _REACH]:
            if token in _ENDS:
                break
            if token in pair and token != word and is_linked:
                return True
            is_linked |= token in _LINKS
    return False
