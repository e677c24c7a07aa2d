"""Which request headers can change an answer: those that providers and gateways read, and those a route names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter

from proxy.core.headers import values
from proxy.core.tenant import is_credential

ANSWER_HEADERS = frozenset(
    {b"openai-conversation-id", b"anthropic-version", b"x-cerebras-version-patch", b"x-dashscope-datainspection"}
    | {b"azureml-model-deployment", b"extra-parameters", b"x-policy-id", b"x-litellm-tags", b"ai-resource-group"}
    | {b"x-ai-eg-model", b"x-arch-llm-provider-hint"}
    | {b"helicone-target-url", b"helicone-target-provider", b"helicone-openai-api-base", b"helicone-model-override"}
    | {b"helicone-fallbacks", b"helicone-prompt-id", b"helicone-token-limit-exception-handler"}
    | {b"helicone-moderations-enabled", b"helicone-llm-security-enabled", b"helicone-llm-security-advanced"}
    | {b"helicone-cache-seed", b"x-bf-mcp-include-clients", b"x-bf-mcp-include-tools"}
    | {b"x-bt-endpoint-name", b"x-bt-org-name", b"x-bt-project-id"}
    | {b"origin"}
)
"""By these providers, and gateways in front of several, choose what answers, and by `Origin` which web page may read
it (CORS); a route names more (`scope.headers`)."""

ANSWER_PREFIXES = (b"x-amzn-bedrock-", b"x-portkey-", b"x-tfy-", b"cf-aig-", b"x-pass-", b"x-bf-eh-", b"x-sm-")
"""Of gateways that take a setting for every provider behind them, new ones each month, or hand one on (LiteLLM's
`x-pass-`, Bifrost's `x-bf-eh-`), or add to a prompt what they know of a user (Supermemory's `x-sm-`)."""

ANSWER_SUFFIX = b"-beta"
"""By which providers let a caller into what is not everybody's yet."""

OF_ONE_REQUEST = (b"trace-id", b"span-id", b"span-name", b"request-id", b"session-id", b"event-id", b"traceparent")
"""How names end that the same gateways take, and that no two requests share."""


def answer_headers(headers: Iterable[tuple[bytes, bytes]], names: Sequence[str] = ()) -> tuple[tuple[str, str], ...]:
    """The headers that can change an answer: `is_answer_header` and the route's own, lower-cased, sorted by name.

    Values of one name stay in their order, which may mean something (RFC 9110 §5.3).
    """
    wanted = {name.lower().encode() for name in names}
    found = ((name.lower(), value) for name, value in headers)
    pairs = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in found
        if name in wanted or is_answer_header(name)
    ]
    return tuple(sorted(pairs, key=itemgetter(0)))


def body_type(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """What `Content-Type` calls the body where that is not JSON ("" for nothing at all), as one more such header.

    Most providers refuse it then (vLLM: 415), some read it all the same (Ollama): their answers are kept apart.
    """
    said = b",".join(values(headers, b"content-type")).partition(b";")[0].strip().lower()
    return () if said == b"application/json" else (("content-type", said.decode("latin-1")),)


def told_apart_by(names: Iterable[str]) -> tuple[str, ...]:
    """Of the names that a route lists those that would else not count, lower-cased and in one order."""
    return tuple(sorted({lower for name in names if not is_answer_header((lower := name.lower()).encode())}))


def is_answer_header(lower_name: bytes) -> bool:
    """Whether a header of this lower-case name can change an answer, whatever the route says. No credential does."""
    if lower_name in ANSWER_HEADERS or lower_name.endswith(ANSWER_SUFFIX):
        return True
    is_setting = lower_name.startswith(ANSWER_PREFIXES) and not lower_name.endswith(OF_ONE_REQUEST)
    return is_setting and not is_credential(lower_name)
