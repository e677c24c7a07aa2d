"""What is shipped beside the code: image, compose file, wheel and pages say what the code does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from proxy.config.load import known_keys, load, loads

ROOT = Path(__file__).parent.parent


def _dockerfile_environment() -> dict[str, str]:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    return dict(pair.split("=", 1) for line in re.findall(r"^ENV (.*)$", text, re.MULTILINE) for pair in line.split())


def test_the_images_settings_are_keys_of_the_configuration() -> None:
    config = load(None, _dockerfile_environment())

    assert config.server.host == "0.0.0.0"
    assert config.server.log == "json"


def test_the_compose_files_settings_are_keys_of_the_configuration() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["proxy"]
    stated = {name: re.sub(r"\$\{[^}]*:-([^}]*)\}", r"\1", value) for name, value in service["environment"].items()}

    config = load(None, {**_dockerfile_environment(), **stated})

    assert config.store == "redis://redis:6379/0"
    assert config.server.admin.token is None


def test_redis_in_the_compose_file_is_durable_and_never_evicts() -> None:
    command = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["redis"]["command"]

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


@pytest.mark.parametrize("name", ["ci.yml", "release.yml"])
def test_a_workflow_is_short_and_calls_what_people_call(name: str) -> None:
    text = (ROOT / ".github" / "workflows" / name).read_text("utf-8")

    assert len(text.splitlines()) <= 12
    assert ".ci/run" in text
    assert yaml.safe_load(text)["jobs"]


def test_there_are_few_pages() -> None:
    assert len(list((ROOT / "docs").glob("*.md"))) <= 10


BLOCKS = [
    (page.name, block)
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for block in re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[page for page, _ in BLOCKS])
def test_configuration_in_a_page_loads(page: str, block: str) -> None:
    assert loads(block, page, {}).routes


def test_the_pages_that_show_configuration_are_found() -> None:
    assert {"README.md", "configuration.md"} <= {page for page, _ in BLOCKS}


def test_the_readmes_configuration_is_eight_lines_at_most() -> None:
    block = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)

    assert block is not None
    assert len(block[1].splitlines()) <= 8


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    named = re.findall(r"`((?:docs|configs|proxy|tests|bench|\.ci)/[\w./-]+\w)`", page.read_text("utf-8"))

    assert [path for path in named if not (ROOT / path).exists()] == []


def test_known_keys_follow_names_that_the_operator_chose() -> None:
    assert "base_url" in known_keys(("upstreams", "mine"))
    assert "mask" in known_keys(("domains", "mine", "scope"))
    assert "path" in known_keys(("routes", 3, "match"))


@pytest.mark.long
def test_the_wheel_holds_the_models_the_starter_file_and_the_demo(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("equicache-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {"proxy/default.yaml", "proxy/cli/demo_prompts.jsonl", "proxy/py.typed"} <= names
    assert {"proxy/models/minilm-l6-v2/model.onnx", "proxy/models/equivalence/model.onnx"} <= names


def test_onnx_runtime_is_kept_from_reporting_to_microsoft(tmp_path: Path) -> None:
    """It makes its device id while it is imported, and sends the first report ten seconds later."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("ORT_DISABLE_TELEMETRY", "GITHUB_ACTIONS")
    }
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    program = "import proxy.cli.verbs, sys; assert 'onnxruntime' in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, env={**kept, **home})

    assert [] == os.listdir(tmp_path)
