"""What the operator decided, as frozen records; and which route takes a request.

Free of clients, files and the environment: `proxy.config.load` makes it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from proxy.core.route import Domain, Route, RouteMatch, Upstream

ANY = "*"
"""The pattern that a request without the thing fits, too."""


@dataclass(frozen=True, slots=True)
class AdminSettings:
    """Where the admin listener stands; token None: the door generates one."""

    host: str
    port: int
    token: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Listeners and processes. Times in seconds; log is auto, console or json."""

    host: str
    port: int
    workers: int
    drain_delay_s: float
    drain_timeout_s: float
    access_keys: tuple[str, ...] = field(repr=False)
    tenant_secret: str | None = field(repr=False)
    trusted_proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    log: str
    admin: AdminSettings


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`bundled` or a folder, each."""

    embedder: str
    scorer: str


@dataclass(frozen=True, slots=True)
class Price:
    """USD per million tokens."""

    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that the operator decided. source: the file's name, or `built-in defaults`."""

    source: str
    semantic: bool
    server: ServerSettings
    store: str = field(repr=False)
    models: ModelSettings
    upstreams: Mapping[str, Upstream]
    domains: Mapping[str, Domain]
    routes: tuple[Route, ...]
    prices: Mapping[str, Price]

    @property
    def default_upstream(self) -> Upstream:
        """The first one; it takes what no route matches (only a single upstream may stand without a last route)."""
        return next(iter(self.upstreams.values()))

    def cost_usd(self, model: str, prompt_tokens: int, completion_tokens: int) -> float:
        """By the first price whose pattern fits the model; 0 without one."""
        for pattern, price in self.prices.items():
            if fits(pattern, model):
                return (prompt_tokens * price.input + completion_tokens * price.output) / 1_000_000
        return 0.0

    def route_for(self, path: str, model: str | None, headers: Mapping[str, str]) -> Route | None:
        """The first route that matches; None: forward untouched. See `routes_for` and `taken_by`."""
        return taken_by(self.routes_for(path, headers), model)

    def routes_for(self, path: str, headers: Mapping[str, str]) -> tuple[Route | None, ...]:
        """The routes that the request's model chooses from, in order; the last takes any (None: forward untouched).

        `path` is without the query; `headers` by lower-case name.
        """
        found = []
        for route in self.routes:
            if _matches(route.match, path, headers):
                found.append(route)
                if route.match.model == ANY:
                    return tuple(found)
        return (*found, None)

    def hidden_routes(self) -> Iterator[tuple[Route, Route]]:
        """(route, the earlier one that takes all that it matches), so that the later one is never asked."""
        for at, route in enumerate(self.routes):
            earlier = next((one for one in self.routes[:at] if _takes_all(one.match, route.match)), None)
            if earlier is not None:
                yield route, earlier


def taken_by(routes: Iterable[Route | None], model: str | None) -> Route | None:
    """Which of `Config.routes_for` takes this model; None (the body names none) is taken by `*` only."""
    return next(route for route in routes if route is None or _takes_model(route.match, model))


def _takes_model(match: RouteMatch, model: str | None) -> bool:
    return match.model == ANY or (model is not None and fits(match.model, model))


def sqlite_file(store: str) -> Path | None:
    """The file that the URL of a store names; None for memory and Redis."""
    scheme, _, file = store.partition(":///")
    return Path(file) if scheme == "sqlite" else None


def without_password(url: str) -> str:
    """A URL as people may see it: what stands between the user and the last `@`, and behind a `?`, is hidden."""
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite":
        return url
    credentials, at, address = rest.rpartition("@")
    user, colon, _ = credentials.partition(":")
    address, mark, _ = address.partition("?")
    hidden = f"{user}:***@" if user and colon else "***@" if at else ""
    return f"{scheme}{separator}{hidden}{address}{'?***' if mark else ''}"


def _takes_all(earlier: RouteMatch, later: RouteMatch) -> bool:
    """A pattern that fits another pattern's text fits whatever that one fits."""
    return (
        fits(earlier.path, later.path)
        and fits(earlier.model, later.model)
        and all(later.headers.get(name) == pattern for name, pattern in earlier.headers.items())
    )


def _matches(match: RouteMatch, path: str, headers: Mapping[str, str]) -> bool:
    return fits(match.path, path) and all(
        name in headers and fits(pattern, headers[name]) for name, pattern in match.headers.items()
    )


def fits(pattern: str, text: str) -> bool:
    """`*` is any run of characters, everything else itself. No regex: linear, and nothing to compile or cache."""
    if "*" not in pattern:
        return pattern == text
    first, *middle, last = pattern.split("*")
    if not (text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last)):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        position = text.find(part, position, end)
        if position == -1:
            return False
        position += len(part)
    return True
