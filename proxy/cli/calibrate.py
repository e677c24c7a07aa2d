"""`equicache calibrate FILE`: a domain's own threshold from labelled pairs, and what it promises."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from proxy.cli.config_option import ConfigFile, chosen_config
from proxy.cli.rows import read_rows, with_bar
from proxy.cli.score import DomainName, domain_name
from proxy.cli.terminal import out, print_json
from proxy.config.settings import Config
from proxy.core.calibrated import Calibrated, parse, written
from proxy.core.reasons import MissReason
from proxy.core.risk import Held, interval, threshold_for
from proxy.errors import BackendError, ConfigError, ProxyError
from proxy.parts import OpenModels, open_models, thresholds_file

EXPECTED = '{"a": text, "b": text, "label": 0 or 1}'


class Method(StrEnum):
    """What the threshold is on."""

    SCORER = "scorer"
    COSINE = "cosine"


@dataclass(frozen=True, slots=True)
class Labelled:
    """label 1: the answer of one may be served to the other."""

    a: str
    b: str
    label: int


def calibrate(
    file: Annotated[str, typer.Argument(help="JSONL(.gz) of {a, b, label}, from this domain's own traffic.")],
    max_false_hit_rate: Annotated[float, typer.Option(metavar="R", help="Wrong semantic hits / semantic hits.")],
    domain: DomainName = None,
    method: Annotated[Method, typer.Option(help="cosine: only to compare; the proxy decides by the scorer.")] = (
        Method.SCORER
    ),
    write: Annotated[bool, typer.Option("--write", help="Put it beside the configuration for the next start.")] = False,
    config: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Find the loosest threshold that keeps the false-hit rate, with its guarantee; exit 1 when none does."""
    if not 0 < max_false_hit_rate < 1:
        raise ConfigError(f"--max-false-hit-rate: found {max_false_hit_rate}; expected a rate between 0 and 1")
    if write and method is Method.COSINE:
        raise ConfigError("--write: found --method cosine; expected scorer, which is what the proxy decides by")
    settings = chosen_config(config)
    name = domain_name(domain, settings.domains)
    pairs = read_rows(file, labelled, EXPECTED)
    with closing(open_models(settings)) as loaded:
        scores = asyncio.run(_scores(loaded, pairs, name, method))
    found = _found(loaded, pairs, scores, max_false_hit_rate, file)
    if as_json:
        print_json({"domain": name, "method": method, **found.shown()})
    else:
        out.print(found.in_words(name, method))
    if write:  # last: what took minutes to find is not lost to a folder nobody may write
        path = thresholds_file(settings)
        known = parse(path.read_bytes(), str(path)) if path.is_file() else {}
        path.write_bytes(written({**known, name: found.line}))
        if not as_json:
            out.print(f"written to {path}; {_effect(settings, name, max_false_hit_rate)}")


def _effect(settings: Config, domain: str, rate: float) -> str:
    """When the written threshold decides: a domain that allows less keeps the shipped one."""
    allowed = settings.domains[domain].max_false_hit_rate
    if rate <= allowed:
        return "it holds from the next start on"
    return (
        f"it has no effect while domain {domain} allows less: set its max_false_hit_rate (now {allowed:g}) to {rate:g}"
    )


def labelled(row: dict[str, Any]) -> Labelled | None:
    """None for a row that is no labelled pair."""
    a, b, label = row.get("a"), row.get("b"), row.get("label")
    if not isinstance(a, str) or not isinstance(b, str) or label not in (0, 1):
        return None
    return Labelled(a, b, int(label))


async def _scores(loaded: OpenModels, pairs: Sequence[Labelled], domain: str, method: Method) -> NDArray[np.float32]:
    """float32[n]; -inf for pairs that an earlier stage refuses, and for equal texts: the scorer never serves them."""
    scores = np.full(len(pairs), -np.inf, dtype=np.float32)
    for row, pair in enumerate(with_bar(pairs, "scoring")):
        if pair.a == pair.b:
            continue
        found = await loaded.explain(pair.a, pair.b, domain)
        score = found["similarity"] if method is Method.COSINE else _logit(found)
        scores[row] = score if isinstance(score, float) and np.isfinite(score) else -np.inf
    return scores


