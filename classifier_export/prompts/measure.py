"""Figures of the shipped gate as a whole, words and heads together, on lists that training never saw."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from classifier_export.prompts.generate import Example, foreign_prompts, opened, prompts, system_texts, with_typo
from classifier_export.prompts.hands import hands_of, written, written_foreign
from classifier_export.prompts.tasks import KINDS, mixed_systems, named
from proxy.backends.embedder_onnx import OnnxEmbedder
from proxy.core.admission import admit, is_payload_scope, never_stored
from proxy.core.lexicon import Lexicon
from proxy.core.odds import PromptOdds
from proxy.core.reasons import ExactOnlyReason
from proxy.core.route import Domain
from proxy.ports import PromptJudge


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `n`, with the 95 % Wilson interval."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else 0.0

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        if not self.n:
            return 0.0, 1.0
        z, p, n = 1.959964, self.value, self.n
        centre, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (centre - spread) / (1 + z * z / n)), min(1.0, (centre + spread) / (1 + z * z / n))

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.hits} of {self.n} = {self.value:.3f} [{low:.3f}, {high:.3f}]"


class Gate:
    """Embeds, asks the heads, asks `core.admission`; the way of a request without its network."""

    def __init__(self, embedder: OnnxEmbedder, judge: PromptJudge | None, lexicon: Lexicon) -> None:
        self._embedder = embedder
        self._judge = judge
        self._lexicon = lexicon
        self._odds: dict[str, PromptOdds | None] = {}

    def odds(self, text: str) -> PromptOdds | None:
        """The heads' odds, each text embedded once; None without heads."""
        if text not in self._odds:
            self._odds[text] = self._judge.odds(self._embedder.encode(text)) if self._judge else None
        return self._odds[text]

    def reason(self, text: str) -> ExactOnlyReason | None:
        """Why the prompt stays exact only, or None."""
        return admit(
            text,
            odds=self.odds(text),
            token_ids=self._embedder.token_ids(text),
            unknown_id=self._embedder.unknown_id,
            lexicon=self._lexicon,
            domain=Domain(),
        )

    def is_never_stored(self, text: str) -> bool:
        """Whether R18 keeps the answer out of both tiers."""
        return never_stored(text, self.odds(text), Domain()) is not None

    def is_payload(self, text: str) -> bool:
        """Whether a system text makes a payload scope."""
        return is_payload_scope(text, odds=self.odds(text))


def figures(gate: Gate, *, split: str = "held") -> dict[str, Rate]:
    """Every figure of the card by name; `split` "train" is for looking while the gate is made."""
    held = prompts(split, per_template=3, seed=1)
    ordinary = [one for one in held if one.kind == "ordinary"]
    never_stored = [one for one in held if one.kind in ("time_bound", "side_effect")]
    found = {
        "never stored: time-bound and side-effecting": share(never_stored, gate.is_never_stored),
        "never stored: ordinary (false)": share(ordinary, gate.is_never_stored),
        "exact only: ordinary (false, any reason)": share(ordinary, _not_compared(gate)),
    }
    for kind in KINDS:
        of_kind = [one for one in held if one.kind == kind]
        found[f"exact only: {kind}"] = share(of_kind, _not_compared(gate))
        if kind in ("time_bound", "side_effect"):
            found[f"never stored: {kind}"] = share(of_kind, gate.is_never_stored)
        found[f"exact only as {kind}: ordinary (false)"] = share(ordinary, _refused_as(gate, ExactOnlyReason(kind)))
    for hand in hands_of(split):
        found |= _hand_figures(gate, hand, written(split, hand))
    found |= _opened_figures(gate, split)
    return found | _language_figures(gate, split, ordinary) | _payload_figures(gate, split)


