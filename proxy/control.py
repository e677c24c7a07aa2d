"""Facts that all workers share: the tenants' secret, generations, accepted credentials, the kill switch.

Read once at start and kept in the process; the change feed brings what others changed (R25). Until the secret is
read, nothing is looked up and nothing is stored (R14).
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import struct
from collections.abc import Coroutine
from typing import TypeVar

from proxy.core.entry import MAX_CLOCK_SKEW_S
from proxy.core.lru import SegmentedLru
from proxy.core.route import Tenancy, TenancyKind
from proxy.errors import BackendError
from proxy.ports import Publish, SharedState

Key = tuple[bytes, str]
"""A credential (32 bytes, see `core/tenant`) at an upstream's base URL: what is said of it there holds nowhere else
(R12), nor at another address that the configuration has under the same name since."""

V = TypeVar("V")

SECRET_KEY = "tenant_secret"
SWITCH_KEY = "semantic_off"
OFF = b"1"
ON = b""
ACCEPTED_TTL_S = 3600.0
ACCEPTED_GRACE_S = 86_400.0
RENEW_AFTER_S = 600.0
RETRY_S = 1.0
AGAIN_S = 5.0
"""Pause before a refusal is written once more: a locked SQLite file keeps its thread for two seconds each time."""

MAX_UNTOLD = 10_000
CREDENTIAL_BYTES = 32


class Control:
    """One process's view of the shared facts. Times in unix seconds, passed in."""

    def __init__(
        self,
        state: SharedState,
        publish: Publish,
        *,
        domains: list[str],
        secret: str | None,
        longest_life_s: float = 0.0,
    ) -> None:
        """longest_life_s: of an entry; until then a credential that was refused could get one that it brought."""
        self._state = state
        self._refused_for_s = max(ACCEPTED_GRACE_S, longest_life_s)
        self._publish = publish
        self._writes: set[asyncio.Task[None]] = set()
        self._domains = domains
        self._given_secret = secret.encode() if secret else None
        self._generations: dict[str, int] = {}
        self._accepted: SegmentedLru[Key, float] = SegmentedLru(100_000)
        self._refused: SegmentedLru[Key, bool] = SegmentedLru(100_000)
        self._untold: dict[Key, None] = {}
        self._telling: asyncio.Task[None] | None = None
        self._failing: set[str] = set()
        self._loading: asyncio.Task[None] | None = None
        self.secret: bytes | None = None
        self.is_semantic_off = False

    @property
    def is_ready(self) -> bool:
        """Whether memory may be used at all."""
        return self.secret is not None

    async def start(self) -> None:
        """Loads the facts; when the backend is away, forwards only and tries again every second."""
        if not await self._loaded():
            self._loading = asyncio.get_running_loop().create_task(self._keep_loading(), name="control-load")

    async def stop(self) -> None:
        """Ends the loading and waits for what is being written; what could not be before is tried once more."""
        await asyncio.gather(*self._writes, return_exceptions=True)
        for task in (self._loading, self._telling):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        await self._tell_untold()

    async def _keep_loading(self) -> None:
        is_loaded = False
        while not is_loaded:
            await asyncio.sleep(RETRY_S)
            is_loaded = await self._loaded()

    async def _loaded(self) -> bool:
        try:
            await self.read()
        except BackendError:
            return False
        return True

    async def read(self) -> None:
        """Reads the facts anew, whatever was heard of them before. Raises BackendError."""
        for domain in self._domains:
            self._generations[domain] = await self._generation(domain)
        await self._read_switch()
        if self._given_secret is not None:
            self.secret = self._given_secret
        else:  # a backend that lost its memory gets the secret back that its tenants were told apart by
            self.secret = await self._state.set_if_absent(SECRET_KEY, self.secret or secrets.token_bytes(32))
        self._refused.clear()
        self._accepted.clear()
        for key in self._untold:
            self._refused.put(key, True)

    async def _read_switch(self) -> None:
        """Once off it is on again by order alone: a backend that lost its memory is told anew."""
        said = await self._state.get(SWITCH_KEY)
        if said is None and self.is_semantic_off:
            said = await self._state.set_if_absent(SWITCH_KEY, OFF)
        self.is_semantic_off = bool(said)

    # Generations: a flush makes every older entry of the domain unreachable.

    def generation(self, domain: str) -> int:
        """The domain's generation as known here; part of every scope and exact key."""
        return self._generations.get(domain, 0)

    async def flush(self, domain: str) -> int:
        """Starts a new generation on all workers; returns it. Raises BackendError."""
        self._generations[domain] = await self._state.increment(_generation_key(domain))
        await self._publish("flushed", domain.encode())
        return self._generations[domain]

    # The kill switch.

    async def switch_semantic(self, *, off: bool) -> None:
        """Turns the semantic tier off or on for all workers (R33). Raises BackendError."""
        said = OFF if off else ON
        await self._state.set(SWITCH_KEY, said)
        self.is_semantic_off = off
        await self._publish("switch", said)

    # R12: who has been accepted by the upstream.

    async def is_entitled(self, tenancy: Tenancy, credential: bytes, upstream: str, now: float) -> bool:
        """Whether this credential may get hits of this upstream now.

        Under `credential` tenancy an entry exists only because the credential was accepted once, so only a 401
        since then counts. Otherwise a 2xx within the hour is needed, within a day while the upstream is failing.
        """
        key = (credential, upstream)
        refused = self._refused.get(key)
        if refused is None:
            read = bool(await self._state.get(_refused_key(key)))
            refused = _newer(self._refused, key, read)
        if refused:
            return False
        if tenancy.kind is TenancyKind.CREDENTIAL:
            return True
        accepted_at = self._accepted.get(key)
        if accepted_at is None:
            read_at = _time(await self._state.get(_accepted_key(key)))
            accepted_at = _newer(self._accepted, key, read_at)
        return self._is_accepted(accepted_at, upstream, now)

    def is_known_entitled(self, tenancy: Tenancy, credential: bytes, upstream: str, now: float) -> bool:
        """The same without asking the backend; False also when this process does not know."""
        key = (credential, upstream)
        if self._refused.get(key) is not False:
            return False
        return tenancy.kind is TenancyKind.CREDENTIAL or self._is_accepted(self._accepted.get(key), upstream, now)

    def _is_accepted(self, accepted_at: float | None, upstream: str, now: float) -> bool:
        patience = ACCEPTED_GRACE_S if upstream in self._failing else ACCEPTED_TTL_S
        return accepted_at is not None and -MAX_CLOCK_SKEW_S <= now - accepted_at <= patience

    def note_status(self, status: int | None, tenancy: Tenancy, credential: bytes, upstream: str, now: float) -> None:
        """Learns from a response status (None: no response); what others must know is written behind the answer.

        A 200 is to be told once it was read as an answer: some refuse a key with one."""
        if status is None or status == 429 or status >= 500:
            self._failing.add(upstream)
            return
        self._failing.discard(upstream)
        key = (credential, upstream)
        if status == 401 and not self._refused.get(key):
            self._refused.put(key, True)
            self._accepted.pop(key)
            self._spawn(self._tell_refused(key))
        elif 200 <= status < 300:
            self._note_accepted(tenancy, key, now)

    def _note_accepted(self, tenancy: Tenancy, key: Key, now: float) -> None:
        self._untold.pop(key, None)
        if self._refused.get(key):
            self._refused.pop(key)
            self._spawn(self._tell_accepted(key))
        since = now - (self._accepted.get(key) or 0)
        if tenancy.kind is not TenancyKind.CREDENTIAL and not -MAX_CLOCK_SKEW_S <= since <= RENEW_AFTER_S:
            self._accepted.put(key, now)
            packed = struct.pack("<d", now)
            self._spawn(self._state.set(_accepted_key(key), packed, ttl_s=ACCEPTED_GRACE_S))

    async def _tell_refused(self, key: Key) -> None:
        """While the backend is away every request is forwarded, so that is when a key's end is mostly heard of."""
        try:
            await self._write_refused(key)
        except BackendError:
            self._untold[key] = None
            if len(self._untold) > MAX_UNTOLD:
                del self._untold[next(iter(self._untold))]
            if self._telling is None or self._telling.done():
                self._telling = asyncio.get_running_loop().create_task(self._keep_telling(), name="control-tell")

    async def _keep_telling(self) -> None:
        while self._untold:
            await asyncio.sleep(AGAIN_S)
            await self._tell_untold()

    async def _tell_untold(self) -> None:
        with contextlib.suppress(BackendError):
            for key in list(self._untold):
                await self._write_refused(key)
                self._untold.pop(key, None)

    async def _write_refused(self, key: Key) -> None:
        await self._state.delete(_accepted_key(key))
        await self._state.set(_refused_key(key), b"1", ttl_s=self._refused_for_s)
        await self._publish("credential", b"-" + _packed(key))

    async def _tell_accepted(self, key: Key) -> None:
        await self._state.delete(_refused_key(key))
        await self._publish("credential", b"+" + _packed(key))

    def _spawn(self, work: Coroutine[None, None, object]) -> None:
        async def quietly() -> None:
            with contextlib.suppress(BackendError):
                await work

        task = asyncio.get_running_loop().create_task(quietly(), name="control-write")
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)

    # What the feed brings from other workers.

    def flushed_elsewhere(self, domain: str, generation: int) -> None:
        """Another worker's flush; an older line than what is known changes nothing."""
        self._generations[domain] = max(generation, self.generation(domain))

    async def refresh_generation(self, domain: str) -> None:
        """Reads a domain's generation again. Raises BackendError."""
        self.flushed_elsewhere(domain, await self._generation(domain))

    async def _generation(self, domain: str) -> int:
        key = _generation_key(domain)
        raw = await self._state.get(key)
        try:
            return int(raw or 0)
        except ValueError:
            raise BackendError(f"the store's {key} is no number: {raw!r}") from None

    def credential_changed_elsewhere(self, body: bytes) -> None:
        """body: `-` refused or `+` no longer refused, 32 bytes of credential, the upstream's base URL."""
        key = (body[1 : 1 + CREDENTIAL_BYTES], body[1 + CREDENTIAL_BYTES :].decode())
        if body[:1] == b"-":
            self._refused.put(key, True)
            self._accepted.pop(key)
        else:
            self._refused.pop(key)

    def switched_elsewhere(self, body: bytes) -> None:
        """body: empty where meaning is compared again."""
        self.is_semantic_off = bool(body)


def _newer(known: SegmentedLru[Key, V], key: Key, read: V) -> V:
    """What an answer of the upstream taught while the backend was read, else what was read, kept from now on."""
    learned = known.get(key)
    if learned is None:
        known.put(key, read)
    return read if learned is None else learned


def _generation_key(domain: str) -> str:
    return f"generation:{domain}"


def _refused_key(key: Key) -> str:
    return f"refused:{_packed(key).hex()}"


def _accepted_key(key: Key) -> str:
    return f"accepted:{_packed(key).hex()}"


def _packed(key: Key) -> bytes:
    credential, upstream = key
    return credential + upstream.encode()


def _time(raw: bytes | None) -> float:
    return float(struct.unpack("<d", raw)[0]) if raw and len(raw) == 8 else 0.0
