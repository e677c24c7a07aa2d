"""Typed keys to core records, with the faults that one key has about another."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit

import re2
from pydantic import SecretStr

from proxy.config.schema import HEADER_NAME, ConfigKeys, DomainKeys, RouteKeys, UpstreamKeys
from proxy.config.settings import AdminSettings, Config, ModelSettings, Price, ServerSettings, without_password
from proxy.config.source import Location, Source, one_of, problem
from proxy.core.reasons import CacheMode
from proxy.core.route import Domain, Pattern, Route, RouteMatch, Tenancy, TenancyKind, Upstream
from proxy.errors import ConfigError

DEFAULT_UPSTREAM = "openai"
"""Whose address need not be said: what is meant for one's own machine (`${VLLM_URL:-}`) must not go there instead."""
MAX_PATTERNS = 8
STORE_SCHEMES = ("redis", "rediss", "sqlite", "memory")
EVERYWHERE = frozenset({"0.0.0.0", "::", ""})
THIS_MACHINE = EVERYWHERE | {"localhost", "127.0.0.1", "::1"}
"""Addresses on which one listens and calls the same port; more than what only this machine can reach."""
_NO_FILE = re.compile(r"^~|^:memory:$|[$?\x00-\x1f\x7f]")
"""What a shell or another library would read into the name of a SQLite file, and the line break of a secret's file."""

Named = TypeVar("Named")


