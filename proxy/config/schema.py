"""The keys of the configuration file: types, defaults, units, bounds. `configs/default.yaml` explains each one.

Only shapes are checked here; what one key says about another is checked in `proxy.config`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from proxy.core.reasons import CacheMode
from proxy.core.route import Eviction

NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
HEADER_NAME = r"^[A-Za-z0-9!#$%&'+.^_`|~-]{1,100}$"
"""As HTTP has it but for `*`: who writes one means a pattern, and would keep nothing apart by it."""
LANGUAGE = r"^[a-z]{2,3}$"
PATH = r"^[/*]"
Name = Annotated[str, StringConstraints(pattern=NAME)]
HeaderName = Annotated[str, StringConstraints(pattern=HEADER_NAME)]


def _no_truth(value: object) -> object:
    """`threshold: false` is meant to say "none", and as a number it would serve every candidate."""
    if isinstance(value, bool):
        raise ValueError("a number")
    return value


Whole = Annotated[int, BeforeValidator(_no_truth)]
Number = Annotated[float, BeforeValidator(_no_truth)]
Port = Annotated[Whole, Field(ge=0, le=65535)]
Rate = Annotated[Number, Field(gt=0, le=0.5, allow_inf_nan=False)]
Seconds = Annotated[Number, Field(gt=0, le=31_536_000, allow_inf_nan=False)]
Bytes = Annotated[Whole, Field(ge=1024, le=1_073_741_824)]


def is_key(text: str) -> bool:
    """Whether a header can carry it as it stands. Secrets from files often end in a line break, which would end the
    header (and the head, for some who read it); an empty one lets everybody in."""
    return bool(text) and all("!" <= character <= "~" for character in text)


def _own(secret: SecretStr) -> SecretStr:
    """`config show > equicache.yaml` would make keys that everybody knows."""
    if set(secret.get_secret_value()) == {"*"}:
        raise ValueError("the secret itself, not the stars that `equicache config show` hides it behind")
    return secret


def _key(secret: SecretStr) -> SecretStr:
    if not is_key(secret.get_secret_value()):
        raise ValueError("a key: visible ASCII characters, no space or line break before, within or after them")
    return secret


def _key_or_none(secret: SecretStr) -> SecretStr:
    return _key(secret) if secret.get_secret_value() else secret


Secret = Annotated[SecretStr, AfterValidator(_own)]
Key = Annotated[Secret, AfterValidator(_key)]
KeyOrNone = Annotated[Secret, AfterValidator(_key_or_none)]

DEFAULT_STORE = "${REDIS_URL:-sqlite:///equicache.db}"
DEFAULT_ADMIN_TOKEN = "${EQUICACHE_ADMIN_TOKEN:-}"
DEFAULT_TENANT_SECRET = "${EQUICACHE_TENANT_SECRET:-}"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, values: object) -> object:
        """`server:` with every line below it commented out, `${TOKEN:-}` with nothing set: the default holds."""
        if not isinstance(values, dict):
            return values
        return {key: value for key, value in values.items() if value is not None or key not in cls.model_fields}


class AdminKeys(_Section):
    host: str = "127.0.0.1"
    """Address of the admin listener."""
    port: Port = 8081
    """Port of the admin listener; 0 takes a free one."""
    token: KeyOrNone | None = None
    """Bearer token of the admin listener; absent: generated at start and shown in the banner."""


class ServerKeys(_Section):
    host: str = "127.0.0.1"
    """Address that clients connect to."""
    port: Port = 8080
    """Port that clients connect to; 0 takes a free one."""
    workers: Annotated[Whole, Field(ge=1, le=64)] = 1
    """Worker processes; more than one needs SQLite on a local disk or Redis."""
    drain_delay_s: Annotated[Number, Field(ge=0, le=300)] = 0.0
    """Seconds between SIGTERM (readiness 503) and the end of accepting."""
    drain_timeout_s: Annotated[Number, Field(ge=0, le=3600)] = 30.0
    """Seconds that open requests get to finish after SIGTERM."""
    access_keys: tuple[Key, ...] = ()
    """Keys that clients must present when the proxy holds the provider's key."""
    tenant_secret: Secret | None = None
    """Key of the tenants' HMAC; absent: made once and kept beside the store."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose `header_only:` tenancy header is believed."""
    log: Literal["auto", "console", "json"] = "auto"
    """Form of the log; auto: console on a terminal, else JSON lines."""
    admin: AdminKeys = AdminKeys()
    """The admin listener."""


class UpstreamKeys(_Section):
    base_url: str = "https://api.openai.com/v1"
    """What the client's `/v1` stands for."""
    timeout_s: Seconds = 600.0
    """Longest silence of the upstream in seconds, before its answer and within it."""
    connect_timeout_s: Annotated[Number, Field(gt=0, le=300)] = 10.0
    """Seconds to connect, TLS included."""
    api_key: Key | None = None
    """Replaces the client's key; then `server.access_keys` is required."""
    ca_file: str | None = None
    """PEM file with the authority of a private upstream."""


class ModelKeys(_Section):
    embedder: str = "bundled"
    """`bundled`, or the folder of another embedder artefact."""
    scorer: str = "bundled"
    """`bundled`, or the folder of another scorer artefact."""


