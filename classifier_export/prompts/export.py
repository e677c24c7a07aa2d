"""The three nets as one small ONNX graph, sentence vector in, odds out."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from classifier_export.prompts.fit import Floats, Net

OPSET = 17


def merged(nets: list[Net]) -> Net:
    """One net whose outputs are those of `nets`, in order."""
    second = np.zeros((sum(len(net.second) for net in nets), sum(net.second.shape[1] for net in nets)), np.float32)
    row = column = 0
    for net in nets:
        height, width = net.second.shape
        second[row : row + height, column : column + width] = net.second
        row, column = row + height, column + width
    return Net(
        first=np.concatenate([net.first for net in nets], axis=1),
        bias=np.concatenate([net.bias for net in nets]),
        second=second,
        shift=np.concatenate([net.shift for net in nets]),
    )


def parted(graph: bytes, outputs: list[int]) -> list[Net]:
    """The nets that `merged` joined, from their graph; `outputs` says how many each has."""
    weights = {one.name: numpy_helper.to_array(one) for one in onnx.load_from_string(graph).graph.initializer}
    width = len(weights["bias"]) // len(outputs)
    ends = np.cumsum(outputs).tolist()
    return [
        Net(
            first=weights["first"][:, at * width : (at + 1) * width],
            bias=weights["bias"][at * width : (at + 1) * width],
            second=weights["second"][at * width : (at + 1) * width, end - count : end],
            shift=weights["shift"][end - count : end],
        )
        for at, (end, count) in enumerate(zip(ends, outputs, strict=True))
    ]


def onnx_bytes(net: Net) -> bytes:
    """vector float32[n, 384] -> odds float32[n, k]."""
    weights: dict[str, Floats] = {"first": net.first, "bias": net.bias, "second": net.second, "shift": net.shift}
    nodes = [
        helper.make_node("Gemm", ["vector", "first", "bias"], ["projected"]),
        helper.make_node("Relu", ["projected"], ["hidden"]),
        helper.make_node("Gemm", ["hidden", "second", "shift"], ["logits"]),
        helper.make_node("Sigmoid", ["logits"], ["odds"]),
    ]
    graph = helper.make_graph(
        nodes,
        "prompt_heads",
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["n", net.first.shape[0]])],
        [helper.make_tensor_value_info("odds", TensorProto.FLOAT, ["n", net.second.shape[1]])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="equicache")
    model.ir_version = 8
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
