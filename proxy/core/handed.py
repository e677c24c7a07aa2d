"""What a prompt hands over to be worked on: the part behind its first colon, below its first line, or in front of a
last sentence that says what to do with it (`He go home. Correct this sentence.`).

Not everything behind a colon is handed over: `One question: how …?` is a courtesy, `Visa for Niger: do I need one?` a
topic and what is asked of it. Where in doubt it is handed over, and must be equal to the letter.
"""

from __future__ import annotations

import re

from proxy.core.courtesies import GREETED, bare_question

QUOTED = re.compile(
    r'"([^"\n]{1,2000})"|“([^“”]{1,2000})”|„([^„“”]{1,2000})[“”]|«([^«»]{1,2000})»|‘([^‘’\n]{1,2000})’(?!\w)'  # noqa: RUF001
    r"|(?<![\w'])'([^'\n]{1,2000}(?:'\w[^'\n]{0,200}){0,20})'(?![\w'])"
)
_HANDED = re.compile(r"(?<=\S):(?=\s)|\n")
_GREETING = rf"{GREETED}(?: (?:there|all|team|everyone))?"
_LEAD_IN = re.compile(
    rf"\s*(?:{_GREETING}[,.!]? )?(?:{_GREETING}|"
    r"(?:(?:can|could|would|will) you |please |kindly )*(?:please )?(?:help|answer|tell|explain|advise)"
    r"(?: me| us)?(?: please)?(?: (?:this|with this|the following|my question)(?: question)?)?|"
    r"(?:i have (?:a|one|another) |one |another |a |my |here is my |just (?:a|one) )?(?:quick |short |simple |small )?"
    r"(?:question|q|one)(?: is(?: the following| this)?)?|(?:i was |i am |i'm |just )?(?:wondering|curious)|"
    r"the question (?:(?:that )?(?:i have|i would like to ask|we have) )?is|"
    r"(?:please )?do the following|"
    r"dear [a-z]{1,20}(?: [a-z]{1,20})?|urgent|not sure who to ask|"
    r"(?:just )?(?:one|a) (?:more|last|final|other|further) (?:quick |short |small )?question|"
    r"(?:excuse|pardon|forgive|sorry for) (?:the|my|this) (?:basic|silly|stupid|dumb|simple|naive|newbie) question|"
    r"(?:sorry|apologies) if (?:this|it) (?:was|has been|is) (?:already )?(?:asked|answered)(?: before| already)?|"
    r"(?:i )?hope this is the right place(?: to ask)?|let me ask(?: you)?(?: this)?|"
    r"(?:i )?(?:couldn't|could not|can't) find (?:this|it)(?: in (?:the|your) (?:docs|documentation|faq|manual|help))?"
    r")(?: please)?"
    r"(?:\s*:\s+|[,!.]?\s*\n\s*)",
    re.IGNORECASE,
)
"""Courtesy before a question: what follows its colon is the question itself, no payload."""

_THANKS = re.compile(
    r"[\s,.!?]{0,20}\b(?:thanks|thank you|thx|cheers|please)(?: (?:in advance|so much|very much|a lot))?[\s.!]*$",
    re.IGNORECASE,
)
_AROUND = " \t\r\n\"'`“”„«»‘’"  # noqa: RUF001

