"""Words of system texts: work that is done on a text, the text it is done on, and what only mentions such work."""

from __future__ import annotations

import re

from proxy.core.words.fold import any_of

_TEXT = (
    r"(?:texts?|messages?|inputs?|sentences?|utterances?|contents?|posts?|comments?|reviews?|tweets?|"
    r"e-?mails?|paragraphs?|passages?|"
    r"articles?|essays?|documents?|snippets?|transcripts?|headlines?|abstracts?|tickets?|submissions?|"
    r"feedback(?: forms?)?|strings?|"
    r"phrases?|words?|excerpts?|letters?|logs?|notes?|captions?|chats?|turns?|conversations?|dialogues?|"
    r"materials?|r[eé]sum[eé]s?|cvs?|"
    r"contracts?|memos?|descriptions?|titles?|poems?|lyrics|reports?|complaints?|statements?|prose|code|"
    r"diffs?|functions?|drafts?|"
    r"homework|stor(?:y|ies)|claims?|items|lines?|minutes|transcriptions?|dictation|"
    r"recordings?|manuscripts?|copy|"
    r"blog posts?|web ?pages?|posts|prompts?|writing|"
    r"speech|data|records?|names|"
    r"subtitles|ui strings|paragraph|chapters?|scripts?|summar(?:y|ies)|translations?|user input|ocr output|words)"
)
_OWNED = (
    r"(?:(?:the |an? )?(?:end[- ])?(?:user|customer|human|client|speaker|student|author|writer|sender|"
    r"caller|visitor|person|guest|patient|reader|agent)s?'?s?)"
)
_DEFINITE = (
    r"(?:the|this|that|these|those|each|every|any|all|an?|my|our|their|its|both|whatever|incoming|"
    r"given|provided|following|supplied|"
    r"submitted|raw|entire|whole|pasted|two|some|rough|every single)"
)
MATERIAL = (
    r"(?:"
    + _OWNED
    + r" (?:\w+ ){0,2}?(?:queries|query|questions?|requests?|"
    + _TEXT[3:]
    + r"\b|"
    + _DEFINITE
    + r" (?:[\w-]+ ){0,4}?"
    + _TEXT
    + r"\b|"
    r"(?:whatever|everything|anything|what|all that|each thing) (?:i|they|you|the user|the customer|"
    r"users?|he or she|is|gets?|comes?|follows|was|are)\b|"
    r"\b(?:texts?|inputs?|messages|sentences|comments|reviews|tweets|e-?mails|tickets|"
    r"paragraphs|articles|documents|transcripts|prose|code)\b)"
)
"""A text that is there to be worked on."""

_WORK = (
    r"(?:translat|transliterat|transcrib|localis|localiz|render|interpret|rewrit|rephras|paraphras|"
    r"reword|proofread|copy-?edit|"
    r"spell-?check|correct|fix|edit|polish|improv|refin|summari[sz]|condens|shorten|abridg|compress|"
    r"trim|cut|expand|lengthen|"
    r"simplif|classif|categori[sz]|label|tag|annotat|extract|pull|identif|detect|recogni[sz]|spot|find|"
    r"list|count|scor|rat|"
    r"grad|mark|rank|judg|evaluat|assess|compar|verif|fact-?check|moderat|flag|screen|filter|reject|"
    r"redact|anonymi[sz]|mask|"
    r"replac|remov|strip|restor|fill|convert|transform|turn|chang|mak|put|express|say|reformat|format|"
    r"normali[sz]|pars|"
    r"tokeni[sz]|segment|split|analy[sz]|captio|encod|decod|punctuat|romani[sz]|rout|triag|sort|"
    r"lemmati[sz]|outlin|distil|"
    r"boil|blow|clean|repeat|echo|revers|capitali[sz]|censor|saniti[sz]|review|check|conjugat|continu|complet|finish|"
    r"determin|decid|predict|estimat|perform|restat|recap|nam|titl|embellish|adapt|streamlin|tighten|"
    r"digest|index|highlight)"
    r"(?:e|es|ed|ing|s|t|fy|fies|ying|y|ies|ion|n)?"
)
WORD_CLASSES = {
    "<tongue>": re.compile(
        r"english|french|german|spanish|italian|portuguese|dutch|polish|turkish|russian|arabic|chinese|mandarin|"
        r"japanese|korean|hindi|swedish|danish|norwegian|finnish|greek|hebrew|czech|hungarian|romanian|ukrainian|"
        r"vietnamese|thai|indonesian|latin|swahili|tagalog|icelandic|bengali|farsi|croatian|welsh|irish|en|de|fr|es|nl"
    ),
    "<text>": re.compile(
        _TEXT + r"|mails?|quer(?:y|ies)|listings?|bodies|body|files?|patch(?:es)?|pull|scans?|fields?|rows?|questions?"
    ),
    "<people>": re.compile(
        r"users|customers|clients|people|students|pupils|visitors|guests|members|employees|staff|patients|parents|"
        r"tenants|citizens|developers|learners|passengers|travellers|owners|colleagues|beginners|readers"
    ),
    "<one>": re.compile(
        r"user|customer|client|student|pupil|author|guest|applicant|patient|tenant|sender|writer|caller|reader|clerk|"
        r"editor|learner|doctor|nurse|teacher|agent|reporter|researcher|visitor|player"
    ),
    "<work>": re.compile(_WORK),
}
"""What kind of word a word of a system text is, where that is known: whole words, the first that fits."""

