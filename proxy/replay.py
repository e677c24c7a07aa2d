"""Requests of a file through an empty cache, offline, by the very functions that serve.

Plan, scope, admission, guards, scorer and threshold are those of the domain; only the provider's answers are not
there, so every answer counts as one that may be stored. Two contenders are made in one run: ours, and a cache that
trusts cosine alone (the same scopes and exact tier, no admission, no guards).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from proxy.core.conditions import NONE
from proxy.core.embedding import Prompt
from proxy.core.guards import pair_veto
from proxy.core.policy import Bypass, ExactOnly, plan
from proxy.core.reasons import ExactOnlyReason
from proxy.core.request import Endpoint, Request, deployment_of, endpoint_of, parse_request
from proxy.core.route import Domain, Route, RouteMatch, Upstream
from proxy.core.scope import Scope, ScopeContext, scope_of
from proxy.core.stream import Arrival, Neighbours, Stream
from proxy.learned import Models
from proxy.prompt_gate import PromptGate
from proxy.reading import Reader

CHAT_PATH = "/v1/chat/completions"
TENANT = bytes(32)
"""All requests of a file are one caller's."""

RouteFor = Callable[[str, str], Route | None]
"""Path and model to the route that takes them; None: forwarded untouched."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file. body: a whole request; label: its class, if the line says one."""

    path: str
    body: bytes
    label: str | None
    is_bare: bool


def row_of(line: Mapping[str, Any]) -> Row | None:
    """`{"prompt", "class"?}` or `{"body": {…}, "url"?, "class"?}`; None for anything else."""
    label = line.get("class")
    text = None if label is None else str(label)
    body, prompt = line.get("body"), line.get("prompt")
    if isinstance(body, dict):
        return Row(str(line.get("url", CHAT_PATH)), orjson.dumps(body), text, is_bare=False)
    if isinstance(prompt, str):
        bare = {"model": "replay", "messages": [{"role": "user", "content": prompt}]}
        return Row(CHAT_PATH, orjson.dumps(bare), text, is_bare=True)
    return None


def bare_route(domain: Domain) -> Route:
    """The route of bare prompts: semantic, in this domain."""
    return Route("replay", RouteMatch(), Upstream("replay", "https://replay.invalid"), domain)


@dataclass(slots=True, eq=False)
class Contender:
    """One way to decide, gathered arrival by arrival; see `core.stream.Stream`."""

    arrivals: list[Arrival] = field(default_factory=list)
    candidates: list[list[int]] = field(default_factory=list)
    scores: list[list[float]] = field(default_factory=list)
    equal: list[list[bool]] = field(default_factory=list)

    def add(self, arrival: Arrival, found: list[tuple[int, float, bool]]) -> None:
        """found: (node, score, whether the text is the same) of each candidate, nearest first."""
        self.arrivals.append(arrival)
        self.candidates.append([node for node, _, _ in found])
        self.scores.append([score for _, score, _ in found])
        self.equal.append([is_equal for _, _, is_equal in found])

    def stream(self, at_most: int) -> Stream:
        return Stream(self.arrivals, self.candidates, self.scores, self.equal, at_most)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One request as the gate sees it."""

    request: Request
    scope: Scope
    domain: Domain
    tenant: bytes = TENANT


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A distinct request that has been asked. refusal: why its question is not compared by meaning."""

    prompt: Prompt
    refusal: ExactOnlyReason | None
    may_store: bool
    logits: dict[int, float] = field(default_factory=dict)
    """Of the candidates it met before: a request that is repeated meets mostly the same ones."""


