"""Snapshots: taken while the index works, checked before anything is loaded, refused when in doubt."""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import stat
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_narrow import MIN_FIT_ROWS, WIDTH
from proxy.backends.index_saved import SavedIndex, Started
from proxy.backends.index_scoped import ScopedIndex
from proxy.backends.index_snapshot import SnapshotFiles, _sealed_text
from proxy.backends.store_memory import MemoryStore
from proxy.core.entry import EntryRef
from proxy.errors import BackendError
from tests.facts.entries import NOW, digest, embedding, entry, vector
from tests.facts.index import SCOPE, filled, refs

EMBEDDER = "e" * 64
SMALL = digest("small")
FILES = 6
"""manifest, flat, and of one graph: hnswlib's file, ids, rows, basis"""


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


async def saved(index: ScopedIndex, folder: Path) -> tuple[list[EntryRef], list[EntryRef]]:
    """A large scope, from which ten entries were removed, and a small one; on disk."""
    large, small = await filled(index, 100), await filled(index, 5, SMALL)
    await index.remove(large[:10])
    await index.settled()
    await SavedIndex(index, folder, EMBEDDER).save()
    return large, small


async def test_a_snapshot_brings_back_large_and_small_scopes(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    large, small = await saved(index, folder)

    assert await SavedIndex(other, folder, EMBEDDER).load()

    assert len(other) == 95
    found = [(await other.search(SCOPE, vector(seed), 1))[0].id for seed in range(10, 100)]
    assert found == [ref.id for ref in large[10:]]
    assert [n.id for n in await other.search(SMALL, vector(3), 1)] == [small[3].id]
    assert large[0].id not in {n.id for n in await other.search(SCOPE, vector(0), 90)}


async def test_a_loaded_index_goes_on_learning(index: ScopedIndex, other: ScopedIndex, folder: Path) -> None:
    large, small = await saved(index, folder)
    await SavedIndex(other, folder, EMBEDDER).load()

    more = await filled(other, 100, first_seed=500)
    await other.remove([large[50], small[0]])

    assert (await other.search(SCOPE, vector(550), 1))[0].id == more[50].id
    assert large[50].id not in {n.id for n in await other.search(SCOPE, vector(50), 50)}
    assert len(other) == 193


async def test_no_snapshot_is_no_error(index: ScopedIndex, folder: Path) -> None:
    assert not await SavedIndex(index, folder, EMBEDDER).load()


async def test_a_second_snapshot_replaces_the_first(index: ScopedIndex, other: ScopedIndex, folder: Path) -> None:
    await saved(index, folder)
    late = await filled(index, 1, SMALL, first_seed=777)
    await SavedIndex(index, folder, EMBEDDER).save()

    assert await SavedIndex(other, folder, EMBEDDER).load()
    assert (await other.search(SMALL, vector(777), 1))[0].id == late[0].id
    assert len(modes(folder)) == FILES


async def test_searches_and_changes_go_on_while_a_snapshot_is_written(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    large, _ = await saved(index, folder)

    async def work() -> None:
        for seed, ref in enumerate(refs(50), 2000):
            await index.add(ref, vector(seed))
            assert (await index.search(SCOPE, vector(20), 1))[0].id == large[20].id

    await asyncio.gather(work(), SavedIndex(index, folder, EMBEDDER).save())

    assert await SavedIndex(other, folder, EMBEDDER).load()
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


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: -384 * 2])


