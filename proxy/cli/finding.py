"""One line of what `equicache check` found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """fault: exit 1. unreachable: exit 3. note: nothing is wrong, but know it."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; text says what to do unless all is well."""

    level: Level
    about: str
    text: str
