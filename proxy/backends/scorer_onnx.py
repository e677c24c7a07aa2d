"""The pair scorer: a small graph over what `core.features` sees of a pair, one run for each candidate.

Its activations are int8 with scales of their own run: alone, a pair's logit does not depend on the other candidates.
It returns logits and decides nothing: calibration and threshold are `core.verdict`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from proxy.backends.artefact import Artefact
from proxy.backends.inference import InferenceThread, open_session
from proxy.core.embedding import Prompt
from proxy.core.features import FEATURES_VERSION, Side, pair_features, pair_inputs, side_of
from proxy.core.lexicon import Lexicon, parse
from proxy.core.lru import SegmentedLru
from proxy.core.quantities import quantities_of
from proxy.errors import BackendError, ModelMismatch

INPUTS = frozenset({"vectors", "marks", "places", "sentences", "facts"})
"""What `core.features.pair_inputs` can give; a graph may ask for fewer."""

LEXICON = "lexicon.npz"
SIDES_KEPT = 1_024
"""Texts kept taken apart (0.1 ms each, some 10 KB): candidates come back with every reworded prompt."""

UNITS_PER_PAIR = 5
"""What a pair costs beside a token of the embedder (60 to 100 µs)."""


class OnnxPairScorer:
    """Port `PairScorer`. `scores` is for callers that own their thread; only one thread may score at a time."""

    def __init__(self, artefact: Artefact, embedder_digest: str, thread: InferenceThread) -> None:
        _refuse_foreign(artefact, embedder_digest)
        self._digest = artefact.digest
        self._thread = thread
        self.lexicon = open_lexicon(artefact)
        self._session = open_session(artefact.files["model.onnx"], str(artefact.folder))
        self._sides = _new_sides()
        self._inputs = [item.name for item in self._session.get_inputs()]
        if not set(self._inputs) <= INPUTS:
            given = sorted(INPUTS)
            raise ModelMismatch(f"{artefact.folder}/model.onnx: asks for {self._inputs}; this release gives {given}.")

    @property
    def digest(self) -> str:
        """Hex sha256 of graph and lexicon; thresholds and logit floors hold for one digest."""
        return self._digest

    async def logits(self, prompt: Prompt, candidates: Sequence[Prompt]) -> NDArray[np.float32]:
        """As `scores`, in the inference thread; raises BackendBusy at once when that is taken."""
        return await self._thread.run(
            lambda: self.scores(prompt, candidates), units=UNITS_PER_PAIR * max(len(candidates), 1)
        )

    def scores(self, prompt: Prompt, candidates: Sequence[Prompt]) -> NDArray[np.float32]:
        """float32[len(candidates)]; NaN (which means no) where a text has no tokens.

        Swapping a pair changes nothing: the features are symmetric, and the graph gets both sides in a fixed order.
        """
        logits = np.full(len(candidates), np.nan, dtype=np.float32)
        rows = [row for row, candidate in enumerate(candidates) if len(candidate.embedding.token_ids)]
        if rows and len(prompt.embedding.token_ids):
            for row, inputs in zip(rows, self.inputs(prompt, [candidates[row] for row in rows]), strict=True):
                logits[row] = self.run(inputs)
        return logits

    def inputs(self, prompt: Prompt, candidates: Sequence[Prompt]) -> Iterator[dict[str, NDArray[np.generic]]]:
        """The graph's inputs for each candidate; no text may be without tokens."""
        new = self._side(prompt)
        for candidate in candidates:
            stored = self._side(candidate)
            yield pair_inputs(new, stored, pair_features(new, stored, self.lexicon))

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> float:
        """The logit of `inputs`; raises BackendError when the graph answers in another shape."""
        found = self._session.run(["logits"], {name: inputs[name] for name in self._inputs})[0]
        if found.shape != (1,):
            raise BackendError(f"the scorer returned the shape {found.shape} for one pair")
        return float(found[0])

    def forget(self) -> None:
        """Drops the texts kept taken apart (measurements; nothing in service needs it)."""
        self._sides = _new_sides()
        quantities_of.cache_clear()

    def _side(self, prompt: Prompt) -> Side:
        side = self._sides.get(prompt.text)
        # Equal text has equal tokens under one embedder; a damaged record has not, and must not be answered from here.
        if side is None or not np.array_equal(side.embedding.token_vectors, prompt.embedding.token_vectors):
            side = side_of(prompt, self.lexicon)
            self._sides.put(prompt.text, side)
        return side


def _new_sides() -> SegmentedLru[str, Side]:
    return SegmentedLru(SIDES_KEPT, lambda side: 1)


def _refuse_foreign(artefact: Artefact, embedder_digest: str) -> None:
    """Raises ModelMismatch when the scorer was made for another embedder or other features."""
    needed = artefact.field("embedder_digest", str)
    if needed != embedder_digest:
        raise ModelMismatch(
            f"{artefact.folder}: this scorer was trained on embedder {needed[:12]}, in use is {embedder_digest[:12]}. "
            "Use the scorer and the embedder of one release."
        )
    version = artefact.field("features", str)
    if version != FEATURES_VERSION:
        raise ModelMismatch(
            f"{artefact.folder}: this scorer was trained on features {version}, this release makes {FEATURES_VERSION}. "
            "Use the scorer that belongs to this release, or export yours again."
        )


def open_lexicon(artefact: Artefact) -> Lexicon:
    """The scorer's English lexicon; raises ModelMismatch."""
    if LEXICON not in artefact.files:
        raise ModelMismatch(f"{artefact.folder}: has no {LEXICON}. Use the scorer that belongs to this release.")
    try:
        return parse(artefact.files[LEXICON])
    except Exception as exc:  # the archive reader raises half a dozen unrelated classes
        raise ModelMismatch(f"{artefact.folder}/{LEXICON}: cannot be read ({type(exc).__name__}: {exc}).") from exc
