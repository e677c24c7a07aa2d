"""What the embedder's card says, from measurements made when the folder is written."""

from __future__ import annotations

import statistics
import time

import numpy as np
import onnxruntime as ort
import torch

from classifier_export.embedder_graph import Block
from classifier_export.embedder_reference import SENTENCES
from classifier_export.minilm import MiniLM
from proxy.backends.embedder_onnx import OnnxEmbedder

LENGTHS = (8, 16, 32, 64, 128)


def measure(embedder: OnnxEmbedder, reference: MiniLM) -> dict[str, float]:
    """Cosine to the float32 model over the reference sentences, and CPU milliseconds by prompt length."""
    cosines = []
    for text in SENTENCES:
        found = embedder.encode(text)
        framed = torch.tensor([[101, *found.token_ids.tolist(), 102]])
        with torch.inference_mode():
            cosines.append(float(reference(framed)[0].numpy() @ found.vector))
    figures = {"cosine_mean": round(float(np.mean(cosines)), 5), "cosine_min": round(min(cosines), 5)}
    for length in LENGTHS:
        figures[f"ms_{length}"] = round(_milliseconds(embedder, "word " * length), 3)
    return figures


def _milliseconds(embedder: OnnxEmbedder, text: str, runs: int = 100) -> float:
    """Median CPU time of this thread, which does all the work: other processes do not count."""
    taken = []
    for _ in range(runs + 10):
        began = time.thread_time()
        embedder.encode(text)
        taken.append((time.thread_time() - began) * 1000)
    return statistics.median(taken[10:])


def card(digest: str, blocks: list[Block], figures: dict[str, float]) -> str:
    """The text of CARD.md."""
    layout = "\n".join(
        f"| {block.name} | {block.weight.shape[1]} | {', '.join(_layer_name(i) for i in block.layers)} |"
        for block in blocks
    )
    times = "\n".join(f"| {length} | {figures[f'ms_{length}']:.2f} |" for length in LENGTHS)
    return CARD.format(
        digest=digest,
        layout=layout,
        times=times,
        mean=figures["cosine_mean"],
        least=figures["cosine_min"],
        n=len(SENTENCES),
        ort=ort.__version__,
    )


def _layer_name(i: int) -> str:
    return {0: "word vectors", 1: "input layer"}.get(i, f"layer {i - 1} of 6")


CARD = """\
# minilm-l6-v2: prompts to vectors

all-MiniLM-L6-v2 (`sentence-transformers/all-MiniLM-L6-v2`, Apache-2.0) in int8, with a projection of its token vectors
trained for this product. Made by `python -m classifier_export embedder`: the same wheel and the same projection
(`classifier_export/embedder_projection.npz`) give the same bytes. Digest:
`{digest}`.

**In**: `input_ids` int64[1, n], one prompt with [CLS] and [SEP], no padding, n ≤ 258.
**Out**: `vector` float32[384], the mean over all tokens, L2-normalised; `token_vectors` int8[n - 2, d], without [CLS]
and [SEP], in blocks that are each L2-normalised and multiplied by 127:

| block | numbers | made from |
|---|---|---|
{layout}

**Quantisation.** Word vectors int8 with a scale per row. Weights int8 with a scale per column, kept in 7 bits
(`reduce_range`), so that processors without VNNI cannot saturate. Activations uint8, scaled per prompt: embed one
prompt at a time.

**Fidelity.** Cosine to the float32 model over {n} sentences of our own: mean {mean:.4f}, least {least:.4f}.

**Speed.** CPU time, tokenizing included, one thread, onnxruntime {ort}, on the machine that made it:

| word pieces | ms (median) |
|---|---|
{times}

**Projection.** Trained together with a disposable late-interaction head on labelled pairs, later together with the pair
scorer that reads it (`train --projection`; what else was tried: `classifier_export/EXPERIMENTS.md`), and frozen since:
it is part of the digest, and scorers train on top. A new projection means a new embedder, and entries that are embedded
again.

**Limits.** English. Different texts can have equal ids (emoji, many scripts, accents, case): guards look at the text.
Beyond 256 word pieces nothing is seen.
"""
