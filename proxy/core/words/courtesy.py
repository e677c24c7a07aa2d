"""Words of sentences that change nothing about a question: greetings, thanks, apologies, and that one has searched."""

from __future__ import annotations

import re

from proxy.core.words.common import words_of

COURTESY = words_of("""
ask asking asked question questions query help helping helped sorry apologise apologies good great nice lovely happy
glad hope hoping hopefully thanks thank thankful thx grateful appreciate appreciated advance find finding found read
reading look looked looking search searched searching google googled googling page pages site website faq docs
documentation anywhere nowhere elsewhere somewhere everywhere couldn't didn't don't can't haven't wasn't curious
curiosity interest interested interests interesting sure wonder wondering wondered something anything nothing thing
things silly stupid dumb basic simple quick little bit love hate feel feeling know knows knew knowing think thinks
thinking thought understand understood see saw seen hear heard tell told say said mean meant remember recall forget
forgot forgotten already before ever never always often again now today lately recently earlier tomorrow hour hours
minute minutes day days week morning afternoon evening night weekend while long time times once twice first last
everyone everybody nobody somebody someone anyone anybody friend friends colleague colleagues mate team folks guys all
two three ones one other others way ways much many lot lots really totally honestly honest quite rather maybe perhaps
probably likely surely certainly simply confused lost stuck puzzled new newbie head mind idea ideas guess bet sit
sitting wait waiting hurry rush urgent busy tired coffee tea answer answers answered reply replies trouble bother
bothering nagging promise argue argued arguing discussion conversation chat chatting topic subject point clear sense
best well fine happens happened going go goes come came get got getting keep keeps kept let like want
wanted need needed try tried trying work works working put been being has had does done anyways anyway btw lol haha
matters matter regards wishes greetings hi hello hey dear welcome please
checked center centre knowledge base section sections article articles forum forums tutorial tutorials faqs luck success
figure figured spent start starting following response responses respond apologize apology frustrated frustrating
frustration annoyed annoying upset desperate desperately crazy literally seriously difficulty difficulties
isn't you're you'd you'll because wants excited overlooked rambling bugging bugs annoys struggle struggles struggled
struggling forgetting talking discussing mentioned wondering clue clueless unsure seem seems doesn't won't wouldn't
confuses confusing confusion unclear embarrassed agree disagree argument debate debating quiz trivia crossword homework
mystery completely urgently easy easily explain explained explanation suggested
""")

