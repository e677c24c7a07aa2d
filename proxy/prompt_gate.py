"""Which prompts are answered from memory never, or for their own caller alone (R18): off the request's path.

Time-bound and side-effecting prompts are judged when an answer is about to be stored or shared, so that the exact
look-up needs no embedding.
"""

from __future__ import annotations

from typing import Protocol

from proxy.core.admission import never_stored
from proxy.core.prompt_words import PromptWords
from proxy.core.reasons import DropReason
from proxy.core.request import Request
from proxy.core.route import Domain
from proxy.core.scope import Scope
from proxy.core.words.assent import offered_act
from proxy.errors import BackendError
from proxy.ports import PATIENT
from proxy.reading import Read, Reader


class Prompted(Protocol):
    """What the gate reads of an ask."""

    @property
    def request(self) -> Request: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def domain(self) -> Domain: ...
    @property
    def tenant(self) -> bytes: ...


class PromptGate:
    """Judges by words and heads together; by words alone where there are no models (`reader` is None)."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader

    async def read(self, ask: Prompted, read: Read | None = None) -> Read | None:
        """The judged text with its embedding, `read` if that is it; None where there is no text or are no models.

        Raises BackendBusy, BackendError.
        """
        text, reader = _judged_text(ask), self._reader
        if reader is None or not text:
            return read
        read = read or reader.read(ask.tenant, text)
        await reader.embedded(read)
        return read

    async def never_stored(self, ask: Prompted, read: Read | None) -> DropReason | None:
        """Why no answer to it may be stored; `read` as `self.read` gave it. Raises BackendBusy, BackendError."""
        return _prompt(ask, read) or await self._frame(ask) or await self._offer(ask)

    async def is_for_others(self, ask: Prompted, read: Read | None) -> bool:
        """Whether an answer to this prompt may be given to whoever asks the same: not what is never stored, nor what
        the models are too busy to judge, though who waits for another's call has time."""
        token = PATIENT.set(True)
        try:
            return await self.never_stored(ask, await self.read(ask, read)) is None
        except BackendError:
            return False
        finally:
            PATIENT.reset(token)

    async def _frame(self, ask: Prompted) -> DropReason | None:
        """The same of what stands around an extracted question, where words and heads agree: heads alone take a heading
        ("Question:") for a command, words alone a date ("Current date: …") for something about now."""
        frame = ask.scope.frame
        said = never_stored(frame, None, ask.domain) if frame else None
        return await self._beside(ask, frame) if said is not None else None

    async def _offer(self, ask: Prompted) -> DropReason | None:
        """The same of what the assistant offers to do and the user agrees to."""
        turns = ask.request.turns
        act = offered_act(turns.assistant_texts[-1], turns.last_user_text) if turns.assistant_texts else ""
        return await self._beside(ask, act) if act else None

    async def _beside(self, ask: Prompted, text: str) -> DropReason | None:
        """Of a text beside the question."""
        if self._reader is None:
            return never_stored(text, None, ask.domain)
        read = self._reader.read(ask.tenant, text)
        await self._reader.embedded(read)
        return never_stored(read.words, read.odds, ask.domain)


def _prompt(ask: Prompted, read: Read | None) -> DropReason | None:
    """Earlier turns by their words alone: "and in euros?" is as time-bound as the question that it goes on with."""
    text = _judged_text(ask)
    words = read.words if read is not None else PromptWords(text)
    judged = [never_stored(words, read.odds if read is not None else None, ask.domain)] if text else []
    judged += [never_stored(said, None, ask.domain) for said in ask.request.turns.earlier_user_texts]
    return next((reason for reason in judged if reason is not None), None)


def _judged_text(ask: Prompted) -> str:
    """What is embedded and judged: the question as it is compared by meaning, else the last user turn."""
    return ask.scope.question or ask.request.turns.last_user_text
