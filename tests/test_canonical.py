"""A body is read in one way or not at all."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.canonical import canonical_bytes, parse_object
from proxy.core.reasons import BypassReason

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LEAF = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=5)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b'"text"',
        b"{} {}",
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b'{"a":1,"a":1}',
        b'{"a":1,"\\u0061":2}',
        b'{"a":[{"b":{"c":1,"c":2}}]}',
        b'{"a": 1, "b": {"c": 1, "c": 1}}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e400}',
        b'{"a":18446744073709551616}',
        b'{"a":-9223372036854775809}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 300 + b"]" * 300 + b"}",
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000,
        b'{"a":"' + b"\x00" + b'"}',
        "{'a':1}".encode("utf-16"),
    ],
    ids=lambda body: repr(body[:32]),
)
def test_a_body_with_two_readings_is_refused(body: bytes) -> None:
    assert parse_object(body) is BypassReason.UNPARSEABLE


@given(OBJECT, st.booleans(), st.sampled_from([None, 2]))
def test_every_writer_of_the_same_object_is_understood_alike(
    value: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    spelled = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    compact = orjson.dumps(value)

    assert parse_object(spelled) == parse_object(compact) == value


@given(st.dictionaries(TEXT, JSON, min_size=1, max_size=4), st.booleans())
def test_a_duplicate_key_at_any_depth_is_refused(inner: dict[str, Any], spaced: bool) -> None:
    once = json.dumps(inner, separators=None if spaced else (",", ":"))
    name = json.dumps(next(iter(inner)))
    twice = f"{once[:-1]},{name}:1}}"
    body = json.dumps({"messages": [{"content": "HERE"}]}).replace('"HERE"', twice)

    assert parse_object(body.encode()) is BypassReason.UNPARSEABLE


@given(OBJECT)
def test_the_order_of_top_level_keys_does_not_matter(value: dict[str, Any]) -> None:
    turned = dict(reversed(value.items()))

    assert canonical_bytes(turned) == canonical_bytes(value)


def test_the_order_of_keys_below_the_top_level_matters() -> None:
    assert canonical_bytes({"schema": {"a": 1, "b": 2}}) != canonical_bytes({"schema": {"b": 2, "a": 1}})


def test_one_and_one_point_zero_are_two_values() -> None:
    assert canonical_bytes({"n": 1}) != canonical_bytes({"n": 1.0})


def test_null_and_absent_are_two_bodies() -> None:
    assert canonical_bytes({"n": None}) != canonical_bytes({})
