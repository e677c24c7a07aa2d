"""Who may import whom, read from the syntax tree; `docs/architecture.md` shows the same table to people."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BASE = {"ports", "core", "errors"}
FLOORS: dict[str, set[str]] = {
    "errors": set(),
    "random_bytes": set(),
    "event_loop": set(),
    "tasks": set(),
    "core": {"errors"},
    "ports": {"core", "errors"},
    "config": {"core", "errors"},
    "collapse": BASE,
    "control": BASE,
    "call": {"control", *BASE},
    "ask": {"call", "control", *BASE},
    "learned": BASE,
    "reading": {"learned", *BASE},
    "prompt_gate": {"reading", *BASE},
    "recall": {"ask", "candidates", "kept", "learned", "reading", *BASE},
    "candidates": {"ask", "kept", *BASE},
    "kept": {"ask", *BASE},
    "remember": {"ask", "learned", "prompt_gate", "random_bytes", "reading", "recall", "tasks", *BASE},
    "replica": {"control", "recall", "tasks", *BASE},
    "sweep": {"replica", *BASE},
    "explain": {"learned", *BASE},
    "replay": {"learned", "prompt_gate", "reading", *BASE},
    "telling": BASE,
    "answer": {"telling", *BASE},
    "case": {"call", "telling", *BASE},
    "forward": {"answer", "ask", "case", "collapse", "control", "prompt_gate", "recall", "remember", *BASE},
    "pipeline": {
        "answer",
        "ask",
        "call",
        "case",
        "control",
        "forward",
        "random_bytes",
        "recall",
        "replica",
        "telling",
        *BASE,
    },
    "express": {"ask", "control", "random_bytes", "recall", "replica", "telling", *BASE},
    "web": {"answer", "express", "pipeline", "call", "config", "tasks", "telling", *BASE},
    "backends": {"learned", *BASE},
    "observe": BASE,
    "feedback": {"tasks", *BASE},
    "parts": {"backends", "config", "control", "explain", "learned", *BASE},
    "loading": {"backends", "feedback", "parts", "replica", *BASE},
    "app": {
        "parts",
        "loading",
        *("web", "pipeline", "forward", "express", "ask", "control", "prompt_gate", "recall", "remember", "replica"),
        *("sweep", "telling"),
        *("backends", "observe", "feedback", "config", *BASE),
    },
    "workers": {"app", "event_loop", "parts", "web", "observe", "config", *BASE},
    "cli": {"app", "event_loop", "parts", "replay", "workers", "config", "core", "errors"},
}
TRAINING_MAY_IMPORT = (
    "proxy.core",
    "proxy.ports",
    "proxy.errors",
    # What is exported is written and checked by the code that will load it.
    *(f"proxy.backends.{name}" for name in ("artefact", "inference", "embedder_onnx", "scorer_onnx", "scorer_check")),
    "proxy.backends.judge_onnx",
)
RUNTIME_PACKAGES = {
    "aiohttp",
    "uvloop",
    "hnswlib",
    "onnxruntime",
    "tokenizers",
    "numpy",
    "redis",
    "orjson",
    "structlog",
    "pydantic",
    "pyyaml",
    "prometheus-client",
    "typer",
    "rich",
    "google-re2",
    "brotli",
    "backports-zstd",
}
TOO_HEAVY = {"torch", "transformers", "sentence_transformers", "pandas", "httpx", "fastapi", "sklearn", "matplotlib"}
IMPURE = {"asyncio", "time", "socket", "logging", "structlog", "threading", "subprocess", "os", "random", "secrets"}
CLOCK_CALLS = {"now", "today", "utcnow"}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "misc", "http", "manager", "managers"}
MAX_LINES = 400


def _modules(package: str) -> dict[str, Path]:
    """Module name to file."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every imported module with its line; for `from a import b` both `a` and `a.b`."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            assert node.module is not None
            for name in node.names:
                yield f"{node.module}.{name.name}", node.lineno


def _room(module: str) -> str:
    parts = module.split(".")
    if module == "proxy.__main__":
        return "cli"
    return parts[1] if len(parts) > 1 else ""


def test_every_module_stands_in_a_room() -> None:
    homeless = [name for name in _modules("proxy") if _room(name) not in {"", *FLOORS}]

    assert homeless == []


