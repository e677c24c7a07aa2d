"""One pair through the stages, with small real classes behind the ports."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from proxy.core.embedding import VECTOR_DIM, Embedding, Prompt
from proxy.core.risk import Threshold
from proxy.core.route import Domain
from proxy.core.verdict import Calibration
from proxy.errors import BackendError, BadRequest
from proxy.explain import PairJudge
from proxy.learned import Models


class FixedEmbedder:
    """Vectors at a chosen cosine; word pieces from the text's own characters unless all are to be equal."""

    digest = "embedder"

    def __init__(self, cosine: float, *, same_ids: bool = False) -> None:
        self._cosine = cosine
        self._same_ids = same_ids
        self._first: str | None = None

    def token_ids(self, text: str) -> NDArray[np.uint16]:
        return np.array([7] if self._same_ids else [1000 + ord(character) for character in text], np.uint16)

    async def embed(self, text: str) -> Embedding:
        self._first = self._first or text
        vector = np.zeros(VECTOR_DIM, np.float32)
        cosine = 1.0 if text == self._first else self._cosine
        vector[:2] = cosine, math.sqrt(1 - cosine**2)
        return Embedding(vector, self.token_ids(text), np.zeros((1, 192), np.int8))


class FixedScorer:
    digest = "scorer"

    def __init__(self, logit: float) -> None:
        self._logit = logit

    async def logits(self, prompt: Prompt, candidates: Sequence[Prompt]) -> NDArray[np.float32]:
        return np.full(len(candidates), self._logit, np.float32)


class FixedThreshold:
    def current(self, domain: str) -> Threshold:
        return Threshold(logit=1.0, probability=0.73, max_false_hit_rate=0.03)


async def explained(
    a: str, b: str, *, cosine: float = 0.9, logit: float = 3.0, same_ids: bool = False
) -> Mapping[str, object]:
    models = Models(FixedEmbedder(cosine, same_ids=same_ids), FixedScorer(logit), None, Calibration(), unknown_id=100)
    return await PairJudge(models, FixedThreshold(), {"default": Domain()}, "").explain(a, b, "default")


A, B = "How do I reset my password?", "How can I reset my password?"


async def test_a_paraphrase_that_scores_is_a_hit() -> None:
    found = await explained(A, B)

    assert (found["verdict"], found["reason"]) == ("hit", "")
    assert found["probability"] == pytest.approx(1 / (1 + math.exp(-3)))
    assert ["asked", "remembered", "candidate", "guards", "scorer"] == [
        stage["name"]  # type: ignore[index]
        for stage in found["stages"]  # type: ignore[attr-defined]
    ]


@pytest.mark.parametrize(
    ("pair", "options", "reason"),
    [
        ((A, B), {"logit": 0.9}, "below_threshold"),
        ((A, B), {"logit": math.nan}, "not_finite"),
        ((A, B), {"cosine": 0.5}, "below_floor"),
        (("Where is order 1234?", "Where is order 1243?"), {}, "guard:numbers"),
        (("Is this good?", "Is this bad?"), {"same_ids": True}, "guard:equal_ids"),
        (("What is the weather like today?", B), {}, "time_bound"),
    ],
)
async def test_the_first_stage_that_says_no_gives_the_reason(
    pair: tuple[str, str], options: dict[str, float], reason: str
) -> None:
    found = await explained(*pair, **options)  # type: ignore[arg-type]

    assert (found["verdict"], found["reason"]) == ("miss", reason)


async def test_figures_are_there_although_a_guard_said_no() -> None:
    found = await explained("Where is order 1234?", "Where is order 1243?")

    assert str(found["reason"]).startswith("guard:")
    assert found["logit"] == pytest.approx(3.0)


async def test_without_models_it_says_why() -> None:
    judge = PairJudge(None, FixedThreshold(), {"default": Domain()}, "the artefact is damaged")

    with pytest.raises(BackendError, match="the artefact is damaged"):
        await judge.explain(A, B, "default")


async def test_a_domain_that_is_not_there_is_named() -> None:
    models = Models(FixedEmbedder(0.9), FixedScorer(3.0), None, Calibration(), unknown_id=100)

    with pytest.raises(BadRequest, match="There is no domain 'faq'; there are: default"):
        await PairJudge(models, FixedThreshold(), {"default": Domain()}, "").explain(A, B, "faq")


async def test_without_a_name_the_first_domain_decides() -> None:
    """`configs/support.yaml` has none that is called default."""
    models = Models(FixedEmbedder(0.9), FixedScorer(3.0), None, Calibration(), unknown_id=100)
    judge = PairJudge(models, FixedThreshold(), {"faq": Domain("faq"), "account": Domain("account")}, "")

    assert await judge.explain(A, B, "") == await judge.explain(A, B, "faq")


@pytest.mark.parametrize("text", [A, "", " \n"])
async def test_an_identical_request_is_a_hit_by_the_exact_tier(text: str) -> None:
    found = await explained(text, text)

    assert (found["verdict"], found["reason"]) == ("hit", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("What is the weather today?", "prompt_time_bound"),
        ("Send the mail to Bob", "prompt_side_effect"),
        ("What is the limit of card 4111 1111 1111 1111?", "prompt_secret"),
    ],
)
async def test_what_is_never_stored_is_no_hit_for_an_identical_request_either(text: str, reason: str) -> None:
    found = await explained(text, text)

    assert (found["verdict"], found["reason"]) == ("miss", reason)
