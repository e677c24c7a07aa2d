"""Edits of one real prompt by rule, each named by its family; meaning-changing ones beside harmless ones.

Sentences are turned around here, words are exchanged in `word_swaps`. Ambiguous words are left alone: a wrong label
costs more than a pair.
"""

import re
from dataclasses import dataclass
from random import Random

from classifier_export.generate.inflect_words import spelled
from classifier_export.generate.tables import equals_of, sections_of
from classifier_export.generate.vocabulary.amounts import near_int
from classifier_export.generate.vocabulary.wordnet import common_ranks
from classifier_export.generate.word_swaps import KINDS, Edit, antonym, kind_swap, listed_swaps, swap


@dataclass(frozen=True)
class Rule:
    family: str
    name: str
    edit: Edit


_TABLE = "prompt_words.txt"
_NUMBER = re.compile(r"(?<![\w.,$€£#/-])(\d{1,5})(?![\w.,:/-]\d|\w)")
_NEGATED = dict(equals_of(sections_of(_TABLE)["negated"]))
_PLAIN = {negated: plain for plain, negated in _NEGATED.items()}
_NAMED_NUMBER = ("type", "class", "version", "number", "phase", "level", "part", "grade", "top")
_WHY = re.compile(rf"^(Why|why) ({'|'.join(_NEGATED)}) (?!not\b|there\b|it not)(?=\w)")
_CONTRACTED = re.compile(rf"\b({'|'.join(map(re.escape, _PLAIN))})\b")
_PRONOUN_VERB = re.compile(r"\b(I|you|we|they|people|who) (can|should|could|would|will|must|do|did) (?!not\b)(?=\w)")
_HOW_WHY = re.compile(r"^(How|Why) (do|does|did|is|are|was|were|should) (?=\w)")
_FROM_TO = re.compile(r"\bfrom ([A-Z]\w+|\w+) to ([A-Z]\w+|\w+)\b")
_BETWEEN = re.compile(r"\b(between) (\w[\w-]*(?: \w[\w-]*)?) and (\w[\w-]*(?: \w[\w-]*)?)(?=[?.]|$)")
_VERSUS = re.compile(r"^(\w[\w ]{1,25}?) (vs\.?|versus) (\w[\w ]{1,25}?)\?$")
_ASKING = {"is", "are", "do", "does", "should", "which", "what", "can", "who", "how", "was", "did", "will"}
"""Words with which a question begins, and no name of a thing."""

_BETTER = re.compile(
    r"^(Is|Are|Was) (\w[\w-]*(?: \w[\w-]*)?) (better|worse|safer|faster|cheaper|bigger|stronger|older|richer) "
    r"than ([\w-]+(?: [\w-]+)?)\?$"
)
_HOW_TO = re.compile(r"^(How do I|How can I|How do you|How should I|How can you) (\w+)(.*?)\?$")
_WHAT_IS = re.compile(r"^What(?: is|'s|s) (the \w.*?)\?$")
_MODAL = re.compile(r"^(Can|Should|Must) (I|we|you) (?=\w)")
_WHEN = re.compile(r"^(When|when) (will|did) (?!you think)(?=\w)")


def meaning_rules() -> tuple[Rule, ...]:
    """Edits after which the old answer is wrong: label 0. Numbers and kinds stand twice: they apply to few prompts."""
    fixed = [Rule(family, one.replace(" ", "_"), swap(one, other)) for family, one, other in listed_swaps()]
    kinds = [Rule(family, "kind", kind_swap(family)) for family in KINDS]
    return (
        Rule("number", "near", _number),
        Rule("number", "near", _number),
        Rule("negation", "why", _why_not),
        Rule("negation", "drop", _drop_not),
        Rule("negation", "add", _add_not),
        Rule("wh_word", "how_why", _how_why),
        Rule("direction", "from_to", _from_to),
        Rule("comparison", "better", _better),
        Rule("antonym_adj", "wordnet", antonym),
        Rule("modality", "can_should", _modal),
        Rule("tense", "will_did", _when),
        *kinds,
        *kinds,
        *fixed,
    )


def harmless_rules() -> tuple[Rule, ...]:
    """Edits after which the old answer still holds: label 1. Openers, typos and the like are in `harmless`."""
    return (
        Rule("number", "word", _number_word),
        Rule("direction", "between", _between),
        Rule("comparison", "versus", _versus),
        Rule("wh_word", "how_to", _how_to),
        Rule("wh_word", "what_is", _what_is),
        Rule("negation", "contract", _contract_not),
    )


