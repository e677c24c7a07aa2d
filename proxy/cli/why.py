"""`equicache why`: lost hits by cause, and the setting that would win them."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from proxy.cli.terminal import out, print_json
from proxy.errors import ConfigError

EVENT = "request.answered"
ADVICE = {
    "scope_differs": "a field differs that may not matter: domains.NAME.scope.mask or scope.ignore",
    "no_extract": "domains.NAME.prompt.extract found nothing in the last turn",
    "below_threshold": "the scorer was not sure; labels and `equicache calibrate` make it surer",
    "below_floor": "nothing alike was remembered",
    "no_candidate": "nothing was remembered in this scope yet",
    "guard": "a number, name, negation … differs; the answer would have been wrong",
    "language": "no measured false-accept rate in this language; identical requests still hit",
    "window": "longer than domains.NAME.max_prompt_tokens (at most 256)",
    "several_turns": "a conversation: only identical ones are answered from memory",
    "payload_turn": "the system prompt works on the user's text; only identical requests hit",
    "tools": "tools are declared: only identical requests hit",
    "temperature": "hotter than routes[].max_temperature",
    "stateful_field": "an unknown field; if it keeps no state, list it in routes[].stateless_fields",
    "tenant_field_absent": "the tenancy header or `user` is missing",
    "time_bound": "the answer is about now",
    "personal": "about a person; tenancy: user or header:NAME allows it",
    "route_exact": "the route says cache: exact",
    "stale": "older than domains.NAME.ttl_s",
}


def why(
    log: Annotated[
        str, typer.Argument(help="The proxy's log in JSON lines (server.log: json); - is standard input.")
    ] = "-",
    since: Annotated[str, typer.Option(metavar="TIME", help="30m, 12h, 7d")] = "1d",
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Lost hits by cause, most frequent first, with the setting that would win them."""
    after = datetime.now(UTC) - span(since)
    opened: Any = nullcontext(sys.stdin) if log == "-" else Path(log).open(encoding="utf-8", errors="replace")  # noqa: SIM115
    with opened as lines:
        events = list(answered(lines, after))
    lost = causes(events)
    hits = sum(event.get("outcome") == "hit" for event in events)
    if as_json:
        rows = [{"cause": cause, "detail": detail, "requests": count} for (cause, detail), count in lost.most_common()]
        print_json({"requests": len(events), "hits": hits, "lost": rows})
        return
    table = Table(title=f"{len(events)} requests, {hits} from memory", title_justify="left")
    for heading in ("requests", "cause", "what", "how to win them"):
        table.add_column(heading)
    for (cause, detail), count in lost.most_common():
        table.add_row(str(count), cause, detail, ADVICE.get(cause, ""))
    out.print(table)


def span(text: str) -> timedelta:
    """`30m`, `12h`, `7d`; raises ConfigError for anything else."""
    match = re.fullmatch(r"(\d+)([mhd])", text)
    if match is None:
        raise ConfigError(f"--since: found {text!r}; expected a number with m, h or d, like 12h")
    return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[match[2]]: int(match[1])})


def answered(lines: Iterable[str], after: datetime) -> Iterator[dict[str, Any]]:
    """The request events of a log; lines that are something else are passed over."""
    for line in lines:
        if EVENT not in line:
            continue
        try:
            event = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(event, dict) and event.get("event") == EVENT and _at(event) >= after:
            yield event


def causes(events: Iterable[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """(reason, scope field or guard) to requests that were not answered from memory."""
    return Counter(
        (str(event["reason"]), str(event.get("scope_field") or event.get("guard") or ""))
        for event in events
        if event.get("outcome") != "hit" and event.get("reason")
    )


def _at(event: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(event.get("timestamp")))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
