"""One YAML file as plain values that remember their lines; environment variables are put in here.

It knows YAML, not the product: which keys exist is `proxy.config.schema`'s business.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import yaml

from proxy.errors import ConfigError

Location = tuple[str | int, ...]
"""Where a value stands: `("routes", 2, "ttl_s")`, shown as `$.routes[2].ttl_s`."""

OVERRIDE_PREFIX = "EQUICACHE_"
ONE_WORD = ("STORE", "SEMANTIC")
"""Keys without a section; other one-word variables are not ours to refuse (EQUICACHE_CONFIG, what Kubernetes sets)."""
SECTIONS = ("SERVER", "UPSTREAMS", "MODELS", "DOMAINS", "ROUTES", "PRICES")
"""Those that a variable may hold whole, in brackets; any other text in one of that name is not ours (an address)."""
IF_ABSENT: dict[str, list[dict[str, str]]] = {"routes": [{"name": "chat"}]}
"""Lists whose items an override may name although the file has none: what holds then."""
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_MISSPELLED = re.compile(r"\$(?:[A-Z_][A-Z0-9_]*\Z|\{)")
"""`$NAME`, `${NAME`, `${NAME-default}`: taken as written it would be a key or token that everybody can guess. A secret
that looks so comes from the environment."""
_GUARDED = re.compile("\ue000((?:[0-9a-f]{2})+)\ue001")
_SAFE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(slots=True)
class Source:
    """A file's values. places: `file:line` of every value and key, by location."""

    name: str
    values: dict[str, Any]
    places: dict[Location, str] = field(default_factory=dict)

    def place(self, location: Location) -> str:
        """Where this value, or the nearest thing around it, was written."""
        for length in range(len(location), -1, -1):
            if found := self.places.get(location[:length]):
                return found
        return f"{self.name}:1"


def path_text(location: Location) -> str:
    """`$.routes[2].match.path`, the way every message names a key."""
    parts = ["$"]
    for part in location:
        if isinstance(part, int):
            parts.append(f"[{part}]")
        else:
            parts.append(f".{part}" if _SAFE_KEY.fullmatch(part) else f"[{part!r}]")
    return "".join(parts)


def problem(source: Source, location: Location, found: str, expected: str) -> str:
    """The one form of every message: `file:line: $.path: what was found; expected what`."""
    return f"{source.place(location)}: {path_text(location)}: {found}; expected {expected}"


def one_of(key: str, known: Collection[str]) -> str:
    """`one of a, b, c`, with the nearest spelling of what was written."""
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    names = ", ".join(known)
    return f"one of {names}" + (f' (did you mean "{near[0]}"?)' if near else "")


def parse(text: str, name: str, environ: Mapping[str, str]) -> Source:
    """Composes `text`, puts `${NAME}` and `${NAME:-default}` in, applies `EQUICACHE_SECTION__KEY`.

    Raises ConfigError for broken YAML, a duplicate key, a variable that is not set and an override without a place.
    """
    source = Source(name, {}, {(): f"{name}:1"})
    try:
        _read(source, text, environ)
    except RecursionError:
        found = "found an alias that stands within itself, or brackets within brackets without end"
        raise ConfigError(problem(source, (), found, "a mapping of sections")) from None
    return source


def _read(source: Source, text: str, environ: Mapping[str, str]) -> None:
    node = _composed(_guarded(text), source.name, ())
    values = {} if node is None else _value(node, (), source, environ)
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise ConfigError(problem(source, (), f"found {type(values).__name__}", "a mapping of sections"))
    source.values = values
    for variable in sorted(environ):
        if variable.startswith(OVERRIDE_PREFIX) and environ[variable]:
            _override(source, variable, environ[variable])


def _composed(text: str, name: str, location: Location) -> yaml.Node | None:
    """Raises ConfigError for broken YAML, with its line."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        found = " ".join((exc.problem or "broken YAML").split())
        raise ConfigError(f"{name}:{line}: {path_text(location)}: {found}; expected valid YAML") from exc
    except yaml.YAMLError as exc:
        found = " ".join(str(exc).split())
        raise ConfigError(f"{name}:1: {path_text(location)}: {found}; expected valid YAML") from exc


def _guarded(text: str) -> str:
    """`${…}` as hex between two private-use characters: braces and commas would end a plain value in `{a: ${B}}`."""
    return _VARIABLE.sub(lambda match: f"\ue000{match.group().encode().hex()}\ue001", text)


def _unguarded(match: re.Match[str]) -> str:
    """The `${…}` that stood there; what the file has between such characters by itself stays as it is."""
    text = bytes.fromhex(match[1]).decode(errors="replace")
    return text if _VARIABLE.fullmatch(text) else match.group()


class _Loader(yaml.SafeLoader):
    """YAML 1.2's core scalars: `off`, `no` and `1:30` stay the text that was written (`cache: off`)."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9_]*)", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?",
        "-+0123456789.",
    ),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))


