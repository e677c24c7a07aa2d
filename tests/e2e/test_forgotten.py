"""What was forgotten is not served, and what is kept for other reasons keeps no request alive."""

from __future__ import annotations

import gc

from proxy.core.request import Request
from tests.e2e.running import config_for, running
from tests.upstream import Upstream

QUESTION = "How can I reset my password?"
TOOLS = [{"type": "function", "function": {"name": "lookup", "parameters": {"type": "object", "properties": {}}}}]


async def test_the_first_request_after_a_flush_by_another_worker_is_forwarded(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        await proxy.ask(QUESTION)
        shelves = proxy.app.shelves
        await shelves.state.increment("generation:default")
        await shelves.feed.publish("flushed", b"default")
        statuses = [(await proxy.ask(text)).cache_status for text in (QUESTION, QUESTION, QUESTION)]

        assert [False, False, True] == ["; hit;" in status for status in statuses]


async def test_requests_whose_answers_are_not_stored_are_let_go(upstream: Upstream) -> None:
    """Why an equal question misses (`scope_differs`) is told by digests; thousands of bodies would be gigabytes."""
    async with running(config_for(upstream), upstream) as proxy:
        for number in range(5):
            await proxy.ask(f"What is the weather today in town {number}?", system="Long. " * 1000, tools=TOOLS)
        assert 5 == len(proxy.app.recall._elsewhere)
        gc.collect()

        assert [] == [kept for kept in gc.get_objects() if isinstance(kept, Request)]
