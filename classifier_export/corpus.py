"""What the scorer learns from: which pairs of which source, how much each weighs, and what is held out.

Every choice here answers a trap that was measured: see the rulings R27, R30, R31 and EXPERIMENTS.md.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classifier_export.pairs import Pair, normalised, read_lines, read_pairs, texts_of, without_texts
from classifier_export.readings import PREFIX, readings

OWN_SOURCES = ("own", "written")
CLEAN_SOURCES = (*OWN_SOURCES, "smartmemo_v2", "disfl_qa", "rqe", "banking77", "clinc150", "bitext_cs")
"""Sources whose licence allows what we do without asking (R30); PAWS-Wiki positives are not told apart in the data."""

CLEAN_READINGS = tuple(f"{PREFIX}:{corpus}" for corpus in ("banking", "intent", "medical", "machine"))
"""Corpora of readings whose texts come from clean sources; `question` is Quora."""

PARAPHRASE_CAP = 20_000
PAWS_CAP = 4_000
"""Positives only, 36,465 from Quora and 28,280 from PAWS: all of them would teach that overlap means equal."""

SOURCE_CAPS = {
    "qqp_gptcache80k": 42_000,
    "qqp_semantic_sae_eval": 4_000,
    "disfl_qa": 5_000,
    "disfl_qa_mined_neg": 4_000,
    "mrpc": 1_200,
}
"""What a training of half an hour on one core has room for, so that contrast pairs keep their weight."""

INTENTS = ("banking77", "clinc150", "bitext_cs")
LOOSE = ("mrpc", "sick", "rqe")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a training set is put together. held_families: own families left out whole, for development.
    edits: with the supplied edits by rule, which a network knows by heart after two epochs (AUC .999). readings: with
    the pairs that readers judged."""

    seed: int = 0
    clean_only: bool = False
    held_families: tuple[str, ...] = ()
    paraphrase_cap: int = PARAPHRASE_CAP
    edits: bool = True
    readings: bool = True


def family_of(source: str) -> str:
    """`own:unit/it.file_limit.sz+reworded` → `unit`; other sources up to the first colon."""
    head, _, tail = source.partition(":")
    return tail.split("/")[0] if head in ("own", "written", "composed") else head


def training_pairs(folder: Path, generated: Sequence[Path], recipe: Recipe) -> list[Pair]:
    """All training pairs, weighted, without any text of dev, streams or held families."""
    forbidden = held_out_texts(folder)
    own = [pair for path in generated for pair in read_pairs(path)]
    held = [pair for pair in own if family_of(pair.source) in recipe.held_families]
    forbidden |= texts_of(held)
    if recipe.clean_only:
        own = [pair for pair in own if pair.source.startswith(OWN_SOURCES)]
    supplied = supplied_pairs(folder, recipe)
    own = [pair for pair in own if family_of(pair.source) not in recipe.held_families]
    read = _read(folder, recipe) if recipe.readings else []
    judged = {_sides(pair) for pair in read}
    others = [pair for pair in (*supplied, *own) if _sides(pair) not in judged]
    weighted = [replace(pair, weight=weight_of(pair)) for pair in (*others, *read)]
    return _distinct(without_texts((pair for pair in weighted if pair.weight > 0), forbidden))


def _read(folder: Path, recipe: Recipe) -> list[Pair]:
    """What readers said of supplied texts; it stands where a corpus labels the same pair."""
    texts = (text for pair in read_pairs(folder / "train_pairs.jsonl.gz") for text in (pair.a, pair.b))
    return [pair for pair in readings(texts) if not recipe.clean_only or is_clean(pair.source)]


def supplied_pairs(folder: Path, recipe: Recipe) -> list[Pair]:
    """What training takes from the supplied files: a seeded sample of each source, as large as its cap."""
    names = ("train_pairs", "train_edits") if recipe.edits else ("train_pairs",)
    pairs = [pair for name in names for pair in read_pairs(folder / f"{name}.jsonl.gz")]
    return _capped((pair for pair in pairs if not recipe.clean_only or is_clean(pair.source)), recipe)


EXAM = Path(__file__).parent / "suite" / "written"
"""Groups by another hand, which only judge."""


def exam_texts() -> set[str]:
    """Normalised wordings of the written exam, both halves.

    Read apart from `generate.written`, which needs the vocabularies of the `train` extra; a test holds both equal.
    """
    lines = [line for path in EXAM.glob("*.txt") for line in path.read_text(encoding="utf-8").splitlines()]
    return {normalised(part) for line in lines if line[:1] not in "@#" for part in line.split("|")}


def held_out_texts(folder: Path) -> set[str]:
    """Normalised texts of dev, both streams and the written exam."""
    streams = ("stream_qqp_dev", "stream_intent_dev")
    prompts = {normalised(str(row["prompt"])) for name in streams for row in read_lines(folder / f"{name}.jsonl.gz")}
    return prompts | texts_of(read_pairs(folder / "dev_pairs.jsonl.gz")) | exam_texts()


def is_clean(source: str) -> bool:
    """Edits carry the source of the text they were made from (`synth:negate:base=rqe`)."""
    base = source.rpartition("base=")[2] if source.startswith("synth") else source
    return base.startswith((*CLEAN_SOURCES, *CLEAN_READINGS))


def weight_of(pair: Pair) -> float:
    """How much a pair of this source and label counts (R27 and the data's README)."""
    source = pair.source
    if source.startswith(PREFIX):
        return 1.5
    if source.startswith(INTENTS):
        return 0.8 if pair.label else 1.0
    if source.startswith("written"):
        return 1.0  # twice that as long as there were fewer than half of ten thousand groups
    if source == "qqp:near":
        return 1.0 if pair.label else 0.6
    if source.startswith(LOOSE):
        return 0.3 if pair.label else 1.0
    return 1.0


def smoothing_of(source: str) -> float:
    """Labels of Quora pairs are loose, readers err now and then: towards one half by this share."""
    if source.startswith(PREFIX):
        return 0.04
    return 0.10 if source.startswith(("qqp", "protaugment")) else 0.02


def _capped(pairs: Iterable[Pair], recipe: Recipe) -> list[Pair]:
    rng = random.Random(recipe.seed)
    caps = {"protaugment:quora": recipe.paraphrase_cap, "protaugment:paws_wiki": PAWS_CAP, **SOURCE_CAPS}
    shuffled = list(pairs)
    rng.shuffle(shuffled)
    kept: list[Pair] = []
    for pair in shuffled:
        caps[pair.source] = caps.get(pair.source, len(shuffled)) - 1
        if caps[pair.source] >= 0:
            kept.append(pair)
    return kept


def _distinct(pairs: Iterable[Pair]) -> list[Pair]:
    """One of each unordered pair of normalised texts; pairs whose labels contradict each other are dropped."""
    first: dict[tuple[str, ...], Pair] = {}
    contradicted: set[tuple[str, ...]] = set()
    for pair in pairs:
        key = _sides(pair)
        known = first.setdefault(key, pair)
        if known.label != pair.label:
            contradicted.add(key)
    return [pair for key, pair in first.items() if key not in contradicted and pair.a != pair.b]


def _sides(pair: Pair) -> tuple[str, ...]:
    return tuple(sorted((pair.a, pair.b)))
