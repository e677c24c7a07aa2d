"""Which header fields travel end to end."""

from __future__ import annotations

import pytest

from proxy.core.headers import end_to_end_request, end_to_end_response
from proxy.errors import BadRequest

KEPT = [
    (b"aUTHorization", b"Bearer k"),
    (b"X", b"1"),
    (b"x", b"2"),
    (b"Trailer", b"X-Sum"),
    (b"Expect", b"100-continue"),
]


@pytest.mark.parametrize(
    "hop",
    [
        (b"Connection", b"keep-alive"),
        (b"KEEP-ALIVE", b"timeout=5"),
        (b"Proxy-Connection", b"close"),
        (b"TE", b"trailers"),
        (b"Transfer-Encoding", b"chunked"),
        (b"Upgrade", b"h2c"),
        (b"Host", b"there"),
        (b"Equicache-Domain", b"d"),
        (b"equicache-anything", b""),
    ],
)
def test_fields_of_this_hop_and_ours_stay_here(hop: tuple[bytes, bytes]) -> None:
    assert end_to_end_request([KEPT[0], hop, *KEPT[1:]]) == KEPT


def test_fields_that_connection_names_stay_here() -> None:
    named = [(b"Connection", b"close, X-One"), (b"connection", b" x-two ,"), (b"x-one", b"1"), (b"X-TWO", b"2")]

    assert end_to_end_request([*named, *KEPT]) == KEPT
    assert end_to_end_response([*named, *KEPT]) == KEPT


@pytest.mark.parametrize(
    "name",
    [
        b"authorization",
        b"Content-Type",
        b"content-length",
        b"CONTENT-ENCODING",
        b"api-key",
        b"X-API-Key",
        b"OpenAI-Project",
        b"cookie",
        b"host",
    ],
)
def test_connection_may_not_name_what_gives_a_request_its_meaning(name: bytes) -> None:
    with pytest.raises(BadRequest) as error:
        end_to_end_request([(b"Connection", b"close, " + name)])

    assert error.value.code == "bad_connection_header"


def test_a_response_keeps_its_content_fields_whatever_connection_names() -> None:
    headers = [(b"Connection", b"Content-Encoding"), (b"Content-Encoding", b"gzip")]

    assert end_to_end_response(headers) == headers[1:]


def test_a_426_keeps_the_upgrade_that_it_must_name() -> None:
    said = [(b"UPGRADE", b"websocket"), (b"X", b"1"), (b"Connection", b"Upgrade, X"), (b"Keep-Alive", b"5")]

    assert [(b"UPGRADE", b"websocket"), (b"Connection", b"Upgrade")] == end_to_end_response(said, status=426)
    assert [] == end_to_end_response(said)
    assert [] == end_to_end_response(said[1:], status=426)
