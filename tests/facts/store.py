"""What every store does. A backend's test class brings the fixtures `shelves`, `damage` and `reopened`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from proxy.backends.shelves import Shelves
from proxy.core import codec
from proxy.core.entry import Entry, EntryRef
from proxy.core.eviction import Quota
from proxy.core.route import Eviction
from proxy.errors import BackendError
from tests.facts.entries import ALICE, BOB, NOW, digest, entry, facts_of, hit, label, quarantine, record

QUOTAS: Mapping[str, Quota] = {
    "default": Quota(1000),
    "lru": Quota(3, Eviction.LRU),
    "lfu": Quota(3, Eviction.LFU),
    "fifo": Quota(3, Eviction.FIFO),
    "shared": Quota(10, Eviction.LRU),
}

Damage = Callable[[bytes, bytes], Awaitable[None]]
"""(entry id, new bytes): overwrites the stored value behind the store's back."""


async def stored(shelves: Shelves, *questions: str, domain: str, tenant: bytes = ALICE, at: float = NOW) -> list[Entry]:
    """One entry per question, a second apart."""
    entries = [
        entry(
            question,
            domain=domain,
            tenant=tenant,
            exact_key=digest(domain + question + tenant.hex()),
            created_at=at + i,
            expires_at=at + 9000,
        )
        for i, question in enumerate(questions)
    ]
    for item in entries:
        await shelves.store.put(item)
    return entries


async def alive(shelves: Shelves, entries: list[Entry]) -> list[str | None]:
    """The questions that are still remembered."""
    found = await shelves.store.get_many([item.id for item in entries], NOW + 100)
    return [item.prompt for item in found if item is not None]


