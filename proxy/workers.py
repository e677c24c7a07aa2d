"""Several workers on one socket (R38): a supervisor binds, workers inherit; a dead one is started again.

The supervisor answers no data request. It owns the admin listener and the one registry of metrics; workers are
spawned, never forked (a forked ONNX runtime deadlocks), and send their outcomes over a datagram socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import multiprocessing
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from proxy import event_loop
from proxy.app import DEGRADED, SWITCH_S, App, admin_for, build_app
from proxy.config.settings import Config
from proxy.observe.metrics import MetricsObserver
from proxy.observe.stats import StatsObserver
from proxy.observe.wire import OutcomeReceiver, OutcomeSender
from proxy.parts import OpenModels, open_models
from proxy.web.server import BACKLOG, HttpServer

log = structlog.get_logger()

RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
RESTART_PAUSE_S = 0.5
TELL_EVERY_S = 0.25

SharedFlags = ctypes.Array[ctypes.c_bool]
"""One per word of DEGRADED, in shared memory without a lock: whoever dies must not take one with him."""


def bound_socket(host: str, port: int) -> socket.socket:
    """The one listening socket that all workers accept from; whoever is idle takes the next connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:  # as one process listens, and peers keep the addresses that `trusted_proxies` names
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        sock.bind((host, port))
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)
    return sock


def stopping_signals() -> list[signal.Signals]:
    """What ends a process in order: a terminal that closes, too, unless `nohup` has said that it shall not."""
    hangup = [] if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else [signal.SIGHUP]
    return [signal.SIGTERM, signal.SIGINT, *hangup]


