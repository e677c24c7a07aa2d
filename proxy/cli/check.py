"""`equicache check`: is the configuration right, and is everything that it names there?"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.cli.doctor import findings
from proxy.cli.finding import Level
from proxy.cli.terminal import configure_log, out, print_json

COLOURS = {Level.OK: "green", Level.NOTE: "yellow", Level.FAULT: "red", Level.UNREACHABLE: "red"}


def check(
    config: ConfigFile = None,
    live: Annotated[bool, typer.Option("--live", help="Ask each upstream for its models, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Check the configuration and everything that it names."""
    settings = chosen_config(config)
    configure_log("auto", level=logging.ERROR)  # what the store says of itself is a finding
    found = list(findings(settings, live=live))
    if as_json:
        print_json([asdict(finding) for finding in found])
    else:
        for finding in found:
            out.print(Text(finding.level, COLOURS[finding.level]), f" {finding.about}: {finding.text}")
    levels = {finding.level for finding in found}
    raise typer.Exit(3 if Level.UNREACHABLE in levels else 1 if Level.FAULT in levels else 0)
