"""`equicache demo`: thirty prompts through the proxy, beside what a cosine cache would do. No key, no network."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from proxy.app import App
from proxy.cli.demo_client import Ask, asker
from proxy.cli.demo_upstream import DemoUpstream, listening
from proxy.cli.proxy_process import run_loop, running
from proxy.cli.rows import read_rows
from proxy.cli.run import NO_PROXY_VARIABLES
from proxy.cli.terminal import configure_log, out, print_json
from proxy.config.load import loads

OURS = Path(__file__).with_name("demo_prompts.jsonl")
COSINE_SERVES = 0.85
"""The similarity from which the common semantic caches serve; several ship it as their default."""


@dataclass(frozen=True, slots=True)
class Question:
    """One prompt; prompts of one class have one right answer. meaning: "" where nobody has said it."""

    prompt: str
    meaning: str
    answer: str


@dataclass(frozen=True, slots=True)
class Row:
    """What happened to one prompt, beside what a cosine cache would have done with it."""

    prompt: str
    nearest: str
    similarity: float | None
    cosine: str
    equicache: str
    why: str


def demo(
    prompts: Annotated[
        Path | None,
        typer.Option("--prompts", metavar="FILE", help='JSONL of {"prompt", "class"?}; else thirty of ours.'),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Print the table and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Rows as JSON lines, then end.")] = False,
) -> None:
    """Thirty prompts against a scripted provider: which answers would a cosine cache get wrong?"""
    configure_log("auto", level=logging.ERROR)
    with _all_here():
        code = run_loop(_demo(questions(prompts), once=once or as_json, as_json=as_json))
    raise typer.Exit(code)


@contextmanager
def _all_here() -> Iterator[None]:
    """Provider, proxy and asker are on this machine: none of them is looked for behind a proxy of the environment."""
    before = {name: os.environ[name] for name in NO_PROXY_VARIABLES if name in os.environ}
    os.environ.update(dict.fromkeys(NO_PROXY_VARIABLES, "*"))
    try:
        yield
    finally:
        for name in NO_PROXY_VARIABLES:
            del os.environ[name]
        os.environ.update(before)


def questions(file: Path | None) -> list[Question]:
    """Ours, or those of a file: without a class each prompt is its own. Raises OSError, BackendError."""
    return read_rows(str(file or OURS), _question, '{"prompt": text, "class"?: name}')


def _question(row: dict[str, Any]) -> Question | None:
    if "prompt" not in row:
        return None
    prompt = str(row["prompt"])
    meaning = str(row.get("class", prompt))
    return Question(prompt, meaning, str(row.get("answer", f"the answer about {meaning}")))


async def _demo(asked: Sequence[Question], *, once: bool, as_json: bool) -> int:
    provider = DemoUpstream({question.prompt: question.answer for question in asked})
    async with listening(provider) as base_url, running(loads(_settings(base_url), "demo", _models())) as app:
        await app.loaded()
        ask = asker(f"http://127.0.0.1:{app.data.port}/v1")
        show = Show(app, ask)
        rows = [await show.ask(question) for question in asked]
        if as_json:
            for row in rows:
                print_json({name: getattr(row, name) for name in Row.__slots__})
        else:
            out.print(table(rows))
            out.print(show.last_line())
        if not once:
            await _conversation(show, app)
    return 0


def _models() -> dict[str, str]:
    """Of the environment only what chooses the models, so that two can be compared."""
    return {name: value for name, value in os.environ.items() if name.startswith("EQUICACHE_MODELS__")}


def _settings(base_url: str) -> str:
    return f"""
