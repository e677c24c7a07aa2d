"""The learned parts of the decision, together: what the story asks of the models as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxy.core.embedding import Embedding, Prompt
from proxy.core.lexicon import Lexicon
from proxy.core.odds import PromptOdds
from proxy.core.verdict import Calibration, assured
from proxy.ports import Embedder, PairScorer, PromptJudge


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The learned parts of the decision. judge: None where only words judge prompts. unknown_id: the [UNK] piece.

    lexicon: of English; None where nothing is known of words.
    """

    embedder: Embedder
    scorer: PairScorer
    judge: PromptJudge | None
    calibration: Calibration
    unknown_id: int
    lexicon: Lexicon | None = None

    def odds(self, embedding: Embedding) -> PromptOdds | None:
        """What the heads say about the text that was embedded, if there are heads."""
        return self.judge.odds(embedding) if self.judge is not None else None

    async def logits(self, prompt: Prompt, stored: Sequence[Prompt]) -> NDArray[np.float32]:
        """float32[len(stored)]: what the scorer says, but for the very question (`verdict.assured`). Raises as it."""
        judged = await self.scorer.logits(prompt, stored)
        return assured(judged, prompt.text, [each.text for each in stored], self.lexicon)
