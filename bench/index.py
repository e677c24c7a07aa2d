"""What the index costs as it grows: search, insert, memory, recall, save, load. A bare graph beside it.

    python bench/index.py [--sizes 1000,10000,100000] [--scopes 1000,10000] [--keep FOLDER] [--bulk] [--json]

One scope grows through all sizes. Vectors are made up: a topic, and around it noise whose spectrum falls off like that
of MiniLM's sentence vectors. A near-duplicate is a stored vector turned until its cosine is .95; the truth of the
recall figures is an exact search over all of them. Many small scopes are filled first, for comparison. RSS is counted
beyond what the process had before the first entry. Latencies are wall time, `cpu` is that of the whole process.

In our graph lie 192 numbers per vector, beside it the full vectors, by which what it brings is compared once more.
`bare` is hnswlib alone at the full 384 numbers, in a loop of its own (`bench/index_bare.py`); its graph is filled when
all else is measured.

--keep: what was filled stays there as a snapshot with its figures, and the next run begins with that: a million entries
take a quarter of an hour to insert and seconds to read. Filling figures are then those of the run that filled it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import rig
from bench.index_bare import bare
from bench.index_scopes import ScopesRow, many_scopes
from bench.index_world import BLOCK, QUERIES, K, World, entry_id, rss
from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_narrow import FIT_ROWS, fitted
from proxy.backends.index_saved import SavedIndex
from proxy.backends.index_scoped import ScopedIndex
from proxy.backends.sqlite_thread import SqliteFile
from proxy.backends.store_sqlite import SCHEMA, SqliteStore
from proxy.core.embedding import VECTOR_DIM
from proxy.core.entry import EntryRef

SCOPE = bytes(32)
EMBEDDER = "0" * 64
MIXED_S = 5.0
IN_FLIGHT = 64
INSERTERS = 8
FILLED, TRUTH = "filled.json", "truth.npy"
LISTED = 10_000
INSERT = (
    "INSERT INTO entries (id, exact_key, scope, domain, tenant, uses, rank, expires_at, has_embedding) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One size. rss_per_entry: bytes. insert_per_s: while filling; mixed: while another task searches all the time.

    start_s: reading the snapshot and comparing it with all that a SQLite store lists (only for what is kept).
    """

    entries: int
    search_p50_us: float
    search_p95_us: float
    search_p99_us: float
    search_cpu_us: float
    bare_p50_us: float
    bare_recall_at_1: float
    recall_at_1: float
    recall_at_4: float
    insert_per_s: float
    insert_cpu_us: float
    mixed_insert_per_s: float
    mixed_search_p50_us: float
    rss_per_entry: float
    accounted_per_entry: float
    save_s: float
    save_stall_ms: float
    snapshot_mb: float
    load_s: float
    start_s: float


