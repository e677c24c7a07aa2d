"""How far a request may be looked up: the table of `docs/wire.md` as a pure function (R5, R13).

Judges before any look-up, so it uses nothing that needs a model. What needs the embedding is judged after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from proxy.core.conditions import Conditions
from proxy.core.field_table import Treatment
from proxy.core.fields import judge_fields
from proxy.core.reasons import BypassReason, CacheMode, ExactOnlyReason
from proxy.core.request import Question, Request
from proxy.core.route import Domain, Route, Tenancy, TenancyKind

PLAN_VERSION = 2
"""Stored with every entry; raised when a request that was remembered would now be planned more strictly."""

MAX_QUESTION_CHARACTERS = 4_000
"""Longer than any window: no pattern, tokenizer or model ever sees such a text (1 MB holds the GIL for 1.5 s)."""

MAX_NAME_CHARACTERS = 256
"""Longer names of models are judged, not remembered: a client may invent megabytes of them."""

STATEFUL_MODELS = (
    "*-search-*",
    "*-search",
    "sonar*",
    "*-sonar*",
    "*:online",
    "*:online/*",
    "*enable_web_search=*",
    "compound*",
    "*deep-research*",
    "*deepsearch*",
    *("exa", "exa-*", "brave", "brave-*"),
    "@preset*",
    "*@preset*",
)
"""Models that look things up, or whose settings live at the provider."""


@dataclass(frozen=True, slots=True)
class Bypass:
    """Neither looked up nor stored. detail: the field, header or pattern that decided, for the log."""

    reason: BypassReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ExactOnly:
    """Looked up and stored by its exact key; meaning is not compared."""

    reason: ExactOnlyReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Semantic:
    """Both tiers."""


Plan = Bypass | ExactOnly | Semantic


def plan(
    request: Request | BypassReason, route: Route, domain: Domain, conditions: Conditions, *, has_cookie: bool
) -> Plan:
    """The strictest rule that applies. Shadow routes are planned like semantic ones; the caller never serves."""
    if route.cache is CacheMode.OFF:
        return Bypass(BypassReason.OFF)
    if conditions.no_store:
        return Bypass(BypassReason.NO_STORE)
    if isinstance(request, BypassReason):
        return Bypass(request)
    if has_cookie:
        return Bypass(BypassReason.COOKIE)
    verdict = judge_fields(request.endpoint, request.fields, route.stateless_fields)
    if isinstance(verdict.reason, BypassReason):
        return Bypass(verdict.reason, verdict.field)
    barred = _barred(request, route)
    if barred is not None:
        return barred
    if route.cache is CacheMode.EXACT:
        return ExactOnly(ExactOnlyReason.ROUTE_EXACT)
    if verdict.treatment is Treatment.EXACT_ONLY and isinstance(verdict.reason, ExactOnlyReason):
        return ExactOnly(verdict.reason, verdict.field)
    return _by_question(request.question, domain)


def domain_for(route: Route, wanted: str | None) -> tuple[Domain, bool]:
    """The domain of a request, and whether the one it asked for was refused (R13).

    Obeyed only for a domain that the route lists and whose rate, threshold and tenancy are no looser than those of the
    route's own. All else (`ttl_s`, `bypass`, `scope`) is what the operator lists another domain for.
    """
    if wanted is None or wanted == route.domain.name:
        return route.domain, False
    asked = route.domains.get(wanted)
    if asked is None or looser_in(asked, route.domain):
        return route.domain, True
    return asked, False


def _barred(request: Request, route: Route) -> Bypass | None:
    turns = request.turns
    if turns.barrier is not None:
        return Bypass(turns.barrier, turns.detail)
    for model in _models(request):
        if _is_stateful(model):
            return Bypass(BypassReason.STATEFUL_MODEL, model)
    temperature = request.temperature
    if temperature is not None and not temperature <= route.max_temperature:  # NaN (no number) is above
        return Bypass(BypassReason.TEMPERATURE)
    return None


def _models(request: Request) -> list[str]:
    fallbacks = request.fields.get("models")
    others = [model for model in fallbacks if isinstance(model, str)] if isinstance(fallbacks, list) else []
    return [request.model, request.deployment, *others]


def _is_stateful(model: str) -> bool:
    """Names repeat, and the globs were a third of the plan's time; what is longer than any name is not kept."""
    return _is_stateful_name(model) if len(model) <= MAX_NAME_CHARACTERS else _is_stateful_name.__wrapped__(model)


@lru_cache(maxsize=1024)
def _is_stateful_name(model: str) -> bool:
    """Globs hold for the name with and without the vendor before it (`perplexity/sonar-pro`)."""
    lowered = model.lower()
    names = {lowered, lowered.rpartition("/")[2]}
    return any(fnmatchcase(name, pattern) for name in names for pattern in STATEFUL_MODELS)


def _by_question(question: Question | ExactOnlyReason, domain: Domain) -> Plan:
    """What the words of a question forbid is `admission`'s to say; here only that it is no novel."""
    if isinstance(question, ExactOnlyReason):
        return ExactOnly(question)
    if domain.prompt_extract is None and len(question.text) > MAX_QUESTION_CHARACTERS:
        return ExactOnly(ExactOnlyReason.WINDOW)
    return Semantic()


_LOOSENESS = {TenancyKind.USER: 0, TenancyKind.HEADER: 0, TenancyKind.CREDENTIAL: 1, TenancyKind.SHARED: 2}


def looser_in(asked: Domain, own: Domain) -> str:
    """In which key `asked` is looser than `own`, or nobody can say that it is not; "" where it is as strict."""
    if asked.max_false_hit_rate > own.max_false_hit_rate:
        return "max_false_hit_rate"
    if not _keeps_apart(asked.tenancy, own.tenancy):
        return "tenancy"
    if asked.threshold is None or own.threshold is None:
        return "" if asked.threshold is own.threshold else "threshold"
    return "" if asked.threshold >= own.threshold else "threshold"


def _keeps_apart(asked: Tenancy, own: Tenancy) -> bool:
    """Whether whoever is apart under `own` is apart under `asked`."""
    if asked == own or own.kind is TenancyKind.SHARED:
        return True
    if TenancyKind.HEADER_ONLY in (asked.kind, own.kind):
        return False
    return own.kind is TenancyKind.CREDENTIAL and _LOOSENESS[asked.kind] <= _LOOSENESS[own.kind]
