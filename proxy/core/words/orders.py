"""Orders in system texts that make whatever is written next material by themselves, whatever else weighs against it.

Beside `material`, whose patterns want a word for the text that is worked on: a parrot, a terminal, "say it like a
pirate" need none. Sentences are folded, and hold no negated clause (`NEGATED`).
"""

from __future__ import annotations

import re

from proxy.core.words.fold import any_of

NEGATED = re.compile(r"\b(?:do not|don't|never|without|no(?= \w)|avoid|rather than|instead of)\b[^.!?;:,]{0,80}")

ANSWERS = re.compile(
    r"\b(?:answers?|answering|helps?|helping|assists?|explains?|advises?|advice|teach(?:es)?|questions|recommends?|"
    r"customers|guests|visitors|owners|students|children|shop|tips|ask|asks|topics?)\b"
)
"""Somebody is answered: a parrot that children ask about animals, a terminal that students are taught."""

IN_ANSWERS = re.compile(
    r"\b(?:answers?|answering|questions about|asks|(?:they|who|people|users|students) ask|customers|guests|visitors)\b"
)
"""The work belongs to an answer, or is what people ask about."""

_OPEN = (
    r"(?:^\W*(?:(?:please|now|then|just|only|always|simply),? )*|[,:;-] (?:and |then )?|\b(?:you|you'll|will|must|"
    r"should|to|and|then|always|only|just|simply|immediately|function is) (?:to )?)"
)
_GIVEN = (
    r"(?:what(?:ever)?(?! (?:we|our)\b)|every(?:thing)?\b|all\b|each\b|any(?:thing)?\b|me\b|my\b|it\b|after me|"
    r"the (?:user|input|prompt|message|text|words?|sentence|same|last|person|speaker|human|request)|back\b|exactly|"
    r"(?:its|the|their|her|his) (?:owner|user)|people)"
)

_ECHO = any_of(
    _OPEN
    + r"(?:repeat|echo|parrot|mirror|mimic|imitate|copy|recite|reproduce|quote|reflect|play back)s?(?: back)?(?:[.!]?$|"
    r" " + _GIVEN + r")",
    r"\b(?:repeating|quoting|echoing|mirroring|imitating) (?:back )?(?:my|me\b|the (?:user|message|input|prompt)|"
    r"whatever|everything)",
    _OPEN + r"(?:say|give|play|read|send|return|spell)s? (?!people|customers|users|guests|them|money)(?:\S+ ){0,6}?"
    r"(?:back\b(?! to)|backwards)",
    r"\b(?:input|prompt|message|words?|what (?:you|i) (?:are given|got|get|hear|heard|receive|wrote|said|say))\b"
    r"[^.!?]{0,30}\b(?:unchanged|verbatim|as is|word for word|unmodified)\b|"
    r"\b(?:exactly|precisely) what (?:i|the user|you (?:are|get|hear|receive))\b|"
    r"\b(?:with|say) (?:that|the|those) same (?:words?|message|thing|sentence)\b",
    r"\bsay (?:what|whatever) (?:you hear|i say|i write)\b",
    r"\becho mode\b|\bcopycat game\b|\b(?:be|are|as) an echo\b",
)

_BE = (
    r"\b(?:you are|you're|be|become|(?:act|acting|behave|function|work|serve|respond|reply) (?:as|like)|"
    r"pretend (?:to be|you are)|"
    r"(?:simulate|emulate|imitate|impersonate|play)(?: the (?:role|part) of)?) "
    r"(?:an? |the |my |our |one )?(?:(?!(?:for|of|at|in|with|to|who|our) )[\w.'-]+ ){0,4}?"
)
_MACHINE = (
    r"(?:terminal|shell|bash|console|interpreter|repl|command (?:prompt|line(?: interface)?)|cli|calculator|compiler|"
    r"(?:\w+ )?(?:server|database)|spreadsheet|excel sheet|(?:jupyter )?notebook|debugger|web browser|powershell|"
    r"(?:virtual|turing|stack|state|dos) machine|emulator|simulator|(?:game|regex|rules|template) engine|"
    r"(?:mock|fake) api|cmd\.exe|ipython|psql|zsh|irb|commodore 64|thesaurus|parrot|copycat|mirror|"
    r"echo (?:server|bot|chamber|service|machine)|"
    r"loopback(?: \w+)?|myna(?:h)?(?: bird)?|(?:voice|tape) recorder)"
)
_ROLE = re.compile(
    _BE
    + _MACHINE
    + r"(?: (?:window|session|app|simulator|test|prompt|screen|calculator))*(?=[.!?,;:]|$| (?:that|which|and|running|"
    r"with|at|answering|executing|printing|session|i|my)\b)"
)

