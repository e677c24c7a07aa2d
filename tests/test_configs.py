"""The shipped configuration files load, and `configs/default.yaml` explains every key there is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from proxy.config.load import load, loads, section_of
from proxy.config.schema import ConfigKeys

CONFIGS = Path(__file__).parent.parent / "configs"
MAX_KEYS = 50


def _keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Every leaf of the schema; names chosen by the operator are left out."""
    found = []
    for name, field in model.model_fields.items():
        section = section_of(field.annotation)
        path = f"{prefix}{name}"
        found += _keys(section, f"{path}.") if section else [path]
    return found


def _written(values: Any, model: type[BaseModel], prefix: str = "") -> set[str]:
    found = set()
    for name, value in values.items():
        section = section_of(model.model_fields[name].annotation)
        path = f"{prefix}{name}"
        if section is None:
            found.add(path)
            continue
        is_section = name in model.model_fields and isinstance(model.model_fields[name].annotation, type)
        inner = value if isinstance(value, list) else [value] if is_section else list(value.values())
        for item in inner:
            found |= _written(item, section, f"{path}.")
    return found


def test_there_are_few_keys() -> None:
    assert len(_keys(ConfigKeys)) <= MAX_KEYS


def test_the_default_file_holds_every_key() -> None:
    values = yaml.safe_load(re.sub(r"\$\{[^}]*\}", "x", (CONFIGS / "default.yaml").read_text("utf-8")))
    written = _written(values, ConfigKeys) | {"prices.input", "prices.output"}

    assert set(_keys(ConfigKeys)) == written


def test_the_default_file_explains_every_key() -> None:
    lines = (CONFIGS / "default.yaml").read_text("utf-8").splitlines()
    sections = {"server", "models", "openai", "default", "scope", "prompt", "routes", "match"}
    unexplained = [
        line
        for line in lines
        if (key := re.match(r"[ -]*([a-z_]+):", line)) and key[1] not in sections and not re.search(r"\S +# \S", line)
    ]

    assert unexplained == []


def test_the_default_file_is_what_holds_without_a_file() -> None:
    assert replace(load(None, {}), source="") == replace(load(CONFIGS / "default.yaml", {}), source="")


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_file_loads(path: Path) -> None:
    environment = {"OPENAI_API_KEY": "sk-test", "EQUICACHE_ACCESS_KEY": "team", "REDIS_URL": "redis://cache:6379/0"}

    assert load(path, environment).routes


def test_the_four_files_are_there() -> None:
    assert {"default", "support", "high_stakes", "redis"} <= {path.stem for path in CONFIGS.glob("*.yaml")}


def test_high_stakes_promises_one_wrong_answer_in_a_hundred_at_most() -> None:
    config = load(CONFIGS / "high_stakes.yaml", {})

    assert {0.01} == {domain.max_false_hit_rate for domain in config.domains.values()}


def test_the_redis_file_lets_workers_share() -> None:
    config = load(CONFIGS / "redis.yaml", {})

    assert config.store.startswith("redis://")
    assert config.server.workers > 1


def test_every_key_of_the_default_file_can_come_from_the_environment() -> None:
    config = loads(
        "", environ={"EQUICACHE_DOMAINS__DEFAULT__SCOPE__IGNORE": "[metadata]", "EQUICACHE_SERVER__PORT": "9"}
    )

    assert config.domains["default"].scope_ignore == ("metadata",)
    assert config.server.port == 9
