"""The serving graph of the embedder, written node by node: fused float graph, then int8.

Written by hand because the exported-and-optimised graph depends on which patterns two tools happen to recognise; this
one is the same bytes from the same weights. Token types are folded into the positions; there is no mask, because
serving embeds one prompt at a time without padding.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifier_export.embedder_smoothing import Scales
from classifier_export.graph import MICROSOFT, Graph
from classifier_export.minilm import EPSILON, HEADS, HIDDEN, LAYERS, Weights

OPSET = 17
POSITIONS_KEPT = 258
"""256 tokens of the window, [CLS] and [SEP]."""


@dataclass(slots=True)
class SmoothGraph(Graph):
    """scales: what to divide the inputs of quantised products by, and to multiply their weights with."""

    scales: Scales = field(default_factory=dict)


def encoder(graph: SmoothGraph, weights: Weights) -> list[str]:
    """Adds the encoder over `input_ids`; returns the names of 8 tensors.

    [0]: plain word vectors float32[1, n, 384]; [1]: the normalised input layer; [2..7]: the six layers.
    """
    words = _words(graph, weights["embeddings.word_embeddings.weight"])
    x = _input_layer(graph, weights, words)
    states = [words, x]
    for i in range(LAYERS):
        x = _layer(graph, weights, i, x)
        states.append(x)
    return states


def _words(graph: Graph, table: NDArray[np.float32]) -> str:
    """Word vectors from int8 rows, one scale per row (a scale per table loses ten times as much)."""
    scale = np.abs(table).max(axis=1, keepdims=True) / 127.0
    rows = np.round(table / np.maximum(scale, 1e-12)).astype(np.int8)
    picked = graph.node("Gather", graph.const("word_rows", rows), "input_ids", axis=0)
    scales = graph.node("Gather", graph.floats("word_scales", scale), "input_ids", axis=0)
    wide = graph.node("Cast", picked, to=TensorProto.FLOAT)
    return graph.node("Mul", wide, scales, name="words")


def _input_layer(graph: Graph, weights: Weights, words: str) -> str:
    place = weights["embeddings.position_embeddings.weight"][:POSITIONS_KEPT]
    place = place + weights["embeddings.token_type_embeddings.weight"][0]
    count = graph.node("Slice", graph.node("Shape", "input_ids"), graph.ints(1), graph.ints(2))
    rows = graph.node("Slice", graph.floats("positions", place), graph.ints(0), count, graph.ints(0))
    rows = graph.node("Unsqueeze", rows, graph.ints(0))
    return _norm(graph, weights, graph.node("Add", words, rows), "embeddings.LayerNorm")


def _norm(graph: Graph, weights: Weights, x: str, name: str) -> str:
    return graph.norm(x, name, weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON)


def _layer(graph: SmoothGraph, weights: Weights, i: int, x: str) -> str:
    """One post-norm layer: attention, skip, feed-forward, skip."""
    at = f"encoder.layer.{i}"
    three = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    joined = np.concatenate([weights[f"{name}.weight"].T for name in three], axis=1)  # [384, 1152]
    smooth, joined = _smoothed(graph, x, joined, f"{at}.qkv")
    biases = np.concatenate([weights[f"{name}.bias"] for name in three])
    mixed = graph.fused(
        "Attention", smooth, graph.floats(f"{at}.qkv", joined), graph.floats(f"{at}.qkv_bias", biases), num_heads=HEADS
    )
    x = _skip(graph, weights, x, mixed, f"{at}.attention.output")
    wide = _matmul(graph, weights, x, f"{at}.intermediate.dense")
    bias = graph.floats(f"{at}.intermediate.dense.bias", weights[f"{at}.intermediate.dense.bias"])
    return _skip(graph, weights, x, graph.fused("BiasGelu", wide, bias), f"{at}.output")


def _matmul(graph: SmoothGraph, weights: Weights, x: str, name: str) -> str:
    x, weight = _smoothed(graph, x, weights[f"{name}.weight"].T, name)
    return graph.node("MatMul", x, graph.floats(f"{name}.weight", weight))


def _smoothed(graph: SmoothGraph, x: str, weight: NDArray[np.float32], name: str) -> tuple[str, NDArray[np.float32]]:
    """The same product with the outliers of `x` moved into the weight [inputs, outputs]."""
    scale = graph.scales.get(name)
    if scale is None:
        return x, weight
    return graph.node("Mul", x, graph.floats(f"{name}.inverse_scale", np.reciprocal(scale))), weight * scale[:, None]


def _skip(graph: SmoothGraph, weights: Weights, x: str, branch: str, name: str) -> str:
    """norm(x + dense(branch)); ONNX Runtime adds the bias of the dense layer inside the quantised product."""
    dense = _matmul(graph, weights, branch, f"{name}.dense")
    bias = graph.floats(f"{name}.dense.bias", weights[f"{name}.dense.bias"])
    return _norm(graph, weights, graph.node("Add", graph.node("Add", dense, bias), x), f"{name}.LayerNorm")


def sentence(graph: Graph, last: str) -> None:
    """Adds the output `vector` float32[384]: mean over all tokens, L2-normalised."""
    mean = graph.node("ReduceMean", last, axes=[0, 1], keepdims=0)
    _unit(graph, mean, 0, name="vector")


def _unit(graph: Graph, x: str, axis: int, name: str = "") -> str:
    length = graph.node("ReduceL2", x, axes=[axis], keepdims=1)
    safe = graph.node("Max", length, graph.floats("tiny", np.array([1e-9], np.float32)))
    return graph.node("Div", x, safe, name=name)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One block of a token vector: project the joined layers, normalise, times 127.

    layers: indices into what `encoder` returns. weight: float32[384 * len(layers), d]; bias: float32[d].
    """

    name: str
    layers: tuple[int, ...]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]


