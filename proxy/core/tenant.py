"""Who asks: the tenant behind a request, from its credential (R11).

A tenant is an HMAC: the credential itself is never kept, compared or shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never
from urllib.parse import parse_qsl

import orjson

from proxy.core.canonical import packed
from proxy.core.reasons import BypassReason
from proxy.core.route import Tenancy, TenancyKind
from proxy.core.seal import seal

RawHeaders = Sequence[tuple[bytes, bytes]]

CREDENTIAL_HEADERS = frozenset(
    {b"authorization", b"authentication", b"openai-organization", b"openai-project", b"x-amzn-oidc-data", b"x-bf-vk"}
)
CREDENTIAL_SUFFIXES = (
    b"-key", b"apikey", b"-authorization", b"-auth", b"token", b"-jwt", b"-jwt-assertion", b"-secret", b"-password",
    b"-credential", b"-credentials",
)  # fmt: skip
"""`api-key` and what gateways add (`apikey`, `x-litellm-key`, `helicone-auth`, `cf-access-jwt-assertion`): a credential
that is taken for an ordinary header would let strangers share one tenant. `auth` alone is one, too."""

NO_CREDENTIAL_SUFFIXES = (b"idempotency-key", b"websocket-key", b"routing-key", b"cache-key")
"""Names of one request or session (SGLang's `X-SMG-Routing-Key`), and of what a gateway remembers."""

CREDENTIAL_QUERY = frozenset({"key", "api-key", "api_key", "access_token", "subscription-key"})
USER_FIELDS = ("user", "safety_identifier")
SUBPROTOCOL = b"sec-websocket-protocol"
SUBPROTOCOL_PREFIXES = (b"openai-insecure-api-key.", b"openai-organization.", b"openai-project.")


@dataclass(frozen=True, slots=True)
class Caller:
    """What identifies the sender. query: raw, without "?". is_trusted: the peer is in `server.trusted_proxies`.

    user: the body's user field, see `user_of`.
    """

    headers: RawHeaders
    query: str = ""
    user: str | None = None
    is_trusted: bool = False


def tenant_of(caller: Caller, tenancy: Tenancy, secret: bytes, upstream: str) -> bytes | BypassReason:
    """32 bytes that are equal exactly for those who may share entries; a bypass when the named field is absent."""
    parts = _identity(caller, tenancy, upstream)
    if parts is None:
        return BypassReason.TENANT_FIELD_ABSENT
    return _hmac(secret, [b"tenant", tenancy.kind.value.encode(), *parts])


def credential_digest(headers: RawHeaders, query: str, secret: bytes) -> bytes | None:
    """32 bytes for the credential alone (acceptance is kept by it, R12); None when the request carries none."""
    parts = _credential(headers, query)
    return _hmac(secret, [b"credential", *parts]) if parts else None


def caller_digest(headers: RawHeaders, query: str, secret: bytes, upstream: str) -> bytes:
    """`credential_digest`, or for a request without a credential what stands for anybody at this upstream."""
    return credential_digest(headers, query, secret) or _hmac(secret, [b"anybody", upstream.encode()])


def user_of(fields: Mapping[str, Any]) -> str | None:
    """`user` of the body, or `safety_identifier`, which replaces it in OpenAI's API; told apart by a prefix.

    Where both are said either may be the application's own word for all its users, so both name the user.
    """
    said = {name: value for name in USER_FIELDS if isinstance(value := fields.get(name), str) and value}
    if len(said) > 1:
        return orjson.dumps(said).decode()  # no prefix begins with a brace
    return next((f"{name}:{value}" for name, value in said.items()), None)


def _identity(caller: Caller, tenancy: Tenancy, upstream: str) -> list[bytes] | None:
    """The parts that go into the HMAC, or None when the tenancy's field is absent."""
    credential = _credential(caller.headers, caller.query) or [b"anonymous", upstream.encode()]
    match tenancy.kind:
        case TenancyKind.CREDENTIAL:
            return credential
        case TenancyKind.USER:
            return [*credential, caller.user.encode()] if caller.user else None
        case TenancyKind.HEADER:
            values = _values(caller.headers, tenancy.header)
            # Counted, or a value that reads like a header's name would pass for a part of the credential.
            return [_named(tenancy), b"%d" % len(values), *values, *credential] if values else None
        case TenancyKind.HEADER_ONLY:
            values = _values(caller.headers, tenancy.header) if caller.is_trusted else []
            return [_named(tenancy), upstream.encode(), *values] if values else None
        case TenancyKind.SHARED:
            return [upstream.encode()]
    assert_never(tenancy.kind)


def _named(tenancy: Tenancy) -> bytes:
    """The header's name: user 7 is not organization 7 once another header says who asks."""
    return tenancy.header.lower().encode()


def _credential(headers: RawHeaders, query: str) -> list[bytes]:
    """Every credential the request carries, as sorted `where, value` pairs."""
    found: list[tuple[bytes, bytes]] = []
    for name, value in headers:
        lowered = name.lower()
        if is_credential(lowered):
            found.append((lowered, value.strip()))
        elif lowered == SUBPROTOCOL:
            words = (word.strip() for word in value.split(b","))
            found += [(lowered, word) for word in words if word.startswith(SUBPROTOCOL_PREFIXES)]
    found += [(b"query " + name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in _keys_in(query)]
    return [part for pair in sorted(found) for part in pair if pair[1]]


def has_credential(query: str) -> bool:
    """Whether a raw query carries one."""
    return bool(_keys_in(query))


def _keys_in(query: str) -> list[tuple[str, str]]:
    """Its credentials, by lower-case name."""
    if not query:
        return []
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")  # "replace" would merge two keys
    return [(name.lower(), value) for name, value in pairs if name.lower() in CREDENTIAL_QUERY]


def is_credential(lower_name: bytes) -> bool:
    """Whether a header of this lower-case name is part of the credential; some gateways write `api_key`."""
    name = lower_name.replace(b"_", b"-")
    if name.endswith(NO_CREDENTIAL_SUFFIXES):
        return False
    return name in CREDENTIAL_HEADERS or (b"-" + name).endswith(CREDENTIAL_SUFFIXES)


def _values(headers: RawHeaders, name: str) -> list[bytes]:
    wanted = name.lower().encode()
    return [value.strip() for header, value in headers if header.lower() == wanted and value.strip()]


def _hmac(secret: bytes, parts: Iterable[bytes]) -> bytes:
    return seal(secret, b"", packed(parts))
