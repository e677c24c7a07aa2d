"""The literal parts of a text: what is quoted, fenced, tagged or handed over to be worked on, character by character.

Meaning is not looked at: two questions about different literals are different, however alike they sound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from proxy.core.handed import QUOTED, folded, handed_over, mentioned, to_spell, without_courtesy, worked_on
from proxy.core.words.common import ENGLISH

PAYLOAD_WORDS = 4
"""From this many words a literal part is a payload (R7): it must be equal, not merely occur on the other side."""

_CODE = re.compile(r"```(.*?)```|(?<!`)`([^`\n]{1,2000})`(?!`)", re.DOTALL)
_TAGGED = re.compile(r"<([A-Za-z][\w-]{0,40})(?: [^<>]{0,200})?>([^<>]{0,20000})</")
_TAG = re.compile(r"</?[A-Za-z][\w-]{0,40}(?: [^<>]{0,200})?/?>")
_FLAG = re.compile(r"(?<![^\s\"'`(\[])(?:--[A-Za-z][\w-]*|-(?:[A-Za-z]|[a-z]{2,12})(?![\w-]))")
_SIGNED = re.compile(r"(?<![^\s\"'`(\[])(?<!\d )[+%][A-Za-z]{1,3}(?![\w+])")
_MODE = re.compile(r"(?<![\w-])[ugoa]{1,4}[+=-][rwxXst]{1,5}(?![\w-])")
_EXPONENT = re.compile(r"(?<![\w.])\d+(?:\.\d+)?[eE][+-]?\d{1,3}(?![\w.]\w)")
_RATE = re.compile(
    r"(?<=[\d\s])(mg|mcg|µg|g|kg|ml|units?|iu|mmol|mol|ng)\s?(?:/|\bper\s)\s?(kg|ml|dl|l|m2|m3|dose|tablet)(?!\w)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"(?<![\w-])[A-Za-z]-[A-Za-z](?![\w-])")
_CASED_UNIT = re.compile(r"\d\s?((?:[kKMGTP]i?[bB](?:ps|/s)?|[mMkG](?:W|V|A|Hz|J|N|Pa)h?))(?![A-Za-z])")
_PATH = re.compile(
    r"(?<![\w/])~?/[\w.-]+(?:/[\w.-]+)*|\b[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+\b|\b\w+\(\)|(?<![\w&])[@#][A-Za-z]\w+"
)
_SYMBOL_WORD = re.compile(
    r"(?<![\w+#])(?:[A-Za-z]{1,12}(?:\+\+?|#)(?![\w+#])|(?<![.\w])\.[a-z]{2,5}(?!\w))", re.IGNORECASE
)
_OPERATOR = re.compile(
    r"([\w.]{0,60})\s{0,8}(?<![<>=!|&^:-])([<>=!|&^:]=+|=>|->|<-|→|←|↔|<<|>>|&&|\|\||[<>=|^≤≥≠])(?![<>=|&^])\s*([\w.]*)"
)
_SUM = re.compile(r"\d\s*([+*×÷])\s*(?=\d)|\d\s+([-/x])\s+(?=\d)|\d([-/])(?=\d)")  # noqa: RUF001
_SMALL = {word for word in ENGLISH if len(word) > 1} | {"mean", "means", "regex", "meaning", "operator", "operators"}
_DIGIT = re.compile(r"\d")
_SAME_SIGN = {"×": "*", "x": "*", "÷": "/"}  # noqa: RUF001
_DOTTED = re.compile(r"(?<![\w.@/])(?!\d)\w[\w-]*(?:\.[A-Za-z]\w{1,5})+(?![\w.]|\s*@)")
_ALIASES = {"cpp": "c++", "csharp": "c#", "dotnet": ".net"}


@dataclass(frozen=True, slots=True)
class Literals:
    """The literal parts of one text, spaces folded.

    worked: what stands in front of an order to work on it (`handed.worked_on`). payloads: at least four words.
    mentioned: those of them behind a head that asks for no work. quoted: shorter ones in quotes or tags, or to be
    spelt. code: inline code, flags, formats (`%Y`), paths, handles and names with underscores. symbol_words: `c++`,
    `c#`, `.net`, in small letters. comparisons: `a<b`, `en→fr`. signs: `+`, `*` … between numbers. dotted: file and
    host names. cased_units: `MB`, `Mb`, `mW` behind a number. rates: `mg/kg`, also where it is written `mg per kg`.
    """

    worked: str
    payloads: frozenset[str]
    mentioned: frozenset[str]
    quoted: frozenset[str]
    code: frozenset[str]
    symbol_words: frozenset[str]
    comparisons: frozenset[str]
    signs: frozenset[str]
    dotted: frozenset[str]
    cased_units: frozenset[str]
    rates: frozenset[str]


_NOTHING = Literals("", *[frozenset()] * 10)
_HAS_ANY = re.compile(
    r"[\"“”„«‘'`<>:\n\-/_()+*#@%.=|^&≤≥≠→←↔×÷]|\d x \d|\d\s?[kKMGTPm]i?[bBWVAHJNP]"  # noqa: RUF001
    r"|\de[+-]?\d| per |cpp|csharp|dotnet",
    re.IGNORECASE,
)


_NEEDS = {
    QUOTED: "\"“„«‘'",  # noqa: RUF001
    _CODE: "`",
    _TAGGED: "<",
    _FLAG: "-",
    _SIGNED: "+%",
    _MODE: "+=-",
    _LETTERS: "-",
    _PATH: "/_(@#",
    _EXPONENT: "eE",
    _SYMBOL_WORD: "+#.",
    _DOTTED: ".",
}
"""Characters of which one is in all that a pattern finds: most texts have none, and are not searched."""

_NAMES = (_FLAG, _SIGNED, _MODE, _LETTERS, _PATH, _EXPONENT)
"""What counts as code without quotes around it."""


def literals_of(text: str) -> Literals:
    """Never raises; linear in practice: every gap is bounded."""
    worked = worked_on(text)
    if not worked and _HAS_ANY.search(text) is None:
        return _NOTHING
    text = without_courtesy(text)
    quoted = _groups(QUOTED, text) | {folded(match[2]) for match in _each(_TAGGED, text)} - {""}
    code = _groups(_CODE, text)
    has_digit = _DIGIT.search(text) is not None
    literal = quoted | code | handed_over(text)
    payloads = frozenset(part for part in literal if len(part.split()) >= PAYLOAD_WORDS)
    names = {match.group() for pattern in _NAMES for match in _each(pattern, text)}
    return Literals(
        worked=worked,
        payloads=payloads,
        mentioned=payloads & mentioned(text) - quoted - code if payloads else payloads,
        quoted=frozenset((quoted | to_spell(text)) - payloads),
        code=frozenset((code - payloads) | names),
        symbol_words=frozenset(_symbol_words(text)),
        comparisons=frozenset(_comparisons(text)),
        signs=frozenset(_sign(match) for match in _SUM.finditer(text)) if has_digit else frozenset(),
        dotted=frozenset(match.group().lower() for match in _each(_DOTTED, text)),
        cased_units=frozenset(match[1] for match in _CASED_UNIT.finditer(text)) if has_digit else frozenset(),
        rates=frozenset(_rate(match) for match in _RATE.finditer(text)) if has_digit else frozenset(),
    )


def occurs(part: str, text: str) -> bool:
    """Whether a literal part stands in a text: as whole words, or to the letter where it holds symbols."""
    words = _words(part)
    if _MODE.fullmatch(part):
        return part in text
    if "".join(words) != "".join(part.split()) and not _is_name(part):
        return part in text
    return f" {' '.join(words)} " in f" {' '.join(_words(text))} "


_is_name: Callable[[str], object] = re.compile(r"[\w\s./()~@#-]*").fullmatch


def _each(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    for character in _NEEDS[pattern]:
        if character in text:
            return pattern.finditer(text)
    return ()


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _comparisons(text: str) -> list[str]:
    if not any(sign in text for sign in "<>=|^&≤≥≠→←↔"):
        return []
    return [_comparison(match) for match in _OPERATOR.finditer(_TAG.sub(" ", text))]


def _comparison(match: re.Match[str]) -> str:
    """Without small words around it: `between == and ===` compares nothing; nor a full stop behind it."""
    left, sign, right = match[1], match[2], match[3].rstrip(".")
    return "".join(["" if left.lower() in _SMALL else left, sign, "" if right.lower() in _SMALL else right]).lower()


def _sign(match: re.Match[str]) -> str:
    sign = next(group for group in match.groups() if group)
    return _SAME_SIGN.get(sign, sign)


def _rate(match: re.Match[str]) -> str:
    return f"{match[1]}/{match[2]}".lower()


def _symbol_words(text: str) -> set[str]:
    found = {match.group().lower() for match in _each(_SYMBOL_WORD, text)}
    lowered = text.lower()
    return found | {symbol for alias, symbol in _ALIASES.items() if alias in lowered}


def _groups(pattern: re.Pattern[str], text: str) -> set[str]:
    found = {folded(next(group for group in match.groups() if group is not None)) for match in _each(pattern, text)}
    return found - {""}
