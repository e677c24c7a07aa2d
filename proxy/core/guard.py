"""The names of the vetoes; which forbids what is said in `core/guards`."""

from __future__ import annotations

from enum import StrEnum


class Guard(StrEnum):
    """The veto that spoke; shown in log and metric."""

    NUMBERS = "numbers"
    UNITS = "units"
    IDS = "ids"
    DATES = "dates"
    VERSIONS = "versions"
    QUOTED = "quoted"
    CODE = "code"
    PAYLOAD = "payload"
    UNKNOWN_TOKENS = "unknown_tokens"
    CASE = "case"
    ROLES = "roles"
    DIRECTION = "direction"
    POLARITY = "polarity"
    MODALITY = "modality"
    EXTENT = "extent"
    FORM = "form"
    FACTS = "facts"
    CHOICE = "choice"
    QUESTION = "question"
    HIDDEN = "hidden"
    EQUAL_IDS = "equal_ids"
