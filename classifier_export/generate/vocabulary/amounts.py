"""Numbers, money, measures, times and codes, each with its spellings (60 minutes = one hour)."""

from collections.abc import Callable
from random import Random

from classifier_export.generate.inflect_words import ordinal_of, ordinal_word, spelled
from classifier_export.generate.values import Made, Pool, Source, Value

_CURRENCIES = {"USD": ("$", "dollars"), "EUR": ("€", "euros"), "GBP": ("£", "pounds"), "JPY": ("¥", "yen")}
_ROUND = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 24, 25, 30, 40, 45, 50, 60, 75, 80, 90, 100, 120, 150, 200, 250, 500)


def number_value(n: int) -> Value:
    forms = [str(n)]
    if n >= 1000:
        forms.append(f"{n:,}")
    if n <= 20 or (n < 100 and n % 10 == 0):
        forms.append(spelled(n))
    return Value(str(n), tuple(forms))


def near_int(rng: Random, n: int) -> int:
    """A number that reads like `n`: one off, doubled, a digit swapped or a zero more."""
    options = [n + 1, n - 1, n * 2, n // 2, n * 10, n + rng.randint(2, 9), rng.choice(_ROUND)]
    digits = list(str(n))
    if len(digits) > 1:
        i = rng.randrange(len(digits) - 1)
        digits[i], digits[i + 1] = digits[i + 1], digits[i]
        options += [int("".join(digits))] * 2
    good = [other for other in options if other > 1 and other != n]
    return rng.choice(good or [n + 2])


def _made(draw: Callable[[Random], int], value: Callable[[int], Value]) -> Made:
    return Made(lambda rng: value(draw(rng)), lambda rng, old: value(near_int(rng, int(old.key.split()[0]))))


def _percent(n: int) -> Value:
    forms = [f"{n}%", f"{n} percent", f"{n} per cent"]
    if n <= 20 or n % 10 == 0:
        forms.append(f"{spelled(n)} percent")
    return Value(f"{n} percent", tuple(forms))


def _ordinal(n: int) -> Value:
    return Value(f"{n} th", (ordinal_of(n), ordinal_word(n)))


def _money(n: int, code: str) -> Value:
    sign, name = _CURRENCIES[code]
    forms = [f"{sign}{n:,}", f"{n:,} {name}", f"{n} {code}", f"{code} {n}"]
    if n >= 1000 and n % 1000 == 0:
        forms.append(f"{sign}{n // 1000}k")
    return Value(f"{n} {code}", tuple(forms))


def _near_money(rng: Random, old: Value) -> Value:
    n, code = old.key.split()
    if rng.random() < 0.3:
        return _money(int(n), rng.choice([other for other in _CURRENCIES if other != code]))
    return _money(near_int(rng, int(n)), code)


def _draw_money(rng: Random) -> Value:
    n = rng.choice([rng.randint(2, 99), rng.randint(2, 40) * 50, rng.randint(1, 40) * 1000])
    return _money(n, rng.choices(list(_CURRENCIES), [5, 3, 3, 1])[0])


# unit, singular and plural spellings, larger unit that it may also be written in: (factor, singular, plural)
_UNITS: dict[str, tuple[tuple[str, ...], tuple[tuple[int, str, str], ...]]] = {
    "minute": (("minutes", "min", "mins"), ((60, "hour", "hours"),)),
    "hour": (("hours", "hrs"), ((24, "day", "days"),)),
    "day": (("days",), ((7, "week", "weeks"),)),
    "week": (("weeks", "wks"), ()),
    "month": (("months",), ((12, "year", "years"),)),
    "year": (("years", "yrs"), ((10, "decade", "decades"),)),
    "second": (("seconds", "sec", "secs"), ((60, "minute", "minutes"),)),
    "kilometer": (("kilometers", "km", "kilometres"), ()),
    "mile": (("miles", "mi"), ()),
    "meter": (("meters", "m", "metres"), ((1000, "kilometer", "km"),)),
    "foot": (("feet", "ft"), ()),
    "inch": (("inches",), ((12, "foot", "feet"),)),
    "centimeter": (("centimeters", "cm", "centimetres"), ((100, "meter", "meters"),)),
    "kilogram": (("kilograms", "kg", "kilos"), ()),
    "gram": (("grams", "g"), ((1000, "kilogram", "kg"),)),
    "pound": (("pounds", "lb", "lbs"), ()),
    "ounce": (("ounces", "oz"), ((16, "pound", "pounds"),)),
    "liter": (("liters", "l", "litres"), ()),
    "milliliter": (("milliliters", "ml", "millilitres"), ((1000, "liter", "liters"),)),
    "cup": (("cups",), ()),
    "gigabyte": (("gigabytes", "GB"), ()),
    "megabyte": (("megabytes", "MB"), ()),
    "milligram": (("milligrams", "mg"), ((1000, "gram", "g"),)),
}
_FAMILIES = {
    "duration": ("minute", "hour", "day", "week", "month", "year"),
    "short_time": ("second", "minute", "hour"),
    "length": ("kilometer", "mile", "meter", "foot"),
    "small_length": ("inch", "centimeter", "foot", "meter"),
    "weight": ("kilogram", "gram", "pound", "ounce"),
    "volume": ("liter", "milliliter", "cup"),
    "storage": ("gigabyte", "megabyte"),
    "dose": ("milligram", "milliliter", "gram"),
}


def _measure(n: int, unit: str) -> Value:
    spellings, larger = _UNITS[unit]
    forms = [f"{n} {spelling}" for spelling in spellings]
    if n <= 20:
        forms.append(f"{spelled(n)} {spellings[0]}")
    for factor, one, many in larger:
        if n % factor == 0:
            count = n // factor
            # One key per physical amount, so that 60 minutes and 1 hour are never a label-0 pair.
            if count == 1:
                forms += [f"1 {one}", f"one {one}"]
            else:
                forms += [f"{count} {many}", f"{spelled(count)} {many}"] if count <= 20 else [f"{count} {many}"]
    return Value(f"{n} {unit}", tuple(forms), unit)


def _measures(family: str) -> Source:
    units = _FAMILIES[family]

    def draw(rng: Random) -> Value:
        unit = rng.choice(units)
        n = (
            rng.choice([24, 48, 60, 90, 120])
            if unit in {"minute", "hour"} and rng.random() < 0.3
            else rng.choice(_ROUND)
        )
        return _measure(n, unit)

    def change(rng: Random, old: Value) -> Value:
        """The number or the unit changes, never both: 60 minutes cannot become 1 hour."""
        n, unit = old.key.split()
        if rng.random() < 0.45:
            other = rng.choice([name for name in units if name != unit])
            return _measure(int(n), other)
        return _measure(near_int(rng, int(n)), unit)

    return Made(draw, change)


def _number_of_unit(unit: str, choices: tuple[int, ...]) -> Source:
    return Made(
        lambda rng: _measure(rng.choice(choices), unit),
        lambda rng, old: _measure(near_int(rng, int(old.key.split()[0])), unit),
        shared=True,
    )


def _temperature(n: int, unit: str) -> Value:
    name = {"C": "Celsius", "F": "Fahrenheit"}[unit]
    return Value(f"{n} {unit}", (f"{n}°{unit}", f"{n} degrees {name}", f"{n} {unit}"))


def _near_temperature(rng: Random, old: Value) -> Value:
    n, unit = old.key.split()
    if rng.random() < 0.5:
        return _temperature(int(n), "F" if unit == "C" else "C")
    return _temperature(int(n) + rng.choice([-20, -10, 10, 20, 25, 50]), unit)


def _draw_body_temperature(rng: Random) -> Value:
    return _temperature(rng.randint(34, 42), "C") if rng.random() < 0.5 else _temperature(rng.randint(94, 107), "F")


def _age(n: int) -> Value:
    forms = [f"{n}-year-old", f"{n} year old"]
    if n <= 20:
        forms.append(f"{spelled(n)}-year-old")
    return Value(str(n), tuple(forms))


def _version(major: int, minor: int) -> Value:
    return Value(f"{major} {minor}", (f"{major}.{minor}", f"v{major}.{minor}", f"version {major}.{minor}"))


def _near_version(rng: Random, old: Value) -> Value:
    major, minor = map(int, old.key.split())
    return rng.choice([_version(major, minor + 1), _version(major + 1, minor), _version(major, minor + 9)])


def _clock(quarter: int) -> Value:
    """Without AM or PM only where no second reading is left: 16:15 and 07:00, not 4:15 and 10:00."""
    hour, minute = divmod(quarter * 15, 60)
    half, twelve = ("AM", "PM")[hour >= 12], hour % 12 or 12
    forms = [f"{twelve}:{minute:02d} {half}", f"{twelve}:{minute:02d}{half.lower()}"]
    if not minute:
        forms = [f"{twelve} {half}", f"{twelve}{half.lower()}", forms[0]]
    if hour >= 13 or hour < 10:
        forms.append(f"{hour:02d}:{minute:02d}")
    return Value(str(quarter), tuple(forms))


def _near_clock(rng: Random, old: Value) -> Value:
    return _clock((int(old.key) + rng.choice([48, 4, -4, 2, -2, 8])) % 96)


def _code(prefix: str, n: int) -> Value:
    bare = f"{prefix}{n}"
    return Value(
        bare, (bare, f"#{bare}", f"number {bare}") if not prefix else (bare, bare.lower(), f"{prefix.strip('- ')} {n}")
    )


def _near_code(prefix: str) -> Callable[[Random, Value], Value]:
    return lambda rng, old: _code(prefix, _near_id(rng, old.key.removeprefix(prefix)))


def _near_id(rng: Random, digits: str) -> int:
    """One digit changed, two neighbours swapped, or the next number: what a reader overlooks."""
    i = rng.randrange(len(digits))
    j = min(i + 1, len(digits) - 1)
    other = str((int(digits[i]) + rng.randint(1, 9)) % 10)
    swapped = list(digits)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    options = [digits[:i] + other + digits[i + 1 :], "".join(swapped), str(int(digits) + 1)]
    good = [int(option) for option in options if option != digits and option[0] != "0"]
    return rng.choice(good or [int(digits) + 1])


def sources() -> dict[str, Source]:
    """Every computed source by its name in frame files."""
    table: dict[str, Source] = {
        "number": _made(
            lambda rng: rng.choice([rng.choice(_ROUND), rng.randint(2, 99), rng.randint(100, 9999)]), number_value
        ),
        "count": _made(lambda rng: rng.choice([rng.randint(2, 12), rng.randint(2, 30)]), number_value),
        "bignumber": _made(lambda rng: rng.choice([rng.randint(100, 999), rng.randint(1000, 99999)]), number_value),
        "ordinal": Made(
            lambda rng: _ordinal(rng.randint(1, 30)),
            lambda rng, old: _ordinal(max(1, int(old.key.split()[0]) + rng.choice([-2, -1, 1, 2, 10]))),
            shared=True,
        ),
        "percent": _made(lambda rng: rng.choice([rng.randint(1, 99), rng.randint(1, 19) * 5]), _percent),
        "money": Made(_draw_money, _near_money),
        "temperature": Made(
            lambda rng: _temperature(rng.randint(4, 24) * 10, rng.choice("CF")), _near_temperature, shared=True
        ),
        "body_temperature": Made(_draw_body_temperature, lambda rng, old: _draw_body_temperature(rng), shared=True),
        "bigmoney": Made(
            lambda rng: _money(rng.randint(2, 500) * 1000, rng.choice(list(_CURRENCIES)[:3])), _near_money
        ),
        "age": Made(
            lambda rng: _age(rng.randint(2, 85)),
            lambda rng, old: _age(near_int(rng, int(old.key)) % 90 + 1),
            shared=True,
        ),
        "version": Made(lambda rng: _version(rng.randint(1, 18), rng.randint(0, 14)), _near_version),
        "clock": Made(
            lambda rng: _clock(rng.choice([rng.randrange(24, 92), rng.randrange(6, 23) * 4])), _near_clock, shared=True
        ),
        "order_id": Made(lambda rng: _code("", rng.randint(10000, 99999)), _near_code("")),
        "year": Made(
            lambda rng: _year(rng.randint(1450, 2024)),
            lambda rng, old: _year(int(old.key) + rng.choice([-100, -10, -1, 1, 2, 10, 100])),
        ),
        "recent_year": Made(
            lambda rng: _year(rng.randint(1990, 2026)),
            lambda rng, old: _year(int(old.key) + rng.choice([-3, -2, -1, 1, 2])),
            shared=True,
        ),
        "mg": Made(
            lambda rng: _measure(rng.choice(_MG), "milligram"),
            lambda rng, old: _measure(rng.choice([n for n in _MG if str(n) != old.key.split()[0]]), "milligram"),
            shared=True,
        ),
        "days": _number_of_unit("day", (3, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90)),
        "minutes": _number_of_unit("minute", (5, 10, 15, 20, 30, 45, 60, 90, 120)),
        "hours": _number_of_unit("hour", (2, 3, 4, 6, 8, 12, 24, 36, 48, 72)),
        "weeks": _number_of_unit("week", (2, 3, 4, 6, 8, 10, 12, 16)),
        "months": _number_of_unit("month", (2, 3, 6, 9, 12, 18, 24, 36)),
        "years": _number_of_unit("year", (2, 3, 4, 5, 7, 10, 15, 20, 25, 30)),
    }
    for prefix in ("ORD-", "INC-", "TKT-", "PR-", "HTTP ", "E", "A"):
        name = "code_" + prefix.strip("- ").lower()
        table[name] = Made(_draw_code(prefix), _near_code(prefix), shared=len(prefix) == 1)
    return table | {family: _measures(family) for family in _FAMILIES}


_MG = (5, 10, 20, 25, 40, 50, 75, 80, 81, 100, 125, 150, 200, 250, 325, 400, 500, 600, 650, 750, 800, 1000)


def _year(n: int) -> Value:
    return Value(str(n), (str(n),))


def _draw_code(prefix: str) -> Callable[[Random], Value]:
    low, high = (100, 599) if prefix == "HTTP " else (10, 999) if len(prefix) == 1 else (100, 99999)
    return lambda rng: _code(prefix, rng.randint(low, high))


def fixed(rows: tuple[tuple[str, ...], ...]) -> Pool:
    """A small closed list written beside its use."""
    return Pool(tuple(Value(forms[0], forms) for forms in rows), shared=True)
