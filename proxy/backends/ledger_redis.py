"""Served hits, labels and quarantines in Redis. `check` refuses an eviction policy that could drop them (R14)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from proxy.backends.ledger_memory import HIT_KEPT_S, MAX_HITS_PER_DOMAIN
from proxy.backends.redis_link import RedisLink, Script
from proxy.backends.store_redis import PREFIX
from proxy.core.report import Label, Quarantine, ServedHit
from proxy.core.report_codec import from_json, to_json

PAGE = 500

REMEMBER = Script.of(
    """
local P, domain, max_hits, keep_ms, now = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
for i = 5, #ARGV, 4 do
    local id, value, last, at = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
    redis.call('SET', P..'hit:'..id, value, 'PX', keep_ms)
    redis.call('SET', P..'last:'..last, id, 'PX', keep_ms)
    redis.call('ZADD', P..'hits:'..domain, at, id)
end
local function drop(ids)
    for _, id in ipairs(ids) do
        local is_json, hit = pcall(cjson.decode, redis.call('GET', P..'hit:'..id) or '')
        if is_json and hit.tenant and hit.exact_key then
            local last = P..'last:'..hit.tenant..':'..hit.exact_key
            if redis.call('GET', last) == id then redis.call('DEL', last) end
        end
        redis.call('DEL', P..'hit:'..id)
        redis.call('ZREM', P..'hits:'..domain, id)
    end
end
drop(redis.call('ZRANGEBYSCORE', P..'hits:'..domain, '-inf', now - tonumber(keep_ms) / 1000, 'LIMIT', 0, 1000))
local over = redis.call('ZCARD', P..'hits:'..domain) - max_hits
if over > 0 then drop(redis.call('ZRANGE', P..'hits:'..domain, 0, math.min(over, 1000) - 1)) end
return 0
"""
)


class RedisLedger:
    """See `proxy.ports.FeedbackLedger`. Whoever opened `link` closes it."""

    def __init__(self, link: RedisLink, *, max_hits: int = MAX_HITS_PER_DOMAIN) -> None:
        self._link = link
        self._max_hits = max_hits

    async def remember(self, hits: Sequence[ServedHit]) -> None:
        """See `proxy.ports.FeedbackLedger`."""
        await asyncio.gather(*(
            self._remember(domain, [hit for hit in hits if hit.domain == domain])
            for domain in sorted({hit.domain for hit in hits})
        ))  # fmt: skip

    async def find_hit(self, hit_id: str) -> ServedHit | None:
        """See `proxy.ports.FeedbackLedger`."""
        value = await self._link.call("GET", f"{PREFIX}hit:{hit_id}")
        return None if value is None else from_json(ServedHit, value)

    async def last_hit(self, tenant: bytes, exact_key: bytes) -> ServedHit | None:
        """See `proxy.ports.FeedbackLedger`."""
        hit_id = await self._link.call("GET", f"{PREFIX}last:{_last(tenant, exact_key)}")
        return None if hit_id is None else await self.find_hit(hit_id.decode())

    async def record(self, label: Label) -> bool:
        """See `proxy.ports.FeedbackLedger`."""
        return bool(await self._link.call("HSETNX", PREFIX + "labels", label.hit_id, to_json(label)))

    async def quarantine(self, item: Quarantine) -> None:
        """See `proxy.ports.FeedbackLedger`."""
        parts = (item.tenant, item.domain.encode(), item.prompt_digest, item.stored_prompt_digest, item.entry_id)
        field = ":".join(part.hex() for part in parts)
        await self._link.call("HSETNX", PREFIX + "quarantines", field, to_json(item))

    async def quarantines(self) -> list[Quarantine]:
        """See `proxy.ports.FeedbackLedger`."""
        found = [from_json(Quarantine, value) async for value in self._values("quarantines")]
        return [item for item in found if item is not None]

    async def labels(self) -> AsyncIterator[Label]:
        """See `proxy.ports.FeedbackLedger`."""
        async for value in self._values("labels"):
            label = from_json(Label, value)
            if label is not None:
                yield label

    async def close(self) -> None:
        """The link is closed by whoever opened it."""

    async def _remember(self, domain: str, hits: Sequence[ServedHit]) -> None:
        keep_ms = int(HIT_KEPT_S * 1000)
        flat = [
            part for hit in hits for part in (hit.id, to_json(hit), _last(hit.tenant, hit.exact_key), hit.served_at)
        ]
        await self._link.run(REMEMBER, [PREFIX], [domain, self._max_hits, keep_ms, hits[-1].served_at, *flat])

    async def _values(self, name: str) -> AsyncIterator[bytes]:
        """Each value of a hash once: HSCAN may say one twice while the hash grows."""
        seen: set[bytes] = set()
        cursor: bytes | int = 0
        while True:
            cursor, flat = await self._link.call("HSCAN", PREFIX + name, cursor, "COUNT", PAGE)
            for field, value in zip(flat[::2], flat[1::2], strict=True):
                if field not in seen:
                    seen.add(field)
                    yield value
            if int(cursor) == 0:
                return


def _last(tenant: bytes, exact_key: bytes) -> str:
    return f"{tenant.hex()}:{exact_key.hex()}"
