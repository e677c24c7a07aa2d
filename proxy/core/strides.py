"""Searching a long text in strides.

A search that runs in a thread holds the interpreter until it returns: one of a megabyte (.3 s) would stop the event
loop as long. Between two strides others get their turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

STRIDE = 32_768
REACH = 4_096
"""Characters beyond its stride into which a match may run; what is longer is found only if it starts early enough."""


def matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """As `pattern.finditer(text)`, for patterns without anchors; the two may differ where matches overlap."""
    for start in range(0, len(text), STRIDE):
        for match in pattern.finditer(text, start, min(start + STRIDE + REACH, len(text))):
            if match.start() >= start + STRIDE:
                break
            yield match


def occurs(pattern: re.Pattern[str], text: str) -> bool:
    """As `pattern.search(text) is not None`."""
    return next(matches(pattern, text), None) is not None