_MAKE = (
    r"(?:writ|creat|generat|suggest|invent|com|draft|give|provide|produc|return|output|make|state|"
    r"tell me|print|find|name|assign|predict|decide|determine)"
    r"(?:e|es|ing|s)?(?: up with)?"
)
_OPEN = (
    r"(?:^(?:\W+|\d+[.)] )?|[,:-] |\b(?:task|job|role|goal|purpose|function|duty|mission|objective|"
    r"responsibility|work)(?: here)? (?:is|:) ?(?:to )?|"
    r"\b(?:you|you'll|you will|must|should|will|always|only|just|simply|then|please|and|now|instead|"
    r"immediately|faithfully|carefully|kindly) )"
    r"(?:(?:please|always|only|just|simply|then|first|carefully|faithfully|immediately) )*"
)
_PRODUCT = (
    r"(?:translations?|equivalents?|summar(?:y|ies)|recap|abstract|gist|tl;?dr|paraphrases?|"
    r"corrections?|rewrite|titles?|headlines?|subject lines?|e-?mail subjects?|keywords?|"
    r"hashtags?|tags?|labels?|categor(?:y|ies)|class|sentiment|emotions?|scores?|ratings?|star rating|"
    r"grades?|points|intents?|entit(?:y|ies)|language (?:code|name)|"
    r"versions?|meeting minutes|minutes|commit messages?|docstrings?|captions?|number of|transcription|"
    r"placeholders|punctuation|capitalisation|verdict|alt text|bullets?|"
    r"bullet points|index terms|initials|list of (?:all |the )?(?:dates|names|entities|keywords))"
)