def _number(rng: Random, text: str) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    n = int(match[1])
    other = n + rng.choice([-3, -2, -1, 1, 2, 3]) if 1800 < n < 2100 else near_int(rng, n)
    return text[: match.start(1)] + str(other) + text[match.end(1) :]


def _number_word(rng: Random, text: str) -> str | None:
    for match in _NUMBER.finditer(text):
        if (
            match.start()
            and 1 < int(match[1]) <= 20
            and not text[: match.start()].rstrip().endswith(_NAMED_NUMBER)
            and not re.search(r"[A-Z]\w*\s*$", text[: match.start()])
        ):
            return text[: match.start(1)] + spelled(int(match[1])) + text[match.end(1) :]
    return None


def _why_not(rng: Random, text: str) -> str | None:
    match = _WHY.match(text)
    return f"{match[1]} {_NEGATED[match[2]]} {text[match.end() :]}" if match else None


def _drop_not(rng: Random, text: str) -> str | None:
    match = _CONTRACTED.search(text)
    if not match or re.search(r"\b(if not|why not|or not)\b", text):
        return None
    return text[: match.start()] + _PLAIN[match[1]] + text[match.end() :]


def _contract_not(rng: Random, text: str) -> str | None:
    match = _CONTRACTED.search(text)
    # 'Why don't you' would need its words moved.
    if not match or not re.search(r"\b(I|you|we|they|it|he|she|that|this) $", text[: match.start()]):
        return None
    full = "cannot" if match[1] == "can't" else "will not" if match[1] == "won't" else f"{_PLAIN[match[1]]} not"
    return text[: match.start()] + full + text[match.end() :]


def _add_not(rng: Random, text: str) -> str | None:
    match = _PRONOUN_VERB.search(text)
    if not match or " not " in text or (re.match(r"(How|What|Where|When|Which) ", text) and match.start() < 12):
        return None
    return f"{text[: match.start()]}{match[1]} {match[2]} not {text[match.end() :]}"


def _how_why(rng: Random, text: str) -> str | None:
    match = _HOW_WHY.match(text)
    if not match or (match[1] == "Why" and match[2] in {"should", "is", "are", "was", "were"}):
        return None
    return ("Why" if match[1] == "How" else "How") + text[len(match[1]) :]


def _from_to(rng: Random, text: str) -> str | None:
    match = _FROM_TO.search(text)
    if (
        not match
        or match[1].lower() in {"time", "day", "place", "a", "the", "my"}
        or match[2].lower() in {"a", "the", "my", "get", "be", "do"}
    ):
        return None
    return f"{text[: match.start()]}from {match[2]} to {match[1]}{text[match.end() :]}"


def _between(rng: Random, text: str) -> str | None:
    match = _BETWEEN.search(text)
    if not match or match[2].startswith(("a ", "an ", "the ")) or "difference" not in text:
        return None
    return f"{text[: match.start()]}between {match[3]} and {match[2]}{text[match.end() :]}"


def _versus(rng: Random, text: str) -> str | None:
    match = _VERSUS.match(text)
    if not match or match[1].split()[0].lower() in _ASKING:
        return None
    return f"{match[3][0].upper()}{match[3][1:]} {match[2]} {match[1]}?"


def _modal(rng: Random, text: str) -> str | None:
    match = _MODAL.match(text)
    if not match or match[2] == "you":
        return None
    other = rng.choice([word for word in ("Can", "Should", "Must") if word != match[1]])
    return f"{other} {match[2]} {text[match.end() :]}"


def _when(rng: Random, text: str) -> str | None:
    match = _WHEN.match(text)
    return f"{match[1]} {'did' if match[2] == 'will' else 'will'} {text[match.end() :]}" if match else None


def _better(rng: Random, text: str) -> str | None:
    match = _BETTER.match(text)
    return f"{match[1]} {match[4]} {match[3]} than {match[2]}?" if match else None


def _how_to(rng: Random, text: str) -> str | None:
    match = _HOW_TO.match(text)
    if not match or match[2] in {"not", "tell", "know", "be", "have"} or "." in match[3] or "?" in match[3]:
        return None
    return rng.choice([form for form in sections_of(_TABLE)["how to"] if not form.startswith(match[1])]).format(
        v=match[2] + match[3]
    )


def _what_is(rng: Random, text: str) -> str | None:
    match = _WHAT_IS.match(text)
    if not match or re.search(r"[?.,]| and | that | which | for me| best way|\b(you|your|like)\b", match[1]):
        return None
    return rng.choice(sections_of(_TABLE)["what is"]).format(n=match[1])


def known_words(text: str) -> int:
    """How many words of `text` are common: real prompts have most."""
    return sum(word.lower() in common_ranks() for word in re.findall(r"[A-Za-z]+", text))
