"""Commands to act in the world: openings of a command, verbs of acts, and what only looks like one."""

from __future__ import annotations

import re

from proxy.core.words.fold import any_of

_POLITE = (
    r"(?:(?:hi|hello|hey|hey siri|ok google|alexa|siri|google|ai|ok|okay|so|well|now|then|and|also|please|kindly|pls|"
    r"plz|just|quickly|immediately|urgent(?:ly)?|thanks|sir|can|could|would|will|you|u|i want you to|i need you to|"
    r"i'd like you to|i would like you to|i'd love you to|you (?:must|should|have to|need to)|go ahead and|"
    r"let's|be so kind (?:as )?to|do me a favou?r and|make sure (?:to|you)|help me|help us|for me|"
    r"i order you to|i'm asking you to|i ask you to|your task is to|we need you to|time to)[, :!-]{1,9}){0,12}"
)
_START = r"(?:^|[.!?;:\n] |, (?:and |then |so )?(?:please |can you |could you |just )|\band (?:then )?)" + _POLITE

_VERB = (
    r"(?:transfer|wire|send|resend|remit|pay|repay|settle|deposit|withdraw|donate|refund|reimburse|charge|venmo|zelle|"
    r"tip|invest|lend|bid|bet|buy|purchase|order|reorder|sell|short|liquidate|trade|exchange|swap|redeem|return|ship|"
    r"dispatch|deliver|expedite|book|rebook|reserve|schedule|reschedule|arrange|organi[sz]e|postpone|cancel|confirm|"
    r"call|phone|dial|ring|text|message|e-?mail|mail|fax|ping|dm|notify|alert|inform|remind|wake|invite|uninvite|rsvp|"
    r"forward|reply|respond|post|repost|publish|unpublish|tweet|retweet|share|upload|broadcast|announce|delete|erase|"
    r"wipe|remove|purge|destroy|trash|discard|empty|drop|truncate|unsubscribe|subscribe|deactivate|"
    r"activate|reactivate|"
    r"terminate|suspend|close|open|block|unblock|freeze|unfreeze|lock|unlock|disable|enable|reset|"
    r"update|change|modify|"
    r"amend|edit|rename|switch|set|adjust|upgrade|downgrade|renew|extend|increase|raise|lower|decrease|"
    r"reduce|register|"
    r"unregister|enrol+|sign|log|check|opt|apply|file|lodge|submit|escalate|resolve|reopen|merge|assign|"
    r"reassign|commit|"
    r"push|deploy|redeploy|release|roll|rollback|restart|reboot|shut|shutdown|kill|stop|start|launch|run|execute|"
    r"trigger|provision|scale|turn|power|dim|crank|play|pause|resume|skip|shuffle|queue|mute|unmute|record|take|print|"
    r"scan|save|archive|mark|pin|flag|star|follow|unfollow|friend|unfriend|like|hire|fire|promote|demote|ban|kick|"
    r"grant|revoke|give|issue|credit|debit|report|dispute|verify|put|add|insert|place|move|bump|make|create|get|grab|"
    r"fetch|find|hail|request|ask|tell|let|have|preheat|vacuum|park|arm|disarm|sync|link|unlink|connect|disconnect|"
    r"download|install|uninstall|back up|zap|shoot|call off|void|approve and pay|accept|decline|transfer|donate|join|"
    r"leave|step|bring|water|feed|pick|drop off|sweep|clean|contact|reach out|page|hang up|answer)"
)

