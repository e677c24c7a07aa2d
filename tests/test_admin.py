"""The admin listener answers nobody without its token, and no web page that was made to speak to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp
import pytest

from proxy.errors import BadRequest
from proxy.web.admin import Admin
from proxy.web.server import HttpServer

TOKEN = {"Authorization": "Bearer the-token"}


async def nothing(*_: str) -> Mapping[str, object]:
    return {}


async def status(headers: Mapping[str, str], *, listens_on: str = "127.0.0.1", path: str = "/api/stats") -> int:
    hosts = frozenset({"127.0.0.1", "localhost", "::1", listens_on})
    admin = Admin(
        token="the-token", hosts=hosts, health=lambda: {"ready": True}, metrics=bytes, stats=dict, explain=nothing
    )
    server = HttpServer(admin.handle)
    await server.start("127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{server.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
            return response.status
    finally:
        await server.stop()


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8081", "LOCALHOST:1", "127.0.0.1:8081", "[::1]:8081", "[::1]"]
)
async def test_this_machine_s_own_names_are_served_with_the_token(host: str) -> None:
    assert 200 == await status({"Host": host, **TOKEN})
    assert 401 == await status({"Host": host})
    assert 401 == await status({"Host": host, "Authorization": "Bearer the-token2"})


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8081", "127.0.0.1.evil.example:8081", "localhost:a", ""]
)
async def test_a_page_that_was_led_here_by_its_name_is_refused(host: str) -> None:
    assert 403 == await status({"Host": host, **TOKEN})
    assert 200 == await status({"Host": host}, path="/healthz")


WILDCARDS = ["0.0.0.0", "::", "0:0:0:0:0:0:0:0", ""]


@pytest.mark.parametrize("listens_on", WILDCARDS)
@pytest.mark.parametrize("host", ["proxy:8081", "10.1.2.3:8081", "[fd00::1]:8081", "localhost:8081", ""])
async def test_who_listens_on_every_address_may_be_called_by_any_name_with_the_token(
    listens_on: str, host: str
) -> None:
    """A scraper in another container says `proxy:8081`. A page that was led here has no token: 401 is its answer."""
    assert 200 == await status({"Host": host, **TOKEN}, listens_on=listens_on)
    assert 401 == await status({"Host": host}, listens_on=listens_on)
    assert 401 == await status({"Host": host}, listens_on=listens_on, path="/metrics")
    assert 200 == await status({"Host": host}, listens_on=listens_on, path="/healthz")


async def test_the_configured_name_is_served_in_any_spelling() -> None:
    for host in ("Proxy.Example:8081", "proxy.example"):
        assert 200 == await status({"Host": host, **TOKEN}, listens_on="Proxy.example")
    assert 403 == await status({"Host": "other.example", **TOKEN}, listens_on="Proxy.example")


async def test_the_word_before_the_token_may_be_spelt_as_one_likes() -> None:
    """RFC 9110 §11.1, and as the data listener reads access keys."""
    assert 200 == await status({"Authorization": "bearer the-token"})
    assert 401 == await status({"Authorization": "bearer the-token2"})


async def test_the_token_may_stand_in_the_query_for_who_can_set_no_header() -> None:
    assert 200 == await status({}, path="/api/stats?token=the-token")
    assert 401 == await status({}, path="/api/stats?token=the-token2")
    assert 401 == await status({}, path="/api/stats?token=")
    assert 401 == await status({"Authorization": "Bearer other"}, path="/api/stats?token=the-token")


@pytest.mark.parametrize(("is_ready", "expected"), [(True, 200), (False, 503)])
def test_who_is_not_ready_says_so_by_the_status(is_ready: bool, expected: int) -> None:
    admin = Admin(
        token="t", hosts=frozenset(), health=lambda: {"ready": is_ready}, metrics=bytes, stats=dict, explain=nothing
    )

    assert expected == admin.ready().status


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_a_health_check_may_ask_for_the_head_alone(path: str) -> None:
    health = {"ready": True}
    admin = Admin(token="t", hosts=frozenset(), health=lambda: health, metrics=bytes, stats=dict, explain=nothing)
    server = HttpServer(admin.handle)
    await server.start("127.0.0.1", 0)
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"HEAD %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % path.encode())
        said = await reader.read()
        writer.close()
    finally:
        await server.stop()
    head, _, body = said.partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"Content-Length: " in head
    assert body == b""


async def test_a_pair_without_a_domain_is_the_first_domains_and_a_wrong_name_is_the_callers_mistake() -> None:
    async def explain(_a: str, _b: str, domain: str) -> Mapping[str, object]:
        if domain:
            raise BadRequest(f"There is no domain {domain!r}.", code="bad_pair")
        return {"verdict": "hit"}

    admin = Admin(token="the-token", hosts=frozenset(), health=dict, metrics=bytes, stats=dict, explain=explain)
    server = HttpServer(admin.handle)
    await server.start("127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{server.port}/api/explain"
        async with aiohttp.ClientSession(headers=TOKEN) as session:
            async with session.post(url, json={"a": "x", "b": "y"}) as found:
                assert {"verdict": "hit"} == await found.json()
            async with session.post(url, json={"a": "x", "b": "y", "domain": "nope"}) as refused:
                assert (400, "bad_pair") == (refused.status, (await refused.json())["error"]["code"])
    finally:
        await server.stop()