class StoreFacts:
    async def test_an_entry_comes_back_with_every_field(self, shelves: Shelves) -> None:
        kept = entry()
        await shelves.store.put(kept)

        exact = await shelves.store.get_exact(kept.exact_key, NOW)
        (by_id,) = await shelves.store.get_many([kept.id], NOW)

        assert exact is not None
        assert by_id is not None
        assert facts_of(by_id) == facts_of(kept)
        assert facts_of(exact) == facts_of(replace(kept, embedding=None))

    async def test_an_entry_of_the_exact_tier_needs_no_prompt_and_no_embedding(self, shelves: Shelves) -> None:
        plain = record(completion=None, has_usage=False, openai_version=None, is_usage_unasked=True, cors=())
        kept = entry(
            prompt=None,
            embedding=None,
            prompt_digest=b"",
            tags=(),
            upstream_response_id=None,
            generation=0,
            record=plain,
        )
        await shelves.store.put(kept)

        found = await shelves.store.get_exact(kept.exact_key, NOW)

        assert found is not None
        assert facts_of(found) == facts_of(kept)

    async def test_vectors_come_back_as_float32_within_float16_precision(self, shelves: Shelves) -> None:
        kept = entry()
        await shelves.store.put(kept)

        (found,) = await shelves.store.get_many([kept.id], NOW)

        assert found is not None
        assert found.embedding is not None
        assert kept.embedding is not None
        assert found.embedding.vector.dtype == np.float32
        assert float(found.embedding.vector @ kept.embedding.vector) == pytest.approx(1, abs=1e-3)

    async def test_what_was_never_stored_is_none(self, shelves: Shelves) -> None:
        assert await shelves.store.get_exact(b"x" * 32, NOW) is None
        assert await shelves.store.get_many([b"x" * 16], NOW) == [None]
        assert await shelves.store.get_many([], NOW) == []

    async def test_many_come_back_in_the_order_of_their_ids(self, shelves: Shelves) -> None:
        first, second = await stored(shelves, "one", "two", domain="default")

        found = await shelves.store.get_many([second.id, b"x" * 16, first.id], NOW + 10)

        assert [item.prompt if item else None for item in found] == ["two", None, "one"]

    async def test_an_answer_to_the_same_request_replaces_the_old_one(self, shelves: Shelves) -> None:
        old, new = entry(), entry()
        await shelves.store.put(old)

        assert await shelves.store.put(new) == [EntryRef(old.id, old.scope)]
        found = await shelves.store.get_exact(new.exact_key, NOW)
        assert found is not None
        assert found.id == new.id
        assert await shelves.store.get_many([old.id], NOW) == [None]

    async def test_storing_an_entry_twice_changes_nothing(self, shelves: Shelves) -> None:
        kept = entry(domain="lru")
        for _ in range(5):
            assert await shelves.store.put(kept) == []

        assert await shelves.store.get_exact(kept.exact_key, NOW) is not None
        assert await shelves.store.delete([kept.id]) == [EntryRef(kept.id, kept.scope)]

    async def test_a_stale_entry_is_none(self, shelves: Shelves) -> None:
        kept = entry(expires_at=NOW + 5)
        await shelves.store.put(kept)

        assert await shelves.store.get_exact(kept.exact_key, NOW + 4.9) is not None
        assert await shelves.store.get_exact(kept.exact_key, NOW + 5) is None
        assert await shelves.store.get_many([kept.id], NOW + 5) == [None]

    async def test_what_has_expired_leaves_with_the_next_write(self, shelves: Shelves) -> None:
        old = entry("old", expires_at=NOW + 5)
        await shelves.store.put(old)

        assert await shelves.store.put(entry("new", created_at=NOW + 6)) == [EntryRef(old.id, old.scope)]

    async def test_a_sweep_returns_what_has_expired(self, shelves: Shelves) -> None:
        old, young = entry("old", expires_at=NOW + 5), entry("young", expires_at=NOW + 50)
        await shelves.store.put(old)
        await shelves.store.put(young)

        assert await shelves.store.sweep(NOW + 6) == [EntryRef(old.id, old.scope)]
        assert await shelves.store.sweep(NOW + 6) == []
        assert await shelves.store.get_exact(young.exact_key, NOW + 6) is not None

    async def test_sweeping_again_and_again_removes_all_that_has_expired(self, shelves: Shelves) -> None:
        old = await stored(shelves, *(f"old {i}" for i in range(130)), domain="default")
        young = entry("young", expires_at=NOW + 10**6)
        await shelves.store.put(young)

        left: list[EntryRef] = []
        while some := await shelves.store.sweep(NOW + 10**5):
            left += some

        assert {ref.id for ref in left} == {item.id for item in old}
        assert await shelves.store.get_exact(young.exact_key, NOW + 10**5) is not None

    @pytest.mark.parametrize("domain", ["lru", "lfu"])
    async def test_uses_that_the_store_was_only_told_of_count(self, shelves: Shelves, domain: str) -> None:
        entries = await stored(shelves, "one", "two", "three", domain=domain)
        for i, item in enumerate(entries[1:]):
            await shelves.store.get_many([item.id], NOW + 5 + i)
        shelves.store.used(entries[0], 7, NOW + 10)
        if domain == "lfu":
            await shelves.store.get_many([entries[2].id], NOW + 11)

        entries += await stored(shelves, "four", domain=domain, at=NOW + 20)

        assert await alive(shelves, entries) == ["one", "three", "four"]

    @pytest.mark.parametrize("domain", ["lru", "lfu"])
    async def test_what_is_read_for_nobodys_answer_is_not_used(self, shelves: Shelves, domain: str) -> None:
        entries = await stored(shelves, "one", "two", "three", domain=domain)
        await shelves.store.get_many([entries[0].id], NOW + 5)
        for later in (6, 7):
            await shelves.store.get_many([item.id for item in entries[1:]], NOW + later, is_use=False)

        entries += await stored(shelves, "four", domain=domain, at=NOW + 20)

        assert await alive(shelves, entries) == ["one", "three", "four"]

    async def test_uses_of_what_is_gone_are_ignored(self, shelves: Shelves) -> None:
        kept = entry(domain="lru")
        await shelves.store.put(kept)
        await shelves.store.delete([kept.id])

        shelves.store.used(kept, 3, NOW + 1)
        await stored(shelves, "one", domain="lru")

        assert await alive(shelves, [kept]) == []

    async def test_a_deleted_entry_is_gone_by_both_ways(self, shelves: Shelves) -> None:
        kept = entry()
        await shelves.store.put(kept)

        assert await shelves.store.delete([kept.id, b"x" * 16]) == [EntryRef(kept.id, kept.scope)]
        assert await shelves.store.delete([kept.id]) == []
        assert await shelves.store.get_exact(kept.exact_key, NOW) is None
        assert await shelves.store.get_many([kept.id], NOW) == [None]

    async def test_a_full_lru_domain_gives_up_what_was_used_longest_ago(self, shelves: Shelves) -> None:
        entries = await stored(shelves, "one", "two", "three", domain="lru")
        await shelves.store.get_exact(entries[0].exact_key, NOW + 10)

        entries += await stored(shelves, "four", domain="lru", at=NOW + 20)

        assert await alive(shelves, entries) == ["one", "three", "four"]

    async def test_a_full_lfu_domain_gives_up_what_was_used_least(self, shelves: Shelves) -> None:
        entries = await stored(shelves, "one", "two", "three", domain="lfu")
        for _ in range(2):
            await shelves.store.get_many([entries[0].id, entries[2].id], NOW + 10)
        await shelves.store.get_many([entries[1].id], NOW + 11)

        entries += await stored(shelves, "four", domain="lfu", at=NOW + 20)

        assert await alive(shelves, entries) == ["one", "three", "four"]

    async def test_a_full_fifo_domain_gives_up_the_oldest_however_used(self, shelves: Shelves) -> None:
        entries = await stored(shelves, "one", "two", "three", domain="fifo")
        await shelves.store.get_exact(entries[0].exact_key, NOW + 10)

        entries += await stored(shelves, "four", domain="fifo", at=NOW + 20)

        assert await alive(shelves, entries) == ["two", "three", "four"]

    async def test_a_put_returns_what_it_evicted(self, shelves: Shelves) -> None:
        first, *_ = await stored(shelves, "one", "two", "three", domain="fifo")

        gone = await shelves.store.put(entry("four", domain="fifo", created_at=NOW + 20))

        assert gone == [EntryRef(first.id, first.scope)]

    async def test_a_flood_of_one_tenant_turns_its_own_entries(self, shelves: Shelves) -> None:
        modest = await stored(shelves, *"abc", domain="shared", tenant=BOB)

        flood = await stored(shelves, *(f"flood {i}" for i in range(40)), domain="shared", tenant=ALICE, at=NOW + 10)

        assert await alive(shelves, modest) == ["a", "b", "c"]
        assert len(await alive(shelves, flood)) == 7

    @pytest.mark.parametrize(("early", "late_comer"), [(ALICE, BOB), (BOB, ALICE)])
    async def test_a_late_tenant_takes_room_from_the_largest(
        self, shelves: Shelves, early: bytes, late_comer: bytes
    ) -> None:
        flood = await stored(shelves, *(f"flood {i}" for i in range(20)), domain="shared", tenant=early)

        late = await stored(shelves, *"abcdef", domain="shared", tenant=late_comer, at=NOW + 50)

        assert len(await alive(shelves, late)) == 5
        assert len(await alive(shelves, flood)) == 5

    async def test_one_full_domain_takes_nothing_from_another(self, shelves: Shelves) -> None:
        others = await stored(shelves, "one", "two", domain="fifo")

        await stored(shelves, *(f"more {i}" for i in range(10)), domain="lru")

        assert await alive(shelves, others) == ["one", "two"]

    @pytest.mark.parametrize("kind", ["cut", "one bit", "foreign", "empty", "another entry"])
    async def test_a_damaged_value_is_none_and_deleted(self, shelves: Shelves, damage: Damage, kind: str) -> None:
        kept = entry()
        await shelves.store.put(kept)
        whole = codec.encode(kept)
        flipped = whole[:200] + bytes([whole[200] ^ 1]) + whole[201:]
        other = codec.encode(entry("What is the capital of Austria?", exact_key=kept.exact_key))
        values = {"cut": whole[:-9], "one bit": flipped, "foreign": b"hello", "empty": b"", "another entry": other}
        await damage(kept.id, values[kind])

        assert await shelves.store.get_exact(kept.exact_key, NOW) is None
        assert await shelves.store.delete([kept.id]) == []
        assert await shelves.store.put(entry()) == []

    async def test_a_record_of_another_release_is_left_alone(self, shelves: Shelves, damage: Damage) -> None:
        kept = entry()
        await shelves.store.put(kept)
        value = bytearray(codec.encode(kept)[:-16])
        value[4] = 99
        await damage(kept.id, bytes(value) + codec._checksum(bytes(value)))

        assert await shelves.store.get_exact(kept.exact_key, NOW) is None
        assert await shelves.store.delete([kept.id]) == [EntryRef(kept.id, kept.scope)]

    async def test_a_scan_brings_every_live_entry_that_has_an_embedding(self, shelves: Shelves) -> None:
        entries = await stored(shelves, *(f"question {i}" for i in range(450)), domain="default")
        await shelves.store.put(entry("exact only", embedding=None, prompt=None))
        await shelves.store.put(entry("stale", expires_at=NOW + 5))

        seen = [item.id async for item in shelves.store.scan(NOW + 1000)]

        assert sorted(seen) == sorted(item.id for item in entries)

    async def test_the_list_of_refs_names_what_a_scan_would_bring(self, shelves: Shelves) -> None:
        await stored(shelves, *(f"question {i}" for i in range(120)), domain="default")
        await shelves.store.put(entry("exact only", embedding=None, prompt=None))
        await shelves.store.put(entry("stale", expires_at=NOW + 5))

        named = {ref async for page in shelves.store.refs(NOW + 1000) for ref in page}

        assert named == {EntryRef(e.id, e.scope) async for e in shelves.store.scan(NOW + 1000)}
        assert len(named) == 120

    async def test_an_entry_that_json_cannot_hold_is_refused(self, shelves: Shelves) -> None:
        with pytest.raises(BackendError):
            await shelves.store.put(entry(model="\ud800"))


