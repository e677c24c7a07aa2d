"""Content codings undone: what comes out is bounded, and so is the work."""

from __future__ import annotations

import gzip
import zlib

import pytest

from proxy.backends.content_coding import MAX_MEMBERS, decoded

TEXT = b'{"model": "gpt-4o-mini"}'
PACKED = gzip.compress(TEXT, mtime=0)


@pytest.mark.parametrize("coding", ["gzip", "X-GZIP", "identity, gzip"])
def test_the_members_of_a_gzip_body_are_read_one_after_the_other(coding: str) -> None:
    assert TEXT == decoded(gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]), coding, len(TEXT))


def test_a_gzip_body_of_a_few_members_is_read_and_a_flood_of_empty_ones_refused() -> None:
    empty = gzip.compress(b"")

    assert TEXT == decoded(empty * (MAX_MEMBERS - 1) + gzip.compress(TEXT), "gzip", 100)
    assert decoded(empty * MAX_MEMBERS + gzip.compress(TEXT), "gzip", 100) is None
    assert decoded(empty * 50_000, "gzip", 100) is None


@pytest.mark.parametrize("body", [PACKED[:-1], PACKED + b"\0", zlib.compress(TEXT), b"x"])
def test_a_body_that_is_cut_or_not_what_it_says_is_not_read(body: bytes) -> None:
    assert decoded(body, "gzip", 100) is None


def test_more_than_the_limit_is_not_read() -> None:
    assert decoded(gzip.compress(TEXT), "gzip", len(TEXT) - 1) is None