def _value(node: yaml.Node, location: Location, source: Source, environ: Mapping[str, str] | None) -> Any:
    """environ: None where nothing is put in."""
    source.places.setdefault(location, f"{source.name}:{node.start_mark.line + 1}")
    match node:
        case yaml.MappingNode():
            return dict(_members(node, location, source, environ))
        case yaml.SequenceNode():
            return [_value(item, (*location, number), source, environ) for number, item in enumerate(node.value)]
        case yaml.ScalarNode(value=text) if environ is not None and _MISSPELLED.match(text):
            expected = "${NAME} or ${NAME:-default}"
            raise ConfigError(problem(source, location, "found a variable in another spelling", expected))
        case yaml.ScalarNode(value=text) if environ is not None and _GUARDED.search(text):
            return _substituted(text, location, source, environ) or None
        case _:
            return _scalar(node, location, source)


def _members(
    node: yaml.MappingNode, location: Location, source: Source, environ: Mapping[str, str] | None
) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise ConfigError(problem(source, location, "found a key that is not a word", "a plain key"))
        key = _GUARDED.sub(_unguarded, key_node.value)
        where = (*location, key)
        source.places[where] = f"{source.name}:{key_node.start_mark.line + 1}"
        if key != key_node.value:
            raise ConfigError(problem(source, where, "found a variable in the name of a key", "it in a value"))
        if key in seen:
            raise ConfigError(problem(source, where, "found this key a second time", "each key once"))
        seen.add(key)
        yield key, _value(value_node, where, source, environ)


class _Written:
    """A number that says itself as it was written: where the schema wants a text (a key 0071, a version 1.10), that."""

    written: str

    def __repr__(self) -> str:
        return self.written


class _Whole(_Written, int):
    pass


class _Real(_Written, float):
    pass


def _scalar(node: yaml.Node, location: Location, source: Source) -> Any:
    loader = _Loader("")
    try:
        value = loader.construct_object(node)
        if number := {int: _Whole, float: _Real}.get(type(value)):
            value = number(value)
            value.written = node.value
        return value
    except (yaml.YAMLError, ValueError, LookupError, AttributeError) as exc:  # `!!int x`, a number without end
        raise ConfigError(problem(source, location, f"found the tag {node.tag}", "a plain value")) from exc
    finally:
        loader.dispose()


def _substituted(text: str, location: Location, source: Source, environ: Mapping[str, str]) -> str:
    """Values from the environment stay text (the schema turns "8080" into a number); nothing in them is YAML."""

    def value_of(match: re.Match[str]) -> str:
        variable = _VARIABLE.fullmatch(_unguarded(match))
        if variable is None:
            return match.group()
        name, default = variable.groups()
        value = environ.get(name, "")
        if value or default is not None:
            return value or default
        raise ConfigError(
            problem(source, location, f"found ${{{name}}}, which is not set", f"{name} in the environment")
        )

    return _GUARDED.sub(value_of, text)


def _override(source: Source, variable: str, text: str) -> None:
    """Writes one environment variable over the file's values; a name without `__` is ours only as `store` or so."""
    names = variable.removeprefix(OVERRIDE_PREFIX).split("__")
    is_bracketed = text.lstrip()[:1] in {"[", "{"}
    whole = (*ONE_WORD, *SECTIONS) if is_bracketed else ONE_WORD
    if len(names) == 1 and names[0] not in whole:
        if near := difflib.get_close_matches(names[0], whole, n=1, cutoff=0.8):
            raise ConfigError(f"{variable}: $: unknown key; expected {OVERRIDE_PREFIX}{near[0]}")
        return
    here: Any = source.values
    location: Location = ()
    for name in names[:-1]:
        key, is_list = _key_for(here, name), isinstance(here, list)
        location = (*location, key)
        source.places.setdefault(location, variable)
        here = _child(here, key)
        if not isinstance(here, dict | list):
            expected = "the number of an item, 0 for the first" if is_list else "a section"
            raise ConfigError(f"{variable}: {path_text(location)}: found none here; expected {expected}")
    key = _key_for(here, names[-1])
    if isinstance(here, list) and not (isinstance(key, int) and key < len(here)):
        raise ConfigError(f"{variable}: {path_text(location)}: found no item {key}; expected an item of the file")
    location = (*location, key)
    here[key] = _flow(text, location, variable) if is_bracketed else text
    for replaced in [where for where in source.places if where[: len(location)] == location]:
        del source.places[replaced]
    source.places[location] = variable


def _flow(text: str, location: Location, variable: str) -> Any:
    """A list or section as `[a, b]` or `{a: b}`, read as strictly as the file; nothing is put into it."""
    node = _composed(text, variable, location)
    assert node is not None  # it begins with a bracket
    return _value(node, location, Source(variable, {}), None)


def _key_for(section: dict[str, Any] | list[Any], name: str) -> str | int:
    """The key that is meant: case and `-`/`_` cannot be told apart in an environment variable."""
    if isinstance(section, list):
        return int(name) if name.isdecimal() else name
    spelled = name.lower().replace("-", "_")
    return next((key for key in section if key.lower().replace("-", "_") == spelled), name.lower())


def _child(section: dict[str, Any] | list[Any], key: str | int) -> Any:
    if isinstance(section, list):
        return section[key] if isinstance(key, int) and key < len(section) else None
    if section.get(str(key)) is None:
        section[str(key)] = deepcopy(IF_ABSENT.get(str(key), {}))
    return section[str(key)]
