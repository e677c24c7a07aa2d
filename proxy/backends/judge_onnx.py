"""The heads over one embedding: what kind of prompt, whether a system text works on payloads, English or not.

Port `PromptJudge`. Decides nothing: limits belong to `core.admission`. One run takes a tenth of a millisecond for a
question of twenty tokens, so it needs no thread of its own.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from proxy.backends.artefact import MODELS, Artefact, read_artefact
from proxy.backends.inference import open_session
from proxy.core.embedding import TOKEN_DIM, VECTOR_DIM, Embedding
from proxy.core.odds import PromptOdds
from proxy.errors import ModelMismatch

BUNDLED = MODELS / "prompts"
KINDS = tuple(one.name for one in fields(PromptOdds) if one.name != "languages")
LANGUAGE = "language:"
"""Outputs named `language:en` and so on become `PromptOdds.languages`."""


def load_judge(embedder_digest: str, folder: Path = BUNDLED) -> OnnxPromptJudge:
    """Reads, checks and opens the folder of heads; raises ModelMismatch, also for another embedder's heads."""
    return OnnxPromptJudge(read_artefact(folder, "heads"), embedder_digest)


class OnnxPromptJudge:
    """Port `PromptJudge`."""

    def __init__(self, artefact: Artefact, embedder_digest: str) -> None:
        made_for = artefact.field("embedder_digest", str)
        if made_for != embedder_digest:
            raise ModelMismatch(
                f"{artefact.folder}: its heads are for embedder {made_for[:12]}, loaded is {embedder_digest[:12]}. "
                "Use the embedder and the heads of one release."
            )
        self._digest = artefact.digest
        self._outputs = [str(name) for name in artefact.field("outputs", list)]
        if set(KINDS) - set(self._outputs):
            raise ModelMismatch(f"{artefact.folder}: has no head for {sorted(set(KINDS) - set(self._outputs))}.")
        self._session = open_session(artefact.files["model.onnx"], str(artefact.folder))
        try:
            shape = self._run(np.zeros((1, TOKEN_DIM), dtype=np.int8), np.zeros(VECTOR_DIM, dtype=np.float32)).shape
        except Exception as exc:  # foreign code: whatever it raises means that this is not our graph
            raise ModelMismatch(f"{artefact.folder}/model.onnx: does not take token and sentence vectors.") from exc
        if shape != (len(self._outputs),):
            raise ModelMismatch(f"{artefact.folder}/model.onnx: gives {shape}, not {len(self._outputs)} odds.")

    @property
    def digest(self) -> str:
        """Hex sha256 of the graph."""
        return self._digest

    def odds(self, embedding: Embedding) -> PromptOdds:
        """Of the text that was embedded. A vector that is not finite gives odds that are NaN."""
        tokens = embedding.token_vectors
        found = self._run(tokens if len(tokens) else np.zeros((1, TOKEN_DIM), dtype=np.int8), embedding.vector)
        by_name = dict(zip(self._outputs, found.tolist(), strict=True))
        languages = {name.removeprefix(LANGUAGE): odds for name, odds in by_name.items() if name.startswith(LANGUAGE)}
        return PromptOdds(**{kind: by_name[kind] for kind in KINDS}, languages=languages)

    def _run(self, tokens: NDArray[np.int8], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        odds: NDArray[np.float32] = self._session.run(None, {"token_vectors": tokens, "vector": vector[None]})[0][0]
        return odds
