"""Folding a text, and joining alternatives into one pattern."""

from __future__ import annotations

import re

EDGE_CHARS = 600
"""Of a longer text only this much of its start and of its end is read: the instruction stands there."""


def fold(text: str) -> str:
    """Lower case, straight quotes, single spaces; only both edges of a long text."""
    if len(text) > 2 * EDGE_CHARS:
        text = f"{text[:EDGE_CHARS]}\n{text[-EDGE_CHARS:]}"
    text = text.lower().replace("\u2019", "'").replace("\u2018", "'").replace("\u201c", '"').replace("\u201d", '"')
    return " ".join(text.split())


def any_of(*alternatives: str) -> re.Pattern[str]:
    """One pattern that matches wherever an alternative does. Gaps are bounded and never nested: linear in practice."""
    return re.compile("|".join(f"(?:{one})" for one in alternatives))


MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
WEEKDAY = r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day"
