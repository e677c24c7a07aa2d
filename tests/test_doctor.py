"""What `equicache check` sees in a configuration that is valid and does not do what it seems to say."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from proxy.cli.doctor import Finding, Level, file_fault, routing
from proxy.config.load import loads

UPSTREAM = "upstreams: {openai: {base_url: https://api.example.com/v1}}\n"


def found(text: str) -> list[Finding]:
    return list(routing(loads(UPSTREAM + text, environ={})))


def routes(*matches: str) -> str:
    lines = (
        f"  - {{name: r{n}, match: {match}, upstream: openai, cache: semantic}}\n" for n, match in enumerate(matches)
    )
    return "routes:\n" + "".join(lines) + "  - {name: rest, match: {path: '*'}, upstream: openai, cache: off}\n"


@pytest.mark.parametrize(
    ("first", "second", "is_hidden"),
    [
        ('{path: "/v1/*"}', "{path: /v1/chat/completions}", True),
        ('{path: "/v1/*"}', '{path: "/v1/c*", model: "gpt-*"}', True),
        ("{path: /v1/chat/completions}", '{path: "/v1/*"}', False),
        ('{path: "/v1/*", model: "gpt-*"}', "{path: /v1/chat/completions}", False),
        ('{path: "/v1/*", model: "gpt-*"}', "{path: /v1/chat/completions, model: gpt-4o}", True),
        ('{path: "/v1/*", headers: {x-team: a}}', "{path: /v1/chat/completions}", False),
        ('{path: "/v1/*", headers: {x-team: a}}', "{path: /v1/embeddings, headers: {x-team: a, x-b: c}}", True),
    ],
)
def test_a_route_that_an_earlier_one_takes_everything_from_is_a_fault(first: str, second: str, is_hidden: bool) -> None:
    faults = [each for each in found(routes(first, second)) if each.level is Level.FAULT]

    assert [each.about for each in faults] == (["route r1"] if is_hidden else [])


def test_shadow_and_unmeasured_languages_are_named() -> None:
    text = "domains: {default: {languages: [en, de]}}\n" + routes("{path: /v1/chat/completions}").replace(
        "cache: semantic", "cache: shadow"
    )
    notes = {each.about: each.text for each in found(text)}

    assert "serves nothing" in notes["route r0"]
    assert notes["domain default"].startswith("languages de: no false-accept rate was measured")


@pytest.mark.parametrize("name", ["cache.db", "cache.db.ledger"])
def test_a_sqlite_file_that_was_cut_is_found_and_a_whole_one_is_not(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE t AS SELECT randomblob(100000)")
    connection.close()
    assert "" == file_fault(tmp_path / "cache.db")
    os.truncate(file, file.stat().st_size // 2)

    assert file_fault(tmp_path / "cache.db").startswith(f"{file} is damaged or no database (database disk image")