WORK_ON_MATERIAL = any_of(
    r"^\W*(?:(?:please|always|only|for each \w+,|from (?:each|every|the) [\w -]+,) )*(?:extract|"
    r"classify|categori[sz]e|anonymi[sz]e|redact|moderate|"
    r"transcribe|proofread|paraphrase|tag|label|copy-?edit)\b",
    _OPEN + _WORK + r"\b[^.!?]{0,30}\b(?:query|queries|questions?|requests?|text|message) (?:of|from|by) (?:the |"
    r"a )?(?:user|customer|client)",
    r"\b(?:give|assign|add) (?:the|this|each|every|my|our) (?:[\w-]+ )?"
    + _TEXT
    + r"\b (?:an? |one )?(?:[\w-]+ )?"
    + _PRODUCT,
    r"\b\w+ for \w+(?:,| and| or)(?: and| or)? \w+ for \w+\b|\b(?:comes?|"
    r"goes) in\b[^.!?]{0,25}\b(?:comes?|goes) out\b|\b(?:say|put|express) it (?:in|with|more|less|"
    r"another)\b",
    r"^\W*(?:rewrite|rephrase|reformulate|translate|rework|reformat|summari[sz]e|simplify|"
    r"shorten)(?: \w+){0,2}?(?: (?:as|using|with|without|for|in|to|like|so)\b|[.!]?$)",
    r"^tl;?dr\b|\b(?:tell|say|state) (?:me |us )?(?:whether|if|how many|what|which)\b[^.!?]{0,50}?" + MATERIAL,
    r"\b(?:compare|judge|rank|rate|evaluate|assess|grade|score) [^.!?]{0,30}\b(?:answers?|"
    r"responses?)\b(?! (?:to|of) (?:the )?user)",
    r"\b(?:respond|reply|answer|react) (?:to )?(?:each|every|all|any)(?: \w+)? (?:messages?|texts?|"
    r"inputs?|sentences?|reviews?|posts?) with (?:its|the|an?|one) ",
    r"\b(?:for|per) (?:each|every) (?:line|sentence|message|text|input|review|paragraph|comment|"
    r"document|word|post|ticket)\b",
    r"\b(?:just|only|merely|instead) (?:correct|fix|translate|rewrite|rephrase|summari[sz]e|classify|edit|polish)\b",
    r"\bcorrect my \w+|\b(?:you correct|you fix|you translate|you rewrite|you summari[sz]e|you classify|"
    r"you only (?:ever )?\w+) [^.!?]{2,40}",
    _OPEN + r"explain (?:the|this|each|any) (?:code|snippet|error|diff|sentence|text)\b",
    _OPEN + _WORK + r"\b(?!-)[^.!?]{0,60}?" + MATERIAL,
    _OPEN
    + _MAKE
    + r"\b[^.!?]{0,30}?\b"
    + _PRODUCT
    + r"\b[^.!?]{0,40}?\b(?:of|for|from|based on|to|in|that fits|describing|about) [^.!?]{0,20}?"
    + MATERIAL,
    _OPEN + r"(?:translat\w+|transliterate|paraphrase|proofread\w*|summari[sz]e|rewrite|rephrase|reword|redact|"
    r"anonymi[sz]e|spell-?check|copy-?edit|classify|transcribe|localise)"
    r" ?(?:from |to |into |in |between |everything|all|any|back|only|literally|each|[.!]?$|\w+ (?:to|into) \w+)",
    _OPEN + r"(?:perform|do|run|apply|carry out|conduct) (?:[\w-]+ ){0,2}(?:detection|analysis|classification|"
    r"extraction|moderation|recognition|tagging|translation|"
    r"summari[sz]ation|correction|redaction|triage|segmentation|parsing|labell?ing)\b",
    _OPEN + r"(?:detect|identify|predict|recogni[sz]e|rate|extract|count|find|tag|mark) (?:all |the |any |"
    r"every )?(?:[\w-]+ )?(?:emotions?|sentiments?|language|intents?|"
    r"entit(?:y|ies)|toxicity|spam|names|dates|keywords|topics?|tone|hate speech|persons?|locations?|"
    r"organi[sz]ations|prices|urls|words)\b",
    r"\b(?:i(?:'ll| will| am going to)? (?:give|send|provide|paste|type|write)|you(?:'ll|"
    r" will)? (?:receive|get|are given|be given|see)|the user (?:will )?(?:sends?|provides?|gives?|"
    r"pastes?|"
    r"submits?|inputs?|types?|writes?|supplies|enters)|(?:when(?:ever)?|once|after|"
    r"for) (?:the )?(?:users?|text|input|every message|each message|each|"
    r"whatever text)\b)[^.!?]{0,60}?[,.;:]? "
    r"(?:you )?(?:must |should |will |only |then |please |and )*(?:"
    + _WORK
    + r"|send back|reply with|respond with|return|give) (?:it|them|its|the|a|an|only|each|every|into|to|"
    r"back|one)\b",
    r"\b(?:treat|regard|consider|take|interpret) (?:the |each |every |all |"
    r"any )?(?:user'?s? )?(?:message|input|text|turn|prompt|content)s? as (?:\w+ )?(?:text|input|data|"
    r"content|material|source|an? (?:text|document|string|draft|sentence))",
    r"\b(?:messages?|inputs?|text|user messages|the input below|below) (?:is|are) (?:an? |raw |the )?(?:\w+ ){0,2}?"
    + _TEXT
    + r"\b(?:, (?:never|not)|\. ?\w+ (?:it|them|each))?",
    r"^(?:is|are|does|do|which|what|how many|how|who|in which|whether) [^.!?]{0,50}?\b(?:this|the|each) (?:[\w-]+ )?"
    + _TEXT
    + r"\b[^.!?]{0,50}\?",
    r"^(?:which|what) (?:language|category|label|sentiment|intent|of the)\b",
    r"\b\w+ (?:in|to),? [\w ]{1,20} out\b|\btext in\b|\binput is\b|"
    r"\boutput: (?!(?:an? |one |two |your |the )?(?:\w+ )?"
    r"(?:paragraphs?|answers?|sentences?|plain|short|markdown|html)\b)",
    r"\bthe user (?:will )?(?:writes?|types?|speaks?) \w+; (?:you )?(?:write|reply|answer|respond) in \w+",
    r"\b(?:user|input) text (?:to|into) \w+\b|\bgive me the \w+ version of\b|\bconvert (?:things|"
    r"user text|text|it) to\b",
)