def main() -> int:
    """Prints a table, or JSON."""
    arguments = _arguments()
    rows, scopes = asyncio.run(_measured(arguments))
    report = {
        "machine": rig.machine(),
        "one_scope": [_short(asdict(row)) for row in rows],
        "many_scopes": [_short(asdict(row)) for row in scopes],
    }
    print(json.dumps(report, indent=2) if arguments.json else _table(report))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000", help="entries in one scope, rising, multiples of 1000")
    parser.add_argument("--scopes", default="10000", help="numbers of scopes of ten entries each")
    parser.add_argument("--keep", type=Path, help="folder for what was filled")
    parser.add_argument("--bulk", action="store_true", help="fill the first size's graph by all cores at once")
    parser.add_argument(
        "--no-bare", action="store_true", help="not beside hnswlib at full width: ten minutes at a million"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


async def _measured(arguments: argparse.Namespace) -> tuple[list[Row], list[ScopesRow]]:
    world = World(arguments.seed)
    index, before, filled, rows = ScopedIndex(), rss(), 0, []
    for size in sorted(int(text) for text in arguments.sizes.split(",")):
        kept = arguments.keep and arguments.keep / f"{size}-{arguments.seed}"
        if kept and (kept / FILLED).exists():
            await index.close()
            index, before = ScopedIndex(), rss()
        speed = await _filled(index, world, filled, size, kept, bulk=arguments.bulk)
        rows.append(await _one_size(index, world, size, before, speed, kept, is_bare=not arguments.no_bare))
        filled = size
        print(json.dumps(asdict(rows[-1])), file=sys.stderr, flush=True)  # a long run that is cut still says something
    await index.close()
    return rows, [await many_scopes(world, int(text)) for text in arguments.scopes.split(",")]


async def _filled(
    index: ScopedIndex, world: World, filled: int, size: int, kept: Path | None, *, bulk: bool
) -> tuple[float, float]:
    """Entries per second and CPU microseconds of each; from the folder when it was filled before."""
    if kept is not None and (kept / FILLED).exists():
        await SavedIndex(index, kept / "index", EMBEDDER).load()
        per_s, cpu = json.loads((kept / FILLED).read_text("utf-8"))
        return float(per_s), float(cpu)
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - nobody else uses this loop
    is_bulk = bulk and not filled
    speed = _bulk(index, world, size) if is_bulk else await _fill(index, world, filled, size)
    if kept is not None:
        await SavedIndex(index, kept / "index", EMBEDDER).save()
        (kept / FILLED).write_text(json.dumps(speed), encoding="utf-8")
    return speed


async def _one_size(
    index: ScopedIndex,
    world: World,
    size: int,
    before: int,
    speed: tuple[float, float],
    kept: Path | None,
    *,
    is_bare: bool,
) -> Row:
    resident = (rss() - before) / size
    accounted = index.memory_bytes() / size
    truth = _truth(world, size, kept)
    latencies, search_cpu, at_1, at_4 = await _searched(index, world, size, truth)
    mixed, mixed_p50 = await _mixed(index, world, size)
    save_s, stall_ms, snapshot_mb, load_s = await _saved(index)
    start_s = await _started(kept, size) if kept is not None else float("nan")
    is_graph = isinstance(index.parts()[SCOPE], HnswScope)
    alone = bare(world, size, truth, kept) if is_graph and is_bare else (float("nan"), float("nan"))
    p50, p95, p99 = np.percentile(latencies, [50, 95, 99])
    return Row(
        size, p50, p95, p99, search_cpu, *alone, at_1, at_4, *speed, mixed, mixed_p50, resident, accounted,
        save_s, stall_ms, snapshot_mb, load_s, start_s,
    )  # fmt: skip


def _bulk(index: ScopedIndex, world: World, size: int) -> tuple[float, float]:
    """The same graph, by all cores at once and without the event loop; how fast that was says nothing."""
    first = np.concatenate([world.block(number) for number in range(FIT_ROWS // BLOCK)])
    graph = HnswScope(VECTOR_DIM, size, fitted(first))
    for number in range(size // BLOCK):
        ids = [entry_id(row) for row in range(number * BLOCK, (number + 1) * BLOCK)]
        graph.add(ids, world.block(number), threads=os.cpu_count() or 1)
        if number % 50 == 0:
            print(f"{number * BLOCK} entries", file=sys.stderr, flush=True)
    index.adopt({SCOPE: graph})
    return float("nan"), float("nan")


async def _fill(index: ScopedIndex, world: World, filled: int, size: int) -> tuple[float, float]:
    wall = cpu = 0.0
    for number in range(filled // BLOCK, size // BLOCK):
        block = world.block(number)
        refs = [EntryRef(entry_id(number * BLOCK + row), SCOPE) for row in range(BLOCK)]
        started, used = time.perf_counter(), time.process_time()
        for first in range(0, BLOCK, IN_FLIGHT):
            some = range(first, min(first + IN_FLIGHT, BLOCK))
            await asyncio.gather(*(index.add(refs[row], block[row]) for row in some))
        wall, cpu = wall + time.perf_counter() - started, cpu + time.process_time() - used
    started, used = time.perf_counter(), time.process_time()
    await index.settled()
    wall, cpu = wall + time.perf_counter() - started, cpu + time.process_time() - used
    return (size - filled) / wall, cpu / (size - filled) * 1e6


def _truth(world: World, size: int, kept: Path | None) -> NDArray[np.int64]:
    """The exact nearest row of each query; at a million entries that takes as long as all the rest."""
    if kept is not None and (kept / TRUTH).exists():
        rows: NDArray[np.int64] = np.load(kept / TRUTH)
        return rows
    truth = world.nearest(world.near_duplicates(size)[1], size)
    if kept is not None:
        np.save(kept / TRUTH, truth)
    return truth


async def _searched(
    index: ScopedIndex, world: World, size: int, truth: NDArray[np.int64]
) -> tuple[list[float], float, float, float]:
    _, queries = world.near_duplicates(size)
    latencies: list[float] = []
    at_1 = at_4 = 0
    for query in queries[:50]:
        await index.search(SCOPE, query, K)
    cpu = time.process_time()
    for query, row in zip(queries, truth, strict=True):
        started = time.perf_counter()
        found = await index.search(SCOPE, query, K)
        latencies.append((time.perf_counter() - started) * 1e6)
        at_1 += found[0].id == entry_id(int(row))
        at_4 += entry_id(int(row)) in [neighbour.id for neighbour in found[:4]]
    cpu_us = (time.process_time() - cpu) / QUERIES * 1e6
    return latencies, cpu_us, at_1 / QUERIES, at_4 / QUERIES


async def _mixed(index: ScopedIndex, world: World, size: int) -> tuple[float, float]:
    """Some tasks insert while another searches without a pause; what was inserted leaves again."""
    _, queries = world.near_duplicates(size)
    extra = world.block(10**6)
    added: list[EntryRef] = []
    latencies: list[float] = []
    until = time.perf_counter() + MIXED_S

    async def insert() -> None:
        while time.perf_counter() < until and len(added) < max(200, size // 10):
            ref = EntryRef(os.urandom(16), SCOPE)
            added.append(ref)
            await index.add(ref, extra[len(added) % BLOCK])
            await asyncio.sleep(0)

    async def search() -> None:
        while not inserting.done():
            started = time.perf_counter()
            await index.search(SCOPE, queries[len(latencies) % QUERIES], K)
            latencies.append((time.perf_counter() - started) * 1e6)
            await asyncio.sleep(0)

    started = time.perf_counter()
    inserting = asyncio.gather(*(insert() for _ in range(INSERTERS)))
    await search()
    per_s = len(added) / (time.perf_counter() - started)
    await index.remove(added)
    await index.settled()
    return per_s, float(np.median(latencies))


async def _saved(index: ScopedIndex) -> tuple[float, float, float, float]:
    folder = Path(tempfile.mkdtemp(prefix="equicache-bench-")) / "index"
    stalls = [0.0]

    async def tick() -> None:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(0.001)
            stalls.append((time.perf_counter() - started) * 1000 - 1)

    ticking = asyncio.ensure_future(tick())
    started = time.perf_counter()
    await SavedIndex(index, folder, EMBEDDER).save()
    save_s = time.perf_counter() - started
    ticking.cancel()
    megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    other = ScopedIndex()
    started = time.perf_counter()
    await SavedIndex(other, folder, EMBEDDER).load()
    load_s = time.perf_counter() - started
    await other.close()
    shutil.rmtree(folder.parent)
    return save_s, max(stalls), megabytes, load_s


async def _started(kept: Path, size: int) -> float:
    """Seconds from nothing to an index that is as the store says; the snapshot's, and the listing of a SQLite file."""
    file = SqliteFile(kept / "entries.db", SCHEMA, is_durable=False)
    store = SqliteStore(file, {})
    first = await file.read(lambda connection: connection.execute("SELECT count(*) FROM entries").fetchone()[0])
    for start in range(first, size, LISTED):
        rows = [
            (entry_id(row), entry_id(row) * 2, SCOPE, "default", SCOPE, 0, 0.0, 4e9, 1)
            for row in range(start, min(start + LISTED, size))
        ]
        await file.write(lambda connection, rows=rows: connection.executemany(INSERT, rows).rowcount)  # type: ignore[misc]
    index = ScopedIndex()
    began = time.perf_counter()
    started = await SavedIndex(index, kept / "index", EMBEDDER).start(store, time.time())
    took = time.perf_counter() - began
    if started.added or started.removed or started.loaded < 0.999 * size:
        raise SystemExit(f"the snapshot and the store of {size} entries differ: {started}")
    await index.close()
    await store.close()
    return took


def _short(row: Mapping[str, float]) -> dict[str, float | None]:
    """Four digits say enough; None for what was not measured."""
    return {
        name: None if value != value else value if isinstance(value, int) else float(f"{value:.4g}")
        for name, value in row.items()
    }


def _table(report: Mapping[str, object]) -> str:
    machine, rows, scopes = report["machine"], report["one_scope"], report["many_scopes"]
    assert isinstance(machine, dict)
    assert isinstance(rows, list)
    assert isinstance(scopes, list)
    lines = [f"{name}: {value}" for name, value in machine.items()] + ["", "one scope"]
    lines += [f"{name:>24}" + "".join(f"{float('nan') if row[name] is None else row[name]:>14,.4g}"
              for row in rows) for name in rows[0]]  # fmt: skip
    lines += ["", "many scopes"]
    lines += [f"{name:>24}" + "".join(f"{row[name]:>14,.4g}" for row in scopes) for name in scopes[0]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