_ASKS = re.compile(
    r"\s*(?:how|what|which|who|whose|whom|when|where|why|is|are|was|were|do|does|did|can|could|may|might|must|should|"
    r"shall|will|would|has|have|had|am|need)\b|[^?]*\?\s*$",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\b(?:translat|summar|tl|rewrit|rewor|rephras|paraphras|proofread|correct|fix|edit|classif|categor|label|sentiment|"
    r"spam|extract|convert|capitali|upper|lower|spell|gramma|punctuat|shorten|expand|simplif|answer|repl|respon|complet|"
    r"continu|repeat|say|said|ask|encod|decod|defin|explain|mean|writ|read|count|sort|order|pars|format|solv|check|review|"
    r"rat(?:e|ing)\b|scor|grad|rank|judg|compar|analy|evaluat|find|list|turn|make|put|improv|detect|identif|tag|mask|hash|"
    r"this\b|these\b|that\b|following|below|text|sentence|paragraph|passage|phrase|word|line|string|e-?mail|mail\b|letter|"
    r"messag|question|query|input|output|prompt|quot|posts?\b|comment|tweet|review|title|headline|code|error|log\b|data|item|"
    r"option|poem|lyric|song|story|joke|riddle|puzzle|statement|claim|true|false|premise|context|user|customer|student|"
    r"english|french|german|spanish|italian|portuguese|dutch|polish|turkish|russian|arabic|chinese|japanese|korean|latin|"
    r"hindi|greek|swedish|danish|finnish|emoji|morse|binary|base64|rot13|regex|sql|json|yaml|csv|xml|html|python|bash)",
    re.IGNORECASE,
)
"""Words of a head that does something to what follows it, or says what follows."""
_VERSUS = re.compile(r"\b(?:versus|vs)\b", re.IGNORECASE)
_OF_BOTH = re.compile(
    r"\s*(?:what(?:'s| is| are|’s) the (?:main |key |real )?differences?|how (?:do|are) (?:they|the two)|"  # noqa: RUF001
    r"what (?:distinguishes|separates|sets)|which (?:one )?(?:is|of))\b[^:\n]*",
    re.IGNORECASE,
)
"""`Fixed versus variable rate: what distinguishes the two?`, though `fixed` and `rate` are words of work, too."""
_SPELLING = re.compile(r"\b(?:spell|proofread|typo|gramma|punctuat)", re.IGNORECASE)
_TELLS = re.compile(
    r"\s*(?:(?:[a-z]{1,20} )?question(?: (?:is )?(?:for|about|on|concerns|concerning|regarding) [a-z ]{1,30})?|"
    r"(?:please )?(?:answer|reply|respond) in [a-z ]{1,20}|"
    r"python|bash|sql|regex)\s*",
    re.IGNORECASE,
)
"""Whole heads with such a word that do nothing to what follows: `Excel question`, `Answer in one word`, `Python`."""

_PIECE = (
    r"(?:sentence|text|paragraph|passage|phrase|wording|line|message|e-?mail|letter|note|draft|tweet|caption|statement)"
)
_ITS_TEXT = rf"(?:this|that|the|my|above) (?:(?:above|previous|preceding|whole|same) )?{_PIECE}\b"
_TO_A_TEXT = (
    r"(?:translate|rewrite|rephrase|reword|paraphrase|polish|proofread|correct|edit|improve|fix|shorten|simplify|condense|"
    r"summari[sz]e|punctuate|conjugate|negate|capitali[sz]e|restate)"
)
_WORKED_ON = re.compile(
    r"(?<=[.!?\"”’])\s+"  # noqa: RUF001
    r"(?:(?:please|now|then|kindly|can you|could you|would you|i need you to|you have to)[ ,]+){0,3}(?:"
    rf"{_TO_A_TEXT} (?:{_ITS_TEXT}|(?:this|that|it)(?= (?:in|into|to|as|for|so|more|less|please)\b|[.!?]|$))|"
    r"(?:fix|correct|check) (?:the|my|its|any|all) (?:grammar|spelling|punctuation|typos?|mistakes?|errors?)|"
    r"say (?:this|that|it) (?:more|less|another way|differently)\b|"
    r"(?:put|turn) (?:this|that|it) in(?:to)? (?:the )?"
    r"(?:active|passive|past|present|future|plural|direct|indirect|reported)\b|"
    r"make (?:this|that|it) (?:sound|read|shorter|longer|formal|informal|polite|concise|friendlier|politer|clearer|"
    r"punchier|more (?:formal|polite|friendly|concise|casual|professional))\b|"
    rf"(?:is|are) {_ITS_TEXT} (?:\w+ ){{0,2}}(?:correct|right|wrong|grammatical|ok|okay|english|formal|polite)|"
    rf"what(?:'s| is| was) (?:wrong|incorrect|the (?:mistake|error)) (?:with|in|about) {_ITS_TEXT}|"
    r"(?:what|which) (?:tense|mood|voice|case|tone|sentiment|language) (?:is|are|has|does) "
    rf"(?:{_ITS_TEXT}|this|that|it)\b"
    r")[^.!?\n]{0,60}[.!?]*(?:\s+(?:thanks|thank you|thx|cheers|please)[^.!?\n]{0,20}[.!]*)?\s*$",
    re.IGNORECASE,
)
"""A last sentence that works on what stands in front of it. `Is that correct?` and `fix it` may speak of anything."""

_HEAD_REACH = 200
"""Characters that a head may have, so that many colons take no longer than one."""

_TOPIC_WORDS = range(2, 13)
"""Words of a topic. One word says too little: `Tone: …`, `Mood: …`."""


def handed_over(text: str) -> set[str]:
    """What stands behind the first colon, and below the first line, spaces folded."""
    if ":" not in text and "\n" not in text:
        return set()
    found: dict[str, str] = {}
    for match in _HANDED.finditer(text):
        if match.group() == ":" and _is_topic(text[: match.start()], text[match.end() :]):
            continue
        found.setdefault(match.group(), folded(text[match.end() :]))
        if len(found) == 2:
            break
    return set(found.values()) - {""}


def worked_on(text: str) -> str:
    """What stands in front of a last sentence that says what to do with it, spaces folded; empty where none does."""
    match = _WORKED_ON.search(text, max(0, len(text) - _HEAD_REACH))
    return folded(text[: match.start()]) if match else ""


def to_spell(text: str) -> set[str]:
    """What is handed over to be spelt or corrected: a slip in it is the very thing that is asked about."""
    match = _HANDED.search(text, 0, _HEAD_REACH)
    return handed_over(text) if match and _SPELLING.search(text[: match.start()]) else set()


def mentioned(text: str) -> set[str]:
    """What stands behind the first colon of one line whose head asks for no work: `Docker: how to remove images?`.

    Nothing says that it is to be worked on; where only one of two texts is written so, it is wording.
    """
    match = _HANDED.search(text, 0, _HEAD_REACH)
    if match is None or match.group() != ":" or "\n" in text.strip():
        return set()
    head = text[: match.start()]
    is_told = len(head.split()) < _TOPIC_WORDS.stop and (_WORK.search(head) is None or _TELLS.fullmatch(head))
    return {folded(text[match.end() :])} if is_told else set()


def without_courtesy(text: str) -> str:
    """Without the lead-in, and then without thanks, unless they may belong to something handed over; of a letter with a
    single question, that question."""
    if ":" not in text and "\n" not in text:
        return text
    bare = bare_question(text.strip(), is_signed=True)
    if "\n" not in bare and ":" not in bare:
        return bare
    lead = _LEAD_IN.match(text)
    if lead is None:
        return text
    rest = text[lead.end() :]
    return rest if _HANDED.search(rest.rstrip()) or QUOTED.search(rest) else _THANKS.sub("", rest)


def folded(part: str) -> str:
    """Single spaces, no quotes around: `"a b"` after a colon and `a b` in quotes are the same part."""
    return " ".join(part.split()).strip(_AROUND)


def _is_topic(head: str, rest: str) -> bool:
    """`Visa for Niger: do I need one?`: a few words that ask for no work, and one question about them; or two things
    and what sets them apart."""
    return (
        len(head) < _HEAD_REACH
        and len(head.split()) in _TOPIC_WORDS
        and "\n" not in rest.strip()
        and _ASKS.match(rest) is not None
        and (_WORK.search(head) is None or (_VERSUS.search(head) is not None and _OF_BOTH.match(rest) is not None))
        and QUOTED.search(rest) is None
    )
