"""Commands to act in the world."""

from __future__ import annotations

import re

from proxy.core.words.fold import any_of

_ASK = (
    r"(?:^|[.!?;,:\n] ?|\b(?:please|kindly|pls|plz|just|now|and|then|also|go ahead and|hey|ok|okay|hi|hello) )"
    r"(?:(?:can|could|would|will) (?:you|u) (?:please |kindly |just |now |go ahead and |also )*|"
    r"(?:i (?:want|need|'d like|would like|'d love)|i'd like) (?:you|u) to (?:please |kindly |go ahead and )?|"
    r"(?:please|kindly|pls|plz|just|go ahead and|you (?:must|should|have to|need to)|let's|now) )*"
)
"""A command to the assistant, however polite; "how do I", "can I", "I want to" do not match."""

_OWN = r"(?:my|our|mine|me|us|his|her|their)"
_DET = r"(?:my|our|the|this|that|these|those|all|all my|all the|his|her|their|an?|another|some|two|three|four|\d+)"
_MONEY = (
    r"(?:[$\u20ac\u00a3\u20b9\u00a5] ?\d[\d,.]*k?|\d[\d,.]*k? ?(?:usd|eur|gbp|inr|dollars?|bucks|euros?|"
    r"pounds?|rupees?|yen|francs?|\$|\u20ac|\u00a3))"
)
_MSG = (
    r"(?:e-?mails?|mails?|messages?|texts?|sms|letter|note|invitations?|invites?|reply|response|invoice|"
    r"reminder|newsletter|notification|money|payment|package|parcel|fax|link|file|document|report|"
    r"contract|copy|receipt|voucher|gift|flowers|calendar invite|resume|cv|pdf|attachment|dm|alert|form|"
    r"fund\w*|bitcoin|crypto)"
)

