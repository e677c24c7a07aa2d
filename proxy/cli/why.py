"""`equicache why`: lost hits by cause, the setting that would win them, and what was not stored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.cli.terminal import out, print_json, printable, text_of
from proxy.config.settings import Config
from proxy.core.fields import is_known
from proxy.core.outcome import ANSWERED
from proxy.errors import BackendError, ConfigError

SHOWN_CHARACTERS = 100
"""Of the name of a field, which is the client's text."""
DETAILS = {"scope_differs": "scope_field", "guard": "guard"}
"""Reasons that have a detail, and its key; a veto on one candidate stands beside other reasons, too."""

LOGGED = {**DETAILS, "stateful_field": "field"}
"""Those that have one in the log; the running proxy counts no names that clients invent."""

ADVICE = {
    "off": "the route says cache: off",
    "no_store": "the request says Cache-Control: no-store",
    "unparseable": "the body is not plain JSON, or reading it failed (the log's plan.failed)",
    "too_large": "larger than routes[].max_request_bytes",
    "cookie": "the request carries a Cookie",
    "stateful_model": "the model searches the web",
    "remote_content": "an image or file by http(s) address, which may change",
    "not_from_user": "the last message is not the user's",
    "not_entitled": "the provider has not yet accepted this key; its next answers are remembered",
    "state_unavailable": "the store could not be read: equicache check",
    "backend": "the store or the models failed: equicache check",
    "refresh": "the client asked for a fresh answer (no-cache)",
    "too_old": "the client asked for a younger answer (max-age)",
    "reported": "the request reported a hit, so it went to the provider",
    "quarantined": "this pair was reported as a bad hit",
    "gone": "the entry was taken out, or stored by another release or embedder",
    "form": "remembered in a form that cannot answer this one (no usage, unknown keys)",
    "busy": "more questions at once than the models decide in time; more workers",
    "not_finite": "the scorer gave no number: equicache check",
    "domain_refused": "equicache-domain named a domain that the route does not list",
    "semantic_off": "answering by meaning is off: the kill switch, or no models (equicache check)",
    "loading": "models and index are being read: at a start, or while the store cannot be read (equicache check)",
    "endpoint": "only identical requests hit on this endpoint",
    "field": "n, logprobs, seed, a JSON schema: only identical requests hit",
    "content_parts": "several parts, images or files: only identical requests hit",
    "mask_limit": "more text than masks look through",
    "empty": "no question in the last turn",
    "unknown_tokens": "words that the embedder does not know; only identical requests hit",
    "hidden_characters": "invisible characters; only identical requests hit",
    "context_bound": "it leans on something said before; domains.NAME.bypass without it allows it",
    "novelty": "it asks for something new; domains.NAME.bypass without it allows it",
    "side_effect": "it asks for an action; such answers are never stored",
    "scope_differs": "a field differs that may not matter: domains.NAME.scope.mask or scope.ignore",
    "no_extract": "domains.NAME.prompt.extract found nothing in the last turn",
    "below_threshold": "the scorer was not sure; labels and `equicache calibrate` make it surer",
    "below_floor": "nothing alike was remembered",
    "no_candidate": "nothing was remembered in this scope yet",
    "guard": "a number, unit, date, id, quoted text … differs; the answer would have been wrong",
    "language": "no measured false-accept rate in this language; identical requests still hit",
    "window": "longer than domains.NAME.max_prompt_tokens (at most 256)",
    "several_turns": "a conversation: only identical ones are answered from memory",
    "payload_turn": "what the user writes is material (a system prompt says: translate it); identical requests hit",
    "tools": "tools are declared: only identical requests hit",
    "temperature": "hotter than routes[].max_temperature",
    "stateful_field": "a field that keeps state, or an unknown one (`equicache why LOG` names it); if that keeps none, "
    "list it in routes[].stateless_fields",
    "tenant_field_absent": "the tenancy header or `user` is missing",
    "time_bound": "it may be about now (prices, hours, dates), so nothing of it is stored; where your answers hold for "
    "ttl_s, leave time_bound out of domains.NAME.bypass",
    "personal": "about a person; tenancy: user or header:NAME allows it",
    "route_exact": "the route says cache: exact",
    "stale": "older than domains.NAME.ttl_s",
}

