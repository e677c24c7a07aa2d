"""Which request targets may go upstream."""

from __future__ import annotations

import pytest

from proxy.errors import BadRequest
from proxy.web.target import below_base


@pytest.mark.parametrize(
    ("target", "below"),
    [
        ("/v1", ""),
        ("/v1/", "/"),
        ("/v1?x=1", "?x=1"),
        ("/v1/models", "/models"),
        ("/v1/models?", "/models?"),
        ("/v1/models?a=%20b&c=../..", "/models?a=%20b&c=../.."),
        ("/v1/models/org%2Fname", "/models/org%2Fname"),
        ("/v1/a..b/...", "/a..b/..."),
        ("/v1/a//b/", "/a//b/"),
        ("/v1/100%", "/100%"),
        ("/v1/\udce9", "/\udce9"),
        ("/v1x/models", "/v1x/models"),
        ("/other", "/other"),
        ("/", "/"),
    ],
)
def test_target_keeps_its_spelling_below_the_base(target: str, below: str) -> None:
    assert below_base(target) == below


@pytest.mark.parametrize(
    "target",
    [
        "",
        "*",
        "v1/models",
        "http://evil/v1",
        "//evil/v1",
        "/v1//evil",
        "/v1/../x",
        "/v1/..",
        "/..",
        "/v1/./x",
        "/v1/%2e%2e/x",
        "/v1/%2E./x",
        "/v1/%252e%252e/x",
        "/v1/..%2fx",
        "/v1/..%255cx",
        "/v1/a\\b",
        "/v1/a%5cb",
        "/v1/..;a=b/x",
        "/v1/%2525252525252e/x",
        "/v1/x#y",
        "/v1/x y",
        "/v1/x\r\ny",
        "/v1/x\x00",
        "/v1/x\x7f",
        "/v1/x?a=b#c",
        "/v1/x?a\nb",
    ],
)
def test_target_that_two_servers_could_read_two_ways_is_refused(target: str) -> None:
    with pytest.raises(BadRequest) as error:
        below_base(target)

    assert (error.value.status, error.value.code) == (400, "bad_request_target")
