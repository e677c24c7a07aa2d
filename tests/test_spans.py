"""Where the values of an answer's members stand: found by reading, or by their spelling, it is the same place."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.core.spans import spelled_spans, value_spans

KEYS = ("id", "created")
NAMES = st.sampled_from(["id", "created", "model", 'an "id"', '"id":"a"', "id\\", "ид", "\x00"])
LEAVES = (
    st.sampled_from(["id", "created", 'say "id"', '"id":1', "", "é", "\\", "a" * 9])
    | st.integers(-(2**53), 2**53)
    | st.booleans()
)
VALUES = st.recursive(
    LEAVES | st.floats(allow_nan=False, allow_infinity=False) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=4).flatmap(
    lambda others: st.fixed_dictionaries({"id": VALUES, "created": VALUES}).map(lambda own: {**others, **own})
)
SPELLINGS = st.sampled_from(
    [
        orjson.dumps,
        lambda fields: json.dumps(fields).encode(),
        lambda fields: json.dumps(fields, indent=1, ensure_ascii=False).encode(),
        lambda fields: json.dumps(fields).replace('"id"', '"\\u0069d"', 1).encode(),
        lambda fields: json.dumps(fields).replace('"model"', '"id"').encode(),
    ]
)


def read(payload: bytes) -> dict[str, bytes]:
    text = payload.decode()
    return {key: text[start:end].encode() for key, (start, end) in value_spans(text, KEYS).items()}


@settings(max_examples=600)
@given(OBJECTS, SPELLINGS)
def test_what_is_found_by_its_spelling_is_what_reading_finds(fields: dict[str, Any], spell: Any) -> None:
    payload = spell(fields)
    found = spelled_spans(payload, KEYS)

    if found is not None:
        assert read(payload) == {key: payload[start:end] for key, (start, end) in found.items()}


@pytest.mark.parametrize(
    "payload",
    [
        b'{"id":"chatcmpl-1","created":1,"choices":[{"message":{"content":"my \\"id\\": 5"}}]}',
        b'{ "created" : -12 ,\n "text": "\xc3\xa9", "id" : "" }',
    ],
)
def test_an_ordinary_answer_s_members_are_found_by_their_spelling(payload: bytes) -> None:
    found = spelled_spans(payload, KEYS)

    assert found is not None
    assert read(payload) == {key: payload[start:end] for key, (start, end) in found.items()}


@pytest.mark.parametrize(
    "payload",
    [
        b'{"id":"a","created":1,"choices":[{"id":"b"}]}',
        b'{"\\u0069d":"a","created":1,"choices":[{"id":"a"}]}',
        b'{"id":"a","created":1,"id":"b"}',
        b'{"id":"a","created":1.5}',
        b'{"id":"a\\"","created":1}',
        b'{"id":null,"created":1}',
        b'{"a":"the \\"id","id":"a","created":1}',
    ],
)
def test_what_is_spelled_in_two_ways_or_places_is_read(payload: bytes) -> None:
    assert spelled_spans(payload, KEYS) is None
