"""The pair scorer: a small interaction transformer over both prompts' frozen token vectors. Logits out, no sigmoid.

Both sides run through the same weights, each looks at itself and at the other, and the two pooled sides meet in
symmetric functions only: (a, b) and (b, a) give the same logit but for rounding.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from proxy.core.features import FACTS, MARK, MARKS, SECOND

POSITIONS = SECOND
"""Later tokens share the last position."""

HIDDEN_OUT = -1e4
"""Added to attention of padding; finite, so that a text without tokens gives no NaN."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network. context, static: widths of the two blocks of a token vector."""

    context: int = 128
    static: int = 64
    width: int = 128
    inner: int = 256
    heads: int = 4
    layers: int = 2
    sentence: int = 64
    dropout: float = 0.1

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


class Layer(nn.Module):
    """Pre-norm: attention over the own and the other text's tokens at once, then a feed-forward."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        w = shape.width
        self.heads, self.size = shape.heads, w // shape.heads
        self.norm, self.norm_inner = nn.LayerNorm(w), nn.LayerNorm(w)
        self.qkv, self.out = nn.Linear(w, 3 * w), nn.Linear(w, w)
        self.from_other = nn.Parameter(torch.zeros(2 * w))
        self.inner = nn.Sequential(nn.Linear(w, shape.inner), nn.GELU(approximate="tanh"), nn.Linear(shape.inner, w))
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        """x: [2n, t, w]; hidden: [2n, 1, 1, 2t], 0 or HIDDEN_OUT for own then other keys."""
        rows, t, w = x.shape
        q, kv = self.qkv(self.norm(x)).split([w, 2 * w], dim=-1)
        kv = torch.cat([kv, _swap(kv) + self.from_other], dim=1)  # [2n, 2t, 2w]
        k, v = kv.split(w, dim=-1)
        q, k, v = (part.reshape(rows, -1, self.heads, self.size).transpose(1, 2) for part in (q, k, v))
        weights = (q @ k.transpose(-1, -2)) * (1 / math.sqrt(self.size)) + hidden  # [2n, h, t, 2t]
        mixed = (weights.softmax(-1) @ v).transpose(1, 2).reshape(rows, t, w)
        x = x + self.drop(self.out(mixed))
        return x + self.drop(self.inner(self.norm_inner(x)))


class PairNet(nn.Module):
    """forward(vectors, marks, lengths, sentences, facts) → logits float32[n]; inputs as in `data.PairArrays.batch`."""

    fact_mean: Tensor
    fact_scale: Tensor
    mark_scale: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        w = shape.width
        d = shape.context + shape.static
        self.tokens = nn.Linear(d, w)
        self.differs = nn.Linear(d, w, bias=False)
        self.marks = nn.Linear(len(MARKS) + 4, w)
        self.place = nn.Embedding(POSITIONS, w)
        nn.init.normal_(self.place.weight, std=0.02)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.layers)])
        self.norm = nn.LayerNorm(w)
        self.gate = nn.Linear(w, 1)
        self.sentence = nn.Linear(384, shape.sentence)
        self.drop = nn.Dropout(shape.dropout)
        joined = 6 * w + 2 * shape.sentence + len(FACTS)
        self.head = nn.Sequential(
            nn.Linear(joined, 2 * w), nn.GELU(approximate="tanh"), nn.Dropout(shape.dropout), nn.Linear(2 * w, 1)
        )
        self.straight = nn.Linear(len(FACTS), 1)
        scale = torch.ones(len(MARKS))
        scale[MARK["weight"]] = 1 / 15
        self.register_buffer("mark_scale", scale)
        self.register_buffer("fact_mean", torch.zeros(len(FACTS)))
        self.register_buffer("fact_scale", torch.ones(len(FACTS)))

    def forward(self, vectors: Tensor, marks: Tensor, lengths: Tensor, sentences: Tensor, facts: Tensor) -> Tensor:
        t = vectors.shape[1]
        place = torch.arange(t, device=vectors.device)
        seen = (place[None, :] < lengths[:, None]).float()  # [2n, t]
        hidden = (1 - seen) * HIDDEN_OUT
        x = vectors.float() * (1 / 127)
        near, aligned = self._align(x, hidden)
        marked = torch.cat([marks.float() * self.mark_scale, near], dim=-1)
        h = self.tokens(x) + self.differs(x - aligned) + self.marks(marked)
        h = self.drop(h + self.place(place.clamp(max=POSITIONS - 1)))
        both = torch.cat([hidden, _swap(hidden)], dim=1)[:, None, None, :]
        for layer in self.layers:
            h = layer(h, both)
        return self._judge(self.norm(h), seen, hidden, sentences, facts)

    def _align(self, x: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Late interaction: each token's nearest token in the other text, by context and by word.

        Returns [2n, t, 4] (best and mean-of-softmax cosine for both blocks) and the softly aligned vectors [2n, t, d].
        """
        other = _swap(x)
        c = self.shape.context
        cover = _swap(hidden)[:, None, :]
        context = x[..., :c] @ other[..., :c].transpose(-1, -2)  # [2n, t, t]
        static = x[..., c:] @ other[..., c:].transpose(-1, -2)
        soft = ((context + static) * 8 + cover).softmax(-1)
        best = [(block + cover).amax(-1).clamp(min=-1.0) for block in (context, static)]
        mean = [(soft * block).sum(-1) for block in (context, static)]
        return torch.stack([*best, *mean], dim=-1), soft @ other

    def _judge(self, h: Tensor, seen: Tensor, hidden: Tensor, sentences: Tensor, facts: Tensor) -> Tensor:
        share = (self.gate(h).squeeze(-1) + hidden).softmax(-1)
        mean = (h * seen[..., None]).sum(1) / seen.sum(1, keepdim=True).clamp(min=1)
        top = (h + hidden[..., None]).amax(1).clamp(min=-50.0)
        pooled = torch.cat([(h * share[..., None]).sum(1), mean, top], dim=-1)  # [2n, 3w]
        a, b = _halves(pooled)
        sentence_a, sentence_b = _halves(self.sentence(sentences))
        known = (facts - self.fact_mean) * self.fact_scale
        joined = [a + b, (a - b).abs(), (sentence_a - sentence_b).abs(), sentence_a * sentence_b, known]
        logits: Tensor = self.head(self.drop(torch.cat(joined, dim=-1))) + self.straight(known)
        return logits.squeeze(-1)


class Committee(nn.Module):
    """Networks of one shape that were trained apart; forward as `PairNet`, the mean of their logits."""

    def __init__(self, shape: Shape, members: int) -> None:
        super().__init__()
        self.shape = shape
        self.members = nn.ModuleList([PairNet(shape) for _ in range(members)])

    def forward(self, vectors: Tensor, marks: Tensor, lengths: Tensor, sentences: Tensor, facts: Tensor) -> Tensor:
        return torch.stack([one(vectors, marks, lengths, sentences, facts) for one in self.members]).mean(dim=0)


def _swap(x: Tensor) -> Tensor:
    """First sides in place of second ones and the other way round."""
    a, b = _halves(x)
    return torch.cat([b, a])


def _halves(x: Tensor) -> tuple[Tensor, Tensor]:
    """First and second sides. Slices, because the exporter turns `chunk` of a free dimension into a sequence."""
    n = x.shape[0] // 2
    return x[:n], x[n:]


def weighted_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Binary cross-entropy towards probabilities."""
    return (functional.binary_cross_entropy_with_logits(logits, targets, reduction="none") * weights).sum() / (
        weights.sum()
    )
