"""`python -m classifier_export generate`: own and composed contrast pairs, seeded; the same seed gives the same bytes."""

from pathlib import Path
from random import Random
from typing import Annotated

import typer

from classifier_export.generate.composed import composed_pairs
from classifier_export.generate.families import HELD_OUT
from classifier_export.generate.frames_file import all_frames
from classifier_export.generate.pairs import Focus, Pair, foci, normal, pairs_of
from classifier_export.generate.writer import family_counts, write_lines


def generate(
    out: Annotated[Path, typer.Option("--out", help="Folder for the pair files.")],
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same bytes.")] = 20261120,
    count: Annotated[int, typer.Option("--count", help="Training pairs aimed at, both labels together.")] = 200_000,
    evaluation: Annotated[int, typer.Option("--evaluation", help="Pairs per family and label in dev and test.")] = 200,
    composed_from: Annotated[Path | None, typer.Option("--composed-from", help="Folder with train_*.jsonl.gz to edit.")] = None,
    composed_count: Annotated[int, typer.Option("--composed-count", help="Edited pairs of real prompts aimed at.")] = 80_000,
) -> None:
    """Write own_train, own_dev and own_test (and composed_train) as JSONL.gz, and their counts."""
    pairs = own_pairs(seed, train=count, evaluation=evaluation)
    for split, members in pairs.items():
        records = [pair.record() for pair in members]
        written = write_lines(out / f"own_{split}.jsonl.gz", records)
        typer.echo(f"own_{split}: {written} pairs, {len(family_counts(records))} families")
    if composed_from is not None:
        composed = composed_pairs(composed_from, seed, count=composed_count)
        write_lines(out / "composed_train.jsonl.gz", [pair.record() for pair in composed])
        typer.echo(f"composed_train: {len(composed)} pairs")


def own_pairs(seed: int, *, train: int, evaluation: int) -> dict[str, list[Pair]]:
    """All own pairs by split. No normalised text is in two splits: evaluation goes first, train gives way."""
    taken: dict[str, str] = {}
    pairs: dict[str, list[Pair]] = {}
    frames = all_frames()
    for split in ("test", "dev", "train"):
        families = foci(frames[split])
        shares = _shares(families, train) if split == "train" else _quotas(families, evaluation)
        made = [
            pair
            for family, places in families.items()
            for pair in pairs_of(family, places, Random(f"{seed}/{split}/{family}"), per_label=shares[family])
        ]
        pairs[split] = _without_leaks(_without_conflicts(made), split, taken)
        Random(f"{seed}/{split}").shuffle(pairs[split])
    return pairs


def _shares(families: dict[str, list[Focus]], total: int) -> dict[str, int]:
    """Pairs per family and label: by the root of its places, so that wide families (intent) weigh more, not all."""
    weights = {family: len(places) ** 0.5 for family, places in families.items()}
    whole = sum(weights.values())
    return {family: int(total / 2 * weight / whole) for family, weight in weights.items()}


def _quotas(families: dict[str, list[Focus]], each: int) -> dict[str, int]:
    """The families that training never sees carry their own tables: they get twice the pairs."""
    return {family: each * (2 if family in HELD_OUT else 1) for family in families}


def _without_conflicts(pairs: list[Pair]) -> list[Pair]:
    """One pair of texts has one label: where two rules disagree, both are dropped; repeats are kept once."""
    labels: dict[tuple[str, str], set[int]] = {}
    keys = [(min(a, b), max(a, b)) for a, b in ((normal(pair.a), normal(pair.b)) for pair in pairs)]
    for key, pair in zip(keys, pairs, strict=True):
        labels.setdefault(key, set()).add(pair.label)
    kept: list[Pair] = []
    seen: set[tuple[str, str, str, str]] = set()
    for key, pair in zip(keys, pairs, strict=True):
        exact = (*key, pair.a, pair.b)
        if len(labels[key]) == 1 and exact not in seen:
            seen.add(exact)
            kept.append(pair)
    return kept


def _without_leaks(pairs: list[Pair], split: str, taken: dict[str, str]) -> list[Pair]:
    kept = [pair for pair in pairs if all(taken.get(normal(text), split) == split for text in (pair.a, pair.b))]
    for pair in kept:
        taken[normal(pair.a)] = taken[normal(pair.b)] = split
    return kept