@dataclass(frozen=True, slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    flags: SharedFlags


@dataclass(slots=True, eq=False)
class Supervisor:
    """Keeps `config.server.workers` processes alive until `stop`."""

    config: Config
    configure_log: Callable[[str], None]
    admin_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    port: int = 0
    admin: HttpServer | None = None
    models: OpenModels | None = None
    stats: StatsObserver = field(default_factory=lambda: StatsObserver(lambda *_: 0.0))
    _socket: socket.socket | None = None
    _outcomes: tuple[socket.socket, socket.socket] | None = None
    _workers: list[_Worker] = field(default_factory=list)
    _watcher: asyncio.Task[None] | None = None
    _receiver: asyncio.DatagramTransport | None = None
    _is_stopping: bool = False
    _folder: TemporaryDirectory[str] | None = None
    restarts: int = 0

    async def start(self) -> None:
        """Binds and starts the workers; connections wait in the socket until one accepts. OSError: a taken port."""
        server = self.config.server
        self._socket = bound_socket(server.host, server.port)
        self.port = self._socket.getsockname()[1]
        self.admin_token = server.admin.token or self.admin_token
        self._folder = TemporaryDirectory(prefix="equicache-")
        metrics = MetricsObserver()
        self.stats = stats = StatsObserver(self.config.cost_usd)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        ours.setblocking(False)
        self._outcomes = (ours, theirs)
        loop = asyncio.get_running_loop()
        self._receiver, _ = await loop.create_datagram_endpoint(lambda: OutcomeReceiver([metrics, stats]), sock=ours)
        self.models = open_models(self.config)
        self.admin = HttpServer(
            admin_for(
                self.config,
                token=self.admin_token,
                metrics=metrics,
                stats=stats,
                models=self.models,
                health=self.health,
            ).handle
        )
        await self.admin.start(server.admin.host, server.admin.port)
        self._workers = [self._spawned(place) for place in range(server.workers)]
        self._watcher = loop.create_task(self._watch(), name="watch-workers")

    def worker_ids(self) -> list[int]:
        """Process ids of the workers now."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def health(self) -> Mapping[str, object]:
        """Ready while any worker lives; degraded in whatever any of them is."""
        living = [worker for worker in self._workers if worker.process.is_alive()]
        alive = len(living)
        degraded = [] if alive == self.config.server.workers else ["workers"]
        degraded += [name for at, name in enumerate(DEGRADED) if any(worker.flags[at] for worker in living)]
        return {"ready": alive > 0 and not self._is_stopping, "workers": alive, "degraded": degraded}

    async def stop(self) -> None:
        """SIGTERM to each worker, which drains as it would alone; whoever outlives the drain is killed."""
        self._is_stopping = True
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        for worker in self._workers:
            with contextlib.suppress(ProcessLookupError):
                worker.process.terminate()
        await asyncio.sleep(self.config.server.drain_delay_s)
        if self._socket is not None:
            self._socket.close()  # else the kernel takes connections that no worker will accept
        patience = self.config.server.drain_timeout_s + 5.0
        for worker in self._workers:
            await asyncio.to_thread(worker.process.join, patience)
            if worker.process.is_alive():
                worker.process.kill()
        if self.admin is not None:
            await self.admin.stop()
        if self._receiver is not None:
            self._receiver.close()
        if self._folder is not None:
            self._folder.cleanup()
        if self._outcomes is not None:
            self._outcomes[1].close()

    async def _watch(self) -> None:
        """Starts dead workers again, as often as it takes (no descriptors, no memory); the shared socket keeps their
        clients' connections waiting, not refused. empty: places of those that could not be started, told once.
        """
        empty: set[int] = set()
        while not self._is_stopping:
            await asyncio.sleep(RESTART_PAUSE_S)
            for place, worker in enumerate(self._workers):
                if worker.process.is_alive():
                    continue
                if place not in empty:
                    log.error("worker.died", exit_code=worker.process.exitcode)
                try:
                    self._workers[place] = self._spawned(place)
                    self.restarts += 1
                    empty.discard(place)
                except Exception as failure:  # noqa: BLE001 - a task's rim: without it, no worker would be started again
                    if place not in empty:
                        log.error("worker.not_started", error=str(failure), remedy="it is tried again")
                    empty.add(place)

    def _spawned(self, place: int) -> _Worker:
        assert self._socket is not None
        assert self._outcomes is not None
        assert self._folder is not None
        Path(self._folder.name).mkdir(mode=0o700, exist_ok=True)  # who cleans /tmp may have taken it
        context = multiprocessing.get_context("spawn")
        flags = context.RawArray(ctypes.c_bool, [name == "index" for name in DEGRADED])
        inherited = _Inherited(
            place, os.getpid(), self.config, self.configure_log, self._socket, self._outcomes[1],
            Path(self._folder.name) / "feed.version", flags,
        )  # fmt: skip
        process = context.Process(target=_run_worker, args=(inherited,), name="equicache-worker", daemon=True)
        process.start()
        return _Worker(process, flags)


@dataclass(frozen=True, slots=True, eq=False)
class _Inherited:
    """What a worker gets from its supervisor, whose process id is told because whoever asks for the parent at its start
    may already be an orphan. place: its number. counter: see `build_app`. flags: what it is without.
    """

    place: int
    supervisor: int
    config: Config
    configure_log: Callable[[str], None]
    sock: socket.socket
    outcomes: socket.socket
    counter: Path
    flags: SharedFlags


def _run_worker(inherited: _Inherited) -> None:
    """The whole life of one worker process."""
    inherited.configure_log(inherited.config.server.log)
    sys.setswitchinterval(SWITCH_S)
    with contextlib.suppress(KeyboardInterrupt):
        event_loop.run(_worker(inherited))


async def _worker(inherited: _Inherited) -> None:
    """The first worker keeps the index over restarts for all of them."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in stopping_signals():
        loop.add_signal_handler(number, stopped.set)
    sender = OutcomeSender(inherited.outcomes)
    app = await build_app(
        inherited.config, worker_observer=sender, counter=inherited.counter, keeps_index=inherited.place == 0
    )
    await app.start(sock=inherited.sock)
    beside = [
        loop.create_task(_orphaned(inherited.supervisor, stopped), name="watch-supervisor"),
        loop.create_task(app.steady(), name="load"),
        loop.create_task(_told(app, inherited.flags), name="tell"),
    ]
    await stopped.wait()
    for task in beside:
        task.cancel()
    await app.stop()
    sender.flush()


async def _told(app: App, flags: SharedFlags) -> None:
    """The supervisor asks nobody: it reads what each worker last wrote."""
    while True:
        degraded = app.degraded()
        flags[:] = [name in degraded for name in DEGRADED]
        await asyncio.sleep(TELL_EVERY_S)


async def _orphaned(supervisor: int, stopped: asyncio.Event) -> None:
    """A worker whose supervisor was killed must not hold the port for ever."""
    while not stopped.is_set():
        await asyncio.sleep(1.0)
        if os.getppid() != supervisor:
            stopped.set()