def token_vectors(graph: Graph, states: list[str], blocks: list[Block]) -> None:
    """Adds the output `token_vectors` int8[n, d], without [CLS] and [SEP]."""
    parts = []
    for block in blocks:
        joined = states[block.layers[0]]
        if len(block.layers) > 1:
            joined = graph.node("Concat", *(states[i] for i in block.layers), axis=-1)
        flat = graph.node("Squeeze", joined, graph.ints(0))
        inner = graph.node("Slice", flat, graph.ints(1), graph.ints(-1), graph.ints(0))
        weight = graph.floats(f"{block.name}.weight", block.weight)
        bias = graph.floats(f"{block.name}.bias", block.bias)
        parts.append(_unit(graph, graph.node("Gemm", inner, weight, bias), 1))
    whole = graph.node("Concat", *parts, axis=1) if len(parts) > 1 else parts[0]
    scaled = graph.node("Mul", whole, graph.floats("full", np.array([127.0], np.float32)))
    graph.node("Cast", graph.node("Round", scaled), to=TensorProto.INT8, name="token_vectors")


def finish(graph: Graph, outputs: dict[str, tuple[int, list[str | int]]]) -> onnx.ModelProto:
    """The model; outputs: name → (element type, shape)."""
    proto = helper.make_graph(
        graph.nodes,
        "minilm",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"])],
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in outputs.items()],
        list(graph.constants.values()),
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(proto, opset_imports=opsets, ir_version=8, producer_name="equicache")


def quantised(model: onnx.ModelProto, *, reduce_range: bool) -> bytes:
    """int8 weights, one scale per column; activations quantised as they come.

    reduce_range keeps weights in 7 bits, so that processors without VNNI cannot saturate and agree with the others.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "float.onnx"), Path(folder, "int8.onnx")
        onnx.save(model, source)
        quantize_dynamic(
            source,
            target,
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            reduce_range=reduce_range,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True},
        )
        return target.read_bytes()


def layers_model(weights: Weights, scales: Scales) -> onnx.ModelProto:
    """Every layer as an output `layer_0` … `layer_7`, and `vector`: what projections are trained on."""
    graph = SmoothGraph(scales=scales)
    states = encoder(graph, weights)
    sentence(graph, states[-1])
    outputs: dict[str, tuple[int, list[str | int]]] = {"vector": (TensorProto.FLOAT, [HIDDEN])}
    for i, state in enumerate(states):
        graph.node("Identity", state, name=f"layer_{i}")
        outputs[f"layer_{i}"] = (TensorProto.FLOAT, [1, "n", HIDDEN])
    return finish(graph, outputs)


def serving_model(weights: Weights, scales: Scales, blocks: list[Block]) -> onnx.ModelProto:
    """What the proxy runs: `vector` and `token_vectors`."""
    graph = SmoothGraph(scales=scales)
    states = encoder(graph, weights)
    sentence(graph, states[-1])
    token_vectors(graph, states, blocks)
    width = sum(block.weight.shape[1] for block in blocks)
    return finish(
        graph, {"vector": (TensorProto.FLOAT, [HIDDEN]), "token_vectors": (TensorProto.INT8, ["tokens", width])}
    )