_THIS = r"(?:it|this|that|them|these|those)"
_SOURCE = r"(?:tv|television|radio|news|newspaper|magazine|book|podcast|article|blog|forum)"
_TOLD = (
    r"(?:(?:whole|last|first|previous|support|help|online|official) )?(?:website|site|page|faq|docs|"
    r"documentation|guide|manual|instructions|book|article|tutorial|video|chatbot|bot|teacher|internet|explanation|answers?|"
    r"results?|thing|topic|subject|title)(?: i (?:found|got|read|saw))?"
)
_MY = r"(?:boss|manager|colleagues?|coworkers?|friends?|kids?|child|son|daughter|wife|husband|mom|dad|grandma|teacher)"
NOTHING_SAID = re.compile(
    rf"\b(?:the {_TOLD} (?:is|are|was|were|isn't|wasn't|weren't|doesn't|does not|didn't|did not|couldn't|"
    r"gives?|says?)(?: (?:really|very|too|so|quite))?(?: (?:it all|say|mention|help|helpful|explain|tell|clear|"
    r"complicated|different|outdated|useless|wrong))?|the reason (?:i ask|i'm asking|for (?:my|this) question)|"
    r"(?:must|has to|got to) be (?:an? |some )?(?:(?:easy|easier|simple|quick|better) )?(?:way|trick)|"
    r"so many (?:options|answers|ways|things|opinions)|no information|conflicting information|killing me|"
    r"at a loss|(?:running )?out of ideas|can't believe|hard to (?:find|understand|tell|say|remember)|not obvious|"
    r"always (?:mix|get) (?:these|this|it|them)(?: two)? (?:up|wrong)|use (?:some|your|a little) help|"
    rf"(?:like|love|want) to (?:learn|know|understand)(?: more| something new| {_THIS})?(?=\Z| about {_THIS})|"
    r"(?:annoying|bothering|bugging) me for (?:weeks|months|years|ages)|came up yesterday|"
    r"(?:asked|mentioned|saw|seen|read|heard|watched|discussing|debating|talking)(?: about)?"
    rf"(?: me| us)?(?: {_THIS}| a (?:video|post|thread))?(?: about {_THIS})?"
    r"(?: yesterday| on (?:reddit|youtube|wikipedia|twitter|facebook|tiktok|quora))|"
    r"\A(?:rule of thumb|(?:first|last|next|final) step|example|aside|matter of \w+|total|percentage|favou?r|heads up|"
    r"customer|user|human)\Z|"
    r"right now|next step|(?:come|get) (?:right |straight )?to the point|sun's out|(?:general )?rule|reminder|"
    r"result|side note|follow-up|last resort|by the way|high and low|fed up|came across|used to know|makes sense|"
    r"finds you|doing (?:well|great|good|fine|ok|okay|alright)|"
    r"(?:right|best) (?:place|page|channel|department|person)|first time doing|(?:big|huge) fan of|"
    r"able to help|(?:(?:having|facing|running into|ran into|run into) )?(?:(?:the|my|this|an?|one|some|another) )?(?:"
    r"(?:small|little|quick|general|short|slight|minor|similar|further|final|last|hard|tough|difficult|rough) )?"
    r"(?:problems?|issues?|trouble|difficulty|question|time)|"
    r"(?:driv(?:es|ing)|making|going) (?:me |us )?(?:crazy|nuts|mad|insane)|at my wits'? end|tip of my tongue|"
    rf"losing my mind|changed my mind|messed (?:{_THIS} )?up|pulling my hair out|(?:went|gone|been) through|"
    r"(?:tried|checked|searched|read|through) (?:everything|(?:the |your |all |whole |entire ){0,3}"
    r"(?:manual|instructions|guides?|menus?|settings|documents|internet|web|site|website|pages?))|"
    rf"keep (?:seeing|hearing)(?: about)? {_THIS}(?: (?:term|acronym|abbreviation|expression))?|"
    rf"(?:in|on|from) (?:the |an? )?{_SOURCE}|nervous (?:asking|to ask)|must have missed {_THIS}|"
    r"came up (?:at|over|in) (?:dinner|lunch|breakfast|coffee|conversation|a meeting|a discussion)|"
    rf"about {_THIS} (?:at|over) (?:dinner|lunch|breakfast|coffee)|understand {_THIS} better|"
    rf"know (?:{_THIS} )?(?:asap|urgently|quickly|soon)|answer (?:asap|urgently|quickly|soon)|"
    r"(?:some|any|more|a bit of|a little|looking for) (?:advice|guidance|info|information|pointers|clarification)|"
    r"(?:important|worried)(?: to me| about (?:it|this|that))?\Z|(?:make|be|want) (?:sure|certain)|double[- ]check|"
    r"(?:having|had|have) an? (?:great|good|nice|lovely|wonderful|fantastic) (?:day|week|weekend|one)|"
    r"(?:sound|seem)s? (?:a bit |a little )?(?:silly|stupid|dumb|odd|strange|weird|basic|obvious)|"
    r"(?:forward to )?hearing from you|took (?:me |us )?(?:a while|ages|forever)|take (?:a look|your time)|"
    rf"my {_MY} (?:asked|asks|wants? to know|wanted to know|can't agree)|"
    r"love (?:your|this) (?:app|products?|services?|site|website|shop|store|tool|work))\b"
)
"""Turns of phrase that say nothing of the case, in small letters; what stands beside them may: `a problem with my
kidneys`."""

_SAID = r"(?:hi|hello|hey|ok|okay|ping|pong|test|done|(?:hi|hello|hey) there|hello,? world)"
FIRST_WORDS = re.compile(
    r"(?:(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))"
    r"(?:,? (?:there|all|everyone|everybody|folks|world|assistant|chatgpt|gpt|claude))?|ping|test|testing|"
    rf"(?:please )?(?:say|reply|respond|answer)(?: with)?(?: just| only| exactly)?(?: the word)? (['\"]?){_SAID}\1"
    r"(?: to the world)?|count (?:from (?:1|one) )?to (?:\d{1,3}|three|five|ten|twenty)|"
    r"who are you|what (?:are you|model are you|is your name)|what's your name)[ .!?]{0,4}"
)
"""Whole texts that people send to try whether somebody answers: the heads, made for sentences, hear now and orders in
them ("Hello!", "ping")."""
