"""What an answer costs, by the way it takes: exact, from a cold Redis, by meaning, missed, passed by.

    python bench/latency.py [--only exact,redis,meaning,miss,bypass] [--count 4000] [--rounds 3] [--json]

Each row is held against a floor in the same run, in turns (A B A B); of each the run with the least CPU per answer
counts, because whatever else runs on the machine only ever adds. CPU is user and system time of the server's process,
its threads included. `added` is against asking the upstream directly. Server on the first core, client and upstream on
the last.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig

Row = dict[str, Any]
SYSTEM = "You are a helpful assistant of a travel agency."
STORED = "Could you please tell me what the capital city of {} is called, so that I can book a flight there?"
PARAPHRASES = (
    "Please tell me what the capital city of {} is called so that I can book a flight to it",
    "Could you tell me what the capital city of {} is called, so that I can book a flight there?",
    "Can you please tell me what the capital city of {} is called, so that I can book a flight there?",
    "Please tell me what the capital city of {} is called, so I can book a flight there.",
    "Could you please tell me how the capital city of {} is called, so that I can book a flight there?",
)
"""One for each round: a prompt asked again would find its embedding kept."""

OTHER = "Which spices belong into a traditional soup from {}, and how are they roasted before they are ground?"
NEAR = "Please tell me what the capital city of {} is called so that I can write it on a {}"
THINGS = ("postcard", "label", "poster", "ticket", "parcel", "map", "cake", "board", "box", "wall", "shirt", "cup")
WHOLE, FIRST = "whole", "first"


def row(way: str, ours: Mapping[str, Any], floor: Mapping[str, Any], name: str, *, part: str = WHOLE) -> Row:
    """One line of the table. added_p50_ms: of the answer's `part`."""
    return {
        "way": way,
        "answers": " ".join(f"{count} {detail}" for detail, count in ours["details"].items()),
        "cpu_us": ours["cpu_us"],
        "floor": name,
        "floor_cpu_us": floor["cpu_us"],
        "cpu_ratio": round(ours["cpu_us"] / floor["cpu_us"], 2) if floor["cpu_us"] else "",
        "p50_ms": ours[part]["p50"],
        "p95_ms": ours[part]["p95"],
        "p99_ms": ours[part]["p99"],
        "added_p50_ms": round(ours[part]["p50"] - floor[part]["p50"], 3),
        "rps": ours["rps"],
    }


