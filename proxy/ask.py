"""From a call to an ask: plan, tenant and scope of one request, or why it bypasses memory.

What a request asks depends only on its bytes, the configuration and the domain's generation. So a request that is
asked again word for word is recognised by one hash over its original bytes, before anything is parsed.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from proxy.control import Control
from proxy.core.answer_headers import answer_headers, body_type, is_answer_header, told_apart_by
from proxy.core.answers.adapter import AnswerAdapter, Wanted
from proxy.core.answers.responses import echo_of
from proxy.core.conditions import Conditions, conditions_of
from proxy.core.entry import Form
from proxy.core.headers import OUR_PREFIX, is_utf8, named_by_connection, values
from proxy.core.lru import SegmentedLru
from proxy.core.policy import Bypass, ExactOnly, Semantic, domain_for, plan
from proxy.core.reasons import BypassReason
from proxy.core.request import Endpoint, Request, deployment_of, parse_request
from proxy.core.route import Domain, Route
from proxy.core.scope import Scope, ScopeContext, hidden_fields, scope_of
from proxy.core.tenant import Caller, caller_digest, is_credential, tenant_of, user_of
from proxy.ports import UpstreamCall

KNOWN_BYTES = 32 * 1024 * 1024
LONG_BYTES = 64 * 1024
"""Above it parsing, checking and hashing take milliseconds."""

RAW_KEYS = 20_000
"""Some 400 bytes each; a client whose every head differs (tracing) must not push out the others' for long."""

PARSED_PER_BYTE = 8
"""What a parsed body weighs, by the bytes of its text: measured 4 to 9 for chat requests."""


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
class Ask:
    """One request that may be answered from memory, with all that the tiers need to know about it.

    tenant: who shares entries; credential: who asks, 32 bytes each. generation: the domain's, and secret: the tenants',
    when this was made.
    """

    request: Request
    route: Route
    domain: Domain
    adapter: AnswerAdapter
    plan: Semantic | ExactOnly
    scope: Scope
    conditions: Conditions
    tenant: bytes
    credential: bytes
    generation: int
    secret: bytes = field(repr=False)
    wanted: Wanted
    is_domain_refused: bool = False
    body_bytes: int = 0

    def is_of(self, control: Control) -> bool:
        """Whether it would be made the same now: domain not flushed since, tenants told apart by the same secret."""
        return self.generation == control.generation(self.domain.name) and self.secret == control.secret


