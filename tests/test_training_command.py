"""`python -m classifier_export`: what a trainer reads when something cannot be done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "classifier_export", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_a_verb_refuses_is_one_line(tmp_path: Path) -> None:
    found = ran("calibrate", "--run", str(tmp_path))

    assert found.returncode == 1
    assert found.stderr.startswith("calibrate: ")
    assert "logits.npz" in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_verb_that_there_is_none_of_lists_the_others() -> None:
    found = ran("tran")

    assert found.returncode == 2
    assert "train" in found.stdout


def test_help_names_the_verb_as_it_is_called() -> None:
    assert "Usage: python -m classifier_export calibrate [OPTIONS]" in ran("calibrate", "--help").stdout
