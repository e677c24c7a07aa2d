"""Served hits, labels and quarantines as JSON, for stores that keep values and not columns."""

from __future__ import annotations

from dataclasses import fields
from typing import TypeVar

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
        values = orjson.loads(text)
        return kind(**{
            field.name: bytes.fromhex(values[field.name]) if field.type == "bytes" else values[field.name]
            for field in fields(kind)
        })  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None