def _logit(found: Mapping[str, Any]) -> float | None:
    is_scored = found["reason"] in ("", MissReason.BELOW_THRESHOLD)
    logit: float | None = found["logit"] if is_scored else None
    return logit


@dataclass(frozen=True, slots=True)
class Found:
    """A threshold that holds. total, reached: pairs of the file, and those that the scorer decides; right: label 1."""

    held: Held
    line: Calibrated
    total: int
    reached: int
    right: int

    def shown(self) -> Mapping[str, object]:
        """JSON-ready."""
        low, high = interval(self.held.wrong, self.held.served)
        return {
            "threshold_logit": self.held.logit,
            "threshold_probability": self.line.probability,
            "max_false_hit_rate": self.line.max_false_hit_rate,
            "confidence": 0.95,
            "accepted": self.held.served,
            "wrong": self.held.wrong,
            "interval_95": [low, high],
            "upper_bound_95": self.held.upper,
            "pairs": self.total,
            "pairs_decided_by_the_scorer": self.reached,
            "recall": (self.held.served - self.held.wrong) / max(self.right, 1),
            "scorer": self.line.scorer,
        }

    def in_words(self, domain: str, method: Method) -> str:
        """Five lines."""
        held = self.held
        low, high = interval(held.wrong, held.served)
        score = f"logit {held.logit:.3f} (probability {self.line.probability:.3f})"
        return "\n".join(
            [
                f"{domain}: serve from {score if method is Method.SCORER else f'cosine {held.logit:.3f}'}",
                f"accepted {held.served} of {self.total} labelled pairs ({self.reached} reach the scorer)",
                f"wrong among them {held.wrong}: false-hit rate {held.wrong / held.served:.2%}, 95 % interval "
                f"{low:.2%} to {high:.2%}; the bound that counts, as several thresholds were tried: {held.upper:.2%}",
                f"guarantee: at most {self.line.max_false_hit_rate:.2%} with 95 % confidence, on traffic these pairs "
                "were sampled from",
                f"recall: {held.served - held.wrong} of {self.right} equivalent pairs",
            ]
        )


def _found(loaded: OpenModels, pairs: Sequence[Labelled], scores: NDArray[np.float32], rate: float, file: str) -> Found:
    """Raises ProxyError (exit 1) when no threshold holds the rate."""
    if loaded.models is None:
        raise BackendError(loaded.why)
    labels = np.array([pair.label for pair in pairs], dtype=np.float32)
    reached = np.isfinite(scores)
    held = threshold_for(scores[reached], labels[reached], rate)
    if held is None:
        needed, count = _pairs_needed(rate), int(reached.sum())
        why = (
            f"at least {needed} accepted pairs without a wrong one would prove it; {count} of {len(pairs)} reach the "
            "scorer (the others are equal texts, or refused before it: `equicache explain` says by what)"
            if count < needed
            else f"{needed} right pairs in a row would prove it, but a wrong one comes after the first "
            f"{_right_at_the_top(scores[reached], labels[reached])} of {count} that reach the scorer"
        )
        raise ProxyError(f"{file}: no threshold keeps the false-hit rate at {rate:.2%} with 95 % confidence: {why}")
    line = Calibrated(
        logit=held.logit,
        probability=loaded.models.calibration.probability(held.logit),
        max_false_hit_rate=rate,
        pairs=held.served,
        wrong=held.wrong,
        upper_bound=held.upper,
        scorer=loaded.models.scorer.digest,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return Found(held, line, len(pairs), int(reached.sum()), int(labels.sum()))


def _right_at_the_top(scores: NDArray[np.float32], labels: NDArray[np.float32]) -> int:
    """Pairs scored higher than every wrong one."""
    wrong = scores[labels == 0]
    return int((scores > wrong.max()).sum()) if len(wrong) else len(scores)


def _pairs_needed(rate: float) -> int:
    """The fewest accepted pairs, all of them right, that prove `rate`; some 3 / rate to 5 / rate."""
    low, high = 0, math.ceil(20 / rate)
    while high - low > 1:
        middle = (low + high) // 2
        proves = threshold_for(np.zeros(middle, np.float32), np.ones(middle, np.float32), rate) is not None
        low, high = (low, middle) if proves else (middle, high)
    return high
