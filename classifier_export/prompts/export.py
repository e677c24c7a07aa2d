"""The nets as one small ONNX graph: token vectors and sentence vector in, odds out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from classifier_export.graph import Graph, seven_bits
from classifier_export.prompts.fit import PLACES, SCALE, WINDOW, Net

OPSET = 17
ZERO = 128
"""What stands for nought in a token vector of unsigned bytes."""


def onnx_bytes(nets: Mapping[str, Net]) -> bytes:
    """token_vectors int8[t, 192] and vector float32[1, 384] of one text -> odds float32[1, k], net after net."""
    graph, any_net = Graph(), next(iter(nets.values()))
    token, vector = any_net.tokens.shape[0] // WINDOW, any_net.sentence.shape[0]
    near, places = _neighbours(graph, token)
    logits = [_logits(graph, name, net, near, places) for name, net in nets.items()]
    graph.node("Sigmoid", graph.node("Concat", *logits, axis=1), name="odds")
    proto = helper.make_graph(
        graph.nodes,
        "prompt_heads",
        [
            helper.make_tensor_value_info("token_vectors", TensorProto.INT8, ["tokens", token]),
            helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, vector]),
        ],
        [helper.make_tensor_value_info("odds", TensorProto.FLOAT, [1, sum(len(net.shift) for net in nets.values())])],
        list(graph.constants.values()),
    )
    model = helper.make_model(proto, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="equicache")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def parted(model: bytes, names: list[str]) -> dict[str, Net]:
    """The nets of a graph, by name."""
    weights = {one.name: numpy_helper.to_array(one) for one in onnx.load_from_string(model).graph.initializer}
    for name in names:
        weights[f"{name}.tokens"] = weights[f"{name}.tokens"] * (weights[f"{name}.tokens_scale"] / np.float32(SCALE))
    return {name: Net(**{one.name: weights[f"{name}.{one.name}"] for one in fields(Net)}) for name in names}


def _neighbours(graph: Graph, token: int) -> tuple[str, str]:
    """Each token beside its neighbours, uint8[t, 576] around ZERO (signed bytes multiply slowly); places, int64[t]."""
    shifted = graph.node("Add", graph.node("Cast", "token_vectors", to=TensorProto.FLOAT), graph.number(ZERO))
    tokens = graph.node("Cast", shifted, to=TensorProto.UINT8)
    edge = graph.const("edge", np.full((1, token), ZERO, np.uint8))
    padded = graph.node("Concat", edge, tokens, edge, axis=0)
    before = graph.node("Slice", padded, graph.ints(0), graph.ints(-2), graph.ints(0))
    after = graph.node("Slice", padded, graph.ints(2), graph.ints(2**31 - 1), graph.ints(0))
    near = graph.node("Concat", before, tokens, after, axis=1)
    count = graph.node("Squeeze", graph.node("Slice", graph.node("Shape", near), graph.ints(0), graph.ints(1)))
    zero, one = graph.const("zero", np.array(0, np.int64)), graph.const("one", np.array(1, np.int64))
    last = graph.const("last_place", np.array(PLACES - 1, np.int64))
    return near, graph.node("Min", graph.node("Range", zero, count, one), last)


def _logits(graph: Graph, name: str, net: Net, near: str, places: str) -> str:
    def weight(part: str) -> str:
        return graph.floats(f"{name}.{part}", getattr(net, part))

    rows, scale = seven_bits(net.tokens)
    product = graph.node(
        "MatMulInteger", near, graph.const(f"{name}.tokens", rows), graph.const("zero_point", np.array(ZERO, np.uint8))
    )
    whole = graph.node("Cast", product, to=TensorProto.FLOAT)
    found = graph.node("Mul", whole, graph.floats(f"{name}.tokens_scale", scale * SCALE))
    starts = graph.node("Gather", weight("places"), places, axis=0)
    found = graph.node("Relu", graph.node("Add", graph.node("Add", found, weight("token_bias")), starts))
    largest = graph.node("ReduceMax", found, axes=[0], keepdims=1)
    mean = graph.node("ReduceMean", found, axes=[0], keepdims=1)
    pooled = graph.node("MatMul", graph.node("Concat", largest, mean, axis=1), weight("pooled"))
    hidden = graph.node("Add", pooled, graph.node("Gemm", "vector", weight("sentence"), weight("bias")))
    return graph.node("Gemm", graph.node("Relu", hidden), weight("second"), weight("shift"))
