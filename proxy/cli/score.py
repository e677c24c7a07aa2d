"""`equicache score`: JSONL of pairs in, the same with the decision out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from typing import Annotated, Any

import typer

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.cli.rows import rows_of
from proxy.cli.terminal import print_json, text_of
from proxy.errors import ConfigError
from proxy.parts import open_models

EXPECTED = '{"a": text, "b": text}'
COLUMNS = ("similarity", "logit", "probability", "verdict", "reason")

DomainName = Annotated[
    str | None, typer.Option("--domain", metavar="NAME", help="Whose promise holds; else the first.")
]


def score(
    file: Annotated[str, typer.Argument(help="JSONL(.gz) of {a, b}; - is standard input.")] = "-",
    domain: DomainName = None,
    config: ConfigFile = None,
) -> None:
    """Decide pairs of prompts: JSONL in, the same with similarity, logit, probability, verdict and reason out."""
    settings = chosen_config(config)
    name = domain_name(domain, settings.domains)
    with text_of(file) as lines, closing(open_models(settings)) as loaded:
        asyncio.run(_score(loaded.explain, rows_of(lines, file, _pair, EXPECTED), name))


async def _score(explain: Any, rows: Iterator[dict[str, Any]], domain: str) -> None:
    for row in rows:
        found = await explain(row["a"], row["b"], domain)
        print_json({**row, **{name: found[name] for name in COLUMNS}})


def domain_name(option: str | None, domains: Any) -> str:
    """The named domain or the first; raises ConfigError for one that is not there."""
    if option is not None and option not in domains:
        raise ConfigError(f"--domain: found {option!r}; expected one of {', '.join(domains)}")
    return option or next(iter(domains))


def _pair(row: dict[str, Any]) -> dict[str, Any] | None:
    return row if isinstance(row.get("a"), str) and isinstance(row.get("b"), str) else None
