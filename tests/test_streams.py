"""A cache played over a request stream: what counts as wrong, by label and by readers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifier_export.streams import hit_rate_at, play, stream_of
from classifier_export.verdicts import pair_digest, read_verdicts, wrongness

PROMPTS = ["weather in Oslo", "weather in Rome", "Oslo weather", "lost card", "card lost", "lost card"]
CLASSES = [0, 0, 0, 1, 2, 1]
VECTORS = np.array([[1, 0], [0.9, 0.436], [0.99, 0.141], [0, 1], [0.141, 0.99], [0, 1]], dtype=np.float32)


def test_a_hit_is_wrong_by_label_when_the_classes_differ() -> None:
    stream = stream_of(PROMPTS, CLASSES, VECTORS)
    played = play(stream, stream.spread(cosines_of(stream)), 0.85)
    assert (played.requests, played.hits, played.semantic, played.errors) == (6, 4, 3, 1.0)
    assert played.false_hit_rate == pytest.approx(1 / 3)


def test_identical_requests_hit_where_nothing_may_be_compared() -> None:
    stream = stream_of(PROMPTS, CLASSES, VECTORS)
    vetoed = np.full_like(cosines_of(stream), -np.inf)
    assert hit_rate_at(stream, stream.spread(vetoed), [0.01]) == [pytest.approx(1 / 6)]


def test_readers_overrule_the_labels_and_speak_for_pairs_like_those_they_read() -> None:
    stream = stream_of(PROMPTS, CLASSES, VECTORS)
    verdicts = {pair_digest("weather in Rome", "weather in Oslo"): 1.0, pair_digest("lost card", "card lost"): 0.0}
    wrong = wrongness(stream, verdicts)
    assert wrong[1, 0] == 1.0  # one intent, two cities
    assert wrong[4, 0] == 0.0  # two classes, one meaning
    unread_of_one_class = wrong[2, stream.earlier[2] == 0]
    assert unread_of_one_class == [1.0], "the mean of the judged pairs whose classes agree"
    assert play(stream, stream.spread(cosines_of(stream)), 0.85, wrong).errors == 2.0


def test_a_stream_that_nobody_read_keeps_its_labels() -> None:
    stream = stream_of(PROMPTS, CLASSES, VECTORS)
    assert np.array_equal(wrongness(stream, {}), stream.wrong)


def test_order_and_writing_of_a_pair_do_not_matter_for_its_digest() -> None:
    assert pair_digest("Lost card?", "card lost") == pair_digest("Card  lost!", "lost card")


def test_a_line_that_is_no_verdict_names_its_place(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.tsv"
    path.write_text("0123456789abcdef\t1\n0123456789abcdef\tyes\n")
    with pytest.raises(ValueError, match=r"verdicts\.tsv:2: "):
        read_verdicts(path)


def test_the_shipped_verdicts_can_be_read() -> None:
    verdicts = read_verdicts()
    assert len(verdicts) > 2_000
    assert set(verdicts.values()) == {0.0, 0.5, 1.0}


def cosines_of(stream: object) -> np.ndarray:
    cosines, earlier = stream.cosines, stream.earlier  # type: ignore[attr-defined]
    return np.asarray(cosines[earlier >= 0])