_MONEY = (
    r"(?:[$\u20ac\u00a3\u20b9\u00a5] ?\d[\d,.]*k?|\d[\d,.]*k? ?(?:usd|eur|gbp|inr|dollars?|bucks|euros?|"
    r"pounds?|rupees?|"
    r"yen|francs?|\$|\u20ac|\u00a3)|(?:ten|twenty|thirty|forty|fifty|sixty|eighty|ninety|(?:a |one |"
    r"two |three |five )?"
    r"(?:hundred|thousand|million)) (?:dollars|bucks|euros?|pounds?|rupees?|yen|francs?))"
)
_DET = (
    r"(?:my|our|his|her|their|the|this|that|these|those|it|all|every|both|an?|another|some|any|two|"
    r"three|four|five|six|ten|"
    r"half|\d+|me|us|him|them|everyone|everybody|" + _MONEY + r")"
)
_WHO = (
    r"(?:me|us|him|her|them|everyone|everybody|mom|mum|dad|mother|father|home|work|911|112|\+?\d[\d -]{2,}|\w+'s \w+|"
    r"(?:my|our|the|his|her|their) \w+(?:-\w+)*|(?:mr|mrs|ms|dr|prof)\.? \w+|[a-z]+(?: [a-z]+)?)"
)

COMMAND = re.compile(_START + _VERB + r"\b(?! (?:is|are|was|were|does|has|vs|versus|or)\b)")
"""Starts like a command to act; far too wide alone ("set x to 5"), it lowers the head's limit."""

