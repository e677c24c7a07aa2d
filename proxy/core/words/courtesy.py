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
best well fine happens happened going go goes come came get got getting take took taken keep keeps kept let like want
wanted need needed try tried trying work works working put been being has had does done anyways anyway btw lol haha
matters matter regards wishes greetings hi hello hey dear welcome please
checked center centre knowledge base section sections article articles forum forums tutorial tutorials faqs luck success
figure figured spent start starting following response responses respond apologize apology frustrated frustrating
frustration annoyed annoying upset desperate desperately crazy literally seriously difficulty difficulties
""")

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
