"""What Redis answers and refuses: no connection fails by it, so no breaker tells. Told once for each change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from time import monotonic

from redis.exceptions import (
    AskError,
    ClusterDownError,
    MasterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TryAgainError,
)

from proxy.backends.breaker import Changed

Argument = str | bytes | int | float

Refused = Callable[[str, str], None]
"""(key, why): called once for each key that holds what is not ours, for one log line."""

NOT_OURS = ("WRONGTYPE", "value is not an integer", "hash value is not an integer", "value is not a valid float")
MAX_REFUSED = 100

BY_ITS_STATE = (
    AskError, ClusterDownError, MasterDownError, NoPermissionError, OutOfMemoryError, ReadOnlyError, TryAgainError,
)  # fmt: skip
"""MOVED is an ASK to the client."""
SAID_BY_ITS_STATE = re.compile(
    r"\b(?:OOM|READONLY|MISCONF|NOREPLICAS|NOPERM|BUSY)\b|unknown command|ACL failure|no permissions"
    r"|user executing the script"
)
"""What other replies say when Redis is full, a replica, without its disk or replicas, runs somebody's script, or
forbids or lacks a command; in a script older ones wrap it in words of their own."""

QUIET_S = 60.0
"""After so long without a refusal all is well, too: what was refused may be asked for again never."""


def ignore_refused(key: str, why: str) -> None:
    """For those who do not care."""


class Refusals:
    """Keys that hold what is not ours, and commands that Redis refuses until it obeys them again."""

    def __init__(self, on_change: Changed, on_refused: Refused) -> None:
        """on_change: one call when commands begin to be refused, one when all are obeyed again."""
        self._on_change = on_change
        self._on_refused = on_refused
        self._keys: set[str] = set()
        self._refused_at = 0.0
        self.commands: set[str] = set()

    def refused(self, arguments: Sequence[Argument], error: RedisError) -> None:
        """Redis answered this with an error."""
        text = str(error).removeprefix("ERR ")
        if text.startswith(NOT_OURS):
            key = _key_of(arguments)
            if key not in self._keys and len(self._keys) < MAX_REFUSED:
                self._keys.add(key)
                self._on_refused(key, text)
        elif isinstance(error, BY_ITS_STATE) or SAID_BY_ITS_STATE.search(text):
            if not self.commands:
                self._on_change(False, "Redis refuses " + str(arguments[0]) + ": " + text)
            self.commands.add(_command_of(arguments))
            self._refused_at = monotonic()

    def obeyed(self, arguments: Sequence[Argument]) -> None:
        """Redis did this; to be called while `commands` names any."""
        self.commands.discard(_command_of(arguments))
        if monotonic() - self._refused_at > QUIET_S:
            self.commands.clear()
        if not self.commands:
            self._on_change(True, "obeys again")


def _command_of(arguments: Sequence[Argument]) -> str:
    """Its name; of a script, its digest, whether its text travelled or not."""
    name = str(arguments[0])
    if name == "EVAL":
        return hashlib.sha1(str(arguments[1]).encode(), usedforsecurity=False).hexdigest()
    return str(arguments[1]) if name == "EVALSHA" else name


def _key_of(arguments: Sequence[Argument]) -> str:
    """The key of a command; of a script, what all its keys begin with, and a star."""
    is_script = str(arguments[0]).startswith("EVAL")
    key = arguments[3] if is_script else arguments[1]
    return (key.decode("utf-8", "backslashreplace") if isinstance(key, bytes) else str(key)) + "*" * is_script
