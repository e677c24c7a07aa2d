"""Random bytes come in blocks, and nobody gets those of another."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from proxy import random_bytes as module
from proxy.random_bytes import BLOCK_BYTES, random_bytes


@pytest.mark.parametrize("size", [1, 6, 22, BLOCK_BYTES])
def test_it_gives_as_many_as_asked_for(size: int) -> None:
    assert [len(random_bytes(size)) for _ in range(50)] == [size] * 50


def test_no_bytes_are_given_twice() -> None:
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda _: random_bytes(22), range(4 * BLOCK_BYTES // 22)))

    assert len(set(given)) == len(given)


def test_the_system_is_asked_once_for_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = os.urandom
    monkeypatch.setattr(module, "_block", b"")
    monkeypatch.setattr(os, "urandom", lambda size: asked.append(size) or real(size))
    for _ in range(2 * BLOCK_BYTES // 16):
        random_bytes(16)

    assert asked == [BLOCK_BYTES, BLOCK_BYTES]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_gives_others_than_its_parent() -> None:
    random_bytes(1)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, random_bytes(22))
        os._exit(0)
    mine, theirs = random_bytes(22), os.read(reading, 22)
    os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)

    assert len(theirs) == 22
    assert mine != theirs
