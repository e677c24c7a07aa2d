"""Texts and labels of the three nets: kinds of prompts, payload scopes, English."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass

import numpy as np

from classifier_export.prompts.fit import Floats
from classifier_export.prompts.generate import Example, foreign_prompts, opened, prompts, system_texts, with_typo
from classifier_export.prompts.hands import written, written_foreign
from classifier_export.prompts.sources import Outside, normalised
from proxy.core import lexicons
from proxy.core.words.fold import fold

KINDS = ("time_bound", "side_effect", "context_bound", "novelty", "personal")
WORDS = {
    "time_bound": lexicons.is_time_bound,
    "side_effect": lexicons.is_side_effect,
    "context_bound": lexicons.is_context_bound,
    "novelty": lexicons.asks_for_novelty,
    "personal": lexicons.is_personal,
}

QUESTIONS = 8000
MOULDED = 0.1
"""Weight of a template's filling or an outside text beside a prompt that a hand wrote: one hand's moulds, and intents
that are called ordinary or not as a whole."""
LED_IN = 0.3
"""Weight of a hand's prompt once more, with an opening: "So, how do I …" is no more bound to a context than without."""


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """texts, labels float32[n, k], weights float32[n, k], groups: texts of one group stay in one fold."""

    texts: list[str]
    labels: Floats
    weights: Floats
    groups: list[str]
    outputs: tuple[str, ...]


def kinds_task(outside: Outside, seed: int) -> Labelled:
    """Each kind against the others: what many hands wrote, plain and with openings, and, with little weight, templates
    and texts from outside.

    Where a template's or an outside text's words sound like another kind, too, that label is unknown.
    """
    rng = random.Random(f"{seed}/kinds")
    hands = trained_hands()
    openings = random.Random(f"{seed}/openings")
    led_in = [opened(one, openings) for one in hands]
    own = prompts("train", per_template=10, seed=seed)
    moulded = own + [_styled(one, rng) for one in own] + outside.prompts
    questions = rng.sample(outside.questions, min(QUESTIONS, len(outside.questions)))
    moulded += [Example(text, "question", "en", "train", f"question:{at % 400}") for at, text in enumerate(questions)]
    examples = hands + led_in + moulded
    labels = np.array([[one.kind == kind for kind in KINDS] for one in examples], dtype=np.float32)
    weights = [[1.0] * len(KINDS) for _ in hands] + [[LED_IN] * len(KINDS) for _ in led_in]
    weights += [[MOULDED * one for one in _weights(text)] for text in moulded]
    return Labelled(
        [one.text for one in examples],
        labels,
        np.array(weights, dtype=np.float32),
        [one.template for one in examples],
        KINDS,
    )


def trained_hands() -> list[Example]:
    """What hands wrote for training, without a text of any held-out list."""
    held = {normalised(one.text) for one in [*written("held"), *prompts("held", per_template=3, seed=1)]}
    return [one for one in written("train") if normalised(one.text) not in held]


def payload_task(seed: int) -> Labelled:
    """System texts (four spent lists among them), alone and in longer texts; ordinary prompts as further negatives.

    Texts of one template share their weight: a mould with many fillings must not drown what was written once.
    """
    rng = random.Random(f"{seed}/payload")
    base = [one for name in TRAINED_SYSTEMS for one in system_texts("train", per_template=6, seed=seed, list_name=name)]
    base = without_held_out(base)
    of_template = Counter(one.template for one in base)
    longer = mixed_systems(base, len(base), rng)
    questions = [one for one in prompts("train", per_template=1, seed=seed) if one.kind == "ordinary"]
    examples = base + longer + questions
    weights = (
        [2.4 / math.sqrt(of_template[one.template]) for one in base] + [0.7] * len(longer) + [0.3] * len(questions)
    )
    labels = np.array([[one.kind == "system_payload"] for one in examples], dtype=np.float32)
    return Labelled(
        [one.text for one in examples],
        labels,
        np.array(weights, dtype=np.float32)[:, None],
        [one.template for one in examples],
        ("payload",),
    )


TRAINED_SYSTEMS = ("", "_styles", "_more", "_fresh", "_last", "_choose", "_judged")
HELD_OUT_SYSTEMS = ("", "_final", "_trial", "_second")
ALIKE = 0.75


def without_held_out(examples: list[Example]) -> list[Example]:
    """Without texts that share three quarters of their words with a held-out one: short texts meet by chance."""
    held = {
        _word_set(one.text)
        for name in HELD_OUT_SYSTEMS
        for one in system_texts("held", per_template=4, seed=3, list_name=name)
    }
    return [one for one in examples if not any(_alike(_word_set(one.text), other) for other in held)]


def _word_set(text: str) -> frozenset[str]:
    return frozenset(normalised(text).split())


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)