_EXECUTE = any_of(
    _OPEN + r"(?:execute|run|evaluate|interpret|compute)s? (?:what(?:ever)?|everything|(?:each|every|the|any|my|this) "
    r"(?:line|code|command|expression|input|program|quer(?:y|ies)|script|cell|formula)|it\b)",
    r"\b(?:i|the user)(?: will|'ll)? (?:type|enter|send|give|write|input)s? (?:you |in )?(?:\w+ ){0,2}?"
    r"(?:commands?|code|cells|expressions?|raw requests)\b",
    r"\b(?:with|show|print|return|give) (?:me )?(?:only )?(?:the |what the )?(?:terminal|console|program|command|shell)"
    r"(?:'s)? (?:output|should show|would show|shows|prints)\b",
)

_SAYS = r"(?:answer|say|reply|respond|output|return|print|write)(?: only)?(?: with)?"
_WRITTEN = (
    r"(?:questions?|messages?|inputs?|sentences?|texts?|prompts?|quer(?:y|ies)|strings?|what i write|"
    r"user (?:says|writes|mentions|uses|types)|words?|letter|it)"
)
_HOLDS = (
    r"(?:contains?|includes?|mentions?|begins?|starts?|ends?|has|have|uses?|used|appears?|occurs?|rhymes?|"
    r"is (?:polite|formal|longer|shorter|in|written|a palindrome|a question)|say|says)"
)
_LITERAL = r"['\"]?[\w?.]{1,12}['\"]?"
_TEST = any_of(
    r"\b(?:if|when|whenever|unless|whether|for|does|is)\b[^.!?]{0,25}\b"
    + _WRITTEN
    + r"\b[^.!?]{0,40}\b"
    + _HOLDS
    + r"\b[^!?]{0,70}\b(?:otherwise|else|if not|all (?:the )?others)\b[,:]? (?:"
    + _SAYS
    + r" |it is )?(?:with )?"
    + _LITERAL
    + r"[.!]?$",
    r"\b" + _SAYS + r" " + _LITERAL + r",? (?:if|when|whenever)\b[^.!?]{0,60}\b" + _HOLDS + r"\b[^!?]{0,60}"
    r"\b(?:otherwise|else|if not|" + _SAYS + r")\b",
    r"\b"
    + _SAYS
    + r" (?:the |its )?(?:first|last|longest|shortest|second|third|middle) (?:word|letter|character|syllable)\b",
    r"\b(?:number of|how many|count(?: the)?) (?:vowels|consonants|letters|characters|syllables|words)\b|"
    r"\bhow (?:often|many times) (?:the )?(?:word|letter)\b",
    r"\bhas the word\b|\bcontains? the (?:word|letter|phrase)\b",
)

_PHRASING = any_of(
    r"\b(?:suggest|offer|give|list|propose|provide|produce|generate|find|write|create|return|make|come up with|improve|"
    r"rework|reply with|respond with|output)s?\b(?![^.!?]{0,20}\b(?:advice|about|on)\b)[^.!?]{0,40}?"
    r"\b(?:(?:re)?phrasings?|(?:re)?wordings?|(?:re)?formulations?|paraphrases|synonyms|(?:other|different|better|alternative|nicer|clearer|"
    r"catchier|simpler|shorter|more \w+) ways? (?:to |of )?(?:say|put|ask|phras|express|word)\w*|"
    r"ways (?:to |of )(?:say|put|phras|express|word)\w* (?:it|this|that)|"
    r"(?:perspectives on|variants of|versions of) (?:the|this|each|my) (?:user )?(?:question|query|sentence))\b",
    r"\bhow (?:could|would|can|should) (?:i|one|you) (?:say|put|phrase|ask) (?:this|it|that)\b",
    r"\bhow (?:else|(?:a |an )?(?:native speakers?|\w+ speaker)) (?:could|would|can|might|do|does) "
    r"(?:one |you |i |we )?(?:say|put|phrase|ask)\b",
)

