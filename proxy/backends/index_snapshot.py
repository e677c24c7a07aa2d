"""Snapshots of the index on disk: data files first, then a manifest with their sha256, put in place by one rename.

hnswlib believes every byte of a file (flipped bits and other dimensions are accepted, some kill the process), so
nothing is loaded before the manifest has been checked. What does not pass is moved aside and said, never repaired.

    manifest.json | flat-<stamp>.bin: per scope u16 length, scope, u32 n, ids 16 n, float16[n, dim]
    graph-<stamp>-<i>.bin: hnswlib | .ids: 16 bytes per row | .rows: float16[n, dim]
    graph-<stamp>-<i>.basis: float32[dim, width], empty for a graph of full width
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import struct
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from proxy.core.entry import ID_BYTES
from proxy.errors import BackendError

VERSION = 2
"""2: graphs of fewer numbers, the full vectors beside them."""

MANIFEST = "manifest.json"
_LENGTH = struct.Struct("<H")
_COUNT = struct.Struct("<I")
_HASH_BLOCK = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Graph:
    """One large scope: hnswlib's file; the others lie beside it."""

    scope: str
    file: str

    @property
    def names(self) -> list[str]:
        """All its files."""
        return [str(Path(self.file).with_suffix(suffix)) for suffix in (".bin", ".ids", ".rows", ".basis")]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot is of. embedder: digest of the artefact that made the vectors. files: sha256 by name."""

    version: int
    dim: int
    embedder: str
    count: int
    flat: str
    graphs: list[Graph] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)


class SnapshotFiles:
    """The files of one snapshot that is being written. Blocking: runs in a thread."""

    def __init__(self, folder: Path, stamp: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._locked = contextlib.ExitStack()
        self._locked.enter_context(locked(folder, is_writer=True))
        self.folder = folder
        self._stamp = stamp
        self.flat = f"flat-{stamp}.bin"
        self.graphs: list[Graph] = []
        self._is_committed = False
        self._file = open(folder / self.flat, "wb", opener=_private)  # noqa: SIM115 - `close` closes it

    def add_flats(self, scopes: Sequence[tuple[bytes, bytes, NDArray[np.float16]]]) -> None:
        """Appends small scopes: (scope, ids, vectors)."""
        for scope, ids, vectors in scopes:
            head = _LENGTH.pack(len(scope)) + scope + _COUNT.pack(len(ids) // ID_BYTES)
            self._file.write(b"".join((head, ids, vectors.astype("<f2", copy=False).tobytes())))

    def next_graph(self, scope: bytes) -> Path:
        """Where the graph of a large scope is to be written."""
        name = f"graph-{self._stamp}-{len(self.graphs)}"
        self.graphs.append(Graph(scope.hex(), name + ".bin"))
        return self.folder / (name + ".bin")

    def add_graph_ids(self, path: Path, ids: bytes) -> None:
        """The ids that belong to the graph at `path`."""
        with open(path.with_suffix(".ids"), "wb", opener=_private) as file:
            file.write(ids)

    def commit(self, *, dim: int, embedder: str, count: int) -> None:
        """Everything to disk, then the manifest, then the files of older snapshots go."""
        self._file.close()
        names = [self.flat, *(name for graph in self.graphs for name in graph.names)]
        files = {name: _sealed(self.folder / name) for name in names}
        manifest = Manifest(VERSION, dim, embedder, count, self.flat, self.graphs, files)
        fresh = self.folder / (MANIFEST + ".new")
        with open(fresh, "wb", opener=_private) as file:
            file.write(_sealed_text(asdict(manifest)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / MANIFEST)
        _remove_others(self.folder, {MANIFEST, *files})
        self._is_committed = True

    def close(self) -> None:
        """Removes what was written unless it was committed; the snapshot before stays valid."""
        with self._locked:
            with contextlib.suppress(OSError):  # on a full disk, what waits to be written fails once more
                self._file.close()
            if not self._is_committed:
                for path in self.folder.glob(f"*-{self._stamp}*"):
                    path.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path, *, is_writer: bool) -> Iterator[None]:
    """Several processes may share a folder: one writes, or any number read. A second writer gets OSError at once."""
    with open(folder.with_name(folder.name + ".lock"), "wb", opener=_private) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if is_writer else fcntl.LOCK_SH)
        yield


def checked_manifest(folder: Path, *, dim: int, embedder: str) -> Manifest | None:
    """None when there is no snapshot. Raises BackendError when it is damaged or of another model. Blocking."""
    try:
        told = orjson.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BackendError(f"{folder}: no readable manifest: {error}") from error
    manifest = _manifest(folder, told)
    if (manifest.dim, manifest.embedder) != (dim, embedder):
        raise BackendError(f"{folder}: of another model or release")
    for name, digest in manifest.files.items():
        if _digest(folder / name) != digest:
            raise BackendError(f"{folder / name}: its sha256 is not the manifest's")
    return manifest


def flat_scopes(folder: Path, manifest: Manifest) -> Iterator[tuple[bytes, bytes, NDArray[np.float16]]]:
    """(scope, ids, float16[n, dim]) of every small scope; the file has been checked. Blocking."""
    data = memoryview((folder / manifest.flat).read_bytes())
    position = 0
    while position < len(data):
        (length,) = _LENGTH.unpack_from(data, position)
        position += _LENGTH.size
        scope = bytes(data[position : position + length])
        position += length
        (count,) = _COUNT.unpack_from(data, position)
        position += _COUNT.size
        ids = bytes(data[position : position + count * ID_BYTES])
        position += count * ID_BYTES
        vectors = np.frombuffer(data, dtype="<f2", count=count * manifest.dim, offset=position)
        position += vectors.nbytes
        yield scope, ids, vectors.reshape(count, manifest.dim).astype(np.float16)


def move_aside(folder: Path) -> Path:
    """Takes a refused snapshot out of the way; one is kept for whoever wants to know why."""
    aside = folder.with_name(folder.name + ".refused")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        folder.replace(aside)
    except OSError as error:
        raise BackendError(f"{folder}: cannot be moved aside: {error.strerror}") from error
    return aside


def _manifest(folder: Path, told: Any) -> Manifest:
    try:
        if told.pop("seal") != _seal(told):
            raise ValueError("its own seal is broken")
        if told["version"] != VERSION:
            raise BackendError(f"{folder}: of another model or release")
        told.pop("position", None)  # the change feed's, which earlier releases noted and nobody read
        graphs = [Graph(**graph) for graph in told.pop("graphs")]
        manifest = Manifest(**told, graphs=graphs)
        names = {manifest.flat, *(name for graph in graphs for name in graph.names)}
        if names != set(manifest.files) or any("/" in name for name in names):
            raise ValueError("files that it does not vouch for")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BackendError(f"{folder / MANIFEST}: not a manifest: {error}") from error
    return manifest


def _sealed_text(values: dict[str, Any]) -> bytes:
    return orjson.dumps({**values, "seal": _seal(values)}, option=orjson.OPT_INDENT_2)


def _seal(values: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _sealed(path: Path) -> str:
    """sha256 of a file that is on disk, not only in the page cache."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    path.chmod(0o600)
    return _digest(path)


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_HASH_BLOCK):
                total.update(block)
    except OSError as error:
        raise BackendError(f"{path}: {error.strerror}") from error
    return total.hexdigest()


def _remove_others(folder: Path, keep: set[str]) -> None:
    for path in folder.iterdir():
        if path.name not in keep and path.is_file():
            path.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
