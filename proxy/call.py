"""One request as it came, and what its head says whatever its body is: who asks, where, under which conditions.

Clients send the same head with every body, so heads are known again by a hash over what decides in them. No credential
is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from proxy.control import Control
from proxy.core.answer_headers import answer_headers, body_type, is_answer_header, told_apart_by
from proxy.core.conditions import Conditions, conditions_of
from proxy.core.headers import OUR_PREFIX, is_utf8, named_by_connection, values
from proxy.core.lru import SegmentedLru
from proxy.core.policy import domain_for
from proxy.core.reasons import BypassReason
from proxy.core.request import Endpoint
from proxy.core.route import Domain, Route, TenancyKind
from proxy.core.scope import ScopeContext
from proxy.core.tenant import Caller, caller_digest, has_credential, is_credential, tenant_of
from proxy.ports import UpstreamCall

HEADS_BYTES = 8 * 1024 * 1024

ALWAYS_DECISIVE = frozenset(
    {b"cache-control", b"connection", b"cookie", b"content-encoding", b"content-type", b"sec-websocket-protocol"}
)
MAX_NAMES = 10_000
MAX_NAME_BYTES = 100
"""A header's name may be 64 KB long; who sends new ones would fill the memory with them."""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One request as it came.

    headers: all of them, raw. body: the original bytes. plain: undoes the body's content coding (None: it cannot be
    read). outgoing: the call that forwards it; raises BadRequest where it may not be forwarded. barred: why it is not
    looked up, whatever it asks; nobody reads its body then.
    """

    path: str
    query: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    endpoint: Endpoint
    route: Route
    is_trusted: bool
    plain: Callable[[], bytes | None]
    outgoing: Callable[[], UpstreamCall]
    barred: BypassReason | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What all requests with this head have in common on this route.

    credential: who asks, 32 bytes. generation: the domain's, and secret: the tenants', when this was read; without a
    secret nobody can be told apart.
    """

    route: Route
    domain: Domain
    is_domain_refused: bool
    conditions: Conditions
    is_utf8: bool
    has_cookie: bool
    credential: bytes
    generation: int
    secret: bytes | None = field(repr=False)
    _context: ScopeContext | BypassReason | None

    def context(self, call: Call, user: str | None) -> ScopeContext | BypassReason:
        """Where the call's scope begins, or why it has none. user: of the body, which some tenancies read."""
        if self._context is not None:
            return self._context
        return _context(call, self.domain, self.generation, self.secret, user)


class Heads:
    """Reads heads, and knows them again."""

    def __init__(self, control: Control, decisive_headers: frozenset[bytes]) -> None:
        """decisive_headers: lower-case names that the configuration reads, beside those that are always read."""
        self._control = control
        self._decisive = dict.fromkeys(decisive_headers | ALWAYS_DECISIVE, True)
        self._known: SegmentedLru[bytes, Head] = SegmentedLru(HEADS_BYTES, _weight)

    def key(self, target: str, headers: Sequence[tuple[bytes, bytes]], *, is_trusted: bool) -> bytes:
        """32 bytes, a hash over everything that `head` reads, and the routing. target: raw; an empty query may be left
        out.

        Header values cannot run into each other: the lengths of all parts come first.
        """
        if "?" not in target:
            target += "?"
        parts = [b"1" if is_trusted else b"0", target.encode("utf-8", "surrogateescape")]
        decisive = self._decisive
        for name, value in headers:
            is_decisive = decisive.get(name)
            if is_decisive or (is_decisive is None and self._is_decisive(name)):
                parts += (name, value)
        lengths = ",".join([str(len(part)) for part in parts])
        return hashlib.blake2b(b"".join([lengths.encode(), b"\n", *parts]), digest_size=32).digest()

    def head(self, call: Call, key: bytes) -> Head:
        """What the call's head says. key: by `key`."""
        key += call.route.name.encode()  # the model may choose among routes
        head = self._known.get(key)
        if head is None or not self._is_of(head, call.route):
            head = _read(call, self._control)
            if not has_credential(call.query):  # the context has it as it came
                self._known.put(key, head)
        return head

    def _is_of(self, head: Head, route: Route) -> bool:
        control = self._control
        return (
            head.route is route
            and head.secret == control.secret
            and head.generation == control.generation(head.domain.name)
        )

    def _is_decisive(self, name: bytes) -> bool:
        lower = name.lower()
        decisive = (
            bool(self._decisive.get(lower))
            or lower.startswith((OUR_PREFIX, b"openai-"))
            or is_credential(lower)
            or is_answer_header(lower)
        )
        if len(self._decisive) < MAX_NAMES and len(name) <= MAX_NAME_BYTES:
            self._decisive[name] = decisive
        return decisive


def _weight(head: Head) -> int:
    return 2048 + (head._context.weight if isinstance(head._context, ScopeContext) else 0)


def _read(call: Call, control: Control) -> Head:
    conditions = conditions_of(call.headers)
    domain, is_domain_refused = domain_for(call.route, conditions.domain)
    generation, secret = control.generation(domain.name), control.secret
    return Head(
        route=call.route,
        domain=domain,
        is_domain_refused=is_domain_refused,
        conditions=conditions,
        is_utf8=is_utf8(call.headers),
        has_cookie=bool(values(call.headers, b"cookie")),
        credential=_credential(call, secret),
        generation=generation,
        secret=secret,
        _context=None if domain.tenancy.kind is TenancyKind.USER else _context(call, domain, generation, secret, None),
    )


def _credential(call: Call, secret: bytes | None) -> bytes:
    if secret is None:
        return b""
    return caller_digest(_end_to_end(call.headers), call.query, secret, call.route.upstream.name)


def _context(
    call: Call, domain: Domain, generation: int, secret: bytes | None, user: str | None
) -> ScopeContext | BypassReason:
    if secret is None:
        return BypassReason.STATE_UNAVAILABLE
    route, headers = call.route, _end_to_end(call.headers)
    caller = Caller(headers, call.query, user, call.is_trusted)
    tenant = tenant_of(caller, domain.tenancy, secret, route.upstream.name)
    if isinstance(tenant, BypassReason):
        return tenant
    return ScopeContext(
        tenant=tenant,
        route=route.name,
        domain=domain.name,
        generation=generation,
        base_url=route.upstream.base_url,
        endpoint=call.endpoint,
        target=f"{call.path}?{call.query}" if call.query else call.path,
        headers=body_type(headers) + answer_headers(headers, route.scope_headers),
        stored_kinds=domain.stored_kinds,
        told_apart_by=told_apart_by(route.scope_headers),
    )


def _end_to_end(headers: Sequence[tuple[bytes, bytes]]) -> Sequence[tuple[bytes, bytes]]:
    """Without what `Connection` names: it does not go upstream, so nothing of it is in the answer."""
    named = named_by_connection(headers)
    return [field for field in headers if field[0].lower() not in named]
