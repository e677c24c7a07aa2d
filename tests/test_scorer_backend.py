"""The shipped scorer behind its port: symmetric, each candidate for itself, refused when it is not ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from proxy.backends.artefact import MODELS, Artefact, digest_of, manifest_bytes, read_artefact
from proxy.backends.embedder_onnx import OnnxEmbedder, load_embedder
from proxy.backends.inference import InferenceThread
from proxy.backends.scorer_check import GOLDEN, CheckFault, check_scorer, golden_bytes
from proxy.backends.scorer_onnx import OnnxPairScorer
from proxy.core.embedding import Prompt
from proxy.errors import BackendError, ModelMismatch

EQUIVALENCE = MODELS / "equivalence"
ASKED = "How do I reset the alarm on the greenhouse controller?"
STORED = (
    "What is the way to reset the greenhouse controller's alarm?",
    "How do I silence the alarm on the greenhouse controller for 3 days?",
    "Which plants need little water in winter?",
    "no",
)


@pytest.fixture(scope="module")
def thread() -> Iterator[InferenceThread]:
    thread = InferenceThread()
    yield thread
    thread.close()


@pytest.fixture(scope="module")
def embedder(thread: InferenceThread) -> OnnxEmbedder:
    return load_embedder(thread=thread)


@pytest.fixture(scope="module")
def artefact() -> Artefact:
    return read_artefact(EQUIVALENCE, "scorer")


@pytest.fixture(scope="module")
def scorer(artefact: Artefact, embedder: OnnxEmbedder, thread: InferenceThread) -> OnnxPairScorer:
    return OnnxPairScorer(artefact, embedder.digest, thread)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EQUIVALENCE, tmp_path / "scorer"))


def prompt(embedder: OnnxEmbedder, text: str) -> Prompt:
    return Prompt(text, embedder.encode(text))


def with_manifest(artefact: Artefact, **facts: object) -> Artefact:
    return replace(artefact, manifest=dict(artefact.manifest) | facts)


def with_golden(artefact: Artefact, content: bytes) -> Artefact:
    files = dict(artefact.files) | {GOLDEN: content}
    return replace(artefact, files=files, digest=digest_of(files))


async def test_the_port_scores_all_candidates_in_order(scorer: OnnxPairScorer, embedder: OnnxEmbedder) -> None:
    asked, stored = prompt(embedder, ASKED), [prompt(embedder, text) for text in STORED]
    together = await scorer.logits(asked, stored)
    alone = [scorer.scores(asked, [candidate])[0] for candidate in stored]

    assert together.dtype == np.float32
    assert together.shape == (len(STORED),)
    assert together.tolist() == [float(one) for one in alone]  # a logit does not depend on the other candidates


def test_a_rewording_scores_above_another_question(scorer: OnnxPairScorer, embedder: OnnxEmbedder) -> None:
    logits = scorer.scores(prompt(embedder, ASKED), [prompt(embedder, text) for text in STORED])

    assert logits[0] > max(logits[1:])


def test_swapping_a_pair_gives_the_same_bytes(scorer: OnnxPairScorer, embedder: OnnxEmbedder) -> None:
    a = prompt(embedder, ASKED)
    for text in STORED:
        b = prompt(embedder, text)

        assert scorer.scores(a, [b]).tobytes() == scorer.scores(b, [a]).tobytes()


def test_a_text_without_tokens_gets_nan_and_the_others_a_logit(scorer: OnnxPairScorer, embedder: OnnxEmbedder) -> None:
    empty, full = prompt(embedder, " \u200b"), prompt(embedder, STORED[0])

    assert np.isnan(scorer.scores(prompt(embedder, ASKED), [empty, full])).tolist() == [True, False]
    assert np.isnan(scorer.scores(empty, [full, empty])).all()
    assert scorer.scores(prompt(embedder, ASKED), []).shape == (0,)


@pytest.mark.parametrize(
    "text", ["word " * 300, "a" * 100_000, "approve \ud83d it", "パスワード 👍", "\x00\x01", "1e999 " * 40, "((((" * 60]
)
def test_no_text_upsets_it(scorer: OnnxPairScorer, embedder: OnnxEmbedder, text: str) -> None:
    logits = scorer.scores(prompt(embedder, text), [prompt(embedder, ASKED), prompt(embedder, text)])

    assert logits.shape == (2,)


def test_vectors_that_are_not_finite_end_as_a_logit_that_is_no_verdict(
    scorer: OnnxPairScorer, embedder: OnnxEmbedder
) -> None:
    good = prompt(embedder, ASKED)
    nan = np.full_like(good.embedding.vector, np.nan)
    bad = Prompt("another " + ASKED, replace(embedder.encode("another " + ASKED), vector=nan))

    assert not np.isfinite(scorer.scores(good, [bad])).any()


def test_a_scorer_made_for_another_embedder_is_refused(artefact: Artefact, thread: InferenceThread) -> None:
    with pytest.raises(ModelMismatch, match="was trained on embedder"):
        OnnxPairScorer(artefact, "0" * 64, thread)


def test_a_scorer_made_for_other_features_is_refused(
    artefact: Artefact, embedder: OnnxEmbedder, thread: InferenceThread
) -> None:
    with pytest.raises(ModelMismatch, match="was trained on features 0, this release makes"):
        OnnxPairScorer(with_manifest(artefact, features="0"), embedder.digest, thread)


def test_an_embedder_graph_in_the_scorers_place_is_refused(
    folder: Path, embedder: OnnxEmbedder, thread: InferenceThread
) -> None:
    artefact = read_artefact(folder, "scorer")
    foreign = (MODELS / "minilm-l6-v2" / "model.onnx").read_bytes()
    files = dict(artefact.files) | {"model.onnx": foreign}
    facts = {name: value for name, value in artefact.manifest.items() if name not in ("files", "digest")}
    (folder / "model.onnx").write_bytes(foreign)
    (folder / "manifest.json").write_bytes(manifest_bytes("scorer", files, facts))

    with pytest.raises(ModelMismatch, match="asks for"):
        OnnxPairScorer(read_artefact(folder, "scorer"), embedder.digest, thread)


def test_a_damaged_lexicon_is_refused(artefact: Artefact, embedder: OnnxEmbedder, thread: InferenceThread) -> None:
    for content in (b"", b"PK\x03\x04 not an archive", artefact.files["lexicon.npz"][:-200]):
        damaged = replace(artefact, files=dict(artefact.files) | {"lexicon.npz": content})

        with pytest.raises(ModelMismatch, match=r"lexicon\.npz"):
            OnnxPairScorer(damaged, embedder.digest, thread)


def test_this_machine_judges_as_the_one_that_made_the_scorer(
    artefact: Artefact, scorer: OnnxPairScorer, embedder: OnnxEmbedder
) -> None:
    checked = check_scorer(artefact, scorer, embedder.encode)

    assert checked.fault is None, checked.detail
    assert len(orjson.loads(artefact.files[GOLDEN])["pairs"]) >= 200


def test_logits_that_differ_by_more_than_the_bound_are_a_cpu_mismatch(
    artefact: Artefact, scorer: OnnxPairScorer, embedder: OnnxEmbedder
) -> None:
    golden = orjson.loads(artefact.files[GOLDEN])
    golden["pairs"][7][2] += 0.2
    checked = check_scorer(with_golden(artefact, orjson.dumps(golden)), scorer, embedder.encode)

    assert checked.fault is CheckFault.CPU_MISMATCH


def test_a_flipped_verdict_is_a_cpu_mismatch_however_small_the_difference(
    artefact: Artefact, scorer: OnnxPairScorer, embedder: OnnxEmbedder
) -> None:
    golden = orjson.loads(artefact.files[GOLDEN])
    edge = golden["pairs"][7][2] + 0.05
    golden["pairs"][7][2] += 0.1
    moved = with_manifest(with_golden(artefact, orjson.dumps(golden)), thresholds={"0.03": edge})

    assert check_scorer(moved, scorer, embedder.encode).fault is CheckFault.CPU_MISMATCH


def test_a_known_different_pair_that_would_be_served_fails_the_self_test(
    artefact: Artefact, scorer: OnnxPairScorer, embedder: OnnxEmbedder
) -> None:
    golden = orjson.loads(artefact.files[GOLDEN])
    golden["different"][3] = [ASKED, ASKED]

    checked = check_scorer(with_golden(artefact, orjson.dumps(golden)), scorer, embedder.encode)

    assert checked.fault is CheckFault.SELF_TEST


def test_a_model_that_fails_is_a_fault_and_not_an_exception(
    artefact: Artefact, scorer: OnnxPairScorer, embedder: OnnxEmbedder
) -> None:
    def broken(text: str) -> None:
        raise BackendError("the embedder returned a vector that is not finite")

    checked = check_scorer(artefact, scorer, broken)  # type: ignore[arg-type]

    assert checked.fault is CheckFault.SELF_TEST
    assert "not finite" in checked.detail


@pytest.mark.parametrize("content", [b"", b"[]", b'{"pairs": [], "different": []}', b'{"pairs": [["a", "b"]]}'])
def test_golden_pairs_that_prove_nothing_are_refused(
    artefact: Artefact, scorer: OnnxPairScorer, embedder: OnnxEmbedder, content: bytes
) -> None:
    with pytest.raises(ModelMismatch, match=r"golden\.json"):
        check_scorer(with_golden(artefact, content), scorer, embedder.encode)


def test_golden_pairs_written_here_agree_here(
    artefact: Artefact, scorer: OnnxPairScorer, embedder: OnnxEmbedder
) -> None:
    pairs = [(ASKED, text) for text in STORED] * 3
    written = golden_bytes(scorer, embedder.encode, pairs, [(ASKED, STORED[2])] * 10)
    thresholds = {"0.03": 1e3}
    checked = check_scorer(
        with_manifest(with_golden(artefact, written), thresholds=thresholds), scorer, embedder.encode
    )

    assert checked.fault is None
    assert checked.worst < 1e-3
