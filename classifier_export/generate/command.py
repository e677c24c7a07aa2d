"""`python -m classifier_export generate`: own and composed contrast pairs; the same seed gives the same bytes."""

from pathlib import Path
from random import Random
from typing import Annotated

import typer

from classifier_export.corpus import EXAM, exam_texts
from classifier_export.generate.additions import added_pairs
from classifier_export.generate.composed import composed_pairs
from classifier_export.generate.families import HELD_OUT
from classifier_export.generate.frames_file import all_frames
from classifier_export.generate.pairs import Focus, Pair, foci, normal, pairs_of
from classifier_export.generate.stream import own_stream
from classifier_export.generate.writer import family_counts, write_lines
from classifier_export.generate.written import all_groups, pairs_of_group
from classifier_export.pairs import normalised

_STREAM_REQUESTS, _STREAM_CLASSES = 4500, 1100
WRITTEN_PER_LABEL = 30
"""Pairs of each label that one written group gives at most."""

ADDED = 44_000
"""Pairs of additions to written wordings."""


def generate(
    out: Annotated[Path, typer.Option("--out", help="Folder for the pair files.")],
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same bytes.")] = 20261120,
    count: Annotated[int, typer.Option("--count", help="Training pairs aimed at, both labels together.")] = 200_000,
    evaluation: Annotated[int, typer.Option("--evaluation", help="Pairs per family and label in dev and test.")] = 200,
    published: Annotated[
        int, typer.Option("--published", help="Pairs per family and label in the published suite.")
    ] = 24,
    composed_from: Annotated[
        Path | None, typer.Option("--composed-from", help="Folder with train_*.jsonl.gz to edit.")
    ] = None,
    composed_count: Annotated[
        int, typer.Option("--composed-count", help="Edited pairs of real prompts aimed at.")
    ] = 80_000,
) -> None:
    """Write own_{train,dev,test,suite,written,exam_*,stream} (and composed_train) as JSONL.gz, and say how many."""
    pairs = own_pairs(seed, train=count, evaluation=evaluation)
    pairs["suite"] = suite_pairs(seed, pairs["test"], per_label=published)
    pairs["written"] = written_pairs(seed, pairs)
    pairs |= exam_pairs(seed)
    for name, members in pairs.items():
        records = [pair.record() for pair in members]
        written = write_lines(out / f"own_{name}.jsonl.gz", records)
        typer.echo(f"own_{name}: {written} pairs, {len(family_counts(records))} families")
    requests = write_lines(out / "own_stream.jsonl.gz", stream_of(seed, pairs))
    typer.echo(f"own_stream: {requests} requests")
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
        pairs[split] = without_leaks(without_conflicts(made), split, taken)
        Random(f"{seed}/{split}").shuffle(pairs[split])
    return pairs


def written_pairs(seed: int, pairs: dict[str, list[Pair]]) -> list[Pair]:
    """Training pairs of the groups written by hand, and of additions to their wordings; without any text of the
    evaluation splits or the written exam."""
    groups = all_groups()
    made = [
        pair
        for group in groups
        for pair in pairs_of_group(
            group, Random(f"{seed}/{group.name}"), per_label=WRITTEN_PER_LABEL, split="train", disturb=True
        )
    ]
    made += added_pairs(groups, Random(f"{seed}/added"), count=ADDED, split="train")
    judged = {
        normalised(text)
        for name in ("test", "dev", "suite")
        for pair in pairs.get(name, [])
        for text in (pair.a, pair.b)
    }
    judged |= exam_texts()
    return [pair for pair in without_conflicts(made) if not {normalised(pair.a), normalised(pair.b)} & judged]


def exam_pairs(seed: int) -> dict[str, list[Pair]]:
    """The written exam by split; no text of `exam_test` is in `exam_dev`."""
    splits: dict[str, list[Pair]] = {}
    taken: dict[str, str] = {}
    for split in ("exam_test", "exam_dev"):
        made = [
            pair
            for group in all_groups(EXAM)
            if group.name.startswith(split)
            for pair in pairs_of_group(group, Random(f"{seed}/{group.name}"), per_label=12, split=split, disturb=False)
        ]
        splits[split] = without_leaks(without_conflicts(made), split, taken)
    return splits


def suite_pairs(seed: int, frozen: list[Pair], *, per_label: int) -> list[Pair]:
    """The suite for others: the test frames again with another seed, without any text of the frozen pairs."""
    taken = {normal(text) for pair in frozen for text in (pair.a, pair.b)}
    families = foci(all_frames()["test"])
    chosen: list[Pair] = []
    for family, places in families.items():
        rng = Random(f"{seed}/suite/{family}")
        fresh = [pair for pair in pairs_of(family, places, rng, per_label=per_label * 4) if not _texts_of(pair) & taken]
        for label in (0, 1):
            chosen += [pair for pair in fresh if pair.label == label][:per_label]
    return without_conflicts(chosen)


def stream_of(seed: int, pairs: dict[str, list[Pair]]) -> list[dict[str, object]]:
    """The replay set: dev and test frames, texts of their own."""
    frames = all_frames()
    banned = {text for members in pairs.values() for pair in members for text in _texts_of(pair)}
    return own_stream(
        frames["dev"] + frames["test"], seed, requests=_STREAM_REQUESTS, classes=_STREAM_CLASSES, banned=banned
    )


def _texts_of(pair: Pair) -> set[str]:
    return {normal(pair.a), normal(pair.b)}


def _shares(families: dict[str, list[Focus]], total: int) -> dict[str, int]:
    """Pairs per family and label: by the root of its places, so that wide families (intent) weigh more, not all."""
    weights = {family: len(places) ** 0.5 for family, places in families.items()}
    whole = sum(weights.values())
    return {family: max(1, int(total / 2 * weight / whole)) for family, weight in weights.items()}


def _quotas(families: dict[str, list[Focus]], each: int) -> dict[str, int]:
    """The families that training never sees carry their own tables: they get twice the pairs."""
    return {family: each * (2 if family in HELD_OUT else 1) for family in families}


def without_conflicts(pairs: list[Pair]) -> list[Pair]:
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


def without_leaks(pairs: list[Pair], split: str, taken: dict[str, str]) -> list[Pair]:
    """Pairs none of whose texts another split has; `taken` (normalised text → split) learns the texts that stay."""
    kept = [pair for pair in pairs if all(taken.get(text, split) == split for text in _texts_of(pair))]
    for pair in kept:
        taken.update(dict.fromkeys(_texts_of(pair), split))
    return kept