SIDE_EFFECT = any_of(
    _START + r"(?:transfer|wire|send|move|pay|deposit|withdraw|donate|remit|refund|reimburse|charge|venmo|zelle|"
    r"paypal|"
    r"invest|lend|tip|credit|debit|zap|put|take|give|bid|bet|place a bet of|make an? \w+ of|issue an? \w+ of)\b"
    r"(?: [\w'#-]+){0,5}? ?" + _MONEY,
    _START + r"(?:transfer|wire|move) (?:\w+ ){0,3}?(?:money|funds?|balance|cash|savings|half|everything)\b"
    r".{0,40}\b(?:to|from|into)\b",
    _START
    + r"(?:pay|repay|settle|clear) (?:off |back |for )?(?:my|our|the|this|that|his|her|all|invoice|bill|rent|"
    + _WHO
    + r")\b",
    _START
    + r"(?:buy|purchase|order|reorder|sell|short|liquidate|trade|redeem|return|ship|reship|dispatch|deliver|expedite) "
    r"(?:me |us )?(?:off )?" + _DET + r"\b",
    _START
    + r"(?:order|buy|sell) [a-z]+(?: [a-z]+)? (?:for|from|on|to) (?:me|us|delivery|dinner|lunch|amazon|ebay|the|my)\b",
    _START + r"(?:place|submit|put in|repeat|modify|amend|withdraw) (?:an?|the|my|our|this|that|"
    r"another) (?:\w+ ){0,2}?"
    r"(?:order|purchase|bid|bet|trade|claim|application|request|ticket|booking|reservation|hold|call|"
    r"transfer|payment)\b",
    _START + r"(?:cancel|confirm|void|refund|return|postpone|call off|terminate|suspend|pause|stop|extend|renew) "
    r"(?:(?:my|our|the|this|that|these|those|all|his|her|their|it|an?)\b|order|booking|reservation|"
    r"subscription|invoice|"
    r"payment|ticket|transaction|transfer)",
    _START
    + r"(?:book|rebook|reserve|schedule|reschedule|arrange|organi[sz]e|set up|pencil in) (?:in )?(?:me |us )?"
    + _DET
    + r"\b",
    _START
    + r"(?:set|create|add|make|start|cancel|stop|delete|turn off|snooze|put) (?:me |up )?(?:an?|the|my|another|all)? ?"
    r"(?:[\w:-]+ ){0,4}?(?:alarms?|timers?|reminders?|stopwatch|calendar|appointment|reservation|wake[- ]up call|"
    r"playlist|meeting|booking|payment|deposit|transfer)\b",
    _START + r"(?:remind|wake|notify|alert|invite|ping|dm|inform|uninvite|contact|page|fax) (?:up )?" + _WHO + r"\b",
    _START + r"(?:call|phone|ring|dial|text|message|e-?mail) (?:up )?(?:me|us|him|her|them|everyone|everybody|"
    r"mom|mum|dad|home|911|"
    r"112|\+?\d[\d -]{2,}|\w+'s \w+|(?:my|our|his|her|their) \w+|the (?:team|office|doctor|police|bank|"
    r"school|restaurant|"
    r"plumber|landlord|boss|client|customer|clinic|hotel|store|shop|manager|neighbou?rs?|whole \w+)|"
    r"an? (?:ambulance|taxi|cab|"
    r"plumber|uber|doctor|lawyer)|(?:mr|mrs|ms|dr|prof)\.? \w+|[a-z]+ (?:that|at|to|and|about|from|now|"
    r"on|saying|back|happy)|"
    r"[a-z]+ ?[.!]*$)",
    _START
    + r"(?:send|resend|forward|mail|deliver|submit|shoot|drop) (?:out |off |over )?(?:"
    + _DET
    + r"|to |an? |invit\w+|"
    r"[a-z]+ (?:an?|the|my|this|that)\b|flowers|money|cash|e-?mails?|mails?|messages?)",
    _START
    + r"(?:reply|respond|write back|rsvp|reach out) (?:yes |no )?(?:to )?(?:him|her|them|"
    + _DET
    + r"|\w+'s|[a-z]+ (?:and|with|saying|that))",
    _START + r"(?:post|publish|unpublish|tweet|retweet|repost|share|upload|announce|broadcast|pin) (?:this|that|"
    r"it|my|our|an?|the|these|"
    r"those|all)\b",
    _START + r"(?:delete|erase|wipe|remove|purge|destroy|trash|discard|empty|drop|truncate|clear|archive|"
    r"deactivate|close|disable|"
    r"unsubscribe|block|unblock|freeze|unfreeze|lock|unlock|suspend|terminate|mute|unmute) (?:me\b|us\b|"
    r"him|her|them|all\b|every|my|"
    r"our|his|her|their|those|these|this|that|it\b|the\b|\w+'s\b|account|number|user|order|ticket)",
    _START
    + r"(?:update|change|modify|edit|reset|set|switch|rename|replace|upgrade|downgrade|renew|extend|activate|enable|"
    r"reactivate|verify|register|enrol+|report|increase|raise|lower|reduce|link|unlink|sync|redeem|"
    r"apply|use|dispute|bump|"
    r"move|adjust|connect|disconnect|put|add|save|cap) (?:all )?(?:my|our|me|us|\w+'s|his|her|their)\b",
    _START + r"(?:sign|log|check|opt|let|take) (?:me|us|him|her) (?:up|in|out|into|off|for)\b",
    _START
    + r"(?:subscribe|unsubscribe|enrol+|register|invite|promote|demote|fire|hire|ban|kick|grant|revoke|assign|follow|"
    r"unfollow|friend|unfriend) [\w'@.]+",
    _START + r"(?:give|make|issue|assign|add|remove) [\w'@. ]{1,30} (?:admin\w*|access|permissions?|rights?|"
    r"refund|discount|credit|"
    r"from the group|to the (?:group|project|team|list|channel|meeting|call|cart)|as an? \w+)\b",
    _START + r"(?:put|add|insert|save|remove|take|cross|delete|move) .{1,50}\b(?:to|on|in|into|onto|from|off|"
    r"of) (?:my|our|the|his|her) "
    r"(?:\w+ ){0,2}?(?:lists?|cart|basket|calendar|schedule|playlist|wish ?list|queue|favou?rites|"
    r"to-?do|todo|contacts|"
    r"agenda|diary|backlog|board|account|order|address book|plan|wallet|watchlist|library|notes)\b",
    _START + r"open (?:me |us |up )?(?:an?|another|my|our|the) (?:new |joint |savings |checking |current |bank |"
    r"support |garage |front |back |"
    r"help )*(?:account|ticket|case|dispute|claim|line of credit|credit card|door|gate|window|blinds|garage|app)\b",
    _START + r"(?:file|lodge|raise|log|submit|create|escalate|close|resolve|reopen|merge|assign|open) (?:an?|the|"
    r"my|our|this|that|case|ticket|"
    r"branch|bug|issue) ?(?:\w+ ){0,3}?(?:claim|complaint|ticket|case|dispute|report|issue|bug|incident|"
    r"request|pr|return|expenses?|"
    r"appeal|hours|event|account|into|to|#?\d+)\b",
    _START + r"(?:deploy|redeploy|restart|reboot|shut ?down|kill|stop|start|launch|roll ?back|scale|provision|"
    r"run|execute|trigger|"
    r"power (?:off|on)|terminate|spin up|drain|release|push|commit|merge) (?:down |up )?(?:the|our|my|"
    r"this|that|all|prod\w*|staging|version|build|server|"
    r"job|pod|pipeline|process|branch|v?\d)\b",
    _START + r"(?:turn|switch|power|dim|crank|bring|set|shut) (?:on|off|up|down)? ?(?:the|my|our|all|on|off|up|"
    r"down|airplane|roaming)\b.{0,40}?(?:lights?|"
    r"lamps?|heat\w*|ac|air con\w*|thermostat|tv|television|volume|music|fan|oven|alarm|radio|speakers?|"
    r"bluetooth|wi-?fi|"
    r"flashlight|brightness|temperature|blinds|notifications|location|camera|sprinklers?|dishwasher|"
    r"kettle|mode|roaming|status)\b",
    _START + r"(?:play|skip|pause|resume|shuffle|queue up|stop|put on) (?:me |us )?(?:some |the |this |that |my |"
    r"an? |next |music|song|playing|"
    r"[a-z]+ (?:music|by|radio|on|playlist))\b(?!.{0,12}\b(?:role|part|devil|game|chess|with me)\b)",
    _START + r"(?:lock|unlock|open|close|shut|arm|disarm|start|stop|park|preheat|vacuum|water|feed|clean|"
    r"sweep) (?:the|my|our) (?:\w+ )?(?:doors?|gate|garage|"
    r"car|windows?|house|blinds|alarm|engine|oven|dishwasher|washing machine|dryer|curtains?|"
    r"security system|plants?|lawn|floor|"
    r"cat|dog|vacuum|rocket|recording|call|conference)\b",
    _START + r"(?:call|get|grab|order|hail|request|find|book|reserve) (?:me |us )?(?:an?|my|two|three|"
    r"some) (?:\w+ ){0,2}?(?:uber|lyft|taxi|cab|ride|ambulance|"
    r"plumber|tow truck|tables?|rooms?|seats?|tickets?|pizza|flight|car|groceries|appointment)\b",
    _START + r"(?:take|record|print|scan|mark|back up|download|install|uninstall|save|start) (?:an?|the|my|this|"
    r"these|all|\d+) ?(?:\w+ ){0,2}?(?:pictures?|"
    r"photos?|selfie|screenshot|call|video|meeting|cop(?:y|ies)|e-?mails?|messages?|notifications|"
    r"document|page|app|update|backup|"
    r"recording|file|contract|report|form)\b",
    _START + r"(?:ask|tell|let) (?!me\b|us\b)" + _WHO + r" (?:to|that|know|i|we|he|she|they|whether|if|not)\b",
    _START + r"(?:accept|decline|refuse|reject) (?:the |all |my |this |that )?(?:meetings?|invitations?|invites?|"
    r"calls?|friend request|calendar)\b",
    _START + r"have (?!you\b|i\b|we\b|they\b|people\b|humans\b|there\b|any\b|cats\b|dogs\b).{1,40}\b(?:delivered|"
    r"sent|shipped|called|picked up|fixed|"
    r"cancelled|canceled|removed|repaired|installed|cleaned|refunded)\b",
    _START
    + r"(?:apply) (?:for|to) (?:an?|the|my|our) .{1,60}\b(?:for me|for us|in my name|on my behalf)\b|"
    + _START
    + r"approve and (?:pay|send|ship|transfer)",
    _START + r"(?:send|e-?mail|text|message|mail|forward|show|hand|reply to|respond to|pay|"
    r"wire) (?:\S+ ){1,3}?(?:the|a|an|this|that|my|our|and|" + _MONEY + r")\b",
    _START
    + r"(?:print|fax|scan) (?:the|my|this|that|an?|all|it|\d+)\b|"
    + _START
    + r"(?:add|remove|move|put|assign|invite|give|grant) (?:\S+ ){1,3}?"
    r"(?:from|to|on|in|into|admin|full) ?(?:the|my|our|this|admin|access|rights)\b(?! (?:list|string|"
    r"array|sentence|equation|numbers?|mix\w*|pan|bowl|oven))",
    r"\bwould you mind (?:please )?(?:sending|calling|booking|ordering|buying|paying|transferring|"
    r"texting|e-?mailing|cancel+ing|forwarding|"
    r"scheduling|turning|deleting|posting|letting|reserving|moving|adding|setting|playing|notifying)\b",
    r"\bi(?: want| need| would like| wish|'d like) to (?:transfer|wire|send|move|pay|deposit|withdraw|"
    r"donate) (?:\w+ ){0,3}?" + _MONEY,
    r"\bi(?: want| need| would like|'d like) (?:my|the|this) .{1,40}\b(?:deleted|cancelled|canceled|"
    r"closed|terminated|blocked|frozen|sent|"
    r"refunded|shipped|removed|transferred|paid)\b",
    r"\b(?:delete|cancel|close|terminate|deactivate|block|freeze) (?:my|the|"
    r"our) .{1,40}\b(?:immediately|right away|asap|at once|right now|now)\b",
    r"\b(?:on my behalf|in my name)\b",
)

