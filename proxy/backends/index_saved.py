"""The index over restarts: a snapshot if there is a good one, then only what the store has more, or no more.

The snapshot is a hint, the store is the truth: whatever a crash, another process or another model did to the one, it
is put right by the other before `start` returns. Searching may begin before that; it finds less, never wrongly.
"""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from proxy.backends.index_compared import compared
from proxy.backends.index_flat import FlatScope
from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_scoped import ScopedIndex
from proxy.backends.index_snapshot import Manifest, SnapshotFiles, checked_manifest, flat_scopes, locked, move_aside
from proxy.errors import BackendError
from proxy.ports import Store

SAVE_ROWS = 4000
CHILD_LIMIT_S = 600.0


@dataclass(frozen=True, slots=True)
class Started:
    """What a start did: entries from the snapshot, then added from and removed by the store.

    refused: why there was no snapshot, empty when there was.
    """

    loaded: int
    added: int
    removed: int
    refused: str = ""


def _ignore(reason: str) -> None:
    """For those who read it in `Started`."""


class SavedIndex:
    """An index with a folder. embedder: digest of the artefact whose vectors it holds."""

    def __init__(self, index: ScopedIndex, folder: Path, embedder: str) -> None:
        self._index = index
        self._folder = folder
        self._embedder = embedder
        self._saving = asyncio.Lock()

    async def start(self, store: Store, now: float, refused: Callable[[str], None] = _ignore) -> Started:
        """Fills the index; what was added before is in the store, and comes back from there.

        Raises BackendError only for the store; a bad snapshot is moved aside and told.
        """
        why = ""
        try:
            await self.load()
        except BackendError as error:
            why = str(error)
            refused(why)
        loaded = len(self._index)
        added, removed = await compared(self._index, store, self._embedder, now)
        return Started(loaded, added, removed, why)

    async def save(self) -> None:
        """Writes a snapshot while searches and changes go on. Raises BackendError; the one before stays valid.

        What changes meanwhile may or may not be in it.
        """
        async with self._saving:
            files = await self._opened()
            try:
                await self._written(files)
                seal = partial(files.commit, dim=self._index.dim, embedder=self._embedder, count=len(self._index))
                await asyncio.to_thread(seal)
            except OSError as error:
                raise BackendError(f"{self._folder}: {error.strerror}") from error
            finally:
                await asyncio.to_thread(files.close)

    async def load(self) -> bool:
        """Takes over a snapshot in place of what is there; False when there is none.

        Raises BackendError when it is damaged or of another model; then it lies in `folder`.refused. Also where its
        lock cannot be taken; then it stays.
        """
        if not await asyncio.to_thread(self._folder.is_dir):
            return False
        lock = locked(self._folder, is_writer=False)
        try:
            await asyncio.to_thread(lock.__enter__)
        except OSError as error:  # of another user, on a disk that is full or cannot be written
            raise BackendError(f"snapshot not read: {error}") from error
        try:
            return await self._loaded()
        except (BackendError, OSError, ValueError, struct.error) as error:
            aside = await asyncio.to_thread(move_aside, self._folder)
            raise BackendError(f"snapshot refused, moved to {aside}: {error}") from error
        finally:
            lock.__exit__(None, None, None)

    async def _loaded(self) -> bool:
        manifest = await asyncio.to_thread(checked_manifest, self._folder, dim=self._index.dim, embedder=self._embedder)
        if manifest is None:
            return False
        parts = await asyncio.to_thread(_flat_parts, self._folder, manifest)
        for graph in manifest.graphs:
            load = partial(HnswScope.load, self._folder / graph.file, manifest.dim)
            parts[bytes.fromhex(graph.scope)] = await self._index.owner.change(load)
        self._index.adopt(parts)
        return True

    async def _opened(self) -> SnapshotFiles:
        try:
            return await asyncio.to_thread(SnapshotFiles, self._folder, os.urandom(4).hex())
        except OSError as error:
            raise BackendError(f"{self._folder}: {error.strerror}") from error

    async def _written(self, files: SnapshotFiles) -> None:
        """Small scopes are copied on the loop, some megabytes at a time; writing is a thread's or a child's work."""
        batch: list[tuple[bytes, bytes, NDArray[np.float16]]] = []
        rows = 0
        for scope, part in list(self._index.parts().items()):
            if isinstance(part, HnswScope):
                path = files.next_graph(scope)
                child, ids = await self._index.owner.change(partial(part.start_saving, path))
                await asyncio.to_thread(_await_child, child)
                await asyncio.to_thread(files.add_graph_ids, path, ids)
                continue
            batch.append((scope, *part.packed()))
            rows += len(part)
            if rows >= SAVE_ROWS:
                await asyncio.to_thread(files.add_flats, batch)
                batch, rows = [], 0
        await asyncio.to_thread(files.add_flats, batch)


def _flat_parts(folder: Path, manifest: Manifest) -> dict[bytes, FlatScope | HnswScope]:
    parts: dict[bytes, FlatScope | HnswScope] = {}
    for scope, ids, vectors in flat_scopes(folder, manifest):
        part = parts[scope] = FlatScope(manifest.dim)
        part.ids, part.vectors = bytearray(ids), vectors
    return parts


def _await_child(child: int) -> None:
    """Raises OSError when the child failed, or was killed for taking too long."""
    if child == 0:
        return
    until = time.monotonic() + CHILD_LIMIT_S
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.01)
    if status:
        raise OSError(0, f"the process that writes the snapshot ended with {os.waitstatus_to_exitcode(status)}")
