"""What `equicache check` looks at: each look is one function that gives findings and raises nothing."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import quote

import redis

from proxy.cli.finding import Finding, Level
from proxy.cli.upstream_looks import addresses, asked, start_fault
from proxy.config.settings import Config, fits, sqlite_file
from proxy.config.variables import meant_by
from proxy.core.fields import is_known
from proxy.core.languages import MEASURED_LANGUAGES
from proxy.core.policy import looser_in
from proxy.core.promises import lines, promises
from proxy.core.reasons import CacheMode
from proxy.core.request import PATHS, Endpoint, endpoint_of
from proxy.core.route import TenancyKind
from proxy.core.scope import NEVER_IGNORED
from proxy.errors import BackendError, ModelMismatch
from proxy.parts import REDIS_PREFIX, SQLITE_SCHEMAS, is_switched_off, ledger_file, open_models

TIMEOUT_S = 3.0
PAGE_BYTES = 4096
COOKIE = "cookie"
OTHER_FILE = "name another file in store"
KUBERNETES = ("tcp://", "udp://", "sctp://")
"""How it begins what it says of a service's port, in a variable such as EQUICACHE_SERVER_PORT."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LOOSER = {
    "max_false_hit_rate": "its max_false_hit_rate is higher than {own}'s",
    "tenancy": "its tenancy shares between callers whom {own}'s keeps apart",
    "threshold": "only one of it and {own} has a threshold, or its own is lower",
}
SWITCHED_OFF = "answering by meaning is switched off on this store; `equicache off --undo` turns it on again"


def findings(config: Config, *, live: bool) -> Iterator[Finding]:
    """Every look, cheap ones first."""
    routes = ", ".join(route.name for route in config.routes) or "none"
    yield Finding(Level.OK, "configuration", f"{config.source}: routes {routes}")
    yield from variables(os.environ)
    yield from routing(config)
    yield from addresses(config)
    yield from sharing(config)
    yield from listeners(config)
    yield from models(config)
    yield from store(config)
    if live:
        for upstream in config.upstreams.values():
            if start_fault(upstream) is None:  # else `addresses` has told it
                yield asked(upstream)


