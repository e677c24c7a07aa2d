"""Prompts written one by one by many hands, each line a kind and a text; CC0, committed.

Templates of one hand flatter: a gate that was right about 99 % of its author's held-out templates was right about 83 %
of what others wrote. Half of the ordinary ones look like another kind ("how many days does a cold last").
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from classifier_export.prompts.generate import KINDS, Example

HANDS = Path(__file__).parent / "hands"
FOREIGN = "foreign"
"""Files whose name begins so hold a language and a text in each line."""


def written(split: str, hand: str = "") -> list[Example]:
    """English prompts of all kinds, of one hand or of all; `split` is "train" or "held"."""
    return [one for path in _files(split) if _is_of(path, hand) for one in _examples(path, split)]


def hands_of(split: str) -> list[str]:
    """Names of those who wrote English prompts."""
    return [path.stem for path in _files(split) if not path.stem.startswith(FOREIGN)]


def written_foreign(split: str) -> list[Example]:
    """Prompts in other languages, most of them terse, with English technical words among theirs."""
    return [
        Example(text, "foreign", language, split, f"{path.stem}/{number}")
        for path in _files(split)
        if path.stem.startswith(FOREIGN)
        for number, (language, text) in enumerate(_rows(path))
    ]


def _files(split: str) -> list[Path]:
    return sorted((HANDS / split).glob("*.tsv"))


def _is_of(path: Path, hand: str) -> bool:
    return path.stem == hand if hand else not path.stem.startswith(FOREIGN)


def _examples(path: Path, split: str) -> Iterator[Example]:
    for number, (kind, text) in enumerate(_rows(path)):
        if kind not in KINDS:
            raise ValueError(f"{path}:{number + 1}: {kind!r} is none of {', '.join(KINDS)}")
        yield Example(text, kind, "en", split, f"{path.stem}/{number}")


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        label, _, text = line.partition("\t")
        yield label, text
