"""Greetings before a question and thanks behind it: what a letter has besides."""

from __future__ import annotations

import re

from proxy.core.words.common import words_of
from proxy.core.words.given_names import GIVEN_NAMES

_ADDRESSED = (
    r"(?: (?:there|all|everyone|everybody|team|folks|guys|again|to|and|or|the|our|support|sir|madam|"
    r"colleagues|friends))"
)
"""Whom anybody may greet; `Hi HR, who is my contact?` is another question than `Hi IT, who is my contact?`"""

GREETED = r"(?:hi|hello|hey|hiya|dear|greetings|good (?:morning|afternoon|evening|day))"
GREETING = rf"(?:{GREETED}{_ADDRESSED}{{1,4}}[,.!-]+|{GREETED}(?: there| all| again)?[,.!-]*)(?=\s)"
EXCUSE = (
    r"(?:(?:sorry(?: to (?:bother|disturb) you)?|excuse me|apologies)[,.!-]+|(?:just )?(?:curious|wondering)[,:]|"
    r"(?:(?:a|one|my) )?(?:quick |short )?question:)"
)

_BEFORE = re.compile(rf"(?=[A-Za-z])(?:{GREETING}\s*)?(?:{EXCUSE}\s+){{0,2}}", re.IGNORECASE)
_THANKED = (
    r"(?i:(?:many )?thanks|thank you|thx|tia|cheers)"
    r"(?i: in advance| so much| very much| a lot| again| everyone| all| team| for (?:your|the|any) help)?[,.!\s]*"
)
_REGARDS = (
    r"(?i:best|(?:yours )?(?:sincerely|faithfully|truly)|(?:(?:with )?(?:kind|best|warm) )?(?:regards|wishes))[,.!\s]*"
)
_NAME = r"([A-Z][a-z]{1,20})(?: [A-Z][a-z]{1,20})?"
_BEHIND = re.compile(rf"(?<=[.?!,\n])\s*{_THANKED}(?:{_REGARDS})?\Z|(?<=[.?!\n])\s*{_REGARDS}\Z")
_SIGNED = re.compile(
    rf"(?:(?<=[.?!,\n])\s*{_THANKED}(?:{_REGARDS})?|(?<=[.?!\n])\s*{_REGARDS})(?<=[,.!\s]){_NAME}[.\s]*\Z"
)
_REACH = 90
"""Characters that thanks and a name have at most."""

_FIRST = words_of("""
hi hello hey hiya dear greetings good sorry excuse apologies just curious wondering a one my quick short question
""")
_ASKS = re.compile(
    r"(?:what|how|who|whom|whose|which|where|when|why|is|are|was|were|do|does|did|can|could|may|should|has|have)"
    r"(?:'s)? [^\n:]{8,}\Z|[^\n:]{12,}\?\Z",
    re.IGNORECASE,
)
_NAMES_THE_SIGNER = re.compile(
    r"\b(?:writ|draft|compos|word|sign|letter|e-?mail|mail|messag|note|text|card|poem|speech|toast|bio|resum|cv\b|repl|"
    r"respon|answer|name|initial|call me|introduc|apolog|invit|who am i)",
    re.IGNORECASE,
)
"""Words of questions whose answer may hold the name of who asks."""

_POINTS = re.compile(
    r"\b(?:this|these|those|following|greetings?|closing|ending|ends?|sign-?off|polite|rude|formal|informal)\b"
    r"|\b(?:it|that)\W{0,3}\Z|\b(?:is|was|to|does|language is|old is) (?:that|it called)\b",
    re.IGNORECASE,
)
"""What may point to the greeting, or to the thanks: `Which language is this? Cheers`."""

_TIMED = re.compile(
    r"\b(?:now|still|already|yet|today|tonight|tomorrow|late|early|open|opens|closed?|closes|until|till|time|breakfast|"
    r"lunch|dinner|morning|noon|afternoon|evening|night)\b",
    re.IGNORECASE,
)
"""What may depend on the time of day: `Good evening, can I still order breakfast?`"""


def bare_question(text: str, *, is_signed: bool) -> str:
    """A question without greeting and thanks around it, any other text as it is: what is to be written may be signed.

    is_signed: a given name under the thanks goes, too, where the answer cannot need it.
    """
    start, end = _begin(text), _end(text, is_signed=is_signed)
    if start == 0 and end == len(text):
        return text
    rest = text[start:end].rstrip(", \n")
    is_timed = text[:start].lower().startswith("good ") and _TIMED.search(rest)
    return rest if _ASKS.match(rest) and not is_timed and not _POINTS.search(rest) else text


def _begin(text: str) -> int:
    if text.partition(" ")[0].rstrip(",.!:-\n").lower() not in _FIRST:
        return 0
    found = _BEFORE.match(text)
    return found.end() if found else 0


def _end(text: str, *, is_signed: bool) -> int:
    if text.endswith("?"):
        return len(text)
    reach = max(0, len(text) - _REACH)
    found = _BEHIND.search(text, reach)
    if found is None and is_signed and not _NAMES_THE_SIGNER.search(text):
        signed = _SIGNED.search(text, reach)
        found = signed if signed and signed[1].lower() in GIVEN_NAMES else None
    return found.start() if found else len(text)
