"""Which model a body names, for choosing a route: also where memory refuses the body, or where it is long.

Memory reads strictly (`canonical`); a route must say whose a request is whatever a provider makes of it. So this looks
for one name on the top level, passes over all the rest unparsed, and decides nothing where two could be meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

WINDOW_BYTES = 65_536
"""Searched at once: a search holds the interpreter, five milliseconds for each megabyte."""

MAX_PART_HEAD_BYTES = 16_384
_BOUNDARY = re.compile(rb"(?i)multipart/[^,]*?;[ \t]*boundary=(?:\"([^\"]+)\"|([^\s;,\"]+))")
_MODEL_PART = re.compile(rb"(?im)^content-disposition:[ \t]*form-data;[^\r\n]*?[; \t]name=(?:\"model\"|model[; \t\r])")
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\n\r]*\{")
_MARK = re.compile(rb'["{}\[\]]')
_COLON = re.compile(rb"[ \t\n\r]*:[ \t\n\r]*")
_KEY = "model"
_LONGEST_KEY = 2 + 6 * len(_KEY)
"""As `\\u006d\\u006f...` in its quotes."""

_BACKSLASH, _QUOTE = b'\\"'


def model_named(body: bytes, content_type: bytes) -> str | None:
    """The value of `model` in a JSON object or a multipart form; None where none is named.

    body: content codings undone; what it is its first bytes say, a form its type. Raises ValueError where it breaks off
    or names two models, of which one provider would take the first and another the last.
    """
    is_form = content_type.lower().lstrip().startswith(b"multipart/")
    named = set(_in_form(body, content_type) if is_form else _in_object(body))
    if len(named) > 1:
        raise ValueError("two models are named")
    return named.pop() if named else None


def _in_object(body: bytes) -> Iterator[str | None]:
    """A string before a colon is a key; a value that is no string names none."""
    encoding = json.detect_encoding(body)
    if not encoding.startswith("utf-8"):
        body = body.decode(encoding, "replace").encode()
    if _BEGINNING.match(body) is None:
        return
    at = depth = 0
    while at < len(body):
        found = _MARK.search(body, at, at + WINDOW_BYTES)
        if found is None:
            at += WINDOW_BYTES
            continue
        start = found.start()
        at = start + 1
        sign = body[start]
        if sign == _QUOTE:
            at = _string_end(body, at)
            colon = _COLON.match(body, at) if depth == 1 else None
            if colon is not None and at - start <= _LONGEST_KEY and _text(body[start:at]) == _KEY:
                yield _string(body, colon.end())
        else:
            depth += 1 if sign in b"{[" else -1
            if depth == 0:
                return
    raise ValueError("the object breaks off")


def _string_end(body: bytes, at: int) -> int:
    """Behind the quote that ends the string whose text begins at `at`: the first one without a backslash of its own."""
    while (quote := body.find(b'"', at)) != -1:
        before = quote
        while before > at and body[before - 1] == _BACKSLASH:
            before -= 1
        at = quote + 1
        if (quote - before) % 2 == 0:
            return at
    raise ValueError("a string breaks off")


def _string(body: bytes, at: int) -> str | None:
    return _text(body[at : _string_end(body, at + 1)]) if body[at : at + 1] == b'"' else None


def _text(literal: bytes) -> str:
    """What is within the quotes; a provider may read what strict JSON forbids there."""
    text: str = json.loads(literal.decode(errors="replace"), strict=False)
    return text


def _in_form(body: bytes, content_type: bytes) -> Iterator[str | None]:
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise ValueError("a form has no boundary")
    delimiter = b"--" + (boundary[1] or boundary[2])
    at = body.find(delimiter)
    while at != -1 and not body.startswith(b"--", at + len(delimiter)):
        end = body.find(delimiter, at + len(delimiter))
        head = body.find(b"\r\n\r\n", at, at + MAX_PART_HEAD_BYTES)
        if end == -1 or head == -1:
            raise ValueError("the form breaks off")
        if _MODEL_PART.search(body, at, head + 2):
            yield body[head + 4 : end].removesuffix(b"\r\n").decode()
        at = end
