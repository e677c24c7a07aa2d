"""`equicache explain A B`: one pair in words, stage by stage."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import closing
from typing import Annotated, Any

import typer

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.cli.score import DomainName, domain_name
from proxy.cli.terminal import out, print_json
from proxy.cli.why import NOT_STORED, advice
from proxy.parts import open_models


def explain(
    remembered: Annotated[str, typer.Argument(metavar="A", help="The prompt whose answer is stored.")],
    asked: Annotated[str, typer.Argument(metavar="B", help="The prompt that is asked now.")],
    domain: DomainName = None,
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Say why the answer to A would, or would not, be served to B."""
    settings = chosen_config(config)
    with closing(open_models(settings)) as loaded:
        found = asyncio.run(loaded.explain(asked, remembered, domain_name(domain, settings.domains)))
    if as_json:
        print_json(found)
    else:
        out.print(in_words(found))


def in_words(found: Mapping[str, Any]) -> str:
    """One line per stage, then the verdict."""
    lines = [
        f"{'yes' if stage['passed'] else 'no ':3}  {stage['name']:<10} {stage['detail']}" for stage in found["stages"]
    ]
    if found["verdict"] == "hit":
        return "\n".join([*lines, "hit: the remembered answer would be served"])
    reason = str(found["reason"])
    word = reason.partition(":")[0]
    return "\n".join([*lines, f"miss: {reason} ({advice(word, '') or NOT_STORED[word]})"])
