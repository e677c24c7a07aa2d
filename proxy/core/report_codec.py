"""Served hits, labels and quarantines as JSON, for stores that keep values and not columns."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import orjson

from proxy.core.report import Label, Quarantine, ServedHit

R = TypeVar("R", ServedHit, Label, Quarantine)


def to_json(record: ServedHit | Label | Quarantine) -> bytes:
    """One JSON object; bytes become hexadecimal text."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return orjson.dumps({name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()})


def from_json(kind: type[R], text: bytes) -> R | None:
    """The record, or None for what is not one; unknown keys of a newer release are ignored."""
    try:
        told = orjson.loads(text)
        values: dict[str, Any] = {
            field.name: bytes.fromhex(told[field.name]) if field.type == "bytes" else told[field.name]
            for field in fields(kind)
        }
        return kind(**values)
    except (ValueError, KeyError, TypeError):
        return None
