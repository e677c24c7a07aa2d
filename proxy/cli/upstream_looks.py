"""What `equicache check` sees in an upstream: its address as written, and with `--live` whether it answers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from ssl import create_default_context
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from proxy.cli.finding import Finding, Level
from proxy.config.schema import is_key
from proxy.config.settings import Config
from proxy.core.reasons import CacheMode
from proxy.core.route import Upstream
from proxy.errors import ConfigError
from proxy.parts import proxy_for

TIMEOUT_S = 9.0
ENDPOINTS = ("/chat/completions", "/responses", "/completions", "/embeddings")
DEPLOYMENT = "/openai/deployments/NAME/chat/completions"


def addresses(config: Config) -> Iterator[Finding]:
    """Files that are none, and base URLs that most likely lead nowhere: requests would get the provider's 404."""
    for upstream in config.upstreams.values():
        if fault := start_fault(upstream):
            yield fault
        path, is_azure = urlsplit(upstream.base_url).path, upstream.is_azure
        if endpoint := next((end for end in ENDPOINTS if path.endswith(end)), None):
            text = f"base_url ends with the endpoint {endpoint}, which clients add themselves; leave it out"
            yield Finding(Level.FAULT, f"upstream {upstream.name}", text)
        elif is_azure and path.rstrip("/") == "/openai":
            text = "base_url ends with /openai, which Azure's SDK adds itself; leave it out, or write /openai/v1"
            yield Finding(Level.FAULT, f"upstream {upstream.name}", text)
        elif is_azure and not path.strip("/"):
            taken = [route for route in config.routes_for(DEPLOYMENT, {}) if route and route.upstream == upstream]
            if all(route.cache is CacheMode.OFF for route in taken):
                text = f"no route remembers what Azure's SDK asks: match: {{path: {DEPLOYMENT.replace('NAME', '*')}}}"
                yield Finding(Level.NOTE, f"upstream {upstream.name}", text)
        elif not path.strip("/"):
            text = "base_url has no path; it stands for the client's /v1, and most providers' ends with /v1"
            yield Finding(Level.NOTE, f"upstream {upstream.name}", text)


def start_fault(upstream: Upstream) -> Finding | None:
    """What the proxy would refuse to start with."""
    about = f"upstream {upstream.name}"
    try:
        proxy_for(URL(upstream.base_url, encoded=True))
        if upstream.ca_file:
            create_default_context(cafile=upstream.ca_file)
    except ConfigError as exc:
        return Finding(Level.FAULT, about, str(exc))
    except OSError as exc:
        return Finding(Level.FAULT, about, f"ca_file {upstream.ca_file} cannot be read ({exc})")
    return None


def key_for(upstream: Upstream) -> str:
    """Its own, else the environment's, which is OpenAI's and nobody else's to see; without one it answers 401."""
    url = urlsplit(upstream.base_url)
    is_openai = url.scheme == "https" and f".{url.hostname}".endswith(".api.openai.com")
    return upstream.api_key or (os.environ.get("OPENAI_API_KEY", "") if is_openai else "")


def asked(upstream: Upstream) -> Finding:
    """One GET of the model list, of an upstream without a `start_fault`: any HTTP answer means that the way is open,
    404 that it may be the wrong one."""
    about = f"upstream {upstream.name}"
    try:
        status = asyncio.run(_status(upstream))
    except (aiohttp.ClientError, OSError, ValueError) as exc:
        why = str(exc.__cause__ or exc) or f"not within {TIMEOUT_S:.0f} s"
        return Finding(Level.UNREACHABLE, about, f"{upstream.base_url} does not answer ({why})")
    if status == 404:  # some have no list of models; where the path is wrong, each request would come back like this
        text = f"{upstream.base_url} answers 404 to GET /models; is the path of base_url right?"
        return Finding(Level.NOTE, about, text)
    return Finding(Level.OK, about, f"{upstream.base_url} answers ({status} to GET /models)")


async def _status(upstream: Upstream) -> int:
    """By the way that requests take, HTTPS_PROXY and NO_PROXY included; to where it points elsewhere goes nothing."""
    url = URL(f"{upstream.base_url}/models", encoded=True)
    key = key_for(upstream)
    headers = {"Authorization": f"Bearer {key}"} if is_key(key) else {}
    proxy, login = proxy_for(url)
    trust = create_default_context(cafile=upstream.ca_file)
    limit = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.get(url, headers=headers, proxy=proxy, proxy_auth=login, ssl=trust, allow_redirects=False) as answer,
    ):
        return answer.status
