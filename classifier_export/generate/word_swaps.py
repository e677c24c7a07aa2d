"""Words of a prompt exchanged for their opposite, or for another thing of their kind: label 0.

Which words may be exchanged is vocabulary (`swaps.txt`, WordNet, the named things); how a sentence is turned around is
`prompt_edits`.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from random import Random

from classifier_export.generate.inflect_words import inflected
from classifier_export.generate.tables import equals_of, lines_of, sections_of
from classifier_export.generate.values import Pool, Value
from classifier_export.generate.vocabulary import named
from classifier_export.generate.vocabulary.wordnet import antonyms, is_common, senses

Edit = Callable[[Random, str], str | None]
"""Another text, or None where there is nothing to edit."""

_TABLE = "prompt_words.txt"
KINDS = {
    "place": "country city us_state",
    "answer_language": "language",
    "programming_language": "proglang",
    "product": "software",
    "date": "month",
    "weekday": "weekday",
    "occupation": "occupation",
    "disease": "disease",
    "drug": "drug",
    "co_hyponym": "animal fruit instrument sport metal garment furniture discipline vehicle insect drink meat",
    "currency": "currency",
}
"""Family to the vocabulary it draws from. Each names a thing beside its own kind only; 'python', 'turkey' and the like
mean two things."""

_PROPER = {"place", "answer_language", "product", "date", "weekday", "programming_language"}
"""Families of names with a capital."""

_TAKES_WITH = re.compile(rf"\b({'|'.join(sections_of(_TABLE)['takes with'])}) $")


def listed_swaps() -> Iterator[tuple[str, str, str]]:
    """(family, one word, its opposite) of `swaps.txt`."""
    for left, other in equals_of(lines_of("swaps.txt")):
        family, _, one = left.partition(": ")
        yield family, one, other


def swap(one: str, other: str) -> Edit:
    """The one for the other, whichever stands there."""
    pattern = re.compile(rf"(?<![\w'-])({re.escape(one)}|{re.escape(other)})(?![\w'-])", re.IGNORECASE)

    def edit(rng: Random, text: str) -> str | None:
        found = list(pattern.finditer(text))
        # Both words there, or a set phrase ("as good as", "after all"): no clean opposite.
        if len(found) != 1 or re.search(
            r"\b(after all|as good|all right|how come|first name|look after|how all|above all|at all)\b", text.lower()
        ):
            return None
        match = found[0]
        if one == "with" and (
            not re.match(r" (a|an|my|the|any)\b", text[match.end() :])
            or _TAKES_WITH.search(text[: match.start()].lower())
        ):
            return None
        new = other if match[1].lower() == one else one
        new = new[0].upper() + new[1:] if match[1][0].isupper() else new
        return text[: match.start()] + new + text[match.end() :]

    return edit


@cache
def _opposites() -> dict[str, tuple[str, ...]]:
    """Common adjectives with a WordNet antonym that is common too; the word's first adjective sense only."""
    table: dict[str, list[str]] = {}
    first = senses("adj")
    for word, opposite, synset, _ in antonyms("adj"):
        plain = word.isalpha() and opposite.isalpha() and word.islower()
        if plain and is_common(word, 5000) and is_common(opposite, 7000) and synset.offset in first.get(word, [])[:2]:
            table.setdefault(word, []).append(opposite)
    return {
        word: tuple(sorted(set(others)))
        for word, others in sorted(table.items())
        if word not in sections_of(_TABLE)["no clean opposite"]
    }


def antonym(rng: Random, text: str) -> str | None:
    """An adjective for its opposite."""
    for match in re.finditer(r"(?<=\s)[a-z]+(?= [a-z]+)", text):
        others = _opposites().get(match[0])
        # 'How old is' asks for a measure, not for the quality.
        if others and not re.search(r"\b(how|as|so|too|very)\s$", text[: match.start()].lower()):
            return _put(text, match, rng.choice(others))
    return None


@cache
def _kind_index(family: str) -> dict[str, tuple[Pool, Value]]:
    """Lower-case name → its pool; only names that no other kind has, and no verb."""
    table: dict[str, tuple[Pool, Value]] = {}
    verbs = senses("verb")
    for source in KINDS[family].split():
        pool = named.sources()[source]
        assert isinstance(pool, Pool)
        for value in pool.values:
            name = value.forms[0].lower()
            free = family in _PROPER or name not in verbs
            if free and name not in sections_of(_TABLE)["two meanings"] and len(name) > 2:
                table[name] = (pool, value)
    return table


def kind_swap(family: str) -> Edit:
    """A name of the family for a near one."""

    def edit(rng: Random, text: str) -> str | None:
        options = list(_kind_matches(family, text))
        if not options:
            return None
        match, pool, value, plural = rng.choice(options)
        new = pool.near(rng, value, "train").forms[0]
        new = inflected(new, "pl") if plural else new
        if match[0].islower() and family in _PROPER:
            new = new.lower()
        elif match[0][0].isupper():
            new = new[0].upper() + new[1:]
        return _put(text, match, new)

    return edit


def _put(text: str, match: re.Match[str], new: str) -> str:
    """The text with another word there, and before it the article that this one takes."""
    head = re.sub(r"\b(a|an) $", f"{inflected(new, 'a').split()[0]} ", text[: match.start()])
    return head + new + text[match.end() :]


def _kind_matches(family: str, text: str) -> Iterator[tuple[re.Match[str], Pool, Value, bool]]:
    """(where, pool, value, in the plural) for each name of the family; 'New York' goes before 'York'."""
    table = _kind_index(family)
    written_small = text == text.lower()
    for match in re.finditer(r"[A-Z][a-z]+ [A-Z][a-z]+|[A-Za-z]+", text):
        name = match[0].lower()
        if family in _PROPER and match[0][0].islower() and not written_small:
            continue
        if name in table:
            yield match, *table[name], False
        elif name.endswith("s") and name[:-1] in table and family not in _PROPER:
            yield match, *table[name[:-1]], True
