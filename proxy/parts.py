"""What the door needs opened: models and storage as the configuration names them. Names concrete backends."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from proxy.backends import upstream_http
from proxy.backends.clock import SystemClock
from proxy.backends.models import load_models
from proxy.backends.shelves import LEDGER_SCHEMA, Shelves, open_memory, open_redis, open_sqlite
from proxy.backends.shelves import ledger_file as ledger_file
from proxy.backends.store_redis import PREFIX
from proxy.backends.store_sqlite import SCHEMA
from proxy.config.settings import Config, sqlite_file
from proxy.control import SWITCH_KEY, Control
from proxy.core.calibrated import SUFFIX, Calibrated, parse
from proxy.core.eviction import Quota
from proxy.errors import ConfigError, ModelMismatch
from proxy.explain import PairJudge
from proxy.learned import Models
from proxy.ports import Clock, Explain, Thresholds

log = structlog.get_logger()

REDIS_PREFIX = PREFIX
"""What all our keys in Redis begin with."""

SQLITE_SCHEMAS = (SCHEMA, LEDGER_SCHEMA)
"""Of the file with the entries, and of the ledger beside it."""

proxy_for = upstream_http.proxy_for
"""The proxy by which an upstream is asked, and the login there."""


async def refuse_bad_upstreams(config: Config) -> None:
    """Raises ConfigError for what no process could start with: a `ca_file`, a proxy of the environment."""
    await upstream_http.HttpUpstream(config.upstreams.values()).close()


@dataclass(frozen=True, slots=True, eq=False)
class OpenModels:
    """Loaded models, and one pair explained by them. models: None where they cannot be used, `why` says it.

    check: scores the golden pairs again and says what is wrong on this machine, "" for nothing; half a second.
    """

    models: Models | None
    thresholds: Thresholds
    why: str
    explain: Explain
    check: Callable[[], str]
    close: Callable[[], None]

    @property
    def embedder_digest(self) -> str:
        """Of the embedder in use; empty without models, and no entry with an embedding says that."""
        return self.models.embedder.digest if self.models else ""


def open_models(config: Config) -> OpenModels:
    """The learned parts alone, for verbs that decide pairs without a cache."""
    loaded = load_models(config.models.embedder, config.models.scorer, config.domains, _calibrated(config))
    judge = PairJudge(loaded.models, loaded.thresholds, config.domains, loaded.why)

    def check() -> str:
        try:
            checked = loaded.checked()
        except ModelMismatch as mismatch:
            return str(mismatch)
        return f"{checked.fault}: {checked.detail}" if checked.fault else ""

    return OpenModels(loaded.models, loaded.thresholds, loaded.why, judge.explain, check, loaded.close)


def thresholds_file(config: Config) -> Path:
    """Where `calibrate --write` writes and every start reads: beside the configuration, else in this folder."""
    source = Path(config.source)
    return source.with_name(source.stem + SUFFIX) if source.is_file() else Path("equicache" + SUFFIX)


def _calibrated(config: Config) -> dict[str, Calibrated]:
    """Raises ConfigError for one that is damaged or cannot be read: the operator believes that its promise holds."""
    path = thresholds_file(config)
    if not os.path.lexists(path):
        return {}
    try:
        content = path.read_bytes()
    except OSError as exc:  # a folder, too: what container engines mount for a file that is not there
        expected = "what `equicache calibrate --write` writes, or nothing of that name"
        raise ConfigError(f"{path}: cannot read it ({exc.strerror}); expected {expected}") from exc
    return parse(content, str(path))


async def open_shelves(
    config: Config, clock: Clock, *, counter: Path | None = None, is_patient: bool = False
) -> Shelves:
    """The store of the configuration's URL; counter: the file by which workers of one machine tell Redis changes;
    is_patient: see `open_redis`."""
    quotas = {name: Quota(domain.max_entries, domain.eviction) for name, domain in config.domains.items()}
    url = config.store
    if url.startswith("memory:"):
        return open_memory(quotas, clock)
    if file := sqlite_file(url):
        is_shared = config.server.workers > 1
        return await open_sqlite(file, quotas, clock, is_shared=is_shared, on_change=_store_changed)
    if url.startswith(("redis:", "rediss:")):
        try:
            return open_redis(
                url, quotas, counter=counter, is_patient=is_patient, on_change=_store_changed, on_refused=_key_refused
            )
        except ValueError as exc:  # of an option: `?socket_timeout=soon`
            raise ConfigError(f"{config.source}: $.store: {exc}") from exc
    raise ConfigError(f"{config.source}: $.store: found {url!r}; expected memory://, sqlite:///… or redis://…")


def index_folder(config: Config) -> Path | None:
    """Where the index is kept over restarts: beside a SQLite file; with other stores it is read from the store."""
    file = sqlite_file(config.store)
    return file.with_name(file.name + ".index") if file else None


def _store_changed(is_up: bool, why: str) -> None:
    """One line for each change, never one for each request."""
    if is_up:
        log.info("store.available")
    else:
        log.warning("store.unavailable", error=why)


def _key_refused(key: str, why: str) -> None:
    """One line for each key; what to do is in docs/operations.md."""
    log.warning("store.refused", key=key, error=why)


async def switch_semantic(config: Config, *, off: bool) -> None:
    """The kill switch from outside the proxy (R33). Raises BackendError."""
    shelves = await open_shelves(config, SystemClock(), is_patient=True)
    try:
        control = Control(shelves.state, shelves.feed.publish, domains=list(config.domains), secret=None)
        await control.switch_semantic(off=off)
    finally:
        await shelves.close()


async def is_switched_off(config: Config) -> bool:
    """Whether `equicache off` was said on this store; a restart does not undo it. Raises BackendError."""
    shelves = await open_shelves(config, SystemClock(), is_patient=True)
    try:
        return bool(await shelves.state.get(SWITCH_KEY))
    finally:
        await shelves.close()