def variables(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Variables that look like a key and are not read."""
    for variable in sorted(environ):
        if (key := meant_by(variable)) and not environ[variable].startswith(KUBERNETES):
            yield Finding(Level.NOTE, variable, f"it is not read; with two underscores it is a key: {key}")


def routing(config: Config) -> Iterator[Finding]:
    """Routes and languages that cannot do what they seem to say."""
    if not config.routes:
        yield Finding(Level.NOTE, "routes", "there is none: everything is forwarded and nothing is remembered")
    for route, earlier in config.hidden_routes():
        text = f"never asked: route {earlier.name} stands before it and matches all that it matches; move it up"
        yield Finding(Level.FAULT, f"route {route.name}", text)
    for route in config.routes:
        if route.cache is not CacheMode.OFF and not _endpoints(route.match.path):
            text = f"match.path {route.match.path} takes nothing that is ever remembered; answers of these paths are: "
            yield Finding(Level.NOTE, f"route {route.name}", text + ", ".join(f"/v1/{end}" for end in PATHS))
        if route.cache is CacheMode.SHADOW:
            text = "cache: shadow decides and counts and serves nothing; `equicache why` says what it would have served"
            yield Finding(Level.NOTE, f"route {route.name}", text)
    yield from _unnamed(config)
    yield from _ineffective(config)
    for name, domain in config.domains.items():
        unmeasured = [language for language in domain.languages if language not in MEASURED_LANGUAGES]
        if unmeasured:
            text = f"languages {', '.join(unmeasured)}: no false-accept rate was measured, so identical requests only"
            yield Finding(Level.NOTE, f"domain {name}", text)


def _unnamed(config: Config) -> Iterator[Finding]:
    """Domains and upstreams that no request gets to: a slip in `EQUICACHE_DOMAINS__DEFAULT__…` makes one of its own."""
    remembering = [route for route in config.routes if route.cache is not CacheMode.OFF]
    named = {name for route in remembering for name in (route.domain.name, *route.domains)}
    for name in config.domains if remembering else ():
        if name not in named:
            yield Finding(Level.NOTE, f"domain {name}", "no route names it, so nothing is remembered in it")
    asked = {route.upstream.name for route in config.routes} or {config.default_upstream.name}
    for name in config.upstreams:
        if name not in asked:
            yield Finding(Level.NOTE, f"upstream {name}", "no route names it, so no request goes there")


def _ineffective(config: Config) -> Iterator[Finding]:
    """Fields and headers that are listed where they change nothing."""
    for name, domain in config.domains.items():
        if domain.tenancy.header == COOKIE:
            text = "tenancy names the header Cookie: a request that carries one is never looked up, nor one without"
            yield Finding(Level.FAULT, f"domain {name}", text)
        if counted := [field for field in domain.scope_ignore if field in NEVER_IGNORED]:
            text = f"scope.ignore: {', '.join(counted)} counts all the same; scope.mask hides a part of a text"
            yield Finding(Level.FAULT, f"domain {name}", text)
        routes = [route for route in config.routes if name == route.domain.name or name in route.domains]
        vouched = {field for route in routes for field in route.stateless_fields}
        if unknown := [field for field in domain.scope_ignore if not is_known(field) and field not in vouched]:
            text = (
                f"scope.ignore: {', '.join(unknown)}: a request with a field unknown to equicache is never looked up, "
            )
            yield Finding(Level.NOTE, f"domain {name}", text + "unless its route's stateless_fields lists it")
    for route in config.routes:
        if COOKIE in route.scope_headers:
            text = "scope.headers names Cookie: a request that carries one is never looked up"
            yield Finding(Level.NOTE, f"route {route.name}", text)
        asked = _endpoints(route.match.path)
        if known := [field for field in route.stateless_fields if asked and all(is_known(field, e) for e in asked)]:
            text = f"stateless_fields: {', '.join(known)} is known to equicache, and what it does counts all the same"
            yield Finding(Level.NOTE, f"route {route.name}", text)


def _endpoints(pattern: str) -> set[Endpoint]:
    """Those of the paths that fit it and have to do with memory; of Azure's with a name that the pattern has."""
    names = ["x", *(part.replace("*", "x") for part in pattern.split("/"))]
    roots = ("/v1", "/openai/v1", *(f"/openai/deployments/{name}" for name in names))
    paths = (f"{root}/{end}" for root in roots for end in PATHS)
    return {endpoint for path in paths if fits(pattern, path) and (endpoint := endpoint_of(path))}


def sharing(config: Config) -> Iterator[Finding]:
    """Who shares answers with whom, in words."""
    for route in config.routes:
        if route.cache is CacheMode.OFF:
            continue
        about = f"route {route.name}"
        tenancy = route.domain.tenancy
        if tenancy.kind is TenancyKind.SHARED:
            yield Finding(Level.NOTE, about, f"everyone shares the answers of domain {route.domain.name}")
        elif tenancy.kind is TenancyKind.CREDENTIAL and route.upstream.api_key is not None:
            text = "every caller uses the provider's one key only behind the proxy; tenants are the access keys"
            yield Finding(Level.NOTE, about, text)
        elif tenancy.kind is TenancyKind.CREDENTIAL:
            text = "one service key is one tenant for all its users; tenancy: user or header:NAME separates them"
            yield Finding(Level.NOTE, about, text)
        if route.debug_headers:
            yield Finding(Level.NOTE, about, "debug_headers shows distances to whoever asks; development only")
        for name, domain in route.domains.items():
            if key := looser_in(domain, route.domain):
                text = f"a request that asks for domain {name} is refused: "
                yield Finding(Level.FAULT, about, text + LOOSER[key].format(own=route.domain.name))


def listeners(config: Config) -> Iterator[Finding]:
    """Who can reach what."""
    server = config.server
    if server.admin.host not in LOOPBACK and not server.admin.token:
        text = f"the admin listener is on {server.admin.host}; set EQUICACHE_ADMIN_TOKEN, or read the banner's"
        yield Finding(Level.NOTE, "admin", text)
    for upstream in config.upstreams.values() if server.access_keys else ():
        if upstream.api_key is None:
            text = "it has no api_key, so the access keys that clients send go to it as they are"
            yield Finding(Level.NOTE, f"upstream {upstream.name}", text)
    if server.host not in LOOPBACK and not server.access_keys:
        text = f"on {server.host} anyone who reaches the port can forward with a key of their own"
        yield Finding(Level.NOTE, "server", text)


def models(config: Config) -> Iterator[Finding]:
    """Digests and the start self-test, as at start."""
    try:
        loaded = open_models(config)
    except (ModelMismatch, BackendError, OSError) as exc:
        yield Finding(Level.FAULT, "models", str(exc))
        return
    with closing(loaded):
        fault = loaded.check() if loaded.models is not None else loaded.why
        if fault or loaded.models is None:
            text = f"{fault.rstrip('.')}; only identical requests are answered from memory"
            yield Finding(Level.FAULT, "models", text)
            return
        digests = f"embedder {loaded.models.embedder.digest[:12]}, scorer {loaded.models.scorer.digest[:12]}"
        yield Finding(Level.OK, "models", f"{digests}; the golden pairs score as they did when shipped")
        for about, text in lines(promises(config.domains, loaded.thresholds.current)):
            yield Finding(Level.NOTE, about, text)


def store(config: Config) -> Iterator[Finding]:
    """Reachable, durable, and free of an eviction that would throw labels away."""
    if file := sqlite_file(config.store):
        yield (found := _file(file))
        if found.level is Level.OK and ledger_file(file).exists():
            yield from _switch(config)
    elif config.store.startswith("memory:"):
        yield Finding(Level.NOTE, "store", "memory:// forgets everything at the end")
    else:
        looks = list(_redis(config.store))
        yield from looks
        if looks[0].level is Level.OK:
            yield from _switch(config)


def _switch(config: Config) -> Iterator[Finding]:
    """The kill switch is kept in the store, so that nothing in the configuration shows it."""
    try:
        if asyncio.run(is_switched_off(config)):
            yield Finding(Level.NOTE, "store", SWITCHED_OFF)
    except BackendError as exc:
        yield Finding(Level.UNREACHABLE, "store", str(exc))


def _file(file: Path) -> Finding:
    directory = file.absolute().parent
    if not directory.is_dir():
        return Finding(Level.NOTE, "store", f"the folder {directory} is not there; the proxy makes it at its start")
    if fault := file_fault(file):
        return Finding(Level.UNREACHABLE, "store", fault)
    return Finding(Level.OK, "store", f"{file} can be written")


def file_fault(file: Path) -> str:
    """What keeps a SQLite store from working, and what to do; "" for nothing. It leaves nothing behind: a look that
    makes the file would be the first to spoil the place. Nor may it open it by itself: closing it again would give up
    the locks of this process's store (POSIX), and the next program to leave would take `-wal` for its own.
    """
    try:
        with TemporaryFile(dir=file.absolute().parent, buffering=0) as probe:
            probe.write(bytes(PAGE_BYTES))
        for one, schema in zip((file, ledger_file(file)), SQLITE_SCHEMAS, strict=True):
            if one.exists():
                if not os.access(one, os.R_OK | os.W_OK):
                    raise OSError(0, "no permission, or a read-only disk")
                version, is_ours = _read(one, schema.is_in)
                if not is_ours:
                    return f"{one} is another program's database; {OTHER_FILE}"
                if version not in (0, schema.version):
                    release = f"another release (schema {version}, here {schema.version})"
                    return f"{one} was written by {release}; run that one, or {OTHER_FILE}"
    except OSError as exc:
        return f"{file} cannot be written ({exc.strerror}); {OTHER_FILE}"
    except sqlite3.Error as exc:
        return f"{one} is damaged or no database ({exc}); move it away while the proxy is stopped, or restore a backup"
    return ""


def _read(file: Path, is_ours: Callable[[sqlite3.Connection], bool]) -> tuple[int, bool]:
    """The version of its tables, 0 before there are any, and whether they are ours. Raises sqlite3.Error, OSError. It
    reads the first page and the length alone: a cut file is found at once."""
    if not file.is_file():
        raise OSError(0, "it is no plain file")
    connection = sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True, timeout=TIMEOUT_S)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0]), is_ours(connection)
    finally:
        connection.close()


