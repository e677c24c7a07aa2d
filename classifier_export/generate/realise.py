"""Turns a frame and values into a sentence; grammar is mended here and nowhere else."""

import re
from random import Random

from classifier_export.generate.frames_file import Sense, Template
from classifier_export.generate.inflect_words import inflected
from classifier_export.generate.tables import sections_of
from classifier_export.generate.values import Value

Assignment = dict[str, tuple[Value, int]]

# Train and evaluation share no wrapper, so that a wrapper is no clue.
_WRAPPERS = "frames/wrappers.txt"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_HOLE = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_ARTICLE = re.compile(r"\b([Aa])n? ([\w-]+)")
# "plan A is", "vitamin a and": the letter, not the article.
_SPOKEN_VOWEL = re.compile(r"(8\d*|11|18|1[18]\d{3})(?!\d)|Xbox")
_NO_NOUN = {"and", "or", "is", "are"}


def skeleton(rng: Random, sense: Sense, split: str) -> str:
    """One rewording with its wrapper and free choices settled, slots still open."""
    return settled(rng, rng.choice(sense.templates), split)


def settled(rng: Random, template: Template, split: str) -> str:
    text = template.text
    if template.kind != "s":
        wrapper = rng.choice(sections_of(_WRAPPERS)[f"{'train' if split == 'train' else 'eval'} {template.kind}"])
        text = wrapper.replace("{v}", text) if "{v}" in wrapper else wrapper.replace("{g}", _gerund(text))
    while match := _CHOICE.search(text):
        text = text[: match.start()] + rng.choice(match[1].split("|")) + text[match.end() :]
    return text


def fill(text: str, values: Assignment) -> str:
    """The sentence: slots written in their forms, article, spaces and first letter mended."""

    def written(match: re.Match[str]) -> str:
        value, form = values[match[1]]
        spelling = value.forms[form % len(value.forms)]
        return inflected(spelling, match[2]) if match[2] else spelling

    return mended(_HOLE.sub(written, text))


def mended(text: str) -> str:
    text = re.sub(r"\s+([,.?!;])", r"\1", re.sub(r"\s+", " ", text)).strip()
    text = re.sub(r"([.?!])[.?!]+$", r"\1", text) if text.endswith(("..", ".?", "?.")) else text
    text = _ARTICLE.sub(_article, text)
    return text[0].upper() + text[1:] if text else text


def _article(match: re.Match[str]) -> str:
    if match[2].lower() in _NO_NOUN:
        return match[0]
    right = "an" if _SPOKEN_VOWEL.match(match[2]) else inflected(match[2], "a").split()[0]
    return f"{match[1]}{right[1:]} {match[2]}"


def _gerund(verb_phrase: str) -> str:
    first = _CHOICE.match(verb_phrase)
    if first:
        options = "|".join(_gerund(option) for option in first[1].split("|"))
        return f"[{options}]{verb_phrase[first.end() :]}"
    hole = _HOLE.match(verb_phrase)
    if hole:
        return f"{{{hole[1]}.ing}}{verb_phrase[hole.end() :]}"
    return inflected(verb_phrase, "ing")
