"""What real shapes of traffic gain, and how often they are answered wrongly: as installed, and with the advised masks.

    python bench/traffic.py [--requests 1000] [--prompts FILE] [--json]

Five shapes of the same questions: bare FAQ; a system prompt with the time in it; retrieved context in the last turn;
tools declared; chats of four turns. The questions are our own stream (`classifier_export/suite/stream.jsonl.gz`: a
class per meaning, a fifth of them near-misses of an earlier one); --prompts takes JSONL lines {"prompt", "class"}.
The scripted upstream repeats the question in its answer, so every hit shows whose answer it is: a hit whose question
has another class is a false hit. Hit rate: hits / requests; false-hit rate: wrong semantic hits / semantic hits.
`repeats`: the share of requests whose class was asked before, which is what a perfect cache could answer.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig

STREAM = rig.ROOT / "classifier_export" / "suite" / "stream.jsonl.gz"
QUOTED = re.compile(r"You asked: (.*) My answer, in short, is number [0-9a-f]{12}\.", re.DOTALL)
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "order_status",
            "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
        },
    }
]
MASKED = 'scope: {mask: ["(?m)^Current time: .*$"]}'
EXTRACTED = """prompt: {extract: '(?s)Question: (.*)'}, scope: {mask: ['(?s)^Context:.*?\\n\\n']}"""
Messages = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of traffic. body: of the question and its number. advice: what the domain is told the second time."""

    name: str
    body: Callable[[str, int], Mapping[str, Any]]
    advice: str = ""
    wrapped: Callable[[str], str] = str


def messages(*turns: tuple[str, str]) -> Messages:
    return [{"role": role, "content": text} for role, text in turns]


def bare(prompt: str, number: int) -> Mapping[str, Any]:
    return {"messages": messages(("system", "You answer questions of customers."), ("user", prompt))}


def dated(prompt: str, number: int) -> Mapping[str, Any]:
    system = (
        f"You answer questions of customers.\nCurrent time: 2026-03-02 {number // 3600 % 24:02}:{number // 60 % 60:02}"
    )
    return {"messages": messages(("system", f"{system}:{number % 60:02}"), ("user", prompt))}


def retrieved(prompt: str, number: int) -> Mapping[str, Any]:
    passages = "\n".join(
        f"[{(number * 7 + place) % 50}] Passage {(number * 7 + place) % 50} of the handbook." for place in range(3)
    )
    turn = f"Context:\n{passages}\n\nQuestion: {prompt}"
    return {"messages": messages(("system", "Answer from the context."), ("user", turn))}


def tooled(prompt: str, number: int) -> Mapping[str, Any]:
    return {**bare(prompt, number), "tools": TOOLS}


def chatted(prompt: str, number: int) -> Mapping[str, Any]:
    """Four turns; the earlier ones differ from chat to chat, in eight ways."""
    opening = f"I moved to a new flat, number {number % 8}."
    turns = [("system", "You answer questions of customers."), ("user", opening), ("assistant", "Congratulations!")]
    return {"messages": messages(*turns, ("user", prompt))}


SHAPES = (
    Shape("bare FAQ", bare),
    Shape("dated system prompt", dated, MASKED),
    Shape("retrieved context", retrieved, EXTRACTED),
    Shape("tools declared", tooled),
    Shape("four-turn chat", chatted),
)


async def asked(port: int, shape: Shape, stream: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """One after the other, as one user would; a store write has the time to the next question."""
    seen: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    classes = dict(stream)
    asked_before: set[str] = set()
    repeats = 0
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer sk-bench"}) as session:
        for number, (prompt, meaning) in enumerate(stream):
            repeats += meaning in asked_before
            asked_before.add(meaning)
            body = {"model": "gpt-4o-mini", **shape.body(prompt, number)}
            async with session.post(f"http://127.0.0.1:{port}/v1/chat/completions", json=body) as response:
                answer = await response.json()
                status = response.headers.get("Cache-Status", "")
            detail = status.rpartition("detail=")[2].strip('"')
            if "; hit" not in status:
                seen["miss " + detail.partition(" ")[0]] += 1
                continue
            seen[detail] += 1
            source = _question_of(answer["choices"][0]["message"]["content"])
            if classes.get(source, meaning) != meaning:
                wrong[detail] += 1
    by_meaning = seen["semantic"] + seen["masked"]
    misses = Counter({name: count for name, count in seen.items() if name.startswith("miss ")})
    return {
        "requests": len(stream),
        "repeats": round(repeats / len(stream), 3),
        "hit_rate": round((seen["exact"] + by_meaning) / len(stream), 3),
        "exact": seen["exact"],
        "semantic": by_meaning,
        "wrong_exact": wrong["exact"],
        "wrong_semantic": wrong["semantic"] + wrong["masked"],
        "false_hit_rate": round((wrong["semantic"] + wrong["masked"]) / by_meaning, 4) if by_meaning else "",
        "first_reasons": ", ".join(f"{name[5:]} {count}" for name, count in misses.most_common(3)),
    }


def _question_of(content: str) -> str:
    found = QUOTED.fullmatch(content)
    turn = found[1] if found else ""
    return turn.rpartition("Question: ")[2]


def prompts(path: Path, count: int) -> list[tuple[str, str]]:
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    rows = [json.loads(line) for line in text.splitlines()]
    return [(row["prompt"], str(row["class"])) for row in rows[:count]]


if __name__ == "__main__":
    options = rig.arguments(__doc__, requests=1000, prompts=str(STREAM))
    stream = prompts(Path(options.prompts), options.requests)
    rows = []
    with rig.upstream() as url:
        for shape in SHAPES:
            for setting, advice in (("as installed", ""), ("advised", shape.advice)):
                if setting == "advised" and not advice:
                    continue
                more = f"domains: {{default: {{{advice}}}}}" if advice else ""
                with rig.proxy(url, store="memory", more=more) as server:
                    found = asyncio.run(asked(server.port, shape, stream))
                rows.append({"shape": shape.name, "setting": setting, **found})
    notes = [
        "tools declared and chats of several turns are exact only by rule (R5, R6): word-for-word repeats alone hit.",
    ]
    rig.report("Shapes of traffic", rows, notes, as_json=options.json)
