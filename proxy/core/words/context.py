"""What needs an earlier turn, and what asks for something new."""

from __future__ import annotations

from proxy.core.words.fold import any_of

CONTEXT = any_of(
    r"^(?:please )?(?:continue|go on|carry on|proceed|keep going|next|more|go ahead|again|repeat|same|"
    r"ditto|yes|no|yep|yeah|nope|yup|sure|ok|okay|k|"
    r"thanks?|thank you|right|correct|wrong|really|why|why not|how so|how|when|where|who|which one|what|"
    r"and|so|then what|what else|what next|"
    r"anything else|huh|hmm+|go|stop|undo|done|both|neither|either|none|all of them|all of the above|"
    r"of course|please|exactly|never ?mind|"
    r"i see|got it|i don't (?:get it|understand)|not really|maybe|what do you mean|are you sure|"
    r"is that (?:all|it|so|right|correct|true)|"
    r"tell me more|say more|explain(?: more| further| again| yourself)?|elaborate|simplify|shorter|"
    r"longer|try again|redo|retry|do it|"
    r"that's (?:it|all|right|wrong|not right|correct)|like what|such as|for example|an example|example|"
    r"examples|come again|pardon|sorry|and\?|"
    r"what does (?:that|this|it) mean|makes sense|i agree|i disagree|idk|lol|cool|great|nice|good|fine|"
    r"perfect|wow)(?: please)?[ ?.!]*$",
    r"^(?:and|but|or|also|then|so|ok so|okay so|what about|how about|and what about|same for|same with|"
    r"now for|now do|now in|and in|and for|and if|"
    r"what if it|instead)\b(?!.{80})",
    r"\b(?:the (?:above|previous|preceding|prior|last|former|latter|second|third|fourth|first|other|"
    r"aforementioned)|your (?:last|previous|first|earlier|"
    r"above|second|prior)) (?:one|ones|two|three|answer|response|reply|message|question|point|option|"
    r"suggestion|example|paragraph|part|"
    r"step|item|idea|code|snippet|function|text|email|draft|version|sentence|bullet|list|output|"
    r"conversation|explanation)\b",
    r"\b(?:as|like) (?:you|i|we) (?:said|mentioned|discussed|told|described|talked|asked|explained|"
    r"noted|suggested)\b|\b(?:you|we|i) (?:just |already )?"
    r"(?:mentioned|discussed|talked about|told me|said before|said earlier|were saying|suggested|"
    r"were talking)\b|\bmentioned (?:above|earlier|before)\b|"
    r"\b(?:see|shown|given|listed|described|stated) above\b|\bfrom before\b|\bearlier (?:you|we|i)\b|"
    r"\bfrom (?:earlier|our last|the previous)\b|"
    r"\blast time (?:we|you)\b|\bwhere were we\b|\bwhat (?:did|was) (?:i|we|you) (?:just )?(?:say|said|"
    r"ask|talk|discuss|mean|saying|talking)\w*\b",
    r"^(?:explain|elaborate on|expand on|summari[sz]e|rewrite|translate|fix|rephrase|shorten|simplify|"
    r"repeat|clarify|improve|continue|convert|"
    r"change|describe|define|check|correct|prove|solve|compare|explain|format|make|put|turn|do|redo|"
    r"refactor|optimi[sz]e|debug|review|analy[sz]e|reword) "
    r"(?:that|this|it|these|those|them|the same|both)\b(?! (?:is|are|that|sentence:|text:|code:|"
    r"email:))(?![^.:?!]{0,40}:)(?! \w+ (?:sentence|text|code|email):)",
    r"^(?:how|what|why|when|where|who|which|is|are|was|were|does|do|did|can|could|will|would|should|has|"
    r"have|had)(?:'s| is| are| was| were| does| do| did| can| could|"
    r" will| would| should| has| have| had| much| many| old| tall| big| long| far| often| about| else)*"
    r" (?:he|she|they|him|her|them|his|hers|theirs|those|these|its|that one|this one|the same one|that|"
    r"it)\b(?: (?!possible|true|ok|okay|safe|legal|normal|bad|"
    r"good|worth|better|necessary|important|easy|hard|difficult|wrong|right|rude|healthy|illegal|"
    r"cheaper|best|allowed|common|real|take|"
    r"cost|mean|feel|like|make|matter|rain\w*|snow\w*|hurt|really|ethical|advisable|haram|a|an|the|that|"
    r"too|more|any|sin|considered|to|"
    r"cheap|expensive|free|dangerous|weird|fair|fun|so|ever|even|just|compulsory|mandatory|possibly|"
    r"still|really|what|when|is|called|wise|"
    r"you|we|people|i|my|your|for|worse|worth|scientifically|theoretically|poss\w*)\w+){0,3} ?(?:\w+ ){0,2}?[?.!]*$",
    r"\b(?:he|she) (?:born|die|died|married|from|live|do|win|won)\b ?\??$|^(?:he|she|they|it) (?:is|was|"
    r"has|did|does|doesn't|didn't|isn't|won't|says?|said)\b.{0,60}$|"
    r"^that(?:'s| is| was| one)\b.{0,50}$|^this (?:one|is not|isn't|doesn't|didn't)\b.{0,40}$|"
    r"^not (?:that|this|the|what|quite|like)\b.{0,40}$",
    r"^(?:i meant?|i mean|i said|i was (?:asking|talking)|no[, ]|yes[, ]|yeah[, ]|sorry[, ]i|"
    r"actually[, ]|wait[, ]|ok[, ]|okay[, ]|"
    r"never ?mind|option [a-d\d]|number (?:one|two|three|four|five|\d)|the (?:first|second|third|last|"
    r"other|former|latter)(?: one)?[ ?.!]*$)",
    r"^(?:make|keep) it\b(?! (?:possible|clear))|^(?:use|try|add|remove|include|give me) (?:that|it|"
    r"them|those|these)\b|^in (?:english|french|german|spanish|python|java|"
    r"rust|bullet points|a table|one sentence|short|simple(?:r)? (?:words|terms)|"
    r"more detail)[ ,.!?]*(?:please)?[.!?]*$|^with (?:examples?|code|more detail\w*)[.!?]*$|"
    r"^(?:can|could|would) you (?:please )?(?:repeat|clarify|elaborate|expand|continue|go on|"
    r"explain (?:that|it|this|more|further|again)|rephrase|shorten (?:it|that)|"
    r"do (?:it|that|this)|fix (?:it|that|this)|try again|say (?:that|it)|be more specific|"
    r"give (?:me )?(?:more|an example|examples|another|details))\b.{0,30}$",
    r"\b(?:attached|attachment|the (?:image|picture|photo|file|document|screenshot|pdf|spreadsheet|log|"
    r"text|article|passage|code) (?:above|below|i (?:sent|uploaded|attached|"
    r"shared|pasted)))\b|\bthis (?:image|picture|photo|screenshot|pdf)\b",
)

