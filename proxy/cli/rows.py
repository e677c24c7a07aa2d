"""JSON lines of a file, plain or gzipped, with errors that name file and line; a bar on a terminal."""

from __future__ import annotations

import gzip
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import orjson

from proxy.cli.terminal import is_gzipped, named_if_damaged
from proxy.errors import BackendError

T = TypeVar("T")


def read_rows(file: str, wanted: Callable[[dict[str, Any]], T | None], expected: str) -> list[T]:
    """All rows; `wanted` gives None for one that is none. `-` is standard input.

    Raises OSError for a file that cannot be read, BackendError for a line that is not what was expected, or
    for none at all.
    """
    return list(rows_of(_lines(file), file, wanted, expected))


def rows_of(
    lines: Iterable[str | bytes], file: str, wanted: Callable[[dict[str, Any]], T | None], expected: str
) -> Iterator[T]:
    """The rows of these lines, one by one, empty ones passed over. Raises BackendError as `read_rows`."""
    is_empty = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as exc:
            raise BackendError(f"{file}:{number}: {exc}; expected one JSON object per line") from exc
        made = wanted(row) if isinstance(row, dict) else None
        if made is None:
            raise BackendError(f"{file}:{number}: expected {expected}")
        is_empty = False
        yield made
    if is_empty:
        raise BackendError(f"{file}: holds no line; expected {expected}")


def _lines(file: str) -> list[bytes]:
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    if is_gzipped(content):
        with named_if_damaged(file):
            content = gzip.decompress(content)
    return content.removeprefix(BOM_UTF8).split(b"\n")


def with_bar(items: Sequence[T], what: str) -> Iterator[T]:
    """The items; a progress bar on standard error when that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=what, console=Console(stderr=True), transient=True)
