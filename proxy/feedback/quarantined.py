"""What one process never serves again, pairs and entries; and the line of the feed that tells the others."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping

import orjson

from proxy.core.hit_id import PROMPT_BYTES
from proxy.core.report import Quarantine
from proxy.core.spelling import reported_digests
from proxy.feedback.withheld import Withheld

MAX_TAKEN_OUT = 100_000
"""Entries, some 150 bytes each. A quarantine, 580 bytes, is kept for good: people have said so."""


class Quarantined:
    """`Quarantines`: keyed by tenant, domain and the digests of both texts in any spelling, either way round (R17)."""

    def __init__(self, quarantine_after: Mapping[str, int]) -> None:
        """quarantine_after: by domain, how many distinct prompts are held back before the entry itself is banned."""
        self.held = Withheld()
        self.withheld = self.held.pending
        self._quarantine_after = quarantine_after
        self._pairs: defaultdict[tuple[bytes, str], set[bytes]] = defaultdict(set)
        self._floors: dict[tuple[bytes, str], float] = {}
        self._prompts_by_entry: dict[bytes, set[bytes]] = {}
        self._banned: set[bytes] = set()
        self._taken_out: OrderedDict[bytes, None] = OrderedDict()

    def forbids(self, tenant: bytes, domain: str, prompt: str, stored_prompt: str) -> bool:
        pairs = self._pairs.get((tenant, domain))
        return pairs is not None and any(
            _pair(one, other) in pairs for one in reported_digests(prompt) for other in reported_digests(stored_prompt)
        )

    def is_banned(self, entry_id: bytes) -> bool:
        return entry_id in self._banned or entry_id in self._taken_out

    def logit_floor(self, entry_id: bytes, scorer_digest: str) -> float | None:
        return self._floors.get((entry_id, scorer_digest))

    def ban(self, entry_id: bytes) -> None:
        """Until so many others are that the store has long let go of it, or `held` withholds it."""
        self._taken_out[entry_id] = None
        if len(self._taken_out) > MAX_TAKEN_OUT:
            self._taken_out.popitem(last=False)

    def add(self, item: Quarantine) -> None:
        """Makes it hold from now on."""
        self._pairs[item.tenant, item.domain].add(_pair(item.prompt_digest, item.stored_prompt_digest))
        if item.logit_floor is not None:
            key = (item.entry_id, item.scorer_digest)
            self._floors[key] = max(item.logit_floor, self._floors.get(key, item.logit_floor))
        prompts = self._prompts_by_entry.setdefault(item.entry_id, set())
        prompts.add(item.prompt_digest[:PROMPT_BYTES])
        if len(prompts) >= self._quarantine_after.get(item.domain, 3):
            self._banned.add(item.entry_id)


def _pair(one: bytes, other: bytes) -> bytes:
    """One key for both orders of a pair."""
    one, other = one[:PROMPT_BYTES], other[:PROMPT_BYTES]
    return one + other if one < other else other + one


def packed(item: Quarantine) -> bytes:
    """A line of the change feed."""
    return orjson.dumps(
        [
            item.tenant.hex(),
            item.domain,
            item.prompt_digest.hex(),
            item.stored_prompt_digest.hex(),
            item.entry_id.hex(),
            item.logit_floor,
            item.scorer_digest,
            item.at,
        ]
    )


def unpacked(line: bytes) -> Quarantine:
    """Undoes `packed`."""
    tenant, domain, prompt, stored, entry_id, floor, scorer, at = orjson.loads(line)
    unhex = bytes.fromhex
    return Quarantine(unhex(tenant), domain, unhex(prompt), unhex(stored), unhex(entry_id), floor, scorer, at)
