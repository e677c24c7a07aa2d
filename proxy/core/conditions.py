"""What a request's own headers ask of the cache: `Cache-Control` and the `equicache-*` headers.

Lenient in reading (case, quotes, several lines), strict in effect: what cannot be understood never loosens anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from proxy.core.headers import OUR_PREFIX
from proxy.core.hit_id import hit_id_in

MAX_TAGS = 16
MAX_SECONDS = 2**31
"""RFC 9111 §1.2.2: a larger delta-seconds counts as this one."""


class ReportKind(StrEnum):
    """What a client says about a hit."""

    BAD = "bad-hit"
    GOOD = "good-hit"


@dataclass(frozen=True, slots=True)
class Report:
    """id: the `equicache-id` of the hit, also where the completion's id was given; None means the last one served to
    this credential for this request."""

    kind: ReportKind
    id: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Durations in seconds, threshold as a probability in [0, 1]; None when absent. Malformed: the strictest there is.

    is_report_malformed: there is a report, and nobody can say of what.
    """

    no_store: bool = False
    no_cache: bool = False
    only_if_cached: bool = False
    max_age: int | None = None
    min_fresh: int | None = None
    report: Report | None = None
    is_report_malformed: bool = False
    domain: str | None = None
    ttl_s: int | None = None
    threshold: float | None = None
    tags: tuple[str, ...] = ()

    def allows(self, age_s: int, ttl_left_s: int) -> bool:
        """Whether a fresh entry of this age may be served (RFC 9111 §5.2.1)."""
        if self.no_cache or (self.max_age is not None and age_s > self.max_age):
            return False
        return self.min_fresh is None or ttl_left_s >= self.min_fresh


NONE = Conditions()
NEVER = -1
"""A max-age that no answer is young enough for; 0 lets in what was stored within this second."""

_DIRECTIVE = re.compile(r'([!#$%&\'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^,;"]*))?')
_BETWEEN = re.compile(r"(?<![=\s])\s+(?![\s=])|;")
"""What stands between directives beside commas where a client knows no better: `no-cache; no-store`."""

_TAG = re.compile(r"[A-Za-z0-9_.:/-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PROBABILITY = re.compile(r"0(\.\d{1,9})?|1(\.0{1,9})?|\.\d{1,9}")
_ID = re.compile(r"[A-Za-z0-9_.-]{1,200}")


def conditions_of(headers: Iterable[tuple[bytes, bytes]]) -> Conditions:
    """Reads them all from raw header pairs, in one pass."""
    cache_control: list[str] = []
    ours: dict[bytes, list[str]] = {}
    for name, value in headers:
        lowered = name.lower()
        if lowered == b"cache-control":
            cache_control.append(value.decode("latin-1"))
        elif lowered.startswith(OUR_PREFIX):
            ours.setdefault(lowered[len(OUR_PREFIX) :], []).append(value.decode("latin-1").strip())
    if not cache_control and not ours:
        return NONE
    asked = _directives(_BETWEEN.sub(",", ",".join(cache_control)), ",")
    report = _report(_single(ours.get(b"report")))
    return Conditions(
        no_store="no-store" in asked,
        no_cache="no-cache" in asked,
        only_if_cached="only-if-cached" in asked,
        max_age=min(_readable(asked.get("max-age"), unreadable=NEVER), default=None),
        min_fresh=max(_readable(asked.get("min-fresh"), unreadable=MAX_SECONDS), default=None),
        report=report,
        is_report_malformed=report is None and b"report" in ours,
        domain=_matching(_NAME, _single(ours.get(b"domain"))),
        ttl_s=min(_readable(ours.get(b"ttl"), unreadable=0), default=None),
        threshold=_probability(ours.get(b"threshold", ())),
        tags=_tags(ours.get(b"tags", ())),
    )


def _directives(text: str, separator: str) -> dict[str, list[str]]:
    """name -> its values, "" for none. A quoted value may contain the separator."""
    found: dict[str, list[str]] = {}
    position = 0
    while position < len(text):
        match = _DIRECTIVE.match(text, position)
        if match is None:
            position += 1
            continue
        value = (match[2] or "").strip()
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        found.setdefault(match[1].lower(), []).append(value)
        end = text.find(separator, match.end())
        position = end + 1 if end >= 0 else len(text)
    return found


def _readable(values: Sequence[str] | None, *, unreadable: int) -> list[int]:
    """Every value in seconds; what cannot be read counts as the strictest there is."""
    seconds = (_seconds(value) for value in values or ())
    return [unreadable if value is None else value for value in seconds]


def _seconds(text: str | None) -> int | None:
    if not text or not text.isascii() or not text.isdigit():
        return None
    return MAX_SECONDS if len(text) > 10 else min(int(text), MAX_SECONDS)


def _single(values: Sequence[str] | None) -> str | None:
    """The value when there is exactly one: two that disagree say nothing."""
    return values[0] if values and len(set(values)) == 1 else None


def _matching(pattern: re.Pattern[str], text: str | None) -> str | None:
    return text if text is not None and pattern.fullmatch(text) else None


def _probability(values: Sequence[str]) -> float | None:
    """The strictest of several; what cannot be read (`95`, `1.5`) was meant to be strict, too."""
    return max((float(value) if _PROBABILITY.fullmatch(value) else 1.0 for value in values), default=None)


def _tags(values: Sequence[str]) -> tuple[str, ...]:
    asked = (tag.strip() for value in values for tag in value.split(","))
    return tuple(dict.fromkeys(tag for tag in asked if _TAG.fullmatch(tag)))[:MAX_TAGS]


def _report(text: str | None) -> Report | None:
    """`bad-hit; id=abc; reason="other order"`."""
    if text is None:
        return None
    kind, _, rest = text.partition(";")
    word = kind.strip().lower()
    if word not in (ReportKind.BAD, ReportKind.GOOD):
        return None
    asked = _directives(rest, ";")
    hit_id = _single(asked.get("id"))
    if "id" in asked and _matching(_ID, hit_id) is None:
        return None
    return Report(ReportKind(word), hit_id and hit_id_in(hit_id), (_single(asked.get("reason")) or "")[:500])
