"""One pair, stage by stage, through the very functions that serve: what `explain`, `score` and the admin API say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from proxy.core import verdict
from proxy.core.admission import admit, never_stored
from proxy.core.embedding import Embedding, Prompt
from proxy.core.guards import pair_veto
from proxy.core.reasons import DropReason, MissReason
from proxy.core.route import Domain
from proxy.core.secrets import find_secret
from proxy.errors import BackendError, BadRequest
from proxy.learned import Models
from proxy.ports import Thresholds


@dataclass(slots=True)
class Explained:
    """What each stage said; the first that said no is the reason."""

    similarity: float | None = None
    logit: float | None = None
    probability: float | None = None
    threshold: float | None = None
    reason: str | None = None
    stages: list[Mapping[str, object]] = field(default_factory=list)

    def add(self, name: str, reason: str | None, detail: str) -> None:
        """One stage; `reason` None means it passed."""
        self.stages.append({"name": name, "passed": reason is None, "detail": detail})
        self.reason = self.reason or reason

    def shown(self) -> Mapping[str, object]:
        """JSON-ready."""
        return {
            "similarity": self.similarity,
            "logit": self.logit,
            "probability": self.probability,
            "threshold": self.threshold,
            "verdict": "miss" if self.reason else "hit",
            "reason": self.reason or "",
            "stages": self.stages,
        }


class PairJudge:
    """Decides pairs without a cache: would the answer to one be served to the other?"""

    def __init__(self, models: Models | None, thresholds: Thresholds, domains: Mapping[str, Domain], why: str) -> None:
        self._models = models
        self._thresholds = thresholds
        self._domains = domains
        self._why = why

    async def explain(self, asked: str, remembered: str, domain: str) -> Mapping[str, object]:
        """All stages in order, also those behind the first no; domain "": the first.

        Raises BackendError without models, BadRequest for a domain that is not there.
        """
        if self._models is None:
            raise BackendError(self._why)
        domain = domain or next(iter(self._domains))
        if domain not in self._domains:
            raise BadRequest(f"There is no domain {domain!r}; there are: {', '.join(self._domains)}.", code="bad_pair")
        found = Explained()
        if asked == remembered:
            await self._equal(found, self._models, asked, self._domains[domain])
            return found.shown()
        await self._through(found, self._models, (asked, remembered), self._domains[domain])
        return found.shown()

    async def _equal(self, found: Explained, models: Models, text: str, domain: Domain) -> None:
        """An identical request is answered unless nothing of it is ever stored (R18)."""
        found.similarity = found.probability = 1.0
        dropped = None
        if text.strip():  # of what asks nothing there is nothing to judge
            dropped = never_stored(text, models.odds(await models.embedder.embed(text)), domain)
        if dropped is None and find_secret(text):
            dropped = DropReason.PROMPT_SECRET
        found.add("stored", dropped, "never stored" if dropped else "its answer may be kept")
        found.add("exact", None, "equal texts: the exact tier answers")

    async def _through(self, found: Explained, models: Models, texts: tuple[str, str], domain: Domain) -> None:
        prompts = [Prompt(text, await models.embedder.embed(text)) for text in texts]
        for name, prompt in zip(("asked", "remembered"), prompts, strict=True):
            refusal = self._refusal(models, prompt.text, prompt.embedding, domain)
            found.add(name, refusal, refusal or "may be compared by meaning")
        found.similarity = float(prompts[0].embedding.vector @ prompts[1].embedding.vector)
        is_near = found.similarity >= domain.similarity_floor
        comparison = f"cosine {found.similarity:.3f}, floor {domain.similarity_floor:.2f}"
        found.add("candidate", None if is_near else MissReason.BELOW_FLOOR, comparison)
        guard = pair_veto(prompts[0], prompts[1])
        found.add("guards", f"{MissReason.GUARD}:{guard}" if guard else None, guard or "no veto")
        await self._scored(found, models, prompts, domain)

    def _refusal(self, models: Models, text: str, embedding: Embedding, domain: Domain) -> str | None:
        return admit(
            text,
            odds=models.odds(embedding),
            token_ids=embedding.token_ids,
            unknown_id=models.unknown_id,
            lexicon=models.lexicon,
            domain=domain,
        )

    async def _scored(self, found: Explained, models: Models, prompts: list[Prompt], domain: Domain) -> None:
        logits = await models.logits(prompts[0], prompts[1:])
        threshold = self._thresholds.current(domain.name)
        chosen = verdict.choose(logits, [found.similarity or 0.0], threshold, calibration=models.calibration)
        found.logit, found.probability, found.threshold = chosen.logit, chosen.probability, threshold.probability
        refused = chosen.reason if isinstance(chosen, verdict.Miss) else None
        probability = chosen.probability if chosen.probability is not None else float("nan")
        found.add("scorer", refused, f"probability {probability:.3f}, threshold {threshold.probability:.3f}")
