"""Fewer numbers in the graph: how they are chosen, and what lies beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from proxy.backends.index_hnsw import HnswScope
from proxy.backends.index_narrow import (
    CHUNK_ROWS,
    FIT_ROWS,
    MIN_FIT_ROWS,
    WIDTH,
    FullRows,
    fitted,
    narrowed,
    read_basis,
    sample,
    write_basis,
)
from tests.facts.index import refs

DIM = 384
RNG = np.random.default_rng(11)
FALLING = ((1 + np.arange(DIM)) ** -0.5).astype(np.float32)
TURN = np.linalg.qr(RNG.normal(size=(DIM, DIM)))[0].astype(np.float32)


def spread(count: int) -> NDArray[np.float32]:
    """Unit vectors whose spread falls off over turned axes, as that of sentences does."""
    drawn = (RNG.normal(size=(count, DIM)).astype(np.float32) * FALLING) @ TURN
    unit: NDArray[np.float32] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def turned(vectors: NDArray[np.float32], cosine: float) -> NDArray[np.float32]:
    """Each vector turned until its cosine with what it was is `cosine`."""
    drawn = spread(len(vectors))
    away = drawn - (drawn * vectors).sum(1, keepdims=True) * vectors
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    near: NDArray[np.float32] = cosine * vectors + np.float32(np.sqrt(1 - cosine**2)) * away
    return near


def filled(count: int) -> tuple[HnswScope, list[bytes], NDArray[np.float32]]:
    """A narrow graph, its ids and what it was given."""
    vectors = spread(count)
    ids = [ref.id for ref in refs(count)]
    graph = HnswScope(DIM, count, fitted(vectors))
    graph.add(ids, vectors)
    return graph, ids, vectors


def test_a_basis_is_orthonormal_and_keeps_what_the_best_one_keeps() -> None:
    vectors = spread(2 * MIN_FIT_ROWS)

    basis = fitted(vectors)

    assert basis is not None
    assert basis.shape == (DIM, WIDTH)
    assert np.abs(basis.T @ basis - np.eye(WIDTH)).max() < 1e-5
    values = np.linalg.eigvalsh(vectors.T.astype(np.float64) @ vectors)
    assert ((vectors @ basis) ** 2).sum() >= 0.99 * values[-WIDTH:].sum()


def test_the_same_vectors_give_the_same_basis() -> None:
    vectors = spread(MIN_FIT_ROWS)
    first, second = fitted(vectors), fitted(vectors.copy())

    assert first is not None
    assert second is not None
    assert (first == second).all()


@pytest.mark.parametrize("vectors", [np.tile(spread(1), (MIN_FIT_ROWS, 1)), np.zeros((MIN_FIT_ROWS, DIM), np.float32)])
def test_vectors_that_do_not_spread_give_a_basis_all_the_same(vectors: NDArray[np.float32]) -> None:
    basis = fitted(vectors)

    assert basis is not None
    assert np.abs(basis.T @ basis - np.eye(WIDTH)).max() < 1e-5
    assert np.linalg.norm(vectors @ basis, axis=1) == pytest.approx(np.linalg.norm(vectors, axis=1), abs=1e-5)


def test_few_or_short_vectors_are_not_narrowed() -> None:
    vectors = spread(MIN_FIT_ROWS)

    assert fitted(vectors[:-1]) is None
    assert fitted(vectors[:, :WIDTH]) is None
    assert narrowed(None, vectors) is vectors


def test_narrowed_vectors_have_length_one_and_near_ones_stay_near() -> None:
    vectors = spread(MIN_FIT_ROWS)
    near = turned(vectors, 0.95)
    basis = fitted(vectors)
    narrow, others = narrowed(basis, vectors), narrowed(basis, near)

    assert np.linalg.norm(narrow, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.quantile((narrow * others).sum(1), 0.01) > 0.85


def test_a_topic_among_vectors_that_the_basis_hardly_sees_is_found() -> None:
    """Four hundred sentences, then thousands of vectors that spread in every direction alike."""
    topic = spread(400)
    noise = RNG.normal(size=(8_000, DIM)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    vectors = np.concatenate([topic, noise])
    ids = [ref.id for ref in refs(len(vectors))]
    graph = HnswScope(DIM, len(vectors), fitted(vectors[:FIT_ROWS]))
    graph.add(ids, vectors)

    found = [graph.search(query, 4)[0].id for query in turned(topic, 0.95)]

    assert sum(a == b for a, b in zip(found, ids, strict=False)) >= 0.99 * len(topic)


@pytest.mark.parametrize("count", [0, 1, 20, FIT_ROWS, 3 * FIT_ROWS + 1])
def test_a_sample_is_spread_over_all_rows(count: int) -> None:
    rows = sample(count)

    assert len(rows) == len(set(rows)) == min(count, FIT_ROWS)
    if count:
        assert rows == sorted(rows)
        assert (rows[0], rows[-1]) == (0, count - 1)


def test_a_narrow_graph_says_the_similarity_of_the_full_vectors() -> None:
    graph, ids, vectors = filled(MIN_FIT_ROWS)
    stored = vectors.astype(np.float16).astype(np.float32)

    for query in turned(vectors[:100], 0.8):
        found = graph.search(query, 8)

        exact = dict(zip(ids, (stored @ query).tolist(), strict=True))
        assert [n.similarity for n in found] == pytest.approx([exact[n.id] for n in found], abs=1e-6)
        assert [n.similarity for n in found] == sorted((n.similarity for n in found), reverse=True)


def test_near_duplicates_come_first_from_a_narrow_graph() -> None:
    graph, ids, vectors = filled(3 * MIN_FIT_ROWS)

    found = [graph.search(query, 4)[0].id for query in turned(vectors, 0.95)]

    assert sum(a == b for a, b in zip(found, ids, strict=True)) >= 0.99 * len(ids)


def test_the_nearest_by_the_full_vectors_is_first_though_the_graph_finds_it_later() -> None:
    """Half the numbers put others before it."""
    graph, ids, vectors = filled(MIN_FIT_ROWS)
    basis = fitted(vectors)
    queries = turned(vectors, 0.3)
    exact = (queries @ vectors.T).argmax(1)
    narrow = ((narrowed(basis, queries)[:, None] - narrowed(basis, vectors)[None]) ** 2).sum(2).argmin(1)
    swapped = np.flatnonzero(exact != narrow)
    assert len(swapped) > 50

    found = [graph.search(queries[row], 1)[0].id for row in swapped]

    assert sum(found[i] == ids[exact[row]] for i, row in enumerate(swapped)) >= 0.9 * len(swapped)


def test_a_graph_gives_back_what_it_was_given() -> None:
    graph, ids, vectors = filled(MIN_FIT_ROWS)
    graph.remove(ids[:10])
    graph.add(ids[20:22], vectors[:2])

    known, back = graph.vectors([*ids[5:22], b"s" * 16])

    assert known == ids[10:22]
    assert (back == np.concatenate([vectors[10:20], vectors[:2]]).astype(np.float16)).all()
    assert graph.vectors([])[1].shape == (0, DIM)


def test_a_narrow_graph_costs_less_than_a_full_one() -> None:
    graph, ids, vectors = filled(MIN_FIT_ROWS)
    full = HnswScope(DIM)
    full.add(ids, vectors)

    assert graph.memory_bytes() - full.memory_bytes() == DIM * WIDTH * 4 - MIN_FIT_ROWS * (DIM - WIDTH) * 4


@pytest.mark.parametrize("rows", [0, 1, CHUNK_ROWS, CHUNK_ROWS + 5])
def test_full_rows_are_read_as_they_were_written(rows: int, tmp_path: Path) -> None:
    vectors = RNG.normal(size=(rows, 8)).astype(np.float32)
    kept = FullRows(8)
    for first in range(0, rows, 1000):
        kept.put(first, vectors[first : first + 1000])
    kept.write(tmp_path / "rows", rows)

    back = FullRows.read(tmp_path / "rows", 8, rows)
    back.put(rows, np.ones((1, 8), dtype=np.float32))

    assert (back.take(range(rows)) == vectors.astype(np.float16)).all()
    assert (back.take([rows]) == 1).all()


def test_rows_that_are_cut_are_refused(tmp_path: Path) -> None:
    kept = FullRows(8)
    kept.put(0, np.zeros((10, 8), dtype=np.float32))
    kept.write(tmp_path / "rows", 10)

    with pytest.raises(ValueError, match="not 11 rows"):
        FullRows.read(tmp_path / "rows", 8, 11)


def test_a_basis_is_read_as_it_was_written(tmp_path: Path) -> None:
    basis = fitted(spread(MIN_FIT_ROWS))
    assert basis is not None
    write_basis(tmp_path / "basis", basis)
    write_basis(tmp_path / "none", None)

    back = read_basis(tmp_path / "basis", DIM)

    assert back is not None
    assert (back == basis).all()
    assert read_basis(tmp_path / "none", DIM) is None


@pytest.mark.parametrize("size", [3, 4, DIM * 4 + 1, DIM * 4 - 4])
def test_a_basis_of_another_size_is_refused(size: int, tmp_path: Path) -> None:
    (tmp_path / "basis").write_bytes(bytes(size))

    with pytest.raises(ValueError, match="not a basis"):
        read_basis(tmp_path / "basis", DIM)
