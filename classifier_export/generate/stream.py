"""A request stream of our own with classes: ordinary rewordings of popular questions, salted with near-misses.

A hit is right if and only if the classes are equal; a class is one frame, sense and set of values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from classifier_export.generate.frames_file import Exchange, Frame, Sense
from classifier_export.generate.harmless import disturbed
from classifier_export.generate.pairs import Focus, changed, drawn, foci, normal, protected, reformed
from classifier_export.generate.realise import Assignment, fill, skeleton

# Shares of requests: near-misses of an asked question, and those said with a harmless disturbance.
_SALT = 0.27
_DISTURBED = 0.3
_REPEATED = 0.25  # exact repeats, as in the supplied streams


@dataclass(frozen=True)
class Asked:
    """One meaning that may be asked again; `weight` follows Zipf's law over the order of appearance."""

    frame: Frame
    sense: Sense
    values: Assignment
    weight: float


def own_stream(
    frames: list[Frame], seed: int, *, requests: int, classes: int, banned: set[str]
) -> list[dict[str, object]]:
    """`requests` lines {"prompt", "class", "salt"}; no prompt is in `banned` (normalised texts of pair files)."""
    rng = Random(f"{seed}/stream")
    base = [_asked(rng.choice(frames), rng, 1 / (rank + 3)) for rank in range(classes)]
    numbers: dict[str, int] = {}
    lines: list[dict[str, object]] = []
    said: dict[str, list[str]] = {}
    for asked, salt in _questions(base, frames, rng, requests * 2):
        meaning = class_of(asked)
        earlier = said.setdefault(meaning, [])
        prompt = rng.choice(earlier) if earlier and rng.random() < _REPEATED else _said(asked, rng)
        if normal(prompt) in banned:
            continue
        earlier.append(prompt)
        lines.append({"prompt": prompt, "class": numbers.setdefault(meaning, len(numbers)), "salt": salt})
        if len(lines) == requests:
            break
    return _without_clashes(lines)


def class_of(asked: Asked) -> str:
    """The meaning in one string; slots that may trade places are sorted first."""
    values = {name: value.key for name, (value, _) in asked.values.items()}
    for exchange in asked.frame.exchanges:
        if not exchange.changes:
            values[exchange.first], values[exchange.second] = sorted((values[exchange.first], values[exchange.second]))
    return "|".join([asked.frame.name, asked.sense.name, *(f"{name}={values[name]}" for name in sorted(values))])


def _questions(base: list[Asked], frames: list[Frame], rng: Random, count: int) -> Iterator[tuple[Asked, bool]]:
    places = [place for group in foci(frames).values() for place in group]
    by_frame: dict[str, list[Focus]] = {}
    for place in places:
        if not isinstance(place.part, Exchange) or place.part.changes:
            by_frame.setdefault(place.frame.name, []).append(place)
    weights = [asked.weight for asked in base]
    recent: list[Asked] = []
    for _ in range(count):
        if recent and rng.random() < _SALT:
            yield _near_miss(rng.choice(recent[-200:]), by_frame, rng), True
            continue
        asked = rng.choices(base, weights)[0]
        recent.append(asked)
        yield asked, False


def _near_miss(asked: Asked, places: dict[str, list[Focus]], rng: Random) -> Asked:
    place = rng.choice(places[asked.frame.name])
    sense, values = changed(place, asked.sense, asked.values, rng)
    return replace(asked, sense=sense, values=values)


def _asked(frame: Frame, rng: Random, weight: float) -> Asked:
    values = None
    while values is None:
        values = drawn(frame, rng)
    return Asked(frame, rng.choice(frame.senses), values, weight)


def _said(asked: Asked, rng: Random) -> str:
    text = fill(skeleton(rng, asked.sense, asked.frame.split), reformed(asked.values, rng))
    if rng.random() < _DISTURBED:
        text, _ = disturbed(rng, text, protected(asked.values), train=False)
    return text


def _without_clashes(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """A prompt that was said for two classes is dropped: its class would be a matter of luck."""
    classes: dict[str, set[object]] = {}
    for line in lines:
        classes.setdefault(normal(str(line["prompt"])), set()).add(line["class"])
    return [line for line in lines if len(classes[normal(str(line["prompt"]))]) == 1]