def test_the_picture_for_people_shows_these_floors() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)(?:\.py|/)` \| .* \| ([^|]+) \|$", page, re.MULTILINE))
    shown = {room: set(re.findall(r"\w+", rows.get(room, "").replace("nothing", ""))) for room in FLOORS}

    assert shown == {room: floor - BASE | {"base"} if floor >= BASE else floor for room, floor in FLOORS.items()}


def test_the_roads_for_people_lead_through_code_that_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    roads = page.partition("## The roads of one request")[2].partition("\n## ")[0]
    shown = re.findall(r"`([a-z_.]+\.\w+(?:\.\w+)?)`", roads)

    assert len(shown) > 20
    assert [name for name in shown if not _is_there(name)] == []


def _is_there(dotted: str) -> bool:
    """Whether `room.file.Class.method` or `room.file.function` of `proxy` is defined."""
    parts = dotted.split(".")
    at = next(at for at, part in enumerate(parts) if not (ROOT / "proxy" / "/".join(parts[: at + 1])).is_dir())
    file, *names = parts[at:]
    path = (ROOT / "proxy").joinpath(*parts[:at], f"{file}.py")
    scope: list[ast.stmt] = _tree(path).body if path.exists() else []
    for name in names:
        found = next((node for node in scope if name == _named(node)), None)
        if found is None:
            return False
        scope = getattr(found, "body", [])
    return True


def _named(node: ast.stmt) -> str | None:
    if isinstance(node, ast.AnnAssign):
        return node.target.id if isinstance(node.target, ast.Name) else None
    return getattr(node, "name", None)


@pytest.mark.parametrize("room", FLOORS)
def test_a_room_imports_only_what_its_floor_allows(room: str) -> None:
    allowed = {room, *FLOORS[room]}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {imported}"
        for name, path in _modules("proxy").items()
        if _room(name) == room
        for imported, line in _imports(path)
        if imported.startswith("proxy.") and _room(imported) not in allowed | {"__version__"}
    ]

    assert wrong == []


def test_only_the_command_line_and_the_door_may_know_the_package_root() -> None:
    wrong = [
        f"{name}:{line}"
        for name, path in _modules("proxy").items()
        for imported, line in _imports(path)
        if imported in {"proxy", "proxy.__version__"} and _room(name) not in {"cli", "app", "workers"}
    ]

    assert wrong == []


def test_core_uses_nothing_but_numpy_orjson_and_the_standard_library() -> None:
    wrong = [
        f"{name}:{line} imports {imported}"
        for name, path in _modules("proxy").items()
        if _room(name) in {"core", "errors"}
        for imported, line in _imports(path)
        if (top := imported.partition(".")[0]) not in {"numpy", "orjson", "proxy"}
        and (top not in sys.stdlib_module_names or top in IMPURE)
    ]

    assert wrong == []


def test_core_never_awaits_and_never_asks_a_clock() -> None:
    wrong = [
        f"{name}:{node.lineno}"
        for name, path in _modules("proxy").items()
        if _room(name) == "core"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCK_CALLS
            and not node.args
        )
    ]

    assert wrong == []


def test_no_module_imports_itself_through_others() -> None:
    modules = _modules("proxy")
    graph = {
        name: {found for imported, _ in _imports(path) if (found := _owner(imported, modules)) and found != name}
        for name, path in modules.items()
    }
    done: set[str] = set()

    def walk(name: str, road: tuple[str, ...]) -> None:
        assert name not in road, " -> ".join((*road, name))
        if name not in done:
            for other in graph[name]:
                walk(other, (*road, name))
            done.add(name)

    for name in graph:
        walk(name, ())


def _owner(imported: str, modules: dict[str, Path]) -> str | None:
    """The module that an import names; packages that only carry a docstring bind nothing."""
    for name in (imported, imported.rpartition(".")[0]):
        if name in modules and name != "proxy":
            return name
    return None


def test_the_serving_package_never_imports_training_or_anything_heavy() -> None:
    banned = {"classifier_export", *TOO_HEAVY}
    wrong = [
        f"{name}:{line} imports {imported}"
        for name, path in _modules("proxy").items()
        for imported, line in _imports(path)
        if imported.partition(".")[0] in banned
    ]

    assert wrong == []


def test_training_sees_only_the_shared_rooms() -> None:
    wrong = [
        f"{name}:{line} imports {imported}"
        for name, path in _modules("classifier_export").items()
        for imported, line in _imports(path)
        if imported.startswith("proxy") and not imported.startswith(TRAINING_MAY_IMPORT)
    ]

    assert wrong == []


def test_backends_are_named_by_the_door_alone() -> None:
    wrong = [
        f"{name}:{line}"
        for name, path in _modules("proxy").items()
        if _room(name) not in {"app", "parts", "loading", "backends"}
        for imported, line in _imports(path)
        if imported.startswith("proxy.backends")
    ]

    assert wrong == []


def test_no_file_holds_more_than_one_subject() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for package in ("proxy", "classifier_export")
        for path in _modules(package).values()
        if (count := len(path.read_text("utf-8").splitlines())) > MAX_LINES
    }

    assert long == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    wrong = [
        name
        for package in ("proxy", "classifier_export")
        for name in _modules(package)
        if BANNED_NAMES & set(name.split("."))
    ]

    assert wrong == []


def test_runtime_dependencies_are_the_ruled_ones() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {
        re.split(r"[\[<>=;~! ]", line, maxsplit=1)[0].lower().replace(".", "-") for line in project["dependencies"]
    }

    assert names == RUNTIME_PACKAGES


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_file_has_a_hash_for_everything_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())

    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert not re.search(r"^torch", text, re.MULTILINE)


def test_the_lock_files_pin_what_the_project_asks_for() -> None:
    pinned = {
        re.split(r"[=\[]", line, maxsplit=1)[0]
        for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()
        if "==" in line
    }

    assert pinned >= RUNTIME_PACKAGES
