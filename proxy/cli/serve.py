"""`equicache serve`: run the proxy and say where it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

import typer

from proxy.cli.config_option import ConfigFile, chosen_file
from proxy.cli.doctor import SWITCHED_OFF, file_fault, variables
from proxy.cli.proxy_process import load_with, reachable, run_loop, running, stop_signals, supervised
from proxy.cli.terminal import configure_log, out
from proxy.config.settings import Config, sqlite_file, without_password
from proxy.core.promises import lines, promises
from proxy.errors import BackendError
from proxy.parts import OpenModels, is_switched_off


def serve(
    config: ConfigFile = None,
    host: Annotated[str | None, typer.Option(help="Address that clients connect to.")] = None,
    port: Annotated[int | None, typer.Option(help="Port that clients connect to; 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes.")] = None,
) -> None:
    """Run the proxy."""
    flags = {
        "SERVER__HOST": ("--host", host),
        "SERVER__PORT": ("--port", port),
        "SERVER__WORKERS": ("--workers", workers),
    }
    settings = load_with(chosen_file(config), flags)
    configure_log(settings.server.log)
    raise typer.Exit(run_loop(_served(settings)))


async def _served(config: Config) -> int:
    stopped = stop_signals()
    if config.server.workers > 1:
        async with supervised(config) as supervisor:
            assert supervisor.admin is not None
            assert supervisor.models is not None
            is_off = await _is_switched_off(config)
            about = [f"{config.server.workers} workers", *notes(config, supervisor.models, is_off=is_off)]
            out.print(banner(config, supervisor.port, supervisor.admin.port, supervisor.admin_token, about))
            await stopped.wait()
    else:
        async with running(config) as app:
            about = notes(config, app.models, is_off=app.control.is_semantic_off)
            out.print(banner(config, app.data.port, app.admin.port, app.admin_token, about))
            await stopped.wait()
    return 0


def banner(config: Config, port: int, admin_port: int, token: str, about: Sequence[str]) -> str:
    """Where everything is, and the two lines a newcomer needs. about: what to know before trusting it."""
    base = f"http://{reachable(config.server.host)}:{port}/v1"
    admin = f"http://{reachable(config.server.admin.host)}:{admin_port}"
    lines = [
        f"equicache on {base}   ({config.source})",
        f"  upstream   {', '.join(f'{name} {one.base_url}' for name, one in config.upstreams.items())}",
        f"  store      {without_password(config.store)}",
        f"  statistics {admin}/api/stats?token={quote(token, safe='')}",
        *(f"  note       {note}" for note in about),
        "",
        f"  export OPENAI_BASE_URL={base}",
        f'  curl {base}/chat/completions -H "Authorization: Bearer $OPENAI_API_KEY" '
        "-H 'Content-Type: application/json' \\",
        '    -d \'{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "What is a semaphore?"}]}\'',
    ]
    return "\n".join(lines)


async def _is_switched_off(config: Config) -> bool:
    """A store that is away says nothing; the workers forward until it is back."""
    try:
        return await is_switched_off(config)
    except BackendError:
        return False


def notes(config: Config, models: OpenModels, *, is_off: bool) -> list[str]:
    """What an operator should know before trusting it."""
    found = []
    if models.models is None:
        found.append(f"no model is loaded ({models.why.rstrip('.')}): only identical requests are answered from memory")
    elif config.semantic:
        uncertain = promises(config.domains, models.thresholds.current)
        found += [f"{about}: {text}" for about, text in lines(uncertain)]
    if not config.semantic:
        found.append("semantic: false, only identical requests are answered from memory")
    if is_off:
        found.append(SWITCHED_OFF)
    if (file := sqlite_file(config.store)) and (fault := file_fault(file)):
        found.append(f"nothing is remembered: {fault}")
    return found + [f"{one.about}: {one.text}" for one in variables(os.environ)]
