"""Quarantines by themselves: whom one holds for, and in which order it takes effect (R17, R23)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from proxy.backends.ledger_memory import MemoryLedger
from proxy.backends.store_memory import MemoryStore
from proxy.core.embedding import Prompt
from proxy.core.entry import Candidate
from proxy.core.eviction import Quota
from proxy.core.hit_id import NONCE_BYTES, mint
from proxy.core.report import Quarantine, ReportAsk, ServedHit
from proxy.core.spelling import spelling_digest
from proxy.errors import BackendError
from proxy.feedback.flags import Flags
from proxy.feedback.quarantined import Quarantined, unpacked
from proxy.learned import Models
from proxy.recall import Recall
from tests.facts.entries import ALICE, BOB, NOW, FakeClock, digest, embedding, entry, hit, quarantine
from tests.facts.waiting import eventually

SECRET, CREDENTIAL = b"s" * 32, b"c" * 32
ASKED, STORED = "asked", "stored"
SCORER = "s" * 64


class Desk:
    """Flags over empty shelves; what they publish and drop is written down."""

    def __init__(self, quarantine_after: int = 3) -> None:
        self.ledger = MemoryLedger()
        self.store = MemoryStore({"default": Quota(100)})
        self.told: list[tuple[str, bytes]] = []
        self.dropped: list[bytes] = []
        self.quarantined = Quarantined({"default": quarantine_after})
        self.clock = FakeClock()
        self.flags = Flags(
            self.ledger,
            self.quarantined,
            secret=lambda: SECRET,
            publish=self._publish,
            drop=self._drop,
            store=self.store,
            clock=self.clock,
            is_shared=False,
        )

    async def _publish(self, kind: str, body: bytes) -> int:
        self.told.append((kind, body))
        return len(self.told)

    async def _drop(self, entry_id: bytes, exact_key: bytes) -> None:
        self.dropped.append(entry_id)

    def served(self, prompt: str = "asked", credential: bytes = CREDENTIAL, **changes: Any) -> ServedHit:
        """A hit by meaning, given to this credential."""
        nonce = prompt.encode()[:NONCE_BYTES].ljust(NONCE_BYTES)
        token = mint(SECRET, credential, b"e" * 16, digest(prompt), nonce=nonce)
        given = hit(token, prompt=prompt, prompt_digest=digest(prompt), scorer_digest=SCORER, **changes)
        self.flags.served(given)
        return given

    async def reported(
        self,
        given: ServedHit | None,
        *,
        is_bad: bool = True,
        credential: bytes = CREDENTIAL,
        is_tenant_shared: bool = False,
    ) -> str:
        """`given`: None reports without an id, by tenant and request."""
        by_request: dict[str, Any] = {"tenant": ALICE, "exact_key": digest("request")} if given is None else {}
        by_request["is_tenant_shared"] = is_tenant_shared
        return await self.flags.reported(ReportAsk(is_bad, given and given.id, "why", credential, **by_request))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_quarantine_holds_for_one_tenant_and_domain_and_both_ways_round(desk: Desk) -> None:
    desk.quarantined.add(quarantine())
    forbids = desk.quarantined.forbids

    assert forbids(ALICE, "default", ASKED, STORED)
    assert forbids(ALICE, "default", STORED, ASKED)
    assert not forbids(BOB, "default", ASKED, STORED)
    assert not forbids(ALICE, "strict", ASKED, STORED)
    assert not forbids(ALICE, "default", ASKED, "other")


@pytest.mark.parametrize(
    "respelt",
    ["What is Café X", "what is cafe x?", "“What is\tCAFÉ X?” :", "- what, is café-x ;-", "Ｗhat is Cafe\u0301 X？"],  # noqa: RUF001
)
async def test_either_side_of_a_reported_pair_is_known_in_any_spelling(desk: Desk, respelt: str) -> None:
    await desk.reported(desk.served("What is café X?", stored_prompt="What is café Y?"))
    forbids = desk.quarantined.forbids

    assert forbids(ALICE, "default", respelt, "what is cafe y")
    assert forbids(ALICE, "default", "What is café Y?!", respelt)
    assert not forbids(ALICE, "default", "What is café Z?", respelt)


def test_texts_without_a_letter_are_told_apart(desk: Desk) -> None:
    desk.quarantined.add(quarantine(prompt_digest=spelling_digest("?!"), stored_prompt_digest=spelling_digest("…")))

    assert desk.quarantined.forbids(ALICE, "default", "…", "?!")
    assert not desk.quarantined.forbids(ALICE, "default", "?", "!")


def test_a_spelling_is_read_in_linear_time() -> None:
    """Composing that many marks takes minutes."""
    assert spelling_digest("a") == spelling_digest("a" + "\u0300\u0316" * 200_000)


@pytest.mark.parametrize("stored_digest", [digest("stored?"), digest("spelling\0stored")])
@pytest.mark.parametrize("asked_digest", [digest("asked?"), digest("spelling\0asked")])
def test_pairs_that_earlier_versions_wrote_are_held_back_on(
    desk: Desk, asked_digest: bytes, stored_digest: bytes
) -> None:
    """By the digest of the text, or of one spelling that knew case, spaces and final punctuation."""
    desk.quarantined.add(quarantine(prompt_digest=asked_digest, stored_prompt_digest=stored_digest))

    assert desk.quarantined.forbids(ALICE, "default", "asked?", "stored?")
    assert desk.quarantined.forbids(ALICE, "default", "stored?", "asked?")


def test_the_highest_floor_of_an_entry_holds_in_whichever_order_they_come(desk: Desk) -> None:
    for floor in (0.5, 2.0, None, 1.0):
        desk.quarantined.add(quarantine(logit_floor=floor))

    assert 2.0 == desk.quarantined.logit_floor(b"e" * 16, SCORER)
    assert desk.quarantined.logit_floor(b"e" * 16, "another scorer") is None


def test_an_entry_is_out_with_the_third_prompt_and_not_with_the_third_report(desk: Desk) -> None:
    for prompt in ("one", "one", "one", "two"):
        desk.quarantined.add(quarantine(prompt_digest=digest(prompt)))
        assert not desk.quarantined.is_banned(b"e" * 16)
    desk.quarantined.add(quarantine(prompt_digest=digest("three")))

    assert desk.quarantined.is_banned(b"e" * 16)


async def test_below_and_at_the_floor_of_a_report_an_entry_answers_nobody(desk: Desk) -> None:
    class Scorer:
        digest = SCORER

        async def logits(self, _prompt: Prompt, _stored: Sequence[Prompt]) -> list[float]:
            return [0.5, 1.0, 1.1, float("nan")]

    held = entry()
    desk.quarantined.add(quarantine(entry_id=held.id, logit_floor=1.0, scorer_digest=SCORER))
    unused: Any = None
    models = Models(unused, Scorer(), None, unused, unknown_id=0)  # type: ignore[arg-type]
    recall: Any = SimpleNamespace(_models=models, _quarantines=desk.quarantined)
    logits = await Recall._logits(recall, Prompt("asked", embedding()), [Candidate(held, 0.9)] * 4)

    assert [float("-inf"), float("-inf"), pytest.approx(1.1), float("-inf")] == list(logits)


async def test_an_entry_that_is_out_is_dropped_for_everybody() -> None:
    desk = Desk(quarantine_after=2)
    said = [await desk.reported(desk.served(prompt)) for prompt in ("one", "two")]

    assert ["recorded"] * 2 == said
    assert [b"e" * 16] == desk.dropped
    assert ["quarantine"] * 2 == [kind for kind, _ in desk.told]


async def test_another_worker_holds_what_one_was_told(desk: Desk) -> None:
    await desk.reported(desk.served(logit=1.5))
    ((_, body),) = desk.told
    other = Desk()
    other.quarantined.add(unpacked(body))

    assert other.quarantined.forbids(ALICE, "default", ASKED, STORED)
    assert 1.5 == other.quarantined.logit_floor(b"e" * 16, SCORER)


async def test_a_disk_that_fails_lets_no_reported_pair_be_served_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: object) -> None:
        raise BackendError("full")

    monkeypatch.setattr(desk.ledger, "quarantine", fails)

    assert "failed" == await desk.reported(desk.served())
    assert desk.quarantined.forbids(ALICE, "default", ASKED, STORED)


async def test_a_store_that_is_silent_keeps_no_report_waiting_and_hears_of_it_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proxy.feedback.flags.REPORT_S", 0.05)
    answers = asyncio.Event()
    quarantine = desk.ledger.quarantine

    async def late(item: Quarantine) -> None:
        await answers.wait()
        await quarantine(item)

    monkeypatch.setattr(desk.ledger, "quarantine", late)

    async with asyncio.timeout(5):
        assert "failed" == await desk.reported(desk.served())
    assert desk.quarantined.forbids(ALICE, "default", ASKED, STORED)
    answers.set()
    await desk.flags.drained()
    assert (1, ["quarantine"]) == (len(await desk.ledger.quarantines()), [kind for kind, _ in desk.told])


async def test_an_exact_answer_that_cannot_be_taken_out_is_banned_here(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_entry_id: bytes, _exact_key: bytes) -> None:
        raise BackendError("locked")

    monkeypatch.setattr(desk.flags, "_drop", fails)
    kept = entry(exact_key=digest("request"))
    await desk.store.put(kept)

    assert "failed" == await desk.reported(None)
    assert desk.quarantined.is_banned(kept.id)


async def refused(*_: object) -> None:
    raise BackendError("away")


async def test_a_report_that_is_heard_late_does_not_mean_the_answer_that_came_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.flags, "_last_hit", refused)
    assert "failed" == await desk.reported(None)
    assert [digest("request")] == list(desk.quarantined.withheld)
    monkeypatch.undo()
    await desk.store.put(entry(exact_key=digest("request"), created_at=NOW + 1))
    await desk.flags.drained()

    assert ({}, []) == (desk.quarantined.withheld, desk.dropped)


async def test_a_report_that_fails_late_does_not_mean_the_answer_that_came_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = asyncio.Event()

    async def late(*_: object) -> None:
        await fails.wait()
        raise BackendError("away")

    monkeypatch.setattr("proxy.feedback.flags.REPORT_S", 0.01)
    with monkeypatch.context() as away:
        away.setattr(desk.flags, "_last_hit", late)
        assert "failed" == await desk.reported(None)
        await desk.store.put(entry(exact_key=digest("request"), created_at=NOW + 1))
        desk.clock.time = NOW + 2
        fails.set()
        await eventually(lambda: not desk.flags._reporting)
    await desk.flags.drained()

    assert ({}, []) == (desk.quarantined.withheld, desk.dropped)


async def test_two_reports_of_one_entry_that_the_store_could_not_take_are_both_taken_when_it_is_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(desk.ledger, "quarantine", refused)
        for prompt in ("one", "another"):
            assert "failed" == await desk.reported(desk.served(prompt))
    await desk.flags.drained()

    assert {} == desk.quarantined.withheld
    assert 2 == len(await desk.ledger.quarantines())
    assert ["one", "another"] == [label.b async for label in desk.ledger.labels()]


async def test_a_report_that_is_taken_lets_go_of_no_other_of_the_same_entry(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(desk.ledger, "quarantine", refused)
        await desk.reported(first := desk.served("one"))

    assert "recorded" == await desk.reported(desk.served("another"))
    assert [first.entry_id] == list(desk.quarantined.withheld)
    await desk.flags.drained()
    assert 2 == len(await desk.ledger.quarantines())


async def test_what_is_everybodys_is_withheld_by_nobody_without_an_id(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.flags, "_last_hit", refused)

    assert "failed" == await desk.reported(None, is_tenant_shared=True)
    assert {} == desk.quarantined.withheld


async def test_what_is_withheld_anew_while_it_is_taken_out_is_taken_out_once_more(desk: Desk) -> None:
    done: list[str] = []
    held = desk.quarantined.held

    async def again() -> None:
        done.append("again")

    async def first() -> None:
        done.append("first")
        held.hold(b"name", again)

    held.hold(b"name", first)
    await desk.flags.drained()

    assert ["first", "again"] == done


async def test_a_good_report_is_a_label_and_holds_nothing_back(desk: Desk) -> None:
    assert "recorded" == await desk.reported(desk.served(), is_bad=False)

    (label,) = [label async for label in desk.ledger.labels()]
    assert ("stored", "asked", 1) == (label.a, label.b, label.label)
    assert not desk.quarantined.forbids(ALICE, "default", ASKED, STORED)


async def test_who_takes_a_good_report_back_is_told_that_the_pair_is_held_back_now(desk: Desk) -> None:
    given = desk.served()
    said = [await desk.reported(given, is_bad=is_bad) for is_bad in (False, False, True, True)]

    assert ["recorded", "ignored; reason=repeated"] * 2 == said
    assert desk.quarantined.forbids(ALICE, "default", ASKED, STORED)


async def test_who_shares_a_tenant_cannot_report_what_another_credential_got(desk: Desk) -> None:
    given = desk.served(credential=b"d" * 32)

    assert ["ignored; reason=unknown_id", "ignored; reason=no_hit"] == [
        await desk.reported(given), await desk.reported(None)
    ]  # fmt: skip
    assert "recorded" == await desk.reported(given, credential=b"d" * 32)


@pytest.mark.parametrize(("created_at", "means_the_entry"), [(NOW + 1, True), (NOW, True), (NOW - 1, False)])
async def test_a_report_without_an_id_means_what_answered_this_request_last(
    desk: Desk, created_at: float, means_the_entry: bool
) -> None:
    desk.served(exact_key=digest("request"), served_at=NOW)
    own = entry("asked", exact_key=digest("request"), created_at=created_at)
    await desk.store.put(own)

    assert "recorded" == await desk.reported(None)
    assert means_the_entry == (desk.dropped == [own.id])
    assert means_the_entry != desk.quarantined.forbids(ALICE, "default", ASKED, STORED)


async def test_where_a_tenant_is_shared_a_report_without_an_id_means_a_hit_of_this_credential_alone(desk: Desk) -> None:
    own = entry("asked", exact_key=digest("request"), created_at=NOW + 1)
    await desk.store.put(own)
    assert "ignored; reason=no_hit" == await desk.reported(None, is_tenant_shared=True)
    desk.served(exact_key=digest("request"), served_at=NOW)

    assert "recorded" == await desk.reported(None, is_tenant_shared=True)
    assert [] == desk.dropped
    assert desk.quarantined.forbids(ALICE, "default", ASKED, STORED)


async def test_what_is_served_while_a_batch_is_written_belongs_to_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember = desk.ledger.remember
    late: list[ServedHit] = []

    async def held_up(hits: list[ServedHit]) -> None:
        if not late:
            late.append(desk.served("late"))
        await remember(hits)

    monkeypatch.setattr(desk.ledger, "remember", held_up)
    desk.served("early")
    await eventually(lambda: bool(late))
    await desk.flags.drained()

    assert await desk.ledger.find_hit(late[0].id) == late[0]


async def test_served_hits_are_written_once_and_the_newest_at_shutdown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    remember = desk.ledger.remember

    async def counted(hits: list[ServedHit]) -> None:
        batches.append(len(hits))
        await remember(hits)

    monkeypatch.setattr(desk.ledger, "remember", counted)
    desk.served("one")
    await eventually(lambda: bool(batches))
    last = desk.served("two")
    await desk.flags.drained()

    assert [1, 1] == batches
    assert await desk.ledger.find_hit(last.id) == last


async def test_of_what_was_taken_out_only_the_newest_is_remembered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store has let go of it; whoever reports exact hits all day must not fill the memory."""
    monkeypatch.setattr("proxy.feedback.quarantined.MAX_TAKEN_OUT", 2)
    for number in range(3):
        desk.quarantined.add(quarantine(prompt_digest=digest(f"asked {number}")))
    for name in (b"one", b"two", b"three"):
        desk.quarantined.ban(name)

    assert [False, True, True] == [desk.quarantined.is_banned(name) for name in (b"one", b"two", b"three")]
    assert desk.quarantined.is_banned(quarantine().entry_id)
