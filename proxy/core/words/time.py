"""When the true answer changes within days."""

from __future__ import annotations

from proxy.core.words.fold import MONTH, WEEKDAY, any_of

_ASSET = (
    r"(?:bitcoin|btc|ethereum|eth|crypto\w*|gold|silver|platinum|oil|crude|brent|gasoline|petrol|diesel|"
    r"natural gas|copper|"
    r"wheat|corn|(?:the )?(?:us |british |canadian |australian )?(?:dollar|euro|pound|yen|rupee|franc|"
    r"yuan|peso)|usd|eur|gbp|jpy|"
    r"inr|chf|(?:the )?(?:nasdaq|dow(?: jones)?|s&p(?: 500)?|ftse|nikkei|dax))"
)

TIMELESS = any_of(
    r"\bin (?:today|tomorrow|yesterday)'s (?:world|society|age|life|times|era|generation|market|economy|culture)\b",
    r"\b(?:i am|i'm|we are|we're|i|he is|she is|they are|who are|people) currently\b(?! (?:the|in charge))",
    r"\b(?:alternating|direct|electric(?:al)?|eddy|ac|dc|ocean|short[- ]circuit|leakage|inrush|base|"
    r"collector|phase|my|his|"
    r"her|their) current\b(?! (?:balance|location|status))",
    r"\bcurrent (?:accounts?|affairs?|density|transformers?|flow|source|sensor|limit(?:er|ing)?|divider|electricity|"
    r"liabilit\w+|assets?|ratio|user|working directory|directory|folder|line|branch|row|page|element|"
    r"node|index|job|employer)\b",
    r"\bcurrent (?:in|through|across) (?:a|an|the|each|this) (?:\w+ )?(?:circuit|resistor|wire|inductor|"
    r"capacitor|coil|diode|loop|"
    r"conductor|transistor|winding)\b",
    r"\b(?:from now on|by now|now that|until now i|now i|now and then|now a days|nowadays|i am now|"
    r"i'm now|apocalypse now)\b",
    r"\bhow (?:do|can|could|would|should|to|does) (?:(?:i|you|we|one|people|someone) )?(?:get|check|see|"
    r"find|view|print|format|"
    r"display|show|look up|track|read|calculate|compute|predict|forecast|obtain|change|set|convert|"
    r"parse|add)\b.{0,60}\b(?:date|time|day|"
    r"weather|forecasts?|balance|rates?|prices?|news|version|location|directory|user|branch|"
    r"transactions|updates?|status|results?)\b"
    r"(?:.{0,12}\b(?:in|on|with|using|from) .{1,40})?",
    r"\bhow (?:do|does|are|is) .{0,30}\b(?:weather forecasts?|exchange rates?|stock prices?|"
    r"interest rates?|share prices?|currents?|"
    r"ocean currents) (?:work|form|determined|calculated|set|made|change|affect|move|flow)\w*",
    r"\bnow what\b|\bwhat now\b|\b(?:should|do|can) (?:i|we) do now\b|\byears from now\b|\b(?:friend|"
    r"friends|boy|girl|love|dating) now\b",
    r"\bbetter place today\b|\bso far as\b|\blatest by\b",
    r"\bat the latest\b",
    r"\blive (?:in|with|a|without|longer|alone|together|on|my|your|happily)\b",
    r"\bgiven (?:day|moment|time)\b",
    r"\b(?:datetime|date)\.(?:today|now)\(",
    r"\bthis (?:time|day) of (?:the )?(?:year|day|month)\b",
    r"\b(?:the )?last (?:week|month|year|day|minute|night) of (?:the |a |my |each |every )?\w+",
    r"\b(?:every|each|any) (?:today|tomorrow|week|month)\b",
)
"""Cut out before the time words are looked for."""

