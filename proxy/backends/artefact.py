"""Model folders: every byte is checked against the manifest before anything is parsed or run.

Artefacts are ONNX, JSON and NumPy arrays without pickles; nothing here executes what it reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import orjson

from proxy.errors import ModelMismatch

MODELS = Path(__file__).parent.parent / "models"
"""Where the bundled artefacts are."""

MANIFEST = "manifest.json"
FORMAT = 1
"""Version of the manifest's own layout."""

Field = TypeVar("Field", str, int, float, dict[str, object], list[object])


@dataclass(frozen=True, slots=True, eq=False)
class Artefact:
    """A checked model folder.

    digest: hex sha256 over names and digests of `files` (`digest_of`). files: content by name, as bytes.
    manifest: the whole parsed manifest; `field` reads typed values from it.
    """

    folder: Path
    digest: str
    manifest: Mapping[str, object]
    files: Mapping[str, bytes]

    def field(self, name: str, kind: type[Field]) -> Field:
        """A manifest value of the type `kind`; raises ModelMismatch when it is absent or of another type."""
        value = self.manifest.get(name)
        if not isinstance(value, kind):
            raise ModelMismatch(
                f"{self.folder / MANIFEST}: `{name}` should be {_article(kind)}, is {type(value).__name__}. "
                "Use the model folder that belongs to this release."
            )
        return value


def read_artefact(folder: Path, kind: str) -> Artefact:
    """Reads and checks a folder of the given `kind` ("embedder", "scorer", "heads").

    Raises ModelMismatch with what is wrong, where, and what to do: a missing file, a digest that differs, another
    kind or format. The bytes returned are the bytes that were checked: no file is opened twice.
    """
    manifest = _manifest(folder)
    if manifest.get("format") != FORMAT or manifest.get("kind") != kind:
        found = f"kind {manifest.get('kind')!r}, format {manifest.get('format')!r}"
        raise ModelMismatch(f"{folder}: is {found}; needed: kind {kind!r}, format {FORMAT}. {_REMEDY}")
    digests = manifest.get("files")
    if not isinstance(digests, dict) or not digests:
        raise ModelMismatch(f"{folder / MANIFEST}: `files` lists no digests. {_REMEDY}")
    files = {name: _checked(folder, name, digest) for name, digest in digests.items()}
    digest = digest_of(files)
    if manifest.get("digest") != digest:
        raise ModelMismatch(f"{folder / MANIFEST}: `digest` is not that of the files it lists. {_REMEDY}")
    return Artefact(folder, digest, manifest, files)


def digest_of(files: Mapping[str, bytes]) -> str:
    """The digest of an artefact: sha256 over its files' names and digests, in order of name."""
    lines = [f"{name} {hashlib.sha256(content).hexdigest()}\n" for name, content in sorted(files.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def manifest_bytes(kind: str, files: Mapping[str, bytes], facts: Mapping[str, object]) -> bytes:
    """The manifest for `files`; `facts` are the fields of this kind of model."""
    head: dict[str, object] = {
        "format": FORMAT,
        "kind": kind,
        "digest": digest_of(files),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return orjson.dumps(head | dict(facts), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


_REMEDY = "Reinstall the package, or point `models:` in the configuration at an undamaged folder."


def _manifest(folder: Path) -> dict[str, object]:
    path = folder / MANIFEST
    try:
        manifest = orjson.loads(path.read_bytes())
    except OSError as exc:
        raise ModelMismatch(f"{path}: cannot be read ({exc.strerror}). {_REMEDY}") from exc
    except orjson.JSONDecodeError as exc:
        raise ModelMismatch(f"{path}: is not JSON ({exc}). {_REMEDY}") from exc
    if not isinstance(manifest, dict):
        raise ModelMismatch(f"{path}: should be a JSON object. {_REMEDY}")
    return manifest


def _checked(folder: Path, name: str, digest: object) -> bytes:
    if Path(name).name != name:
        raise ModelMismatch(f"{folder / MANIFEST}: {name!r} is not a plain file name. {_REMEDY}")
    try:
        content = (folder / name).read_bytes()
    except OSError as exc:
        raise ModelMismatch(f"{folder / name}: cannot be read ({exc.strerror}). {_REMEDY}") from exc
    if hashlib.sha256(content).hexdigest() != digest:
        raise ModelMismatch(f"{folder / name}: the file is not the one its manifest names (sha256 differs). {_REMEDY}")
    return content


def _article(kind: type) -> str:
    return {dict: "an object", str: "a string", int: "an integer", float: "a number", list: "a list"}[kind]
