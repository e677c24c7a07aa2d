"""What is missing on a machine is one line with the fix, before anything is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / ".ci" / "prerequisites"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder of commands in which nobody is root, so that nothing is installed."""
    for name in ("bash", "tail", "env"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    _command(tmp_path / "id", "echo 1000")
    (tmp_path / "python3").symlink_to(sys.executable)
    return tmp_path


def _command(file: Path, script: str) -> None:
    file.write_text(f"#!{shutil.which('bash')}\n{script}\n")
    file.chmod(0o755)


def said(tools: Path, *needs: str, **environment: str) -> tuple[int, str, str]:
    ended = subprocess.run(
        [str(tools / "bash"), str(SCRIPT), *needs],
        env={"PATH": str(tools), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout.strip(), ended.stderr.strip()


def test_a_python_that_fits_is_named(tools: Path) -> None:
    assert said(tools, "python") == (0, str(tools / "python3"), "")


def test_a_python_that_is_too_old_is_one_line(tools: Path) -> None:
    (tools / "python3").unlink()
    _command(tools / "python3", 'if [ "$1" = --version ]; then echo Python 3.9.2; fi; exit 1')

    code, out, err = said(tools, "python")

    assert (code, out) == (1, "")
    assert err.startswith("equicache: Python 3.11 to 3.14 is needed, found Python 3.9.2; ")


def test_no_compiler_is_one_line(tools: Path) -> None:
    code, _, err = said(tools, "compiler")

    assert code == 1
    assert err.endswith("install them: apt-get install g++ python3-dev")
    assert len(err.splitlines()) == 1


def test_no_redis_server_is_one_line(tools: Path) -> None:
    code, _, err = said(tools, "redis")

    assert code == 1
    assert "install it: apt-get install redis-server" in err
