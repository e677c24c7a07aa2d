"""Which key is meant by a variable that parts its sections with one underscore: such a one is not read."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from proxy.config.load import section_of
from proxy.config.schema import ConfigKeys
from proxy.config.source import OVERRIDE_PREFIX


def meant_by(variable: str) -> str | None:
    """`EQUICACHE_SERVER__PORT` for `EQUICACHE_SERVER_PORT`; None for what can be no key in any spelling.

    It is no mistake by itself: Kubernetes sets such names for a service that is called equicache-server.
    """
    name = variable.removeprefix(OVERRIDE_PREFIX)
    if name == variable or "__" in name:
        return None
    parts = _parts(ConfigKeys, name.lower().split("_"))
    return OVERRIDE_PREFIX + "__".join(parts).upper() if parts and len(parts) > 1 else None


def _parts(section: type[BaseModel], words: Sequence[str]) -> list[str] | None:
    """The words as keys of this section and those below it; None where they are none."""
    for end in range(1, len(words) + 1):
        key, rest = "_".join(words[:end]), words[end:]
        if key not in section.model_fields:
            continue
        annotation = section.model_fields[key].annotation
        inner = section_of(annotation)
        if inner is None:
            return None if rest else [key]
        has_names = inner is not annotation  # of the operator's, or numbers of items: one stands between
        for at in range(1, len(rest)) if has_names else (0,):
            if below := _parts(inner, rest[at:]):
                return [key, *(["_".join(rest[:at])] if at else []), *below]
    return None
