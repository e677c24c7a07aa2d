"""Small real classes behind the model ports, and an `open_models` made of them, for verbs that decide offline."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from proxy.backends.models import ShippedThresholds
from proxy.config.settings import Config
from proxy.core.embedding import VECTOR_DIM, Embedding, Prompt
from proxy.core.verdict import Calibration
from proxy.explain import PairJudge
from proxy.learned import Models
from proxy.parts import OpenModels

THRESHOLD = 2.0


class WordEmbedder:
    """Texts that share words are near; every word is one piece."""

    digest = "embedder"

    def token_ids(self, text: str) -> NDArray[np.uint16]:
        return np.array([1000 + _number(word) for word in _words(text)], np.uint16)

    async def embed(self, text: str) -> Embedding:
        vector = np.full(VECTOR_DIM, 0.2, np.float32)
        for word in _words(text):
            vector[_number(word)] += 1
        vector /= np.linalg.norm(vector)
        return Embedding(vector, self.token_ids(text), np.zeros((1, 192), np.int8))


class SharedWords:
    """The logit is 4 minus the words that only one of the two texts has."""

    digest = "scorer-1"

    async def logits(self, prompt: Prompt, candidates: Sequence[Prompt]) -> NDArray[np.float32]:
        own = set(_words(prompt.text))
        return np.array([4 - len(own ^ set(_words(other.text))) for other in candidates], np.float32)


def opened(config: Config) -> OpenModels:
    """In the place of `proxy.parts.open_models`."""
    models = Models(WordEmbedder(), SharedWords(), None, Calibration(), unknown_id=100)
    thresholds = ShippedThresholds(config.domains, {0.03: THRESHOLD}, Calibration())
    judge = PairJudge(models, thresholds, config.domains, "")
    return OpenModels(models, thresholds, "", judge.explain, lambda: "", lambda: None)


def unusable(why: str) -> Callable[[Config], OpenModels]:
    """Models that could not be loaded."""

    def open_nothing(config: Config) -> OpenModels:
        thresholds = ShippedThresholds(config.domains, {}, Calibration())
        judge = PairJudge(None, thresholds, config.domains, why)
        return OpenModels(None, thresholds, why, judge.explain, lambda: "", lambda: None)

    return open_nothing


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _number(word: str) -> int:
    return sum(map(ord, word)) % VECTOR_DIM
