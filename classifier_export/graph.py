"""ONNX graphs written node by node: the same bytes from the same weights.

An exported-and-optimised graph depends on which patterns two tools happen to recognise; these do not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

MICROSOFT = "com.microsoft"
SEVEN_BITS = 63
"""Largest int8 weight: products of full int8 saturate on processors without VNNI."""

BLOCK = 32
"""Rows of a weight that share a scale in `row_product`."""

Floats = NDArray[np.floating[Any]]


def seven_bits(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A weight [inputs, outputs] in 7 bits, and the scale of each column: their product is nearest to it."""
    scale = np.maximum(np.abs(weight).max(axis=0) / SEVEN_BITS, 1e-12)
    return np.round(weight / scale).astype(np.int8), scale


@dataclass(slots=True)
class Graph:
    """Nodes and constants in the making; each method returns the name of the tensor it made.

    is_float: int8 products are made in float32 instead, to tell rounding from mistakes.
    """

    is_float: bool = False
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def const(self, name: str, value: NDArray[np.generic]) -> str:
        """A constant; raises ValueError when the name stands for another array already."""
        made = numpy_helper.from_array(np.ascontiguousarray(value), name)
        if self.constants.setdefault(name, made).raw_data != made.raw_data:
            raise ValueError(f"two constants are called {name}")
        return name

    def floats(self, name: str, value: Floats) -> str:
        return self.const(name, value.astype(np.float32))

    def number(self, value: float) -> str:
        """One float32."""
        return self.floats(f"number_{value!r}", np.array([value]))

    def ints(self, *values: int) -> str:
        return self.const("_".join(["int", *map(str, values)]), np.array(values, np.int64))

    def node(self, op: str, *inputs: str, domain: str = "", name: str = "", **attributes: Any) -> str:
        """One node with one output (further outputs of fused operators are not asked for)."""
        name = name or f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=f"n_{name}", domain=domain, **attributes))
        return name

    def fused(self, op: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """A contributed operator of ONNX Runtime."""
        return self.node(op, *inputs, domain=MICROSOFT, name=name, **attributes)

    def parts(self, x: str, sizes: tuple[int, ...], axis: int) -> list[str]:
        """`x` cut along an axis into pieces of these sizes."""
        names = [f"Split_{len(self.nodes)}_{i}" for i in range(len(sizes))]
        self.nodes.append(helper.make_node("Split", [x, self.ints(*sizes)], names, name=f"n_{names[0]}", axis=axis))
        return names

    def norm(self, x: str, name: str, gamma: Floats, beta: Floats, epsilon: float) -> str:
        """Layer normalisation over the last axis; five times as fast as ONNX Runtime's fused skip-normalisation."""
        scale, shift = self.floats(f"{name}.weight", gamma), self.floats(f"{name}.bias", beta)
        return self.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)

    def product(self, x: str, name: str, weight: Floats, bias: Floats | None = None) -> str:
        """x [n, inputs] · weight [inputs, outputs] + bias, in float32."""
        if bias is None:
            return self.node("MatMul", x, self.floats(f"{name}.weight", weight))
        return self.node("Gemm", x, self.floats(f"{name}.weight", weight), self.floats(f"{name}.bias", bias))

    def int8_product(self, x: str, name: str, weight: Floats, bias: Floats) -> str:
        """As `product`: weights in 7 bits with a scale per column, `x` in 8 bits with one scale as it comes."""
        if self.is_float:
            return self.product(x, name, weight, bias)
        rows, scale = seven_bits(weight)
        inputs = (x, self.const(f"{name}.int8", rows), self.floats(f"{name}.scale", scale), "")
        return self.fused("DynamicQuantizeMatMul", *inputs, self.floats(f"{name}.bias", bias))

    def row_product(self, x: str, name: str, weight: Floats) -> str:
        """As `product` for an `x` of one row, where reading the weight is what costs: int8, a scale per 32 rows."""
        if self.is_float:
            return self.product(x, name, weight)
        inputs, outputs = weight.shape
        blocks = -(-inputs // BLOCK)
        padded = np.zeros((blocks * BLOCK, outputs))
        padded[:inputs] = weight
        cut = padded.T.reshape(outputs, blocks, BLOCK)
        scale = np.maximum(np.abs(cut).max(axis=-1, keepdims=True) / 127, 1e-12)
        rows = self.const(f"{name}.int8", (np.round(cut / scale) + 128).astype(np.uint8))
        sizes = {"K": inputs, "N": outputs, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
        return self.fused("MatMulNBits", x, rows, self.floats(f"{name}.scale", scale[..., 0]), **sizes)
