"""Where a connection's parser stands, counted beside the real parser: in doubt it is never between two requests."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpProcessingError, HttpRequestParser

from proxy.web.boundary import Boundary

BODY = b'{"a": "\r\n\r\n"}'
HEAD = b"POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(BODY)
ONE = HEAD + BODY
GET = b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
CHUNKED = b"POST /v1/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
UPGRADE = b"GET /v1/realtime HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
H2C = UPGRADE.replace(b"websocket", b"h2c")


async def stands(*pieces: bytes) -> list[bool]:
    """Whether the parser is known to be between two requests after each piece."""
    loop = asyncio.get_running_loop()
    parser = HttpRequestParser(BaseProtocol(loop), loop, 2**16, auto_decompress=False)
    boundary = Boundary()
    seen = []
    for piece in pieces:
        boundary.fed(piece, parser.feed_data(piece)[0])
        seen.append(boundary.is_between)
    return seen


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([ONE, ONE], [True, True]),
        ([GET, ONE], [True, True]),
        ([HEAD, BODY, ONE], [False, True, True]),
        ([HEAD, BODY[:3], BODY[3:], b"", ONE], [False, False, True, True, True]),
        ([HEAD + BODY[:9], BODY[9:]], [False, True]),
        ([ONE + ONE, ONE], [False, False]),
        ([ONE + GET[:5], GET[5:], ONE], [False, False, False]),
        ([GET[:5], GET[5:], ONE], [False, False, False]),
        ([HEAD, BODY + ONE, ONE], [False, False, False]),
        ([HEAD, BODY + b"GET", b" /healthz HTTP/1.1\r\nHost: h\r\n\r\n"], [False, False, False]),
        ([b"\r\n" + ONE, ONE], [True, True]),
        ([ONE, b"\r\n", ONE], [True, False, False]),
        ([CHUNKED + b"0\r\n\r\n", ONE], [False, False]),
        ([CHUNKED, b"3\r\nabc\r\n", b"0\r\n\r\n", ONE], [False, False, False, False]),
        ([UPGRADE], [True]),
        ([UPGRADE + ONE], [False]),
        ([H2C, ONE], [True, True]),
        ([H2C + ONE, ONE], [False, False]),
    ],
)
async def test_only_whole_requests_one_at_a_time_lead_to_a_boundary(pieces: list[bytes], expected: list[bool]) -> None:
    assert expected == await stands(*pieces)


async def test_wherever_two_requests_are_cut_a_boundary_is_only_seen_where_one_is() -> None:
    both = ONE + GET
    wrong = []
    for cuts in itertools.combinations(range(1, len(both)), 2):
        pieces = [both[start:end] for start, end in itertools.pairwise([0, *cuts, len(both)])]
        ends = list(itertools.accumulate(len(piece) for piece in pieces))
        seen = await stands(*pieces)
        wrong += [
            cuts for end, is_between in zip(ends, seen, strict=True) if is_between and end not in (len(ONE), len(both))
        ]

    assert [] == wrong


async def test_a_fault_is_no_boundary() -> None:
    loop = asyncio.get_running_loop()
    parser = HttpRequestParser(BaseProtocol(loop), loop, 2**16)
    with pytest.raises(HttpProcessingError):
        parser.feed_data(b"POST /v1/x HTTP/1.1\r\nContent Length: 1\r\n\r\n")

    boundary = Boundary()
    boundary.fed(b"POST /v1/x HTTP/1.1\r\nContent Length: 1\r\n\r\n", [])
    assert not boundary.is_between
