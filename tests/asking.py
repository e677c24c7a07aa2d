"""Builders of requests with defaults, so that a test shows only the fact that matters."""

from __future__ import annotations

from typing import Any

import orjson

from proxy.core.reasons import BypassReason
from proxy.core.request import Endpoint, Request, parse_request
from proxy.core.route import Domain, Route, RouteMatch, Upstream
from proxy.core.scope import ScopeContext

QUESTION = "How do I reset my password?"
BASE_URL = "https://api.openai.com/v1"
PATHS = {
    Endpoint.CHAT: "/v1/chat/completions",
    Endpoint.RESPONSES: "/v1/responses",
    Endpoint.COMPLETIONS: "/v1/completions",
    Endpoint.EMBEDDINGS: "/v1/embeddings",
}


def user(content: Any = QUESTION, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": content, **more}


def system(content: Any = "You are a support agent.") -> dict[str, Any]:
    return {"role": "system", "content": content}


def body_of(endpoint: Endpoint = Endpoint.CHAT, **fields: Any) -> dict[str, Any]:
    """A body that the plan allows the most for its endpoint."""
    start: dict[Endpoint, dict[str, Any]] = {
        Endpoint.CHAT: {"model": "gpt-4o-mini", "messages": [system(), user()]},
        Endpoint.RESPONSES: {"model": "gpt-4o-mini", "input": QUESTION, "store": False},
        Endpoint.COMPLETIONS: {"model": "gpt-3.5-turbo-instruct", "prompt": QUESTION},
        Endpoint.EMBEDDINGS: {"model": "text-embedding-3-small", "input": QUESTION},
    }
    return {**start[endpoint], **fields}


def request_of(endpoint: Endpoint = Endpoint.CHAT, **fields: Any) -> Request:
    parsed = parse_request(endpoint, orjson.dumps(body_of(endpoint, **fields)))
    assert not isinstance(parsed, BypassReason)
    return parsed


def chat(*messages: dict[str, Any], **fields: Any) -> Request:
    return request_of(messages=list(messages) or [system(), user()], **fields)


def context(endpoint: Endpoint = Endpoint.CHAT, /, **changes: Any) -> ScopeContext:
    fields: dict[str, Any] = {
        "tenant": b"t" * 32,
        "route": "chat",
        "domain": "default",
        "generation": 0,
        "base_url": BASE_URL,
        "endpoint": endpoint.value,
        "target": PATHS[endpoint],
    }
    return ScopeContext(**{**fields, **changes})


def route_of(**changes: Any) -> Route:
    fields: dict[str, Any] = {
        "name": "chat",
        "match": RouteMatch(),
        "upstream": Upstream("openai", BASE_URL),
        "domain": Domain(),
    }
    return Route(**{**fields, **changes})
