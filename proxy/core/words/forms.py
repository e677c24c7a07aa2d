"""Spellings and forms that one word may have: tables for `core/same_question`, each entry to the form that stands for
all. No logic beyond building them."""

from __future__ import annotations

from collections.abc import Iterator

from proxy.core.number_words import ONES, ORDINALS, TENS
from proxy.core.words.common import words_of


def _spellings() -> Iterator[tuple[str, str]]:
    for stem in _OUR.split():
        for end in ("", "s", "ed", "ing", "able", "ably", "ite", "ites", "ful", "less", "er", "ers", "hood", "hoods"):
            yield f"{stem}our{end}", f"{stem}or{end}"
    for stem in _RE.split():
        yield from ((f"{stem}re{end}", f"{stem}er{end}") for end in ("", "s"))
    for stem in _ISE.split():
        for end in ("e", "es", "ed", "ing", "er", "ers", "ation", "ations", "able"):
            yield f"{stem}is{end}", f"{stem}iz{end}"
    for stem in ("anal", "paral", "catal"):
        for end in ("e", "es", "ed", "ing", "er", "ers"):
            yield f"{stem}ys{end}", f"{stem}yz{end}"
    for stem in _DOUBLED.split():
        for end in ("ed", "ing", "er", "ers", "or", "ors"):
            yield f"{stem}l{end}", stem + end
    words = _OTHERS.split()
    yield from zip(words[::2], words[1::2], strict=True)


_OUR = "arm behavi col endeav fav flav glam harb hon hum neighb od parl rum sav splend tum vap vig"
_RE = "cent lit theat fib kilomet centimet millimet millilit"
_ISE = """
alphabet amort anonym apolog author bapt capital categor central character civil colon commercial computer critic
crystall custom deputi digit econom emphas energ equal factor familiar fertil final formal general global harmon
hospital hypothes ideal immun industrial initial item jeopard legal liberal local marginal material maxim mechan memor
minim mobil modern monet moral motor nationa neutral normal optim organ ostrac oxid parametr pasteur patron penal
personal polar popular pressur priorit privat public random rational real recogn reorgan revital sanit scrutin sensit
serial social special stabil standard steril stigmat subsid summar symbol sympath synchron theor token traumat util
vandal verbal victim virtual visual winter
"""
_DOUBLED = "travel cancel label model fuel signal level counsel channel tunnel dial refuel remodel relabel"
_OTHERS = """
grey gray tyre tire tyres tires cosy cozy licence license licences licenses defence defense
offence offense offences offenses jewellery jewelry jeweller jeweler pyjamas pajamas mould mold mouldy moldy
aluminium aluminum anaemia anemia anaemic anemic anaesthetic anesthetic anaesthesia anesthesia diarrhoea diarrhea
leukaemia leukemia haemoglobin hemoglobin haemorrhage hemorrhage haemorrhoids hemorrhoids oestrogen estrogen
oesophagus esophagus foetus fetus paediatric pediatric paediatrician pediatrician gynaecologist gynecologist
orthopaedic orthopedic manoeuvre maneuver catalogue catalog catalogues catalogs
enrol enroll enrolment enrollment fulfil fulfill fulfilment fulfillment skilful skillful instalment installment
instalments installments ageing aging judgement judgment artefact artifact artefacts artifacts yoghurt yogurt
yoghurts yogurts doughnut donut doughnuts donuts moustache mustache sulphur sulfur plough plow sceptical skeptical
sceptic skeptic marvellous marvelous woollen woolen whilst while amongst among centred centered
"""
SPELLINGS = dict(_spellings())
"""British spellings, in small letters, to American ones; none of which the other is another word, too: a labor party,
a check, a meter, a dialog."""

OTHER_ENGLISH = words_of("""
british american americans english australian canadian britain america commonwealth uk usa london oxford webster
autocorrect underline underlines underlined wrong flag flags valid css html sql java javascript python php ruby rust
swift property attribute function method keyword argument parameter command tag field called
""")
"""Beside these, which of both is meant may be what is asked about: `Is colour a valid CSS property?`"""

TOOLS = {"k8s": "kubernetes", "js": "javascript", "postgres": "postgresql"}
"""Behind `in`, `to` and `from`; elsewhere a folder `js`, the user `postgres`, why it is called so."""

ALIASES = {**TOOLS, "versus": "vs", "okay": "ok"}
"""Short for one thing."""

_NEGATED = "is are was were do does did has have had could should would"
_WHAT_IS = "what how who where when that there"
NUMBERS = {word: str(number) for word, number in (ONES | TENS).items() if number > 1}
ORDINAL_FORMS = {
    f"{number}{'th' if number > 3 else ('st', 'nd', 'rd')[number - 1]}": word
    for word, number in ORDINALS.items()
    if number <= 20
}
CONTRACTIONS = {
    **{f"{word}'s": f"{word} is" for word in ("what", "how", "who", "where", "when", "why", "it", "that", "there")},
    **{f"{word}s": f"{word} is" for word in _WHAT_IS.split() if word != "there"},
    **{f"{word}n't": f"{word} not" for word in _NEGATED.split()},
    **{f"{word}nt": f"{word} not" for word in _NEGATED.split()},
    **{f"{word}'ve": f"{word} have" for word in ("i", "you", "we", "they")},
    **{f"{word}'ll": f"{word} will" for word in ("i", "you", "we", "they", "it")},
    **{f"{word}'re": f"{word} are" for word in ("you", "we", "they")},
    **dict(zip(("i'm", "im", "ive", "youre"), ("i am", "i am", "i have", "you are"), strict=True)),
    **dict(zip(("can't", "cant", "won't", "wont"), ("cannot", "cannot", "will not", "will not"), strict=True)),
    **dict(zip(("pls", "plz", "e-mail", "wi-fi"), ("please", "please", "email", "wifi"), strict=True)),
    **dict(zip(("u", "ur"), ("you", "your"), strict=True)),
}

_UNIT_WORDS = """
km kms kilometre kilometres kilometer kilometers
cm centimetre centimetres centimeter centimeters
mm millimetre millimetres millimeter millimeters
metre metres meter meters
mi mile miles
ft foot feet
inch inches
kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes
gram grams gramme grammes
mg mgs milligram milligrams
ml millilitre millilitres milliliter milliliters
litre litres liter liters
min mins minute minutes
sec secs second seconds
hour hours hr hrs
day days
week weeks wk wks
month months
year years yr yrs
euro euros eur
"""
UNIT_FORMS = {word: line.split()[0] for line in _UNIT_WORDS.strip().splitlines() for word in line.split()}
"""Behind digits: one and several, written out and short; 9 g may be no mass."""

COUNTED = words_of("""
page pages paragraph paragraphs sentence sentences word words line lines person cup cups tablespoon tablespoons teaspoon
teaspoons star bedroom way night nights
""")
"""Behind these, too, `one` is a number."""
