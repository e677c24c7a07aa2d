"""`equicache replay FILE`: requests through an empty cache, offline; ours beside cosine and exact-only."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import orjson
import typer
from rich.table import Table

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.cli.curves import page
from proxy.cli.rows import read_rows, with_bar
from proxy.cli.score import DomainName, domain_name
from proxy.cli.terminal import out, print_json
from proxy.core.stream import Played, hit_rate_at, play, sweep
from proxy.errors import BackendError
from proxy.parts import OpenModels, open_models
from proxy.replay import Rehearsal, row_of

COSINE = 0.85
"""What most semantic caches serve from."""

ERROR_RATES = (0.005, 0.01, 0.02)
EXPECTED = '{"prompt": text, "class"?: text} or {"body": {…}, "class"?: text}'


def replay(
    file: Annotated[str, typer.Argument(help="JSONL(.gz) of {body} or {prompt, class?}; - is standard input.")],
    domain: DomainName = None,
    plot: Annotated[Path | None, typer.Option(metavar="F.html", help="Write the curves as one page.")] = None,
    false_hits: Annotated[
        Path | None, typer.Option(metavar="F.jsonl", help="Write the wrong hits, texts and all.")
    ] = None,
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Say what this domain's cache would have answered, and how often wrongly where classes are given."""
    settings = chosen_config(config)
    name = domain_name(domain, settings.domains)
    rows = read_rows(file, row_of, EXPECTED)
    with closing(open_models(settings)) as loaded:
        rehearsal = _rehearsal(loaded, settings, name)
        asyncio.run(rehearsal.rehearse(with_bar(rows, "replaying")))
    report = Report(rehearsal, loaded.thresholds.current(name).logit)
    if as_json:
        print_json(report.shown())
    else:
        report.print()
    if plot is not None:  # files last: what took minutes to find is not lost to a path that cannot be written
        plot.write_text(report.page(f"equicache replay: {Path(file).name}, domain {name}"), encoding="utf-8")
    if false_hits is not None:
        false_hits.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in report.false_hits()))
        if not report.has_classes:
            print(f"equicache: {false_hits}: empty, for no line of {file} has a class", file=sys.stderr)


def _rehearsal(loaded: OpenModels, settings: Any, name: str) -> Rehearsal:
    if loaded.models is None:
        raise BackendError(loaded.why)
    return Rehearsal(loaded.models, settings.domains[name], lambda path, model: settings.route_for(path, model, {}))


class Report:
    """The figures of one rehearsal, for people, scripts and the plot."""

    def __init__(self, rehearsal: Rehearsal, threshold: float) -> None:
        self._rehearsal = rehearsal
        at_most = rehearsal.domain.candidates
        ours, cosine = rehearsal.ours.stream(at_most), rehearsal.cosine.stream(1)
        self._curves = {"equicache": sweep(ours), "cosine": sweep(cosine)}
        self._held = {
            "equicache": play(ours, threshold),
            f"cosine {COSINE}": play(cosine, COSINE),
            "exact only": play(ours, np.inf),
        }

    @property
    def has_classes(self) -> bool:
        """Whether anything says which hits are wrong."""
        return any(arrival.label is not None for arrival in self._rehearsal.ours.arrivals)

    def shown(self) -> Mapping[str, object]:
        """JSON-ready."""
        return {
            "requests": len(self._rehearsal.texts),
            "not_compared": dict(self._rehearsal.reasons.most_common()),
            "held": {name: figures(each) for name, each in self._held.items()},
            "hit_rate_at_error_rate": {
                name: {str(rate): hit_rate_at(curve, rate) for rate in ERROR_RATES}
                for name, curve in self._curves.items()
            },
            "curves": {name: [figures(each) for each in curve] for name, curve in self._curves.items()},
        }

    def false_hits(self) -> Sequence[Mapping[str, object]]:
        """Wrong hits at the domain's threshold, with their texts."""
        texts = self._rehearsal.texts
        found = self._held["equicache"].false_hits
        return [{"asked": texts[h.asked], "stored": texts[h.stored], "logit": h.score} for h in found]

    def print(self) -> None:
        """Two tables: at the threshold that holds, and over all thresholds."""
        out.print(_table(f"{len(self._rehearsal.texts)} requests through an empty cache", self._rows()))
        best = [
            {
                "highest hit rate at an error rate of": name,
                **{f"{r:.1%}": f"{hit_rate_at(c, r):.1%}" for r in ERROR_RATES},
            }
            for name, c in self._curves.items()
        ]
        if self.has_classes:
            out.print(_table("over all thresholds (found on this very stream)", best))
        lost = ", ".join(f"{reason} {count}" for reason, count in self._rehearsal.reasons.most_common())
        out.print(f"not compared by meaning: {lost or 'none'}")

    def page(self, title: str) -> str:
        """HTML with the curves; without classes there is nothing on the right-hand axis but zero."""
        return page(title, self._curves, {n: p for n, p in self._held.items() if p.semantic}, self._rows())

    def _rows(self) -> list[dict[str, str]]:
        return [_row(name, each, has_classes=self.has_classes) for name, each in self._held.items()]


def figures(played: Played) -> Mapping[str, object]:
    """JSON-ready; rates of false hits are null where no class is known."""
    known = played.judged > 0
    return {
        "threshold": played.threshold if np.isfinite(played.threshold) else None,
        "hit_rate": played.hit_rate,
        "exact": played.exact,
        "masked": played.masked,
        "semantic": played.semantic,
        "judged": played.judged,
        "wrong": played.wrong if known else None,
        "false_hit_rate": played.false_hit_rate if known else None,
        "false_hit_rate_upper_95": played.upper if known else None,
        "error_rate": played.error_rate if known else None,
    }


def _row(name: str, played: Played, *, has_classes: bool) -> dict[str, str]:
    row = {
        "cache": name,
        "hit rate": f"{played.hit_rate:.1%}",
        "exact": str(played.exact),
        "by meaning": str(played.semantic + played.masked),
    }
    if has_classes:
        rate = f"{played.false_hit_rate:.2%} (≤ {played.upper:.2%})" if played.judged else "-"
        row |= {"wrong": f"{played.wrong} of {played.judged}", "false-hit rate (95 % bound)": rate}
    return row


def _table(title: str, rows: Sequence[Mapping[str, str]]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in rows[0]:
        table.add_column(heading)
    for row in rows:
        table.add_row(*row.values())
    return table