MATTER_OF_WORDS = any_of(
    r"\b(?:in|with|using|via) (?:python|java(?:script)?|typescript|c\+\+|c#|c|go|golang|rust|ruby|php|"
    r"perl|kotlin|swift|scala|r|matlab|bash|"
    r"shell|powershell|sql|mysql|postgres\w*|pandas|numpy|excel|word|git|docker|html|css|react|"
    r"node(?:\.?js)?|django|flask|vba|vim|"
    r"linux|ubuntu|latex|google sheets|regex|r programming|java 8|jquery|photoshop|figma|salesforce|tableau|wordpress|"
    r"outlook|jira|kubernetes|terraform|ansible)\b",
    r"^(?:\w+ ){1,3}?(?:(?:\w+ ){0,2}?(?<!my )(?<!shopping )(?<!grocery )(?<!to-do )(?<!mailing "
    r")(?:list|string|array|dictionar\w+|dict|function|variable|column|row|cell|element|node|regex|"
    r"query|"
    r"characters?|whitespace|duplicates|substring|loop|pointer|exception|header|tags?|integer|words|"
    r"sentence|paragraph|equation|fraction|"
    r"polynomial|matrix|vector|json|xml|csv|dataframe|linked list|binary tree|verb|adjective|poem|essay|"
    r"story|role|numbers|letters|"
    r"recommendations|explained|meaning|definition|theory|basics|learning|option|operations|trigger|"
    r"scope|gap|quote|prices?)\b)",
)
"""Objects and tools that make a command one about texts or code, answered in words."""

