"""What a text says about itself: by its words, and by the models once somebody needs that.

Kept by tenant: a paraphrase asked again is scored anew (R17) but neither read nor embedded anew, and no tenant can tell
by the clock what another has asked.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field

from proxy.core.admission import admit, is_payload_scope
from proxy.core.embedding import Embedding
from proxy.core.lru import SegmentedLru
from proxy.core.odds import PromptOdds
from proxy.core.prompt_words import PromptWords
from proxy.core.reasons import ExactOnlyReason
from proxy.core.request import Request
from proxy.core.route import Domain
from proxy.core.scope import Scope, prompt_digest
from proxy.learned import Models

KEPT_BYTES = 16 * 1024 * 1024
SYSTEMS_KEPT = 10_000


@dataclass(slots=True, eq=False)
class Read:
    """One text as it was read for one tenant. odds: of the learned heads, with the embedding and where there are heads.

    refusals: by domain, why it is not compared by meaning (None: it is), as words and models together say.
    turn: of whoever embeds it; the others who ask at the same time wait, and find it embedded.
    """

    key: bytes
    words: PromptWords
    embedding: Embedding | None = None
    odds: PromptOdds | None = None
    refusals: dict[str, ExactOnlyReason | None] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Reader:
    """One process's reading of prompts and system texts, over one set of models."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._kept: SegmentedLru[bytes, Read] = SegmentedLru(KEPT_BYTES, _weight)
        self._systems: SegmentedLru[bytes, bool] = SegmentedLru(SYSTEMS_KEPT)
        self._frames: SegmentedLru[bytes, bool] = SegmentedLru(SYSTEMS_KEPT)

    def read(self, tenant: bytes, text: str) -> Read:
        """What is known of the text; without waiting for anything."""
        key = tenant + prompt_digest(text)
        read = self._kept.get(key)
        if read is None:
            read = Read(key, PromptWords(text))
            self._kept.put(key, read)
        return read

    async def embedded(self, read: Read) -> Embedding:
        """Its embedding, made if it was not there; the odds come with it. Raises BackendBusy, BackendError."""
        if read.embedding is not None:
            return read.embedding
        async with read.turn:
            if read.embedding is None:
                embedding = await self._models.embedder.embed(read.words.text)
                read.odds = self._models.odds(embedding)
                read.embedding = embedding
                self._kept.put(read.key, read)  # it weighs more now
            return read.embedding

    def refusal(self, read: Read, domain: Domain) -> ExactOnlyReason | None:
        """Why this question is not compared by meaning in the domain; of a text that is embedded."""
        assert read.embedding is not None
        if domain.name not in read.refusals:
            read.refusals[domain.name] = admit(
                read.words,
                odds=read.odds,
                token_ids=read.embedding.token_ids,
                unknown_id=self._models.unknown_id,
                lexicon=self._models.lexicon,
                domain=domain,
            )
        return read.refusals[domain.name]

    def is_known_payload(self, request: Request, scope: Scope) -> bool:
        """As `is_payload`, as far as it was judged before."""
        known = (self._systems.get(_system_key(text)) for text in _before_the_question(request))
        return any(known) or self._frames_a_payload(scope.frame)

    async def is_payload(self, request: Request, scope: Scope) -> bool:
        """R7: does the scope ask a question or hand over a payload? Raises BackendBusy."""
        for text in _before_the_question(request):
            if await self._works_on_payloads(text):
                return True
        return self._frames_a_payload(scope.frame)

    def _frames_a_payload(self, frame: str) -> bool:
        """By words alone: the head knows system texts, and takes a ticket's heading for work on a text."""
        if not frame:
            return False
        key = _system_key(frame)
        judged = self._frames.get(key)
        if judged is None:
            judged = is_payload_scope(frame, odds=None)
            self._frames.put(key, judged)
        return judged

    async def _works_on_payloads(self, system_text: str) -> bool:
        """Judged once for each text."""
        key = _system_key(system_text)
        judged = self._systems.get(key)
        if judged is None:
            judged = is_payload_scope(system_text, odds=None)
            if not judged:
                odds = self._models.odds(await self._models.embedder.embed(system_text))
                judged = is_payload_scope(system_text, odds=odds)
            self._systems.put(key, judged)
        return judged


def _before_the_question(request: Request) -> list[str]:
    """What a question may be told by to be no question, each judged apart: joined, an ordinary one hides the other."""
    return [text for text in (request.system_text, request.assistant_text) if text.strip()]


def _system_key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _weight(read: Read) -> int:
    embedding = read.embedding
    arrays = (embedding.vector, embedding.token_ids, embedding.token_vectors) if embedding is not None else ()
    return 1024 + 3 * len(read.words.text) + sum(array.nbytes for array in arrays)