def _redis(url: str) -> Iterator[Finding]:
    try:
        client = redis.Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
    except ValueError as exc:
        yield Finding(Level.FAULT, "store", f"the client of Redis cannot read what stands behind the ? ({exc})")
        return
    try:
        client.ping()
        looks = [*_obeyed(client), *_settings(client)]
    except redis.RedisError as exc:
        yield Finding(Level.UNREACHABLE, "store", f"Redis does not answer ({_line(exc)})")
        return
    except TypeError as exc:
        yield Finding(Level.FAULT, "store", f"the client of Redis does not know what stands behind the ? ({exc})")
        return
    finally:
        client.close()
    yield from looks


def _obeyed(client: redis.Redis) -> Iterator[Finding]:
    """Whether it does what the proxy asks of it: one that is full, a replica, or has an ACL answers all the same."""
    try:
        client.eval("return redis.call('SET', KEYS[1], '', 'PX', 1)", 1, f"{REDIS_PREFIX}check")
    except redis.ConnectionError:
        raise
    except redis.ResponseError as exc:
        text = f"Redis answers, but refuses to run a script that writes below {REDIS_PREFIX} ({_line(exc)})"
        yield Finding(Level.UNREACHABLE, "store", f"{text}: nothing is remembered, and no report is kept")
    else:
        yield Finding(Level.OK, "store", "Redis answers")


def _settings(client: redis.Redis) -> Iterator[Finding]:
    """Those that can lose what it was told. Hosted ones mostly do not say them."""
    try:
        persistence = client.info("persistence")
        policy = str(client.config_get("maxmemory-policy").get("maxmemory-policy", ""))
    except redis.ConnectionError:
        raise
    except redis.ResponseError as exc:
        text = (
            f"Redis does not tell its settings ({_line(exc)}); let it append to a file, and evict nothing (noeviction)"
        )
        yield Finding(Level.NOTE, "store", text)
        return
    if not int(persistence.get("aof_enabled", 0)):
        text = "append-only file is off: a crash loses every write since the last snapshot; CONFIG SET appendonly yes"
        yield Finding(Level.NOTE, "store", text)
    if policy.startswith("allkeys-"):
        text = f"maxmemory-policy {policy} throws reports of bad hits away; use noeviction"
        yield Finding(Level.FAULT, "store", text)


def _line(exc: Exception) -> str:
    return " ".join(str(exc).split())[:120]
