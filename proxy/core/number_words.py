"""Tables behind `core/quantities`: number words, calendar words, units and currencies. No logic."""

from __future__ import annotations

from fractions import Fraction

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
ONES = {word: value for value, word in enumerate(_ONES.split())}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
TENS["fourty"] = 40
SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "lakhs": 10**5,
    "lac": 10**5,
    "million": 10**6,
    "millions": 10**6,
    "crore": 10**7,
    "crores": 10**7,
    "billion": 10**9,
    "billions": 10**9,
    "trillion": 10**12,
}
GROUPS = {"dozen": 12, "couple": 2, "pair": 2}
SUFFIX_SCALES = {"k": 10**3, "mn": 10**6, "mm": 10**6, "m": 10**6, "bn": 10**9, "b": 10**9}
"""Glued to digits (`10k`); `m`, `mm` and `b` mean a scale only in amounts of money."""

_ORDINAL_ONES = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth"
)
ORDINALS = {word: value for value, word in enumerate(_ORDINAL_ONES.split(), start=1)}
ORDINALS |= {f"{word[:-1]}ieth": value for word, value in TENS.items()}
ORDINALS |= {"hundredth": 100, "thousandth": 1000}

ROMAN = {"II": 2, "III": 3, "IV": 4, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "XI": 11, "XII": 12, "XIII": 13, "XIV": 14}
"""Only capitals of two letters or more, without XX and the like that stand for other things."""

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = {word: number for number, word in enumerate(_WEEKDAYS.split(), start=1)}
WEEKDAYS |= {f"{word}s": i for word, i in WEEKDAYS.items()}
WEEKDAY_SHORT = {"mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5}
_MONTHS = "january february march april may june july august september october november december"
MONTHS = {word: number for number, word in enumerate(_MONTHS.split(), start=1)}
MONTH_SHORT = {word[:3]: i for word, i in MONTHS.items() if word != "may"} | {"sept": 9}
AMBIGUOUS_MONTHS = frozenset({"may", "march", "mar", "jan"})
"""Count as a month only with a capital letter, or beside a day or a year."""

UNITS: dict[str, tuple[str, Fraction]] = {}
"""Unit word → (dimension, factor to the dimension's base unit)."""


def _unit(dimension: str, factor: Fraction | int | str, words: str) -> None:
    for word in words.split():
        UNITS[word] = (dimension, Fraction(factor))


_unit("time", Fraction(1, 1000), "ms millisecond milliseconds")
_unit("time", 1, "s sec secs second seconds")
_unit("time", 60, "min mins minute minutes")
_unit("time", 3600, "h hr hrs hour hours")
_unit("time", 86400, "day days")
_unit("time", 604800, "week weeks wk wks")
_unit("time", 1209600, "fortnight fortnights")
_unit("month", 1, "month months")
_unit("month", 3, "trimester trimesters")
_unit("month", 12, "year years yr yrs")
_unit("month", 120, "decade decades")
_unit("month", 1200, "century centuries")
_unit("length", Fraction(1, 1000), "mm millimeter millimeters millimetre millimetres")
_unit("length", Fraction(1, 100), "cm centimeter centimeters centimetre centimetres")
_unit("length", 1, "m meter meters metre metres")
_unit("length", 1000, "km kms kilometer kilometers kilometre kilometres")
_unit("length", "0.0254", "inch inches")
_unit("length", "0.3048", "ft foot feet")
_unit("length", "0.9144", "yd yard yards")
_unit("length", "1609.344", "mi mile miles")
_unit("mass", Fraction(1, 10**6), "mcg microgram micrograms ug µg")
_unit("mass", Fraction(1, 1000), "mg mgs milligram milligrams")
_unit("mass", 1, "g gram grams gm gms gramme grammes")
_unit("mass", 1000, "kg kgs kilo kilos kilogram kilograms")
_unit("mass", 10**6, "tonne tonnes")
_unit("mass", "28.349523125", "oz ounce ounces")
_unit("mass", "453.59237", "lb lbs")
_unit("volume", Fraction(1, 1000), "ml milliliter milliliters millilitre millilitres cc")
_unit("volume", 1, "l liter liters litre litres")
_unit("volume", "3.785411784", "gallon gallons")
_unit("byte", 1, "byte bytes")
_unit("byte", 10**3, "kb kilobyte kilobytes")
_unit("byte", 10**6, "mb megabyte megabytes")
_unit("byte", 10**9, "gb gigabyte gigabytes gig gigs")
_unit("byte", 10**12, "tb terabyte terabytes")
_unit("celsius", 1, "celsius °c")
_unit("fahrenheit", 1, "fahrenheit °f")
_unit("degree", 1, "degree degrees °")
_unit("speed_kmh", 1, "kmh kph")
_unit("speed_mph", 1, "mph")
_unit("watt", 1, "w watt watts")
_unit("watt", 1000, "kw kilowatt kilowatts")
_unit("volt", 1, "v volt volts")
_unit("hertz", 10**6, "mhz")
_unit("hertz", 10**9, "ghz")
_unit("calorie", 1, "calorie calories cal kcal")

LOOSE_UNITS = frozenset({"s", "m", "h", "g", "l", "w", "v", "mi", "°"})
"""Read as units only when glued to digits: alone they are letters."""

PERCENT_WORDS = frozenset({"%", "percent", "pct", "percentage"})

SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
CURRENCIES = {
    word: code
    for code, words in {
        "USD": "usd dollar dollars buck bucks us$",
        "EUR": "eur euro euros",
        "GBP": "gbp pound pounds quid sterling",
        "INR": "inr rupee rupees rs",
        "JPY": "jpy yen",
        "CNY": "cny rmb yuan",
        "CHF": "chf franc francs",
        "AUD": "aud",
        "CAD": "cad",
        "cent": "cent cents",
        "pence": "pence penny pennies",
        "BTC": "btc bitcoin bitcoins",
    }.items()
    for word in words.split()
}
CODES_BEFORE = frozenset({"usd", "eur", "gbp", "inr", "jpy", "cny", "chf", "aud", "cad", "rs"})
"""Currency words that may stand before the amount."""
