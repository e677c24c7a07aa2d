"""Training repeats itself, the network is symmetric, and training data leaves out what it must."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import orjson
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="the train extra is not installed")

from classifier_export import corpus
from classifier_export.blend import NEUTRAL_COSINE
from classifier_export.corpus import Recipe, family_of, training_pairs
from classifier_export.data import Batch, PairArrays, batches
from classifier_export.mining import duplicate_classes, intent_classes, mined_pairs
from classifier_export.model import PairNet
from classifier_export.pairs import Pair, half_of, normalised
from classifier_export.readings import reading_digest, readings
from classifier_export.runs import tensors
from classifier_export.teaching import ORDINARY_COSINE, TRUST, TRUST_OWN, targets_of, taught
from classifier_export.train import Plan, train
from proxy.core.features import FACT
from tests.random_pairs import SMALL, arrays

SOURCES = ("own:number/x", "written:unit", "qqp_first10k", "rqe")


def _teacher(folder: Path, logit: float, *, clean: bool) -> Path:
    """A run folder whose network says `logit` to every pair."""
    folder.mkdir()
    net = PairNet(SMALL)
    for weights in net.parameters():
        torch.nn.init.zeros_(weights)
    net.straight.bias.data.fill_(logit)
    torch.save(net.state_dict(), folder / "model.pt")
    facts = {"shape": SMALL.as_dict(), "recipe": {"clean_only": clean}}
    (folder / "run.json").write_text(json.dumps(facts))
    return folder


def test_two_runs_from_one_seed_give_the_same_weights(tmp_path: Path) -> None:
    targets = arrays().labels
    plan = Plan(epochs=2, blanks=0.2)
    one = train(arrays(), targets, SMALL, plan, _folder(tmp_path / "one"))
    two = train(arrays(), targets, SMALL, plan, _folder(tmp_path / "two"))
    without = train(arrays(), targets, SMALL, Plan(epochs=2), _folder(tmp_path / "without"))

    assert not all(torch.equal(a, b) for a, b in zip(one.parameters(), without.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    targets, folder = arrays().labels, _folder(tmp_path / "run")
    train(arrays(), targets, SMALL, Plan(epochs=2), folder)
    before = (folder / "model.pt").read_bytes()

    train(arrays(), targets, SMALL, Plan(epochs=2), folder)

    assert (folder / "model.pt").read_bytes() == before


@pytest.mark.parametrize("write", [3, 4])
def test_a_run_killed_in_a_write_of_its_last_epoch_ends_as_any_other(
    write: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets, plan = arrays().labels, Plan(epochs=2)
    whole, cut = _folder(tmp_path / "whole"), _folder(tmp_path / "cut")
    train(arrays(), targets, SMALL, plan, whole)
    written, save = [], torch.save

    def killed(state: object, path: Path) -> None:
        written.append(path)
        if len(written) == write:
            path.write_bytes(b"half of it")
            raise KeyboardInterrupt
        save(state, path)

    monkeypatch.setattr(torch, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        train(arrays(), targets, SMALL, plan, cut)
    monkeypatch.undo()
    train(arrays(), targets, SMALL, plan, cut)

    assert (whole / "model.pt").read_bytes() == (cut / "model.pt").read_bytes()


def test_an_epoch_takes_every_reading_and_a_share_of_the_others(tmp_path: Path) -> None:
    is_read = np.arange(40) < 10
    targets = np.where(is_read, 1.0, 0.0).astype(np.float32)
    seen: list[int] = []

    class Counted(PairArrays):
        def batch(self, which: NDArray[np.int64]) -> Batch:
            seen.extend(which.tolist())
            return super().batch(which)

    found = arrays()
    counted = Counted(**{field.name: getattr(found, field.name) for field in fields(found)})
    train(counted, targets, SMALL, Plan(epochs=2, sample=5), _folder(tmp_path / "run"), is_read=is_read)

    assert len(seen) == 2 * 15
    assert [seen.count(i) for i in range(10)] == [2] * 10
    assert seen[:15] != seen[15:], "each epoch draws anew"


def test_readings_come_back_for_whoever_has_the_texts(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.tsv.gz"
    lost, found, other = (reading_digest(text) for text in ("Card lost!", "I lost my card", "never seen"))
    path.write_bytes(gzip.compress(f"{lost}\t{found}\t1\tbanking\n{lost}\t{other}\t0\tbanking\n".encode()))

    assert readings(["card lost", "I lost my card", "else"], path) == [
        Pair("card lost", "I lost my card", 1, "read:banking")
    ]
    path.write_bytes(gzip.compress(b"no verdict\n"))
    with pytest.raises(ValueError, match=r"verdicts\.tsv\.gz:1: expected two digests"):
        readings([], path)


def test_one_learns_from_the_mean_of_its_teachers_and_a_clean_one_teaches_our_own_pairs_only(tmp_path: Path) -> None:
    found = arrays(4)
    pairs = [Pair("a", "b", int(label), source) for label, source in zip(found.labels, SOURCES, strict=True)]
    full, clean = _teacher(tmp_path / "full", 2.0, clean=False), _teacher(tmp_path / "clean", -4.0, clean=True)
    labels = np.array([1, 0, 1, 0], np.float32)
    cosine = found.facts[:, FACT["cosine"]]

    mixed = taught(pairs, found, [full, clean], labels)

    logits = np.array([-1, -1, *(2.0 + ORDINARY_COSINE * (cosine[2:] - NEUTRAL_COSINE))])
    trust = np.array([TRUST_OWN, TRUST_OWN, TRUST, TRUST])
    assert mixed == pytest.approx((1 - trust) * labels + trust / (1 + np.exp(-logits)), abs=1e-4)
    assert taught(pairs, found, [clean], labels)[2:] == pytest.approx(labels[2:]), "nobody teaches these"


def test_no_teacher_is_asked_about_what_readers_judged(tmp_path: Path) -> None:
    found = arrays(4)
    pairs = [Pair("a", "b", int(label), "read:banking") for label in found.labels]

    assert taught(pairs, found, [_teacher(tmp_path / "full", 2.0, clean=False)], found.labels) == pytest.approx(
        found.labels
    )


def test_loose_labels_are_learned_less_sharply() -> None:
    found = arrays(4)
    pairs = [Pair("a", "b", int(label), source) for label, source in zip(found.labels, SOURCES, strict=True)]

    distance = np.abs(targets_of(pairs, found) - found.labels)

    assert distance == pytest.approx([0.01, 0.01, 0.05, 0.01])


def test_swapping_the_sides_changes_no_logit_beyond_rounding() -> None:
    torch.manual_seed(0)
    net = PairNet(SMALL).eval()
    batch = arrays().batch(np.arange(6))
    swapped = {name: np.roll(value, 6, axis=0) if name != "facts" else value for name, value in batch.items()}

    with torch.inference_mode():
        difference = (net(*tensors(batch)) - net(*tensors(swapped))).abs().max()

    assert difference < 1e-5


def test_padding_changes_no_logit_beyond_rounding() -> None:
    net = PairNet(SMALL).eval()
    found = arrays()

    with torch.inference_mode():
        together = net(*tensors(found.batch(np.arange(20))))
        alone = torch.cat([net(*tensors(found.batch(np.array([i])))) for i in range(20)])

    assert (together - alone).abs().max() < 1e-4


def test_every_pair_is_in_exactly_one_batch() -> None:
    found = arrays()

    seen = np.concatenate(list(batches(found, np.arange(40), 30, np.random.default_rng(0))))

    assert sorted(seen.tolist()) == list(range(40))


def test_training_holds_no_text_of_dev_streams_or_exam(tmp_path: Path) -> None:
    rows = [_row("A dev text!", "other"), _row("x", "y"), _row("z", "STREAM prompt"), _row("what is a BOND", "w")]
    _write(tmp_path / "train_pairs.jsonl.gz", rows)
    _write(tmp_path / "train_edits.jsonl.gz", [])
    _write(tmp_path / "dev_pairs.jsonl.gz", [_row("a dev text", "b")])
    for name in ("qqp", "intent"):
        _write(tmp_path / f"stream_{name}_dev.jsonl.gz", [{"prompt": "stream prompt?", "class": 0}])

    pairs = training_pairs(tmp_path, [], Recipe())

    assert [(pair.a, pair.b) for pair in pairs] == [("x", "y")]


def test_clean_training_leaves_out_sources_without_a_licence(tmp_path: Path) -> None:
    rows = [_row("a", "b", "qqp_first10k"), _row("c", "d", "rqe"), _row("e", "f", "mrpc")]
    _write(tmp_path / "train_pairs.jsonl.gz", rows)
    _write(
        tmp_path / "train_edits.jsonl.gz",
        [_row("g", "h", "synth:negate:base=qqp_labelled"), _row("i", "j", "synth:negate:base=rqe")],
    )
    for name in ("dev_pairs", "stream_qqp_dev", "stream_intent_dev"):
        _write(tmp_path / f"{name}.jsonl.gz", [])

    pairs = training_pairs(tmp_path, [], Recipe(clean_only=True))

    assert {pair.a for pair in pairs} == {"c", "i"}


def test_the_same_files_give_the_same_training_pairs_in_every_process(tmp_path: Path) -> None:
    """Of spellings that fold to one text the readings take the last: it must not depend on the order of a set."""
    rows = [{"a": f"Text {i}", "b": f"text {i}!", "label": 1, "source": "rqe"} for i in range(9)]
    (tmp_path / "train_pairs.jsonl.gz").write_bytes(gzip.compress(b"\n".join(map(orjson.dumps, rows))))
    heard = "corpus.readings = lambda texts: print(*texts, sep='|') or []"
    code = (
        f"from classifier_export import corpus; {heard}; corpus._read(corpus.Path({str(tmp_path)!r}), corpus.Recipe())"
    )

    told = [
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]

    assert told[0] == told[1]
    assert b"text 8!" in told[0]


def test_contradicting_labels_drop_the_pair(tmp_path: Path) -> None:
    _write(tmp_path / "train_pairs.jsonl.gz", [_row("a", "b", label=1), _row("b", "a", label=0), _row("c", "d")])
    for name in ("train_edits", "dev_pairs", "stream_qqp_dev", "stream_intent_dev"):
        _write(tmp_path / f"{name}.jsonl.gz", [])

    assert [pair.a for pair in training_pairs(tmp_path, [], Recipe())] == ["c"]


def test_a_text_is_in_the_same_half_however_it_is_written() -> None:
    assert half_of("What is  this?") == half_of("what is this")
    assert normalised("What is  this?") == "what is this"


def test_family_is_read_from_the_source() -> None:
    assert family_of("own:unit/it.file_limit.sz+reworded") == "unit"
    assert family_of("banking77:age_limit|atm_support") == "banking77"


def test_near_neighbours_are_labelled_by_class() -> None:
    classes = {"a1": "a", "a2": "a", "b1": "b"}
    vectors = np.array([[1, 0], [0.9, 0.44], [0.8, 0.6]], dtype=np.float32)

    pairs = mined_pairs(classes, vectors, queries=3, per_query=1, source="s", rng=np.random.default_rng(0))

    assert {(frozenset((p.a, p.b)), p.label) for p in pairs} >= {
        (frozenset(("a1", "a2")), 1),
        (frozenset(("a2", "b1")), 0),
    }


def test_classes_come_from_names_and_from_links() -> None:
    intents = intent_classes([Pair("p", "q", 0, "banking77:x|y")], ["banking77"])
    links = duplicate_classes([Pair("a", "b", 1, "s"), Pair("b", "c", 1, "s"), Pair("c", "d", 0, "s")])

    assert intents == {"p": "banking77:x", "q": "banking77:y"}
    assert links["a"] == links["c"] != links["d"]


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _row(a: str, b: str, source: str = "rqe", *, label: int = 1) -> dict[str, object]:
    return {"a": a, "b": b, "label": label, "source": source}


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    with gzip.open(path, "wb") as file:
        file.writelines(orjson.dumps(row) + b"\n" for row in rows)


def test_what_readers_said_stands_where_a_corpus_labels_the_same_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(
        tmp_path / "train_pairs.jsonl.gz", [_row("card lost", "lost card", "banking77:x|y", label=0), _row("c", "d")]
    )
    for name in ("train_edits", "dev_pairs", "stream_qqp_dev", "stream_intent_dev"):
        _write(tmp_path / f"{name}.jsonl.gz", [])
    monkeypatch.setattr(corpus, "readings", lambda texts: [Pair("lost card", "card lost", 1, "read:banking")])

    pairs = training_pairs(tmp_path, [], Recipe())

    assert {(frozenset((p.a, p.b)), p.label, p.weight) for p in pairs} == {
        (frozenset(("card lost", "lost card")), 1, 1.5),
        (frozenset("cd"), 1, 0.3),
    }
    assert "read:banking" not in {pair.source for pair in training_pairs(tmp_path, [], Recipe(readings=False))}
