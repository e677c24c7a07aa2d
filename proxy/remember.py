"""Remember: what happens to an upstream's answer after its last byte, off the request's path (R35).

Every write is its own kept task, so a client that leaves cannot undo it; Store.put comes before Index.add.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass

import structlog

from proxy.ask import Ask
from proxy.core.answers.adapter import Finished
from proxy.core.entry import ID_BYTES, Entry, EntryRef
from proxy.core.outcome import Outcome
from proxy.core.policy import PLAN_VERSION, Semantic
from proxy.core.reasons import DropReason
from proxy.core.request import Endpoint
from proxy.core.route import TenancyKind
from proxy.core.scope import prompt_digest
from proxy.core.secrets import all_text, find_secret
from proxy.core.storable import Arrived, Asked, Drop, Keep, head_fault, is_accepting, storable
from proxy.core.unmasked import says_what_was_hidden
from proxy.errors import BackendBusy, BackendError
from proxy.learned import Models
from proxy.ports import PATIENT, Decode, Index, Store, UpstreamReply
from proxy.prompt_gate import PromptGate
from proxy.random_bytes import random_bytes
from proxy.reading import Read
from proxy.recall import Recall
from proxy.tasks import ended

log = structlog.get_logger()

Stored = Callable[[Entry, list[EntryRef]], Awaitable[None]]
"""(new entry, what left because of it): tells the other workers."""

RETRY_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Pauses between attempts while the embedder (or Redis) is busy with requests that somebody waits for."""

MAX_WRITES = 512
"""Writes under way at once; beyond it answers are dropped, not queued without bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A finished upstream response, as its bytes arrived. call: which one, see `core/precedence`."""

    reply: UpstreamReply
    body: bytes
    is_complete: bool
    is_too_large: bool
    call: int


