"""The same exchange direct and through the proxy: status, end-to-end headers, body bytes and the way it ends."""

from __future__ import annotations

import asyncio
import gzip
import itertools
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.web.server import HttpServer
from tests.upstream import Framing, Reply, Seen, Upstream
from tests.wire.client import Answer, ask, request
from tests.wire.conftest import proxy_for

STATUSES = [
    200, 201, 202, 203, 204, 205, 206, 207, 226, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406,
    408, 409, 410, 411, 412, 413, 415, 416, 418, 422, 423, 424, 425, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504,
    520, 529, 599, 999,
]  # fmt: skip
FEW = [200, 204, 206, 304, 307, 401, 429, 500, 529]
SHAPES = ["json", "events"]
CODINGS = ["identity", "gzip"]
FRAMINGS = [Framing.LENGTH, Framing.CHUNKED, Framing.CLOSE]
AT_ONCE = 32
ODD_HEADERS = [
    (b"X-Request-ID", b"req_1"), (b"x-ratelimit-remaining-tokens", b"149984"), (b"Retry-After", b"20"),
    (b"retry-after-ms", b"250"), (b"x-should-retry", b"false"), (b"openai-processing-ms", b"17"),
    (b"Set-Cookie", b"a=1; Path=/"), (b"Set-Cookie", b"b=2; Secure"), (b"ALT-SVC", b'h3=":443"'),
    (b"Strange-Header", b"caf\xe9"), (b"UTF", "é".encode()), (b"Empty", b""), (b"Location", b"http://other.example/a"),
    (b"Cache-Status", b"edge; hit"), (b"Via", b"1.1 edge"), (b"Server", b"cloudflare"), (b"Date", b"Thu, 01 Jan 1970"),
    (b"Trailer", b"X-Sum"), (b"Vary", b"Accept-Encoding"), (b"Strict-Transport-Security", b"max-age=1"),
    (b"X-Hop", b"gone"), (b"Connection", b"X-Hop"), (b"Keep-Alive", b"timeout=5"),
]  # fmt: skip
EVENTS = [b'data: {"n":%d,"t":"%s"}\n\n' % (i, b"x" * (i % 40)) for i in range(20)] + [b"data: [DONE]\n\n"]


def reply_of(shape: str, coding: str, status: int, cut: float | None, framing: Framing) -> Reply:
    """One scripted answer; `cut`: the share of the body after which the upstream dies."""
    whole = b'{"error":{"message":"scripted","code":null}}' * 9 if shape == "json" else b"".join(EVENTS)
    packed = gzip.compress(whole, mtime=0) if coding == "gzip" else whole
    kind = b"application/json" if shape == "json" else b"text/event-stream"
    headers = [(b"Content-Type", kind), *ODD_HEADERS]
    if coding == "gzip":
        headers.append((b"Content-Encoding", b"gzip"))
    pieces = [packed[i : i + 61] for i in range(0, len(packed), 61)]
    cut_at = None if cut is None else int(cut * len(packed))
    return Reply(status, pieces, headers, framing=framing, cut_at=cut_at, reset=framing is Framing.CLOSE)


def question(text: str) -> bytes:
    """A request that could be remembered, different from every other."""
    body = b'{"model":"m","messages":[{"role":"user","content":"Tell me of %s"}]}' % text.encode()
    return request("/v1/chat/completions", method="POST", body=body)


def named(seen: Seen, replies: dict[bytes, Reply]) -> Reply:
    """The reply that the request asks for by its number."""
    return replies[seen.header(b"x-case") or b""]


def same(direct: Answer, proxied: Answer) -> bool:
    """Equal in all that travels end to end."""
    heads_are_equal = (direct.status, direct.reason, direct.end_to_end) == (
        proxied.status,
        proxied.reason,
        proxied.end_to_end,
    )
    if direct.end == "complete":
        return heads_are_equal and (direct.body, direct.end) == (proxied.body, proxied.end)
    if direct.header(b"content-length") or direct.header(b"transfer-encoding"):
        return heads_are_equal and (direct.body, direct.end) == (proxied.body, proxied.end)
    # A reset discards whatever the kernels had not passed on, here or there, the head included.
    is_own = proxied.header(b"equicache-error") == b"upstream_unreachable"
    return is_own or (proxied.end == "broken" and (heads_are_equal or not direct.status or not proxied.status))


