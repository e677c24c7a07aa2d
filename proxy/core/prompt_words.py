"""One prompt as words alone read it. Each fact is worked out when it is first asked for, and once.

A request asks for most of them three times: before its embedding, after it, and before its answer is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from proxy.core import lexicons
from proxy.core.languages import Evidence, language_evidence, spelling
from proxy.core.words.fold import edges, fold

KINDS: dict[str, Callable[[str], bool]] = {
    "side_effect": lexicons.is_side_effect,
    "time_bound": lexicons.is_time_bound,
    "context_bound": lexicons.is_context_bound,
    "novelty": lexicons.asks_for_novelty,
    "personal": lexicons.is_personal,
}
"""Bypass name (as in `domain.bypass`) -> its words."""

KINDS_ABROAD: dict[str, Callable[[str], bool]] = {
    "side_effect": lexicons.is_side_effect_abroad,
    "time_bound": lexicons.is_time_bound_abroad,
}
"""The same in other languages, of what is never stored."""


class PromptWords:
    """The facts of one text; may be asked from two threads, which then work out the same twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._said: dict[Callable[[str], bool], bool] = {}

    @cached_property
    def folded(self) -> str:
        """See `fold`."""
        return fold(self.text)

    @cached_property
    def edges(self) -> PromptWords:
        """Both edges of a long text, else the same: what `folded` is made of."""
        read = edges(self.text)
        return self if read == self.text else PromptWords(read)

    @cached_property
    def evidence(self) -> Evidence:
        """See `language_evidence`."""
        return language_evidence(self.text)

    @cached_property
    def spelling(self) -> float:
        """See `languages.spelling`."""
        return spelling(self.text)

    def is_kind(self, kind: str) -> bool:
        """Whether words say that the prompt is of this kind (see `KINDS`)."""
        return self._says(KINDS[kind])

    def is_kind_abroad(self, kind: str) -> bool:
        """The same by the words of other languages (see `KINDS_ABROAD`); of texts that are not English."""
        return self._says(KINDS_ABROAD[kind])

    def _says(self, look: Callable[[str], bool]) -> bool:
        """Looked for once; who admits a prompt and who stores its answer both ask."""
        found = self._said.get(look)
        if found is None:
            found = self._said[look] = look(self.folded)
        return found