SIDE_EFFECT = any_of(
    # money
    _ASK + r"(?:transfer|wire|send|move|pay|deposit|withdraw|donate|remit|refund|charge|venmo|zelle|paypal|"
    r"invest|lend|tip|credit|debit|zap) "
    r"(?:\w+ ){0,4}?" + _MONEY,
    _ASK + r"pay (?:off )?(?:\w+ ){0,2}?(?:my|our|the|this|that|his|her)\b.{0,40}(?:bills?|rent|invoice|fees?|"
    r"fine|balance|card|loan|tuition|mortgage|"
    r"dues|subscription|ticket|tax\w*|installment|insurance|account|premium|deposit)\b",
    _ASK + r"(?:transfer|wire|move) (?:\w+ ){0,3}?(?:money|funds?|balance|cash|savings|all|half|"
    r"everything)\b.{0,40}\b(?:to|from|into)\b",
    _ASK + r"(?:buy|purchase|order|reorder|get|sell|short) (?:me |us )?(?:\d+|an?|another|some|two|three|ten|"
    r"more|the|my usual)\b.{0,60}"
    r"(?:shares?|stocks?|tickets?|pizzas?|pairs?|units?|boxes|bottles?|packs?|copies|from amazon|"
    r"on amazon|on ebay|online|for me|for us|"
    r"for delivery|delivered|checks|checkbooks?|cards?|bitcoin|btc|eth|ethereum|groceries|sandwich\w*|"
    r"burgers?|coffees?|cases?|rolls?)\b",
    _ASK + r"(?:place|submit|put in|cancel|confirm|repeat|reorder|modify|amend) (?:an?|the|my|our|this|that|"
    r"another)? ?(?:\w+ ){0,2}?(?:order|purchase|"
    r"bid|bet|trade|claim|application|request|ticket|booking|reservation|subscription|appointment|"
    r"membership|meeting|flight|"
    r"policy|form|transaction|payment|transfer|delivery|shipment|ride|event|plan|alarm|timer|reminder)\b",
    _ASK + r"(?:cancel|refund|return|reship|ship|dispatch|reorder|void|expedite) (?:the |my |our )?(?:order|"
    r"booking|reservation|ticket|invoice|"
    r"transaction|payment|item|package|flight|appointment|subscription) ?(?:#|no\.?|number|id)? ?[a-z]*-?\d+",
    # bookings and dates
    _ASK + r"(?:book|reserve) (?:me|us|\d+|an?|the|my|our|two|three|four|this|that|one)\b",
    _ASK + r"(?:schedule|reschedule|set up|arrange|organi[sz]e|plan|put|pencil in) (?:me |us )?(?:an?|the|my|"
    r"our|this|that)\b.{0,40}?\b(?:meetings?|"
    r"calls?|appointments?|interviews?|demos?|pickups?|pick-up|deliver\w+|visits?|lunch|dinner|standup|"
    r"sync|review|service|maintenance|"
    r"check-?up|haircut|event)\b.{0,60}?(?:\b(?:for|with|on|at|to|next|tomorrow|this|by|from|in my)\b|$)",
    _ASK + r"(?:set|create|add|make|start|cancel|stop|delete|turn off|snooze) (?:me )?(?:an?|the|my|another|"
    r"all)? ?(?:\w+[- ]){0,3}?(?:alarms?|timers?|"
    r"reminders?|stopwatch|calendar (?:event|entry)|wake[- ]up call|event)\b",
    _ASK + r"(?:remind|wake|call|phone|ring|dial|text|message|email|e-mail|ping|dm|notify|alert|inform|invite|"
    r"page|fax|contact|skype|facetime) "
    r"(?:me|us|my|our|the|him|her|them|everyone|everybody|all|[a-z]+ (?:that|at|to|and|about|from|now|"
    r"on|saying|in)|[a-z]+ ?$|\+?\d)",
    _ASK + r"(?:put|add|insert|save|remove|take|cross|delete) .{1,50}\b(?:to|on|in|into|onto|from|off|"
    r"of) (?:my|our|the|his|her) (?:\w+ ){0,2}?(?:list|cart|"
    r"basket|calendar|schedule|playlist|wish ?list|queue|favou?rites|to-?do|todo|contacts|agenda|diary|"
    r"backlog|board|account|order|"
    r"address book|plan|wallet|watchlist|library)\b",
    # messages and posts
    _ASK + r"(?:send|forward|resend|deliver|submit|mail|e-mail|email) (?:out )?(?:off )?(?:\w+ ){0,3}?" + _MSG + r"\b",
    _ASK + r"(?:send|forward|mail|e-mail|email|reply|respond|write back) (?:it|this|that|them|him|her|me|us|"
    r"everyone|back|all|to (?:him|her|them|"
    r"everyone|my|our|the|all))\b",
    _ASK + r"(?:post|publish|tweet|retweet|share|upload|push|announce|broadcast|pin) (?:this|that|it|my|our|"
    r"an?|the|these)\b.{0,60}?\b(?:on|to|in|"
    r"from|with|online|now|publicly|live)\b(?! (?:python|java|javascript|excel|php|react))",
    # accounts, records, machines
    _ASK + r"(?:delete|erase|wipe|remove|deactivate|close|terminate|purge|destroy|trash|clear|archive|empty|"
    r"drop|unsubscribe|disable|suspend) "
    r"(?:me\b|us\b|(?:all (?:of )?)?(?:my|our|his|her|their|those|these|this)\b|all (?:the |unread |"
    r"old )?(?:files|e-?mails|photos|messages|records|data|"
    r"accounts|users|customers|contacts|events|tickets|backups?)\b|the (?:\w+ ){0,3}?(?:account|file|"
    r"folder|record|user|customer|database|table|"
    r"e-?mail|message|photo|event|ticket|post|comment|backup|bucket|instance|production \w+)\b(?! (?:in|"
    r"using|with|from|by) (?:python|java|sql|bash|excel|"
    r"linux|git|c\+\+|windows)))",
    _ASK + r"(?:update|change|modify|edit|reset|set|switch|rename|replace|upgrade|downgrade|renew|extend|"
    r"activate|enable|disable|unlock|lock|freeze|"
    r"unfreeze|block|unblock|cancel|stop|pause|resume|reactivate|verify|register|enrol+|report|increase|"
    r"raise|lower|reduce|link|unlink|transfer|"
    r"move|sync|rollover|roll over|replace|redeem|apply|use|dispute|stop payment on|mute|unmute|approve and pay) "
    r"(?:all )?(?:my|our|me|us)\b",
    _ASK
    + r"(?:sign|log|check|opt) (?:me|us) (?:up|in|out|into|for)\b|"
    + _ASK
    + r"(?:subscribe|unsubscribe|enrol+|register|add|invite|promote|fire|hire|"
    r"remove|ban|kick|block|grant|revoke|give|assign|follow|unfollow|like|friend|unfriend) (?:me|us|him|"
    r"her|them|user|employee|customer|"
    r"@?\w+@[\w.]+|@\w+|[a-z]+ (?:to|from|as|access|admin|permission))\b.{0,40}?(?:\b(?:to|from|for|in|"
    r"as|access|admin|rights|permissions?|role|on)\b|$)",
    _ASK + r"open (?:me |us |up )?(?:an?|another|my|our|the) (?:new |joint |savings |checking |bank |support |"
    r"garage |front |back )*(?:account|ticket|case|dispute|claim|"
    r"line of credit|credit card|door|gate|window|blinds|garage|app|spotify|youtube)\b",
    _ASK + r"(?:file|lodge|raise|log|submit|create|escalate|close|resolve|reopen|merge|assign) (?:an?|the|my|"
    r"our|this|that) (?:\w+ ){0,3}?(?:claim|complaint|ticket|"
    r"case|dispute|report|issue|bug|incident|request|pull request|pr|return|expense\w*|appeal|"
    r"tax return|hours)\b(?:.{0,60})",
    _ASK + r"(?:deploy|redeploy|restart|reboot|shut ?down|shutdown|kill|stop|start|launch|rollback|roll back|"
    r"scale|provision|run|execute|trigger|"
    r"power off|power on|terminate|spin up|drain|cut over|release|push|patch) (?:the|our|my|this|that|"
    r"all|prod\w*|staging|version|build|server|job|pod|"
    r"pipeline|v?\d)\b.{0,60}?(?:server|service|cluster|instance|database|container|pipeline|job|script|"
    r"deployment|production|prod|staging|machine|"
    r"computer|vm|node|app|build|release|migration|backup|now|pod|router|branch|workflow|campaign|bot|"
    r"vacuum|roomba|car|dishwasher)\b",
    _ASK + r"(?:turn|switch|power|dim|set|crank|bring) (?:on|off|up|down)? ?(?:the|my|our|"
    r"all)\b.{0,40}?(?:lights?|lamps?|heat\w*|ac|air con\w*|"
    r"thermostat|tv|television|volume|music|fan|oven|alarm|radio|speaker|bluetooth|wifi|wi-fi|"
    r"flashlight|brightness|temperature|blinds|"
    r"notifications|location|camera|sprinklers?|dishwasher|heater|kettle|mode)\b",
    _ASK + r"(?:play|skip|pause|resume|shuffle|queue|stop) (?:me |some |the |this |that |my |a |an |next |"
    r"music|song|playing)\b(?!.{0,6}\b(?:role|part|devil))"
    r"(?!.{0,20}\b(?:game|with me)\b)",
    _ASK + r"(?:lock|unlock|open|close|shut|arm|disarm|start|stop|park|preheat|vacuum) (?:the|my|"
    r"our) (?:\w+ )?(?:doors?|gate|garage|car|windows?|house|blinds|"
    r"alarm|engine|oven|dishwasher|washing machine|curtains?|security system)\b",
    _ASK + r"(?:call|get|order|hail|request|find) (?:me |us )?(?:an?|my) (?:\w+ )?(?:uber|lyft|taxi|cab|ride|"
    r"ambulance|plumber|tow truck)\b",
    # a wish with a sum or a sign of urgency is a command
    r"\bi (?:want|need|would like|have|wish|'d like) to (?:transfer|wire|send|move|pay|deposit|"
    r"withdraw) (?:\w+ ){0,3}?" + _MONEY,
    r"\bi'd like to (?:transfer|wire|send|move|pay|deposit|withdraw) (?:\w+ ){0,3}?" + _MONEY,
    r"\b(?:delete|cancel|close|terminate|deactivate|block|freeze) (?:my|the|"
    r"our) .{1,40}\b(?:immediately|right away|asap|at once|right now|now)\b",
    r"\bon my behalf\b",
)