HOW_TO = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|please|kindly|pls|well|and|there|good (?:morning|afternoon|"
    r"evening)|dear \w+)[,!. ]+)*"
    r"(?:(?:can|could|would|will) (?:you|u|someone|anyone|anybody|we|one|they|it|the|this|that|my|"
    r"an?) (?:(?:please|kindly|also|just|possibly) )*"
    r"(?:tell me|explain|show me (?:how|where|what|the)|teach|walk|guide|describe|help(?! me (?:book|"
    r"send|pay|order|cancel))|list|let me know|"
    r"clarify|advise|write|draft|suggest|recommend|summari[sz]e|translate|compare|define|survive|be\b|"
    r"eat|drink|have|use|give me (?:an?|some|the) "
    r"(?:\w+ )?(?:example|tips?|advice|overview|list|explanation|steps|recipe|idea|summary|information|"
    r"info|details|instructions))\b|"
    r"how\b|what\b|what'?s\b|whats\b|wat\b|why\b|when\b|when's\b|where\b|where's\b|which\b|who\b|"
    r"who's\b|whom\b|whose\b|is\b|are\b|am\b|do\b|does\b|did\b|"
    r"don't\b|should\b|shall\b|may\b|might\b|must\b|can (?:i|we|my|a|an|the|you (?:even )?(?:use|eat|"
    r"get|be|have|see))\b|could (?:i|we)\b|would (?:i|it|a)\b|was\b|were\b|"
    r"has\b|have (?:you|i|we|they|people|humans|there|any|cats|dogs|scientists)\b|had\b|if\b|"
    r"explain\b|describe\b|write\b|draft\b|compose\b|summari[sz]e\b|translate\b|compare\b|define\b|"
    r"outline\b|enumerate\b|list\b|name\b|"
    r"calculate\b|compute\b|solve\b|prove\b|show that\b|suggest\b|recommend\b|brainstorm\b|rewrite\b|"
    r"rephrase\b|proofread\b|correct\b|convert\b|"
    r"generate\b|teach\b|paraphrase\b|classify\b|analy[sz]e\b|design\b|imagine\b|pretend\b|act as\b|"
    r"implement\b|code\b|simulate\b|discuss\b|"
    r"evaluate\b|estimate\b|identify\b|differentiate\b|integrate\b|derive\b|illustrate\b|help (?:me|"
    r"us) (?:write|draft|understand|to understand|"
    r"learn|with|find out|choose|decide|figure)\b|tell me (?:how|what|why|when|about|if|whether|the|"
    r"which|where|who|some|more|a)\b|"
    r"tell us\b|show me (?:how|the steps|an example)\b|give me (?:the )?(?:steps|instructions|tips|"
    r"advice|an? (?:example|overview|list|summary|"
    r"explanation|recipe|idea|introduction|definition|plan|workout))|give (?:an?|some|"
    r"the) (?:\w+ )?(?:example|overview|introduction|definition|summary|list|gist)|"
    r"steps\b|instructions\b|ways? (?:to|of)\b|best (?:way|method|place|time)\b|tips\b|advice\b|"
    r"reasons?\b|difference\b|meaning\b|"
    r"make (?:a|an|me a) (?:\w+ )?(?:list|table|summary|outline|plan|comparison|chart)\b|create (?:a|"
    r"an) (?:\w+ )?(?:table|list|plan|outline|summary|"
    r"function|class|regex|study plan|meal plan|essay|story|poem|slogan)\b|plan (?:a|my)\b|"
    r"come up with\b|put into words\b|"
    r"i (?:want|need|would like|'d like|wish|wanted|am trying|have|got|am looking|was) (?:to (?:know|"
    r"understand|learn|cancel|return|change|get|find|see|"
    r"ask|make|open|close|delete|apply|buy|become|start|talk|speak|create|update|check|use|report|order|"
    r"track|improve)|help|a question|a problem)|"
    r"i'd like to (?:know|understand|learn|cancel|return|change|get|see|ask|open|close|talk|"
    r"speak)\b(?!.{0,80}\b(?:now|immediately|right away|asap)\b)|"
    r"i'm\b|i am\b|i've\b|i (?:can't|cannot|can not|couldn't|didn't|don't|do not|did not|never|forgot|"
    r"lost|think|received|paid|made|just|already|still|was|tried|see|saw|"
    r"keep|bought|ordered|wonder|accidentally)\b|my\b|there\b|someone\b|it\b|he\b|she\b|they\b|we (?:are|were|have)\b|"
    r"(?:approve|deny|reject|decline|grant the|refuse|accept)\b(?! and (?:pay|send|ship|"
    r"transfer))(?!.{0,12}\b(?:meetings?|invit\w+|calls?)\b))"
)
"""Openings that ask for words or tell a story, no command; bare verbs of judgement belong to the pair scorer."""
