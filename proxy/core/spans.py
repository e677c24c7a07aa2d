"""Byte spans of top-level JSON values, so that a replay changes two values and nothing else."""

from __future__ import annotations

import json
from collections.abc import Collection

_decode_value = json.JSONDecoder().raw_decode
_WHITESPACE = " \t\n\r"


def value_spans(text: str, keys: Collection[str]) -> dict[str, tuple[int, int]]:
    """Character spans `[start, end)` of the values of these top-level keys; absent keys are absent.

    `text` is one JSON object. Raises ValueError when it is not. The last of two equal keys wins, as in parsers.
    """
    found: dict[str, tuple[int, int]] = {}
    position = _expect(text, _skip(text, 0), "{")
    position = _skip(text, position)
    while text[position : position + 1] != "}":
        key, position = _decode_value(text, position)
        if not isinstance(key, str):
            raise ValueError("an object key must be a string")
        position = _skip(text, _expect(text, _skip(text, position), ":"))
        _, end = _decode_value(text, position)
        if key in keys:
            found[key] = (position, end)
        position = _skip(text, end)
        if text[position : position + 1] == ",":
            position = _skip(text, position + 1)
        elif text[position : position + 1] != "}":
            raise ValueError("an object member must be followed by a comma or a brace")
    return found


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _WHITESPACE:
        position += 1
    return position


def _expect(text: str, position: int, character: str) -> int:
    if text[position : position + 1] != character:
        raise ValueError(f"expected {character!r} at {position}")
    return position + 1
