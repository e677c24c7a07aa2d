"""A sentence beside the question: facts and instructions that ask for another answer, and chatter that changes nothing.

"I am on blood thinners. What is the recommended dose of paracetamol?" was served the general answer: training had seen
sentences in front of questions only where they were courtesies. `additions.tsv` lists facts, instructions and
courtesies, each in several wordings, written by hand; here they are joined to the wordings of written groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from random import Random

from classifier_export.generate.pairs import Pair, normal
from classifier_export.generate.written import Group

FILE = Path(__file__).with_name("additions.tsv")
KINDS = ("instruction", "fact", "harmless")
PLACES = ("front", "behind")

RECIPES = {
    "absent": 0.30,
    "other": 0.14,
    "same": 0.20,
    "harmless": 0.24,
    "harmless_other": 0.12,
}
"""absent: plain against added (0). other: two additions (0). same: one addition, worded twice (1). harmless: courtesies
on one side or both (1). harmless_other: the same over two meanings of the group (0)."""


@dataclass(frozen=True, slots=True)
class Addition:
    """wordings: all say the same. place: where they stand."""

    kind: str
    place: str
    wordings: tuple[str, ...]


@lru_cache(maxsize=1)
def all_additions(path: Path = FILE) -> tuple[Addition, ...]:
    """Raises ValueError with file and line for a line that is none."""
    return tuple(
        _addition(path, number, line)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    )


def added_pairs(groups: Sequence[Group], rng: Random, *, count: int, split: str) -> Iterator[Pair]:
    """`count` pairs, of which about half are label 1; a pair whose sides fold to one text is left out."""
    able = [group for group in groups if any(len(wordings) > 1 for wordings in group.meanings)]
    names, weights = list(RECIPES), list(RECIPES.values())
    for _ in range(count):
        group, recipe = rng.choice(able), rng.choices(names, weights)[0]
        a, b, label = _sides(rng, group, recipe)
        if rng.random() < 0.5:
            a, b = b, a
        if normal(a) != normal(b):
            yield Pair(a, b, label, "written", f"written:setting/{group.name}.{recipe}", split)


def _sides(rng: Random, group: Group, recipe: str) -> tuple[str, str, int]:
    wordings = rng.choice([each for each in group.meanings if len(each) > 1])
    one, two = rng.sample(wordings, 2)
    match recipe:
        case "absent":
            plain = one if rng.random() < 0.6 else two
            return _courteous(rng, plain, 0.15), _joined(rng, _drawn(rng, "instruction", "fact"), one), 0
        case "other":
            kind = rng.choice(("instruction", "fact"))
            first, second = (_drawn(rng, kind) for _ in range(2))
            label = 1 if first == second else 0
            return _joined(rng, first, one), _joined(rng, second, one if rng.random() < 0.6 else two), label
        case "same":
            addition = _drawn(rng, "instruction", "fact")
            return _joined(rng, addition, one), _courteous(rng, _joined(rng, addition, two), 0.2), 1
        case "harmless":
            other = two if rng.random() < 0.6 else one
            return _courteous(rng, one, 0.3), _joined(rng, _drawn(rng, "harmless"), other), 1
        case _:
            meanings = rng.sample(group.meanings, 2)
            a, b = (rng.choice(meaning) for meaning in meanings)
            return _courteous(rng, a, 0.3), _joined(rng, _drawn(rng, "harmless"), b), 0


def _drawn(rng: Random, *kinds: str) -> Addition:
    kind = rng.choice(kinds)
    return rng.choice(_of_kind(kind))


@cache
def _of_kind(kind: str) -> list[Addition]:
    return [addition for addition in all_additions() if addition.kind == kind]


def _courteous(rng: Random, text: str, share: float) -> str:
    return _joined(rng, _drawn(rng, "harmless"), text) if rng.random() < share else text


def _joined(rng: Random, addition: Addition, text: str) -> str:
    """`In French: who wrote Hamlet?`, `Who wrote Hamlet? Answer in French.`"""
    part = rng.choice(addition.wordings)
    if addition.place == "behind":
        needs_stop = part[:1].isupper() and text[-1:] not in ".?!"
        return f"{text}{'.' if needs_stop else ''} {part}"
    keeps = rng.random() < 0.5 or part[-1:] in ".!?" or text[:2].isupper() or text[:2] in ("I ", "I'")
    return f"{part} {text if keeps else text[:1].lower() + text[1:]}"


def _addition(path: Path, number: int, line: str) -> Addition:
    kind, _, rest = line.partition("\t")
    place, _, wordings = rest.partition("\t")
    parts = tuple(part.strip() for part in wordings.split(" | ") if part.strip())
    if kind not in KINDS or place not in PLACES or not parts:
        raise ValueError(f"{path}:{number}: expected KIND, PLACE and wordings, found {line[:60]!r}")
    return Addition(kind, place, parts)
