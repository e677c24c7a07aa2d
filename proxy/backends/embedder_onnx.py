"""The embedder: MiniLM as an int8 graph on one core, one prompt at a time.

Batch 1 without padding, because the activations' scales depend on everything in the batch: a prompt's vector must not
depend on its neighbours. It decides nothing: unknown ids and lengths are reported for the guards to judge.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from proxy.backends.artefact import MODELS, Artefact, read_artefact
from proxy.backends.inference import InferenceThread, open_session
from proxy.core.embedding import VECTOR_DIM, Embedding
from proxy.errors import BackendError, ModelMismatch

BUNDLED = MODELS / "minilm-l6-v2"
WINDOW = 256
"""Word pieces that the graph has positions for, [CLS] and [SEP] not counted."""

MAX_CHARS = 4_000
"""Text beyond it is never tokenized: 1 MB would hold the GIL for 1.5 s."""


def load_embedder(folder: Path = BUNDLED, thread: InferenceThread | None = None) -> OnnxEmbedder:
    """Reads, checks and opens an embedder folder; raises ModelMismatch."""
    return OnnxEmbedder(read_artefact(folder, "embedder"), thread or InferenceThread())


class OnnxEmbedder:
    """Port `Embedder`, and `encode` for callers that own their thread (training, calibration)."""

    def __init__(self, artefact: Artefact, thread: InferenceThread) -> None:
        where = str(artefact.folder)
        self._digest = artefact.digest
        self._thread = thread
        self._width = artefact.field("token_dim", int)
        self._tokenizer = _open_tokenizer(artefact)
        self._cls, self._sep, self.unknown_id = (_special_id(self._tokenizer, name, where) for name in SPECIALS)
        self._session = open_session(artefact.files["model.onnx"], where)
        names = [output.name for output in self._session.get_outputs()]
        if names != ["vector", "token_vectors"]:
            raise ModelMismatch(f"{where}/model.onnx: has the outputs {names}, not vector and token_vectors.")

    @property
    def digest(self) -> str:
        """Hex sha256 of graph and tokenizer; vectors of different digests are never compared."""
        return self._digest

    def token_ids(self, text: str) -> NDArray[np.uint16]:
        """uint16[n], n ≤ 257, without [CLS] and [SEP]; n = 257 means "does not fit the window".

        Text that was cut before tokenizing is reported as 257 ids, and characters that no tokenizer takes (lone
        surrogates) as an unknown id at the end: both keep it from being compared by meaning.
        """
        cut = text[:MAX_CHARS]
        strays: list[int] = []
        try:
            ids = self._tokenizer.encode(cut, add_special_tokens=False).ids
        except (TypeError, UnicodeError):  # what the Rust side says to a lone surrogate depends on its version
            ids = self._tokenizer.encode(cut.encode("utf-8", "replace").decode(), add_special_tokens=False).ids
            strays = [self.unknown_id]
        if len(text) > MAX_CHARS:
            strays = [self.unknown_id] * (WINDOW + 1)
        return np.array((ids + strays)[: WINDOW + 1], dtype=np.uint16)

    def encode(self, text: str) -> Embedding:
        """The embedding of the first 256 word pieces, in the caller's thread; raises BackendError when not finite."""
        ids = self.token_ids(text)[:WINDOW]
        framed = np.empty((1, len(ids) + 2), dtype=np.int64)
        framed[0, 0], framed[0, 1:-1], framed[0, -1] = self._cls, ids, self._sep
        vector, token_vectors = self._session.run(None, {"input_ids": framed})
        if vector.shape != (VECTOR_DIM,) or token_vectors.shape != (len(ids), self._width):
            raise BackendError(f"the embedder returned shapes {vector.shape} and {token_vectors.shape}")
        if not np.isfinite(vector).all():
            raise BackendError("the embedder returned a vector that is not finite")
        return Embedding(vector=vector, token_ids=ids, token_vectors=token_vectors)

    async def embed(self, text: str) -> Embedding:
        """As `encode`, in the inference thread; raises BackendBusy at once when that is taken."""
        # Four characters to a token in English; only the order of magnitude matters for the expected wait.
        return await self._thread.run(lambda: self.encode(text), units=RUN_UNITS + min(len(text) // 4, WINDOW))


RUN_UNITS = 10
"""What any run costs, in tokens: 1.7 ms with 3 tokens, 8.5 with 70. Counted as 2, a few words made a token seem so dear
that one long prompt ahead kept the next caller out (`busy`)."""

SPECIALS = ("[CLS]", "[SEP]", "[UNK]")


def _open_tokenizer(artefact: Artefact) -> Tokenizer:
    try:
        tokenizer: Tokenizer = Tokenizer.from_str(artefact.files["tokenizer.json"].decode())
    except Exception as exc:  # the Rust side raises plain Exception
        raise ModelMismatch(f"{artefact.folder}/tokenizer.json: is not a tokenizer this version can load.") from exc
    # As published it pads everything to 128 tokens and cuts there: 13.6 ms for each prompt, and the rest unseen.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _special_id(tokenizer: Tokenizer, name: str, where: str) -> int:
    found: int | None = tokenizer.token_to_id(name)
    if found is None:
        raise ModelMismatch(f"{where}/tokenizer.json: has no token {name}.")
    return found