class Remember:
    """Turns finished answers into entries."""

    def __init__(
        self, *, recall: Recall, gate: PromptGate, store: Store, index: Index, models: Models | None, decode: Decode,
        generation: Callable[[str], int], stored: Stored, now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._recall = recall
        self._gate = gate
        self._store = store
        self._index = index
        self._models = models
        self._decode = decode
        self._generation = generation
        self._stored = stored
        self._now = now
        self._tasks: set[asyncio.Task[None]] = set()

    def keep(self, ask: Ask, answered: Answered, read: Read | None, outcome: Outcome, then: Callable[[], None]) -> None:
        """Starts the write; `then` is called when the entry can be found, or never will be."""
        if len(self._tasks) >= MAX_WRITES:
            outcome.drop = DropReason.STORE_UNAVAILABLE
            then()
            return
        self._spawn(self._kept(ask, answered, read, outcome), then)

    def _spawn(self, work: Coroutine[None, None, None], then: Callable[[], None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name="remember")
        self._tasks.add(task)

        def done(finished: asyncio.Task[None]) -> None:
            self._tasks.discard(finished)
            if not finished.cancelled() and (failure := finished.exception()) is not None:
                log.error("remember.failed", exc_info=failure)
            then()

        task.add_done_callback(done)

    async def drained(self) -> None:
        """Waits for the writes under way; for shutdown and for tests."""
        await ended(self._tasks)

    async def _kept(self, ask: Ask, answered: Answered, read: Read | None, outcome: Outcome) -> None:
        PATIENT.set(True)  # in this task alone
        try:
            outcome.drop = await self._store_answer(ask, answered, read, outcome)
        except BackendError:
            outcome.drop = DropReason.STORE_UNAVAILABLE
        outcome.stored = outcome.drop is None

    async def _store_answer(
        self, ask: Ask, answered: Answered, read: Read | None, outcome: Outcome
    ) -> DropReason | None:
        if answered.is_too_large:
            return DropReason.TOO_LARGE
        judged = await asyncio.to_thread(self._judged, ask, answered)
        if isinstance(judged, Drop):
            return judged.reason
        outcome.model = judged.finished.model
        outcome.prompt_tokens = judged.finished.prompt_tokens
        outcome.completion_tokens = judged.finished.completion_tokens
        return await self._patiently(lambda: self._stored_if_fit(ask, judged, read, answered.call))

    async def _patiently(self, attempt: Callable[[], Awaitable[DropReason | None]]) -> DropReason | None:
        """Nobody waits here, so a busy embedder is asked again: a burst on an empty cache is remembered, too."""
        for pause_s in RETRY_S:
            try:
                return await attempt()
            except BackendBusy:
                await asyncio.sleep(pause_s)
        return await attempt()

    async def _stored_if_fit(self, ask: Ask, judged: Keep, read: Read | None, call: int) -> DropReason | None:
        read = await self._gate.read(ask, read)
        if reason := await self._gate.never_stored(ask, read):
            return reason
        entry = await self._entry(ask, judged, read)
        return await self._written(entry, call)

    def _judged(self, ask: Ask, answered: Answered) -> Keep | Drop:
        """In a thread: decoding, parsing and searching for secrets are linear in the body."""
        if find_secret(all_text(ask.request.fields)):
            return Drop(DropReason.PROMPT_SECRET)
        headers = _by_name(answered.reply.headers)
        body = self._decode(answered.body, headers.get("content-encoding", ""), ask.domain.max_response_bytes)
        if body is None:
            return Drop(DropReason.UNKNOWN_CODING)
        arrived = Arrived(
            answered.reply.status, headers, body, is_complete=answered.is_complete,
            is_delimited=answered.reply.is_delimited,
        )  # fmt: skip
        return storable(arrived, _asked(ask), ask.adapter)

    def is_sharable(self, ask: Ask, reply: UpstreamReply) -> bool:
        """Whether others than its caller may have this response while it is under way, by its head."""
        return head_fault(reply.status, _by_name(reply.headers), _asked(ask)) is None

    def is_accepting(self, reply: UpstreamReply, outcome: Outcome) -> bool:
        """Whether a 200 whose end was judged shows that its caller was accepted."""
        is_judged = outcome.stored or outcome.drop is not None
        return is_judged and is_accepting(_by_name(reply.headers), outcome.drop)

    async def _entry(self, ask: Ask, judged: Keep, read: Read | None) -> Entry:
        question = ask.scope.question
        reader = self._recall.reader
        embedding = read.embedding if read is not None else None
        is_semantic = (
            isinstance(ask.plan, Semantic)
            and not judged.exact_only
            and question is not None
            and reader is not None
            and read is not None
            and embedding is not None
            and reader.refusal(read, ask.domain) is None
            and not await reader.is_payload(ask.request, ask.scope)
            and not await _says_what_was_hidden(ask, question, judged.finished)
        )
        lives = (ask.domain.ttl_s, judged.max_ttl_s, ask.conditions.ttl_s)
        ttl_s = min(life for life in lives if life is not None)
        now = self._now()
        return Entry(
            id=random_bytes(ID_BYTES),
            exact_key=ask.scope.exact_key,
            scope=ask.scope.digest,
            scope_fields=ask.scope.fields,
            tenant=ask.tenant,
            route=ask.route.name,
            domain=ask.domain.name,
            generation=ask.generation,
            model=judged.finished.model or ask.request.model,
            prompt=question if is_semantic else None,
            prompt_digest=prompt_digest(question) if question is not None else b"",
            embedding=embedding if is_semantic else None,
            embedder_digest=self._models.embedder.digest if self._models and is_semantic else "",
            plan_version=PLAN_VERSION,
            record=judged.record,
            created_at=now,
            expires_at=now + ttl_s,
            tags=ask.conditions.tags,
            upstream_response_id=judged.finished.response_id if ask.request.endpoint == Endpoint.RESPONSES else None,
        )

    async def _written(self, entry: Entry, call: int) -> DropReason | None:
        if not self._recall.precedence.take(entry.exact_key, call):
            return DropReason.OVERTAKEN
        forgotten = self._recall.forgotten
        left = await self._store.put(entry)
        if left:
            self._recall.forget_entries([ref.id for ref in left])
            forgotten += 1  # what this entry pushed out says nothing against the entry
            await self._index.remove(left)
        if entry.generation != self._generation(entry.domain):  # flushed while the answer was under way
            left += await self._store.delete([entry.id])
            await self._stored(entry, left)
            return DropReason.GENERATION
        await self._stored(entry, left)
        if not self._recall.precedence.take(entry.exact_key, call):  # withdrawn while it was written
            gone = await self._store.delete([entry.id])
            self._recall.forget_entries([entry.id])
            if gone:
                await self._stored(entry, gone)
            return DropReason.OVERTAKEN
        if entry.embedding is not None:
            await self._index.add(entry.ref, entry.embedding.vector)
        self._recall.recent.pop(entry.exact_key)
        self._recall.at_hand_from_now(entry, forgotten)
        return None


def _asked(ask: Ask) -> Asked:
    fields, tenancy = ask.request.fields, ask.domain.tenancy
    is_own_name = bool(ask.request.deployment) or ask.route.upstream.is_azure
    return Asked(
        endpoint=ask.request.endpoint,
        model="" if is_own_name else ask.request.model,
        must_be_json=_must_be_json(fields),
        has_tools=bool(fields.get("tools") or fields.get("functions")),
        max_bytes=ask.domain.max_response_bytes,
        include_usage=ask.wanted.include_usage,
        inputs=_inputs(fields) if ask.request.endpoint == Endpoint.EMBEDDINGS else 0,
        told_apart=frozenset(name.lower() for name in (*ask.route.scope_headers, tenancy.header)),
        is_shared=tenancy.kind is TenancyKind.SHARED,
    )


async def _says_what_was_hidden(ask: Ask, question: str, finished: Finished) -> bool:
    """In a thread: an answer may have a megabyte of words."""
    masks, answers = ask.domain.scope_mask, (*finished.texts, finished.thoughts)
    return bool(masks) and await asyncio.to_thread(says_what_was_hidden, answers, ask.request.fields, masks, question)


def _by_name(headers: Sequence[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Lower-case names; values of equal names joined as RFC 9110 §5.3 allows."""
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        joined[key] = f"{joined[key]}, {text}" if key in joined else text
    return joined


def _must_be_json(fields: Mapping[str, object]) -> bool:
    """Whether `response_format` (chat) or `text.format` (responses) asks for JSON."""
    text = fields.get("text")
    wanted = fields.get("response_format") or (text.get("format") if isinstance(text, dict) else None)
    return isinstance(wanted, dict) and str(wanted.get("type", "")).startswith("json")


def _inputs(fields: Mapping[str, object]) -> int:
    """How many texts are to be embedded: several in a list, unless it is one text as tokens."""
    texts = fields.get("input")
    several = [text for text in texts if isinstance(text, str | list)] if isinstance(texts, list) else []
    return len(several) or 1