_AGENT = (
    r"(?:engine|assistant|bot|model|system|tool|machine|service|api|ai|function|agent|checker|corrector|"
    r"generator|classifier|analy[sz]er|detector|filter|expert|module|component|"
    r"pipeline|writer|tagger|editor|recogni[sz]er|extractor|summari[sz]er|screener|scorer)"
)
_ROLES = (
    r"(?:translator|interpreter between|proofreader|copy[- ]?editor|summari[sz]er|classifier|moderator|"
    r"paraphraser|rewriter|spell[- ]?checker|grammar[- ]checker|autocorrect|autocomplete|extractor|"
    r"tagger|"
    r"annotator|transcriber|transcriptionist|labell?er|tokeni[sz]er|(?:content|spam|comment|toxicity|"
    r"profanity) (?:filter|screener|moderator|classifier)|(?:text |language |intent |spam |emotion |"
    r"toxicity )detector|"
    r"normali[sz]er|simplifier|formatter|reformatter|redactor|anonymi[sz]er|transliterator|essay grader|"
    r"grader|subtitler|locali[sz]er|spam filter|ner tagger|stenographer|"
    r"(?:headline|caption|title|subject[- ]line|hashtag|keyword|commit message) (?:writer|generator)|"
    r"(?:translation|summari[sz]ation|classification|extraction|moderation|paraphrasing|rewriting|"
    r"proofreading|labell?ing|tagging|"
    r"annotation|transcription|redaction|grammar|spelling|sentiment|parsing|conversion|transliteration|"
    r"anonymi[sz]ation|ocr|captioning|title|headline|formatting|routing|triage|ner|"
    r"named entity|entity|keyword|scoring|grading|copy[- ]?editing|normali[sz]ation|"
    r"language[- ]detection|spam|toxicity|intent|emotion|review|information extraction)[- ]" + _AGENT + r")"
)
_TONGUE = (
    r"(?:english|french|german|spanish|italian|portuguese|dutch|polish|turkish|russian|arabic|chinese|"
    r"mandarin|japanese|korean|"
    r"hindi|swedish|danish|norwegian|finnish|greek|hebrew|czech|hungarian|romanian|ukrainian|vietnamese|"
    r"thai|indonesian|latin)"
)
ROLE = any_of(
    r"^(?:an? |the |your )?(?:\w+ ){0,2}?"
    + _TONGUE
    + r"(?:[- ](?:to[- ])?"
    + _TONGUE
    + r")? (?:interpreter|translator|translations?|subtitles|version)\b",
    r"\b(?:produce|provide|write|make|need|want|give) (?:[\w-]+ ){0,2}"
    + _TONGUE
    + r" (?:translations?|versions?|subtitles|renderings?)\b",
    r"\b(?:you are|you're|you will be|act as|acting as|serve as|behave as|function as|work as|role:|"
    r"this is|i want you to act as|as) (?:an? |the |our |my |\w+'s )?(?:[\w-]+ ){0,5}?" + _ROLES + r"\b",
    r"^(?:[\w-]+ ){0,2}?" + _ROLES + r"(?:[.:]|$| (?:for|from|between|to)\b)",
)

