"""The door: chooses backends, wires them to the story, opens the listeners, and closes everything in order.

Concrete backends are named here, in `parts` and in `loading`, nowhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from proxy.ask import Asker
from proxy.backends.clock import SystemClock
from proxy.backends.content_coding import decoded
from proxy.backends.index_scoped import ScopedIndex
from proxy.backends.shelves import Shelves
from proxy.backends.upstream_http import HttpUpstream
from proxy.config.settings import Config
from proxy.control import Control
from proxy.core.answers.registry import ADAPTERS
from proxy.core.promises import promises
from proxy.core.reasons import ExactOnlyReason
from proxy.express import Express
from proxy.feedback.flags import Flags
from proxy.feedback.quarantined import Quarantined, unpacked
from proxy.forward import Forward
from proxy.loading import Loading
from proxy.observe.log import LogObserver
from proxy.observe.metrics import MetricsObserver
from proxy.observe.stats import StatsObserver
from proxy.parts import OpenModels, index_folder, open_models, open_shelves
from proxy.pipeline import Pipeline
from proxy.ports import Clock, Observer
from proxy.prompt_gate import PromptGate
from proxy.recall import Recall
from proxy.remember import Remember
from proxy.replica import Replica
from proxy.sweep import Sweeper
from proxy.telling import Audience
from proxy.web import feedback, websocket
from proxy.web.admin import Admin
from proxy.web.front import Front
from proxy.web.server import HttpServer

log = structlog.get_logger()

DEGRADED = ("state", "models", "index")
"""The words of `/readyz`; operations.md says what each means."""

COLLECT_AFTER = (5_000, 20, 20)
"""Objects, young and middle rounds: a young round of 5,000 takes a third of a millisecond."""

LAST_WRITES_S = 3.0
"""So long a stop waits for what is written behind the answers, when the last of them is out."""

SWITCH_S = 0.001
"""How long a thread may keep the interpreter from the event loop; Python's own 5 ms add up with several threads."""


@dataclass(slots=True, eq=False)
class App:
    """A running proxy. `build_app` makes it; `start`, then `stop` once."""

    config: Config
    shelves: Shelves
    index: ScopedIndex
    models: OpenModels
    upstream: HttpUpstream
    control: Control
    flags: Flags
    recall: Recall
    remember: Remember
    replica: Replica
    forward: Forward
    pipeline: Pipeline
    metrics: MetricsObserver
    stats: StatsObserver
    clock: Clock
    data: HttpServer
    admin: HttpServer
    admin_token: str
    loading: Loading
    sweeper: Sweeper
    audience: Audience
    lines: LogObserver
    _is_stopping: bool = False

    async def start(self, *, sock: socket.socket | None = None) -> None:
        """Opens the listeners at once; index and quarantines load behind them. Raises OSError for a taken port.

        sock: what a supervisor has bound; then it has the admin listener, too.
        """
        server = self.config.server
        await self.control.start()
        self.loading.start()
        self.sweeper.start()
        if sock is not None:
            await self.data.start_on(sock)
            return
        await self.data.start(server.host, server.port)
        await self.admin.start(server.admin.host, server.admin.port)

    async def loaded(self) -> None:
        """Waits until quarantines and index are read."""
        await self.loading.done()

    async def steady(self) -> None:
        """For a process that is nothing but this app: when it is loaded, what the start made is no longer looked at.

        A full garbage collection walked all of it, modules and models too, and the loop stood still for 20 to 50 ms.
        """
        await self.loading.done()
        gc.freeze()  # its few dead cycles stay; looking for them would be the very pause
        gc.set_threshold(*COLLECT_AFTER)

    async def stop(self) -> None:
        """Readiness falls, requests under way end, writes are flushed, backends close."""
        self._is_stopping = True
        await asyncio.sleep(self.config.server.drain_delay_s)
        await self.data.stop(self.config.server.drain_timeout_s)
        await websocket.drained()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WRITES_S):
                await asyncio.gather(self.remember.drained(), self.replica.drained(), self.flags.drained())
        await asyncio.sleep(0)  # the audience hears of the last ones
        self.lines.flush()
        await self.sweeper.stop()
        await self.loading.stop()
        await self.control.stop()
        await self.admin.stop()
        await self.upstream.close()
        await self.shelves.close()
        await self.index.close()
        self.models.close()

    def semantic_off(self) -> ExactOnlyReason | None:
        """Why meaning is not compared: by order, without models, or before the quarantines are known. None: it is."""
        is_by_order = self.control.is_semantic_off or not self.config.semantic
        if is_by_order or self.loading.fault:
            return ExactOnlyReason.SEMANTIC_OFF
        return None if self.loading.is_done else ExactOnlyReason.LOADING

    def health(self) -> Mapping[str, object]:
        """What `/readyz` says."""
        return {"ready": not self._is_stopping, "degraded": self.degraded()}

    def degraded(self) -> list[str]:
        """What this process does without; requests are forwarded all the same."""
        is_away = (
            not (self.control.is_ready and self.shelves.is_up()),
            bool(self.loading.fault),
            not self.loading.is_done,
        )
        return [name for name, is_it in zip(DEGRADED, is_away, strict=True) if is_it]


