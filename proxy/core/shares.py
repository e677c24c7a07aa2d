"""All of a kind, or some that one adjective picks out: `What are the features of the Pro plan?` against `What are the
new features of the Pro plan?`

Vetoed only where both texts ask what or which there are, and the adjective is all that one has a meaning for and the
other has not. Adjectives of which everybody thinks anyway (main, typical, possible, common) are left to the scorer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proxy.core.roles import beginning
from proxy.core.ways import is_content
from proxy.core.words.common import words_of

_LISTS = re.compile(
    r"\W*(?:please )?(what|which|name|list|tell me|give me|describe|explain)\b[^.?!\n]++\W*\Z", re.IGNORECASE
)
_PICKED = re.compile(
    r"\b(?:the|any|some|what|which|are|all) "
    r"(new|old|first|last|final|remaining|missing|hidden|unwritten|optional|additional|other|rare|rarest|unusual|"
    r"unexpected|worst|future|former|early|late|physical|mental|emotional|psychological|positive|negative|most serious|"
    r"least common|lesser-known|least known) ([a-z]+)\b",
    re.IGNORECASE,
)
_NO_KIND = words_of("time times way ways day week month year step thing things name names date price")
"""`the first time`, `the last name`: one word with its adjective."""

_LONGEST = 24
"""Words; in longer texts an adjective is a small part."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Share:
    """picked: the words of the adjective; words: beginnings of all that mean something, without it; said: all words.
    Empty where the text lists nothing."""

    picked: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()


_NONE = Share()


def share_of(text: str) -> Share:
    """Linear in the text's length."""
    lists = _LISTS.match(text)
    if lists is None:
        return _NONE
    words = _WORD.findall(text[lists.end(1) :].lower())
    if len(words) > _LONGEST:
        return _NONE
    found = [match for match in _PICKED.finditer(text) if _is_kind(match[2])]
    picked = frozenset(_WORD.findall(found[0][1].lower())) if len(found) == 1 else frozenset[str]()
    meant = [beginning(word) for word in words if word not in picked and is_content(word)]
    return Share(picked, frozenset(meant), frozenset(words))


def _is_kind(word: str) -> bool:
    """Not the `World` of `the First World War`."""
    return word.islower() and word not in _NO_KIND and is_content(word)


def picks_out(one: Share, two: Share) -> bool:
    """Whether one asks for a few of what the other asks for all, and nowhere says which; symmetric."""
    if bool(one.picked) is bool(two.picked) or one.words != two.words or len(one.words) < 2:
        return False
    return one.picked.isdisjoint(two.said) and two.picked.isdisjoint(one.said)
