"""`equicache off`: the kill switch, honoured by every worker before its next look-up."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.errors import ConfigError
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
    asyncio.run(switch_semantic(settings, off=not undo))
    state = "on" if undo else "off"
    print(f"answering by meaning is {state} for every proxy on this store")
