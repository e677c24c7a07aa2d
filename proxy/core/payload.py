"""Whether a system text makes the user's message a payload to work on (translate it) instead of a question (R7).

A paraphrase is an equal question, not an equal payload: under "Translate the user's message", "Good morning" and
"Hello, good morning" want different answers. Pure patterns; the learned head is added by `admission`.
"""

from __future__ import annotations

import re

_WORK = (
    r"(?:translat|rewrit|rephras|paraphras|reword|proofread|correct|fix|edit|polish|improv|summari[sz]|"
    r"condens|shorten|abridg|expand|simplif|classif|categori[sz]|label|tag|"
    r"annotat|extract|identif|detect|recogni[sz]|count|scor|rat|grad|rank|evaluat|assess|moderat|flag|"
    r"screen|filter|redact|anonymi[sz]|mask|transcrib|transliterat|"
    r"convert|transform|reformat|format|normali[sz]|pars|tokeni[sz]|segment|analy[sz]|titl|caption|"
    r"encod|decod|spell-?check|punctuat|vocali[sz]|romani[sz]|rout|triag|"
    r"translit|judg|lemmati[sz]|outlin|distil|compress|repeat|echo|revers|capitali[sz]|censor|sanitiz|"
    r"sanitis|clean|mark|review|check|conjugat|re-?writ)"
    r"(?:e|es|ed|ing|s|t|fy|fies|ying|y|ies|ion)?(?: up)?"
)

_PAYLOAD = (
    r"(?:(?:user|customer|human|client|speaker|student|author|writer|sender|caller|visitor|person|guest|"
    r"patient|reader)s?'?s? "
    r"(?:\w+ )?(?:message|text|input|sentence|utterance|query|question|prompt|request|words|content|"
    r"post|comment|review|tweet|email|e-mail|paragraph|essay|draft|turn|"
    r"submission|feedback|entry|answer|reply|statement|speech|note|notes|transcript|code|list)s?\b|"
    r"(?:each|every|any|all|the|this|that|whatever|an?|incoming|given|provided|following|supplied|"
    r"submitted|raw|entire|whole|next|pasted)(?: \w+){0,4}? (?:message|text|input|sentence|"
    r"utterance|content|post|comment|review|tweet|email|e-mail|paragraph|passage|article|essay|document|"
    r"snippet|transcript|headline|abstract|"
    r"ticket|submission|feedback|string|phrase|word|excerpt|letter|log|note|caption|chat|turn|"
    r"conversation|source|material|resume|cv|contract|memo|description|title|poem|lyrics|name|address|"
    r"report|complaint|statement|query|bio|prose|dialogue|line)s?\b|"
    r"(?:whatever|everything|anything|what|all|all that|each thing) (?:\w+ )?(?:i|they|you|the user|"
    r"the customer|users?|he or she|is|gets?|comes?|are|follows|was)\b|"
    r"(?:messages|texts|inputs|sentences|comments|reviews|tweets|emails|tickets|posts|paragraphs|"
    r"articles|documents|transcripts|utterances|it|them|incoming \w+|text|input|user (?:input|messages?|"
    r"text|content|queries)|content)\b)"
)

_OPEN = (
    r"(?:^|[.!?:;\n] ?|[-*\u2022] |\d[.)] |\b(?:task|job|role|goal|purpose|function|duty|mission|"
    r"objective|responsibility|work)(?: here)? is (?:to |: ?)(?:\w+ly )?|"
    r"\b(?:you|you'll|you will|you must|you should|you only|you always|you just|your task:|task:|please|"
    r"always|only|simply|just|then|first|must|will|should|and|instead|immediately) (?:\w+ly )?)"
)

_DIRECT = re.compile(
    _OPEN + r"(?:" + _WORK + r")\b(?!-)[^.!?\n]{0,50}?\b" + _PAYLOAD + r"|"
    r"\b(?:given|for|on receiving|you (?:will )?(?:receive|get|are given|will be given|will see)|"
    r"i(?:'ll| will) (?:give|send|provide|paste)(?: you)?|the user (?:will )?(?:sends?|provides?|gives?|"
    r"pastes?|"
    r"submits?|inputs?|types?|writes?|supplies|enters)|(?:when|once|after) (?:the )?users? (?:sends?|"
    r"provides?|gives?|pastes?|submits?|types?|writes?))\b[^.!?\n]{0,70}?"
    r"[,.;:]? (?:you )?(?:must |should |will |only |then |please |and )*(?:"
    + _WORK
    + r"|return|respond with|reply with|output|produce|write|give) (?:it|them|its|the|a|an|only|each|into|"
    r"to|back)\b|" + _OPEN + r"(?:translate|transliterate|transcribe|paraphrase|proofread|summari[sz]e|rewrite|"
    r"rephrase) (?:from |to |into |in |between |everything|all|any|text|it\b|user|back|only|literally|"
    r"[a-z]+ (?:to|into) [a-z]+|between)|"
    r"\b(?:treat|regard|consider|take|interpret) (?:the |each |every |all |"
    r"any )?(?:user'?s? )?(?:message|input|text|turn|prompt|content)s? as (?:\w+ )?(?:text|input|data|"
    r"content|material|source|a (?:text|document|string|draft|sentence))"
)

