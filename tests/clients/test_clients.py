"""Client libraries with only the base URL set are given the same directly, on a miss and on a hit.

They are installed on demand, Python ones into `build/clients`, Node ones from their lock file. The official Python SDK
and curl are part of every run (tests/wire/test_clients.py).
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.upstream import Upstream
from tests.wire.conftest import app_for

pytestmark = [pytest.mark.clients, pytest.mark.long, pytest.mark.timeout(900)]

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "clients"
CURRENT = "requirements.txt"
PREVIOUS = "requirements-previous.txt"
NODE = "node"
CASES = [
    ("openai_chat", PREVIOUS),
    ("openai_chat", CURRENT),
    ("litellm_chat", CURRENT),
    ("langchain_chat", CURRENT),
    ("langchain_embeddings", CURRENT),
    ("instructor_model", CURRENT),
    ("agents_run", CURRENT),
    ("llama_index_chat", CURRENT),
    ("openai", NODE),
    ("ai", NODE),
]
NEVER_REMEMBERED = {"instructor_model"}
"""It requires a tool call, and answers with tool calls are never stored."""


@cache
def command_of(kind: str) -> list[str]:
    """The command before a speaker's name; installs what it needs once."""
    if kind == NODE:
        if not (HERE / "node" / "node_modules").exists():
            subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE / "node", check=True, capture_output=True)
        return ["node", str(HERE / "node" / "speak.mjs")]
    home = BUILD / kind.removesuffix(".txt")
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-q", "-r", str(HERE / kind)]
        subprocess.run(install, check=True, capture_output=True)
        (home / "installed").touch()
    return [str(python), str(HERE / "speak.py")]


async def said(command: list[str], port: int) -> str:
    """What the client was given."""
    ask = [*command, f"http://127.0.0.1:{port}/v1"]
    done = await asyncio.to_thread(subprocess.run, ask, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize(("name", "kind"), CASES)
async def test_client_is_given_the_same_directly_on_a_miss_and_on_a_hit(
    name: str, kind: str, upstream: Upstream
) -> None:
    command = [*await asyncio.to_thread(command_of, kind), name]
    async with app_for(upstream) as app:
        direct = await said(command, upstream.port)
        on_a_miss = await said(command, app.data.port)
        calls = upstream.calls
        on_a_hit = await said(command, app.data.port)

    assert (on_a_miss, on_a_hit) == (direct, direct)
    assert (upstream.calls == calls) == (name not in NEVER_REMEMBERED)
