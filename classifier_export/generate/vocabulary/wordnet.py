"""Reads the WordNet 3.0 database files of Debian's `wordnet-base` (wndb(5)); no other package needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import IO

ROOT = Path("/usr/share/wordnet")
_COMMON = Path(__file__).with_name("common_words.txt")


@dataclass(frozen=True)
class Synset:
    offset: str
    lemmas: tuple[str, ...]
    pointers: tuple[tuple[str, str, str], ...]  # (symbol, offset, source/target hex)
    gloss: str


@cache
def common_ranks() -> dict[str, int]:
    """Whole words of the embedder's vocabulary in its order, which follows frequency in English text."""
    return {word: rank for rank, word in enumerate(_COMMON.read_text().split())}


def is_common(phrase: str, limit: int = 20000) -> bool:
    ranks = common_ranks()
    return all(ranks.get(word, limit) < limit for word in phrase.lower().replace("-", " ").split())


@cache
def synsets(part: str) -> dict[str, Synset]:
    """Every synset of `noun`, `verb`, `adj` or `adv` by its offset."""
    with _open(f"data.{part}") as lines:
        return {found.offset: found for line in lines if line[0] != " " and (found := _parsed(line))}


@cache
def senses(part: str) -> dict[str, list[str]]:
    """Lemma → offsets, most frequent sense first."""
    table: dict[str, list[str]] = {}
    with _open(f"index.{part}") as lines:
        for line in lines:
            if line[0] == " ":
                continue
            fields = line.split()
            table[fields[0].replace("_", " ")] = fields[-int(fields[2]) :]
    return table


@cache
def tagged() -> frozenset[str]:
    """Nouns that occur in WordNet's sense-tagged texts."""
    with _open("index.noun") as lines:
        rows = (line.split() for line in lines if line[0] != " ")
        return frozenset(fields[0].replace("_", " ") for fields in rows if int(fields[-int(fields[2]) - 1]) > 0)


@lru_cache(maxsize=4096)
def below(part: str, root: str, *, instances: bool = False) -> tuple[Synset, ...]:
    """All synsets under the synset that holds `root` ('lemma' or 'lemma#2' for its second sense), in file order."""
    lemma, _, number = root.partition("#")
    table, start = synsets(part), senses(part)[lemma][int(number or 1) - 1]
    todo, seen = [start], {start}
    while todo:
        for symbol, offset, _ in table[todo.pop()].pointers:
            if symbol in {"~", "~i"} and offset not in seen:
                seen.add(offset)
                todo.append(offset)
    wanted = {offset for offset in seen if offset != start and (not instances or _is_instance(table[offset]))}
    return tuple(table[offset] for offset in sorted(wanted))


def parent_of(synset: Synset) -> str:
    """The offset of the first hypernym, or ''."""
    return next((offset for symbol, offset, _ in synset.pointers if symbol in {"@", "@i"}), "")


def antonyms(part: str) -> Iterator[tuple[str, str, Synset, Synset]]:
    """(word, opposite, synset, opposite's synset) for each lexical antonym pointer."""
    table = synsets(part)
    for synset in table.values():
        for symbol, offset, ends in synset.pointers:
            if symbol != "!" or offset not in table:
                continue
            source, target = int(ends[:2], 16), int(ends[2:], 16)
            if source and target:
                yield synset.lemmas[source - 1], table[offset].lemmas[target - 1], synset, table[offset]


def _is_instance(synset: Synset) -> bool:
    return any(symbol == "@i" for symbol, _, _ in synset.pointers)


def _parsed(line: str) -> Synset | None:
    data, _, gloss = line.partition("|")
    fields = data.split()
    count = int(fields[3], 16)
    lemmas = tuple(fields[4 + 2 * i].split("(")[0].replace("_", " ") for i in range(count))
    at = 4 + 2 * count
    pointers = tuple(
        (fields[at + 1 + 4 * i], fields[at + 2 + 4 * i], fields[at + 4 + 4 * i])
        for i in range(int(fields[at]))
        if len(fields) > at + 4 + 4 * i
    )
    return Synset(fields[0], lemmas, pointers, gloss.strip())


def _open(name: str) -> IO[str]:
    return (ROOT / name).open(encoding="utf-8")