async def differences(
    cases: dict[str, tuple[bytes, Reply]], upstream: Upstream, every: HttpServer
) -> list[tuple[str, Answer, Answer]]:
    """Runs each case both ways; returns those that differ."""
    names = list(cases)
    replies = {str(number).encode(): cases[name][1] for number, name in enumerate(names)}
    upstream.respond = lambda seen: named(seen, replies)
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> tuple[str, Answer, Answer] | None:
        data = cases[names[number]][0].replace(b"\r\n", b"\r\nX-Case: %d\r\n" % number, 1)
        async with limit:
            direct, through = await ask(upstream.port, data), await ask(every.port, data)
        return None if same(direct, through) else (names[number], direct, through)

    found = await asyncio.gather(*(one(number) for number in range(len(names))))
    return [difference for difference in found if difference is not None]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("statuses", [FEW, pytest.param(STATUSES, marks=pytest.mark.long)], ids=["few", "all"])
async def test_answers_of_every_status_are_the_same_whole_and_cut(
    shape: str, coding: str, statuses: list[int], upstream: Upstream, every: HttpServer, cases: Callable[[int], None]
) -> None:
    cuts = [None, 0.0, 0.01, 0.3, 0.5, 0.9, 0.999]
    pairs = {
        f"{status} {framing} cut {cut}": (
            request("/v1/chat/completions"),
            reply_of(shape, coding, status, cut, framing),
        )
        for status in statuses
        for framing in FRAMINGS
        for cut in cuts
    }

    found = await differences(pairs, upstream, every)

    cases(len(pairs))
    assert found == []


def odd_requests() -> Iterable[tuple[str, bytes]]:
    """Methods, targets and headers that a proxy could trip over."""
    families = [
        "models", "models/gpt-4o", "models/org%2Fmodel", "embeddings", "responses", "responses/resp_1/input_items",
        "completions", "files", "files/file-1/content", "uploads", "uploads/up_1/parts", "batches", "audio/speech",
        "audio/transcriptions", "images/generations", "images/edits", "moderations", "vector_stores",
        "fine_tuning/jobs", "organization/usage/completions", "assistants", "threads/t/runs", "realtime/sessions",
        "chat/completions", "evals", "containers", "whatever/comes/next", "", "files/", "a//b", "caf%C3%A9", "a%20b",
        "x;y=z", "~tilde", "a,b", "a:b", "a@b", "(a)", "a..b", "models?", "models?limit=2&after=x", "models?q=a%20b+c",
        "models?x=1&x=2&", "models?a=//b", "models??", "models?q=caf%C3%A9", "files?purpose=fine-tune&order=desc",
    ]  # fmt: skip
    for path in families:
        for method in ("GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD"):
            yield f"{method} {path}", request(f"/v1/{path}", method=method)
    yield "outside the base", request("/other/path?x")
    yield "base alone", request("/v1")
    yield "range", request("/v1/files/f/content", headers=[(b"Range", b"bytes=0-9")])
    preflight = [(b"Origin", b"http://a"), (b"Access-Control-Request-Method", b"POST")]
    yield "preflight", request("/v1/x", method="OPTIONS", headers=preflight)
    yield "conditional", request("/v1/models", headers=[(b"If-None-Match", b'"x"')])
    yield "encodings", request("/v1/models", headers=[(b"Accept-Encoding", b"zstd, br;q=0.1, identity")])
    yield "no encodings", request("/v1/models", headers=[(b"Accept-Encoding", b"")])
    yield "strange headers", request("/v1/models", headers=[(b"aCCept", b"*/*"), (b"X", b"caf\xe9"), (b"X", b"2")])
    yield "cookies", request("/v1/models", headers=[(b"Cookie", b"a=b"), (b"Cookie", b'c="d e"')])
    yield "expects", request("/v1/files", method="POST", body=b"x" * 900, headers=[(b"Expect", b"100-continue")])


async def test_every_path_method_and_header_arrives_as_it_was_sent(
    upstream: Upstream, every: HttpServer, cases: Callable[[int], None]
) -> None:
    pairs = {name: (data, Reply(200, b"ok", ODD_HEADERS)) for name, data in odd_requests()}

    found = await differences(pairs, upstream, every)

    cases(len(pairs))
    assert found == []
    assert arrived_twice(upstream) == []


def arrived_twice(upstream: Upstream) -> list[tuple[object, object]]:
    """Pairs of the same case that arrived differently, direct and proxied; exactly two of each must be there."""
    by_case: dict[bytes, list[Seen]] = {}
    for seen in upstream.seen:
        by_case.setdefault(seen.header(b"x-case") or b"", []).append(seen)
    views = [[view_of(seen) for seen in group] for group in by_case.values()]
    return [(view[0], view[1:]) for view in views if len(view) != 2 or view[0] != view[1]]


