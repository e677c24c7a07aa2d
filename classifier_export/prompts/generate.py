"""Fills the committed templates (CC0) with the committed vocabulary; train and held-out share neither.

A template line may hold slots such as `{city}`; each slot is filled anew. Deterministic for a seed.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from pathlib import Path

from classifier_export.generate.tables import sections_of

TEMPLATES = Path(__file__).parent / "templates"
KINDS = ("time_bound", "side_effect", "context_bound", "novelty", "personal", "ordinary")
SYSTEM_KINDS = ("system_payload", "system_question")

CLOSED = 0.4
"""Share of opened prompts with something behind the question, in half of them instead of what is before it."""
NAMED = frozenset({"I", "I'm", "I'd", "I've", "I'll"})
"""First words that keep their capital."""

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """One text with what it is; `template` groups texts of one mould, so that splits and intervals can use it."""

    text: str
    kind: str
    language: str
    split: str
    template: str


def prompts(split: str, *, per_template: int, seed: int) -> list[Example]:
    """English prompts of all kinds; `split` is "train" or "held"."""
    return [one for kind in KINDS for one in _of_kind(kind, split, per_template, seed)]


def system_texts(split: str, *, per_template: int, seed: int, list_name: str = "") -> list[Example]:
    """System prompts whose user message is a payload, and ordinary ones.

    list_name, of "held": "" for the first list and "_final" (both looked at, they helped to set limits), "_trial" and
    "_second" by other hands, judged once. Of "train": "", "_styles" and "_more", and the spent ones that were held out
    until they were judged: "_fresh", "_last", and "_choose" and "_judged" (a digest had parted these two).
    """
    return [one for kind in SYSTEM_KINDS for one in _of_kind(kind, split, per_template, seed, list_name=list_name)]


def foreign_prompts(split: str, *, per_language: int, seed: int) -> list[Example]:
    """Up to `per_language` distinct prompts in each language but English."""
    vocabulary = vocabulary_of(split)
    found: list[Example] = []
    for language, (nouns, patterns) in _languages(split).items():
        rng = random.Random(f"{seed}/{split}/{language}")
        texts: dict[str, str] = {}
        for _ in range(60 * per_language):
            pattern = rng.choice(patterns)
            slots = {"n": nouns, "a": vocabulary["city"], "place": vocabulary["country"]}
            texts.setdefault(_sentence_case(_fill(pattern, slots, rng)), pattern)
            if len(texts) == per_language:
                break
        found += [Example(text, "foreign", language, split, pattern) for text, pattern in texts.items()]
    return found


def with_typo(text: str, rng: random.Random) -> str:
    """One slip of a finger: two letters swapped, one dropped or doubled, inside a word of four letters or more."""
    words = list(re.finditer(r"[A-Za-z]{4,}", text))
    if not words:
        return text
    at = rng.choice(words).start() + rng.randint(1, 2)
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return rng.choice([swapped, text[:at] + text[at + 1 :], text[: at + 1] + text[at:]])


def opened(example: Example, rng: random.Random) -> Example:
    """The same prompt behind what people put before a question, and sometimes before what they put behind it."""
    said = sections_of(str(TEMPLATES / "openings.txt"))
    opener, text, dice = rng.choice(said[f"openers {example.split}"]), example.text, rng.random()
    if opener[-2] not in ".!?" and text[:1].isupper() and not text[1:2].isupper() and text.split()[0] not in NAMED:
        text = text[:1].lower() + text[1:]
    if dice < CLOSED:
        text = (text if text[-1] in ".?!" else f"{text}.") + rng.choice(said[f"closers {example.split}"])
    return replace(example, text=text if dice < CLOSED / 2 else opener + text)


def vocabulary_of(split: str) -> dict[str, list[str]]:
    """Slot name -> fillings."""
    lines = (TEMPLATES / f"vocabulary_{split}.txt").read_text(encoding="utf-8").splitlines()
    named = (line.split(":", maxsplit=1) for line in lines if line.strip())
    return {name: [one.strip() for one in words.split(" | ")] for name, words in named}


def _of_kind(kind: str, split: str, per_template: int, seed: int, *, list_name: str = "") -> list[Example]:
    vocabulary = vocabulary_of(split)
    lines = (TEMPLATES / split / f"{kind}{list_name}.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, Example] = {}
    for template in lines:
        rng = random.Random(f"{seed}/{kind}/{template}")
        for _ in range(per_template):
            text = _fill(template, vocabulary, rng)
            found.setdefault(text, Example(text, kind, "en", split, template))
    return list(found.values())


def _fill(template: str, vocabulary: dict[str, list[str]], rng: random.Random) -> str:
    """A filling may hold slots of its own; a slot without fillings is a placeholder of a real system prompt and stays;
    `\\n` stands for a new line."""

    def filling(slot: re.Match[str]) -> str:
        return rng.choice(vocabulary[slot[1]]) if slot[1] in vocabulary else slot[0]

    filled = _SLOT.sub(filling, template)
    while filled != template:
        template, filled = filled, _SLOT.sub(filling, filled)
    return filled.replace("\\n", "\n")


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _languages(split: str) -> dict[str, tuple[list[str], list[str]]]:
    found: dict[str, tuple[list[str], list[str]]] = {}
    for line in (TEMPLATES / "languages" / f"{split}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            nouns, patterns = found.setdefault(line.strip("[]"), ([], []))
        elif line.startswith("n:"):
            nouns += [one.strip() for one in line[2:].split(" | ")]
        elif line.startswith("p:"):
            patterns.append(line[2:].strip())
    return found
