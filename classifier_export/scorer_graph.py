"""The serving graph of the pair scorer: one network or several, for one pair, both texts in one row of tokens.

One pair at a time because the activations' scales depend on everything in a run: a pair's logit must not depend on the
other candidates. So nothing is padded, and what `PairNet` does by swapping sides is a mask here. Large products are
int8 (`graph.Graph.int8_product`); what they cost in logits is measured at export.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from classifier_export.graph import MICROSOFT, Graph
from classifier_export.model import POSITIONS, Committee, PairNet, Shape
from proxy.core.features import FACTS, MARKS, SECOND

OPSET, IR_VERSION = 20, 9
EPSILON = 1e-5
FAR = 1e9
"""Taken from what may not be looked at; the vectors are not scaled yet, so that plain scores reach 10^5."""

FULL = 127.0
"""What one stands for in a token vector."""

SHARPNESS = 8.0
"""As in `PairNet._align`."""

Weights = dict[str, NDArray[np.float64]]


def pair_graph(model: PairNet | Committee, *, is_float: bool = False) -> bytes:
    """The graph as bytes; inputs as in `features.pair_inputs`, output `logits` float32[1]."""
    graph, shape = Graph(is_float), model.shape
    sides = _sides(graph)
    words, marks = _seen(graph, shape, sides)
    members = [model] if isinstance(model, PairNet) else [one for one in model.members if isinstance(one, PairNet)]
    logits = [_Network(graph, one, f"{i}.").logit(words, marks, sides) for i, one in enumerate(members)]
    mean = graph.node("Div", graph.node("Sum", *logits), graph.number(len(logits))) if len(logits) > 1 else logits[0]
    graph.node("Reshape", mean, graph.ints(1), name="logits")
    return _finished(graph, shape)


def _finished(graph: Graph, shape: Shape) -> bytes:
    proto = helper.make_tensor_value_info
    inputs = [
        proto("vectors", TensorProto.INT8, ["tokens", shape.context + shape.static]),
        proto("marks", TensorProto.UINT8, ["tokens", len(MARKS)]),
        proto("places", TensorProto.INT64, ["tokens"]),
        proto("sentences", TensorProto.FLOAT, [2, 384]),
        proto("facts", TensorProto.FLOAT, [1, len(FACTS)]),
    ]
    outputs = [proto("logits", TensorProto.FLOAT, [1])]
    whole = helper.make_graph(graph.nodes, "scorer", inputs, outputs, list(graph.constants.values()))
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(whole, opset_imports=opsets, ir_version=IR_VERSION, producer_name="equicache")
    return bytes(model.SerializeToString())


@dataclass(frozen=True, slots=True)
class _Sides:
    """Which token belongs to which text. column [t, 1] and row [1, t]: 0 for the first text, 1 for the second.

    member [2, t]: 1 where a token is the text's. outside [2, t]: 0 there, -FAR elsewhere.
    sign [t, 1]: 1 for the first text, -1 for the second.
    """

    column: str
    row: str
    member: str
    outside: str
    sign: str


def _sides(g: Graph) -> _Sides:
    belongs = np.arange(SECOND + POSITIONS) >= SECOND
    column = g.node("Gather", g.floats("belongs", belongs[:, None].astype(np.float32)), "places", axis=0)
    row = g.node("Transpose", column, perm=[1, 0])
    member = g.node("Concat", g.node("Sub", g.number(1), row), row, axis=0)
    outside = g.node("Mul", g.node("Sub", member, g.number(1)), g.number(FAR))
    sign = g.node("Sub", g.number(1), g.node("Mul", column, g.number(2)))
    return _Sides(column, row, member, outside, sign)


def _seen(g: Graph, shape: Shape, sides: _Sides) -> tuple[str, str]:
    """What each token brings: itself beside what it is aligned with in the other text; its marks and how near that is.

    The same for every network: late interaction has no weights.
    """
    x = g.node("Cast", "vectors", to=TensorProto.FLOAT)
    own = g.node("Where", g.node("Equal", sides.column, sides.row), g.number(-FAR), g.number(0))
    blocks = [
        g.node("Add", g.node("MatMul", part, g.node("Transpose", part, perm=[1, 0])), own)
        for part in g.parts(x, (shape.context, shape.static), axis=1)
    ]
    sharp = g.node("Mul", g.node("Add", *blocks), g.number(SHARPNESS / FULL**2))
    soft = g.node("Softmax", sharp, axis=-1)
    best = [g.node("ReduceMax", block, g.ints(1)) for block in blocks]
    mean = [g.node("ReduceSum", g.node("Mul", soft, block), g.ints(1)) for block in blocks]
    words = g.node("Concat", x, g.node("MatMul", soft, x), axis=1)
    return words, g.node("Concat", g.node("Cast", "marks", to=TensorProto.FLOAT), *best, *mean, axis=1)


class _Network:
    """One network's nodes; `at` comes before the names of its constants."""

    def __init__(self, graph: Graph, model: PairNet, at: str) -> None:
        self.graph, self.shape, self.at = graph, model.shape, at
        self.weights: Weights = {name: value.numpy().astype(np.float64) for name, value in model.state_dict().items()}

    def logit(self, words: str, marks: str, sides: _Sides) -> str:
        """float32[1, 1]; words, marks: of `_seen`."""
        x = self._joined(words, marks)
        for i in range(self.shape.layers):
            x = self._attention(x, f"layers.{i}", sides)
            x = self._feed_forward(x, f"layers.{i}")
        return self._judged(self._norm(x, "norm"), sides)

    def _norm(self, x: str, name: str) -> str:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return self.graph.norm(x, self.at + name, weight, bias, EPSILON)

    def _linear(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weight [inputs, outputs] and bias of a dense layer."""
        return self.weights[f"{name}.weight"].T, self.weights[f"{name}.bias"]

    def _joined(self, words: str, marks: str) -> str:
        """[t, w], with the places."""
        g = self.graph
        tokens, bias = self._linear("tokens")
        differs = self.weights["differs.weight"].T
        weight = np.concatenate([tokens + differs, -differs]) / FULL
        standing, marks_bias = self._linear("marks")
        scales = np.concatenate([self.weights["mark_scale"], np.full(4, FULL**-2)])
        table = np.tile(self.weights["place.weight"], (2, 1))
        whole = g.int8_product(words, f"{self.at}words", weight, bias + marks_bias)
        whole = g.node("Add", whole, g.node("Gather", g.floats(f"{self.at}place", table), "places", axis=0))
        return g.node("Add", whole, g.product(marks, f"{self.at}marks", standing * scales[:, None]))

    def _attention(self, x: str, at: str, sides: _Sides) -> str:
        """x + attention over both texts, where keys and values of the other text are shifted by `from_other`.

        The shift of the keys adds, per query and head, one number to all scores of the other text; as softmax ignores
        what all scores share, it is added to the second text's alone, with a minus for the second text's queries. The
        shift of the values adds itself times the weight that falls on the other text.
        """
        g, w, heads = self.graph, self.shape.width, self.shape.heads
        size = w // heads
        weight, bias = self._linear(f"{at}.qkv")
        scale = np.repeat([1 / math.sqrt(size), 1, 1], w)
        weight, bias = weight * scale, bias * scale
        for_keys, for_values = (_by_head(part, heads) for part in np.split(self.weights[f"{at}.from_other"], 2))
        weight = np.concatenate([weight, weight[:, :w] @ for_keys], axis=1)
        bias = np.concatenate([bias, bias[:w] @ for_keys])
        joined = g.int8_product(self._norm(x, f"{at}.norm"), f"{self.at}{at}.qkv", weight, bias)
        qkv, shift = g.parts(joined, (3 * w, heads), axis=1)
        by_head = g.node("Transpose", g.node("Reshape", qkv, g.ints(-1, 3, heads, size)), perm=[1, 2, 0, 3])
        q, k, v = g.parts(by_head, (1, 1, 1), axis=0)  # [1, heads, t, size]
        shift = g.node("Transpose", g.node("Mul", shift, sides.sign), perm=[1, 0])
        shift = g.node("Mul", g.node("Unsqueeze", shift, g.ints(2)), sides.row)  # [heads, t, t]
        scores = g.node("Add", g.node("MatMul", q, g.node("Transpose", k, perm=[0, 1, 3, 2])), shift)
        share = g.node("Softmax", scores, axis=-1)
        mixed = g.node("Transpose", g.node("MatMul", share, v), perm=[0, 2, 1, 3])
        mixed = g.node("Reshape", mixed, g.ints(-1, w))
        second = g.node("Squeeze", g.node("MatMul", share, sides.column), g.ints(0, 3))  # [heads, t]
        other = g.node("Mul", g.node("Transpose", second, perm=[1, 0]), sides.sign)
        other = g.node("Add", other, sides.column)  # [t, heads]
        out, bias = self._linear(f"{at}.out")
        out = np.concatenate([out, for_values.T @ out])
        return g.node("Add", x, g.int8_product(g.node("Concat", mixed, other, axis=1), f"{self.at}{at}.out", out, bias))

    def _feed_forward(self, x: str, at: str) -> str:
        g = self.graph
        first, second = f"{at}.inner.0", f"{at}.inner.2"
        wide = g.int8_product(self._norm(x, f"{at}.norm_inner"), self.at + first, *self._linear(first))
        wide = g.fused("FastGelu", wide)
        return g.node("Add", x, g.int8_product(wide, self.at + second, *self._linear(second)))

    def _judged(self, h: str, sides: _Sides) -> str:
        """Both texts pooled three ways, then symmetric functions of the two, the sentences and the facts."""
        g, w = self.graph, self.shape.width
        gate = g.node("Transpose", g.product(h, f"{self.at}gate", self.weights["gate.weight"].T), perm=[1, 0])  # [1, t]
        share = g.node("Softmax", g.node("Add", gate, sides.outside), axis=-1)
        mean = g.node("Div", sides.member, g.node("ReduceSum", sides.member, g.ints(1)))
        pooled = g.node("MatMul", g.node("Concat", share, mean, axis=0), h)  # [4, w]
        hidden = g.node("Add", g.node("Unsqueeze", sides.outside, g.ints(2)), h)  # [2, t, w]
        top = g.node("ReduceMax", hidden, g.ints(1), keepdims=0)
        by_side = g.node("Reshape", g.node("Concat", pooled, top, axis=0), g.ints(3, 2, w))
        a, b = g.parts(by_side, (1, 1), axis=1)
        sentence = g.product("sentences", f"{self.at}sentence", *self._linear("sentence"))
        sentence_a, sentence_b = g.parts(sentence, (1, 1), axis=0)
        flat = g.ints(1, 3 * w)
        met = [
            g.node("Reshape", g.node("Add", a, b), flat),
            g.node("Reshape", g.node("Abs", g.node("Sub", a, b)), flat),
            g.node("Abs", g.node("Sub", sentence_a, sentence_b)),
            g.node("Mul", sentence_a, sentence_b),
        ]
        return self._logit(g.node("Concat", *met, axis=1))

    def _logit(self, met: str) -> str:
        """The facts stay float32: one that is not finite makes a logit that is not."""
        g, facts = self.graph, len(FACTS)
        scale, offset = self.weights["fact_scale"], self.weights["fact_mean"] * self.weights["fact_scale"]
        weight, bias = self._linear("head.0")
        known = g.product("facts", f"{self.at}facts", weight[-facts:] * scale[:, None], bias - offset @ weight[-facts:])
        inner = g.fused("FastGelu", g.node("Add", g.row_product(met, f"{self.at}met", weight[:-facts]), known))
        last, last_bias = self._linear("head.3")
        straight, straight_bias = self._linear("straight")
        weight = np.concatenate([last, straight * scale[:, None]])
        bias = last_bias + straight_bias - offset @ straight
        return g.product(g.node("Concat", inner, "facts", axis=1), f"{self.at}last", weight, bias)


def _by_head(row: NDArray[np.float64], heads: int) -> NDArray[np.float64]:
    """[w] → [w, heads]: each head's own numbers in its column, zero elsewhere."""
    size = len(row) // heads
    return np.where(np.arange(len(row))[:, None] // size == np.arange(heads), row[:, None], 0.0)
