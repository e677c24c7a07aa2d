"""A domain that was made stricter serves nothing that was stored before and would not be served or stored now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.clock import Clock
from tests.e2e.running import config_for, running
from tests.upstream import Upstream

QUESTION = "How can I reset my password?"
PARAPHRASE = "How do I reset my password?"
WEATHER = "What is the weather in Rome today?"


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'cache.db'}"


@pytest.mark.parametrize("asked", [QUESTION, PARAPHRASE])
async def test_an_answer_is_stale_after_the_ttl_of_today(upstream: Upstream, store: str, asked: str) -> None:
    clock = Clock()
    async with running(config_for(upstream, store=store, domain="ttl_s: 86400"), upstream, clock) as proxy:
        await proxy.ask(QUESTION)
    clock.offset += 3600

    async with running(config_for(upstream, store=store, domain="ttl_s: 60"), upstream, clock) as proxy:
        assert "equicache; fwd=stale" in (await proxy.ask(asked)).cache_status


async def test_a_hit_tells_the_ttl_of_today(upstream: Upstream, store: str) -> None:
    clock = Clock()
    async with running(config_for(upstream, store=store, domain="ttl_s: 86400"), upstream, clock) as proxy:
        await proxy.ask(QUESTION)
    clock.offset += 20

    async with running(config_for(upstream, store=store, domain="ttl_s: 60"), upstream, clock) as proxy:
        told = [(await proxy.ask(asked)).cache_status for asked in (QUESTION, QUESTION, QUESTION, PARAPHRASE)]
    assert [*["equicache; hit; ttl=40; detail=exact"] * 3, "equicache; hit; ttl=40; detail=semantic"] == told


async def test_what_is_never_stored_today_is_not_served_either(upstream: Upstream, store: str) -> None:
    loose = "bypass: [side_effect, context_bound, novelty, personal]"
    async with running(config_for(upstream, store=store, domain=loose), upstream) as proxy:
        await proxy.ask(WEATHER)
        assert (await proxy.ask(WEATHER)).is_hit

    async with running(config_for(upstream, store=store), upstream) as proxy:
        assert not (await proxy.ask(WEATHER)).is_hit


async def test_kinds_that_are_only_kept_from_meaning_change_no_key(upstream: Upstream, store: str) -> None:
    loose = "bypass: [time_bound, side_effect]"
    async with running(config_for(upstream, store=store), upstream) as proxy:
        await proxy.ask(QUESTION)

    async with running(config_for(upstream, store=store, domain=loose), upstream) as proxy:
        assert "exact" == (await proxy.ask(QUESTION)).detail


async def test_whom_another_header_names_is_another_tenant(upstream: Upstream, store: str) -> None:
    of_users, of_organizations = "tenancy: 'header:X-User'", "tenancy: 'header:X-Organization'"
    async with running(config_for(upstream, store=store, domain=of_users), upstream) as proxy:
        await proxy.ask(QUESTION, headers={"X-User": "7"})
        assert (await proxy.ask(QUESTION, headers={"X-User": "7"})).is_hit

    async with running(config_for(upstream, store=store, domain=of_organizations), upstream) as proxy:
        assert not (await proxy.ask(QUESTION, headers={"X-Organization": "7"})).is_hit


DATED = "You help.\nCurrent date: 2024-01-01"


@pytest.mark.parametrize(
    ("loose", "stored", "strict", "asked"),
    [
        ("scope: {ignore: [metadata]}", {"metadata": {"plan": "gold"}}, "", {}),
        (
            "scope: {mask: ['(?m)^Current date: .*$']}",
            {"system": f"{DATED} Region: EU"},
            "scope: {mask: ['(?m)^Current date: [0-9-]+']}",
            {"system": DATED},
        ),
    ],
)
async def test_what_a_looser_scope_hid_is_not_served_by_meaning(
    upstream: Upstream, store: str, loose: str, stored: dict[str, Any], strict: str, asked: dict[str, Any]
) -> None:
    async with running(config_for(upstream, store=store, domain=loose), upstream) as proxy:
        await proxy.ask(QUESTION, **stored)
        assert "semantic" == (await proxy.ask(PARAPHRASE, **stored)).detail

    async with running(config_for(upstream, store=store, domain=strict), upstream) as proxy:
        assert not (await proxy.ask(PARAPHRASE, **asked)).is_hit


async def test_what_was_asked_before_a_header_counted_is_not_served_to_who_lacks_it(
    upstream: Upstream, store: str
) -> None:
    async with running(config_for(upstream, store=store), upstream) as proxy:
        await proxy.ask(QUESTION, headers={"X-Variant": "b"})

    told_apart = config_for(upstream, store=store, route="scope: {headers: [X-Variant]}")
    async with running(told_apart, upstream) as proxy:
        assert not (await proxy.ask(QUESTION)).is_hit
        assert (await proxy.ask(QUESTION)).is_hit
