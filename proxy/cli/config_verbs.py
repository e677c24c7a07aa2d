"""`equicache config init|show|schema`."""

from __future__ import annotations

import json
import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
import yaml
from typer.exceptions import Exit

from proxy.cli.config_option import USUAL_FILE, ConfigFile, chosen_file
from proxy.config.build import Builder
from proxy.config.load import read, shown_without_secrets, validated
from proxy.config.schema import ConfigKeys

app = typer.Typer(help="A starter file, the effective configuration, JSON Schema for editors.", no_args_is_help=True)


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="Where to write it; - for the terminal.")] = USUAL_FILE,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a configuration with every key, its default and what it means."""
    if str(file) == "-":
        print(starter_text(), end="")
        return
    if file.exists() and not force:
        print(f"equicache: {file} is there already; --force replaces it", file=sys.stderr)
        raise Exit(1)
    file.write_text(starter_text(), "utf-8")
    print(f"wrote {file}; start with: equicache serve --config {file}")


@app.command()
def show(config: ConfigFile = None) -> None:
    """The effective configuration: file, environment and defaults together, secrets hidden."""
    source = read(chosen_file(config))  # once: `--config <(…)` can be read no second time
    keys = validated(source)
    Builder(source, keys).config()
    print(f"# {source.name}")
    print(yaml.safe_dump(shown_without_secrets(keys), sort_keys=False, allow_unicode=True), end="")


@app.command()
def schema() -> None:
    """JSON Schema of the file, for completion and checks in editors."""
    print(json.dumps(ConfigKeys.model_json_schema(), indent=2))


def starter_text() -> str:
    """`configs/default.yaml`: inside the wheel beside the package, in a checkout where people read it."""
    packed = resources.files("proxy") / "default.yaml"
    if packed.is_file():
        return packed.read_text("utf-8")
    return (Path(__file__).parents[2] / "configs" / "default.yaml").read_text("utf-8")
