"""Edits that leave the question as it is: label 1. Slot values are protected by the caller's `keep` words."""

import re
from collections.abc import Callable
from random import Random

from classifier_export.generate.tables import equals_of, sections_of
from classifier_export.generate.vocabulary.wordnet import common_ranks

Edit = Callable[[Random, str, frozenset[str], bool], str | None]

_TABLE = "harmless.txt"
_TYPO_WORD = re.compile(r"[a-z]{5,}")


def opener(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    lead = rng.choice(sections_of(_TABLE)["openers train" if train else "openers eval"])
    first = text.split()[0]
    # A capital after a comma only where the word carries it itself.
    low = first.lower() in common_ranks() and first != "I" and first not in keep and not first.isupper()
    return lead + (text[0].lower() + text[1:] if low and lead[-2] not in ".!" else text)


def closer(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    return (text if text[-1] in ".?!" else text + ".") + rng.choice(
        sections_of(_TABLE)["closers train" if train else "closers eval"]
    )


def lower_case(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    return text.lower().rstrip(".?")


def bare_end(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    end = rng.choice(("", "", "??", " ?", "!", "...")) if text[-1] in "?." else rng.choice((".", "?"))
    return text.rstrip(".?!") + end


def please(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    if "lease" in text:
        return None
    return text[:-1] + ", please" + text[-1] if text[-1] in ".?!" else text + " please"


def contraction(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    return _exchanged(rng, text, _pairs("contractions"), keep)


def spelling(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    return _exchanged(rng, text, _pairs("spellings"), keep)


def abbreviation(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    return _exchanged(rng, text, _pairs("short"), keep)


def typo(rng: Random, text: str, keep: frozenset[str], train: bool) -> str | None:
    """One slip in a long common word that is no slot value, so that no other word of the language appears."""
    ranks = common_ranks()
    words = [
        m
        for m in _TYPO_WORD.finditer(text)
        if m[0] in ranks and m[0] not in keep and text[m.start() - 1 : m.start()] in {" ", ""}
    ]
    if not words:
        return None
    match = rng.choice(words)
    word = match[0]
    for _ in range(8):
        i = rng.randrange(1, len(word) - 2)
        slip = rng.choice(
            (word[:i] + word[i + 1] + word[i] + word[i + 2 :], word[:i] + word[i + 1 :], word[:i] + word[i] + word[i:])
        )
        if slip != word and slip not in ranks:
            return text[: match.start()] + slip + text[match.end() :]
    return None


_EDITS: tuple[tuple[str, Edit, int], ...] = (
    ("opener", opener, 4),
    ("closer", closer, 3),
    ("lower", lower_case, 3),
    ("end", bare_end, 2),
    ("please", please, 2),
    ("contraction", contraction, 5),
    ("spelling", spelling, 4),
    ("abbreviation", abbreviation, 5),
    ("typo", typo, 4),
)


def disturbed(rng: Random, text: str, keep: frozenset[str], *, train: bool, edits: int = 1) -> tuple[str, str]:
    """(text after up to `edits` harmless edits, their names joined by '+'); the name is '' where none applied."""
    names: list[str] = []
    for _ in range(edits * 4):
        if len(names) == edits:
            break
        name, edit, _ = rng.choices(_EDITS, [weight for *_, weight in _EDITS])[0]
        changed = None if name in names else edit(rng, text, keep, train)
        if changed is not None and changed != text:
            text, names = changed, [*names, name]
    return text, "+".join(names)


def _pairs(section: str) -> tuple[tuple[str, str], ...]:
    return equals_of(sections_of(_TABLE)[section])


def _exchanged(rng: Random, text: str, table: tuple[tuple[str, str], ...], keep: frozenset[str]) -> str | None:
    """One entry of `table` in either direction, the first letter's case kept."""
    for one, other in rng.sample(table, len(table)):
        for old, new in ((one, other), (other, one)):
            # 'US' is not 'us': capitals are found only as written. A contraction needs a word after it.
            flags = re.IGNORECASE if old.islower() else 0
            tail = r"(?= \w)" if "'" in new else r"(?![\w'-])"
            match = re.search(rf"(?<![\w'-]){re.escape(old)}{tail}", text, flags)
            if match and not keep & set(match[0].lower().split()) and len(old) > 1:
                new = "I" + new[1:] if new.startswith(("i'", "i ")) else new
                new = new[0].upper() + new[1:] if match[0][0].isupper() else new
                return text[: match.start()] + new + text[match.end() :]
    return None
