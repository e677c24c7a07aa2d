"""The change feed as a Redis stream whose ids count up by one, so that a gap is seen.

On one machine the shared counter tells the other workers at once; other machines ask for the newest position four
times a second (R25: at most a second, stated). Who has not heard it for a second knows no position any more.
"""

from __future__ import annotations

import asyncio
from time import monotonic

from proxy.backends.feed_memory import MAX_CHANGES
from proxy.backends.redis_link import RedisLink, Script
from proxy.backends.shared_counter import Counter
from proxy.backends.store_redis import PREFIX
from proxy.errors import BackendError
from proxy.ports import GAP, Change

ASK_EVERY_S = 0.25
HEARD_FOR_S = 1.0
"""So long a position holds: what others withdraw is served no longer (R25). Two asks in a row may be lost."""

UNHEARD = -1
"""No position: nobody has applied it."""

PUBLISH = Script.of(
    """
local position = redis.call('INCR', KEYS[1]..'version')
redis.call('XADD', KEYS[1]..'changes', 'MAXLEN', '~', ARGV[3], position..'-0', 'kind', ARGV[1], 'body', ARGV[2])
return position
"""
)


class RedisFeed:
    """See `proxy.ports.ChangeFeed`. Whoever opened `link` closes it."""

    def __init__(self, link: RedisLink, counter: Counter) -> None:
        self._link = link
        self._counter = counter
        self._asking: asyncio.Task[None] | None = None
        self._holds_until = -1.0

    async def start(self) -> int:
        """Begins to ask; returns the newest position, 0 when Redis does not answer yet."""
        if self._asking is None:  # who tries again, after a store that was away, asks once all the same
            self._asking = asyncio.get_running_loop().create_task(self._ask(), name="redis-feed")
        try:
            await self._refresh()
        except BackendError:
            return 0
        return self._counter.value()

    def version(self) -> int:
        """See `proxy.ports.ChangeFeed`; UNHEARD while Redis is away."""
        return self._counter.value() if monotonic() < self._holds_until else UNHEARD

    async def publish(self, kind: str, body: bytes) -> int:
        """See `proxy.ports.ChangeFeed`."""
        asked_at = monotonic()
        position = int(await self._link.run(PUBLISH, [PREFIX], [kind, body, MAX_CHANGES]))
        self._heard(position, asked_at)
        return position

    async def read(self, after: int, limit: int = 1000) -> list[Change]:
        """See `proxy.ports.ChangeFeed`; a `gap` line comes first when changes above `after` are gone."""
        asked_at = monotonic()
        newest, lines = await asyncio.gather(  # in this order: a line that comes between the two is no gap
            self._link.call("GET", PREFIX + "version"),
            self._link.call("XRANGE", PREFIX + "changes", f"{after + 1}-0", "+", "COUNT", limit),
        )
        position = _position(newest)
        if position < after:  # Redis lost its memory: positions count anew
            self._counter.restart_at(position)
            return [Change(GAP, b"", position)]
        self._heard(position, asked_at)
        changes = [_change(line) for line in lines]
        first = changes[0].position if changes else position + 1
        return [Change(GAP, b"", first - 1), *changes] if first > after + 1 else changes

    async def close(self) -> None:
        """Ends the asking and gives the counter back."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        self._counter.close()

    async def _ask(self) -> None:
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            try:
                await self._refresh()
            except BackendError:
                continue  # the link tells of it, and asks for itself when Redis is back

    async def _refresh(self) -> None:
        asked_at = monotonic()
        newest = _position(await self._link.call("GET", PREFIX + "version"))
        if newest < self._counter.value():
            # A publisher may have counted between the reply and now: only a second look tells a restart.
            newest = _position(await self._link.call("GET", PREFIX + "version"))
        if newest < self._counter.value():
            self._counter.restart_at(newest)
        self._heard(newest, asked_at)

    def _heard(self, position: int, asked_at: float) -> None:
        """Of what was published before `asked_at`, nothing is above `position`."""
        self._counter.raise_to(position)
        self._holds_until = max(self._holds_until, asked_at + HEARD_FOR_S)


def _position(version: bytes | None) -> int:
    """Raises BackendError for what another program has written there."""
    try:
        return int(version or 0)
    except ValueError:
        raise BackendError(f"Redis: the feed's version is no number: {version!r}") from None


def _change(line: list[bytes | list[bytes]]) -> Change:
    identifier, fields = line
    assert isinstance(identifier, bytes)
    values = dict(zip(fields[::2], fields[1::2], strict=True))
    kind, body = values[b"kind"], values[b"body"]
    assert isinstance(kind, bytes)
    assert isinstance(body, bytes)
    return Change(kind.decode(), body, int(identifier.split(b"-")[0]))
