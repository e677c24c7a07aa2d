"""Makes labelled pairs from frames: a focus (slot, sense or exchange) is kept for label 1 and changed for label 0.

Both labels are made at high, medium and low overlap: rewording and meaning are drawn independently, so that neither
the overlap nor the template tells the label.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from classifier_export.generate.frames_file import Exchange, Frame, Sense, Slot
from classifier_export.generate.harmless import disturbed
from classifier_export.generate.realise import Assignment, fill, skeleton
from classifier_export.generate.values import Value, digest_of

# (kind, weight): label 0 keeps or changes the wording, always changes the meaning; label 1 never does.
_KINDS = {
    0: (("same", 30), ("same+surface", 15), ("reworded", 40), ("reworded+surface", 15)),
    1: (("form", 18), ("surface", 14), ("reworded", 46), ("reworded+surface", 22)),
}


@dataclass(frozen=True)
class Pair:
    a: str
    b: str
    label: int
    domain: str
    source: str
    split: str

    def record(self) -> dict[str, object]:
        """The line of the pair file; `id` is a digest of the texts and the label."""
        return {
            "a": self.a,
            "b": self.b,
            "label": self.label,
            "domain": self.domain,
            "source": self.source,
            "split": self.split,
            "id": f"{digest_of(f'{self.a}|{self.b}|{self.label}'):016x}",
        }


@dataclass(frozen=True)
class Focus:
    """What one pair is about: the family and the part of the frame that carries it."""

    frame: Frame
    family: str
    part: Slot | Exchange | None  # None: the senses of the frame


def foci(frames: list[Frame]) -> dict[str, list[Focus]]:
    """Families by name, each with all its places in the frames."""
    table: dict[str, list[Focus]] = {}
    for frame in frames:
        for slot in frame.slots.values():
            table.setdefault(slot.family, []).append(Focus(frame, slot.family, slot))
        for exchange in frame.exchanges:
            table.setdefault(exchange.family, []).append(Focus(frame, exchange.family, exchange))
        if len(frame.senses) > 1:
            table.setdefault(frame.family, []).append(Focus(frame, frame.family, None))
    return dict(sorted(table.items()))


def pairs_of(family: str, places: list[Focus], rng: Random, *, per_label: int) -> Iterator[Pair]:
    """Up to `per_label` distinct pairs of each label; fewer where the frames hold no more."""
    for label in (0, 1):
        seen: set[tuple[str, str]] = set()
        able = [place for place in places if _can(place, label)]
        order = rng.sample(able, len(able))
        for attempt in range(per_label * 6):
            if len(seen) >= per_label or not order:
                break
            pair = _pair(order[attempt % len(order)], label, rng)
            key = (min(pair.a, pair.b), max(pair.a, pair.b)) if pair else None
            if pair and key and key not in seen:
                seen.add(key)
                yield pair


def _can(place: Focus, label: int) -> bool:
    return label == 1 or not isinstance(place.part, Exchange) or place.part.changes


def _pair(place: Focus, label: int, rng: Random) -> Pair | None:
    frame = place.frame
    kind = rng.choices([name for name, _ in _KINDS[label]], [weight for _, weight in _KINDS[label]])[0]
    sense = rng.choice(frame.senses)
    values = drawn(frame, rng)
    if values is None:
        return None
    text = skeleton(rng, sense, frame.split)
    other_sense, other_values = (sense, values) if label else changed(place, sense, values, rng)
    if label and isinstance(place.part, Exchange) and not place.part.changes and rng.random() < 0.7:
        other_values = _exchanged(values, place.part)
    if kind.startswith("reworded") or other_sense is not sense:
        other_text = _other_skeleton(text, other_sense, frame, rng, near=not kind.startswith("reworded"))
    else:
        other_text = text
    if not kind.startswith("same"):
        values, other_values = reformed(values, rng), reformed(other_values, rng)
    a, b = fill(text, values), fill(other_text, other_values)
    if "surface" in kind:
        keep = protected(values) | protected(other_values)
        b, _ = disturbed(rng, b, keep, train=frame.split == "train", edits=rng.choice((1, 1, 2)))
    return _finished(a, b, label, f"own:{place.family}/{_rule(place)}+{kind}", frame, rng)


def _finished(a: str, b: str, label: int, source: str, frame: Frame, rng: Random) -> Pair | None:
    if normal(a) == normal(b) and (label == 0 or a == b):
        return None
    if rng.random() < 0.5:
        a, b = b, a
    return Pair(a, b, label, frame.domain, source, frame.split)


def normal(text: str) -> str:
    """For equality only: case, spaces and final punctuation folded."""
    return " ".join(text.lower().split()).rstrip(".?! ")


def _rule(place: Focus) -> str:
    match place.part:
        case Slot(name=name):
            return f"{place.frame.name}.{name}"
        case Exchange(first=first, second=second):
            return f"{place.frame.name}.{first}-{second}"
        case None:
            return f"{place.frame.name}.sense"


def drawn(frame: Frame, rng: Random) -> Assignment | None:
    """Values for every slot; two slots of one family never hold one value ('from France to France')."""
    for _ in range(20):
        values = {name: (slot.source.draw(rng, frame.split), 0) for name, slot in frame.slots.items()}
        keys = [(frame.slots[name].family, value.key) for name, (value, _) in values.items()]
        if len(set(keys)) == len(keys):
            return values
    return None


def changed(place: Focus, sense: Sense, values: Assignment, rng: Random) -> tuple[Sense, Assignment]:
    """Another meaning that differs in the focus only."""
    frame = place.frame
    match place.part:
        case Slot(name=name, source=source):
            taken = {value.key for value, _ in values.values()}
            other = source.near(rng, values[name][0], frame.split)
            for _ in range(10):
                if other.key not in taken:
                    break
                other = source.near(rng, values[name][0], frame.split)
            return sense, values | {name: (other, 0)}
        case Exchange() as exchange:
            return sense, _exchanged(values, exchange)
        case None:
            return rng.choice([other for other in frame.senses if other is not sense]), values


def _exchanged(values: Assignment, exchange: Exchange) -> Assignment:
    return values | {exchange.first: values[exchange.second], exchange.second: values[exchange.first]}


def _other_skeleton(text: str, sense: Sense, frame: Frame, rng: Random, *, near: bool) -> str:
    """Another rewording; `near` asks for the one that shares most words."""
    options = [other for other in (skeleton(rng, sense, frame.split) for _ in range(8)) if other != text]
    if not options:
        return text
    return max(options, key=lambda other: _overlap(text, other)) if near else options[0]


def _overlap(one: str, other: str) -> float:
    a, b = set(one.lower().split()), set(other.lower().split())
    return len(a & b) / max(len(a | b), 1)


def reformed(values: Assignment, rng: Random) -> Assignment:
    """The same values in spellings drawn anew."""
    return {name: (value, rng.randrange(len(value.forms))) for name, (value, _) in values.items()}


def protected(values: Assignment) -> frozenset[str]:
    """Words that no harmless edit may touch."""
    return frozenset(word for value, _ in values.values() for form in value.forms for word in _parts(value, form))


def _parts(value: Value, form: str) -> list[str]:
    return [*form.lower().split(), *form.split()]
