"""Which of several calls for one key has the say: an older call's answer does not take a newer one's place.

Counts calls, not time: a clock may be set back between two of them.
"""

from __future__ import annotations

from proxy.core.lru import SegmentedLru

MAX_KEYS = 10_000
"""Keys of which the newest call is known; of any other, whoever comes last is stored."""


class Precedence:
    """One process's calls, numbered as they begin."""

    def __init__(self) -> None:
        self._begun = 0
        self._oldest = 0
        self._newest: SegmentedLru[bytes, int] = SegmentedLru(MAX_KEYS)

    def begin(self) -> int:
        """The number of a call that begins now."""
        self._begun += 1
        return self._begun

    def take(self, key: bytes, call: int) -> bool:
        """Whether the answer of this call may be stored; from then on none of an older call may."""
        if call < (self._newest.get(key) or self._oldest):
            return False
        self._newest.put(key, call)
        return True

    def withdraw(self, key: bytes) -> None:
        """From now on no answer may be stored of a call that has begun already."""
        self._newest.put(key, self.begin())

    def withdraw_all(self) -> None:
        """The same of every key: nobody knows which answers were withdrawn meanwhile."""
        self._newest.clear()
        self._oldest = self.begin()
