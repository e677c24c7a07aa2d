"""Answers that date themselves, apologise, greet by name or ask back."""

from __future__ import annotations

import re

from proxy.core.words.fold import MONTH, WEEKDAY, any_of

DATED_ANSWER = any_of(
    r"\bas of (?:now|today|my|this|the|late|early|mid|last|writing|\d|" + MONTH + r"|" + WEEKDAY + r")",
    r"\b(?:currently|today|tonight|tomorrow|yesterday|right now|at the moment|at present|as we speak|"
    r"at the time of writing|presently|this (?:morning|evening|week|weekend|month))\b",
    r"\b(?:the current (?:time|date|price|rate|temperature|weather|status|president|ceo|version|value)|"
    r"the latest (?:version|news|data|figures|release|update)|"
    r"my (?:knowledge|training) (?:cut-?off|data)|knowledge cut-?off|last (?:training )?update|"
    r"in real[- ]time|real-time)\b",
)

APOLOGY = any_of(
    r"^(?:\w+[,!.] )?(?:i'm|i am|i|we're|we are|we|my)? ?(?:really |very |so |truly |terribly )?(?:sorry|"
    r"apolog\w+|afraid)\b",
    r"^(?:unfortunately|regrettably|as an ai\b|as a (?:large )?language model|i must decline|"
    r"i have to decline|i'd rather not|i don't feel comfortable)",
    r"\b(?:i|we)(?:'m| am|'re| are)? (?:just |still )?(?:can't|cannot|can not|unable to|not able to|"
    r"won't|will not|am not allowed to|not allowed to|not permitted to|couldn't|could not|"
    r"don't have (?:access|"
    r"enough|any information|information|the ability|real)|do not have (?:access|enough|the ability|"
    r"real|information)|must decline|have to decline|don't know|do not know|decline) ?"
    r"(?:to )?(?:help|assist|provide|answer|comply|fulfil+|do that|do this|create|generate|access|"
    r"browse|discuss|support|share|continue|process|complete|find|see|offer|give|engage|write|that|with|"
    r"to|"
    r"about|real|the|your|information|enough|,|\.|$)",
    r"\b(?:something went wrong|an error (?:has )?occurred|please try again later|against (?:my|"
    r"our) (?:guidelines|policy|policies)|not appropriate for me|technical difficulties|"
    r"service is (?:temporarily )?unavailable)\b",
)

GREETING_NAME = re.compile(
    r"^\s*(?:[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Gg]reetings|[Gg]ood (?:morning|afternoon|evening|day)|"
    r"[Ww]elcome(?: back)?|[Tt]hanks|[Tt]hank you|[Ss]ure|[Oo]f course|[Cc]ertainly|"
    r"[Gg]reat question),?\s+"
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Madam)\.?\s+)?"
    r"(?!(?:There|Everyone|All|Customer|User|Sir|Madam|Team|World|Again|Friend|To|I|Here|Let|We|You|The|"
    r"This|That|For|Yes|No|It|My|How|What|A|An|And|If|In|On|At|Please|Of|From|So|Now|Hiring|Colleagues|"
    r"Members|Folks)\b)"
    r"[A-Z][a-z'\u00e0-\u00ff-]{1,20}(?: [A-Z][a-z'-]{1,20})?\s*[,!.:\n\u2014-]"
)

ASKS_BACK = any_of(
    r"\b(?:could|can|would) you (?:please |kindly )?(?:provide|share|tell|clarify|specify|confirm|give|"
    r"let|send|describe|elaborate|explain|paste|upload|be more)\b.{0,160}\?",
    r"\b(?:which|what|when|where|who|how|do|does|did|are|is|would|should|shall|may|have|has|want|need|"
    r"can|could|will) (?:\w+ )?(?:you|your|i|we)\b[^.!?]{0,160}\?\W*$",
    r"\b(?:please (?:provide|share|specify|clarify|tell me|give me|confirm|let me know which|send me|"
    r"paste)|let me know (?:which|what|your|the|if you(?:'d| would) like me to)|i(?:'ll|"
    r" will)? need (?:to know |some |more |your |a bit more |the )"
    r"(?:more|information|details|order|account|which|what|name|number|email)?)",
    r"\?[\"')\s]*$",
)
