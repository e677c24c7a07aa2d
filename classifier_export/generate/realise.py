"""Turns a frame and values into a sentence; grammar is mended here and nowhere else."""

import re
from random import Random

from classifier_export.generate.frames_file import Sense, Template
from classifier_export.generate.inflect_words import inflected
from classifier_export.generate.values import Value

Assignment = dict[str, tuple[Value, int]]

# Train and evaluation share no wrapper, so that a wrapper is no clue.
_WRAPPERS: dict[str, dict[str, tuple[str, ...]]] = {
    "train": {
        "h": (
            "How do I {v}?", "How can I {v}?", "What are the steps to {v}?", "What's the best way to {v}?", "How do you {v}?",
            "Can you tell me how to {v}?", "I'd like to know how to {v}.", "Could you explain how to {v}?", "Show me how to {v}.",
            "how to {v}", "What do I need to do to {v}?", "I need to {v}. How do I do that?", "Please walk me through how to {v}.",
            "Steps to {v}?", "I want to {v}, what should I do?", "Is there a guide on how to {v}?", "Tell me how to {v}.",
            "What is the process to {v}?", "I'm trying to {v}, how does that work?", "Any idea how to {v}?",
            "How would I go about {g}?", "What is the procedure for {g}?", "Give me instructions for {g}.", "In what way can I {v}?",
        ),
        "i": (
            "{v}.", "Please {v}.", "Can you {v}?", "Could you please {v}?", "I need you to {v}.", "I want you to {v}.",
            "I'd like you to {v}.", "Would you {v}?", "Help me {v}.", "Kindly {v}.", "Your task is to {v}.", "{v} for me, please.",
        ),
        "c": (
            "Can I {v}?", "Am I able to {v}?", "Is it possible to {v}?", "I was wondering if I can {v}.", "Could I {v}?",
            "Do you know if I can {v}?", "Would I be able to {v}?", "Is it possible for me to {v}?", "Tell me whether I can {v}.",
        ),
        "n": (
            "What is {v}?", "What's {v}?", "Tell me {v}.", "Can you tell me {v}?", "I'd like to know {v}.", "Do you know {v}?",
            "Could you tell me what {v} is?", "Please give me {v}.", "I want to know {v}.", "Any idea what {v} is?",
        ),
        "N": (
            "What are {v}?", "Tell me {v}.", "Can you tell me {v}?", "I'd like to know {v}.", "List {v}.", "Could you list {v}?",
            "Please give me {v}.", "I want to know {v}.", "Do you know what {v} are?", "Which are {v}?",
        ),
        "w": (
            "Can you tell me {v}?", "I'd like to know {v}.", "Do you know {v}?", "Please tell me {v}.", "I was wondering {v}.",
            "Could you explain {v}?", "Any idea {v}?", "I want to find out {v}.", "Tell me {v}.",
        ),
    },
    "eval": {
        "h": (
            "How does one {v}?", "What must I do in order to {v}?", "I'm looking for a way to {v}.", "Teach me to {v}.",
            "Looking for instructions to {v}.", "What's involved in {g}?", "Need help {g}.", "Could somebody show me how I {v}?",
            "How should I {v}?", "What would it take to {v}?", "My goal is to {v}; what do I do?",
        ),
        "i": ("{v}", "I would appreciate it if you could {v}.", "Your job: {v}.", "We need you to {v}.", "Do the following: {v}.", "Would you mind {g}?"),
        "c": ("May I ask if I can {v}?", "Can a person {v}?", "Are we able to {v}?", "Does anything stop me from {g}?", "Is {g} possible?"),
        "n": ("I need {v}.", "Let me know {v}.", "{v}?", "Help me find out {v}.", "What would be {v}?"),
        "N": ("I need {v}.", "Let me know {v}.", "{v}?", "Name {v}.", "Which ones are {v}?"),
        "w": ("Let me know {v}.", "I need to find out {v}.", "I'm curious {v}.", "Help me understand {v}."),
    },
}
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_HOLE = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_ARTICLE = re.compile(r"\b([Aa])n? ([\w-]+)")
# "plan A is", "vitamin a and": the letter, not the article.
_NO_NOUN = {"and", "or", "is", "are"}


def skeleton(rng: Random, sense: Sense, split: str) -> str:
    """One rewording with its wrapper and free choices settled, slots still open."""
    return settled(rng, rng.choice(sense.templates), split)


def settled(rng: Random, template: Template, split: str) -> str:
    text = template.text
    if template.kind != "s":
        wrapper = rng.choice(_WRAPPERS["train" if split == "train" else "eval"][template.kind])
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
    right = inflected(match[2], "a").split()[0]
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