_SLIP = (
    r"(?:mistakes?|errors?|typos?|slips?|fallac(?:y|ies)|faults?|misspellings?|passive voice|(?:weak|filler) words|"
    r"unnatural \w+)"
)
_MISTAKES = any_of(
    _OPEN + r"(?:point out|show|tell me|mark(?: up)?|underline|highlight|list|find|spot|flag|report|note|name|circle|"
    r"indicate|look for|catch|identify|correct)s?\b(?! the user\b)(?: \S+){0,4}? (?<!common )(?<!typical )"
    r"(?<!frequent )"
    + _SLIP
    + r"(?=[.!?,;:]|$| (?:and|i|as|only|or)\b| (?:in|with|of) (?:my|the (?:text|message|sentence|input)|"
    r"each|every|what|it|this|that|whatever)\b)",
    r"\b(?:which|what) (?:words?|sentences?|parts?) (?:are|is) (?:misspel(?:led|t)|wrong|incorrect)\b",
    r"\bwhat(?:'s| is| was| i did| went)? wrong (?:in|with) (?:it\b|this\b|"
    r"(?:the|my|each|every) (?:text|sentence|message|english|grammar|wording))",
    r"\bpoint out (?:anything|everything|whatever|what|any|every|all|each)\b",
    r"(?:^|\b(?:you|and|then|please|to|by) )(?:check|assess|correct|mark|grade|improve|criticise|criticize|comment on|"
    r"feedback on|give feedback on) (?:me\b(?! if)|my (?:english|grammar|spelling|style|sentences?|punctuation|writing|"
    r"pronunciation|mistakes|text|french|german|spanish))",
    r"^(?:is|does|do) (?:this|that|it|my \w+|the sentence)\b[^.!?]{0,40}\?",
)

_SAY_IT = re.compile(
    r"^\W*(?:(?:please|now),? )*(?:say|put|phrase|word|sing|speak|render|express|recast|spell|whisper|dress)(?: up)? "
    r"(?:it|this|that|these|them|the same|each|every)\b(?!.*\b(?:if|when|unless)\b)"
)
"""In the first sentence alone: later "it" is the answer."""

_ORDER_TO_ANSWER = re.compile(
    r"\banswer(?:s|ing)? (?:only )?(?:with |to |each |every |no\b|yes\b|\S{1,8}[.,;]?$|"
    r"\S{1,8},? (?:if|when|otherwise|else|unless)\b)|\bbefore (?:you|i) \w+\b"
)
"""Answers nobody: "answer YES when …"."""


def orders_work(sentences: list[str]) -> bool:
    """Whether one of these sentences of a system text is such an order; a role only where nobody is answered at all."""
    said = [NEGATED.sub(" ", sentence).strip() for sentence in sentences]
    answers = [ANSWERS.search(_ORDER_TO_ANSWER.sub(" ", sentence)) is not None for sentence in said]
    if not any(answers) and said and (_SAY_IT.search(said[0]) or any(_is_role(one) for one in said)):
        return True
    return any(_is_work(one) for one in said)


def _is_role(sentence: str) -> bool:
    return _ROLE.search(sentence) is not None or _ECHO.search(sentence) is not None


def _is_work(sentence: str) -> bool:
    if IN_ANSWERS.search(_ORDER_TO_ANSWER.sub(" ", sentence)):
        return False
    return any(order.search(sentence) for order in (_EXECUTE, _TEST, _PHRASING, _MISTAKES))