class Builder:
    """Turns typed keys into core records and collects what one key says wrongly about another."""

    def __init__(self, source: Source, keys: ConfigKeys) -> None:
        self._source = source
        self._keys = keys
        self._problems: list[str] = []

    def config(self) -> Config:
        keys = self._keys
        self._check_store()
        upstreams = {name: self._upstream(name, value) for name, value in keys.upstreams.items()}
        domains = {name: self._domain(name, value) for name, value in keys.domains.items()}
        routes = tuple(self._route(number, value, upstreams, domains) for number, value in enumerate(keys.routes))
        server = self._server()
        self._check_routes(routes)
        if self._problems:
            raise ConfigError("\n".join(self._problems))
        return Config(
            source=self._source.name,
            semantic=keys.semantic,
            server=server,
            store=keys.store,
            models=ModelSettings(keys.models.embedder, keys.models.scorer),
            upstreams=upstreams,
            domains=domains,
            routes=routes,
            prices={name: Price(price.input, price.output) for name, price in keys.prices.items()},
        )

    def _wrong(self, location: Location, found: str, expected: str) -> None:
        self._problems.append(problem(self._source, location, found, expected))

    def _server(self) -> ServerSettings:
        keys = self._keys.server
        hosts = {keys.host, keys.admin.host}
        for where, host in ((("server", "host"), keys.host), (("server", "admin", "host"), keys.admin.host)):
            if not _is_host(host):
                expected = "an address or a name without scheme, port and brackets: 0.0.0.0, ::1, localhost"
                self._wrong(where, f"found {host!r}", expected)
        if keys.port == keys.admin.port != 0 and (len(hosts) == 1 or hosts & EVERYWHERE or hosts <= THIS_MACHINE):
            self._wrong(
                ("server", "admin", "port"), f"found {keys.port}, which is server.port too", "a port of its own"
            )
        return ServerSettings(
            host=keys.host,
            port=keys.port,
            workers=keys.workers,
            drain_delay_s=keys.drain_delay_s,
            drain_timeout_s=keys.drain_timeout_s,
            access_keys=tuple(key.get_secret_value() for key in keys.access_keys),
            tenant_secret=_plain(keys.tenant_secret),
            trusted_proxies=self._networks(keys.trusted_proxies),
            log=keys.log,
            admin=AdminSettings(keys.admin.host, keys.admin.port, _plain(keys.admin.token)),
        )

    def _networks(self, texts: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        networks = []
        for number, text in enumerate(texts):
            try:
                networks.append(ipaddress.ip_network(text, strict=False))
            except ValueError:
                where = ("server", "trusted_proxies", number)
                self._wrong(where, f"found {text!r}", "an address or a network like 10.0.0.0/8")
        return tuple(networks)

    def _check_store(self) -> None:
        scheme = self._keys.store.partition("://")[0] if "://" in self._keys.store else ""
        if scheme not in STORE_SCHEMES:
            self._wrong(
                ("store",),
                f"found the scheme {scheme!r}",
                "redis://host:port/db, rediss://…, sqlite:///path or memory://",
            )
        if scheme in {"redis", "rediss"} and not _is_redis_url(self._keys.store):
            self._wrong(
                ("store",),
                f"found {without_password(self._keys.store)!r}",
                "redis://user:password@host:port/number, a / ? # or @ in the password written %2F %3F %23 %40",
            )
        if scheme == "sqlite" and not _names_a_file(self._keys.store):
            self._wrong(
                ("store",),
                f"found {without_password(self._keys.store)!r}",
                "three slashes and a file: sqlite:///equicache.db in this folder, sqlite:////var/lib/equicache.db, in "
                "YAML sqlite:///${HOME}/equicache.db (~, $, ? would be part of its name); memory:// for no file",
            )
        if scheme == "memory" and self._keys.server.workers > 1:
            self._wrong(
                ("server", "workers"),
                f"found {self._keys.server.workers} workers with store memory://",
                "1, or a store that workers can share (sqlite:///path, redis://…)",
            )

    def _upstream(self, name: str, keys: UpstreamKeys) -> Upstream:
        where = ("upstreams", name, "base_url")
        if name != DEFAULT_UPSTREAM and "base_url" not in keys.model_fields_set:
            self._wrong(("upstreams", name), "found no base_url", f"its address; only {DEFAULT_UPSTREAM}'s is known")
        elif not _is_base_url(keys.base_url):
            self._wrong(
                where,
                f"found {without_password(keys.base_url)!r}",
                "http(s)://host/path without query, fragment, password, blanks or dot segments, the host as names are "
                "looked up (xn--…)",
            )
        elif self._is_ourselves(keys.base_url):
            self._wrong(where, "found the proxy's own address", "the address of a provider")
        if keys.api_key is not None and not self._keys.server.access_keys:
            self._wrong(
                ("upstreams", name, "api_key"),
                "found a key of the provider and no server.access_keys",
                "server.access_keys, or anyone who reaches the port could spend that key",
            )
        if keys.ca_file is not None and not os.path.isfile(keys.ca_file):  # Path's raises for a name that is too long
            self._wrong(("upstreams", name, "ca_file"), f"found no file {keys.ca_file[:60]!r}", "a PEM file")
        return Upstream(
            name=name,
            base_url=keys.base_url.rstrip("/"),
            timeout_s=keys.timeout_s,
            connect_timeout_s=keys.connect_timeout_s,
            api_key=_plain(keys.api_key),
            ca_file=keys.ca_file,
        )

    def _is_ourselves(self, base_url: str) -> bool:
        url, server = urlsplit(base_url), self._keys.server
        port = url.port or (443 if url.scheme == "https" else 80)
        for host, own_port in ((server.host, server.port), (server.admin.host, server.admin.port)):
            is_same_host = url.hostname == host or (url.hostname in THIS_MACHINE and host in THIS_MACHINE)
            if is_same_host and port == own_port:
                return True
        return False

    def _domain(self, name: str, keys: DomainKeys) -> Domain:
        where = ("domains", name)
        count = len(keys.scope.mask) + (keys.prompt.extract is not None)
        if count > MAX_PATTERNS:
            self._wrong((*where, "scope", "mask"), f"found {count} patterns", f"at most {MAX_PATTERNS} with extract")
        masks = [
            self._pattern((*where, "scope", "mask", number), text, needs_group=False)
            for number, text in enumerate(keys.scope.mask)
        ]
        extract = keys.prompt.extract
        return Domain(
            name=name,
            max_false_hit_rate=keys.max_false_hit_rate,
            threshold=keys.threshold,
            ttl_s=keys.ttl_s,
            max_entries=keys.max_entries,
            eviction=keys.eviction,
            tenancy=self._tenancy((*where, "tenancy"), keys.tenancy),
            languages=keys.languages,
            max_prompt_tokens=keys.max_prompt_tokens,
            max_response_bytes=keys.max_response_bytes,
            quarantine_after=keys.quarantine_after,
            bypass=frozenset(keys.bypass),
            scope_ignore=keys.scope.ignore,
            scope_mask=tuple(mask for mask in masks if mask is not None),
            prompt_extract=None
            if extract is None
            else self._pattern((*where, "prompt", "extract"), extract, needs_group=True),
        )

    def _pattern(self, where: Location, text: str, *, needs_group: bool) -> Pattern | None:
        options = re2.Options()
        options.log_errors = False
        try:
            pattern = re2.compile(text, options)
        except re2.error as exc:
            detail = exc.args[0].decode(errors="replace") if exc.args and isinstance(exc.args[0], bytes) else str(exc)
            self._wrong(where, f"found {text[:60]!r} ({detail})", "an RE2 pattern (no look-around, no back-references)")
            return None
        if needs_group and pattern.groups < 1:
            self._wrong(where, f"found {text[:60]!r} without a group", "a pattern with the question in ( )")
        if not needs_group and pattern.search("") is not None:
            self._wrong(where, f"found {text[:60]!r}, which matches the empty text", "a pattern that needs some text")
        return cast(Pattern, pattern)

    def _tenancy(self, where: Location, text: str) -> Tenancy:
        kind, _, header = text.partition(":")
        needs_header = kind in {TenancyKind.HEADER, TenancyKind.HEADER_ONLY}
        is_name = re.fullmatch(HEADER_NAME, header) is not None
        if kind not in set(TenancyKind) or needs_header != is_name or (":" in text and not needs_header):
            self._wrong(where, f"found {text!r}", "credential, user, header:NAME, header_only:NAME or shared")
            return Tenancy()
        if kind == TenancyKind.HEADER_ONLY and not self._keys.server.trusted_proxies:
            self._wrong(where, f"found {text!r} and no server.trusted_proxies", "the proxies whose header is believed")
        return Tenancy(TenancyKind(kind), header.lower())

    def _route(
        self, number: int, keys: RouteKeys, upstreams: Mapping[str, Upstream], domains: Mapping[str, Domain]
    ) -> Route:
        where = ("routes", number)
        is_off = keys.cache is CacheMode.OFF and keys.domain is None  # nothing is remembered, so any domain will do
        domain = next(iter(domains.values())) if is_off else self._named((*where, "domain"), keys.domain, domains)
        choices = {name: self._named((*where, "domains", at), name, domains) for at, name in enumerate(keys.domains)}
        return Route(
            name=keys.name,
            match=RouteMatch(
                keys.match.path, keys.match.model, {name.lower(): text for name, text in keys.match.headers.items()}
            ),
            upstream=self._named((*where, "upstream"), keys.upstream, upstreams),
            domain=domain,
            domains=choices,
            cache=keys.cache,
            max_temperature=keys.max_temperature,
            scope_headers=tuple(name.lower() for name in keys.scope.headers),
            stateless_fields=frozenset(keys.stateless_fields),
            max_request_bytes=keys.max_request_bytes,
            debug_headers=keys.debug_headers,
        )

    def _named(self, where: Location, name: str | None, choices: Mapping[str, Named]) -> Named:
        """The record of that name, or the only one; after a fault the first, so that all faults are found at once."""
        first = next(iter(choices.values()))
        if name is None and len(choices) > 1:
            self._wrong(where, "missing", one_of("", choices))
        if name is not None and name not in choices:
            self._wrong(where, f"found {name!r}", one_of(name, choices))
        return choices.get(name or "", first)

    def _check_routes(self, routes: tuple[Route, ...]) -> None:
        seen: set[str] = set()
        for number, route in enumerate(routes):
            if route.name in seen:
                self._wrong(("routes", number, "name"), f"found {route.name!r} a second time", "a name of its own")
            seen.add(route.name)
        if len(self._keys.upstreams) > 1 and not (routes and _takes_everything(routes[-1])):
            self._wrong(
                ("routes",),
                f"found {len(self._keys.upstreams)} upstreams and no last route for what no other takes",
                'a last route like {name: rest, match: {path: "*"}, upstream: NAME, cache: off}',
            )


def _takes_everything(route: Route) -> bool:
    return set(route.match.path) <= {"*"} and route.match.model == "*" and not route.match.headers


def _names_a_file(sqlite_url: str) -> bool:
    """A `~` would be a folder of that name, which somebody may remove one day as a shell understands it; so would
    `${HOME}` in a variable. Of `:memory:`, which is no file, each connection would have one of its own.
    """
    prefix, found, path = sqlite_url.partition("sqlite:///")
    return bool(not prefix and found and Path(path).name and not _NO_FILE.search(path))


def _is_host(text: str) -> bool:
    try:
        return re.fullmatch(r"[A-Za-z0-9._-]*", text) is not None or bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _is_base_url(text: str) -> bool:
    """Also without a line break at its end, as a secret's file has one, which `urlsplit` would pass over."""
    if not text.isprintable() or " " in text:
        return False
    try:
        url = urlsplit(text)
        return (
            url.scheme in {"http", "https"}
            and bool(url.hostname and url.hostname.isascii() and url.hostname.encode("idna"))
            and not (url.query or url.fragment or url.username or url.password or url.port == 0)
            and not {".", ".."} & set(url.path.split("/"))
        )
    except ValueError:  # the encoding's, too: an empty part of the name, or one that is too long
        return False


def _is_redis_url(text: str) -> bool:
    """Whether what a password holds unencoded (`/`, `?`, `#`) cuts it, or a port is none (`tcp://…` of Kubernetes)."""
    try:
        url = urlsplit(text)
        is_whole = bool(url.hostname) or "@" not in text
        return is_whole and url.port != 0 and not url.fragment and re.fullmatch(r"/?\d*", url.path) is not None
    except ValueError:
        return False


def _plain(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