class StateFacts:
    async def test_the_first_secret_wins(self, shelves: Shelves) -> None:
        assert await shelves.state.set_if_absent("secret", b"first") == b"first"
        assert await shelves.state.set_if_absent("secret", b"second") == b"first"
        assert await shelves.state.get("secret") == b"first"

    async def test_a_fact_can_be_changed_and_deleted(self, shelves: Shelves) -> None:
        assert await shelves.state.get("switch") is None
        await shelves.state.set("switch", b"on")
        await shelves.state.set("switch", b"off", ttl_s=60)
        assert await shelves.state.get("switch") == b"off"

        await shelves.state.delete("switch")
        assert await shelves.state.get("switch") is None

    async def test_a_counter_starts_at_one(self, shelves: Shelves) -> None:
        assert [await shelves.state.increment("generation") for _ in range(3)] == [1, 2, 3]
        assert await shelves.state.get("generation") == b"3"


class FeedFacts:
    async def test_changes_come_in_order_above_a_position(self, shelves: Shelves) -> None:
        start = await shelves.feed.start()
        positions = [await shelves.feed.publish("entry", str(i).encode()) for i in range(5)]

        assert positions == [start + i for i in range(1, 6)]
        assert shelves.feed.version() == positions[-1]
        assert [(c.kind, c.body, c.position) for c in await shelves.feed.read(positions[2])] == [
            ("entry", b"3", positions[3]),
            ("entry", b"4", positions[4]),
        ]
        assert [c.position for c in await shelves.feed.read(start, limit=2)] == positions[:2]
        assert await shelves.feed.read(positions[-1]) == []

    async def test_a_reader_from_before_a_restart_is_told_of_the_gap(self, shelves: Shelves) -> None:
        newest = await shelves.feed.publish("entry", b"")

        (gap,) = await shelves.feed.read(newest + 1000)

        assert (gap.kind, gap.position) == ("gap", newest)


