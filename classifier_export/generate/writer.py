"""Writes pair files byte for byte the same on every machine: sorted keys, no time stamp in the gzip header."""

import gzip
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import orjson


def write_lines(path: Path, records: Iterable[dict[str, object]]) -> int:
    """JSON lines, gzip level 9; written beside the target and moved, so that a reader never sees half a file."""
    lines = [orjson.dumps(record) + b"\n" for record in records]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(gzip.compress(b"".join(lines), 9, mtime=0))
    part.replace(path)
    return len(lines)


def read_lines(path: Path) -> list[dict[str, object]]:
    with gzip.open(path, "rb") as lines:
        return [orjson.loads(line) for line in lines]


def family_counts(records: Iterable[dict[str, object]]) -> dict[str, tuple[int, int]]:
    """Family → (label-0 pairs, label-1 pairs)."""
    counts = Counter((family_of(str(record["source"])), record["label"]) for record in records)
    return {family: (counts[family, 0], counts[family, 1]) for family in sorted({family for family, _ in counts})}


def family_of(source: str) -> str:
    """'own:number/support.x+same' → 'number'."""
    return source.partition(":")[2].partition("/")[0]
