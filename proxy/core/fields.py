"""What the top-level fields of one request mean for memory, by the field table (`core/field_table`, R5).

A field that the table does not name is taken for state, unless it is null: the request is forwarded untouched and
forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proxy.core.field_table import EXACT_REASONS, OF_ONE_CALL, TABLE, Treatment, has_running_usage
from proxy.core.reasons import BypassReason, ExactOnlyReason
from proxy.core.request import Endpoint

FORM_FIELDS = frozenset({"stream", "stream_options"})
_FORM_OR_CALL = FORM_FIELDS | OF_ONE_CALL


@dataclass(frozen=True, slots=True)
class FieldVerdict:
    """The strictest thing the fields say; field and reason are empty when all is well."""

    treatment: Treatment = Treatment.SCOPE
    field: str = ""
    reason: BypassReason | ExactOnlyReason | None = None


def judge_fields(endpoint: Endpoint, fields: Mapping[str, Any], stateless: frozenset[str]) -> FieldVerdict:
    """Judges every top-level field; `stateless` are the unknown ones that the route vouches for."""
    table = TABLE[endpoint]
    worst = FieldVerdict()
    for name, value in fields.items():
        if name not in table:
            if name not in stateless and value is not None:
                return FieldVerdict(Treatment.BYPASS, name, BypassReason.STATEFUL_FIELD)
            continue
        treatment = treatment_of(endpoint, name, value)
        if treatment is Treatment.BYPASS:
            return FieldVerdict(treatment, name, BypassReason.STATEFUL_FIELD)
        if treatment is Treatment.EXACT_ONLY and worst.reason is None:
            worst = FieldVerdict(treatment, name, EXACT_REASONS.get(name, ExactOnlyReason.FIELD))
    if endpoint is Endpoint.RESPONSES and worst.reason is None and fields.get("store") is None:
        return FieldVerdict(Treatment.EXACT_ONLY, "store", ExactOnlyReason.FIELD)  # absent means true (R20)
    return worst


def treatment_of(endpoint: Endpoint, name: str, value: object) -> Treatment:
    """The table's word on one field with one value. null is how clients spell "absent": it stays in the scope."""
    rule = TABLE[endpoint].get(name, Treatment.BYPASS)
    if rule is Treatment.IGNORED:
        return rule
    if value is None:
        return Treatment.SCOPE
    return rule if isinstance(rule, Treatment) else rule(value)


def is_known(name: str, endpoint: Endpoint | None = None) -> bool:
    """Whether the field table has it, of this endpoint or of any: then no setting changes how it is treated."""
    return any(name in TABLE[one] for one in ((endpoint,) if endpoint else Endpoint))


def left_out(fields: Mapping[str, Any]) -> frozenset[str]:
    """The fields that are no part of a request's keys. Its form is one of them where replay can make the other."""
    return OF_ONE_CALL if has_running_usage(fields.get("stream_options")) else _FORM_OR_CALL