def admin_for(
    config: Config,
    *,
    token: str,
    metrics: MetricsObserver,
    stats: StatsObserver,
    models: OpenModels,
    health: Callable[[], Mapping[str, object]],
) -> Admin:
    """The admin listener's handler, for one process or for a supervisor."""
    hosts = frozenset({"127.0.0.1", "localhost", "::1", config.server.admin.host})

    def totals() -> Mapping[str, object]:
        return {**stats.shown(), "notes": dict(promises(config.domains, models.thresholds.current))}

    return Admin(token=token, hosts=hosts, health=health, metrics=metrics.text, stats=totals, explain=models.explain)


async def build_app(
    config: Config,
    *,
    clock: Clock | None = None,
    worker_observer: Observer | None = None,
    counter: Path | None = None,
    keeps_index: bool = True,
) -> App:
    """Wires one process. worker_observer: where a worker's outcomes go, instead of its own metrics and totals;
    counter: see `open_shelves`.

    Raises ConfigError for a store URL that nobody serves.
    """
    clock = clock or SystemClock()
    shelves = await open_shelves(config, clock, counter=counter)
    index = ScopedIndex()
    loaded = open_models(config)
    upstream = HttpUpstream(config.upstreams.values())
    metrics = MetricsObserver()
    stats = StatsObserver(config.cost_usd)
    app: App

    async def publish(kind: str, body: bytes) -> int:
        return await app.replica.publish(kind, body)

    async def drop(entry_id: bytes, exact_key: bytes) -> None:
        await app.replica.drop(entry_id, exact_key)

    is_shared = not config.store.startswith("memory:")  # who else opens a file or a Redis is not ours to know
    control = Control(
        shelves.state,
        publish,
        domains=list(config.domains),
        secret=config.server.tenant_secret,
        longest_life_s=max(domain.ttl_s for domain in config.domains.values()),
    )
    quarantined = Quarantined({domain.name: domain.quarantine_after for domain in config.domains.values()})
    flags = Flags(
        shelves.ledger,
        quarantined,
        secret=lambda: control.secret,
        publish=publish,
        drop=drop,
        store=shelves.store,
        clock=clock,
        is_shared=is_shared,
    )
    recall = Recall(
        store=shelves.store,
        index=index,
        models=loaded.models,
        thresholds=loaded.thresholds,
        quarantines=quarantined,
        semantic_off=lambda: app.semantic_off(),
        clock=clock,
    )
    replica = Replica(
        feed=shelves.feed,
        store=shelves.store,
        state=shelves.state,
        index=index,
        embedder=loaded.embedder_digest,
        recall=recall,
        control=control,
        quarantined=lambda line: quarantined.add(unpacked(line)),
        start_afresh=lambda: app.loading.start_afresh(),
        withhold=quarantined.held.hold,
        clock=clock,
        is_shared=is_shared,
    )
    gate = PromptGate(recall.reader)
    remember = Remember(
        recall=recall,
        gate=gate,
        store=shelves.store,
        index=index,
        models=loaded.models,
        decode=decoded,
        generation=control.generation,
        stored=replica.stored,
        now=clock.now,
    )
    counters: list[Observer] = [metrics, stats] if worker_observer is None else [worker_observer]
    lines = LogObserver()
    audience = Audience([*counters, lines])
    asker = Asker(control, ADAPTERS, decisive_headers(config))
    forward = Forward(upstream=upstream, control=control, recall=recall, gate=gate, remember=remember, clock=clock)
    pipeline = Pipeline(
        recall=recall,
        forward=forward,
        replica=replica,
        control=control,
        reports=flags,
        audience=audience,
        asker=asker,
        clock=clock,
    )
    express = Express(asker=asker, control=control, replica=replica, recall=recall, audience=audience, clock=clock)
    token = config.server.admin.token or secrets.token_urlsafe(24)
    admin = admin_for(config, token=token, metrics=metrics, stats=stats, models=loaded, health=lambda: app.health())
    said = feedback.Feedback(flags, lambda: control.secret, config.upstreams, audience)

    front = Front(
        config,
        pipeline,
        express,
        upstream,
        decode=decoded,
        deleted=replica.drop_response,
        own={feedback.PATH: said.handle, "/healthz": admin.handle, "/readyz": admin.handle},
    )
    app = App(
        config=config,
        shelves=shelves,
        index=index,
        models=loaded,
        upstream=upstream,
        control=control,
        flags=flags,
        recall=recall,
        remember=remember,
        replica=replica,
        forward=forward,
        pipeline=pipeline,
        metrics=metrics,
        stats=stats,
        clock=clock,
        data=HttpServer(front.handle, lane=front),
        admin=HttpServer(admin.handle),
        admin_token=token,
        loading=Loading(
            shelves=shelves,
            index=index,
            models=loaded,
            flags=flags,
            replica=replica,
            clock=clock,
            folder=index_folder(config),
            keeps_index=keeps_index,
        ),
        sweeper=Sweeper(store=shelves.store, replica=replica, clock=clock),
        audience=audience,
        lines=lines,
    )
    return app


def decisive_headers(config: Config) -> frozenset[bytes]:
    """Header names (lower case) that routes match on, scopes hold or tenancies read."""
    names = [name for route in config.routes for name in (*route.match.headers, *route.scope_headers)]
    names += [domain.tenancy.header for domain in config.domains.values() if domain.tenancy.header]
    return frozenset(name.lower().encode() for name in names)
