"""Alternatives joined into one pattern: it finds what the plain alternation finds, at the same places."""

from __future__ import annotations

import itertools
import re

import pytest

from proxy.core.words.fold import any_of

JOINS = [
    (r"\bnow\b|\b(?:by|until) now\b", r"\bno\b", r"^and\b|^or\b", r"x$"),
    (r"\ba|a b|\bb", r"(?:a|b) c|\bc"),
    (r"[|(]a|\ba\|b|\b[^)]c", r"\b[]|]d|\b\(a\)"),
    (r"\bab|\ba", r"\babc", r"^ab|\bb"),
]
TEXTS = [
    *("".join(letters) for size in range(5) for letters in itertools.product("abc |)", repeat=size)),
    *("until now and by now", "and so", "or\nand", "a|b (a) |a (a ]d |d x", "no now nowhere"),
]


@pytest.mark.parametrize("alternatives", JOINS)
def test_it_finds_what_the_alternatives_find_in_their_order(alternatives: tuple[str, ...]) -> None:
    plain = re.compile("|".join(f"(?:{one})" for one in alternatives))
    joined = any_of(*alternatives)

    assert joined.pattern != plain.pattern
    for text in TEXTS:
        assert [found.span() for found in joined.finditer(text)] == [found.span() for found in plain.finditer(text)]