def in_turns(rounds: int, *runs: Callable[[], Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A B A B …; of each the best."""
    seen: list[list[Mapping[str, Any]]] = [[run() for run in runs] for _ in range(rounds)]
    return [rig.best(one) for one in zip(*seen, strict=True)]


def exact(count: int, rounds: int) -> list[Row]:
    """Hits of the process's own tier over the default store, beside a dict behind bare aiohttp."""
    rows = []
    with rig.upstream() as url, rig.proxy(url) as ours, rig.floor("dict") as floor, rig.floor("answer") as bare:
        for stream, connections in ((False, 1), (False, 32), (True, 32)):
            bodies = [rig.chat(STORED.format(name), system=SYSTEM, stream=stream) for name in rig.COUNTRIES]
            rig.warmed(ours, bodies, connections=4)
            spec: dict[str, Any] = {"count": count, "connections": connections}
            mine, least, empty = in_turns(
                rounds,
                lambda b=bodies, s=spec: rig.load(ours, b, **s),
                lambda b=bodies, s=spec: rig.load(floor, b, **s),
                lambda b=bodies, s=spec: rig.load(bare, b, **s),
            )
            way = f"exact hit, {'stream' if stream else 'JSON'}, c={connections}"
            rows.append(row(way, mine, least, "dict hit") | {"bare_cpu_us": empty["cpu_us"]})
    return rows


def redis(count: int, rounds: int) -> list[Row]:
    """Each asked once after a restart: nothing in the process, everything in Redis; beside the same in bare aiohttp."""
    bodies = [rig.chat(f"What does chapter {number} of the handbook say?", system=SYSTEM) for number in range(count)]
    spec: dict[str, Any] = {"count": count - 20, "connections": 8, "seconds": 60.0}
    with rig.redis() as store, rig.upstream() as url, rig.floor("redis", store) as floor:
        with rig.proxy(url, store=store) as ours:
            rig.warmed(ours, bodies, connections=8)
        rig.load(floor, bodies, count=count, connections=8)

        def cold() -> dict[str, Any]:
            with rig.proxy(url, store=store) as ours:
                time.sleep(1.0)  # start-up work must not count
                rig.load(ours, bodies[:20], count=20)
                return rig.load(ours, bodies[20:], **spec)

        mine, least = in_turns(rounds, cold, lambda: rig.load(floor, bodies[20:], **spec))
    return [row("exact hit, cold process over Redis, c=8", mine, least, "aiohttp and redis-py")]


def meaning(rounds: int) -> list[Row]:
    """Paraphrases of what is stored, each scored anew; the floor is embedding and scorer alone, in a bare loop."""
    stored = [rig.chat(STORED.format(name), system=SYSTEM) for name in rig.COUNTRIES]
    alone = models_alone([(STORED.format(name), PARAPHRASES[0].format(name)) for name in rig.COUNTRIES])
    if alone is None:
        return []
    with rig.upstream() as url, rig.proxy(url) as ours, rig.floor("dict") as floor:
        rig.warmed(ours, stored)
        runs, floors = [], []
        for wording in PARAPHRASES[: max(2, rounds)]:
            asked = [rig.chat(wording.format(name), system=SYSTEM) for name in rig.COUNTRIES]
            runs.append(rig.load(ours, asked, count=len(asked), seconds=60.0))
            floors.append(rig.load(floor, asked, count=len(asked)))
    runs = [run for run in runs if run["details"].get("200 semantic", 0) > len(rig.COUNTRIES) // 2]
    if not runs:
        return []
    mine, least = rig.best(runs), rig.best(floors)
    line = row("semantic hit, 20 tokens, c=1", mine, least, "embedding + scorer")
    line |= {"floor_cpu_us": alone, "cpu_ratio": round(mine["cpu_us"] / alone, 2)}
    return [line]


def models_alone(pairs: Sequence[tuple[str, str]]) -> float | None:
    """CPU microseconds of one embedding and one scoring of four candidates; None without models."""
    from proxy.config.load import loads
    from proxy.core.embedding import Prompt
    from proxy.parts import open_models

    opened = open_models(loads("store: memory://\n"))
    if opened.models is None:
        return None
    embedder, scorer = opened.models.embedder, opened.models.scorer

    async def work() -> float:
        candidates = [Prompt(text, await embedder.embed(text)) for text, _ in pairs]
        least = float("inf")
        for _ in range(3):
            began = time.process_time()
            for place, (_, text) in enumerate(pairs):
                prompt = Prompt(text, await embedder.embed(text + " "))
                four = [candidates[(place + step) % len(candidates)] for step in range(4)]
                await scorer.logits(prompt, four)
            least = min(least, (time.process_time() - began) / len(pairs))
        return least * 1e6

    spent = asyncio.run(work())
    opened.close()
    return round(spent, 1)


def miss(count: int, rounds: int) -> list[Row]:
    """To the first byte of the body, against asking the upstream directly; the answers are stored behind it."""
    numbers = itertools.count()
    rows = []
    with rig.upstream() as url, rig.proxy(url) as ours:
        direct = rig.Server(ours.process, int(url.rpartition(":")[2].partition("/")[0]), 0.0, 0.0)

        def run(server: rig.Server, bodies: Iterator[str], **spec: Any) -> dict[str, Any]:
            return rig.load(server, list(itertools.islice(bodies, count)), count=count, seconds=60.0, **spec)

        def alone() -> Iterator[str]:
            for number in numbers:
                yield rig.chat(
                    OTHER.format(rig.COUNTRIES[number % len(rig.COUNTRIES)]), system=f"You are assistant {number}."
                )

        stored = [rig.chat(STORED.format(name), system=SYSTEM) for name in rig.COUNTRIES]
        rig.warmed(ours, stored)
        strict = {"headers": {"equicache-threshold": "1"}}
        near = (
            rig.chat(NEAR.format(name, thing), system=SYSTEM)
            for thing, name in itertools.cycle(itertools.product(THINGS, rig.COUNTRIES))
        )
        for way, bodies, spec in (("no candidates", alone(), {}), ("four candidates", near, strict)):
            mine, straight = in_turns(
                rounds, lambda b=bodies, s=spec: run(ours, b, **s), lambda b=bodies, s=spec: run(direct, b, **s)
            )
            rows.append(row(f"miss, {way}, c=1", mine, straight, "direct", part=FIRST) | NOT_OURS)
    return rows


def bypass(count: int, rounds: int) -> list[Row]:
    """`cache: off` beside a bare aiohttp pass-through; a stream has some twenty events."""
    rows = []
    with rig.upstream() as url, rig.proxy(url, cache="off") as ours, rig.floor("pass", url) as floor:
        direct = rig.Server(ours.process, int(url.rpartition(":")[2].partition("/")[0]), 0.0, 0.0)
        for stream in (False, True):
            for connections in (1, 16):
                bodies = [rig.chat(STORED.format(name), stream=stream) for name in rig.COUNTRIES]
                spec: dict[str, Any] = {"count": count, "connections": connections, "seconds": 60.0}
                mine, bare, straight = in_turns(
                    rounds,
                    lambda b=bodies, s=spec: rig.load(ours, b, **s),
                    lambda b=bodies, s=spec: rig.load(floor, b, **s),
                    lambda b=bodies, s=spec: rig.load(direct, b, **s),
                )
                way = f"bypass, {'stream' if stream else 'JSON'}, c={connections}"
                line = row(way, mine, bare, "bare pass-through", part=FIRST)
                line["added_p50_ms"] = round(mine[FIRST]["p50"] - straight[FIRST]["p50"], 3)
                rows.append(line)
    return rows


NOT_OURS = {"floor_cpu_us": "", "cpu_ratio": ""}
"""The direct way costs our process nothing: a ratio would mean nothing."""

NOTES = (
    "added_p50_ms: hits against their floor's whole answer; misses and bypass against the upstream asked directly, "
    "to the body's first byte.",
    "embedding + scorer: CPU of one embedding and one scoring of four candidates in a loop that does nothing else.",
)


def main() -> int:
    options = rig.arguments(__doc__, only="exact,redis,meaning,miss,bypass", count=4000)
    ways: dict[str, Callable[[], list[Row]]] = {
        "exact": lambda: exact(options.count, options.rounds),
        "redis": lambda: redis(max(200, options.count // 4), options.rounds),
        "meaning": lambda: meaning(options.rounds),
        "miss": lambda: miss(max(50, options.count // 40), options.rounds),
        "bypass": lambda: bypass(options.count // 4, options.rounds),
    }
    rows: list[Row] = []
    notes = list(NOTES)
    for name in options.only.split(","):
        try:
            found = ways[name]()
        except FileNotFoundError as missing:
            notes.append(f"{name}: not measured, {missing}")
            continue
        rows += found
        if not found:
            notes.append(f"{name}: not measured, the semantic tier is off or nothing hit")
    rig.report("Latency and CPU by way", rows, notes, as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
