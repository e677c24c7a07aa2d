"""Edits of real prompts: real style, texts that are not ours. What is made here stays outside the project (R30)."""

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import orjson

from classifier_export.generate.harmless import disturbed
from classifier_export.generate.pairs import Pair, normal
from classifier_export.generate.prompt_edits import Rule, harmless_rules, known_words, meaning_rules

# Statements, and spoken self-corrections, where an edit may fall on the words that are taken back.
_NOT_EDITED = ("mrpc", "sick", "protaugment:paws", "protaugment:msr", "disfl_qa")
_EVALUATION_FILES = ("dev_pairs", "stream_qqp_dev", "stream_intent_dev")


@dataclass(frozen=True)
class Real:
    """A labelled pair of the supplied data."""

    a: str
    b: str
    label: int
    origin: str


def composed_pairs(folder: Path, seed: int, *, count: int) -> list[Pair]:
    """About `count` pairs made of the training texts in `folder`; none of them holds a text of its evaluation files."""
    banned = {normal(text) for name in _EVALUATION_FILES for text in _texts(folder / f"{name}.jsonl.gz")}
    real = [pair for pair in _real_pairs(folder) if normal(pair.a) not in banned and normal(pair.b) not in banned]
    rng = Random(f"{seed}/composed")
    rng.shuffle(real)
    made = [pair for pair in _made(real, rng, count) if not {normal(pair.a), normal(pair.b)} & banned]
    return _one_label(made)


def _made(real: list[Real], rng: Random, count: int) -> Iterator[Pair]:
    """Each real pair is edited once; a rule that has had its share steps back for the others."""
    cap = Counter[str]()
    ceiling = max(200, count // 14)
    made = 0
    meaning, harmless = meaning_rules(), harmless_rules()
    for pair in real * 2:
        if made >= count:
            return
        for found in (_changed(pair, meaning, rng, cap, ceiling), _kept(pair, harmless, rng, cap, ceiling)):
            if found is not None:
                made += 1
                yield found


def _changed(pair: Real, rules: tuple[Rule, ...], rng: Random, cap: Counter[str], ceiling: int) -> Pair | None:
    """Label 0. A true paraphrase, edited on one side, differs in words *and* meaning: the realistic near-miss."""
    for rule in rng.sample(rules, len(rules)):
        if cap[rule.family + "0"] >= ceiling:
            continue
        edited = rule.edit(rng, pair.b)
        if edited is None or normal(edited) in {normal(pair.b), normal(pair.a)}:
            continue
        across = pair.label == 1 and rng.random() < 0.6 and _shares(pair, edited)
        one = pair.a if across else pair.b
        if rng.random() < 0.3:
            edited, _ = disturbed(rng, edited, _altered(pair.b, edited), train=True)
        cap[rule.family + "0"] += 1
        return _pair(one, edited, 0, f"{rule.family}/{rule.name}{'+across' if across else ''}@{pair.origin}", rng)
    return None


def _kept(pair: Real, rules: tuple[Rule, ...], rng: Random, cap: Counter[str], ceiling: int) -> Pair | None:
    """Label 1: a rewriting rule where one applies, else a harmless edit, on one text or across a true paraphrase."""
    for rule in rng.sample(rules, len(rules)):
        edited = rule.edit(rng, pair.b)
        if edited is not None and cap[rule.family + rule.name] < ceiling and edited != pair.b:
            cap[rule.family + rule.name] += 1
            return _pair(pair.b, edited, 1, f"{rule.family}/{rule.name}@{pair.origin}", rng)
    if cap["harmless"] >= ceiling * 5:
        return None
    edited, names = disturbed(rng, pair.b, frozenset(), train=True, edits=rng.choice((1, 2, 2)))
    if not names:
        return None
    cap["harmless"] += 1
    across = pair.label == 1 and rng.random() < 0.4
    return _pair(
        pair.a if across else pair.b, edited, 1, f"harmless/{names}{'+across' if across else ''}@{pair.origin}", rng
    )


def _shares(pair: Real, edited: str) -> bool:
    """The words that the edit took from `b` are in `a` too: only then is the edit a difference to `a`."""
    lost = set(pair.b.lower().split()) - set(edited.lower().split())
    return bool(lost) and lost <= set(pair.a.lower().split())


def _altered(before: str, after: str) -> frozenset[str]:
    return frozenset(set(after.split()) - set(before.split())) | frozenset(
        set(after.lower().split()) - set(before.lower().split())
    )


def _pair(a: str, b: str, label: int, rule: str, rng: Random) -> Pair | None:
    if normal(a) == normal(b) and label == 0:
        return None
    a, b = (a, b) if rng.random() < 0.5 else (b, a)
    return Pair(a, b, label, "mixed", f"composed:{rule}", "train")


def _one_label(pairs: Iterable[Pair]) -> list[Pair]:
    labels: dict[frozenset[str], int] = {}
    kept = []
    for pair in pairs:
        key = frozenset((normal(pair.a), normal(pair.b)))
        if labels.setdefault(key, pair.label) == pair.label:
            kept.append(pair)
    return kept


def _real_pairs(folder: Path) -> Iterator[Real]:
    for row in _rows(folder / "train_pairs.jsonl.gz"):
        source = str(row["source"])
        if source.startswith(_NOT_EDITED):
            continue
        a, b = str(row["a"]), str(row["b"])
        if all(12 <= len(text) <= 200 and known_words(text) >= 3 for text in (a, b)):
            yield Real(a, b, int(str(row["label"])), source.split("|")[0].split(":")[0])


def _texts(path: Path) -> Iterator[str]:
    for row in _rows(path):
        yield from (str(row[field]) for field in ("a", "b", "prompt") if field in row)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    if path.exists():
        with gzip.open(path, "rb") as lines:
            for line in lines:
                yield orjson.loads(line)
