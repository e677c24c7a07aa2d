"""What one request gathers on its way through the story; `pipeline` opens it, `forward` goes on with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from proxy.call import Call
from proxy.core.outcome import Outcome
from proxy.telling import Telling


@dataclass(slots=True, eq=False)
class Case:
    """key: under which its ask would be known again. is_entitled: whether its caller may have hits (R12).

    report_result: what its report was answered, if it carries one. extra: header fields of ours beside Cache-Status.
    """

    call: Call
    outcome: Outcome
    telling: Telling
    key: bytes = b""
    is_entitled: bool = False
    report_result: str | None = None
    extra: list[tuple[str, str]] = field(default_factory=list)
