"""Entries in Redis, shared by any number of proxies.

Redis may drop a value (its own expiry, a lost disk), never what we know about it: ids, expiry and shares are kept in
sorted sets of our own, so that quota and index cannot leak. All keys carry one hash tag, so scripts stay legal in a
cluster.

    e:<id> value | exact {exact key: id} | about {id: msgpack [exact key, scope, domain, tenant, has embedding]}
    expiry <id by time> | rank:<domain>:<tenant> <id, first to leave first> | shares:<domain> <tenant by entries>
    totals {domain: entries}
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence

from proxy.backends.pending_uses import PendingUses
from proxy.backends.redis_link import RedisLink, Script
from proxy.core.codec import decode, encode
from proxy.core.entry import Entry, EntryRef
from proxy.core.eviction import DEFAULT_QUOTA, Quota
from proxy.core.route import Eviction
from proxy.errors import BackendError

PREFIX = "equicache:{0}:"
MAX_SWEPT = 64
MAX_EVICTED = 256
SCAN_PAGE = 50
REFS_PAGE = 1000
EXPIRY_GRACE_S = 60
"""Redis frees the value itself a minute later than we stop serving it: its clock is not ours."""

_FORGET = """
local P = KEYS[1]
local gone = {}
local function forget(id)
    local about = redis.call('HGET', P..'about', id)
    redis.call('DEL', P..'e:'..id)
    redis.call('ZREM', P..'expiry', id)
    if not about then return end
    local exact, scope, domain, tenant = unpack(cmsgpack.unpack(about))
    redis.call('HDEL', P..'about', id)
    if redis.call('HGET', P..'exact', exact) == id then redis.call('HDEL', P..'exact', exact) end
    redis.call('ZREM', P..'rank:'..domain..':'..tenant, id)
    if tonumber(redis.call('ZINCRBY', P..'shares:'..domain, -1, tenant)) <= 0 then
        redis.call('ZREM', P..'shares:'..domain, tenant)
    end
    redis.call('HINCRBY', P..'totals', domain, -1)
    gone[#gone + 1] = id
    gone[#gone + 1] = scope
end
"""

DELETE = Script.of(_FORGET + "for _, id in ipairs(ARGV) do forget(id) end return gone")

SWEEP = Script.of(
    _FORGET
    + """
local limit = tonumber(ARGV[2])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', P..'expiry', '-inf', ARGV[1], 'LIMIT', 0, limit)) do forget(id) end
return gone
"""
)

GET_EXACT = Script.of(
    """
local id = redis.call('HGET', KEYS[1]..'exact', ARGV[1])
if not id then return false end
local value = redis.pcall('GET', KEYS[1]..'e:'..id)
if type(value) == 'table' then return {id, ''} end
return {id, value}
"""
)

REFS = Script.of(
    """
local refs = {}
for i, about in ipairs(redis.call('HMGET', KEYS[1]..'about', unpack(ARGV))) do
    if about then
        local exact, scope, domain, tenant, has_embedding = unpack(cmsgpack.unpack(about))
        if has_embedding then
            refs[#refs + 1] = ARGV[i]
            refs[#refs + 1] = scope
        end
    end
end
return refs
"""
)

PUT = Script.of(
    _FORGET
    + """
local id, exact, scope, domain, tenant, value = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local created, expires, keep_ms = ARGV[7], ARGV[8], ARGV[9]
local max_entries, max_evicted, rank = tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]
redis.call('SET', P..'e:'..id, value, 'PX', keep_ms)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', P..'expiry', '-inf', created, 'LIMIT', 0, ARGV[13])) do
    if old ~= id then forget(old) end
end
local replaced = redis.call('HGET', P..'exact', exact)
if replaced and replaced ~= id then forget(replaced) end
if redis.call('HEXISTS', P..'about', id) == 1 then
    forget(id)
    redis.call('SET', P..'e:'..id, value, 'PX', keep_ms)
end
local evicted = 0
while evicted < max_evicted and tonumber(redis.call('HGET', P..'totals', domain) or 0) >= max_entries do
    local top = redis.call('ZREVRANGE', P..'shares:'..domain, 0, 0, 'WITHSCORES')
    if not top[1] then break end
    local own = redis.call('ZSCORE', P..'shares:'..domain, tenant)
    local from = (own and tonumber(own) >= tonumber(top[2])) and tenant or top[1]
    local first = redis.call('ZRANGE', P..'rank:'..domain..':'..from, 0, 0)[1]
    if not first then redis.call('ZREM', P..'shares:'..domain, from) else forget(first) end
    evicted = evicted + 1
end
redis.call('HSET', P..'exact', exact, id)
redis.call('HSET', P..'about', id, cmsgpack.pack({exact, scope, domain, tenant, ARGV[14] == '1'}))
redis.call('ZADD', P..'expiry', expires, id)
redis.call('ZADD', P..'rank:'..domain..':'..tenant, rank, id)
redis.call('ZINCRBY', P..'shares:'..domain, 1, tenant)
redis.call('HINCRBY', P..'totals', domain, 1)
return gone
"""
)


class RedisStore:
    """See `proxy.ports.Store`. Look-ups take the quick link, all else the patient one.

    Whoever opened the links closes them, after the store.
    """

    def __init__(self, link: RedisLink, patient: RedisLink, quotas: Mapping[str, Quota]) -> None:
        self._link = link
        self._patient = patient
        self._quotas = quotas
        self._uses = PendingUses(quotas)

    async def get_exact(self, exact_key: bytes, now: float) -> Entry | None:
        """See `proxy.ports.Store`."""
        found = await self._link.run(GET_EXACT, [PREFIX], [exact_key])
        if not found or found[1] is None:
            return None
        (entry,) = await self._live([found[0]], [found[1]], now, is_to_compare=False)
        return entry if entry is not None and entry.exact_key == exact_key else None

    async def get_many(self, ids: Sequence[bytes], now: float, *, is_use: bool = True) -> list[Entry | None]:
        """See `proxy.ports.Store`."""
        return await self._live(ids, await self._values(self._link, ids), now, is_use=is_use)

    async def put(self, entry: Entry) -> list[EntryRef]:
        """See `proxy.ports.Store`; what has expired leaves too."""
        value = encode(entry)
        quota = self._quotas.get(entry.domain, DEFAULT_QUOTA)
        keep_s = max(1.0, entry.expires_at - entry.created_at) + EXPIRY_GRACE_S
        self._send_uses()
        gone = await self._patient.run(
            PUT,
            [PREFIX],
            [entry.id, entry.exact_key, entry.scope, entry.domain, entry.tenant, value,
             entry.created_at, entry.expires_at, int(keep_s * 1000),
             quota.max_entries, MAX_EVICTED, _rank(quota.eviction, 0, entry.created_at), MAX_SWEPT,
             int(entry.embedding is not None)],
        )  # fmt: skip
        return [ref for ref in _refs(gone) if ref.id != entry.id]

    async def delete(self, ids: Sequence[bytes]) -> list[EntryRef]:
        """See `proxy.ports.Store`."""
        return _refs(await self._patient.run(DELETE, [PREFIX], list(ids))) if ids else []

    def used(self, entry: Entry, count: int, now: float) -> None:
        """See `proxy.ports.Store`."""
        self._note_use(entry, count, now)

    async def sweep(self, now: float) -> list[EntryRef]:
        """See `proxy.ports.Store`. Some at a time: Redis does nothing else meanwhile."""
        return _refs(await self._patient.run(SWEEP, [PREFIX], [now, SCAN_PAGE]))

    async def scan(self, now: float) -> AsyncIterator[Entry]:
        """See `proxy.ports.Store`. An entry that is stored meanwhile may be missed or seen twice."""
        cursor: bytes | int = 0
        while True:
            cursor, flat = await self._patient.call("ZSCAN", PREFIX + "expiry", cursor, "COUNT", SCAN_PAGE)
            ids = flat[::2]
            for entry in await self._live(ids, await self._values(self._patient, ids), now, is_use=False):
                if entry is not None and entry.embedding is not None:
                    yield entry
            if int(cursor) == 0:
                return

    async def refs(self, now: float) -> AsyncIterator[Sequence[EntryRef]]:
        """See `proxy.ports.Store`. What comes meanwhile may be missed or seen twice."""
        cursor: bytes | int = 0
        while True:
            cursor, flat = await self._patient.call("ZSCAN", PREFIX + "expiry", cursor, "COUNT", REFS_PAGE)
            fresh = [entry_id for entry_id, score in zip(flat[::2], flat[1::2], strict=True) if float(score) > now]
            if fresh:
                yield _refs(await self._patient.run(REFS, [PREFIX], fresh))
            if int(cursor) == 0:
                return

    async def close(self) -> None:
        """Sends what is known about uses, and sees it off."""
        if self._send_uses():
            with contextlib.suppress(BackendError):
                await self._patient.call("PING")

    async def _values(self, link: RedisLink, ids: Sequence[bytes]) -> list[bytes | None]:
        if not ids:
            return []
        key = PREFIX.encode() + b"e:"
        values: list[bytes | None] = await link.call("MGET", *(key + entry_id for entry_id in ids))
        return values

    async def _live(
        self,
        ids: Sequence[bytes],
        values: Sequence[bytes | None],
        now: float,
        *,
        is_use: bool = True,
        is_to_compare: bool = True,
    ) -> list[Entry | None]:
        live: list[Entry | None] = []
        damaged: list[bytes] = []
        for entry_id, value in zip(ids, values, strict=True):
            entry = None
            try:
                entry = None if value is None else decode(entry_id, value, is_to_compare=is_to_compare)
            except ValueError:
                damaged.append(entry_id)
            live.append(entry if entry is not None and entry.is_fresh(now) else None)
            if live[-1] is not None and is_use:
                self._note_use(live[-1], 1, now)
        if damaged:
            await self.delete(damaged)
        return live

    def _note_use(self, entry: Entry, count: int, now: float) -> None:
        if self._uses.note(entry, count, now):
            self._send_uses()

    def _send_uses(self) -> bool:
        """Whether there were any; nobody waits for what Redis says to it."""
        uses = self._uses.taken()
        for each in uses:
            key = f"{PREFIX}rank:{each.domain}:".encode() + each.tenant
            if self._quotas.get(each.domain, DEFAULT_QUOTA).eviction is Eviction.LFU:
                self._patient.tell("ZADD", key, "XX", "INCR", each.count, each.entry_id)
            else:
                self._patient.tell("ZADD", key, "XX", "GT", each.last_at, each.entry_id)
        return bool(uses)


def _rank(eviction: Eviction, uses: int, created_at: float) -> float:
    """LFU: uses, and the older first among equals; a float64 keeps milliseconds beside a thousand uses."""
    return uses + created_at * 1e-11 if eviction is Eviction.LFU else created_at


def _refs(flat: Sequence[bytes]) -> list[EntryRef]:
    return [EntryRef(flat[i], flat[i + 1]) for i in range(0, len(flat), 2)]
