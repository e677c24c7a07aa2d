"""What is said of what: two texts whose clauses hold the same words, of which two have changed clauses.

`The soup is cold and the wine is warm` against `the wine is cold, the soup is warm`, whatever else is said in other
words. Parts that a conjunction joins may change places (`a shy dragon and a brave mouse`), and so may whole clauses;
what cannot is one word of a clause for one of its neighbour's while each leaves another behind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from proxy.core.roles import beginning
from proxy.core.words.common import ENGLISH, words_of

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[,.;:!?\n]")
_CUTS = words_of(", . ; : ! ? and but while whereas or then yet") | {"\n"}
_HAS_CUT = re.compile(r"[,;:\n]|[.!?]\s+\w|\b(?:and|but|while|whereas|or|then|yet)\b", re.IGNORECASE)
_LONGEST = 200
"""Words and marks; a longer text has clauses for everything."""

Clauses = tuple[tuple[str, ...], ...]


def clauses_of(text: str) -> Clauses:
    """Beginnings of the words with a meaning, clause by clause, without those that are said twice; of one clause none.
    Linear."""
    if _HAS_CUT.search(text) is None:
        return ()
    tokens = _TOKEN.findall(text.lower())
    if len(tokens) > _LONGEST:
        return ()
    clauses: list[list[str]] = [[]]
    for token in tokens:
        if token in _CUTS:
            clauses.append([])
        elif token not in ENGLISH and token[0].isalpha():
            clauses[-1].append(beginning(token))
    clauses = [clause for clause in clauses if clause]
    if len(clauses) < 2:
        return ()
    counts = Counter(word for clause in clauses for word in clause)
    return tuple(tuple(word for word in clause if counts[word] == 1) for clause in clauses)


def bound_otherwise(one: Clauses, two: Clauses) -> bool:
    """Whether two neighbouring clauses of one text hold together what two of the other do, divided otherwise;
    symmetric."""
    if len(one) < 2 or len(two) < 2:
        return False
    at, to = _places(one), _places(two)
    shared = at.keys() & to.keys()
    if len(shared) < 4:
        return False
    ones, twos = ([[word for word in clause if word in shared] for clause in text] for text in (one, two))
    return any(
        _is_divided_otherwise((ones[i], ones[i + 1]), (twos[k], twos[k + 1]))
        for i in range(len(ones) - 1)
        for k in range(len(twos) - 1)
    )


def _places(clauses: Clauses) -> Mapping[str, int]:
    return {word: number for number, clause in enumerate(clauses) for word in clause}


def _is_divided_otherwise(a: tuple[list[str], list[str]], b: tuple[list[str], list[str]]) -> bool:
    mine, theirs = ({*clauses[0], *clauses[1]} for clauses in (a, b))
    if not (mine <= theirs or theirs <= mine):
        return False
    for text, others in ((a, b), (b, a)):
        parts = [[word for word in clause if word in other] for clause in text for other in others]
        if not all(parts) or _are_joined(text, parts[1], parts[2]) or _are_joined(text, parts[0], parts[3]):
            return False
    return True


def _are_joined(clauses: tuple[list[str], list[str]], one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether one part ends the first clause and the other begins the second: `a shy dragon and a brave mouse`."""
    first, second = clauses
    return first[len(first) - len(one) :] == one and second[: len(two)] == two