class LedgerFacts:
    async def test_a_hit_is_found_by_its_id_and_by_its_request(self, shelves: Shelves) -> None:
        old, new = hit("old"), hit("new", served_at=NOW + 1, logit=None)
        await shelves.ledger.remember([old, new])

        assert await shelves.ledger.find_hit("old") == old
        assert await shelves.ledger.last_hit(old.tenant, old.exact_key) == new
        assert await shelves.ledger.last_hit(BOB, old.exact_key) is None
        assert await shelves.ledger.find_hit("unknown") is None

    async def test_hits_leave_after_seven_days(self, shelves: Shelves) -> None:
        await shelves.ledger.remember([hit("old")])
        await shelves.ledger.remember([hit("new", served_at=NOW + 7 * 86400 + 1)])

        assert await shelves.ledger.find_hit("old") is None
        assert await shelves.ledger.find_hit("new") is not None

    async def test_a_label_is_recorded_once_per_hit(self, shelves: Shelves) -> None:
        assert await shelves.ledger.record(label())
        assert not await shelves.ledger.record(label(label=1, reason="changed my mind"))
        assert await shelves.ledger.record(label("hit-2", logit=0.5))

        found = [item async for item in shelves.ledger.labels()]
        assert sorted(found, key=lambda item: item.hit_id) == [label(), label("hit-2", logit=0.5)]

    async def test_a_quarantine_repeated_changes_nothing(self, shelves: Shelves) -> None:
        await shelves.ledger.quarantine(quarantine())
        await shelves.ledger.quarantine(quarantine(at=NOW + 9))
        await shelves.ledger.quarantine(quarantine(tenant=BOB, logit_floor=None))

        found = await shelves.ledger.quarantines()
        assert sorted(found, key=lambda item: item.tenant) == [quarantine(), quarantine(tenant=BOB, logit_floor=None)]

    async def test_eviction_cannot_touch_labels_and_quarantines(self, shelves: Shelves) -> None:
        kept = entry(domain="lru")
        await shelves.store.put(kept)
        await shelves.ledger.record(label())
        await shelves.ledger.quarantine(quarantine(entry_id=kept.id))
        await stored(shelves, *"abcdefgh", domain="lru", at=NOW + 5)
        await shelves.store.sweep(NOW + 1e6)

        assert [item.hit_id async for item in shelves.ledger.labels()] == ["hit-1"]
        assert [item.entry_id for item in await shelves.ledger.quarantines()] == [kept.id]


