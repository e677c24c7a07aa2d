"""What asks for a record of the one who asks."""

from __future__ import annotations

from proxy.core.words.fold import any_of

_RECORD = (
    r"(?:(?:current|available|remaining|outstanding|total|last|next|latest|previous|new|old|full|"
    r"checking|savings|bank|credit|loan|loyalty|account|reward|rewards|frequent|gift|phone|"
    r"delivery|shipping|billing|home|email|leave|vacation|sick|holiday|pto|credit card|card|insurance|"
    r"policy|order|customer|member|membership|employee|tracking|booking|reservation|"
    r"flight|seat|gate|bill|electric|statement|payment|due|subscription|plan|doctor's|dentist|data|"
    r"mobile|direct|monthly) ){0,3}"
    r"(?:balances?|orders?|package|parcel|deliver(?:y|ies)|shipments?|bills?|statements?|transactions?|"
    r"payments?|appointments?|meetings?|schedule|calendar|agenda|reservations?|bookings?|"
    r"flights?|itinerary|seat|points|miles|rewards|credit (?:score|limit|rating)|limit|spending|"
    r"purchases|salary|payslip|paycheck|payroll|w-?2|vacation(?: days)?|leave(?: days)?|pto|days off|"
    r"tickets?|claims?|prescriptions?|test results|results|grades?|gpa|invoices?|due date|address|"
    r"phone number|email address|email|name|birthday|age|password|pin|username|account number|"
    r"routing number|order number|tracking number|policy number|member(?:ship)? (?:number|id)|"
    r"customer (?:number|id)|location|to-?do list|todo list|shopping list|list|reminders?|alarms?|inbox|"
    r"e-?mails|messages|contacts|"
    r"notes?|usage|data usage|remaining data|subscription|plan|contract|profile|history|favou?rites|"
    r"photos?|ip(?: address)?|boss|manager|doctor|weight|blood type|allergies|health plan|apr|"
    r"interest rate|income|bonus|refund)"
)

HOW_RECORDS_WORK = any_of(
    r"\b(?:how|where) (?:do|can|could|would|should|to|does|might) (?:(?:i|we|you|one) )?(?:get|check|"
    r"see|find|view|download|change|update|look|access|track|"
    r"add|edit|obtain|read|locate|increase|raise|know|cancel|pay|reset|print)\b",
)
"""The way to a record is the same for all; only the record itself is personal. Removed before reading."""

PERSONAL = any_of(
    r"\b(?:what(?:'s| is| are| was| were)|when(?:'s| is| are| was| were)|where(?:'s| is| are| was|"
    r" were)|who(?:'s| is)|how (?:much|big|high|low|many|old|long) (?:is|are|was)) (?:all )?(?:on |in |"
    r"left on |left in |next on )?(?:my|our) "
    + _RECORD
    + r"\b(?! (?:for|made|called|supposed|worth|used|declined|refused|not|pending|failing|policy|mean|"
    r"rejected|being|still|taking|delayed|always|important|options|so|address for|limit for|like|"
    r"method))",
    r"\b(?:what(?:'s| is) (?:the )?(?:status|state|balance|progress|location|total|amount|eta|due date|"
    r"limit|address|number) (?:of|on|in|for|due on) (?:my|our))\b|\b(?:status|whereabouts) of my\b|"
    r"\bmy (?:order|delivery|shipment|claim|ticket|application|refund|case|flight) status\b",
    r"\b(?:show|tell|give|read|list|check|display|pull up|look up|view|find|see|see me|track|locate|"
    r"fetch|get|bring up|open)(?: me| us| to me)?(?: on)? (?:all )?(?:(?:of )?my|our) "
    + _RECORD
    + r"\b(?! (?:for|policy|app|settings|page|online|on the app|number on|format))(?!.{0,40}\b(?:how|steps)\b)",
    r"\bhow much (?:money )?(?:do i (?:have|owe|spend|make|earn|get paid)|did i (?:spend|pay|make|earn|"
    r"order|transfer|get)|have i (?:spent|paid|saved|used|got)|am i (?:spending|paying)|"
    r"is (?:left )?in my|is left on my)\b"
    r"(?!.{0,30}\b(?:to pay for|for a|if|to open|need)\b)|\bhow many .{0,40}\b(?:do i (?:have|own)|"
    r"have i|did i|i have left|are (?:left )?(?:on|in) my|are on my)\b",
    r"\b(?:who am i|what(?:'s| is) my name|where am i|where do i (?:live|work)|do you know (?:my name|"
    r"me|who i am|where i)|do you remember (?:me|my)|remember me|when was i born|how old am i|"
    r"what do i do for|what did i (?:buy|order|eat|do|say|tell)|what have i|"
    r"what am i (?:doing|supposed)|do i have (?:any|an?|a)(?: \w+)? (?:meetings?|appointments?|e-?mails|"
    r"messages|reminders?|bills?|orders?|tickets?|alarms?|overdue|unread|events?|classes|outstanding|"
    r"enough (?:money|points)|"
    r"notifications|calls)|am i (?:free|busy|eligible|approved|overdrawn|subscribed|enrolled|registered|"
    r"late)|have i (?:paid|been (?:paid|approved)|received|missed|got (?:any|mail))|"
    r"did i (?:pay|get (?:paid|any)|miss|receive|make the|win|pass|forget)|"
    r"when (?:do|did|will|am) i (?:get paid|get my|last (?:pay|order|buy|log)|renew|have to pay my|"
    r"need to pay my|fly|leave for|meet)|who (?:called|texted|emailed|messaged) me|"
    r"has my (?:\w+ ){0,2}?(?:order|package|parcel|payment|claim|refund|shipment|application|delivery|"
    r"flight|paycheck|cheque|"
    r"check|invoice|ticket) (?:been|arrived|shipped|cleared|left|gone|come|posted))\b(?! (?:allowed|"
    r"to open|for a new))",
    r"\bwhere(?:'s| is| are) my (?:order|package|parcel|delivery|shipment|stuff|luggage|driver|food|"
    r"pizza|refund|money|phone|keys|ride|technician|flight|suitcase|bag|baggage)\b",
    r"\b(?:is|are) my (?:order|package|parcel|flight|application|claim|prescription|bill|payment|"
    r"luggage|account balance|subscription|appointment|membership)s? (?:on (?:time|its way|the way)|"
    r"delayed|ready|approved|paid|overdue|due|shipped|confirmed|active|late|past due|here|cancelled|"
    r"expired)\b",
    r"\b(?:based on|given|according to|considering) my (?:\w+ ){0,2}?(?:profile|history|data|"
    r"purchases|orders|account|preferences|records|location|transactions|results|spending|"
    r"medical history|health)\b",
)
