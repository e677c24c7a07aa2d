"""One YAML file to a Config, once, at the door; every fault is one line with file, line and path."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from proxy.config.build import Builder
from proxy.config.schema import (
    DEFAULT_ADMIN_TOKEN,
    DEFAULT_STORE,
    DEFAULT_TENANT_SECRET,
    HEADER_NAME,
    LANGUAGE,
    NAME,
    PATH,
    ConfigKeys,
)
from proxy.config.settings import Config, without_password
from proxy.config.source import Location, Source, one_of, parse, problem
from proxy.errors import ConfigError

PLAIN = {
    "Input should be a valid tuple": "a list",
    "Input should be a valid dictionary": "a section",
    "Dictionary should have at least 1 item": "at least one name with its keys",
    "Input should be a valid boolean": "true or false",
    f"String should match pattern '{PATH}'": "a path that begins with / or *",
    f"String should match pattern '{NAME}'": "a name of at most 64 letters, digits, _ . or -, that begins with a "
    "letter or digit",
    f"String should match pattern '{HEADER_NAME}'": "the name of a header, whole and without *",
    f"String should match pattern '{LANGUAGE}'": "a language as a code of two or three small letters: en",
}
"""What pydantic says -> what a writer of YAML understands."""
SECRET_KEYS = frozenset({"api_key", "access_keys", "tenant_secret", "token", "store"})
READ_HERE: Mapping[Location, str] = {
    ("store",): "REDIS_URL",
    ("server", "admin", "token"): "EQUICACHE_ADMIN_TOKEN",
    ("server", "tenant_secret"): "EQUICACHE_TENANT_SECRET",
}
"""Variables that the defaults look into. They are given no others: an override is the file's, and comes once."""


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of one file, or the built-in defaults; raises ConfigError, one line per fault."""
    source = read(path, environ)
    return Builder(source, validated(source)).config()


def loads(text: str, name: str = "<text>", environ: Mapping[str, str] | None = None) -> Config:
    """The same from a text; `name` stands where the file's name would in messages."""
    source = _filled(text, name, environ)
    return Builder(source, validated(source)).config()


def read(path: Path | None, environ: Mapping[str, str] | None = None) -> Source:
    """The file's values with the environment put in, not yet checked against the schema."""
    if path is None:
        return _filled("", "built-in defaults", environ)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8"
        raise ConfigError(f"{path}: cannot read it ({reason}); expected a YAML file") from exc
    return _filled(text, str(path), environ)


def validated(source: Source) -> ConfigKeys:
    """The typed keys; raises ConfigError with one line per fault."""
    try:
        return ConfigKeys.model_validate(source.values)
    except ValidationError as exc:
        raise ConfigError("\n".join(_explained(source, error) for error in exc.errors())) from exc


def shown_without_secrets(keys: ConfigKeys) -> dict[str, Any]:
    """The effective configuration for people: secrets are stars, the store's password too."""
    values = keys.model_dump(mode="json", exclude_none=True)
    values["store"] = without_password(keys.store)
    return values


def _filled(text: str, name: str, environ: Mapping[str, str] | None) -> Source:
    """The values of a text, and defaults that themselves look into the environment, as in `configs/default.yaml`."""
    environment = os.environ if environ is None else environ
    source = parse(text, name, environment)
    defaults = (
        f"store: {DEFAULT_STORE}\n"
        f"server: {{tenant_secret: {DEFAULT_TENANT_SECRET!r}, admin: {{token: {DEFAULT_ADMIN_TOKEN!r}}}}}\n"
    )
    said = {variable: environment[variable] for variable in READ_HERE.values() if environment.get(variable)}
    _fill(source, source.values, parse(defaults, name, said).values, said)
    return source


def _fill(
    source: Source,
    values: dict[str, Any],
    defaults: Mapping[str, Any],
    read: Collection[str],
    location: Location = (),
) -> None:
    """Puts in what is absent or empty; a value of another kind stays, for the schema to refuse. read: the variables
    that say something; a fault in it is placed there."""
    for key, default in defaults.items():
        where = (*location, key)
        if values.get(key) is None:
            values[key] = {} if isinstance(default, dict) else default
            if (variable := READ_HERE.get(where, "")) in read:
                source.places[where] = variable
        if isinstance(default, dict) and isinstance(values[key], dict):
            _fill(source, values[key], default, read, where)


def _explained(source: Source, error: ErrorDetails) -> str:
    location: Location = tuple(part for part in error["loc"] if part != "[key]")
    match error["type"]:
        case "extra_forbidden":
            key = str(location[-1])
            known = known_keys(location[:-1])
            return problem(source, location, f'unknown key "{key}"', one_of(key, known))
        case "missing":
            return problem(source, location, "missing", f'the key "{location[-1]}"')
        case _:
            return problem(source, location, _found(location, error["input"]), _expected(error["msg"]))


def _found(location: Location, value: object) -> str:
    if value is None:  # an item `${KEY:-}` of a list; keys with nothing behind them are absent
        return "found nothing"
    if SECRET_KEYS & set(location):
        return "found a value that is not shown"
    text = value if isinstance(value, str) else repr(value)
    return f"found {text[:60]!r}" if isinstance(value, str) else f"found {text[:60]}"


def _expected(message: str) -> str:
    """Pydantic's own words without their beginning."""
    text = message.partition(",")[0] if "unable to parse" in message else message
    text = next((plain for start, plain in PLAIN.items() if text.startswith(start)), text)
    for start in ("Input should be ", "Input should have ", "Value error, "):
        text = text.removeprefix(start)
    return text[:1].lower() + text[1:]


def known_keys(location: Location) -> list[str]:
    """The keys that a section may hold; `location` as in an error, names of upstreams and numbers included."""
    model: type[BaseModel] = ConfigKeys
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            model = section_of(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The model inside `Model`, `dict[str, Model]` or `tuple[Model, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := section_of(part))), None)
