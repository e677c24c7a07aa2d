"""Hand-made hostile requests: what must be refused, and the odd ones that must still pass."""

from __future__ import annotations

import random

HOST = b"Host: there\r\n"
SMUGGLED = b"GET /v1/smuggled HTTP/1.1\r\nHost: there\r\n\r\n"


def get(target: bytes, *fields: bytes, version: bytes = b"HTTP/1.1") -> bytes:
    return b"GET " + target + b" " + version + b"\r\n" + HOST + b"".join(f + b"\r\n" for f in fields) + b"\r\n"


def post(*fields: bytes, body: bytes = b"", target: bytes = b"/v1/chat/completions") -> bytes:
    return b"POST " + target + b" HTTP/1.1\r\n" + HOST + b"".join(f + b"\r\n" for f in fields) + b"\r\n" + body


CHUNKED = b"Transfer-Encoding: chunked"

REFUSED: dict[str, bytes] = {
    # Two lengths, or a length and a coding.
    "length and chunked": post(b"Content-Length: 6", CHUNKED, body=b"0\r\n\r\nX" + SMUGGLED),
    "chunked and length": post(CHUNKED, b"Content-Length: 6", body=b"0\r\n\r\nX" + SMUGGLED),
    "two lengths": post(b"Content-Length: 0", b"Content-Length: 44", body=SMUGGLED),
    "two equal lengths": post(b"Content-Length: 3", b"Content-Length: 3", body=b"abc" + SMUGGLED),
    "length list": post(b"Content-Length: 3, 3", body=b"abc" + SMUGGLED),
    "length plus": post(b"Content-Length: +3", body=b"abc"),
    "length minus": post(b"Content-Length: -3", body=b"abc"),
    "length hex": post(b"Content-Length: 0x3", body=b"abc"),
    "length underscore": post(b"Content-Length: 1_0", body=b"abcabcabca"),
    "length float": post(b"Content-Length: 3.0", body=b"abc"),
    "length empty": post(b"Content-Length:", body=b"abc"),
    "length huge": post(b"Content-Length: 99999999999999999999999", body=b"abc"),
    "length other digits": post("Content-Length: \uff13".encode(), body=b"abc"),
    # Transfer codings.
    "gzip then chunked": post(b"Transfer-Encoding: gzip, chunked", body=b"0\r\n\r\n"),
    "chunked then gzip": post(b"Transfer-Encoding: chunked, gzip", body=b"0\r\n\r\n"),
    "chunked twice": post(b"Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n"),
    "two codings": post(CHUNKED, CHUNKED, body=b"0\r\n\r\n"),
    "coding identity": post(b"Transfer-Encoding: identity", body=b"abc"),
    "coding xchunked": post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
    "coding quoted": post(b'Transfer-Encoding: "chunked"', body=b"0\r\n\r\n"),
    "coding with vertical tab": post(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
    "coding with NUL": post(b"Transfer-Encoding: chunked\x00", body=b"0\r\n\r\n"),
    "coding with parameter": post(b"Transfer-Encoding: chunked;a=b", body=b"0\r\n\r\n"),
    "coding in HTTP/1.0": b"POST /v1/x HTTP/1.0\r\n" + HOST + CHUNKED + b"\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "coding space before colon": post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "length space before colon": post(b"Content-Length : 3", body=b"abc"),
    "coding underscore": post(b"Content-Length: 5", b"Transfer\x00Encoding: chunked", body=b"0\r\n\r\n"),
    # Chunks.
    "chunk size hex prefix": post(CHUNKED, body=b"0x3\r\nabc\r\n0\r\n\r\n"),
    "chunk size plus": post(CHUNKED, body=b"+3\r\nabc\r\n0\r\n\r\n"),
    "chunk size minus": post(CHUNKED, body=b"-3\r\nabc\r\n0\r\n\r\n"),
    "chunk size not hex": post(CHUNKED, body=b"g\r\nabc\r\n0\r\n\r\n"),
    "chunk size overflow": post(CHUNKED, body=b"10000000000000003\r\nabc\r\n0\r\n\r\n"),
    "chunk too long": post(CHUNKED, body=b"3\r\nabcd\r\n0\r\n\r\n"),
    "chunk without end": post(CHUNKED, body=b"3\r\nabc0\r\n\r\n"),
    "chunk bare LF": post(CHUNKED, body=b"3\nabc\n0\n\n"),
    "chunk size empty": post(CHUNKED, body=b"\r\nabc\r\n0\r\n\r\n"),
    "chunk extension with LF": post(CHUNKED, body=b"3;a\nb\r\nabc\r\n0\r\n\r\n"),
    "chunk size with space inside": post(CHUNKED, body=b"1 0\r\nabc\r\n0\r\n\r\n"),
    "trailer without colon": post(CHUNKED, body=b"3\r\nabc\r\n0\r\nnonsense\r\n\r\n"),
    # Lines.
    "bare LF everywhere": b"GET /v1/models HTTP/1.1\nHost: there\n\n",
    "bare LF in head": b"GET /v1/models HTTP/1.1\r\nHost: there\nX: y\r\n\r\n",
    "bare CR in value": get(b"/v1/models", b"X: a\rb"),
    "bare CR before field": b"GET /v1/models HTTP/1.1\r\nHost: there\rX: y\r\n\r\n",
    "NUL in value": get(b"/v1/models", b"X: a\x00b"),
    "NUL in name": get(b"/v1/models", b"X\x00Y: ab"),
    "control in value": get(b"/v1/models", b"X: a\x01b"),
    "DEL in value": get(b"/v1/models", b"X: a\x7fb"),
    "folded field": get(b"/v1/models", b"X: a", b" folded"),
    "folded with tab": get(b"/v1/models", b"X: a", b"\tfolded"),
    "folded first field": b"GET /v1/models HTTP/1.1\r\n Host: there\r\nHost: there\r\n\r\n",
    "field without colon": get(b"/v1/models", b"nonsense"),
    "field without name": get(b"/v1/models", b": value"),
    "field name with space": get(b"/v1/models", b"X Y: z"),
    "field name not ASCII": get(b"/v1/models", "Ü: z".encode()),
    "field name bracket": get(b"/v1/models", b"X[]: z"),
    # Request lines.
    "HTTP/0.9": b"GET /v1/models\r\n",
    "HTTP/0.9 with version": get(b"/v1/models", version=b"HTTP/0.9"),
    "HTTP/1.2": get(b"/v1/models", version=b"HTTP/1.2"),
    "HTTP/2.0": get(b"/v1/models", version=b"HTTP/2.0"),
    "HTTP/11": get(b"/v1/models", version=b"HTTP/11"),
    "HTTP/1.10": get(b"/v1/models", version=b"HTTP/1.10"),
    "http/1.1": get(b"/v1/models", version=b"http/1.1"),
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "ICY": get(b"/v1/models", version=b"ICE/1.0"),
    "method with space": b"GE T /v1/models HTTP/1.1\r\n" + HOST + b"\r\n",
    "method unknown character": b"G\x00T /v1/models HTTP/1.1\r\n" + HOST + b"\r\n",
    "tab for space": b"GET\t/v1/models\tHTTP/1.1\r\n" + HOST + b"\r\n",
    "text after version": b"GET /v1/models HTTP/1.1 x\r\n" + HOST + b"\r\n",
    "space before method": b" GET /v1/models HTTP/1.1\r\n" + HOST + b"\r\n",
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
    # Hosts.
    "no host": b"GET /v1/models HTTP/1.1\r\n\r\n",
    "two hosts": get(b"/v1/models", b"Host: other"),
    # Targets.
    "absolute form": get(b"http://evil.example/v1/models"),
    "absolute form https": get(b"https://evil.example/v1/models"),
    "absolute form without host": get(b"http:/v1/models"),
    "two slashes": get(b"//evil.example/v1/models"),
    "two slashes below the base": get(b"/v1//evil.example/models"),
    "backslashes": get(b"/\\evil.example/v1/models"),
    "authority form": get(b"evil.example:80"),
    "asterisk": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    "no leading slash": get(b"v1/models"),
    "user info": get(b"@evil.example/v1"),
    "dot segment": get(b"/v1/../admin"),
    "dot segment at the end": get(b"/v1/.."),
    "single dot": get(b"/v1/./models"),
    "dot segment encoded": get(b"/v1/%2e%2e/admin"),
    "dot segment half encoded": get(b"/v1/.%2E/admin"),
    "dot segment encoded twice": get(b"/v1/%252e%252e/admin"),
    "dot segment encoded thrice": get(b"/v1/%25252e%25252e/admin"),
    "slash encoded": get(b"/v1/..%2fadmin"),
    "slash encoded twice": get(b"/v1/..%252fadmin"),
    "backslash dots": get(b"/v1/..\\admin"),
    "backslash encoded": get(b"/v1/..%5cadmin"),
    "dots with parameter": get(b"/v1/..;/admin"),
    "fragment": get(b"/v1/models#../admin"),
    "space in target": get(b"/v1/mod els"),
    "NUL in target": get(b"/v1/mod\x00els"),
    "CR in target": get(b"/v1/mod\rels"),
    "LF in target": get(b"/v1/mod\nels"),
    # What Connection may not name.
    "connection names authorization": get(b"/v1/models", b"Authorization: Bearer k", b"Connection: authorization"),
    "connection names content-type": get(b"/v1/models", b"Content-Type: a/b", b"Connection: close, Content-Type"),
    "connection names content-length": post(b"Content-Length: 3", b"Connection: Content-Length", body=b"abc"),
    "connection names host": get(b"/v1/models", b"Connection: host"),
    # Fields that mean one thing or another by who reads them.
    "two types": post(b"Content-Type: a/b", b"Content-Type: a/b", b"Content-Length: 3", body=b"abc"),
    "two user agents": get(b"/v1/models", b"User-Agent: a", b"User-Agent: b"),
    # Floods.
    "header too large": get(b"/v1/models", b"X: " + b"y" * 70_000),
    "too many headers": get(b"/v1/models", *(b"X-%d: y" % i for i in range(400))),
    "target too large": get(b"/v1/" + b"x" * 70_000),
}

EITHER: dict[str, bytes] = {
    "two spaces": b"GET  /v1/models HTTP/1.1\r\n" + HOST + b"\r\n",
    "CRLF in target": get(b"/v1/models HTTP/1.1\r\nHost: there\r\n\r\nGET /v1/second"),
    "cut in the head": get(b"/v1/models")[:-4],
    "cut in the body": post(b"Content-Length: 30", body=b"abc"),
    "cut in a chunk": post(CHUNKED, body=b"10\r\nabc"),
    "text after the request": get(b"/v1/models") + b"nonsense\r\n\r\n",
    "body that nobody announced": post(body=SMUGGLED.replace(b"smuggled", b"second")),
    "method in small letters": b"get /v1/models HTTP/1.1\r\n" + HOST + b"\r\n",
    "method unknown": b"BREW /v1/models HTTP/1.1\r\n" + HOST + b"\r\n",
    "not UTF-8 in the target": get(b"/v1/caf\xe9"),
    "expect that is unknown": post(b"Expect: miracles", b"Content-Length: 3", body=b"abc"),
    "host that is empty": b"GET /v1/models HTTP/1.1\r\nHost:\r\n\r\n",
    "connection close and more": get(b"/v1/models", b"Connection: close") + get(b"/v1/models?second"),
}
"""The two parsers differ here; what passes must be what the client framed."""

PASSES: dict[str, bytes] = {
    "plain": get(b"/v1/models"),
    "empty lines first": b"\r\n\r\n" + get(b"/v1/models"),
    "HTTP/1.0": b"GET /v1/models HTTP/1.0\r\n\r\n",
    "chunked": post(CHUNKED, body=b"3\r\nabc\r\n0\r\n\r\n"),
    "chunked in capitals": post(b"TRANSFER-ENCODING: CHUNKED", body=b"3\r\nabc\r\n0\r\n\r\n"),
    "chunk extension": post(CHUNKED, body=b"3;name=value\r\nabc\r\n0\r\n\r\n"),
    "chunk size with zeros": post(CHUNKED, body=b"0003\r\nabc\r\n0\r\n\r\n"),
    "trailers": post(CHUNKED, body=b"3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"),
    "length": post(b"Content-Length: 3", body=b"abc"),
    "length with zeros": post(b"Content-Length: 0003", body=b"abc"),
    "body on GET": b"GET /v1/models HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\nabc",
    "dots in a name": get(b"/v1/files/a..b/..."),
    "encoded slash in a name": get(b"/v1/models/org%2Fmodel"),
    "dots in a query": get(b"/v1/models?x=../../y"),
    "not UTF-8 in a value": get(b"/v1/models", b"X: caf\xe9"),
    "UTF-8 in a value": get(b"/v1/models", "X: café".encode()),
    "tab in a value": get(b"/v1/models", b"X: a\tb"),
    "empty value": get(b"/v1/models", b"X:"),
    "sixty kilobytes of header": get(b"/v1/models", b"X: " + b"y" * 60_000),
    "two hundred headers": get(b"/v1/models", *(b"X-%d: y" % i for i in range(200))),
    "two requests": get(b"/v1/models") + get(b"/v1/models?again"),
    "connection names a field": get(b"/v1/models", b"Connection: X-Gone", b"X-Gone: 1"),
    "TE trailers": get(b"/v1/models", b"TE: trailers", b"Connection: TE"),
    "h2c upgrade": get(b"/v1/models", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__", b"Connection: Upgrade"),
    "websocket of the wrong method": post(
        b"Upgrade: websocket", b"Connection: Upgrade", b"Content-Length: 3", body=b"abc"
    ),
}

_SPICE = (
    b"\r", b"\n", b"\r\n", b"\x00", b" ", b"\t", b":", b",", b";", b"\\", b"%2e", b"..", b"//", b"\x80", b"\xff",
    b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n",
    b"Connection: close\r\n", b"Host: other\r\n", b"Upgrade: websocket\r\n", b"0\r\n\r\n", b"chunked", b"HTTP/1.1",
    SMUGGLED, b"Expect: 100-continue\r\n",
)  # fmt: skip


def mutated(number: int) -> bytes:
    """Mutation `number`, the same in every run: one to three random edits, most often of a request that passes."""
    choose = random.Random(number)
    passing, others = list(PASSES.values()), [*REFUSED.values(), *EITHER.values()]
    data = choose.choice([seed for seed in (passing if choose.random() < 0.7 else others) if len(seed) < 2_000])
    if choose.random() < 0.3:
        data += SMUGGLED
    for _ in range(choose.randint(1, 3)):
        data = _edited(data, choose)
    return data


def _edited(data: bytes, choose: random.Random) -> bytes:
    start = choose.randrange(len(data) + 1)
    end = min(len(data), start + choose.choice((1, 1, 1, 2, 4, 8)))
    match choose.randrange(5):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:start] + data[start:end] * 2 + data[end:]
        case 2:
            return data[:start] + choose.choice(_SPICE) + data[start:]
        case 3:
            return data[:start] + bytes(choose.choices(range(256), k=end - start)) + data[end:]
        case _:
            lines = data.split(b"\r\n")
            choose.shuffle(lines)
            return b"\r\n".join(lines)
