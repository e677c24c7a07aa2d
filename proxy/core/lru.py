"""A segmented LRU (Karedla, Love & Wherry 1994): one scan of new keys cannot push out what is asked again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

PROTECTED_SHARE = 0.8


class SegmentedLru(Generic[K, V]):
    """Bounded by weight. A key enters on probation, a second look protects it; the protected fall back, not out.

    max_weight: in the unit of `weigh` (bytes for answers); keys, where nothing else is weighed.
    """

    def __init__(self, max_weight: int, weigh: Callable[[V], int] = lambda _: 1) -> None:
        self._max_weight = max_weight
        self._weigh = weigh
        self._probation: OrderedDict[K, V] = OrderedDict()
        self._protected: OrderedDict[K, V] = OrderedDict()
        self._weights: dict[K, int] = {}
        self._weight = 0
        self._protected_weight = 0

    @property
    def weight(self) -> int:
        """What the kept values weigh together."""
        return self._weight

    def __len__(self) -> int:
        return len(self._weights)

    def get(self, key: K) -> V | None:
        """The value, which counts as a look."""
        if key in self._protected:
            self._protected.move_to_end(key)
            return self._protected[key]
        if key not in self._probation:
            return None
        value = self._probation.pop(key)
        self._protected[key] = value
        self._protected_weight += self._weights[key]
        self._demote()
        return value

    def put(self, key: K, value: V) -> None:
        """Keeps or replaces; what is heavier than the whole is not kept."""
        self.pop(key)
        weight = self._weigh(value)
        if weight > self._max_weight:
            return
        self._probation[key] = value
        self._weights[key] = weight
        self._weight += weight
        while self._weight > self._max_weight:
            self.pop(next(iter(self._probation or self._protected)))

    def pop(self, key: K) -> V | None:
        """Takes a key out; None when it was not there."""
        if key not in self._weights:
            return None
        weight = self._weights.pop(key)
        self._weight -= weight
        if key in self._protected:
            self._protected_weight -= weight
            return self._protected.pop(key)
        return self._probation.pop(key)

    def clear(self) -> None:
        """Forgets everything."""
        self._probation.clear()
        self._protected.clear()
        self._weights.clear()
        self._weight = self._protected_weight = 0

    def _demote(self) -> None:
        while self._protected_weight > self._max_weight * PROTECTED_SHARE and len(self._protected) > 1:
            key, value = self._protected.popitem(last=False)
            self._protected_weight -= self._weights[key]
            self._probation[key] = value
