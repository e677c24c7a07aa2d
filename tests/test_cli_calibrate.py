"""`equicache calibrate` as scripts see it, and what the proxy makes of the file it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from proxy.backends.models import ShippedThresholds
from proxy.config.load import load
from proxy.core.calibrated import Calibrated, parse, written
from proxy.core.verdict import Calibration
from proxy.errors import ConfigError
from proxy.parts import thresholds_file
from tests.offline_models import opened, unusable
from tests.test_cli import code_of

Captured = pytest.CaptureFixture[str]
LINE = Calibrated(3.0, 0.95, 0.03, 120, 1, 0.02, "scorer-1", "2026-01-01T00:00:00+00:00")


@pytest.fixture(autouse=True)
def _offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("proxy.cli.calibrate.open_models", opened)


def pairs(right: int, wrong: int) -> str:
    """`right` equivalent pairs with logit 3 and `wrong` others, half at logit 2 and half vetoed by a number."""
    a = "How do I reset my old router password?"
    rows: list[dict[str, Any]] = [{"a": a, "b": a.replace("?", " quickly?"), "label": 1}] * right
    rows += [{"a": a, "b": a.replace("reset", "change"), "label": 0}] * (wrong // 2)
    rows += [{"a": "Where is my parcel 1?", "b": "Where is my parcel 2?", "label": 0}] * (wrong // 2)
    Path("pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return "pairs.jsonl"


def calibrated(capsys: Captured, *arguments: str) -> dict[str, Any]:
    assert code_of("calibrate", *arguments, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_loosest_threshold_that_holds_the_rate(capsys: Captured) -> None:
    found = calibrated(capsys, pairs(240, 60), "--max-false-hit-rate", "0.03")

    assert (found["threshold_logit"], found["accepted"], found["wrong"]) == (3.0, 240, 0)
    assert 0.0124 < found["upper_bound_95"] <= 0.03
    assert found["pairs_decided_by_the_scorer"] == 270
    assert found["recall"] == 1.0


def test_too_few_accepted_pairs_are_exit_1_and_say_how_many_are_needed(capsys: Captured) -> None:
    assert code_of("calibrate", pairs(20, 0), "--max-false-hit-rate", "0.03") == 1

    expected = r"at least (\d+) accepted pairs without a wrong one would prove it; 20 of 20 reach the scorer"
    said = re.search(expected, capsys.readouterr().err)
    assert said is not None
    needed = int(said[1])
    assert 3 / 0.03 - 2 <= needed <= 6 / 0.03
    assert code_of("calibrate", pairs(needed - 1, 0), "--max-false-hit-rate", "0.03") == 1
    assert code_of("calibrate", pairs(needed, 0), "--max-false-hit-rate", "0.03") == 0


def test_no_threshold_is_exit_1(capsys: Captured) -> None:
    Path("p.jsonl").write_text('{"a": "What is a cat?", "b": "What is a cat", "label": 0}\n' * 200)

    assert code_of("calibrate", "p.jsonl", "--max-false-hit-rate", "0.03") == 1
    assert "p.jsonl: no threshold keeps the false-hit rate at 3.00%" in capsys.readouterr().err


def test_a_wrong_pair_near_the_top_is_named_as_what_stands_in_the_way(capsys: Captured) -> None:
    a = "How do I reset my old router password?"
    rows = [{"a": a, "b": a[:-1], "label": 1}] * 50 + [{"a": a, "b": a.replace("reset", "change"), "label": 0}] * 200
    Path("p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    assert code_of("calibrate", "p.jsonl", "--max-false-hit-rate", "0.03") == 1
    assert "but a wrong one comes after the first 50 of 250 that reach the scorer" in capsys.readouterr().err


def test_writing_a_looser_rate_than_the_domain_allows_says_that_it_has_no_effect(capsys: Captured) -> None:
    assert code_of("calibrate", pairs(240, 0), "--max-false-hit-rate", "0.1", "--write") == 0

    assert "it has no effect while domain default allows less: set its max_false_hit_rate (now 0.03) to 0.1" in (
        capsys.readouterr().out
    )


def test_people_read_the_guarantee_and_the_interval(capsys: Captured) -> None:
    assert code_of("calibrate", pairs(240, 0), "--max-false-hit-rate", "0.03") == 0

    shown = capsys.readouterr().out
    assert "guarantee: at most 3.00% with 95 % confidence" in shown
    assert "95 % interval 0.00% to 1.53%" in shown
    assert not Path("equicache.thresholds.json").exists()


def test_write_puts_it_where_every_start_reads_it(capsys: Captured) -> None:
    Path("equicache.yaml").write_text("server: {port: 4242}\n")

    assert code_of("calibrate", pairs(240, 0), "--max-false-hit-rate", "0.03", "--write") == 0

    config = load(Path("equicache.yaml"))
    assert thresholds_file(config) == Path("equicache.thresholds.json")
    line = parse(Path("equicache.thresholds.json").read_bytes(), "")["default"]
    assert (line.logit, line.scorer, line.pairs) == (3.0, "scorer-1", 240)


def test_what_was_found_is_said_although_it_cannot_be_written(capsys: Captured) -> None:
    Path("equicache.thresholds.json").mkdir()

    assert code_of("calibrate", pairs(240, 0), "--max-false-hit-rate", "0.03", "--write") == 3

    said = capsys.readouterr()
    assert "guarantee: at most 3.00% with 95 % confidence" in said.out
    assert "equicache.thresholds.json" in said.err


def test_writing_one_domain_keeps_the_others(capsys: Captured) -> None:
    Path("equicache.thresholds.json").write_bytes(written({"other": LINE}))

    assert code_of("calibrate", pairs(240, 0), "--max-false-hit-rate", "0.03", "--write") == 0
    assert set(parse(Path("equicache.thresholds.json").read_bytes(), "")) == {"default", "other"}


def test_cosine_is_there_to_compare_and_cannot_be_written(capsys: Captured) -> None:
    found = calibrated(capsys, pairs(240, 0), "--max-false-hit-rate", "0.03", "--method", "cosine")

    assert 0.95 < found["threshold_logit"] < 1.0
    assert code_of("calibrate", pairs(240, 0), "--max-false-hit-rate", "0.03", "--method", "cosine", "--write") == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("missing.jsonl", "--max-false-hit-rate", "0.03"), 3, "missing.jsonl: No such file"),
        (("bad.jsonl", "--max-false-hit-rate", "0.03"), 3, 'bad.jsonl:1: expected {"a": text, "b": text'),
        (("bad.jsonl", "--max-false-hit-rate", "3"), 2, "--max-false-hit-rate: found 3.0"),
        (("bad.jsonl",), 2, "Missing option"),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, said: str, capsys: Captured) -> None:
    Path("bad.jsonl").write_text('{"a": "x", "b": "y", "label": "same"}\n')

    assert code_of("calibrate", *arguments) == code
    assert said in capsys.readouterr().err


def test_models_that_cannot_be_used_are_exit_3(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy.cli.calibrate.open_models", unusable("the artefact is damaged"))

    assert code_of("calibrate", pairs(1, 0), "--max-false-hit-rate", "0.03") == 3
    assert "the artefact is damaged" in capsys.readouterr().err


def test_a_calibrated_threshold_holds_for_its_own_scorer_and_rate_only() -> None:
    assert LINE.holds("scorer-1", 0.03)
    assert not LINE.holds("scorer-2", 0.03)
    assert not LINE.holds("scorer-1", 0.01)


def test_it_replaces_the_shipped_one_and_says_that_it_is_calibrated() -> None:
    domains = load(None).domains
    thresholds = ShippedThresholds(domains, {0.03: 1.0}, Calibration(), {"default": LINE.threshold()})

    assert thresholds.current("default").logit == 3.0
    assert thresholds.current("default").is_calibrated
    assert not ShippedThresholds(domains, {0.03: 1.0}, Calibration()).current("default").is_calibrated


@pytest.mark.parametrize("content", [b"", b"[]", b'{"default": {"logit": 1}}', b'{"default": 3}'])
def test_a_damaged_file_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(ConfigError, match="here"):
        parse(content, "here")


@pytest.mark.parametrize("kind", ["folder", "link to nowhere"])
def test_one_that_cannot_be_read_is_no_reason_for_the_shipped_thresholds(kind: str, capsys: Captured) -> None:
    """A container engine mounts a folder for a file that is not there."""
    here = Path("equicache.thresholds.json")
    here.mkdir() if kind == "folder" else here.symlink_to("gone.json")

    assert code_of("explain", "a", "b") == 2
    assert capsys.readouterr().err.startswith("equicache: equicache.thresholds.json: cannot read it (")


def test_a_threshold_that_is_no_number_is_refused() -> None:
    damaged = written({"default": LINE}).replace(b'"logit": 3.0', b'"logit": "low"')

    with pytest.raises(ConfigError, match=r"here: \$.default"):
        parse(damaged, "here")