def view_of(seen: Seen) -> tuple[object, ...]:
    """What must arrive: everything but Host, Connection and how the body was framed."""
    hop = {b"host", b"connection", b"transfer-encoding", b"content-length"}
    fields = [field for field in seen.headers if field[0].lower() not in hop]
    target = seen.target if seen.target.startswith(b"/v1") else b"/v1" + seen.target
    return seen.method, target, fields, seen.body_size, seen.body


DEEP = b"[" * 1000 + b"]" * 1000
BODIES: dict[str, tuple[bytes, list[tuple[bytes, bytes]]]] = {
    "unknown fields": (b'{"model":"m","zzz":{"a":[1,2,{"b":null}]},"messages":[]}', []),
    "key order": (b'{"z":1,"a":2,"model":"m"}', []),
    "thirty digits": (b'{"model":"m","seed":123456789012345678901234567890}', []),
    "number spelling": (b'{"temperature":1.0e0,"top_p":0.10,"n":1E0}', []),
    "duplicate keys": (b'{"model":"a","model":"b"}', []),
    "byte order mark": (b'\xef\xbb\xbf{"model":"m"}', []),
    "lone surrogate": (b'{"content":"\\ud800"}', []),
    "depth 1000": (b'{"model":"m","x":' + DEEP + b"}", []),
    "not JSON": (b"hello \x00\xff", []),
    "not UTF-8": (b'{"content":"caf\xe9"}', []),
    "white space": (b' \r\n\t{ "model" : "m" } \n', []),
    "NaN": (b'{"temperature":NaN}', []),
    "empty": (b"", []),
    "one byte": (b"x", []),
    "gzip": (gzip.compress(b'{"model":"m"}', mtime=0), [(b"Content-Encoding", b"gzip")]),
    "unknown coding": (b"\x01\x02", [(b"Content-Encoding", b"x-odd")]),
    "multipart": (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n\x00\xff\r\n\r\n--b--\r\n',
        [(b"Content-Type", b'multipart/form-data; boundary="b"')],
    ),
    "form": (b"a=b&c=%20", [(b"Content-Type", b"application/x-www-form-urlencoded")]),
    "looks like chunks": (b"5\r\nhello\r\n0\r\n\r\n", []),
    "looks like a request": (b"GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n", []),
    "a megabyte": (bytes(range(256)) * 4096, []),
}


@pytest.mark.parametrize("chunks", [0, 1, 7])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/files"])
async def test_every_odd_body_arrives_byte_for_byte(
    chunks: int, path: str, upstream: Upstream, every: HttpServer, cases: Callable[[int], None]
) -> None:
    pairs = {
        name: (request(path, method="POST", body=body, headers=headers, chunks=chunks), Reply(200, b"ok"))
        for name, (body, headers) in BODIES.items()
    }

    found = await differences(pairs, upstream, every)

    cases(len(pairs))
    assert found == []
    assert arrived_twice(upstream) == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_the_clients_to_follow(status: int, upstream: Upstream, every: HttpServer) -> None:
    reply = Reply(status, b"", [(b"Location", f"http://127.0.0.1:{upstream.port}/v1/elsewhere".encode())])

    found = await differences({"redirect": (request("/v1/x", method="POST", body=b"x"), reply)}, upstream, every)

    assert found == []
    assert len(upstream.seen) == 2


IN_BAND = [
    b'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n',
    b": comment\r\nevent: error\r\ndata: {\r\ndata: }\r\n\r\n",
    b"data: [DONE]\n\ndata: more\n\n",
    b"\xff\xfe\x00 not an event",
    b"data: no end",
]


@pytest.mark.parametrize("body", IN_BAND)
async def test_strange_streams_pass_as_they_are(body: bytes, upstream: Upstream, every: HttpServer) -> None:
    reply = Reply(200, [body], [(b"Content-Type", b"text/event-stream")], framing=Framing.CHUNKED)

    found = await differences({"stream": (request("/v1/chat/completions"), reply)}, upstream, every)

    assert found == []


@settings(max_examples=60)
@given(cuts=st.lists(st.integers(1, len(b"".join(EVENTS)) - 1), max_size=30, unique=True), gap=st.booleans())
def test_a_stream_chunked_at_any_byte_is_the_same_stream(cuts: list[int], gap: bool) -> None:
    whole = b"".join(EVENTS)
    edges = [0, *sorted(cuts), len(whole)]
    pieces = [whole[a:b] for a, b in itertools.pairwise(edges)]

    async def run() -> bytes:
        async with Upstream() as upstream, proxy_for(upstream) as proxied:
            upstream.say(Reply(200, pieces, framing=Framing.CHUNKED, gap_s=0.0001 * gap))
            return (await ask(proxied.port, request("/v1/chat/completions"))).body

    assert asyncio.run(run()) == whole
