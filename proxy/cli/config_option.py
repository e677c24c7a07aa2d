"""The `--config` option that most verbs share, and which file holds when it is not given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from proxy.config.load import load
from proxy.config.settings import Config

FILE_VARIABLE = "EQUICACHE_CONFIG"
USUAL_FILE = Path("equicache.yaml")

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", "-c", metavar="FILE", help="Configuration; else $EQUICACHE_CONFIG, ./equicache.yaml."),
]


def chosen_file(option: Path | None) -> Path | None:
    """The file that holds: the option, the variable, `equicache.yaml` here; None: the built-in defaults."""
    if option is not None:
        return option
    if named := os.environ.get(FILE_VARIABLE):
        return Path(named)
    return USUAL_FILE if USUAL_FILE.is_file() else None


def chosen_config(option: Path | None) -> Config:
    """Raises ConfigError."""
    return load(chosen_file(option))
