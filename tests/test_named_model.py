"""Which model a body names, as far as a route must know it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.core.named_model import WINDOW_BYTES, model_named

JSON = b"application/json"
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("model"), inner),
)


@given(st.dictionaries(st.sampled_from(["model", "Model", "messages", 'a"b\\']), VALUES), st.booleans())
def test_the_model_is_that_of_any_json_reader(fields: dict[str, object], is_ascii: bool) -> None:
    model = fields.get("model")
    for indent in (None, 2):
        body = json.dumps(fields, ensure_ascii=is_ascii, indent=indent).encode("utf-8", "surrogatepass")

        assert (model if isinstance(model, str) else None) == model_named(body, JSON)


def test_a_mark_is_found_however_far_away_it_stands() -> None:
    for length in range(WINDOW_BYTES - 30, WINDOW_BYTES + 3):
        assert "m" == model_named(b'{"x": [%b], "model": "m"}' % (b"1" * length), JSON)


@pytest.mark.parametrize(
    "body",
    [
        b'{"model": "a"',
        b'{"model": "a}',
        b'{"model": "a\\"}',
        b'{"model": "\\x"}',
        b'{"model": "a", "model": "b"}',
        b'{"model": "a", "model": null}',
    ],
)
def test_what_breaks_off_or_names_two_names_none(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"off|two|Invalid"):
        model_named(body, JSON)


@pytest.mark.parametrize("body", [b"", b"null", b'["model"]', b'"model"', b"\xff\xfb\x90\x00", b"\0\0\0\x1cftyp"])
def test_what_is_no_object_has_no_model(body: bytes) -> None:
    assert model_named(body, b"") is None


def part(head: bytes, value: bytes) -> bytes:
    return b"--b\r\n" + head + b"\r\n\r\n" + value + b"\r\n"


@pytest.mark.parametrize(
    ("parts", "model"),
    [
        (part(b'Content-Disposition: form-data; name="model"', b"whisper"), "whisper"),
        (part(b"content-disposition:form-data; name=model\r\nContent-Type: text/plain", b"whisper"), "whisper"),
        (part(b'Content-Disposition: form-data; filename="name="; name="model"', b"whisper"), "whisper"),
        (part(b'Content-Disposition: form-data; name="models"', b"whisper"), None),
        (part(b'Content-Disposition: form-data; filename="model"; name="file"', b"whisper"), None),
        (b"", None),
    ],
)
def test_a_form_names_it_in_a_field(parts: bytes, model: str | None) -> None:
    for boundary in (b"b", b'"b"; charset=utf-8'):
        assert model == model_named(parts + b"--b--\r\n", b"Multipart/form-data; boundary=" + boundary)


@pytest.mark.parametrize("body", [part(b"X: y", b"z"), b"--b\r\nX: y--b--", part(b"x" * 99_999, b"") + b"--b--"])
@pytest.mark.parametrize("content_type", [b"multipart/form-data; boundary=b", b"multipart/form-data"])
def test_a_form_that_breaks_off_names_none(body: bytes, content_type: bytes) -> None:
    with pytest.raises(ValueError, match="form"):
        model_named(body, content_type)
