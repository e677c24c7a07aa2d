"""`equicache score`: JSONL of pairs in, the same with the decision out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any, TextIO

import orjson
import typer

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.cli.terminal import print_json, text_of
from proxy.errors import BackendError, ConfigError
from proxy.parts import open_models

COLUMNS = ("similarity", "logit", "probability", "verdict", "reason")

DomainName = Annotated[
    str | None, typer.Option("--domain", metavar="NAME", help="Whose promise holds; else the first.")
]


def score(
    file: Annotated[str, typer.Argument(help="JSONL of {a, b}; - is standard input.")] = "-",
    domain: DomainName = None,
    config: ConfigFile = None,
) -> None:
    """Decide pairs of prompts: JSONL in, the same with similarity, logit, probability, verdict and reason out."""
    settings = chosen_config(config)
    name = domain_name(domain, settings.domains)
    with text_of(file) as lines:
        loaded = open_models(settings)
        try:
            asyncio.run(_score(loaded.explain, pairs(lines, file), name))
        finally:
            loaded.close()


async def _score(explain: Any, rows: Iterator[dict[str, Any]], domain: str) -> None:
    for row in rows:
        found = await explain(row["a"], row["b"], domain)
        print_json({**row, **{name: found[name] for name in COLUMNS}})


def domain_name(option: str | None, domains: Any) -> str:
    """The named domain or the first; raises ConfigError for one that is not there."""
    if option is not None and option not in domains:
        raise ConfigError(f"--domain: found {option!r}; expected one of {', '.join(domains)}")
    return option or next(iter(domains))


def pairs(lines: TextIO, name: str) -> Iterator[dict[str, Any]]:
    """Rows with the texts a and b; raises BackendError naming the line that is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as exc:
            raise BackendError(f"{name}:{number}: {exc}; expected one JSON object per line") from exc
        if not isinstance(row, dict) or not isinstance(row.get("a"), str) or not isinstance(row.get("b"), str):
            raise BackendError(f'{name}:{number}: expected {{"a": text, "b": text}}')
        yield row
