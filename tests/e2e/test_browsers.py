"""A page that the provider lets read its answers can read those from memory, too (CORS), and no other page can."""

from __future__ import annotations

import pytest

from tests.e2e.running import config_for, running
from tests.upstream import Reply, Seen, Upstream
from tests.upstream import openai as provider

PAGE, OTHER_PAGE = "http://localhost:3000", "https://other.example"
QUESTION, REWORDED = "What is the capital of Australia?", "Which city is the capital of Australia?"
OURS = "Cache-Status, Age, equicache-id, equicache-report, equicache-error"


def allows_every_page(upstream: Upstream) -> None:
    """The upstream answers each page by its name, as Mistral and Azure do, and a caller that is none without a word."""

    async def respond(seen: Seen) -> Reply:
        reply = provider.respond(seen, upstream)
        reply.headers = [one for one in reply.headers if not one[0].lower().startswith(b"access-control-")]
        origin = seen.header(b"origin")
        if origin is not None:
            reply.headers = [
                *reply.headers,
                (b"Access-Control-Allow-Origin", origin),
                (b"Access-Control-Allow-Credentials", b"true"),
                (b"Access-Control-Expose-Headers", b"X-Region"),
            ]
        return reply

    upstream.respond = respond


@pytest.mark.parametrize("stream", [False, True])
async def test_a_hit_says_to_a_page_what_its_miss_said(upstream: Upstream, stream: bool) -> None:
    allows_every_page(upstream)
    async with running(config_for(upstream), upstream) as proxy:
        asked = [QUESTION, QUESTION, QUESTION, REWORDED]
        miss, *hits = [await proxy.ask(each, stream=stream, headers={"Origin": PAGE}) for each in asked]

        assert ["exact", "exact", "semantic"] == [each.detail for each in hits]
        for each in (miss, *hits):
            assert PAGE == each.headers["access-control-allow-origin"]
            assert "true" == each.headers["access-control-allow-credentials"]
            assert f"X-Region, {OURS}" == each.headers["access-control-expose-headers"]


async def test_each_page_has_answers_of_its_own_and_who_is_none_has_his(upstream: Upstream) -> None:
    allows_every_page(upstream)
    async with running(config_for(upstream), upstream) as proxy:
        for page in (PAGE, OTHER_PAGE, None):
            headers = {"Origin": page} if page else {}
            miss, hit = [await proxy.ask(QUESTION, headers=headers) for _ in range(2)]

            assert (False, True) == (miss.is_hit, hit.is_hit)
            assert (
                page
                == miss.headers.get("access-control-allow-origin")
                == hit.headers.get("access-control-allow-origin")
            )
            assert (page is None) == ("access-control-expose-headers" not in hit.headers)


@pytest.mark.parametrize("fields", [{"temperature": 2}, {"unknown": 1}], ids=str)
async def test_a_page_may_read_why_memory_was_not_asked(upstream: Upstream, fields: dict[str, object]) -> None:
    allows_every_page(upstream)
    async with running(config_for(upstream), upstream) as proxy:
        body = {"extra_body": fields} if "unknown" in fields else fields
        answer = await proxy.ask(QUESTION, headers={"Origin": PAGE}, **body)

        assert f"X-Region, {OURS}" == answer.headers["access-control-expose-headers"]