HOW_TO = re.compile(
    r"^(?:(?:hi|hello|hey|ok|so|please|kindly)[, ]+)*(?:(?:can|could|would|will) (?:you|u|"
    r"someone) (?:please |kindly )?(?:tell|explain|show|teach|walk|guide|"
    r"describe|help|list|give|let me know|clarify|advise)\b|how\b|what\b|why\b|when\b|where\b|which\b|"
    r"who\b|is\b|are\b|do\b|does\b|did\b|"
    r"should\b|may i\b|can i\b|could i\b|am i\b|was\b|were\b|has\b|have\b|if\b|explain\b|describe\b|"
    r"write\b|draft\b|compose\b|"
    r"summari[sz]e\b|translate\b|compare\b|define\b|tell me (?:how|what|why|when|about|if|whether)|"
    r"show me how|give me (?:steps|instructions)|"
    r"steps\b|instructions\b|ways\b|best way|tips\b|help me (?:write|draft|understand|to understand)|"
    r"implement\b|generate\b|"
    r"i (?:want|need|would like) to (?:know|understand|learn)|i'd like to (?:know|understand|learn)|"
    r"approve\b|deny\b|reject\b|decline\b)"
)
"""Openings that ask for words, not for an act; bare verbs of judgement (approve, deny) belong to the pair scorer."""