def _hand_figures(gate: Gate, hand: str, texts: list[Example]) -> dict[str, Rate]:
    """One hand's list, in which half of the ordinary prompts look like another kind."""
    of_kind = {kind: [one for one in texts if one.kind == kind] for kind in (*KINDS, "ordinary")}
    found = _stored_and_compared(gate, f"{hand} hand", texts) | {
        f"{hand} hand: ordinary, as another language (false)": share(
            of_kind["ordinary"], _refused_as(gate, ExactOnlyReason.LANGUAGE)
        ),
    }
    for kind in KINDS:
        found[f"{hand} hand: {kind}, exact only"] = share(of_kind[kind], _not_compared(gate))
    return found


def _opened_figures(gate: Gate, split: str) -> dict[str, Rate]:
    """All hands' prompts behind openings that training never saw: "Sorry, but …", "I hope you're well. …"."""
    rng = random.Random(13)
    return _stored_and_compared(gate, "with an opening", [opened(one, rng) for one in written(split)])


def _stored_and_compared(gate: Gate, whose: str, texts: list[Example]) -> dict[str, Rate]:
    """What must never be stored and is not, and what it costs the ordinary ones."""
    never_stored = [one for one in texts if one.kind in ("time_bound", "side_effect")]
    ordinary = [one for one in texts if one.kind == "ordinary"]
    return {
        f"{whose}: time-bound and side-effecting, never stored": share(never_stored, gate.is_never_stored),
        f"{whose}: ordinary, never stored (false)": share(ordinary, gate.is_never_stored),
        f"{whose}: ordinary, exact only for any reason (false)": share(ordinary, _not_compared(gate)),
    }


def share(examples: Sequence[Example], says: Callable[[str], bool]) -> Rate:
    """How often the gate says so."""
    return Rate(sum(says(one.text) for one in examples), len(examples))


def _not_compared(gate: Gate) -> Callable[[str], bool]:
    return lambda text: gate.reason(text) is not None


def _refused_as(gate: Gate, reason: ExactOnlyReason) -> Callable[[str], bool]:
    return lambda text: gate.reason(text) is reason


def _language_figures(gate: Gate, split: str, ordinary: list[Example]) -> dict[str, Rate]:
    foreign = foreign_prompts(split, per_language=200, seed=1)
    rng = random.Random(7)
    texts = [one.text for one in prompts(split, per_template=1, seed=2)]
    english = {
        "as written": texts,
        "lower case, no punctuation": [text.lower().rstrip("?.!") for text in texts],
        "with two slips": [with_typo(with_typo(text, rng), rng) for text in texts],
        "with a foreign name": [named(text, rng) for text in texts],
        "at most three words": [text for text in texts if len(text.split()) <= 3],
    }
    is_foreign = _refused_as(gate, ExactOnlyReason.LANGUAGE)
    found = {"language: all foreign, not compared": share(foreign, _not_compared(gate))}
    found["language: terse foreign of another hand, not compared"] = share(written_foreign(split), _not_compared(gate))
    for language in dict.fromkeys(one.language for one in foreign):
        found[f"language: {language}, not compared"] = share(
            [one for one in foreign if one.language == language], _not_compared(gate)
        )
    for style, some in english.items():
        found[f"language: English {style} (false)"] = Rate(sum(map(is_foreign, some)), len(some))
    return found


def _payload_figures(gate: Gate, split: str) -> dict[str, Rate]:
    """The first and the "final" list helped to set limits and words; each trial list, of another hand, did once."""
    base = system_texts(split, per_template=4, seed=3)
    lists = {"alone": base, "inside a longer text": mixed_systems(base, len(base), random.Random(11))}
    if split == "held":
        lists["final list"] = system_texts(split, per_template=6, seed=3, list_name="_final")
        lists["trial list"] = system_texts(split, per_template=1, seed=3, list_name="_trial")
        lists["second trial list"] = system_texts(split, per_template=1, seed=3, list_name="_second")
    found: dict[str, Rate] = {}
    for name, texts in lists.items():
        payload = [one for one in texts if one.kind == "system_payload"]
        question = [one for one in texts if one.kind == "system_question"]
        found[f"payload: payload scopes, {name}"] = share(payload, gate.is_payload)
        found[f"payload: ordinary scopes, {name} (false)"] = share(question, gate.is_payload)
    return found
