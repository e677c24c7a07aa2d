"""How cost grows with length: exact hits by the request's (the dict behind bare aiohttp beside), decisions by tokens.

    python -m bench.growth [--lengths 200,2000,20000,60000] [--tokens 8,16,120] [--count 2000] [--json]

Decisions are the models alone, in a loop: CPU of one embedding, and of scoring four candidates as long as the prompt.
How search, insert and memory grow with entries and scopes is `bench/index.py`; with workers, `bench/workers.py`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig
from proxy.config.load import loads
from proxy.core.embedding import Prompt
from proxy.parts import open_models

ASKED = 20


def measure(lengths: list[int], count: int, rounds: int) -> list[dict[str, Any]]:
    rows = []
    with rig.upstream() as url, rig.proxy(url) as ours, rig.floor("dict") as floor:
        for length in lengths:
            text = "All the rules of the house, one after the other. " * (length // 49 + 1)
            bodies = [
                rig.chat(f"What is the capital city of {name}?", system=text[:length]) for name in rig.COUNTRIES[:ASKED]
            ]
            rig.warmed(ours, bodies, connections=2)
            spec: dict[str, Any] = {"connections": 16, "count": count, "seconds": 30.0}
            runs = [(rig.load(ours, bodies, **spec), rig.load(floor, bodies, **spec)) for _ in range(rounds)]
            mine, least = (rig.best(column) for column in zip(*runs, strict=True))
            rows.append(
                {
                    "request_bytes": len(bodies[0]),
                    "cpu_us": mine["cpu_us"],
                    "dict_cpu_us": least["cpu_us"],
                    "cpu_ratio": round(mine["cpu_us"] / least["cpu_us"], 2),
                    "p50_ms": mine["whole"]["p50"],
                }
            )
    return rows


def decisions(tokens: list[int]) -> list[dict[str, Any]]:
    """CPU by the length of the prompt; nothing where no model can be loaded."""
    opened = open_models(loads("store: memory://\n"))
    if opened.models is None:
        return []
    embedder, scorer = opened.models.embedder, opened.models.scorer

    async def spent(count: int) -> dict[str, Any]:
        embed_s = score_s = float("inf")
        for turn in range(TURNS):
            names = rig.COUNTRIES[turn * 5 : turn * 5 + 5]
            texts = [" ".join(f"How far is {name} {REST} {REST} {REST}".split()[: count - 1]) + "?" for name in names]
            began = time.process_time()
            prompts = [Prompt(text, await embedder.embed(text)) for text in texts]
            embedded = time.process_time()
            await scorer.logits(prompts[0], prompts[1:])
            embed_s = min(embed_s, (embedded - began) / len(texts))
            score_s = min(score_s, time.process_time() - embedded)
        length = len(prompts[0].embedding.token_ids)
        return {"prompt_tokens": length, "embed_us": round(embed_s * 1e6), "score_us": round(score_s * 1e6)}

    rows = [asyncio.run(spent(count)) for count in tokens]
    opened.close()
    return rows


TURNS = 8
REST = """from the old harbour by boat and how long would the journey take in summer when the weather is calm and there
are three of us with two small bags and a bicycle who want to stop for lunch on the way"""


if __name__ == "__main__":
    options = rig.arguments(__doc__, lengths="200,2000,20000,60000", tokens="8,16,32,64,120", count=2000)
    found = measure([int(one) for one in options.lengths.split(",")], options.count, min(options.rounds, 2))
    found += decisions([int(one) for one in options.tokens.split(",")])
    rig.report("By the length of the request and of the prompt", found, as_json=options.json)