TIME = any_of(
    r"\b(?:today|tonight|tomorrow|yesterday)\b",
    r"\b(?:right now|just now|at (?:the|this) (?:very )?(?:moment|minute|present)|at this (?:time|"
    r"point in time|hour|instant)|"
    r"at present|presently|currently|as of (?:now|yet|late|this|the|last|early|mid|end|close|\d|"
    + MONTH
    + r"|"
    + WEEKDAY
    + r"))\b",
    r"\bcurrent\b(?! (?:one|card|phone|home|passport|address|location|technolog\w+|circumstances))",
    r"\b(?:the )?latest\b|\bmost recent\b|\bnewest\b|\bmost up[- ]to[- ]date\b|\bup[- ]to[- ](?:date|the[- ]minute)"
    r" (?:info\w*|prices?|list|version|figures?|status|news|rates?|data|numbers?|count|schedule|forecast|results?)\b",
    r"\brecent (?:news|events?|developments?|headlines|results?|earnings|polls?|announcements?|updates?|"
    r"changes|prices?|scores?|"
    r"games?|match\w*|figures|numbers)\b",
    r"\bnow ?[?.!]*$|^now\b|\b(?:open|available|live|online|valid|happening|playing|showing|trading|"
    r"worth|selling|cost|priced|"
    r"winning|leading|trending|running|streaming|operating|working|on air) now\b|\bnow (?:open|"
    r"available|live|playing|showing|"
    r"trading|trending|happening|selling)\b|\bas we speak\b|\bthis (?:very )?(?:minute|instant|second)\b",
    r"\b(?:this|next|last|past|coming|previous|the past|the last|the next|the coming) (?:few |"
    r"couple of |\d+ |two |three )?"
    r"(?:morning|afternoon|evening|night|hours?|days|weeks?|weekend|fortnight|months?|quarters?|seasons?|"
    + WEEKDAY
    + r")\b",
    r"\b(?:this|next) (?:year|spring|summer|autumn|fall|winter|" + MONTH + r")\b(?!\w)",
    r"\bover the weekend\b|\bthis coming\b|\bso far (?:this|in 20)|\byear[- ]to[- ]date\b|\bytd\b",
    r"\b(?:these days|by now|any (?:delays|updates?|alerts?|breaking)|coming up|an update on|"
    r"the (?:present|exact) (?:time|date|rate|price)|already (?:closed|open|over|out)|"
    r"closed already|next (?:\w+ ){1,2}(?:match|game|fixture|race|launch)|^time in |weather forecast$|"
    r"weather$|weather (?:report|alerts?|today))\b|"
    r"\b(?:has|have) .{1,40}\b(?:fixed|solved|raised|cut|announced|resumed|reopened|recovered) .{2,30}(?:yet)?\?$|"
    r"\bpolls? (?:saying|say|showing|look)\b|\b(?:pass|passed|out|over|up|back) yet\b|\bwhen (?:do|does|"
    r"is|will) .{2,30}\b(?:play|playing|race|fight|perform|open|close|start|leave|"
    r"depart|arrive|air) (?:next|again|today)\b",
    r"\bupcoming\b|\bbreaking news\b|\bheadlines\b|\bin the news\b|\bany news (?:on|about|from)\b|"
    r"\bnews (?:about|on|from|in) "
    r"(?:the )?\w+ ?\??$|\btrending\b|\bwhat'?s (?:new|happening|going on|on tv|on the news|the news)\b",
    r"\blive (?:scores?|stream|updates?|results?|prices?|traffic|coverage|feed|standings|rates?|quotes?|blog|flight)\b",
    r"\b(?:weather|forecast|pollen count|uv index|air quality)\b.{0,20}\b(?:in|for|at|near|outside|like|"
    r"here|around|on)\b|"
    r"\b(?:what|how)(?:'s| is| will)? (?:the )?(?:weather|temperature|forecast|humidity|"
    r"air quality)\b(?! (?:of|affect|scale))|"
    r"\b(?:is it|will it|is it going to|going to) (?:be )?(?:rain|snow|hail|storm|sunny|cold outside|"
    r"hot outside|raining|snowing|"
    r"windy|foggy|freezing)\w*\b|\bneed (?:an umbrella|a jacket|a coat)\b|\bhow (?:hot|cold|warm|windy|humid) is it\b",
    r"\b(?:stock|share|market|spot|gas|fuel|petrol|gold|oil|bitcoin|house|token|coin) prices? (?:of|for|"
    r"in|at|is|doing|near)\b|"
    r"\b(?:price|value|rate|quote) (?:of|for) (?:a |an |one |the )?"
    + _ASSET
    + r"\b|\b(?:how much (?:is|are)|what(?:'s| is)) "
    r"(?:a |an |one )?"
    + _ASSET
    + r" (?:worth|trading|at|stock)\b|\btrading (?:at|price)\b|\bmarket cap(?:italization)? of\b|"
    r"\b\w+(?:'s)? (?:stock|share) price\b|\bhow (?:is|are|did) .{1,40}\b(?:stocks?|shares|the market|"
    r"markets)\b.{0,12}(?:doing|do|"
    r"perform\w*|trading|close|open)?",
    r"\b(?:what|how|give|tell|check|show|find|look up)\b.{0,25}\b(?:exchange|interest|mortgage|"
    r"conversion|inflation|unemployment|"
    r"base|prime|savings|fx|forex) rates? (?:between|for|in|from|on|at|of|to|is|today|"
    r"right)\b(?! (?:mean|work|calculated))|"
    r"\bhow many "
    + _ASSET
    + r"s? (?:is|are|per|for|in|to|do i get)\b|\bconvert \d[\d.,]* ?"
    + _ASSET
    + r"s? (?:in)?to\b",
    r"\bwhat time is it\b|\b(?:what(?:'s| is)|tell me|give me) the (?:time|date|day)\b(?! (?:complexity|"
    r"of|for|signature|format|"
    r"difference|limit|value))|\bwhat (?:day|date|month|year|week) is it\b|\bcurrent (?:time|date)\b|"
    r"\bday is it\b|\btime in "
    r"[a-z ]{3,25}\?|\bwhat time .{0,20}\bin [a-z]+ (?:right )?now\b",
    r"\b(?:traffic) (?:on|to|in|like|near|around|is|at)\b|\bhow(?:'s| is) (?:the )?traffic\b|"
    r"\b(?:flight|train|bus) .{0,20}\b(?:delayed|"
    r"on time|status|cancelled|landed|departed)\b|\b(?:flight|server|service|system|outage|"
    r"network) status\b|\bhas .{1,40}\b(?:landed|"
    r"arrived|launched|started|been released|come out|resigned|announced)\b.{0,6}(?:yet)?",
    r"\b(?:score|result|standings|odds) (?:of|in|for|from) (?:the |last )?.{0,40}\b(?:game|match|race|"
    r"fight|final|league|cup|grand prix|"
    r"series|election|vote|primary|test)\b|\bwho(?:'s| is) (?:winning|leading|ahead|in the lead|"
    r"playing)\b|\bwho won (?:the )?.{0,30}\b"
    r"(?:last|yesterday|tonight|this)\b|\bdid (?:the )?\w+(?: \w+)? win\b",
    r"\bhow (?:many|much) (?:days?|weeks?|months?|hours?|time|minutes?|longer)\b.{0,12}\b(?:until|till|"
    r"left|to go|remain\w*|before)\b|"
    r"\bhow (?:long|old) (?:ago|until|till)\b|\bhow long ago\b|\b(?:days|weeks|hours|countdown) (?:until|till|left)\b",
    r"\bstill (?:open|available|in stock|alive|on sale|valid|in office|in charge|the ceo|running|"
    r"playing|going on|accepting|online|down)\b|"
    r"\b(?:in|out of) stock\b|\bsold out\b|\b(?:appointments?|slots?|seats?|tickets?|rooms?|"
    r"tables?) (?:left|available|open|free)\b|"
    r"\bavailable (?:appointments?|slots?|seats?|rooms?|tables?|tickets?)\b|\b(?:wait|waiting|"
    r"queue) times?\b.{0,10}\b(?:at|for|in)\b",
    r"\bis .{1,40}\b(?:down|offline|open|closed|out yet|live|back up)\b.{0,12}(?:yet|today|now|for everyone|again)\b|"
    r"\b(?:out|released|available|back|fixed|resolved|announced|over|started|ready|done) yet\b|\bhow late is\b|"
    r"\bsince (?:yesterday|this morning|last)\b|\bthese last few\b|\bon sale now\b|\bnext (?:game|match|"
    r"flight|train|bus|race|launch|"
    r"eclipse|election|meeting|holiday|full moon|episode|fixture|appointment|available)\b|"
    r"\bhours? ago\b|\bminutes? ago\b|\bdays? ago\b",
)
