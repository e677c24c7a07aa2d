"""Pairs from groups written by hand: meanings that are close, each in several true rewordings.

A file holds groups, separated by empty lines. A group's first line is `@family` (one word of `families`), then one
line a meaning, its wordings separated by ` | `. Two wordings of one line are label 1, of two lines label 0: the
answer to one would be wrong for the other. `#` begins a comment line. What a hand has finished is packed, all its files
in one (`anna.txt.xz`): a megabyte instead of four.
"""

from __future__ import annotations

import itertools
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from classifier_export.generate.families import family_named
from classifier_export.generate.harmless import disturbed
from classifier_export.generate.pairs import Pair, normal

FOLDER = Path(__file__).parent / "written"
LONGEST = 60
"""Words of one wording."""
_BLUR = 0.12
"""Share of pairs of which one side gets a slip or a courtesy that changes nothing."""


@dataclass(frozen=True, slots=True)
class Group:
    """meanings[i][j]: wording j of meaning i; all differ when case, spaces and final punctuation are folded."""

    name: str
    family: str
    meanings: tuple[tuple[str, ...], ...]


def read_groups(path: Path) -> Iterator[Group]:
    """Raises ValueError with file and line for anything that is not a group."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*_text_of(path).splitlines(), ""], start=1):
        if line.startswith("#"):
            continue
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            yield _group(path, block)
            block = []


def pairs_of_group(group: Group, rng: Random, *, per_label: int, split: str, disturb: bool) -> Iterator[Pair]:
    """Up to `per_label` pairs of each label, drawn over all meanings and wordings alike."""
    same = [pair for wordings in group.meanings for pair in itertools.combinations(wordings, 2)]
    other = [pair for one, two in itertools.combinations(group.meanings, 2) for pair in itertools.product(one, two)]
    for label, pairs in ((0, other), (1, same)):
        for a, b in rng.sample(pairs, min(per_label, len(pairs))):
            if disturb and rng.random() < _BLUR:
                shared = frozenset(set(_words(a)) ^ set(_words(b)))
                b, _ = disturbed(rng, b, shared, train=True, edits=1)
            a, b = (b, a) if rng.random() < 0.5 else (a, b)
            yield Pair(a, b, label, "written", f"written:{group.family}/{group.name}", split)


def all_groups(folder: Path = FOLDER) -> list[Group]:
    """Every group below the folder, packed or not, in the order of the file names."""
    paths = [*folder.rglob("*.txt"), *folder.rglob("*.txt.xz")]
    return [group for path in sorted(paths) for group in read_groups(path)]


def _text_of(path: Path) -> str:
    packed = path.read_bytes()
    try:
        return (lzma.decompress(packed) if path.suffix == ".xz" else packed).decode("utf-8")
    except (lzma.LZMAError, UnicodeDecodeError) as exc:
        raise ValueError(f"{path}: cannot be read as text: {exc}") from None


def _group(path: Path, block: list[tuple[int, str]]) -> Group:
    (first, head), lines = block[0], block[1:]
    if not head.startswith("@"):
        raise ValueError(f"{path}:{first}: expected '@family' as the first line of a group, found {head[:40]!r}")
    try:
        family = family_named(head[1:].strip())
    except KeyError:
        raise ValueError(f"{path}:{first}: no family {head[1:]!r}; the words are in families.py") from None
    if len(lines) < 2:
        raise ValueError(f"{path}:{first}: a group needs at least two meanings, each on its own line")
    seen: dict[str, int] = {}
    meanings = [tuple(part.strip() for part in line.split("|") if part.strip()) for _, line in lines]
    for (number, _), wordings in zip(lines, meanings, strict=True):
        for text in wordings:
            if len(text.split()) > LONGEST:
                raise ValueError(f"{path}:{number}: a wording of more than {LONGEST} words")
            if seen.setdefault(normal(text), number) != number or wordings.count(text) > 1:
                raise ValueError(f"{path}:{number}: {text!r} stands twice in its group")
    if all(len(wordings) < 2 for wordings in meanings):
        raise ValueError(f"{path}:{first}: no meaning has two wordings, so the group has no label 1")
    return Group(f"{path.name.partition('.')[0]}.{first}", family, tuple(meanings))


def _words(text: str) -> list[str]:
    return [*text.lower().split(), *text.split()]
