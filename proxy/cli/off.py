"""`equicache off`: the kill switch, honoured by every worker before its next look-up."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Annotated

import typer

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.cli.terminal import configure_log
from proxy.config.settings import sqlite_file, without_password
from proxy.errors import BackendError, ConfigError
from proxy.parts import switch_semantic


def off(
    config: ConfigFile = None,
    undo: Annotated[bool, typer.Option("--undo", help="Turn answering by meaning on again.")] = False,
) -> None:
    """Turn answering by meaning off on all workers at once; identical requests are still answered from memory."""
    settings = chosen_config(config)
    if settings.store.startswith("memory:"):
        raise ConfigError(
            f"{settings.source}: $.store: found memory://; expected a store that other processes can reach"
        )
    configure_log("auto", level=logging.ERROR)  # what the store says of itself, the verb says
    place, is_new = _place(settings.store)
    try:
        asyncio.run(switch_semantic(settings, off=not undo))
    except BackendError as exc:
        raise BackendError(f"{place}: {exc}") from exc
    state = "on" if undo else "off"
    print(f"answering by meaning is {state} for every proxy on {place}")
    if is_new:
        remedy = "run it in the folder where the proxy was started, with the same --config and environment"
        print(f"equicache: no proxy has used this store yet; for one that runs elsewhere {remedy}", file=sys.stderr)


def _place(store: str) -> tuple[str, bool]:
    """The store as people find it, and whether it is a file that nobody has made yet: who switches off the wrong one
    goes on being answered by the right one."""
    file = sqlite_file(store)
    return (str(file.absolute()), not file.exists()) if file else (without_password(store), False)
