"""From a call to an ask: plan, tenant and scope of one request, or why it bypasses memory.

What a request asks depends only on its bytes, the configuration and the domain's generation. So a request that is
asked again word for word is recognised by one hash over its original bytes, before anything is parsed.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from proxy.call import Call, Head, Heads
from proxy.control import Control
from proxy.core.answers.adapter import AnswerAdapter, Wanted
from proxy.core.answers.responses import echo_of
from proxy.core.conditions import Conditions
from proxy.core.entry import Form
from proxy.core.headers import values
from proxy.core.lru import SegmentedLru
from proxy.core.policy import Bypass, ExactOnly, Semantic, plan
from proxy.core.reasons import BypassReason
from proxy.core.request import Endpoint, Request, deployment_of, parse_request
from proxy.core.route import Domain, Route
from proxy.core.scope import Scope, hidden_fields, scope_of
from proxy.core.tenant import user_of

KNOWN_BYTES = 32 * 1024 * 1024
LONG_BYTES = 64 * 1024
"""Above it parsing, checking and hashing take milliseconds."""

RAW_KEYS = 20_000
"""Some 400 bytes each; a client whose every head differs (tracing) must not push out the others' for long."""

PARSED_PER_BYTE = 8
"""What a parsed body weighs, by the bytes of its text: measured 4 to 9 for chat requests."""


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """One request that may be answered from memory, with all that the tiers need to know about it.

    tenant: who shares entries; credential: who asks, 32 bytes each. generation: the domain's, and secret: the tenants',
    when this was made. context_bytes: what its scope holds of the head.
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
    context_bytes: int = 0

    def is_of(self, control: Control) -> bool:
        """Whether it would be made the same now: domain not flushed since, tenants told apart by the same secret."""
        return self.generation == control.generation(self.domain.name) and self.secret == control.secret


class Asker:
    """Makes asks, and knows those again that were answered from memory before."""

    def __init__(
        self, control: Control, adapters: Mapping[str, AnswerAdapter], decisive_headers: frozenset[bytes]
    ) -> None:
        """decisive_headers: see `Heads`."""
        self._control = control
        self._adapters = adapters
        self._heads = Heads(control, decisive_headers)
        self._known: SegmentedLru[bytes, Ask] = SegmentedLru(KNOWN_BYTES, _weight)
        self._raw: SegmentedLru[bytes, bytes] = SegmentedLru(RAW_KEYS)

    def ask(self, call: Call) -> tuple[Ask | Bypass, bytes]:
        """What the call asks, and the key under which `keep` will know it again."""
        head_key, key = self._keys(call)
        return self._recognised(call, key) or self._made(call, self._heads.head(call, head_key)), key

    async def asked(self, call: Call) -> tuple[Ask | Bypass, bytes]:
        """As `ask`; what takes long to read is read in a thread, and nobody else waits for it (R3)."""
        head_key, key = self._keys(call)
        if known := self._recognised(call, key):
            return known, key
        head = self._heads.head(call, head_key)
        if is_long(call.headers, call.body):
            return await asyncio.to_thread(self._made, call, head), key
        return self._made(call, head), key

    def _keys(self, call: Call) -> tuple[bytes, bytes]:
        head_key = self._heads.key(f"{call.path}?{call.query}", call.headers, is_trusted=call.is_trusted)
        return head_key, hashlib.blake2b(head_key + call.body, digest_size=32).digest()

    def _recognised(self, call: Call, key: bytes) -> Ask | None:
        known = self.known(key)
        return known if known is not None and known.route is call.route else None

    def known(self, key: bytes) -> Ask | None:
        """What was asked for under this key before, as long as it `is_of` the present facts."""
        known = self._known.get(key)
        return known if known is not None and known.is_of(self._control) else None

    def keep(self, key: bytes, ask: Ask) -> None:
        """Worth knowing: it was asked for the second time."""
        if self._known.get(key) is not ask:
            self._known.put(key, ask)

    def key(self, target: str, headers: Sequence[tuple[bytes, bytes]], body: bytes, *, is_trusted: bool) -> bytes:
        """One hash over everything that `_made` reads, and the routing; the first four as `Heads.key` has them."""
        head_key = self._heads.key(target, headers, is_trusted=is_trusted)
        return hashlib.blake2b(head_key + body, digest_size=32).digest()

    def keep_raw(self, raw: bytes, key: bytes, *, is_trusted: bool) -> None:
        """Under which key is known what these bytes ask: all bytes of one request, which says nothing but this."""
        self._raw.put(_raw_key(raw, is_trusted=is_trusted), key)

    def key_of_raw(self, raw: bytes, *, is_trusted: bool) -> bytes | None:
        """What `keep_raw` has kept: hashing a head is cheaper than reading it."""
        return self._raw.get(_raw_key(raw, is_trusted=is_trusted))

    def _made(self, call: Call, head: Head) -> Ask | Bypass:
        body = call.plain() if head.is_utf8 else None
        request = (
            BypassReason.UNPARSEABLE if body is None else parse_request(call.endpoint, body, deployment_of(call.path))
        )
        planned = plan(request, call.route, head.domain, head.conditions, has_cookie=head.has_cookie)
        if isinstance(planned, Bypass):
            return planned
        assert isinstance(request, Request)
        context = head.context(call, user_of(request.fields))
        if isinstance(context, BypassReason):
            return Bypass(context)
        assert head.secret is not None
        return Ask(
            request=request,
            route=call.route,
            domain=head.domain,
            adapter=self._adapters[call.endpoint],
            plan=planned,
            scope=scope_of(request, context, head.domain),
            conditions=head.conditions,
            tenant=context.tenant,
            credential=head.credential,
            generation=head.generation,
            secret=head.secret,
            wanted=_wanted(request, head.domain),
            is_domain_refused=head.is_domain_refused,
            body_bytes=len(body or b""),
            context_bytes=context.weight,
        )


def is_long(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> bool:
    """Whether reading this body would hold up the event loop; how much a coded one becomes nobody knows before."""
    return len(body) > LONG_BYTES or bool(values(headers, b"content-encoding"))


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
    return 4096 + PARSED_PER_BYTE * ask.body_bytes + ask.context_bytes
