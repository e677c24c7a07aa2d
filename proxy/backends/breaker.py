"""A circuit breaker: after a few failures in a row nobody waits any more until a probe has succeeded."""

from __future__ import annotations

from collections.abc import Callable

MAX_FAILURES = 3

Changed = Callable[[bool, str], None]
"""(is_up, why): called once per change, for one log line and a gauge."""


def ignore(is_up: bool, why: str) -> None:
    """For those who do not care."""


class Breaker:
    """Counts failures in a row. It has no clock: whoever owns it decides when to probe."""

    def __init__(self, on_change: Changed = ignore, max_failures: int = MAX_FAILURES) -> None:
        self._on_change = on_change
        self._max_failures = max_failures
        self._failures = 0
        self.is_open = False

    def failed(self, why: str) -> None:
        """One attempt failed; opens at the last one allowed."""
        self._failures += 1
        if self._failures >= self._max_failures and not self.is_open:
            self.is_open = True
            self._on_change(False, why)

    def succeeded(self) -> None:
        """One attempt worked; closes."""
        self._failures = 0
        if self.is_open:
            self.is_open = False
            self._on_change(True, "answers again")
