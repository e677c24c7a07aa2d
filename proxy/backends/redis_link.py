"""One multiplexed connection to Redis: what is asked in one turn of the event loop leaves as one pipeline.

redis-py's defaults are an outage (seconds of retries against a dead server), so: no retries, 50 ms for all that a
request waits for, a breaker. Measured CPU per GET: 3-8 µs in batches of 8 and more, 20 µs alone, against 32-76 µs
through the client.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from hiredis import pack_command
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import InvalidResponse, NoScriptError, ReadOnlyError, RedisError

from proxy.backends.breaker import Breaker, Changed, ignore
from proxy.backends.refusals import Argument, Refusals, Refused, ignore_refused
from proxy.errors import BackendBusy, BackendError

TIMEOUT_S = 0.05
LATE_S = 0.01
"""A deadline that fires later than this says that our own event loop stood still, not that Redis did."""

PROBE_EVERY_S = 1.0
CONNECT_S = 1.0
"""For connecting where no request waits. It takes a name look-up and five round trips, more with TLS: a server that is
10 ms away would never be reached within what one call may take."""

MAX_WAITING = 10_000
MAX_BATCH = 64
"""One batch has one deadline: 64 stores of 7 KB take Redis 4 ms."""

BATCH_BYTES = 1_000_000
"""A batch is closed above it, so that look-ups come between large stores, and holds fewer calls where such as before
would be answered by more. For each such piece that went either way the deadline is longer by as much as it was."""


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script with the name Redis gives it."""

    text: str
    sha: str

    @classmethod
    def of(cls, text: str) -> Script:
        """sha1 is Redis's choice, not ours."""
        return cls(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


@dataclass(slots=True, eq=False)
class _Call:
    """What is asked; packed: as it goes out."""

    arguments: tuple[Argument, ...]
    future: asyncio.Future[Any] | None
    packed: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.packed = pack_command(cast(Any, self.arguments))


@dataclass(slots=True)
class _Traffic:
    """Bytes that went either way in one batch."""

    size: int = 0


class RedisLink:
    """Connects with the first call; a server that is absent at start is only a server that does not answer yet."""

    def __init__(
        self,
        url: str,
        on_change: Changed = ignore,
        *,
        on_refused: Refused = ignore_refused,
        timeout_s: float = TIMEOUT_S,
        follows: RedisLink | None = None,
    ) -> None:
        """url: redis://, rediss:// or unix://. timeout_s: for one pipeline, connecting included.

        on_refused: Redis answers, but what lies under a key is none of ours. follows: another link to the same
        server; while that one is down, this one refuses too, and that one tells what is refused to either.
        """
        self._timeout_s = timeout_s
        self._connect_s = max(timeout_s, CONNECT_S)
        self._pool = ConnectionPool.from_url(
            url, socket_timeout=timeout_s, socket_connect_timeout=self._connect_s, retry=Retry(NoBackoff(), 0)
        )
        self._follows = follows
        self._breaker = Breaker(on_change)
        self._refusals: Refusals = follows._refusals if follows is not None else Refusals(on_change, on_refused)
        self._connection: AbstractConnection | None = None
        self._connected_at = 0.0
        self._is_demoted = False
        self._batch_calls = MAX_BATCH
        self._waiting: deque[_Call] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._probe: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def is_up(self) -> bool:
        """False while the breaker is open."""
        return not self._breaker.is_open and (self._follows is None or self._follows.is_up)

    @property
    def is_obeyed(self) -> bool:
        """Whether Redis does what is asked of it: one that is full, or a replica, answers all the same."""
        return not self._refusals.commands

    async def call(self, *arguments: Argument) -> Any:
        """The reply. Raises BackendError: within the timeout, or at once while the breaker is open."""
        self._refuse_if_down()
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._enqueue(_Call(arguments, future))
        return await future

    def tell(self, *arguments: Argument) -> None:
        """Sends without waiting for the reply: for hints that may be lost."""
        if self.is_up and not self._is_closed and len(self._waiting) < MAX_WAITING:
            self._enqueue(_Call(arguments, None))

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Runs a script; its text travels only when the server does not know it yet."""
        try:
            return await self.call("EVALSHA", script.sha, len(keys), *keys, *arguments)
        except BackendError as error:
            if not isinstance(error.__cause__, NoScriptError):
                raise
        return await self.call("EVAL", script.text, len(keys), *keys, *arguments)

    async def close(self) -> None:
        """Fails what waits and disconnects."""
        self._is_closed = True
        for task in (self._pump, self._probe):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self._fail_waiting(BackendError("the Redis link is closed"))
        await self._disconnect()

    def _refuse_if_down(self) -> None:
        if self._is_closed:
            raise BackendError("the Redis link is closed")
        if not self.is_up:
            raise BackendError("Redis does not answer")
        if len(self._waiting) >= MAX_WAITING:
            raise BackendBusy("too many calls wait for Redis")

    def _enqueue(self, call: _Call) -> None:
        self._waiting.append(call)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._pumped(), name="redis-link")

    async def _pumped(self) -> None:
        """Batch after batch until nothing waits; while one is on the wire the next one gathers."""
        while self._waiting:
            batch = self._next_batch()
            try:
                async with _patience(self._timeout_s) as traffic:
                    await self._exchanged(batch, traffic)
            except Exception as error:  # noqa: BLE001 - a task's rim: without it, whoever waits would for ever
                self._batch_calls = max(1, self._batch_calls // 8)
                await self._lost(batch, error)
            except asyncio.CancelledError:
                _fail(batch, BackendError("the Redis link is closed"))
                raise
            else:
                fit = BATCH_BYTES * len(batch) // max(1, traffic.size)
                self._batch_calls = max(1, min(2 * self._batch_calls, fit, MAX_BATCH))
                self._breaker.succeeded()

    def _next_batch(self) -> list[_Call]:
        batch: list[_Call] = []
        size = 0
        while self._waiting and len(batch) < self._batch_calls and size < BATCH_BYTES:
            batch.append(self._waiting.popleft())
            size += len(batch[-1].packed)
        return batch

    async def _exchanged(self, batch: list[_Call], traffic: _Traffic) -> None:
        """Below the client's own packing and reading: those cost 20 µs a call each, a time-out for each reply too."""
        connection = await self._connected()
        writer, parser = connection._writer, cast(Any, connection._parser)
        assert writer is not None
        writer.write(b"".join([call.packed for call in batch]))
        traffic.size += sum([len(call.packed) for call in batch])
        if writer.transport.get_write_buffer_size():
            await writer.drain()
        for call in batch:
            try:
                reply = await parser.read_response(disable_decoding=True)
            except (RedisConnectionError, InvalidResponse):
                await connection.disconnect(nowait=True)
                raise
            except RedisError as error:
                reply = error
            traffic.size += _size(reply)
            if isinstance(reply, RedisError):
                self._is_demoted |= isinstance(reply, ReadOnlyError)
                self._refusals.refused(call.arguments, reply)
                _fail([call], _refused(reply))  # the server answered, with an error
                continue
            if self._refusals.commands:
                self._refusals.obeyed(call.arguments)
            if call.future is not None and not call.future.done():
                call.future.set_result(reply)

    async def _connected(self) -> AbstractConnection:
        """A connection that the server has not closed meanwhile, and on which nothing unread lies.

        A server that refuses writes may have been replaced: its name is looked up anew, at most once a second.
        """
        now = asyncio.get_running_loop().time()
        is_asked_anew = self._is_demoted and now - self._connected_at > PROBE_EVERY_S
        if self._connection is not None and (is_asked_anew or _is_spent(self._connection)):
            await self._disconnect()
        if self._connection is None:
            connection: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]
            await connection.connect()  # type: ignore[no-untyped-call]
            self._connection, self._connected_at, self._is_demoted = connection, now, False
        return self._connection

    async def _lost(self, batch: list[_Call], error: BaseException) -> None:
        """Whoever gathered behind a lost batch has waited as long: all fail together."""
        why = f"Redis: {type(error).__name__}: {error}" if str(error) else f"Redis: {type(error).__name__}"
        failure = BackendError(why)
        failure.__cause__ = error
        _fail(batch, failure)
        self._fail_waiting(failure)
        self._breaker.failed(why)
        if self._breaker.is_open and (self._probe is None or self._probe.done()):
            self._probe = asyncio.get_running_loop().create_task(self._probed(), name="redis-probe")
        await self._disconnect()

    async def _probed(self) -> None:
        """One probe a second; no request pays for finding out."""
        while self._breaker.is_open:
            await asyncio.sleep(PROBE_EVERY_S)
            call = _Call(("PING",), asyncio.get_running_loop().create_future())
            try:
                async with asyncio.timeout(self._connect_s):
                    await self._connected()
                async with _patience(self._timeout_s) as traffic:
                    await self._exchanged([call], traffic)
            except Exception:  # noqa: BLE001 - a task's rim: without it, Redis would be away for good
                await self._disconnect()
                continue
            assert call.future is not None
            if call.future.exception() is None:
                self._breaker.succeeded()

    async def _disconnect(self) -> None:
        """Replies still on the wire belong to nobody: the connection is not used again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.disconnect(nowait=True)

    def _fail_waiting(self, failure: BackendError) -> None:
        waiting = list(self._waiting)
        self._waiting.clear()
        _fail(waiting, failure)


def _is_spent(connection: AbstractConnection) -> bool:
    """Closed by the server, or with something on it that nobody asked for; without asking the socket (30 µs)."""
    if not connection.is_connected or (reader := connection._reader) is None:
        return True
    return reader.at_eof() or bool(reader._buffer) or cast(Any, connection._parser)._reader.has_data()  # type: ignore[attr-defined]


def _size(reply: object) -> int:
    """Of a reply's text, or of the texts in a list."""
    if isinstance(reply, bytes):
        return len(reply)
    return sum([len(part) for part in reply if isinstance(part, bytes)]) if isinstance(reply, list) else 0