RESULT = any_of(
    r"\b(?:return|respond|reply|answer|output|print|emit|produce|give|provide|write|say|send|"
    r"state)s?(?: back)?(?: only| just| solely| exclusively| simply)?(?: with)?(?: only| just| exactly|"
    r" solely| nothing but| "
    r"nothing except)?(?: with)? (?:the |an? |one |its |your |exactly one |one of |each |"
    r"nothing but )?(?:of )?(?:the )?(?:[\w-]+ ){0,2}?"
    + _PRODUCT
    + r"\b(?! (?:of (?:steps|options|the (?:answer|product|policy)|"
    r"(?:meetings|our))|for the (?:product|order)|at the top|first|are in))(?:[^.!?]{0,30}\b(?:only|"
    r"nothing (?:else|more|but)|alone|of (?:the|each|every|any|whatever)|and nothing)\b|[.!]?$| per\b|,)",
    r"\b(?:answer|reply|respond|output|say|return|print)(?: with| only)*:? (?:with )?(?:yes or no|"
    r"yes/no|true or false|allow or block|spam or ham|spam|ham|pos\b|neg\b|\w+ if (?:the|it|this)|"
    r"0 or 1|1 or 0|a or b|p\d|"
    r"supported|one word|a number|the number|json|a json|csv|the team|the category|the label|\w+, \w+ or \w+)\b",
    r"\byes/no\b|\b(?:true|false),? (?:or )?(?:false|true|unknown)\b|\b(?:possible outputs|"
    r"allowed (?:labels|outputs|values)|one of the labels|labels?:)\b|\boutput (?:only )?(?:[a-z]\b|p1|"
    r"\d)",
    r"\bdo not (?:answer|respond to|follow|reply to|obey|execute) (?:the |any |it|them|"
    r"what)[^.!?]{0,50}\b(?:translat|rewrit|summari[sz]|classif|correct|just|only|instead|merely)|"
    r"\bnever (?:answer|reply to|respond to|follow) (?:the |any )?(?:questions?|content|instructions?|"
    r"text)\b[^.!?]{0,60}\b(?:only|just|in the text|contained)",
    r"\b(?:returned|output|given|answered) as (?:json|csv|xml|yaml)\b|\breturn (?:\w+ )?json\b|"
    r"\bjson (?:object )?(?:with|holding|containing)\b",
)

ONLY_MENTIONED = any_of(
    r"\b(?:if|should|in case|unless|whenever|when)\b (?:the |an? )?(?:user|customer|they|someone|anyone|"
    r"guest|visitor|client|asked|necessary|needed|possible|requested|appropriate|given|"
    r"you are asked)s?\b"
    r"[^.!?;]{0,40}?\b(?:asks?|requests?|wants?|needs?|requested|asked|given|necessary|needed|"
    r"appropriate|possible|helpful)?[^.!?;]*",
    r"\b(?:you can|you may|you could|you are able|able to|capable of|feel free|offer to|such as|"
    r"including|among your skills|skills?|help (?:\w+ )?(?:users?|customers?|people|them|tourists|"
    r"students|"
    r"visitors|developers|employees|hobby)|helps? \w+|assist\w*|don't (?:translate|summari[sz]e|"
    r"rewrite)|do not (?:translate|summari[sz]e|rewrite)|avoid|(?:answer|answers|inform|ask|asks|prices|"
    r"tell \w+|cite|quote)\b[^.!?;]{0,40}\b(?:about|on|questions?|"
    r"answers?|customers|clients)|questions? (?:about|on)|(?:documents|papers|forms) (?:that are |which are )?"
    r"(?:needed|required)|before (?:you )?(?:answer|respond|reply)\w*|"
    r"after (?:you )?answer\w*|answer (?:the |their |users'? |customers'? |any )?(?:\w+'s? )?questions?|"
    r"point(?:s)? (?:them|people|users) to|direct (?:them|people|users)|explain how|"
    r"explain the (?:next )?steps|in the (?:same )?language|in whatever language|"
    r"whatever language|use the (?:policy|facts|manual|knowledge)|"
    r"avoid repeating|repeat the question|silently|a short summary first|one-line summary followed|"
    r"always answer|give feedback when)\b[^.!?;]*",
)
"""A condition, a skill or a topic: the work is not what every message is for."""

TOWARDS_AN_ANSWER = re.compile(
    r"\b(?:then|and|before|and then|but always) (?:\w+ly )?(?:answer|help|assist|solve|resolve|"
    r"recommend|propose|explain|guide|offer|give a solution|give the customer|suggest|show your work|"
    r"point|"
    r"write a query|state|tell)\b|\bexpert (?:for|on)\b|\bask you\b|\btell (?!me\b|us\b)\w+ (?:how|what|which)\b|"
    r"\bturned (?:teacher|trainer|adviser|coach)\b"
)
"""Work as a step towards an answer: "identify the customer's problem, then give a solution"."""
