"""One proxy inside this process: started, announced, stopped. Shared by serve, run and demo."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import multiprocessing
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from proxy import event_loop
from proxy.app import SWITCH_S, App, build_app
from proxy.cli.terminal import configure_log
from proxy.config.load import load
from proxy.config.settings import Config
from proxy.config.source import OVERRIDE_PREFIX
from proxy.errors import BackendError, ConfigError
from proxy.parts import refuse_bad_upstreams
from proxy.workers import Supervisor, stopping_signals


def load_with(file: Path | None, given: Mapping[str, tuple[str, object]]) -> Config:
    """The configuration with values from elsewhere over it, checked like any other value.

    given: key as in `EQUICACHE_KEY` → what the user calls it, and its value, None for not given. Raises ConfigError
    with the user's name.
    """
    held = {f"{OVERRIDE_PREFIX}{key}": str(value) for key, (_, value) in given.items() if value is not None}
    try:
        return load(file, {**os.environ, **held})
    except ConfigError as exc:
        message = str(exc)
        for key, (name, _) in given.items():
            variable = f"{OVERRIDE_PREFIX}{key}"
            message = message.replace(f"{variable}:", f"{name}:") if variable in held else message
        raise ConfigError(message) from exc


def reachable(host: str) -> str:
    """The address, as it stands in a URL, that a client on this machine would use."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[App]:
    """A started proxy; stopped in order on every way out. A taken port is a BackendError with its remedy."""
    app = await build_app(config)
    try:
        await app.start()
    except OSError as exc:
        await app.stop()
        raise BackendError(_port_fault(config, exc)) from exc
    steady = asyncio.get_running_loop().create_task(app.steady(), name="steady")
    try:
        yield app
    finally:
        steady.cancel()
        await app.stop()


@asynccontextmanager
async def supervised(config: Config) -> AsyncIterator[Supervisor]:
    """The same with `server.workers` processes; what none of them could start with is told here, once."""
    await refuse_bad_upstreams(config)
    supervisor = Supervisor(config, configure_log)
    try:
        try:
            await supervisor.start()
        except OSError as exc:
            raise BackendError(_port_fault(config, exc)) from exc
        yield supervisor
    finally:
        await supervisor.stop()


def run_loop(work: Coroutine[Any, Any, int]) -> int:
    """For a process that is nothing but this loop."""
    sys.setswitchinterval(SWITCH_S)
    return event_loop.run(work)


def stop_signals() -> asyncio.Event:
    """Set by the first of `stopping_signals`; a second one ends the process at once.

    But SIGHUP: the kernel sends it when a terminal closes, and the shell sends it again.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        if stopped.is_set() and number != signal.SIGHUP:
            for child in multiprocessing.active_children():
                child.kill()
            os._exit(1)
        stopped.set()

    for number in stopping_signals():
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop, number)
    return stopped


def _port_fault(config: Config, exc: OSError) -> str:
    admin, server = config.server.admin, config.server
    is_admin = re.search(rf"', {admin.port}\b", str(exc)) is not None  # asyncio's words: ('127.0.0.1', 8081)
    host, port = (admin.host, admin.port) if is_admin else (server.host, server.port)
    near = (number for number in (port + 1, port + 2) if number < 65_536 and number not in (server.port, admin.port))
    free = next(near, 0)
    remedy = f"EQUICACHE_SERVER__ADMIN__PORT={free}" if is_admin else f"--port {free}"
    if exc.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken; use another one: {remedy}"
    return f"cannot listen on {host}:{port} ({exc.strerror or exc})"
