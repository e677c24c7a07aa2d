"""The `--config` option that most verbs share, and which file holds when it is not given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from proxy.config.load import load
from proxy.config.settings import Config
from proxy.errors import ConfigError

FILE_VARIABLE = "EQUICACHE_CONFIG"
USUAL_FILE = Path("equicache.yaml")

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", "-c", metavar="FILE", help="Configuration; else $EQUICACHE_CONFIG, ./equicache.yaml."),
]


def chosen_file(option: Path | None) -> Path | None:
    """The file that holds: the option, the variable, `equicache.yaml` here; None: the built-in defaults.

    An `equicache.yaml` that is no file (a folder: what container engines mount for one that is not there) holds, too,
    and is refused where it is read. Raises ConfigError for `equicache.yml`. Whoever has either does not want the
    built-in tenancy and routes.
    """
    if option is not None:
        return option
    if named := os.environ.get(FILE_VARIABLE):
        return Path(named)
    if os.path.lexists(USUAL_FILE):
        return USUAL_FILE
    if (near := USUAL_FILE.with_suffix(".yml")).is_file():
        raise ConfigError(f"{near}: is not read by itself; expected {USUAL_FILE}, or --config {near}")
    return None


def chosen_config(option: Path | None) -> Config:
    """Raises ConfigError."""
    return load(chosen_file(option))
