"""Snapshots: taken while the index works, checked before anything is loaded, refused when in doubt."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_scoped import ScopedIndex
from proxy.core.entry import EntryRef
from proxy.errors import BackendError
from tests.facts.entries import digest, vector
from tests.facts.index import SCOPE, filled, refs

EMBEDDER = "e" * 64
SMALL = digest("small")


def made(dim: int = 384) -> ScopedIndex:
    return ScopedIndex(dim, flat_rows=50)


@pytest.fixture
async def index() -> AsyncIterator[ScopedIndex]:
    opened = made()
    yield opened
    await opened.close()


@pytest.fixture
async def other() -> AsyncIterator[ScopedIndex]:
    opened = made()
    yield opened
    await opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


async def saved(index: ScopedIndex, folder: Path, position: int = 7) -> tuple[list[EntryRef], list[EntryRef]]:
    """A large scope, from which ten entries were removed, and a small one; on disk."""
    large, small = await filled(index, 100), await filled(index, 5, SMALL)
    await index.remove(large[:10])
    await index.settled()
    await index.save(folder, position=position, embedder=EMBEDDER)
    return large, small


async def test_a_snapshot_brings_back_large_and_small_scopes(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    large, small = await saved(index, folder)

    assert await other.load(folder, embedder=EMBEDDER) == 7

    assert len(other) == 95
    found = [(await other.search(SCOPE, vector(seed), 1))[0].id for seed in range(10, 100)]
    assert found == [ref.id for ref in large[10:]]
    assert [n.id for n in await other.search(SMALL, vector(3), 1)] == [small[3].id]
    assert large[0].id not in {n.id for n in await other.search(SCOPE, vector(0), 90)}


async def test_a_loaded_index_goes_on_learning(index: ScopedIndex, other: ScopedIndex, folder: Path) -> None:
    large, small = await saved(index, folder)
    await other.load(folder, embedder=EMBEDDER)

    more = await filled(other, 100, first_seed=500)
    await other.remove([large[50], small[0]])

    assert (await other.search(SCOPE, vector(550), 1))[0].id == more[50].id
    assert large[50].id not in {n.id for n in await other.search(SCOPE, vector(50), 50)}
    assert len(other) == 193


async def test_no_snapshot_is_no_error(index: ScopedIndex, folder: Path) -> None:
    assert await index.load(folder, embedder=EMBEDDER) is None


async def test_a_second_snapshot_replaces_the_first(index: ScopedIndex, other: ScopedIndex, folder: Path) -> None:
    await saved(index, folder)
    late = await filled(index, 1, SMALL, first_seed=777)
    await index.save(folder, position=8, embedder=EMBEDDER)

    assert await other.load(folder, embedder=EMBEDDER) == 8
    assert (await other.search(SMALL, vector(777), 1))[0].id == late[0].id
    assert len(modes(folder)) == 4  # manifest, flat, graph, ids


async def test_searches_and_changes_go_on_while_a_snapshot_is_written(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    large, _ = await saved(index, folder)

    async def work() -> None:
        for seed, ref in enumerate(refs(50), 2000):
            await index.add(ref, vector(seed))
            assert (await index.search(SCOPE, vector(20), 1))[0].id == large[20].id

    await asyncio.gather(work(), index.save(folder, position=9, embedder=EMBEDDER))

    assert await other.load(folder, embedder=EMBEDDER) == 9
    assert (await other.search(SCOPE, vector(20), 1))[0].id == large[20].id


async def test_nobody_else_may_read_a_snapshot(index: ScopedIndex, folder: Path) -> None:
    await saved(index, folder)

    assert set(modes(folder).values()) == {0o600}
    assert modes(folder.parent)["index"] == 0o700


def modes(folder: Path) -> dict[str, int]:
    """What lies in a folder, with its permissions."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def retell(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    told["position"] = 1_000_000
    (folder / "manifest.json").write_text(json.dumps(told))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped bit in a graph": lambda folder: flip(only(folder, "graph-*.bin")),
    "a flipped bit in the ids": lambda folder: flip(only(folder, "graph-*.ids")),
    "a flipped bit in the small scopes": lambda folder: flip(only(folder, "flat-*.bin")),
    "a flipped bit in the manifest": lambda folder: flip(folder / "manifest.json"),
    "a manifest that somebody edited": retell,
    "a graph that is cut": lambda folder: only(folder, "graph-*.bin").write_bytes(b"short"),
    "a graph that is missing": lambda folder: only(folder, "graph-*.bin").unlink(),
    "a manifest that is no JSON": lambda folder: (folder / "manifest.json").write_bytes(b"\x00\xff"),
    "a manifest of something else": lambda folder: (folder / "manifest.json").write_text("[1, 2]"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
async def test_a_damaged_snapshot_is_refused_and_moved_aside(
    index: ScopedIndex, other: ScopedIndex, folder: Path, damage: Callable[[Path], object]
) -> None:
    await saved(index, folder)
    damage(folder)

    with pytest.raises(BackendError, match="refused"):
        await other.load(folder, embedder=EMBEDDER)

    assert len(other) == 0
    assert set(modes(folder.parent)) == {"index.refused"}
    assert await other.load(folder, embedder=EMBEDDER) is None


async def test_a_snapshot_of_another_embedder_is_refused(index: ScopedIndex, other: ScopedIndex, folder: Path) -> None:
    await saved(index, folder)

    with pytest.raises(BackendError, match="another model"):
        await other.load(folder, embedder="f" * 64)


async def test_a_snapshot_of_another_dimension_is_refused(index: ScopedIndex, folder: Path) -> None:
    await saved(index, folder)
    narrow = made(dim=128)

    with pytest.raises(BackendError, match="another model"):
        await narrow.load(folder, embedder=EMBEDDER)
    await narrow.close()


async def test_a_snapshot_that_fails_leaves_the_one_before(
    index: ScopedIndex, other: ScopedIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(index, folder)
    real = HnswScope.start_saving
    monkeypatch.setattr(HnswScope, "start_saving", lambda self, path: real(self, path.parent / "no" / "where"))

    with pytest.raises(BackendError):
        await index.save(folder, position=8, embedder=EMBEDDER)

    assert await other.load(folder, embedder=EMBEDDER) == 7
    assert len(modes(folder)) == 4