_ROLE = re.compile(
    r"\b(?:you are|you're|you will be|act as|acting as|serve as|behave as|function as|work as|role:|as|"
    r"this is|i want you to act as) (?:an? |the |our |my )?(?:\w+[- ]){0,6}?"
    r"(?:translator|(?:translation|summari[sz]ation|classification|extraction|moderation|paraphrasing|"
    r"rewriting|proofreading|labell?ing|tagging|annotation|transcription|redaction|grammar|spelling|"
    r"sentiment|parsing|conversion|transliteration|anonymi[sz]ation|ocr|captioning|title|headline|"
    r"formatting|routing|triage|ner|keyword|scoring|grading|copy[- ]?editing|editing|normali[sz]ation|"
    r"language[- ]detection|spam|toxicity|intent)[- ]"
    r"(?:engine|assistant|bot|model|system|tool|machine|service|api|ai|function|agent|checker|corrector|"
    r"generator|classifier|analy[sz]er|detector|filter|expert|module|component|pipeline|writer)|"
    r"summari[sz]er|proofreader|copy[- ]?editor|copyeditor|classifier|moderator|paraphraser|rewriter|"
    r"spell[- ]?checker|grammar checker|extractor|tagger|annotator|transcriber|transcriptionist|"
    r"labell?er|tokenizer|"
    r"sentiment analy[sz]er|analy[sz]er|content filter|content screener|spam filter|intent detector|"
    r"language detector|detector|text normalizer|normalizer|simplifier|text simplifier|text editor|"
    r"formatter|"
    r"reformatter|converter|parser|redactor|anonymi[sz]er|interpreter for|transliterator|"
    r"headline writer|title generator|headline generator|subject[- ]line generator|caption writer|"
    r"essay grader|grader|scorer|evaluator|"
    r"keyword generator|hashtag generator|stenographer|subtitler|localizer|abstracter|"
    r"comment screener)\b(?! (?:assistant )?(?:for hire|agency))"
)

_OUTPUT = re.compile(
    r"\b(?:return|respond|reply|answer|output|print|emit|produce|give|provide|write|say|"
    r"send)s?(?: back)?(?: only| just| solely| exclusively| simply)?(?: with)?(?: only| just| exactly|"
    r" solely| nothing but| nothing except)?(?: with)? "
    r"(?:the|a|an|one|its|your|exactly one|one of|each)?(?: of)?(?: the)? ?(?:\w+ ){0,2}?(?:translation|"
    r"translated (?:text|version|sentence)|summary|corrected (?:text|version|sentence)|correction|"
    r"rewritten (?:text|version|sentence|message)|rewrite|"
    r"paraphrase|label|category|categories|class(?: name)?|sentiment|classification|score|rating|title|"
    r"headline|subject line|keywords?|entities|language code|tags?|number of (?:words|characters|"
    r"sentences)|word count|transcript|verdict|"
    r"bullet[- ]point summary|tl;?dr|intent(?: name)?|spam or ham|positive,? (?:or )?negative|"
    r"polished version|edited version|improved version|revised (?:text|version)|cleaned text|"
    r"redacted text|simplified (?:text|version))\b"
    r"(?! (?:of (?:steps|options|the (?:answer|product|policy))|for the (?:product|order)))|"
    r"\b(?:translated?|summari[sz]ed?|rewritten|corrected|classified|paraphrased) (?:version|output|"
    r"form) (?:of|only)\b|\bdo not (?:answer|respond to|follow|reply to|obey|execute) (?:the |any |it|"
    r"them|what)(?:\w+ ){0,3}?(?:question|message|instruction|content|text|command|it|in)?\w*"
    r"[^.!?\n]{0,40}\b(?:translate|rewrite|summari[sz]e|classify|correct|just|only|instead|merely)\b"
)

_ONLY_IF = re.compile(
    r"(?:\b(?:if|when|whenever|where|should|in case|unless)\b (?:the |a |an )?(?:user|customer|they|"
    r"someone|anyone|guest|visitor|client|asked|necessary|needed|possible|requested|appropriate|"
    r"you)\w*(?: \w+){0,5}? "
    r"(?:asks?|requests?|wants?|needs?|requested|to)?[^.!?\n]*)|"
    r"(?:\b(?:you can|you may|you could|you are able|able to|capable of|feel free|offer to|such as|"
    r"including|like|help (?:users?|customers?|people|them|the (?:user|team))?|helps? \w+|assist\w*|"
    r"skills?|support(?:s|ing)?|never|don't|do not|"
    r"avoid|questions? about|answers? (?:questions?|about)|before (?:you )?(?:answer|respond|reply)\w*|"
    r"after (?:you )?answer\w*|then answer|and (?:then )?(?:answer|help|respond to|resolve|solve|"
    r"provide|offer|suggest|explain|recommend|guide|propose|direct|point)|"
    r"in the (?:same )?language|language of the)\b[^.!?\n]*)"
)
"""Clauses that mention work only as a skill, a condition or a step towards an answer; removed before reading."""


def is_payload_text(folded: str) -> bool:
    """Whether words alone say that the user's message is material: a role, a command on it, or what to return."""
    if _ROLE.search(folded) is not None or _OUTPUT.search(folded) is not None:
        return True
    return _DIRECT.search(_ONLY_IF.sub(" ", folded)) is not None
