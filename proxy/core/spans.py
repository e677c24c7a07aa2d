"""Where the values of top-level JSON members stand, so that a replay changes two values and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import Any

_decode_value: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
"""(text, position) -> value, end. StopIteration where there is no value; `raw_decode` only renames that."""

_PLAIN = re.compile(rb'[ \t\n\r]*:[ \t\n\r]*("[^"\\]*"|-?[0-9]+(?![0-9.eE]))')
"""A member's colon, and a value whose end can be seen."""

_SPACE = re.compile(r"[ \t\n\r]*")
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")


def value_spans(text: str, keys: Collection[str]) -> dict[str, tuple[int, int]]:
    """Character spans `[start, end)` of the values of these top-level keys; absent keys are absent.

    `text` is one JSON object. Raises ValueError when it is not. The last of two equal keys wins, as in parsers.
    """
    try:
        return _spans(text, keys)
    except StopIteration as end:
        raise ValueError(f"expected a value at {end.value}") from None


def spelled_spans(payload: bytes, keys: Collection[str]) -> dict[str, tuple[int, int]] | None:
    """`value_spans` in bytes, of keys in plain ASCII that a parsed object has: by their spelling, a tenth of the time.

    None where that does not tell: a key may be spelled with escapes, stands elsewhere too, or its value is no plain
    string or integer. In what parses no string has an inner quote without a backslash before it, so what is spelled
    like the key only once is the key.
    """
    if b"\\u00" in payload:
        return None
    found = {}
    for key in keys:
        quoted = b'"%b"' % key.encode("ascii")
        at = payload.find(quoted)
        value = _PLAIN.match(payload, at + len(quoted)) if at >= 0 else None
        if value is None or payload.find(quoted, at + 1) >= 0:
            return None
        found[key] = value.span(1)
    return found


def _spans(text: str, keys: Collection[str]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    position = _skip(text, 0)
    if text[position : position + 1] != "{":
        raise ValueError(f"expected '{{' at {position}")
    position = _skip(text, position + 1)
    while text[position : position + 1] != "}":
        key, position = _decode_value(text, position)
        if not isinstance(key, str):
            raise ValueError("an object key must be a string")
        colon = _COLON.match(text, position)
        if colon is None:
            raise ValueError(f"expected ':' at {position}")
        start = colon.end()
        _, end = _decode_value(text, start)
        if key in keys:
            found[key] = (start, end)
        position = _skip(text, end)
        if text[position : position + 1] == ",":
            position = _skip(text, position + 1)
        elif text[position : position + 1] != "}":
            raise ValueError("an object member must be followed by a comma or a brace")
    return found


def _skip(text: str, position: int) -> int:
    """Past white space; mostly there is none."""
    if text[position : position + 1] > " ":
        return position
    match = _SPACE.match(text, position)
    assert match is not None  # it matches nothing, too
    return match.end()