@contextlib.asynccontextmanager
async def _patience(timeout_s: float) -> AsyncIterator[_Traffic]:
    """TimeoutError after `timeout_s`, longer by what has gone either way; once more as long when the loop was so late
    that it had no chance to look."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    traffic = _Traffic()
    timer: asyncio.TimerHandle

    def ran_out(due: float, *, is_last: bool) -> None:
        nonlocal timer
        now = loop.time()
        earned = started + timeout_s * (1 + traffic.size / BATCH_BYTES)
        if now < earned:
            timer = loop.call_at(earned, partial(ran_out, earned, is_last=is_last))
        elif is_last or now - due < LATE_S:
            deadline.reschedule(now)
        else:
            timer = loop.call_at(now + timeout_s, partial(ran_out, now + timeout_s, is_last=True))

    timer = loop.call_at(started + timeout_s, partial(ran_out, started + timeout_s, is_last=False))
    try:
        async with asyncio.timeout(None) as deadline:
            yield traffic
    finally:
        timer.cancel()


def _fail(calls: Sequence[_Call], failure: BackendError) -> None:
    for call in calls:
        if call.future is not None and not call.future.done():
            call.future.set_exception(failure)


def _refused(error: RedisError) -> BackendError:
    failure = BackendError(f"Redis refused: {error}")
    failure.__cause__ = error
    return failure