NOT_STORED = {
    "status": "the provider answered with another status than 200",
    "incomplete": "it broke off, or the stream has no end ([DONE], response.completed)",
    "answer_unparseable": "it is not what this endpoint answers",
    "finish_reason": "it was cut or filtered: a finish_reason other than stop",
    "answer_empty": "it says nothing",
    "refusal": "the model refused",
    "error_body": "it tells an error, with status 200",
    "tool_calls": "it calls a tool",
    "annotations": "it comes from the web or from tools of the provider's (annotations, citations, executed_tools)",
    "answer_too_large": "larger than domains.NAME.max_response_bytes",
    "answer_no_store": "it says no-store; under tenancy: shared also private, or a Set-Cookie",
    "invalid_json": "JSON was asked for, and it is none",
    "answer_secret": "it holds a card number or a key",
    "prompt_secret": "the request holds a card number or a key",
    "prompt_time_bound": "asked about now; where answers hold for ttl_s, leave time_bound out of domains.NAME.bypass",
    "prompt_side_effect": "asked for an action",
    "answer_time_bound": "tools are declared, and it speaks of now",
    "model_differs": "another model answered than was asked for; if that is the one meant, ask for it by its own name",
    "unknown_coding": "compressed in a way that is not known here, or to more than domains.NAME.max_response_bytes",
    "close_delimited": "only the end of the connection ended it",
    "from_cache": "another equicache had it in memory",
    "answer_varies": "its Vary names a header by which answers are not kept apart; list it in routes[].scope.headers",
    "answer_asks": "tools are declared, and it asks back",
    "client_left": "the client left before it had come",
    "store_unavailable": "the store did not take it: equicache check",
    "generation": "the domain was emptied meanwhile",
    "overtaken": "a later call was stored, a report came, or the response was deleted, meanwhile",
}
"""Why an answer was not stored (`drop` in the log): whoever asks the same again misses, too."""