class Asker:
    """Makes asks, and knows those again that were answered from memory before."""

    def __init__(
        self, control: Control, adapters: Mapping[str, AnswerAdapter], decisive_headers: frozenset[bytes]
    ) -> None:
        """decisive_headers: lower-case names that the configuration reads, beside those that are always read."""
        self._control = control
        self._adapters = adapters
        self._decisive = dict.fromkeys(decisive_headers | ALWAYS_DECISIVE, True)
        self._known: SegmentedLru[bytes, Ask] = SegmentedLru(KNOWN_BYTES, _weight)
        self._raw: SegmentedLru[bytes, bytes] = SegmentedLru(RAW_KEYS)

    def ask(self, call: Call) -> tuple[Ask | Bypass, bytes]:
        """What the call asks, and the key under which `keep` will know it again."""
        known, key = self._recognised(call)
        return known or self._made(call), key

    async def asked(self, call: Call) -> tuple[Ask | Bypass, bytes]:
        """As `ask`; what takes long to read is read in a thread, and nobody else waits for it (R3)."""
        known, key = self._recognised(call)
        if known is None and is_long(call.headers, call.body):
            return await asyncio.to_thread(self._made, call), key
        return known or self._made(call), key

    def _recognised(self, call: Call) -> tuple[Ask | None, bytes]:
        key = self.key(f"{call.path}?{call.query}", call.headers, call.body, is_trusted=call.is_trusted)
        known = self.known(key)
        return (known if known is not None and known.route is call.route else None), key

    def known(self, key: bytes) -> Ask | None:
        """What was asked for under this key before, as long as it `is_of` the present facts."""
        known = self._known.get(key)
        return known if known is not None and known.is_of(self._control) else None

    def keep(self, key: bytes, ask: Ask) -> None:
        """Worth knowing: it was asked for the second time."""
        if self._known.get(key) is not ask:
            self._known.put(key, ask)

    def key(self, target: str, headers: Sequence[tuple[bytes, bytes]], body: bytes, *, is_trusted: bool) -> bytes:
        """One hash over everything that `_made` reads, and the routing. target: raw; an empty query may be left out.

        Header values cannot run into each other or into the body: the lengths of all parts come first.
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
        return hashlib.blake2b(b"".join([lengths.encode(), b"\n", *parts, body]), digest_size=32).digest()

    def keep_raw(self, raw: bytes, key: bytes, *, is_trusted: bool) -> None:
        """Under which key is known what these bytes ask: all bytes of one request, which says nothing but this."""
        self._raw.put(_raw_key(raw, is_trusted=is_trusted), key)

    def key_of_raw(self, raw: bytes, *, is_trusted: bool) -> bytes | None:
        """What `keep_raw` has kept: hashing a head is cheaper than reading it."""
        return self._raw.get(_raw_key(raw, is_trusted=is_trusted))

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

    def _made(self, call: Call) -> Ask | Bypass:
        conditions = conditions_of(call.headers)
        body = call.plain() if is_utf8(call.headers) else None
        request = (
            BypassReason.UNPARSEABLE if body is None else parse_request(call.endpoint, body, deployment_of(call.path))
        )
        domain, is_domain_refused = domain_for(call.route, conditions.domain)
        planned = plan(request, call.route, domain, conditions, has_cookie=bool(values(call.headers, b"cookie")))
        if isinstance(planned, Bypass):
            return planned
        assert isinstance(request, Request)
        secret = self._control.secret
        if secret is None:
            return Bypass(BypassReason.STATE_UNAVAILABLE)
        upstream = call.route.upstream
        headers = _end_to_end(call.headers)
        caller = Caller(headers, call.query, user_of(request.fields), call.is_trusted)
        tenant = tenant_of(caller, domain.tenancy, secret, upstream.name)
        if isinstance(tenant, BypassReason):
            return Bypass(tenant)
        generation = self._control.generation(domain.name)
        context = ScopeContext(
            tenant=tenant,
            route=call.route.name,
            domain=domain.name,
            generation=generation,
            base_url=upstream.base_url,
            endpoint=call.endpoint,
            target=f"{call.path}?{call.query}" if call.query else call.path,
            headers=body_type(headers) + answer_headers(headers, call.route.scope_headers),
            stored_kinds=domain.stored_kinds,
            told_apart_by=told_apart_by(call.route.scope_headers),
        )
        return Ask(
            request=request,
            route=call.route,
            domain=domain,
            adapter=self._adapters[call.endpoint],
            plan=planned,
            scope=scope_of(request, context, domain),
            conditions=conditions,
            tenant=tenant,
            credential=caller_digest(headers, call.query, secret, upstream.name),
            generation=generation,
            secret=secret,
            wanted=_wanted(request, domain),
            is_domain_refused=is_domain_refused,
            body_bytes=len(body or b""),
        )


ALWAYS_DECISIVE = frozenset(
    {b"cache-control", b"connection", b"cookie", b"content-encoding", b"content-type", b"sec-websocket-protocol"}
)
MAX_NAMES = 10_000
MAX_NAME_BYTES = 100
"""A header's name may be 64 KB long; who sends new ones would fill the memory with them."""


def is_long(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> bool:
    """Whether reading this body would hold up the event loop; how much a coded one becomes nobody knows before."""
    return len(body) > LONG_BYTES or bool(values(headers, b"content-encoding"))


def _end_to_end(headers: Sequence[tuple[bytes, bytes]]) -> Sequence[tuple[bytes, bytes]]:
    """Without what `Connection` names: it does not go upstream, so nothing of it is in the answer."""
    named = named_by_connection(headers)
    return [field for field in headers if field[0].lower() not in named]


def _raw_key(raw: bytes, *, is_trusted: bool) -> bytes:
    return hashlib.blake2b(raw, digest_size=32).digest() + (b"1" if is_trusted else b"0")


def _wanted(request: Request, domain: Domain) -> Wanted:
    return Wanted(
        Form.EVENTS if request.stream else Form.JSON,
        include_usage=request.include_usage,
        include_obfuscation=request.include_obfuscation is not False,
        echo=echo_of(request.fields, hidden_fields(domain)) if request.endpoint is Endpoint.RESPONSES else (),
    )


def _weight(ask: Ask) -> int:
    return 4096 + PARSED_PER_BYTE * ask.body_bytes
