"""In which form an answer is wanted: its language, its format, how long it may be.

`Who wrote Hamlet?` against `In French: who wrote Hamlet?`, `… as a table`, `… in one word`: the words of the question
are the same, and no stored answer does for both. A form counts where it ends a clause (`in Polish history` is no
language) and where the other text never speaks of it (`write a German letter`, `write a letter in German`).
"""

from __future__ import annotations

import re
from functools import cache

from proxy.core.said import may_say

_LANGUAGES = (
    "afrikaans albanian arabic armenian basque bengali bulgarian cantonese catalan chinese croatian czech danish "
    "dutch estonian farsi finnish french gaelic galician georgian german greek gujarati hebrew hindi hungarian "
    "icelandic indonesian irish italian japanese korean latin latvian lithuanian macedonian malay maltese mandarin "
    "marathi nepali norwegian persian polish portuguese punjabi romanian russian serbian slovak slovene slovenian "
    "somali spanish swahili swedish tagalog tamil telugu thai turkish ukrainian urdu vietnamese welsh yiddish zulu"
)
"""English is missing: `what does hola mean in English` asks what `what does hola mean` asks."""

_OWN_NAMES = {
    "deutsch": "german", "français": "french", "francais": "french", "español": "spanish", "espanol": "spanish",
    "italiano": "italian", "nederlands": "dutch", "português": "portuguese", "portugues": "portuguese",
    "polski": "polish", "svenska": "swedish", "dansk": "danish", "norsk": "norwegian", "türkçe": "turkish",
}  # fmt: skip
_FORMATS = {
    "json": "json", "xml": "xml", "yaml": "yaml", "csv": "csv", "html": "html", "markdown": "markdown|md",
    "latex": "latex|tex", "table": "tabl|tabul|column", "tabular": "tabl|tabul|column", "bullet points": "bullet",
    "bullets": "bullet", "bullet point": "bullet", "bulleted list": "bullet", "bullet list": "bullet",
    "numbered list": "number|list|step", "checklist": "check", "spreadsheet": "sheet|excel|table",
    "flowchart": "flow|diagram|chart", "poem": "poe|vers|rhym|lyric", "haiku": "haiku|poem",
    "limerick": "limerick|poem", "sonnet": "sonnet|poem", "rhyme": "rhym|poem|vers", "rhymes": "rhym|poem|vers",
    "rap": "rap|song|lyric", "song": "song|lyric|sing", "tweet": "tweet|twitter|post",
    "dialogue": "dialog|conversation", "emojis": "emoji", "emoji": "emoji", "haikus": "haiku|poem",
}  # fmt: skip
"""Format -> what in the other text says that it is meant there, too: beginnings of words."""

_ENDS = r"(?=\s*(?:[.,:;!?)\]–—-]|$|please\b|pls\b|thanks\b|format\b|form\b|language\b))"  # noqa: RUF001
_LANGUAGE = re.compile(
    r"(?<!\bis )(?<!'s )(?<!\bare )(?<!\bwas )\b(?:in|auf|en|em|på|po)\s+(?:simple |plain |easy )?"
    rf"({'|'.join([*_LANGUAGES.split(), *_OWN_NAMES])}){_ENDS}",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    r"\b(?:as|in|into|using|with|only)\s+(?:an? |the |valid |plain |form of an? |form of )?"
    rf"({'|'.join(sorted(_FORMATS, key=len, reverse=True))}){_ENDS}",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\b(?:(?:in|only|just|exactly)\s+(?:just |only |exactly )?(?:one|a single|a|1|two|2|three|3)|"
    r"(?:one|single)(?=[- ]\w+ (?:answer|reply|only|please|summary))|"
    r"(?:at most|max\.?|maximum|under|below|no more than|less than|fewer than|up to|within)\s+(?:of )?\w+)[- ]"
    r"(word|sentence|line|paragraph|character)s?\b",
    re.IGNORECASE,
)
_SHORT = "short|brief|concise|summ|tl"
_SIZES = {
    "word": "word", "character": "character", "sentence": f"sentence|line|{_SHORT}", "line": f"line|sentence|{_SHORT}",
    "paragraph": f"paragraph|{_SHORT}",
}  # fmt: skip
_SAYS_ANY = frozenset(
    [
        *_LANGUAGES.split(),
        *_OWN_NAMES,
        *(name.split()[0] for name in _FORMATS),
        *_SIZES,
        *(f"{unit}s" for unit in _SIZES),
    ]
)
"""Words of which each of the patterns needs one."""

Forms = tuple[tuple[str, re.Pattern[str]], ...]


def forms_of(text: str) -> Forms:
    """What is asked of the answer's form, each with the words by which another text would ask for the same."""
    if not may_say(text, _SAYS_ANY):
        return ()
    names = {_OWN_NAMES.get(name, name) for name in _lowered(_LANGUAGE, text)}
    forms = {name: _known(name) for name in names}
    forms |= {name: _known(_FORMATS[name]) for name in _lowered(_FORMAT, text)}
    forms |= {unit: _known(_SIZES[unit]) for unit in _lowered(_SIZE, text)}
    return tuple(forms.items())


def forms_differ(a: Forms, b: Forms, text_a: str, text_b: str) -> bool:
    """Whether one text asks for a form of which the other never speaks; symmetric."""
    return _is_unheard(a, text_b) or _is_unheard(b, text_a)


def _is_unheard(forms: Forms, other: str) -> bool:
    return any(known.search(other) is None for _, known in forms)


def _lowered(pattern: re.Pattern[str], text: str) -> list[str]:
    return [found.lower() for found in pattern.findall(text)]


@cache
def _known(beginnings: str) -> re.Pattern[str]:
    """Words that begin so, and a language's own name; there are a hundred of them."""
    own = [name for name, english in _OWN_NAMES.items() if english == beginnings]
    return re.compile(rf"\b(?:{'|'.join([beginnings, *own])})", re.IGNORECASE)