class ScopeKeys(_Section):
    ignore: tuple[Name, ...] = ()
    """Top-level request fields that two requests may differ in and still be compared by meaning."""
    mask: tuple[str, ...] = ()
    """RE2 patterns cut from the scope only, never from what is sent."""


class PromptKeys(_Section):
    extract: str | None = None
    """RE2 pattern whose first group, in its last match, is the question."""


BypassKind = Literal["time_bound", "side_effect", "context_bound", "novelty", "personal"]
ALL_BYPASS_KINDS: tuple[BypassKind, ...] = ("time_bound", "side_effect", "context_bound", "novelty", "personal")


class DomainKeys(_Section):
    max_false_hit_rate: Rate = 0.03
    """Wrong semantic hits / semantic hits served that the threshold is chosen for."""
    threshold: Annotated[Number, Field(ge=0, le=1)] | None = None
    """Expert: the probability a candidate must reach; replaces max_false_hit_rate."""
    ttl_s: Seconds = 86_400.0
    """Seconds that an answer stays fresh."""
    max_entries: Annotated[Whole, Field(ge=1, le=100_000_000)] = 100_000
    """Entries of all tenants together; beyond it the tenant with the most gives one up, which one `eviction` says."""
    eviction: Eviction = Eviction.LRU
    """lru, lfu or fifo."""
    tenancy: str = "credential"
    """Who shares answers: credential, user, header:NAME, header_only:NAME or shared."""
    languages: tuple[Annotated[str, StringConstraints(pattern=LANGUAGE)], ...] = ("en",)
    """Languages in which meaning is compared."""
    max_prompt_tokens: Annotated[Whole, Field(ge=1, le=256)] = 128
    """Longest question, in word pieces, that is compared by meaning."""
    max_response_bytes: Bytes = 1_048_576
    """Largest answer that is stored."""
    quarantine_after: Annotated[Whole, Field(ge=1, le=1000)] = 3
    """Distinct prompts whose bad-hit reports take the entry itself out."""
    bypass: tuple[BypassKind, ...] = ALL_BYPASS_KINDS
    """Kinds of prompt that are not answered by meaning."""
    scope: ScopeKeys = ScopeKeys()
    """What must be equal before meaning is compared."""
    prompt: PromptKeys = PromptKeys()
    """Which part of the last user turn is the question."""


class MatchKeys(_Section):
    path: Annotated[str, StringConstraints(pattern=PATH)] = "/v1/chat/completions"
    """Request path; `*` is any run of characters."""
    model: str = "*"
    """The body's `model`."""
    headers: dict[HeaderName, str] = Field(default_factory=dict)
    """Header name to pattern; all must match."""


class RouteScopeKeys(_Section):
    headers: tuple[HeaderName, ...] = ()
    """Request headers that change the answer and so join the scope."""


class RouteKeys(_Section):
    name: Name
    """Unique; part of the scope, so renaming a route empties it."""
    match: MatchKeys = MatchKeys()
    """Which requests this route takes."""
    upstream: Name | None = None
    """Name in `upstreams`; absent: the only one."""
    domain: Name | None = None
    """Name in `domains`; absent: the only one."""
    domains: tuple[Name, ...] = ()
    """Domains that a request may choose with the `equicache-domain` header."""
    cache: CacheMode = CacheMode.SEMANTIC
    """off, exact, semantic or shadow."""
    max_temperature: Annotated[Number, Field(ge=0, le=2)] = 1.0
    """Requests that sample hotter are forwarded."""
    scope: RouteScopeKeys = RouteScopeKeys()
    """What joins the scope on this route."""
    stateless_fields: tuple[Name, ...] = ()
    """Request fields, unknown to us, that keep no state at the provider."""
    max_request_bytes: Bytes = 1_048_576
    """Larger bodies are streamed through and not looked up."""
    debug_headers: bool = False
    """Adds similarity, probability and threshold to responses; development only."""


class PriceKeys(_Section):
    input: Annotated[Number, Field(ge=0, allow_inf_nan=False)]
    """USD per million prompt tokens."""
    output: Annotated[Number, Field(ge=0, allow_inf_nan=False)]
    """USD per million completion tokens."""


def _empty_is_default(value: object) -> object:
    """`openai:` or `default:` with every line below it commented out."""
    return {} if value is None else value


class ConfigKeys(_Section):
    """equicache configuration."""

    semantic: bool = True
    """The kill switch: false turns answering by meaning off everywhere."""
    server: ServerKeys = ServerKeys()
    """Listeners and processes."""
    upstreams: dict[Name, Annotated[UpstreamKeys, BeforeValidator(_empty_is_default)]] = Field(
        default_factory=lambda: {"openai": UpstreamKeys()}, min_length=1
    )
    """Providers by name; the first takes what no route matches."""
    store: str = DEFAULT_STORE
    """redis://host:port/db, rediss://…, sqlite:///path or memory://."""
    models: ModelKeys = ModelKeys()
    """Model artefacts."""
    domains: dict[Name, Annotated[DomainKeys, BeforeValidator(_empty_is_default)]] = Field(
        default_factory=lambda: {"default": DomainKeys()}, min_length=1
    )
    """Parts of memory, each with its own promise."""
    routes: tuple[RouteKeys, ...] = (RouteKeys(name="chat"),)
    """First match wins."""
    prices: dict[str, PriceKeys] = Field(default_factory=dict)
    """Model pattern to prices, for the money saved."""
