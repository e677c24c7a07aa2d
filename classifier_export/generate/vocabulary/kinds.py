"""Kinds of thing from WordNet (animals, drugs, jobs, rivers …), filtered for words that people use."""

import re
from dataclasses import dataclass
from functools import cache

from classifier_export.generate.tables import lines_of
from classifier_export.generate.values import Pool, Value
from classifier_export.generate.vocabulary.wordnet import Synset, below, is_common, parent_of, senses, tagged

_TABLE = "vocabulary/kinds.txt"
_MANY_KINDS = 24  # a synset with more direct kinds is a class (bird, wine), not a thing to ask about
_NOT_HUMAN = re.compile(
    r"plant|animal|horse|cattle|sheep|birds|fung|rot |leaves|dogs|coal|miners|wood|skin that|slang|archaic|tobacco|shy"
)
_ALL = re.compile("")
_ENDINGS = {
    # Performing arts count as humanistic disciplines in WordNet; their terms (hornpipe, villain) are no subjects.
    "discipline": re.compile(
        r"(ics|logy|nomy|graphy|metry|istry|sophy|history|ture|algebra|psychiatry|pharmacy|surgery|grammar|logic|"
        r"botany|anatomy|finance)$"
    ),
    # Most WordNet persons without these endings are not jobs (mate, auxiliary).
    "occupation": re.compile(
        r"^[a-z]*(er|or|ist|ian|eer|[rst]man|smith|nurse|chef|pilot|judge|surgeon|tect|ant|coach|clerk)$"
    ),
}


@dataclass(frozen=True)
class Kind:
    """One line of kinds.txt. `limit` None: any word, however rare (drugs)."""

    name: str
    limit: int | None
    named: bool
    compound: bool
    roots: tuple[str, ...]


def kind_pools() -> dict[str, Pool]:
    return {kind.name: _pool(kind) for kind in map(_parsed, lines_of(_TABLE))}


def _parsed(line: str) -> Kind:
    head, _, roots = line.partition(" = ")
    name, _, rest = head.partition(": ")
    limit, *flags = rest.split()
    return Kind(
        name,
        None if limit == "*" else int(limit),
        "named" in flags,
        "compound" in flags,
        tuple(root.strip() for root in roots.split(",")),
    )


def _pool(kind: Kind) -> Pool:
    values: dict[str, Value] = {}
    for root in kind.roots:
        for synset in below("noun", root, instances=kind.named):
            spelling = _person(synset) if kind.named else _word(synset, kind)
            if spelling:
                values.setdefault(spelling.lower(), Value(spelling.lower(), (spelling,), parent_of(synset)))
    return Pool(tuple(values[key] for key in sorted(values)))


def _word(synset: Synset, kind: Kind) -> str:
    """The usual word for a thing, or ''. This must be one of the word's first two senses: else it reads otherwise."""
    if sum(symbol == "~" for symbol, _, _ in synset.pointers) > _MANY_KINDS:
        return ""
    if kind.name == "disease" and _NOT_HUMAN.search(synset.gloss):
        return ""
    table = senses("noun")
    for lemma in synset.lemmas:
        if synset.offset in table.get(lemma.lower(), [])[:2] and re.fullmatch(r"[a-z][a-z ]+", lemma):
            known = kind.limit is None or is_common(lemma, kind.limit) or lemma in tagged()
            if known and _wanted(lemma, kind):
                return lemma
    return ""


def _wanted(lemma: str, kind: Kind) -> bool:
    return (
        (kind.compound or " " not in lemma)
        and lemma not in _not_wanted()
        and bool(_ENDINGS.get(kind.name, _ALL).search(lemma))
    )


def _person(synset: Synset) -> str:
    """First and last name, as WordNet's longest spelling has every middle name and title; events as written."""
    table = senses("noun")
    names = [
        lemma for lemma in synset.lemmas if synset.offset == table.get(lemma.lower(), [""])[0] and lemma[0].isupper()
    ]
    common = [name for name in names if is_common(re.sub(r"[^\w\s-]", "", name), 30000)]
    usual = [name for name in common if name.count(" ") == 1 and not name.startswith(("Sir ", "Lord ", "Dame "))]
    if usual and usual[0].lower() not in _not_wanted():
        return usual[0]
    return max(common, key=len) if common and "war" in synset.gloss else ""


@cache
def _not_wanted() -> frozenset[str]:
    return frozenset(lines_of("vocabulary/not_wanted.txt"))
