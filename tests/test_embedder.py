"""The shipped embedder: near the float32 model, the same bytes each time, and never upset by a text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from proxy.backends.embedder_onnx import MAX_CHARS, WINDOW, OnnxEmbedder, load_embedder
from proxy.backends.inference import InferenceThread
from proxy.core.embedding import VECTOR_DIM

GOLDEN = Path(__file__).parent / "golden" / "embedder_fp32.npz"


@pytest.fixture(scope="module")
def embedder() -> Iterator[OnnxEmbedder]:
    thread = InferenceThread()
    yield load_embedder(thread=thread)
    thread.close()


def test_vectors_are_close_to_the_float32_model(embedder: OnnxEmbedder) -> None:
    golden = np.load(GOLDEN)
    cosines = [
        float(embedder.encode(str(text)).vector @ vector.astype(np.float32))
        for text, vector in zip(golden["texts"], golden["vectors"], strict=True)
    ]

    assert len(cosines) == 200
    assert np.mean(cosines) >= 0.99
    assert min(cosines) >= 0.97


def test_equal_text_gives_equal_bytes(embedder: OnnxEmbedder) -> None:
    text = "How do I renew a library card that ran out in March?"
    first = embedder.encode(text)
    embedder.encode("something else in between, of another length altogether")
    again = embedder.encode(text)

    assert first.vector.tobytes() == again.vector.tobytes()
    assert first.token_ids.tobytes() == again.token_ids.tobytes()
    assert first.token_vectors.tobytes() == again.token_vectors.tobytes()


async def test_embedding_through_the_thread_is_the_same_as_in_the_callers(embedder: OnnxEmbedder) -> None:
    text = "Please move 250 euros to the holiday budget"

    assert embedder.encode(text).vector.tobytes() == (await embedder.embed(text)).vector.tobytes()


@pytest.mark.parametrize("words", [1, 2, 17, 128, 200, WINDOW])
def test_as_many_token_vectors_as_word_pieces_and_no_padding(embedder: OnnxEmbedder, words: int) -> None:
    found = embedder.encode("word " * words)

    assert found.token_ids.shape == (words,)
    assert found.token_vectors.shape[0] == words


def test_the_vector_and_each_block_have_length_one(embedder: OnnxEmbedder) -> None:
    found = embedder.encode("Which steps does it take to replace the battery of a smoke detector?")
    context, static = np.split(found.token_vectors.astype(np.float32) / 127, [128], axis=1)

    assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(context, axis=1) == pytest.approx(1, abs=0.02)
    assert np.linalg.norm(static, axis=1) == pytest.approx(1, abs=0.02)


HOSTILE = {
    "empty": "",
    "spaces": " \t\r\n  ",
    "100,000 characters": "a" * 100_000,
    "100,000 words": "word " * 20_000,
    "lone surrogate": "approve \ud83d the refund",
    "only surrogates": "\udc00\ud800",
    "mixed scripts": "reset パスワード пароль كلمة السر 👍🏽 ﷽",
    "zero width": "pass\u200bword\u2060\ufeff",
    "control characters": "\x00\x01\x1b[31mred\x7f",
    "combining marks": "z" + "\u0301" * 3_000,
    "one long word": "x" * 3_999,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_upsets_it(embedder: OnnxEmbedder, text: str) -> None:
    found = embedder.encode(text)

    assert found.vector.shape == (VECTOR_DIM,)
    assert np.isfinite(found.vector).all()
    assert len(found.token_ids) == len(found.token_vectors) <= WINDOW
    assert np.array_equal(found.token_ids, embedder.token_ids(text)[:WINDOW])


@pytest.mark.parametrize("text", ["word " * (WINDOW + 1), " " * MAX_CHARS + "!", "a" * (MAX_CHARS + 1)])
def test_text_that_is_not_seen_whole_is_reported_as_longer_than_the_window(embedder: OnnxEmbedder, text: str) -> None:
    assert len(embedder.token_ids(text)) == WINDOW + 1


def test_characters_that_cannot_be_tokenized_show_as_an_unknown_id(embedder: OnnxEmbedder) -> None:
    assert embedder.unknown_id in embedder.token_ids("approve \ud83d the refund")
    assert embedder.unknown_id in embedder.token_ids("👍")
    assert embedder.unknown_id not in embedder.token_ids("approve the refund")


def test_a_hundred_thousand_characters_cost_no_more_than_four_thousand(embedder: OnnxEmbedder) -> None:
    assert np.array_equal(embedder.token_ids("b c " * 25_000), embedder.token_ids("b c " * 1_001))
