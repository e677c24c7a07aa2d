"""`equicache replay` as scripts see it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.offline_models import opened, unusable
from tests.test_cli import code_of

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("proxy.cli.replay.open_models", opened)


TOOL = {"type": "function", "function": {"name": "look"}}
PROMPTS = [
    {"prompt": "How do I reset my old router password?", "class": "reset"},
    {"prompt": "How do I reset my old router password", "class": "reset"},
    {"prompt": "How do I reset my old router password?", "class": "reset"},
    {"prompt": "How do I change my old router password?", "class": "change"},
    {"prompt": "Why is the sky blue?", "class": "sky"},
]


def write(rows: list[dict[str, Any]]) -> str:
    Path("stream.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return "stream.jsonl"


def replayed(capsys: Captured, *arguments: str) -> dict[str, Any]:
    assert code_of("replay", *arguments, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_false_hit_is_counted_with_its_bound_and_a_repeat_is_exact(capsys: Captured) -> None:
    held = replayed(capsys, write(PROMPTS))["held"]["equicache"]

    assert (held["exact"], held["semantic"], held["wrong"]) == (1, 2, 1)
    assert held["hit_rate"] == 0.6
    assert held["false_hit_rate"] == 0.5
    assert held["false_hit_rate_upper_95"] == pytest.approx(0.9747, abs=1e-4)


def test_cosine_and_exact_only_stand_beside_it(capsys: Captured) -> None:
    found = replayed(capsys, write(PROMPTS))

    assert list(found["held"]) == ["equicache", "cosine 0.85", "exact only"]
    assert found["held"]["exact only"]["hit_rate"] == 0.2
    assert found["hit_rate_at_error_rate"]["equicache"]["0.01"] == 0.4


def test_whole_requests_meet_only_in_an_equal_scope(capsys: Captured) -> None:
    def body(model: str, text: str) -> dict[str, Any]:
        return {"custom_id": text, "body": {"model": model, "messages": [{"role": "user", "content": text}]}}

    a, b = "How do I reset my old router password?", "How do I reset my old router password"

    assert replayed(capsys, write([body("m", a), body("m", b)]))["held"]["equicache"]["semantic"] == 1
    assert replayed(capsys, write([body("m", a), body("n", b)]))["held"]["equicache"]["semantic"] == 0


def test_what_an_earlier_turn_makes_time_bound_is_never_stored_and_so_no_exact_hit(capsys: Captured) -> None:
    def rows(first: str) -> list[dict[str, Any]]:
        turns = [("user", first), ("assistant", "It is 1.08."), ("user", "And in Swiss francs?")]
        messages = [{"role": role, "content": text} for role, text in turns]
        return [{"body": {"model": "m", "messages": messages}}] * 2

    assert replayed(capsys, write(rows("What is the dollar rate right now?")))["held"]["equicache"]["exact"] == 0
    assert replayed(capsys, write(rows("What was the dollar rate in 1999?")))["held"]["equicache"]["exact"] == 1


def test_what_is_not_compared_is_named(capsys: Captured) -> None:
    tools = {"body": {"model": "m", "tools": [TOOL], "messages": [{"role": "user", "content": "Why is the sky blue?"}]}}
    rows: list[dict[str, Any]] = [
        {"prompt": "What is the weather today?"},
        {"prompt": "Wo ist der alte Bahnhof von Wien?"},
        tools,
    ]

    found = replayed(capsys, write(rows))

    assert found["not_compared"] == {"time_bound": 1, "language": 1, "tools": 1}
    assert found["held"]["equicache"]["wrong"] is None


def test_a_gzipped_file_is_read(capsys: Captured) -> None:
    Path("s.gz").write_bytes(gzip.compress(json.dumps(PROMPTS[0]).encode()))

    assert replayed(capsys, "s.gz")["requests"] == 1


def test_a_file_from_a_windows_editor_is_read(capsys: Captured) -> None:
    lines = b"".join(json.dumps(row).encode() + b"\r\n" for row in PROMPTS)
    Path("s.jsonl").write_bytes(b"\xef\xbb\xbf" + lines)

    assert replayed(capsys, "s.jsonl")["requests"] == len(PROMPTS)


def test_people_get_a_table_a_page_and_the_wrong_hits(capsys: Captured) -> None:
    assert code_of("replay", write(PROMPTS), "--plot", "plot.html", "--false-hits", "wrong.jsonl") == 0

    shown, plot = capsys.readouterr().out, Path("plot.html").read_text()
    assert "1 of 2" in shown
    assert "<svg" in plot
    assert "http://" not in plot
    assert "https://" not in plot
    assert "<script" not in plot
    assert [json.loads(line)["asked"] for line in Path("wrong.jsonl").read_text().splitlines()] == [
        "How do I change my old router password?"
    ]


def test_where_no_line_has_a_class_nobody_takes_the_empty_file_for_good_news(capsys: Captured) -> None:
    rows = [{"prompt": row["prompt"]} for row in PROMPTS]
    assert code_of("replay", write(rows), "--false-hits", "wrong.jsonl") == 0

    assert "wrong.jsonl: empty, for no line of " in capsys.readouterr().err
    assert Path("wrong.jsonl").read_bytes() == b""


def test_the_figures_are_said_although_the_page_cannot_be_written(capsys: Captured) -> None:
    assert code_of("replay", write(PROMPTS), "--plot", "nowhere/plot.html") == 3

    said = capsys.readouterr()
    assert "1 of 2" in said.out
    assert "nowhere/plot.html" in said.err


def test_a_bad_line_is_named_with_its_file_and_number(capsys: Captured) -> None:
    Path("bad.jsonl").write_text('{"prompt": "a"}\n{"prompt": 1}\n')

    assert code_of("replay", "bad.jsonl") == 3
    assert capsys.readouterr().err.startswith("equicache: bad.jsonl:2: expected ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("replay", "missing.jsonl"), 3, "missing.jsonl: No such file"),
        (("replay", "empty.jsonl"), 3, "empty.jsonl: holds no line"),
        (("score", "empty.jsonl"), 3, "empty.jsonl: holds no line"),
        (("replay", "damaged.gz"), 3, "damaged.gz: damaged gzip file"),
        (("replay", "empty.jsonl", "--domain", "nowhere"), 2, "--domain: found 'nowhere'"),
        (("replay",), 2, "Missing argument"),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, said: str, capsys: Captured) -> None:
    Path("empty.jsonl").write_text("\n")
    Path("damaged.gz").write_bytes(b"\x1f\x8b\x08nothing")

    assert code_of(*arguments) == code
    assert said in capsys.readouterr().err


def test_models_that_cannot_be_used_are_exit_3(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proxy.cli.replay.open_models", unusable("the artefact is damaged"))

    assert code_of("replay", write(PROMPTS)) == 3
    assert capsys.readouterr().err == "equicache: the artefact is damaged\n"
