"""Where a system text tells what people ask, or how an answer is built: words of work there are a topic, no order."""

from __future__ import annotations

import re

from proxy.core.words.fold import any_of

_QUESTION = r"(?:about|on|how|what|which|whether|why|when|where|who|whose|if|for|things like|questions?)\b"
_ORDER = (
    r"(?:your? |you'll |give|return|reply|respond|answer|output|say|write|put|tell|translate|rewrite|rephrase|classify|"
    r"label|sort|rate|decide|turn|name|pick|choose|send|only|just|then)\b"
)
_CLAUSE = r"(?:(?![.!?;](?: |$)|(?:[,:\u2013\u2014-]|\band) (?:and |then |please )?" + _ORDER + r").)*"

ASKED = any_of(
    r"\b(?<!\bif )(?<!\bwhen )(?<!\bwhenever )(?<!\bif the )(?<!\bwhen the )"
    r"(?:they|people|someone|somebody|everyone|children|\w+s)(?:'ll)?(?: [\w-]+){0,6}? (?:ask|asks|wonder)"
    r"(?: (?:you|us|me|things|questions?|mostly|often|mainly)){0,2} " + _QUESTION,
    r"\bask you " + _QUESTION,
    r"\b(?:he|she|someone|somebody|a \w+|the \w+) (?:asks|wonders)(?: you)? (?:about|on|how|why|whether)\b",
    r"\b(?:answer(?:s|ing)?|take|handle|field|help with)(?: \S+){0,3}? questions(?: \w+){0,2}?"
    r"(?= (?:on|about|regarding|concerning|around)\b|:)",
    r"(?:^|[.!?:;] )(?:\w+ )?questions? (?:on|about|regarding|concerning|around|only)\b",
    r"\b(?:you|us) questions (?:on|about|regarding)\b",
    r"\bhelps? [^.!?;:]{3,60}: (?=how to\b)",
)
"""Who asks, or what questions are about; up to where the subject begins. A condition ("when users ask") tells less."""

ASKED_CLAUSE = re.compile(f"({ASKED.pattern}){_CLAUSE}")

UNANSWERED = any_of(
    r"\b(?:do not|don't|never|without) (?:answer|reply|respond)(?:ing)?(?: to)? "
    r"(?:them|it|these|this|that|the questions?)\b",
    r"\b(?:the|each|every|any) (?:given|following|pasted|supplied|submitted|incoming) "
    r"(?:texts?|messages?|sentences?|drafts?|documents?|inputs?)\b",
    r"\bno answer to (?:it|them|the questions?)\b",
    r"[.!?,;:\u2013\u2014-] (?:and |then |you |just |only )*(?:give|return|output|print|emit|state|say|write|tell|send|"
    r"(?:reply|respond|answer) with)\b[^.!?]{0,40}\b(?:only|alone|nothing (?:else|more|but))\b",
)
"""Material is handed over, or the questions are it: "users ask how to say things in Thai; give the Thai only"."""

ANSWER_SCHEMA = re.compile(r"\{ ?\"?(?:answer|reply|response)\"? ?:[^{}]{0,400}\}")
"""Fields of an answer: {"reply": …, "topic": …}."""

ANSWER_PART = any_of(
    r"\bappend (?:an? |one |the )?[^.!?]{0,80}?\b(?:to|after|at the end of) "
    r"(?:your|each|every|the|any) (?:answer|reply)\b",
    r"\b(?:at the end of|after|below|under) (?:your|each|every|the|any) (?:answer|reply),? (?:append|add|put|write)\b"
    + _CLAUSE,
)
"""What is joined to every answer, a tag line, say."""

QUESTION_TASK = any_of(
    r"<task> ?question[ _-]?answering\b",
    r"\btask\W{1,3}question[ _-]answering\b",
    r"\binputs?\W{1,3}questions? (?:about|on|from|of)\b",
    r"^answer the question\.",
)
"""A heading or an element that says that questions are answered."""