def language_task(outside: Outside, seed: int) -> Labelled:
    """English of every kind and style against other languages, own and interface texts."""
    rng = random.Random(f"{seed}/language")
    english = [one.text for one in prompts("train", per_template=3, seed=seed)]
    english += [one.text for one in prompts("train", per_template=2, seed=seed + 1)]
    english += [named(text, rng) for text in english] + [one.text for one in outside.prompts]
    english += [with_typo(with_typo(text, rng), rng).lower() for text in english]
    english += rng.sample(outside.questions, min(6000, len(outside.questions)))
    english += [text for language, text in outside.interface if language == "en"]
    hands = [one.text for one in trained_hands()]
    english += hands + [with_typo(text, rng).lower().rstrip("?.!") for text in hands]
    foreign = [one.text for one in foreign_prompts("train", per_language=300, seed=seed)]
    foreign += [one.text for one in written_foreign("train")]
    foreign += [text.lower().rstrip("?.!¿") for text in foreign]
    foreign += [text for language, text in outside.interface if language != "en"]
    texts = english + foreign
    labels = np.array([[1.0]] * len(english) + [[0.0]] * len(foreign), dtype=np.float32)
    weights = np.ones_like(labels)
    return Labelled(texts, labels, weights, [f"text:{at % 997}" for at in range(len(texts))], ("language:en",))


def mixed_systems(base: list[Example], count: int, rng: random.Random) -> list[Example]:
    """Longer system texts: ordinary sentences around a payload sentence (payload), or around another (question)."""
    ordinary = [one for one in base if one.kind == "system_question"]
    found = []
    for _ in range(count):
        core, before, after = rng.choice(base), rng.choice(ordinary), rng.choice(ordinary)
        text = rng.choice([f"{before.text} {core.text}", f"{core.text} {after.text}"])
        if core.kind == "system_question":
            text = f"{before.text} {core.text} {after.text}"
        elif rng.random() < 0.5:
            text = f"{rng.choice(PREFACES)} {core.text}"
        found.append(Example(text, core.kind, "en", core.split, core.template))
    return found


PREFACES = ("You are a helpful assistant.", "Be precise.", "Answer in plain text.", "Keep the answer short.", "Task:")


def named(text: str, rng: random.Random) -> str:
    """The same prompt with a foreign-looking name: products, people and places are no other language."""
    name = rng.choice(NAMES)
    return rng.choice([f"{text.rstrip('?.!')} for {name}", f"{name}: {text}", f"{text} ({name})"])


NAMES = [
    "Volkswagen",
    "Häagen-Dazs",
    "Jägermeister",
    "L'Oréal",
    "Citroën",
    "Škoda",
    "Søren",
    "Zürich",
    "São Paulo",
    "Löwenbräu",
    "Dolce & Gabbana",
    "Schwarzenegger",
    "Crème brûlée",
    "Jalapeño",
    "El Niño",
    "Beyoncé",
    "Gruyère",
    "Wienerschnitzel",
    "Ctrl+Alt+Del",
    "IKEA Kallax",
    "Xiaomi Redmi",
    "Huawei P30",
    "BMW X5",
    "Hyundai Ioniq",
    "Zoë",
    "Nguyễn",
    "Müller",
    "García",
    "Rossi",
    "Kowalski",
    "Yilmaz",
    "Björk",
    "kubectl",
    "npm",
    "PostgreSQL",
    "nginx",
    "RTX 4090",
    "Grönefeld",
    "Mercedes-Benz",
    "La Roche-Posay",
    "Pinot Noir",
    "Del Monte",
    "Los Angeles",
    "San José",
]


def _styled(example: Example, rng: random.Random) -> Example:
    """The same prompt as people type it: lower case, an opening, a slip, a thank-you."""
    text, dice = example.text, rng.random()
    if dice < 0.35:
        text = text.lower().rstrip("?.!")
    elif dice < 0.5:
        text = (
            f"{rng.choice(['Please', 'Hi,', 'Hey,', 'Hello.', 'Quick question:', 'Ok,'])} {text[:1].lower()}{text[1:]}"
        )
    elif dice < 0.65:
        text = with_typo(text, rng)
    elif dice < 0.75:
        text += rng.choice([" Thanks!", " please", " thank you", " asap", "??"])
    return Example(text, example.kind, example.language, example.split, example.template)


def _weights(example: Example) -> list[float]:
    folded = fold(example.text)
    is_own = ":" not in example.template
    return [_weight(example, kind, folded) * (2.0 if is_own else 0.5) for kind in KINDS]


def _weight(example: Example, kind: str, folded: str) -> float:
    if example.kind == kind:
        asks_how = kind == "side_effect" and ":" in example.template and not lexicons.may_command(folded)
        return 0.0 if asks_how else 1.0
    if WORDS[kind](folded) and not (example.kind == "ordinary" and ":" not in example.template):
        return 0.0
    if example.kind == "question" and kind == "context_bound":
        return 0.0
    return 1.0
