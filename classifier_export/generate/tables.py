"""Reads the word tables beside the code: `# ` comments, `[section]` headings, `name: value` and `one = other` lines."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def lines_of(name: str) -> tuple[str, ...]:
    """The lines of a table without comments and empty ones."""
    text = (_HERE / name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip() and not line.startswith("# "))


@cache
def sections_of(name: str) -> dict[str, tuple[str, ...]]:
    """Heading → its lines; bars around a line are taken off, so that spaces at its ends can be written."""
    found: dict[str, list[str]] = {}
    for line in lines_of(name):
        if line.startswith("[") and line.endswith("]"):
            found[line[1:-1]] = current = []
        else:
            current.append(line[1:-1] if line.startswith("|") else line)
    return {heading: tuple(lines) for heading, lines in found.items()}


def equals_of(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """'one = other' lines as pairs."""
    halves = (line.partition(" = ") for line in lines)
    return tuple((one.strip(), other.strip()) for one, _, other in halves)


@cache
def list_named(name: str, table: str = "vocabulary/lists.txt") -> tuple[str, ...]:
    """The comma list of `name: a, b, c`."""
    for line in lines_of(table):
        head, _, rest = line.partition(": ")
        if head == name:
            return tuple(item.strip() for item in rest.split(","))
    raise KeyError(name)