class RestartFacts:
    """For shelves that outlive their process. Fixture `reopened`: closes the shelves, opens them anew."""

    async def test_entries_survive_a_restart_with_their_order(
        self, shelves: Shelves, reopened: Callable[[], Awaitable[Shelves]]
    ) -> None:
        entries = await stored(shelves, "one", "two", "three", domain="lru")
        await shelves.store.get_exact(entries[0].exact_key, NOW + 10)

        again = await reopened()
        entries += await stored(again, "four", domain="lru", at=NOW + 20)

        assert await alive(again, entries) == ["one", "three", "four"]

    async def test_labels_quarantines_hits_and_facts_survive_a_restart(
        self, shelves: Shelves, reopened: Callable[[], Awaitable[Shelves]]
    ) -> None:
        await shelves.ledger.remember([hit()])
        await shelves.ledger.record(label())
        await shelves.ledger.quarantine(quarantine())
        await shelves.state.set_if_absent("secret", b"s")
        position = await shelves.feed.publish("quarantine", b"q")

        again = await reopened()

        assert await again.ledger.find_hit("hit-1") == hit()
        assert [item async for item in again.ledger.labels()] == [label()]
        assert await again.ledger.quarantines() == [quarantine()]
        assert await again.state.set_if_absent("secret", b"other") == b"s"
        assert [change.kind for change in await again.feed.read(position - 1)] == ["quarantine"]
