"""Who waits for tasks waits for all of them, and goes on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from proxy.tasks import ended


async def test_a_task_that_has_ended_and_not_yet_left_is_not_waited_for_without_end() -> None:
    """Seen to go round for ever in Python 3.12 and later, where `gather` of ended tasks does not wait."""
    tasks: set[asyncio.Task[None]] = set()
    told = asyncio.get_running_loop().create_future()

    async def work() -> None:
        told.set_result(None)  # who waits for it goes on before what is done at the end of this task

    task = asyncio.create_task(work())
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    await told
    assert task.done()
    assert tasks
    await ended(tasks)

    assert not tasks


@pytest.mark.timeout(20)
async def test_what_begins_meanwhile_is_waited_for_and_a_failure_is_not_the_waiters() -> None:
    tasks: set[asyncio.Task[Any]] = set()
    done: list[str] = []

    def begun(name: str, *then: str) -> None:
        async def work() -> None:
            await asyncio.sleep(0.01)
            done.append(name)
            for other in then:
                begun(other)
            raise RuntimeError(name)

        task = asyncio.create_task(work())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    begun("first", "second", "third")
    await ended(tasks)

    assert ["first", "second", "third"] == done
