"""Small closed groups of words whose difference matters more than their weight: the lists behind `core/features`."""

from __future__ import annotations

GROUPS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "negation": "not no never none nobody nothing nowhere neither nor without cannot cant dont doesnt didnt isnt"
        " arent wasnt werent wont wouldnt couldnt shouldnt aint hardly t lack lacking except unless avoid stop",
        "what": "what which whats",
        "who": "who whom whose",
        "when": "when",
        "where": "where",
        "why": "why reason reasons cause causes purpose",
        "how": "how way ways steps method",
        "quantifier": "all every each any some many few several most both only just always often sometimes usually"
        " rarely least entire whole half",
        "comparison": "more less most least than better worse best worst higher lower greater fewer larger smaller"
        " maximum minimum max min longest shortest biggest smallest highest lowest oldest newest fastest slowest",
        "before": "before prior earlier until till first previous previously",
        "after": "after following later since next then last afterwards",
        "to": "to into onto toward towards",
        "from": "from off out",
        "in": "in inside within indoors",
        "on": "on at by near",
        "up": "up over above upper increase rise",
        "down": "down under below lower decrease fall",
        "with": "with using via including",
        "for": "for against versus vs",
        "condition": "if unless when while whether although though because so",
        "or": "or either",
        "and": "and also plus",
        "can": "can could able possible may might",
        "must": "must should need needs have has required ought supposed mandatory",
        "will": "will would shall going gonna",
        "past": "was were did had been used",
        "present": "is are do does am be being",
        "i": "i me my mine myself im ive",
        "you": "you your yours yourself u",
        "they": "he she they him her them his their we us our it its",
        "polite": "please thanks thank hi hello hey kindly sorry dear regards assist help tell explain know want like",
    }.items()
}
"""Group → words, in lower case and without apostrophes, as word pieces give them back."""

NAMES = tuple(GROUPS)

GROUP_OF: dict[str, tuple[int, ...]] = {}
for _index, _name in enumerate(NAMES):
    for _word in GROUPS[_name]:
        GROUP_OF[_word] = (*GROUP_OF.get(_word, ()), _index)

_FUNCTION = (
    "a an the this that these those of to in on at by for from with and or is are was were be been am do does did have"
    " has had i me my we our you your he she it its they them their what which who whom whose when where why how can"
    " could will would shall should may might must as if so than then there here s t re ve ll m d not no about into"
    " any some just also please hi hello thanks get got"
)
FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Words that alone carry no content."""

NEGATION = NAMES.index("negation")
