"""Fixtures that most tests share. Keep this file small."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.upstream import Upstream


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    """A scripted upstream that speaks OpenAI unless told otherwise."""
    async with Upstream() as server:
        yield server