def why(
    log: Annotated[
        str | None,
        typer.Argument(
            help="The proxy's log (.gz, too) in JSON lines (server.log: json), - for standard input; else ask it."
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="With a log: 30m, 12h, 7d; unless said, the last day.")
    ] = None,
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Lost hits by cause, most frequent first, with what would win them; then the answers that were not stored."""
    if log is None and since is not None:
        raise ConfigError("--since: found no log; expected one: the running proxy counts from its own start alone")
    if log is None:
        lost = from_running(chosen_config(config))
    else:
        lost = from_log(log, datetime.now(UTC) - span(since or "1d"))
    if as_json:
        rows = [{"cause": cause, "detail": detail, "requests": count} for (cause, detail), count in lost.by_cause]
        counts = {"requests": lost.requests, "hits": lost.hits, "shadow_hits": lost.shadow_hits}
        not_stored = [{"reason": reason, "answers": count} for reason, count in lost.not_stored]
        print_json({**counts, "lost": rows, "not_stored": not_stored})
        return
    shadow = f", {lost.shadow_hits} would have been (shadow)" if lost.shadow_hits else ""
    table = Table(title=f"{lost.requests} requests, {lost.hits} from memory{shadow}", title_justify="left")
    has_details = any(detail for (_, detail), _ in lost.by_cause)
    for heading in ("requests", "cause", *(["what"] if has_details else []), "how to win them"):
        table.add_column(heading)
    for (cause, detail), count in lost.by_cause:
        table.add_row(str(count), cause, *([printable(detail)] if has_details else []), advice(cause, detail))
    out.print(table)
    if lost.not_stored:
        title = "answers that were not stored: whoever asks the same misses, too"
        table = Table("answers", "reason", "why", title=title, title_justify="left")
        for reason, count in lost.not_stored:
            table.add_row(str(count), reason, NOT_STORED.get(reason, ""))
        out.print(table)


def advice(cause: str, detail: str) -> str:
    """What would win these requests, or why nothing should."""
    if cause == "scope_differs" and detail.startswith("context."):
        return "sent another way (route, endpoint, address, headers); no mask joins them"
    if cause == "stateful_field" and is_known(detail):
        return "it keeps state at the provider, or has something looked up there; no setting changes that"
    return ADVICE.get(cause, "")


@dataclass(frozen=True, slots=True)
class Lost:
    """by_cause: (reason, scope field, guard or field) and the requests that were not answered from memory, most first.
    shadow_hits: requests that a shadow route forwarded although it could have answered them. not_stored: reasons that
    kept answers out of memory, and how many each.
    """

    requests: int
    hits: int
    shadow_hits: int
    by_cause: Sequence[tuple[tuple[str, str], int]]
    not_stored: Sequence[tuple[str, int]]


def from_log(file: str, after: datetime) -> Lost:
    """Reads `request.answered` events. Raises OSError, and ConfigError where there are none."""
    with text_of(file) as lines:
        found = list(answered(lines))
    if not found:
        raise ConfigError(f"why: no {ANSWERED} in {file}; expected the proxy's log in JSON lines (server.log: json)")
    events = [event for event in found if _at(event) >= after]
    if not events:
        raise ConfigError(f"why: all {len(found)} requests in {file} are older than --since says")
    hits = sum(event.get("outcome") == "hit" for event in events)
    shadow_hits = sum(bool(event.get("shadow")) for event in events)
    not_stored = Counter(str(event["drop"]) for event in events if event.get("drop"))
    return Lost(len(events), hits, shadow_hits, causes(events).most_common(), not_stored.most_common())


def from_running(config: Config) -> Lost:
    """Asks the admin listener for its totals since start. Raises ConfigError without its token, BackendError."""
    admin = config.server.admin
    if admin.token is None:
        raise ConfigError(
            "why: found no log and no EQUICACHE_ADMIN_TOKEN; expected `equicache why LOG` (JSON lines), or the token "
            "that the proxy shows at its start (statistics …?token=TOKEN) in the environment, to ask the running proxy"
        )
    connection = HTTPConnection(admin.host, admin.port, timeout=5)
    try:
        connection.request("GET", "/api/stats", headers={"Authorization": f"Bearer {admin.token}"})
        response = connection.getresponse()
        if response.status != 200:
            token = "; is EQUICACHE_ADMIN_TOKEN this proxy's token?" if response.status in (401, 403) else ""
            raise BackendError(f"the admin listener on {admin.host}:{admin.port} answers {response.status}{token}")
        return _lost(orjson.loads(response.read()))
    except (OSError, HTTPException) as exc:
        raise BackendError(f"no proxy answers on {admin.host}:{admin.port} ({exc})") from exc
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as exc:  # another program, another release
        raise BackendError(
            f"what {admin.host}:{admin.port} answers are no statistics of this release; start the proxy anew, or give "
            "the port of its admin listener"
        ) from exc
    finally:
        connection.close()


def _lost(stats: Mapping[str, Any]) -> Lost:
    """What `/api/stats` says. Raises KeyError, TypeError, AttributeError for anything else."""
    detailed = Counter({("scope_differs", field): count for field, count in stats["scope_fields"].items()})
    detailed += Counter({("guard", guard): count for guard, count in stats["guards"].items()})
    plain = {(reason, ""): count for reason, count in stats["reasons"].items() if reason not in DETAILS}
    by_cause = (detailed + Counter(plain)).most_common()
    not_stored = Counter(stats["dropped"]).most_common()
    return Lost(stats["requests"], sum(stats["hits"].values()), stats["shadow_hits"], by_cause, not_stored)


def span(text: str) -> timedelta:
    """`30m`, `12h`, `7d`; raises ConfigError for anything else."""
    match = re.fullmatch(r"(\d{1,5})([mhd])", text)
    if match is None:
        raise ConfigError(f"--since: found {text!r}; expected a number with m, h or d, like 12h")
    return timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[match[2]]: int(match[1])})


def answered(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The request events of a log, behind what a log driver wrote before them; all other lines are passed over."""
    for line in lines:
        if ANSWERED not in line:
            continue
        try:
            event = orjson.loads(line[line.find("{") :])
        except orjson.JSONDecodeError:
            continue
        if isinstance(event, dict) and event.get("event") == ANSWERED:
            yield event


def causes(events: Iterable[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """(reason, scope field, guard or field) to requests that were not answered from memory."""
    return Counter(
        (str(event["reason"]), str(event.get(LOGGED.get(str(event["reason"]), ""), ""))[:SHOWN_CHARACTERS])
        for event in events
        if event.get("outcome") != "hit" and event.get("reason")
    )


def _at(event: dict[str, Any]) -> datetime:
    """When it happened; without a zone in UTC, as our own lines are."""
    try:
        at = datetime.fromisoformat(str(event.get("timestamp")))
    except ValueError:
        at = datetime.max
    return at if at.tzinfo else at.replace(tzinfo=UTC)