NOVELTY = any_of(
    r"\b(?:give|tell|show|write|suggest|make|create|generate|find|get|do|try|send|share|name|want|need|"
    r"have|ask|pick) (?:me |us )?(?:yet )?(?:another|a different|a new|a fresh|"
    r"one more|some (?:other|more|new|different|fresh)|(?:\w+ )?(?:other|more|new) (?:ones?|ideas?|"
    r"examples?|options?|jokes?|names?|suggestions?)|something (?:else|different|new|"
    r"random)|(?:two|three|four|five|ten|\d+) more)\b(?! (?:account|card|password|pin|sim|address|phone|"
    r"job|order|device|user|customer|house|car|line|row|column|file|table|"
    r"branch|folder|window|tab|page|project|environment|employee|business|company|country|language|city|"
    r"state|number|email|bank|skill))",
    r"^(?:yet )?(?:another|one more|a different|something (?:else|different|new|random)|a new|different|"
    r"new) (?:one|joke|example|idea|story|poem|riddle|fact|quote|name|suggestion|"
    r"version|option|recipe|question|puzzle|haiku|pun|tip|title|try|word|song)?s?[ ,.!?]*(?:please|pls)?[ .!?]*$",
    r"\banother (?:one|joke|example|story|poem|riddle|fact|quote|name|suggestion|version|recipe|haiku|"
    r"pun|limerick|option|idea|try)\b(?! (?:of|from|that|in))",
    r"\b(?:randomly|at random|surprise me|i'm (?:feeling lucky|bored)|anything random|something random|"
    r"roll (?:a|the|that|two|\d*)? ?(?:d\d+|dic?es?|die)|flip (?:a|that|the) coin|"
    r"toss a coin|coin (?:toss|flip)|draw a card|pick a (?:number|card|color|colour|winner|name)|"
    r"spin the wheel|heads or tails|"
    r"random (?:number|fact|word|name|joke|password|quote|color|colour|question|movie|topic|letter|"
    r"sentence|story|string|integer|recipe|person|thing|country|city|date|uuid|"
    r"pokemon|animal|idea|poem|song|sample|seed))\b(?! (?:generator|generation|access|forest|variable|"
    r"theorem|walk|in (?:python|java|c|php|excel|js|javascript|sql)|using|variables|"
    r"function|field|error))",
    r"\b(?:tell|give|say|know|got|make|crack|share|hear)(?: me| us)? (?:a|an|any|some|one|your best|"
    r"the best|another|your) (?:\w+ ){0,2}?(?:jokes?|riddles?|puns?|fun facts?|"
    r"fortunes?|dad jokes?|knock[- ]knock|quotes? of the day|pick[- ]?up lines?|interesting facts?|"
    r"tongue twisters?|bedtime stor\w+|trivia)\b",
    r"\b(?:make me laugh|cheer me up|entertain me|fun fact|joke please|inspire me)\b|^(?:a |any |"
    r"one )?(?:jokes?|riddles?)[ .!?]*(?:please)?[.!?]*$|"
    r"\b(?:generate|create|give me|make|need|get me) (?:me )?(?:a |an |one )?(?:new |strong |secure |"
    r"unique |random |fresh )*(?:password|passphrase|uuid|guid|one[- ]time code|pin code|token)\b"
    r"(?! (?:generator|policy|reset|manager|hash|field|in|using|with python|function|strategy))",
    r"\b(?:regenerate|try (?:it )?again|again,? (?:but )?(?:different|please)|do it differently|"
    r"brainstorm (?:some )?(?:more|other|new)|that i haven't (?:heard|seen|tried)|"
    r"you haven't (?:told|given|mentioned|used)|haven't (?:heard|said) (?:before|yet)|different (?:from|"
    r"than) (?:before|the last|last time|the previous))\b",
)
