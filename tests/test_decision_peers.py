"""The table beside other caches: what it says where one of them cannot run."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from bench import decision_peers


def test_without_torch_nothing_is_fetched_and_the_row_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decision_peers, "find_spec", lambda _: None)
    monkeypatch.setattr(decision_peers.subprocess, "run", lambda *_, **__: pytest.fail("something was started"))
    vectors = np.zeros((1, 384), dtype=np.float32)

    with pytest.raises(OSError, match=r"it needs torch; .* pip install -e '\.\[train\]'"):
        decision_peers.smartmemo(vectors, vectors)


@pytest.mark.parametrize("content", [b"a,b,label\nx,y,1\n", b'{"a": "x", "b": "y"}\n', b"", None])
def test_a_file_that_holds_no_pairs_is_one_line(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.jsonl"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["decision_peers", "--pairs", str(file)])

    assert 3 == decision_peers.main()
    said = capsys.readouterr().err
    assert said.startswith("decision_peers: ")
    assert str(file) in said
    assert 1 == len(said.splitlines())


def test_the_published_suite_is_read_whole() -> None:
    pairs = decision_peers.pairs_of(decision_peers.SUITE)

    assert (2709, 1349) == (len(pairs), sum(pair.label == 0 for pair in pairs))
