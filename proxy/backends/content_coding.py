"""Content codings undone with bounded output: a small body must not unfold into all of memory."""

from __future__ import annotations

import sys
import zlib

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_CODINGS = 2
CHUNK_BYTES = 65_536

MAX_MEMBERS = 16
"""Of one gzip body. What follows a member is copied before the next is read: a megabyte of empty ones took seconds."""


def decoded(body: bytes, content_encoding: str, max_bytes: int) -> bytes | None:
    """The identity form of `body` (RFC 9110 §8.4), codings undone from the last to the first.

    None for an unknown coding, a broken or unfinished body, and for more than `max_bytes` of output.
    """
    codings = [name.strip().lower() for name in content_encoding.split(",") if name.strip()]
    if len(codings) > MAX_CODINGS:
        return None
    for coding in reversed(codings):
        try:
            undone = _undone(body, coding, max_bytes)
        except (zlib.error, brotli.error, zstd.ZstdError, EOFError, ValueError):
            return None
        if undone is None or len(undone) > max_bytes:
            return None
        body = undone
    return body


def _undone(body: bytes, coding: str, max_bytes: int) -> bytes | None:
    match coding:
        case "identity":
            return body
        case "gzip" | "x-gzip":
            return _inflated(body, zlib.MAX_WBITS | 16, max_bytes)
        case "deflate":
            is_zlib = len(body) >= 2 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
            return _inflated(body, zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS, max_bytes)
        case "br":
            return _brotli(body, max_bytes)
        case "zstd":
            return _zstd(body, max_bytes)
        case _:
            return None


def _inflated(body: bytes, window: int, max_bytes: int) -> bytes | None:
    """All members of a gzip body, one after the other; None for more than `MAX_MEMBERS`."""
    out = b""
    for _ in range(MAX_MEMBERS):
        inflate = zlib.decompressobj(window)
        out += inflate.decompress(body, max_bytes + 1 - len(out))
        if not inflate.eof or len(out) > max_bytes:
            return None
        body = inflate.unused_data
        if not body:
            return out
    return None


def _brotli(body: bytes, max_bytes: int) -> bytes | None:
    decoder = brotli.Decompressor()
    out = bytearray(decoder.process(body, output_buffer_limit=CHUNK_BYTES))
    while not decoder.is_finished():
        if len(out) > max_bytes:
            return None
        piece = decoder.process(b"", output_buffer_limit=CHUNK_BYTES)
        if not piece and decoder.can_accept_more_data():
            return None
        out += piece
    return bytes(out)


def _zstd(body: bytes, max_bytes: int) -> bytes | None:
    decoder = zstd.ZstdDecompressor()
    out = decoder.decompress(body, max_length=max_bytes + 1)
    return out if decoder.eof and not decoder.unused_data else None
