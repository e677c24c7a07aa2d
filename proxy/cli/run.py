"""`equicache run -- CMD …`: the proxy around one command, and what it saved."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from proxy.cli.config_option import ConfigFile, chosen_file
from proxy.cli.proxy_process import load_with, reachable, run_loop, running
from proxy.cli.terminal import configure_log
from proxy.config.settings import Config
from proxy.core.conditions import ReportKind
from proxy.core.reasons import HitKind

BASE_URL_VARIABLES = ("OPENAI_BASE_URL", "OPENAI_API_BASE")
NO_PROXY_VARIABLES = ("NO_PROXY", "no_proxy")
"""Some clients read the one, some the other, most the second first."""
LOADING_PATIENCE_S = 15.0
"""A short command is over before the models are checked, so it waits for them; a store that is away stops nobody."""


def run(
    command: Annotated[list[str], typer.Argument(metavar="-- CMD …", help="The command and its arguments.")],
    config: ConfigFile = None,
) -> None:
    """Start the proxy around a command, with OPENAI_BASE_URL set for it; say at its end what was saved."""
    settings = _settings(chosen_file(config))
    configure_log(settings.server.log, level=logging.WARNING)
    raise typer.Exit(run_loop(_run(settings, command)))


def _settings(file: Path | None) -> Config:
    """Free ports; and without a file, a base URL that is set already stays the provider behind the proxy."""
    named = "" if file else next((name for name in BASE_URL_VARIABLES if os.environ.get(name)), "")
    given = {
        "SERVER__PORT": ("port", 0),
        "SERVER__ADMIN__PORT": ("admin port", 0),
        "UPSTREAMS__OPENAI__BASE_URL": (named, os.environ.get(named)),
    }
    return load_with(file, given)


async def _run(config: Config, command: Sequence[str]) -> int:
    async with running(config) as app:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(app.loaded(), LOADING_PATIENCE_S)
        code = await _child(command, child_environment(reachable(config.server.host), app.data.port))
        await app.remember.drained()
        typer.echo(f"equicache: {summary(app.stats.shown())}", err=True)
    return code


def child_environment(host: str, port: int) -> dict[str, str]:
    """Who goes to the provider by HTTP_PROXY, and finds us here, must not look for us behind it."""
    besides = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if besides != "*":  # which means everything only where it stands alone
        besides = ",".join(filter(None, (besides, host.strip("[]"))))
    base = f"http://{host}:{port}/v1"
    return {**os.environ, **dict.fromkeys(BASE_URL_VARIABLES, base), **dict.fromkeys(NO_PROXY_VARIABLES, besides)}


async def _child(command: Sequence[str], environment: dict[str, str]) -> int:
    """The child's own exit code; a signal that we get is its to answer."""
    try:
        child = await asyncio.create_subprocess_exec(*command, env=environment)
    except OSError as exc:
        typer.echo(f"equicache: cannot run {command[0]}: {exc.strerror}", err=True)
        return 127
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, child.terminate)
    for number in (signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, lambda: None)  # the terminal sends it to the child as well
    code = await child.wait()
    return code if code >= 0 else 128 - code


def summary(stats: Mapping[str, Any]) -> str:
    """`14 calls, 6 from memory (4 exact, 2 by meaning), 8.1 s and $0.031 saved, 0 reported`.

    What a hit saved is what an answered miss took here; where it was not asked, nothing is claimed.
    """
    hits = stats["hits"]
    exact = hits.get(HitKind.EXACT, 0)
    meaning = hits.get(HitKind.SEMANTIC, 0) + hits.get(HitKind.MASKED, 0)
    money = f" and ${stats['saved_usd']:.3f}" if stats["saved_usd"] else ""
    saved = f"{stats['saved_s']:.1f} s{money} saved, " if stats["saved_s"] or not hits else ""
    return (
        f"{stats['requests']} calls, {exact + meaning} from memory ({exact} exact, {meaning} by meaning), "
        f"{saved}{stats['reported'].get(ReportKind.BAD, 0)} reported"
    )