server: {{port: 0, admin: {{port: 0}}}}
store: memory://
upstreams: {{demo: {{base_url: "{base_url}"}}}}
routes: [{{name: chat, debug_headers: true}}]
"""


async def _conversation(show: Show, app: App) -> None:
    out.print(f"\nThe proxy stays up on http://127.0.0.1:{app.data.port}/v1 (any key). An empty line ends it.")
    while prompt := (await asyncio.to_thread(_line)).strip():
        row = await show.ask(Question(prompt, "", ""))
        out.print(f"  equicache {row.equicache}: {row.why}")
        if row.nearest:
            out.print(f"  nearest   {row.nearest!r}, cosine {row.similarity:.2f}: a cosine cache {row.cosine}")


def _line() -> str:
    try:
        return input("ask something: ")
    except EOFError:
        return ""


class Show:
    """Asks, and keeps beside it a cache that serves by cosine alone, filled by its own misses."""

    def __init__(self, app: App, ask: Ask) -> None:
        self._app = app
        self._ask = ask
        self._remembered: list[Question] = []
        self._by_cosine: list[Question] = []
        self._answers: dict[str, str] = {}
        self._vectors: dict[str, Any] = {}
        self.counts = dict.fromkeys(("asked", "cosine_wrong", "cosine_right", "wrong", "right"), 0)

    async def ask(self, question: Question) -> Row:
        """One prompt through both."""
        nearest, similarity = await self._nearest(question, self._remembered)
        cosine = await self._cosine(question)
        answer, headers = await self._ask(question.prompt)
        await self._app.remember.drained()
        status = headers.get("cache-status", "")
        is_hit = "; hit" in status
        right = is_right(self._given(answer, question), question) if is_hit else None
        self.counts["asked"] += 1
        self._count(right, "")
        if not is_hit:
            self._remembered.append(question)
            self._answers[question.prompt] = answer
        return Row(
            prompt=question.prompt,
            nearest=nearest.prompt if nearest else "",
            similarity=similarity,
            cosine=cosine,
            equicache=f"served{_JUDGED[right]}" if is_hit else "forwarded",
            why=_detail(status) if is_hit or nearest is None else await self._why(question, nearest, status),
        )

    def last_line(self) -> str:
        """The wrong answers of each, and the paraphrases answered."""
        counts = self.counts
        return (
            f"{counts['asked']} prompts. Wrong answers served: {counts['cosine_wrong']} by a cosine ≥ {COSINE_SERVES} "
            f"cache, {counts['wrong']} by equicache. Paraphrases answered from memory: {counts['cosine_right']} and "
            f"{counts['right']}."
        )

    def _given(self, answer: str, question: Question) -> Question | None:
        """To whom the provider gave this answer: not always the nearest. Of several, one for which it is right."""
        askers = [one for one in self._remembered if self._answers[one.prompt] == answer]
        return max(askers, key=lambda one: is_right(one, question) is True, default=None)

    async def _cosine(self, question: Question) -> str:
        nearest, similarity = await self._nearest(question, self._by_cosine)
        if nearest is None or similarity is None or similarity < COSINE_SERVES:
            self._by_cosine.append(question)
            return "forwards"
        right = is_right(nearest, question)
        self._count(right, "cosine_")
        return f"serves it{_JUDGED[right]}"

    def _count(self, right: bool | None, whose: str) -> None:
        if right is not None:
            self.counts[f"{whose}{'right' if right else 'wrong'}"] += 1

    async def _nearest(self, question: Question, among: Sequence[Question]) -> tuple[Question | None, float | None]:
        models = self._app.models.models
        if models is None:
            return None, None
        if question.prompt not in self._vectors:
            self._vectors[question.prompt] = (await models.embedder.embed(question.prompt)).vector
        if not among:
            return None, None
        here = self._vectors[question.prompt]
        near = max(among, key=lambda one: float(here @ self._vectors[one.prompt]))
        return near, float(here @ self._vectors[near.prompt])

    async def _why(self, question: Question, nearest: Question, status: str) -> str:
        found = await self._app.models.explain(question.prompt, nearest.prompt, "default")
        return str(found["reason"] or _detail(status))


_JUDGED = {True: ", right", False: ", WRONG", None: ""}


def is_right(served: Question | None, question: Question) -> bool | None:
    """Whether the answer of one is right for the other; None for a prompt that somebody typed: he may judge.

    served: None for an answer that the provider gave to nobody, which is right for nobody.
    """
    if served is None:
        return False
    if served.prompt == question.prompt:
        return True
    return served.meaning == question.meaning if served.meaning and question.meaning else None


def _detail(status: str) -> str:
    return status.rpartition("detail=")[2].partition(";")[0]


def table(rows: Sequence[Row]) -> Table:
    """The five columns."""
    shown = Table(show_lines=False)
    for heading in ("prompt", "nearest remembered", f"a cosine ≥ {COSINE_SERVES} cache", "equicache", "why"):
        shown.add_column(heading, overflow="fold")
    for row in rows:
        near = f"{row.nearest} ({row.similarity:.2f})" if row.similarity is not None else ""
        shown.add_row(row.prompt, near, _coloured(row.cosine), _coloured(row.equicache), row.why)
    return shown


def _coloured(text: str) -> Text:
    return Text(text, "bold red" if "WRONG" in text else "green" if "right" in text else "")
