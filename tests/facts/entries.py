"""Builders with defaults, so that a test shows only the fact it is about."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proxy.core.embedding import Embedding
from proxy.core.entry import Entry, Form, Record
from proxy.core.report import Label, Quarantine, ServedHit

NOW = 1_790_000_000.0
ALICE = b"a" * 32
BOB = b"b" * 32


class FakeClock:
    """Time that stands still until it is told to move."""

    def __init__(self, now: float = NOW) -> None:
        self.time = now

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def vector(seed: int = 0, dim: int = 384) -> NDArray[np.float32]:
    """A unit vector that depends on the seed alone."""
    drawn = np.random.default_rng(seed).normal(size=dim).astype(np.float32)
    unit: NDArray[np.float32] = drawn / np.linalg.norm(drawn)
    return unit


def embedding(seed: int = 0, tokens: int = 7) -> Embedding:
    rng = np.random.default_rng(seed)
    return Embedding(
        vector=vector(seed),
        token_ids=rng.integers(0, 30_000, tokens).astype(np.uint16),
        token_vectors=rng.integers(-127, 128, (tokens, 128)).astype(np.int8),
    )


def record(body: bytes = b'{"id":"x"}', **changes: Any) -> Record:
    values: dict[str, Any] = {
        "endpoint": "chat", "form": Form.JSON, "body": body, "completion": body, "has_usage": True,
        "content_type": "application/json", "openai_version": "2020-10-01",
        "cors": (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "x-a")),
    }  # fmt: skip
    return Record(**values | changes)


def entry(question: str = "What is the capital of France?", **changes: Any) -> Entry:
    """Exact key and prompt digest follow from the question; the id is new each time."""
    values: dict[str, Any] = {
        "id": os.urandom(16), "exact_key": digest("exact " + question), "scope": digest("scope"),
        "scope_fields": {"model": b"12345678", "messages": b"abcdefgh"}, "tenant": ALICE, "route": "chat",
        "domain": "default", "generation": 3, "model": "gpt-4o", "prompt": question, "prompt_digest": digest(question),
        "embedding": embedding(), "embedder_digest": "e" * 64, "plan_version": 2, "record": record(),
        "created_at": NOW, "expires_at": NOW + 3600, "tags": ("faq", "überall"), "upstream_response_id": "resp_1",
    }  # fmt: skip
    return Entry(**values | changes)


def hit(hit_id: str = "hit-1", **changes: Any) -> ServedHit:
    values: dict[str, Any] = {
        "id": hit_id, "entry_id": b"e" * 16, "tenant": ALICE, "domain": "default", "kind": "semantic",
        "exact_key": digest("request"), "prompt": "asked", "prompt_digest": digest("asked"), "stored_prompt": "stored",
        "stored_prompt_digest": digest("stored"), "logit": 1.25, "scorer_digest": "s" * 64, "served_at": NOW,
    }  # fmt: skip
    return ServedHit(**values | changes)


def label(hit_id: str = "hit-1", **changes: Any) -> Label:
    values: dict[str, Any] = {
        "hit_id": hit_id, "a": "asked", "b": "stored", "label": 0, "domain": "default", "tenant": ALICE,
        "reason": "wrong länd", "logit": None, "scorer_digest": "s" * 64, "at": NOW,
    }  # fmt: skip
    return Label(**values | changes)


def quarantine(**changes: Any) -> Quarantine:
    values: dict[str, Any] = {
        "tenant": ALICE, "domain": "default", "prompt_digest": digest("asked"),
        "stored_prompt_digest": digest("stored"), "entry_id": b"e" * 16, "logit_floor": 1.25,
        "scorer_digest": "s" * 64, "at": NOW,
    }  # fmt: skip
    return Quarantine(**values | changes)


def facts_of(item: Entry) -> dict[str, Any]:
    """An entry as something that compares by value; vectors as the stores keep them."""
    values = {name: getattr(item, name) for name in Entry.__dataclass_fields__ if name != "embedding"}
    if item.embedding is not None:
        values["vector"] = item.embedding.vector.astype(np.float16).tobytes()
        values["token_ids"] = item.embedding.token_ids.tobytes()
        values["token_vectors"] = (item.embedding.token_vectors.shape, item.embedding.token_vectors.tobytes())
    return values
