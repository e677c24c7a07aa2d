"""Whether an answer says again what a mask hid of its request.

A mask says that no answer depends on the text it hides. One that repeats a name, a number or an address from there
shows that it did, and is for its own request alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from proxy.core.route import Pattern
from proxy.core.scope import MASKED, MASKED_FIELDS
from proxy.core.secrets import GAPS, strings
from proxy.core.words.common import ENGLISH, words_of

_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]+)@[\w-]+\.[\w.-]*\w")
_GROUPED = re.compile(rf"(?<!\d)\d++(?:[.,'/{GAPS}]\d++)+")
"""A number as people part it: `12-34-56`, `1,204.50`."""

_TIME = re.compile(r"(?<![\d:])0?(\d{1,2}:\d\d)(?!\d)")
_DIGITS = re.compile(r"\d+")
_MONEY = r"\$|€|£|¥|(?:usd|eur|gbp)\b"
_AMOUNT = re.compile(
    rf"(?:\$|€|£|¥|\b(?:usd|eur|gbp))[{GAPS}]?(\d++)(?![.,]\d)"
    rf"|(?<![\d.,])(\d++)[{GAPS}]?(?:%|{_MONEY}|(?:dollars?|euros?|pounds?|percent|per cent)\b)",
    re.IGNORECASE,
)
"""What no answer says by chance, however short: `$42`, `15 %`."""

_LABEL = re.compile(r"^[^:\d\n]{1,40}:")
"""What a line calls its value: `Current user: `."""

_PART = re.compile(r"[\n\t;,|<{}()]")
_GIVES = re.compile(r"[:=>]|\b(?:is|as|to|with|called|named)\b")
_PERSON = words_of(
    "user username login name customer client caller member guest employee patient in talking speaking chat"
)
"""The last word in front of who it is: `user: ann`, `signed in as Jo`."""

_NAME_WORDS = 3
_ESCAPE = re.compile(r"\\[A-Za-z]")
_EITHER_CASE = re.compile(r"\[([A-Za-z])[A-Za-z]\]")
"""What stands among a mask's words: a word boundary, `[Uu]ser`."""

_BEGINS = re.compile(r"(?:\A|(?<=\n)|(?<=[.!?] ))([A-Z][a-z]+)(?= [a-z])")
_NO_NAMES = ENGLISH | words_of("today current user customer client account session")
"""Words that have their capital from the beginning of a sentence."""

_SHORTEST = 3
_SHORTEST_NAME = 2


def says_what_was_hidden(
    answers: Iterable[str], fields: Mapping[str, object], masks: Sequence[Pattern], question: str = ""
) -> bool:
    """Whether one of the answers has a name, number or address that the request has only where its domain's masks hide
    it. question: what is compared by its meaning, whatever the masks."""
    named: set[str] = set()
    people: set[str] = set()
    seen = [question]
    for name in MASKED_FIELDS:
        for text in strings(fields.get(name)):
            shown = text
            for mask in masks:
                labels = frozenset(_words([_EITHER_CASE.sub(r"\1", _ESCAPE.sub(" ", mask.pattern))]))
                for found in mask.finditer(shown):
                    hidden = (found.group() or "").strip()
                    named.update(_named(_unlabelled(hidden, labels)))
                    people.update(_people(hidden))
                shown = mask.sub(MASKED, shown)
            seen.append(shown)
    known = [*_words(seen), *(value for text in seen for value in _values(text))] if named or people else []
    named.difference_update(known)
    people.difference_update(known)
    return any(
        not (named.isdisjoint(_telling(text) if named else ()) and people.isdisjoint(_words([text]) if people else ()))
        for text in answers
    )


def _unlabelled(hidden: str, labels: frozenset[str]) -> str:
    """Without what it calls its value. Where a person is called by name in there, that is hidden, too: `User .*` hides
    `User Ann Hale: gold`. labels: the words of the mask, which stand in all that it hides."""
    label = _LABEL.match(hidden)
    if label is None:
        return hidden
    words = _WORD.findall(label[0])
    is_of_person = any(word.lower() in labels & _PERSON for word in words)
    beside = [word for word in words if word.lower() not in labels | _PERSON | _NO_NAMES] if is_of_person else []
    return " ".join([*beside, hidden[label.end() :].lstrip()])


def _people(hidden: str) -> list[str]:
    """The words of a person's name, however it is written, where it is said that it is one; in small letters."""
    found = []
    for part in _PART.split(hidden):
        gives = None
        for gives in _GIVES.finditer(part):  # noqa: B007 - the last one is wanted
            pass
        before = _WORD.findall(part[: gives.start()].lower()) if gives else []
        if gives is None or not before or before[-1] not in _PERSON:
            continue
        name = _words([part[gives.end() :]])
        if len(name) <= _NAME_WORDS:
            found += [word for word in name if len(word) >= _SHORTEST_NAME and word not in _NO_NAMES]
    return found


def _named(hidden: str) -> list[str]:
    """Names, numbers and addresses, and whose an address is; in small letters."""
    text = _BEGINS.sub(lambda found: "" if found[1].lower() in _NO_NAMES else found[1], hidden)
    owners = _words([found[1] for found in _ADDRESS.finditer(text)])
    return [*_telling(text), *_values(text), *(word for word in owners if len(word) >= _SHORTEST)]


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in (*_WORD.findall(text.lower()), *_numbers(text), *_addresses(text))]


def _telling(text: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(text) if _is_telling(word)]
    amounts = [f"={before or behind}" for before, behind in _AMOUNT.findall(text)]
    return [*words, *_numbers(text), *_addresses(text), *amounts]


def _values(text: str) -> list[str]:
    """Every number in there, as an amount is compared with it."""
    return [f"={found}" for found in _DIGITS.findall(text)]


def _numbers(text: str) -> list[str]:
    """Those in groups, as one each, and times of day."""
    numbers = ["".join(filter(str.isdigit, found)) for found in _GROUPED.findall(text)]
    return [*(number for number in numbers if len(number) >= _SHORTEST), *_TIME.findall(text)]


def _addresses(text: str) -> list[str]:
    return [found[0].lower() for found in _ADDRESS.finditer(text)] if "@" in text else []


def _is_telling(word: str) -> bool:
    """A name by its capital, or in letters that have none; a number, or letters with one (`B4`). What is shorter
    stands in any answer."""
    if word[0].isalpha() and word[0].lower() == word[0].upper():
        return len(word) >= _SHORTEST_NAME
    has_digit = any(map(str.isdigit, word))
    if len(word) < _SHORTEST:
        return has_digit and not word.isdigit()
    return word[0].isupper() or has_digit
