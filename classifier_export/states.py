"""What the projection of token vectors reads: the encoder's states of each token, as the shipped graph quantises them.

Kept in files beside the embeddings they belong to: half a million texts are five gigabytes and ten minutes of a core.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import helper
from tokenizers import Tokenizer

from classifier_export.embeddings import Table
from classifier_export.minilm import HIDDEN
from classifier_export.progress import progress
from proxy.backends.inference import open_session

PART = 4096
"""Texts between two notes of how far it has come."""

WEIGHT = "context.weight_quantized"
"""The constant of the shipped graph that multiplies the states."""


MIDDLE = "encoder.layer.4.qkv.inverse_scale"
"""The constant that the input of the last two layers is multiplied by."""


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """quantised: uint8[tokens, 768] in the order of the table; scales: float32[texts, 2], scale and zero point.

    middle: float16[tokens + 2 * texts, 384], what the last two layers read: with [CLS] and [SEP] around each text.
    """

    quantised: NDArray[np.uint8]
    scales: NDArray[np.float32]
    middle: NDArray[np.float16]


def collect(table: Table, embedder: Path, home: Path) -> States:
    """Runs each text of the table once, alone, as serving does; goes on where it was interrupted.

    home: the embedder's folder of the cache.
    """
    first_id, last_id = Tokenizer.from_file(str(embedder / "tokenizer.json")).encode("").ids  # [CLS] and [SEP]
    digest = hashlib.sha256(table.start.tobytes() + table.ids.tobytes()).hexdigest()[:12]
    folder = home / f"states-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    session, names = _session((embedder / "model.onnx").read_bytes())
    total, texts = int(table.start[-1]), len(table.start) - 1
    quantised = _mapped(folder / "tokens.u8", np.uint8, (total, _width(session, names, first_id)))
    scales = _mapped(folder / "scales.f32", np.float32, (texts, 2))
    middle = _mapped(folder / "middle.f16", np.float16, (total + 2 * texts, HIDDEN))
    note = folder / "done"
    first = int(note.read_text()) if note.exists() else 0
    for start in progress(list(range(first, texts, PART)), "states"):
        for row in range(start, min(start + PART, texts)):
            at = slice(table.start[row], table.start[row + 1])
            ids = np.array([[first_id, *table.ids[at].tolist(), last_id]], np.int64)
            quantised[at], scale, zero, whole = session.run(names, {"input_ids": ids})
            scales[row] = scale, zero
            middle[at.start + 2 * row : at.stop + 2 * row + 2] = whole[0]
        for kept in (quantised, scales, middle):
            kept.flush()
        note.write_text(str(min(start + PART, texts)))
    return States(quantised, np.array(scales), middle)


def states_graph(shipped: bytes) -> tuple[bytes, list[str]]:
    """The shipped graph with the quantised states as outputs, and their names: values, scale, zero point, middle."""
    model = onnx.load_from_string(shipped)
    product = next(node for node in model.graph.node if WEIGHT in node.input)
    quantiser = next(node for node in model.graph.node if product.input[0] in node.output)
    kinds = (onnx.TensorProto.UINT8, onnx.TensorProto.FLOAT, onnx.TensorProto.UINT8)
    for name, kind in zip(quantiser.output, kinds, strict=True):
        model.graph.output.append(helper.make_tensor_value_info(name, kind, None))
    smoothed = next(node for node in model.graph.node if MIDDLE in node.input)
    middle = next(name for name in smoothed.input if name != MIDDLE)
    model.graph.output.append(helper.make_tensor_value_info(middle, onnx.TensorProto.FLOAT, None))
    return model.SerializeToString(), [*quantiser.output, middle]


def _session(shipped: bytes) -> tuple[ort.InferenceSession, list[str]]:
    graph, names = states_graph(shipped)
    return open_session(graph, "the embedder's states"), names


def _width(session: ort.InferenceSession, names: list[str], any_id: int) -> int:
    width: int = session.run(names, {"input_ids": np.full((1, 3), any_id, np.int64)})[0].shape[1]
    return width


def _mapped(path: Path, kind: type[np.generic], shape: tuple[int, int]) -> np.memmap[Any, Any]:
    """A file as an array; made when it is not there."""
    return np.memmap(path, kind, "r+" if path.exists() else "w+", shape=shape)
