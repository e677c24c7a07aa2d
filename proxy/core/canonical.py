"""Strict reading of a JSON body, and the one spelling in which two bodies are compared (R3).

Never used for what goes upstream: that is always the client's own bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from proxy.core.reasons import BypassReason

MAX_INTEGER_DIGITS = 20
"""No integer within 64 bits is longer, sign included; checked before `int()` so that it stays linear."""


def parse_object(body: bytes) -> dict[str, Any] | BypassReason:
    """The JSON object in `body`, or UNPARSEABLE when two readers could understand it differently.

    Refused: not UTF-8, a BOM, lone surrogates, duplicate keys at any depth, NaN and infinities, integers outside
    64 bits, more than about 250 levels, anything but an object. orjson refuses all but duplicate keys and long
    integers. Those two it alters silently, so a body that comes out of it byte for byte has neither: true for
    every compact writer (the official SDKs). Only other spellings pay for the second reader.
    """
    try:
        fields = orjson.loads(body)
        spelled = orjson.dumps(fields)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return BypassReason.UNPARSEABLE
    if not isinstance(fields, dict):
        return BypassReason.UNPARSEABLE
    if spelled != body and not _is_unambiguous(body):
        return BypassReason.UNPARSEABLE
    return fields


def canonical_bytes(fields: Mapping[str, object]) -> bytes:
    """Compact JSON with the top level's keys sorted and nothing below it; 1 and 1.0 differ.

    The order of keys inside a JSON schema changes the answer of a model, so it must change the bytes.
    """
    return orjson.dumps({name: fields[name] for name in sorted(fields)})


def packed(parts: Iterable[bytes]) -> bytes:
    """Length-prefixed, so that no two lists of parts give the same bytes."""
    return b"".join([piece for part in parts for piece in (len(part).to_bytes(8), part)])


def _is_unambiguous(body: bytes) -> bool:
    try:
        json.loads(body, object_pairs_hook=_distinct, parse_int=_int64)
    except (ValueError, RecursionError):
        return False
    return True


def _distinct(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("duplicate key")


def _int64(literal: str) -> int:
    if len(literal) > MAX_INTEGER_DIGITS:
        raise ValueError("integer outside 64 bits")
    value = int(literal)
    if not -(2**63) <= value < 2**64:
        raise ValueError("integer outside 64 bits")
    return value