def only(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def retell(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    told["count"] = 1_000_000
    (folder / "manifest.json").write_text(json.dumps(told))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped bit in a graph": lambda folder: flip(only(folder, "graph-*.bin")),
    "a flipped bit in the ids": lambda folder: flip(only(folder, "graph-*.ids")),
    "a flipped bit in the full vectors": lambda folder: flip(only(folder, "graph-*.rows")),
    "full vectors that are cut": lambda folder: cut(only(folder, "graph-*.rows")),
    "full vectors that are missing": lambda folder: only(folder, "graph-*.rows").unlink(),
    "a basis of another graph": lambda folder: only(folder, "graph-*.basis").write_bytes(bytes(384 * 192 * 4)),
    "a basis that is missing": lambda folder: only(folder, "graph-*.basis").unlink(),
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
        await SavedIndex(other, folder, EMBEDDER).load()

    assert len(other) == 0
    assert set(modes(folder.parent)) == {"index.refused", "index.lock"}
    assert not await SavedIndex(other, folder, EMBEDDER).load()


async def test_files_that_do_not_fit_each_other_are_refused_though_the_manifest_vouches_for_them(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    await saved(index, folder)
    cut(only(folder, "graph-*.rows"))
    vouch(folder)

    with pytest.raises(BackendError, match=r"refused.*not \d+ rows"):
        await SavedIndex(other, folder, EMBEDDER).load()


async def test_a_snapshot_of_an_older_release_is_refused_as_such(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    """Its graphs named their ids, and had nothing beside them."""
    await saved(index, folder)
    vouch(folder, version=1, graphs=[{"scope": SCOPE.hex(), "file": "graph-a-0.bin", "ids": "graph-a-0.ids"}])

    with pytest.raises(BackendError, match="another model or release"):
        await SavedIndex(other, folder, EMBEDDER).load()


def vouch(folder: Path, **told: object) -> None:
    """Makes the manifest right again for what lies there now."""
    values = json.loads((folder / "manifest.json").read_text()) | told
    values["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in values["files"]}
    del values["seal"]
    (folder / "manifest.json").write_bytes(_sealed_text(values))


async def test_a_narrow_graph_comes_back_as_it_was(folder: Path) -> None:
    index, other = ScopedIndex(flat_rows=MIN_FIT_ROWS), ScopedIndex(flat_rows=MIN_FIT_ROWS)
    added = await filled(index, MIN_FIT_ROWS + 100)
    await index.remove(added[:50])
    await SavedIndex(index, folder, EMBEDDER).save()

    await SavedIndex(other, folder, EMBEDDER).load()

    graph = other.parts()[SCOPE]
    assert isinstance(graph, HnswScope)
    assert graph.width == WIDTH
    for seed in range(0, len(added), 20):
        assert await other.search(SCOPE, vector(seed), 4) == await index.search(SCOPE, vector(seed), 4)
    (late,) = await filled(other, 1, first_seed=5000)
    assert (await other.search(SCOPE, vector(5000), 1))[0].id == late.id
    assert other.memory_bytes() == pytest.approx(index.memory_bytes(), rel=0.2)
    await index.close()
    await other.close()


async def test_a_narrow_graph_with_a_damaged_basis_is_refused(folder: Path, other: ScopedIndex) -> None:
    index = ScopedIndex(flat_rows=MIN_FIT_ROWS)
    await filled(index, MIN_FIT_ROWS + 1)
    await SavedIndex(index, folder, EMBEDDER).save()
    await index.close()
    flip(only(folder, "graph-*.basis"))

    with pytest.raises(BackendError, match=r"refused.*basis: its sha256"):
        await SavedIndex(other, folder, EMBEDDER).load()


async def test_a_snapshot_that_notes_a_position_of_the_feed_is_read(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    """Earlier releases did."""
    await saved(index, folder)
    vouch(folder, position=7)

    assert await SavedIndex(other, folder, EMBEDDER).load()
    assert len(other) == 95


async def test_a_snapshot_of_another_embedder_is_refused(index: ScopedIndex, other: ScopedIndex, folder: Path) -> None:
    await saved(index, folder)

    with pytest.raises(BackendError, match="another model"):
        await SavedIndex(other, folder, "f" * 64).load()


async def test_a_snapshot_of_another_dimension_is_refused(index: ScopedIndex, folder: Path) -> None:
    await saved(index, folder)
    narrow = made(dim=128)

    with pytest.raises(BackendError, match="another model"):
        await SavedIndex(narrow, folder, EMBEDDER).load()
    await narrow.close()


async def test_a_snapshot_that_fails_leaves_the_one_before(
    index: ScopedIndex, other: ScopedIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saved(index, folder)
    before = len(index)
    await filled(index, 1, SMALL, first_seed=777)
    real = HnswScope.start_saving
    monkeypatch.setattr(HnswScope, "start_saving", lambda self, path: real(self, path.parent / "no" / "where"))

    with pytest.raises(BackendError):
        await SavedIndex(index, folder, EMBEDDER).save()

    assert await SavedIndex(other, folder, EMBEDDER).load()
    assert len(other) == before
    assert len(modes(folder)) == FILES


def test_a_disk_that_is_full_keeps_nothing_of_a_snapshot(folder: Path) -> None:
    """What is still to be written when it fails would fail again while the file is closed."""
    small = [(bytes([number]) * 32, bytes(16), np.zeros((1, 384), np.float16)) for number in range(100)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        files = SnapshotFiles(folder, "stamp")
        with pytest.raises(OSError, match="File too large"):
            files.add_flats(small)
        files.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert [] == list(folder.iterdir())
    SnapshotFiles(folder, "next").close()


async def stocked(store: MemoryStore, index: ScopedIndex, seeds: range) -> None:
    """Entries that both know."""
    for seed in seeds:
        kept = entry(f"question {seed}", scope=SCOPE, embedder_digest=EMBEDDER, embedding=embedding(seed))
        await store.put(kept)
        await index.add(EntryRef(kept.id, SCOPE), vector(seed))
    await index.settled()


async def asked(index: ScopedIndex, store: MemoryStore, seed: int) -> str | None:
    """The question that is nearest to a seed's vector."""
    (nearest,) = await index.search(SCOPE, vector(seed), 1)
    (found,) = await store.get_many([nearest.id], NOW)
    return None if found is None else found.prompt


@pytest.mark.parametrize("count", [20, 120], ids=["small scope", "graph"])
async def test_a_start_puts_right_what_the_snapshot_missed(
    index: ScopedIndex, other: ScopedIndex, folder: Path, count: int
) -> None:
    store = MemoryStore({})
    await stocked(store, index, range(count))
    await SavedIndex(index, folder, EMBEDDER).save()
    late = [
        entry(f"late {seed}", scope=SCOPE, embedder_digest=EMBEDDER, embedding=embedding(seed)) for seed in (900, 901)
    ]
    for kept in late:
        await store.put(kept)
    await store.put(entry("of another model", scope=SCOPE, embedder_digest="f" * 64))
    gone = await store.get_exact(digest("exact question 3"), NOW)
    assert gone is not None
    await store.delete([gone.id])

    started = await SavedIndex(other, folder, EMBEDDER).start(store, NOW)

    assert started == Started(loaded=count, added=2, removed=1)
    assert len(other) == count + 1
    assert await asked(other, store, 901) == "late 901"
    assert await asked(other, store, 4) == "question 4"
    assert gone.id not in {n.id for n in await other.search(SCOPE, vector(3), count)}


async def test_what_is_learned_while_the_store_is_listed_stays(
    index: ScopedIndex, other: ScopedIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryStore({})
    await stocked(store, index, range(3))
    await SavedIndex(index, folder, EMBEDDER).save()
    refs = store.refs

    async def then_learned(now: float) -> AsyncIterator[Sequence[EntryRef]]:
        async for some in refs(now):
            yield some
        await stocked(store, other, range(3, 4))

    monkeypatch.setattr(store, "refs", then_learned)

    assert (await SavedIndex(other, folder, EMBEDDER).start(store, NOW)).removed == 0
    assert await asked(other, store, 3) == "question 3"


async def test_a_start_without_a_snapshot_takes_everything_from_the_store(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    store = MemoryStore({})
    await stocked(store, index, range(70))

    assert await SavedIndex(other, folder, EMBEDDER).start(store, NOW) == Started(0, 70, 0)
    await other.settled()
    assert await asked(other, store, 69) == "question 69"


async def test_a_start_with_a_damaged_snapshot_takes_everything_from_the_store_and_says_so(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    store = MemoryStore({})
    await stocked(store, index, range(10))
    await SavedIndex(index, folder, EMBEDDER).save()
    flip(only(folder, "flat-*.bin"))
    told: list[str] = []

    started = await SavedIndex(other, folder, EMBEDDER).start(store, NOW, told.append)

    assert (started.loaded, started.added) == (0, 10)
    assert told == [started.refused]
    assert "refused" in told[0]


async def test_of_two_processes_that_save_at_once_one_is_refused(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    await filled(index, 60)
    results = await asyncio.gather(
        *(SavedIndex(index, folder, EMBEDDER).save() for _ in range(2)), return_exceptions=True
    )

    assert [type(result) for result in results if result is not None] == [BackendError]
    assert await SavedIndex(other, folder, EMBEDDER).load()
    assert len(other) == 60


async def test_a_folder_that_cannot_be_written_is_an_error_of_the_save(index: ScopedIndex, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(BackendError):
        await SavedIndex(index, tmp_path / "file" / "index", EMBEDDER).save()


async def test_a_lock_that_cannot_be_taken_costs_the_snapshot_and_nothing_else(
    index: ScopedIndex, other: ScopedIndex, folder: Path
) -> None:
    await saved(index, folder)
    lock = folder.with_name(folder.name + ".lock")
    lock.unlink()
    lock.mkdir()  # stands for a lock file of another user: this test may run as root
    told: list[str] = []

    started = await SavedIndex(other, folder, EMBEDDER).start(MemoryStore({}), NOW, told.append)

    assert started.loaded == 0
    assert [str(lock) in reason for reason in told] == [True]
    assert "index" in modes(folder.parent)