@dataclass(slots=True, eq=False)
class Rehearsal:
    """Prepares both contenders. texts: what each arrival asked, for lists of errors; reasons: why not by meaning."""

    models: Models
    domain: Domain
    route_for: RouteFor
    ours: Contender = field(default_factory=Contender)
    cosine: Contender = field(default_factory=Contender)
    texts: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    _nodes: dict[bytes, int] = field(default_factory=dict)
    _seen: dict[int, _Seen] = field(default_factory=dict)
    _near: Neighbours | None = None
    _reader: Reader = field(init=False)
    _gate: PromptGate = field(init=False)

    def __post_init__(self) -> None:
        self._reader = Reader(self.models)
        self._gate = PromptGate(self._reader)

    async def rehearse(self, rows: Iterable[Row]) -> None:
        """Every row in order. Raises BackendError when a model fails."""
        for row in rows:
            await self._arrive(row)

    async def _arrive(self, row: Row) -> None:
        endpoint = endpoint_of(row.path) or Endpoint.CHAT
        request = parse_request(endpoint, row.body, deployment_of(row.path))
        route = bare_route(self.domain) if row.is_bare else self._routed(row, request)
        if route is None:
            self._bypass(row, "no_route")
            return
        planned = plan(request, route, self.domain, NONE, has_cookie=False)
        if isinstance(planned, Bypass) or not isinstance(request, Request):
            self._bypass(row, planned.reason if isinstance(planned, Bypass) else "unparseable")
            return
        scope = scope_of(request, self._context(row, route, endpoint), self.domain)
        asked = _Asked(request, scope, self.domain)
        node = self._nodes.setdefault(scope.exact_key, len(self._nodes))
        question = None if isinstance(planned, ExactOnly) else scope.question
        if question is None:
            reason = planned.reason if isinstance(planned, ExactOnly) else scope.question_reason
            await self._exact_only(row, node, asked, str(reason))
            return
        await self._compare(row, node, question, asked)

    def _routed(self, row: Row, request: object) -> Route | None:
        if endpoint_of(row.path) is None:
            return None
        return self.route_for(row.path, request.model if isinstance(request, Request) else "")

    def _context(self, row: Row, route: Route, endpoint: Endpoint) -> ScopeContext:
        return ScopeContext(
            tenant=TENANT, route=route.name, domain=self.domain.name, generation=0,
            base_url=route.upstream.base_url, endpoint=endpoint, target=row.path,
        )  # fmt: skip

    def _bypass(self, row: Row, reason: str) -> None:
        self.reasons[reason] += 1
        self._both(row, Arrival(-1, row.label), Arrival(-1, row.label), "")

    def _both(self, row: Row, ours: Arrival, cosine: Arrival, text: str) -> None:
        self.ours.add(ours, [])
        self.cosine.add(cosine, [])
        self.texts.append(text)

    async def _exact_only(self, row: Row, node: int, asked: _Asked, reason: str) -> None:
        """No question to compare; whether its answer is kept is judged by its words and heads all the same."""
        self.reasons[reason] += 1
        may_store = await self._gate.never_stored(asked, await self._gate.read(asked)) is None
        arrival = Arrival(node, row.label, may_store=may_store, may_compare=False)
        text = asked.request.turns.last_user_text
        self._both(row, arrival, Arrival(node, row.label, may_compare=False), text)

    async def _compare(self, row: Row, node: int, question: str, asked: _Asked) -> None:
        is_new = node not in self._seen
        seen = await self._judged(question, asked) if is_new else self._seen[node]
        self._seen[node] = seen
        if seen.refusal is not None:
            self.reasons[seen.refusal] += 1
        if self._near is None:
            self._near = Neighbours(self.domain.similarity_floor)
        vector = seen.prompt.embedding.vector
        near = self._near.near(asked.scope.digest, vector, node)
        found = await self._scored(seen, near) if seen.refusal is None else []
        self.ours.add(Arrival(node, row.label, may_store=seen.may_store, may_compare=seen.refusal is None), found)
        equal = [self._seen[other].prompt.text == question for other, _ in near]
        self.cosine.add(
            Arrival(node, row.label), [(other, cos, same) for (other, cos), same in zip(near, equal, strict=True)]
        )
        self.texts.append(question)
        if is_new:
            self._near.add(asked.scope.digest, vector, node)

    async def _judged(self, question: str, asked: _Asked) -> _Seen:
        read = self._reader.read(TENANT, question)
        prompt = Prompt(question, await self._reader.embedded(read))
        refusal = self._reader.refusal(read, self.domain)
        if refusal is None and await self._reader.is_payload(asked.request, asked.scope):
            refusal = ExactOnlyReason.PAYLOAD_TURN
        return _Seen(prompt, refusal, may_store=await self._gate.never_stored(asked, read) is None)

    async def _scored(self, seen: _Seen, near: list[tuple[int, float]]) -> list[tuple[int, float, bool]]:
        """Candidates that were admitted themselves, in the order of `near`; a veto or no finite logit is -inf."""
        prompt = seen.prompt
        others = {node: self._seen[node].prompt for node, _ in near if self._seen[node].refusal is None}
        fresh = [node for node in others if node not in seen.logits]
        seen.logits.update(dict.fromkeys(fresh, -np.inf))
        passed = [n for n in fresh if others[n].text != prompt.text and pair_veto(prompt, others[n]) is None]
        if passed:
            logits = await self.models.logits(prompt, [others[node] for node in passed])
            seen.logits.update({n: float(x) for n, x in zip(passed, logits, strict=True) if np.isfinite(x)})
        return [(node, seen.logits[node], other.text == prompt.text) for node, other in others.items()]
