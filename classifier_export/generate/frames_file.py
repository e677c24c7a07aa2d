"""Reads frame files: one frame is one meaning with slots, its rewordings are label 1 and its slots' values label 0.

    ## support.subscription !aspect        a frame; the family after ! names the contrast between its senses
    op !antonym_verb = cancel, end | pause, put on hold     values by |, true spellings of one value by a comma
    app !product = @software                                values of a named source
    swap a b !direction                                     exchanging the values changes the meaning
    same a b !comparison                                    exchanging them does not
    -- duration                                             a sense: all lines below mean the same
    h: {op} my {app} plan                                   a verb phrase, wrapped: How do I …?, Steps to …
    [How|In what way] can I {op} my {app} plan?             a whole sentence; [x|y] are free choices

Line kinds: `h:` how to + verb phrase, `i:` instruction, `c:` may I/can I, `n:` noun phrase to be told, `N:` plural one,
`w:` indirect question clause. `{slot.ing}` inflects; a/an is mended after filling.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from classifier_export.generate.families import family_named
from classifier_export.generate.values import SPLITS, Pool, Source, Value
from classifier_export.generate.vocabulary import amounts, named

FRAMES = Path(__file__).with_name("frames")
_SLOT = re.compile(r"(\w+) !(\w+) = (.+)")
_LINE = re.compile(r"([hicnNw]): (.+)")
_NAME = re.compile(r"\{(\w+)")


@dataclass(frozen=True)
class Slot:
    name: str
    family: str
    source: Source


@dataclass(frozen=True)
class Template:
    kind: str  # 's' for a whole sentence, else a line kind
    text: str


@dataclass(frozen=True)
class Exchange:
    """Two slots whose values may trade places; `changes` says whether that is another meaning."""

    first: str
    second: str
    family: str
    changes: bool


@dataclass
class Sense:
    name: str
    templates: list[Template] = field(default_factory=list)


@dataclass
class Frame:
    name: str
    split: str
    family: str
    slots: dict[str, Slot] = field(default_factory=dict)
    senses: list[Sense] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def domain(self) -> str:
        return self.name.partition(".")[0]


def load_frames(split: str) -> list[Frame]:
    """Every frame of one split, checked; ValueError names the file and line of a fault."""
    frames: list[Frame] = []
    for path in sorted((FRAMES / split).glob("*.frames")):
        frames += _parsed(path, split)
    names = [frame.name for frame in frames]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise ValueError(f"frames named twice in {split}: {sorted(doubled)}")
    for frame in frames:
        _check(frame)
    return frames


def all_frames() -> dict[str, list[Frame]]:
    return {split: load_frames(split) for split in SPLITS}


def _parsed(path: Path, split: str) -> list[Frame]:
    frames: list[Frame] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("# "):
            continue
        try:
            _read_line(line, frames, split)
        except (KeyError, ValueError, IndexError) as exc:
            raise ValueError(f"{path.name}:{number}: {line!r}: {exc}") from exc
    return frames


def _read_line(line: str, frames: list[Frame], split: str) -> None:
    if line.startswith("## "):
        name, _, family = line[3:].partition(" !")
        frames.append(Frame(name.strip(), split, family_named(family.strip() or "intent")))
        return
    frame = frames[-1]
    if line.startswith("-- "):
        frame.senses.append(Sense(line[3:].strip()))
    elif match := _SLOT.fullmatch(line):
        name, family, values = match.groups()
        frame.slots[name] = Slot(name, family_named(family), _source(values))
    elif match := re.fullmatch(r"(swap|same) (\w+) (\w+) !(\w+)", line):
        verb, first, second, family = match.groups()
        frame.exchanges.append(Exchange(first, second, family_named(family), changes=verb == "swap"))
    else:
        if not frame.senses:
            frame.senses.append(Sense(""))
        kind = _LINE.fullmatch(line)
        frame.senses[-1].templates.append(Template(kind[1], kind[2]) if kind else Template("s", line))


def _source(text: str) -> Source:
    if text.startswith("@"):
        name = text[1:].strip()
        return amounts.sources()[name] if name in amounts.sources() else named.sources()[name]
    values = []
    for cell in text.split("|"):
        forms = tuple("" if form.strip() == "-" else form.strip() for form in cell.split(","))
        values.append(Value(forms[0], forms))
    if len({value.key for value in values}) < len(values):
        raise ValueError("a value is written twice")
    return Pool(tuple(values), shared=True)


def _check(frame: Frame) -> None:
    for sense in frame.senses:
        if len(sense.templates) < 2:
            raise ValueError(f"{frame.name}: sense {sense.name!r} needs two rewordings")
        for template in sense.templates:
            used = set(_NAME.findall(template.text))
            if used != set(frame.slots):
                raise ValueError(f"{frame.name}: slots {sorted(used ^ set(frame.slots))} differ in {template.text!r}")
