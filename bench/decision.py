"""How long one decision takes on one core: tokenise, embed, search, features, score. Cosine alone beside it.

    python -m bench.decision [--json] [--rounds 300] [--entries 10000] [--scorer FOLDER]

Every prompt and every candidate is new to the scorer, so nothing is remembered from an earlier round: in service,
candidates that come back are cheaper. A and B alternate in each round. Prints p50 and p95 in milliseconds; the `_cpu`
rows are CPU time of the process, which other load on the machine does not stretch.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TypedDict

import numpy as np

from bench import rig
from proxy.backends.artefact import MODELS, read_artefact
from proxy.backends.embedder_onnx import OnnxEmbedder, load_embedder
from proxy.backends.index_scoped import ScopedIndex
from proxy.backends.inference import InferenceThread
from proxy.backends.scorer_onnx import OnnxPairScorer
from proxy.core.embedding import VECTOR_DIM, Prompt
from proxy.core.entry import EntryRef


class Report(TypedDict):
    """What is printed; stages_ms: stage → {"p50", "p95"}."""

    machine: dict[str, str]
    setting: dict[str, float]
    stages_ms: dict[str, dict[str, float]]


K = 4
SCOPE = bytes(32)
TARGET_MS = {"p50": 5.0, "p95": 7.0}

ACTS = (
    "repair a dripping tap",
    "plan a week of meals",
    "tune an old bicycle",
    "sort a box of photographs",
    "file an expense claim",
    "train for a half marathon",
    "grow tomatoes on a balcony",
    "restore a deleted folder",
    "translate a rental contract",
    "compare two savings accounts",
)
CONDITIONS = (
    "the shop is closed on Sunday",
    "the weather turns cold in May",
    "my colleague is away until Friday",
    "the budget is below 80 euros",
    "nobody else in the house helps",
    "the manual is written in Danish",
)
MEANS = ("a small kit of tools", "one free hour a day", "a slow laptop", "two weeks of notice", "no car of my own")
PHRASINGS = (
    "How do I {act} when {condition} with {means}?",
    "I have {means} and {condition}: how can I {act}?",
    "What is the way to {act} with {means} if {condition}?",
    "Explain how to {act} while {condition}, using {means}.",
    "If {condition}, how would I {act} with {means}?",
)


def groups(rounds: int) -> list[list[str]]:
    """`rounds` groups of five wordings of one question, about 20 word pieces each."""
    grid = list(itertools.product(ACTS, CONDITIONS, MEANS))
    random.Random(7).shuffle(grid)
    if rounds > len(grid):
        raise SystemExit(f"at most {len(grid)} rounds")
    return [[p.format(act=a, condition=c, means=m) for p in PHRASINGS] for a, c, m in grid[:rounds]]


async def main() -> int:
    """Measures and prints; 1 when the target is missed (only meaningful on a quiet machine)."""
    args = _arguments()
    core = max(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else None
    if core is not None:
        os.sched_setaffinity(0, {core})
    thread = InferenceThread()
    embedder = load_embedder(thread=thread)
    scorer = OnnxPairScorer(read_artefact(args.scorer, "scorer"), embedder.digest, thread)
    asked = groups(args.rounds)
    index, prompts = await _filled_index(embedder, asked, args.entries)
    samples: dict[str, list[float]] = defaultdict(list)
    for i, (text, *_) in enumerate(asked):
        for name, taken in (await _one_round(i, text, embedder, scorer, index, prompts)).items():
            samples[name].append(taken)
    await index.close()
    thread.close()
    report = _report(samples, embedder, scorer, args)
    print(json.dumps(report, indent=2) if args.json else _table(report))
    total = report["stages_ms"]["total"]
    return 0 if all(total[name] <= limit for name, limit in TARGET_MS.items()) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--scorer", type=Path, default=MODELS / "equivalence", help="another scorer's folder")
    return parser.parse_args()


async def _filled_index(
    embedder: OnnxEmbedder, asked: list[list[str]], entries: int
) -> tuple[ScopedIndex, dict[bytes, Prompt]]:
    """The four other wordings of every question, among random vectors up to `entries`."""
    index, prompts = ScopedIndex(), {}
    for i, (_, *others) in enumerate(asked):
        for j, text in enumerate(others):
            ref = EntryRef(bytes([0, j]) + i.to_bytes(14, "big"), SCOPE)
            prompts[ref.id] = Prompt(text, embedder.encode(text))
            await index.add(ref, prompts[ref.id].embedding.vector)
    rng = np.random.default_rng(7)
    for i in range(max(entries - len(prompts), 0)):
        vector = rng.standard_normal(VECTOR_DIM).astype(np.float32)
        await index.add(EntryRef(bytes([1]) + i.to_bytes(15, "big"), SCOPE), vector / np.linalg.norm(vector))
    await index.settled()
    return index, prompts


async def _one_round(
    i: int, text: str, embedder: OnnxEmbedder, scorer: OnnxPairScorer, index: ScopedIndex, prompts: dict[bytes, Prompt]
) -> dict[str, float]:
    """Milliseconds by stage; which of the two whole decisions goes first alternates."""
    taken: dict[str, float] = {}
    plan = [("total", True), ("cosine_only", False)]
    for name, scored in plan if i % 2 else plan[::-1]:
        began, began_cpu = time.perf_counter(), time.process_time()
        embedding = await embedder.embed(text)
        neighbours = await index.search(SCOPE, embedding.vector, K)
        if scored:
            await scorer.logits(Prompt(text, embedding), [prompts[n.id] for n in neighbours if n.id in prompts])
        taken[name] = (time.perf_counter() - began) * 1000
        taken[f"{name}_cpu"] = (time.process_time() - began_cpu) * 1000
    scorer.forget()  # or the stages would find the texts already taken apart
    taken |= await _stages(text, embedder, scorer, index, prompts)
    return taken


async def _stages(
    text: str, embedder: OnnxEmbedder, scorer: OnnxPairScorer, index: ScopedIndex, prompts: dict[bytes, Prompt]
) -> dict[str, float]:
    marks = [time.perf_counter()]
    embedder.token_ids(text)
    marks.append(time.perf_counter())
    embedding = embedder.encode(text)
    marks.append(time.perf_counter())
    neighbours = await index.search(SCOPE, embedding.vector, K)
    marks.append(time.perf_counter())
    candidates = [prompts[n.id] for n in neighbours if n.id in prompts]
    inputs = list(scorer.inputs(Prompt(text, embedding), candidates))
    marks.append(time.perf_counter())
    for one in inputs:
        scorer.run(one)
    marks.append(time.perf_counter())
    names = ("tokenise", "embed", "search", "features", "score")
    return {name: (after - before) * 1000 for name, before, after in zip(names, marks, marks[1:], strict=False)}


def _report(
    samples: dict[str, list[float]], embedder: OnnxEmbedder, scorer: OnnxPairScorer, args: argparse.Namespace
) -> Report:
    lengths = [len(embedder.token_ids(group[0])) for group in groups(args.rounds)]
    stages = {
        name: {f"p{q}": round(float(np.percentile(values, q)), 3) for q in (50, 95)} for name, values in samples.items()
    }
    setting = {"rounds": args.rounds, "entries": args.entries, "k": K, "tokens_median": float(np.median(lengths))}
    return Report(machine=_machine(embedder, scorer), setting=setting, stages_ms=stages)


def _machine(embedder: OnnxEmbedder, scorer: OnnxPairScorer) -> dict[str, str]:
    return {**rig.machine(), "embedder": embedder.digest[:12], "scorer": scorer.digest[:12]}


ORDER = ("tokenise", "embed", "search", "features", "score", "total", "cosine_only", "total_cpu", "cosine_only_cpu")


def _table(report: Report) -> str:
    head = [f"{name}: {value}" for name, value in (report["machine"] | report["setting"]).items()]
    stages = report["stages_ms"]
    rows = [f"{name:<16} {stages[name]['p50']:>8.2f} {stages[name]['p95']:>8.2f}" for name in ORDER]
    ratio = stages["total"]["p50"] / stages["cosine_only"]["p50"]
    last = f"scored decision / cosine alone at p50: {ratio:.2f}; target p50 {TARGET_MS['p50']}, p95 {TARGET_MS['p95']}"
    return "\n".join([*head, "", f"{'ms':<16} {'p50':>8} {'p95':>8}", *rows, "", last])


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
