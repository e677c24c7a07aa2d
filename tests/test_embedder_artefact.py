"""A model folder that is not exactly what its manifest says is refused before anything in it runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest

from proxy.backends.artefact import manifest_bytes, read_artefact
from proxy.backends.embedder_onnx import BUNDLED, load_embedder
from proxy.errors import ModelMismatch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "model"))


def manifest_of(folder: Path) -> dict[str, object]:
    manifest: dict[str, object] = orjson.loads((folder / "manifest.json").read_bytes())
    return manifest


def test_an_untouched_copy_loads(folder: Path) -> None:
    assert load_embedder(folder).digest == load_embedder().digest == manifest_of(folder)["digest"]


def test_one_flipped_bit_is_refused(folder: Path) -> None:
    content = bytearray((folder / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.onnx").write_bytes(content)

    with pytest.raises(ModelMismatch, match=r"model\.onnx: the file is not the one its manifest names"):
        load_embedder(folder)


def test_a_cut_file_is_refused(folder: Path) -> None:
    content = (folder / "tokenizer.json").read_bytes()
    (folder / "tokenizer.json").write_bytes(content[:-1])

    with pytest.raises(ModelMismatch, match="sha256 differs"):
        load_embedder(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "manifest.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(ModelMismatch, match=f"{name}: cannot be read"):
        load_embedder(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"format": 1, "kind": "embedder", "files": {}}'])
def test_a_manifest_that_says_nothing_is_refused(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)

    with pytest.raises(ModelMismatch, match=r"manifest\.json|is kind"):
        load_embedder(folder)


def test_another_kind_of_model_is_refused() -> None:
    with pytest.raises(ModelMismatch, match="is kind 'embedder', format 1; needed: kind 'scorer'"):
        read_artefact(BUNDLED, "scorer")


def test_a_file_outside_the_folder_is_refused(folder: Path) -> None:
    manifest = manifest_of(folder)
    manifest["files"] = {"../manifest.json": "0" * 64}
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))

    with pytest.raises(ModelMismatch, match="is not a plain file name"):
        load_embedder(folder)


@pytest.mark.parametrize("foreign", [b"", b"not a model", b"\x08\x08\x12\x00" * 50])
def test_a_foreign_file_with_a_true_digest_is_refused(folder: Path, foreign: bytes) -> None:
    files = {"model.onnx": foreign, "tokenizer.json": (folder / "tokenizer.json").read_bytes()}
    (folder / "model.onnx").write_bytes(foreign)
    (folder / "manifest.json").write_bytes(manifest_bytes("embedder", files, {"token_dim": 192}))

    with pytest.raises(ModelMismatch, match=r"cannot load this model|has the outputs"):
        load_embedder(folder)


def test_a_manifest_without_a_needed_field_is_refused(folder: Path) -> None:
    manifest = manifest_of(folder)
    del manifest["token_dim"]
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))

    with pytest.raises(ModelMismatch, match="`token_dim` should be an integer, is NoneType"):
        load_embedder(folder)


def test_a_tokenizer_that_pads_and_cuts_as_published_is_told_not_to(folder: Path) -> None:
    published = orjson.loads((folder / "tokenizer.json").read_bytes())
    published["truncation"] = {"direction": "Right", "max_length": 128, "strategy": "LongestFirst", "stride": 0}
    published["padding"] = {
        "strategy": {"Fixed": 128},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": 0,
        "pad_type_id": 0,
        "pad_token": "[PAD]",
    }
    files = {"model.onnx": (folder / "model.onnx").read_bytes(), "tokenizer.json": orjson.dumps(published)}
    (folder / "tokenizer.json").write_bytes(files["tokenizer.json"])
    (folder / "manifest.json").write_bytes(manifest_bytes("embedder", files, {"token_dim": 192}))
    embedder = load_embedder(folder)

    assert [len(embedder.token_ids("word " * count)) for count in (3, 200)] == [3, 200]
