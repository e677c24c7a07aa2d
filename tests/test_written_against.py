"""The whole decision on what eleven hands wrote against it: shipped models, guards and threshold.

`golden/near_words.tsv.xz`: hand, label, what about, stored, asked. No hand knew a guard or a rule; guards were chosen
with the first two in sight, by nothing of the third. The first one's `probe` pairs were written with verdicts in sight:
they describe its weaknesses and are no share of anything. The fourth hand wrote what support, FAQ and developers' bots
are asked; three narrow mends of guards were chosen with it in sight. The fifth wrote thirty-eight kinds of difference
through all those domains; what stands in another's place in long prompts was mended with it in sight.
The sixth wrote thirty-six kinds of difference, and paraphrases of nearly the same words; how the very same question may
be typed was widened with it in sight. The seventh wrote as a stranger would to judge the product; what is said beside a
question, and another question about the same act, were mended with it in sight. The eighth and the ninth wrote
while scorers 1.7 and 1.8 were in training, and were scored when these were chosen; the tenth wrote on medicine,
banking, minimal edits and everyday questions, and its four paraphrases that a guard refused were mended with it in
sight. The eleventh wrote what a judge of such a product would try, short and in thirty-two kinds of difference, before
it knew a score; guards of measures and of tenses were chosen with it in sight. `rules_attacked` was written against
the rules of one question with them in sight (who greets, what signs, order, spelling, slips) and is no share of
anything either; of the scorer it says nothing.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy.backends.models import BUNDLED, Loaded, load_models
from proxy.core.embedding import Prompt
from proxy.core.guards import pair_veto, veto
from proxy.core.route import Domain
from proxy.core.verdict import SURE, assured

FILE = Path(__file__).parent / "golden" / "near_words.tsv.xz"


def written(label: int, hand: str = "") -> list[tuple[str, str]]:
    """(stored, asked)"""
    rows = [line.split("\t") for line in lzma.decompress(FILE.read_bytes()).decode().splitlines()]
    return [(stored, asked) for whose, wanted, _, stored, asked in rows if wanted == str(label) and hand in whose]


@pytest.fixture(scope="module")
def loaded() -> Iterator[Loaded]:
    opened = load_models(BUNDLED, BUNDLED, {"default": Domain("default")})
    yield opened
    opened.close()


async def served(loaded: Loaded, pairs: list[tuple[str, str]]) -> int:
    assert loaded.models is not None
    domain, threshold = Domain("default"), loaded.thresholds.current("default")
    count = 0
    for stored, asked in pairs:
        one, two = [Prompt(text, await loaded.models.embedder.embed(text)) for text in (stored, asked)]
        if float(one.embedding.vector @ two.embedding.vector) < domain.similarity_floor or pair_veto(two, one):
            continue
        count += float((await loaded.models.logits(two, [one]))[0]) >= threshold.logit
    return count


def test_guards_refuse_few_paraphrases_of_hands_that_know_no_guard() -> None:
    vetoed = [(stored, asked) for stored, asked in written(1) if veto(asked, stored)]

    assert len(written(1)) == 3572
    assert len(vetoed) <= 36, vetoed


@pytest.mark.parametrize(
    ("hand", "near_misses", "served_at_most"),
    [
        ("first_blind", 743, 5),
        ("second_blind", 200, 25),
        ("third_blind", 150, 11),
        ("fourth_blind", 300, 1),
        ("fifth_blind", 387, 2),
        ("sixth_blind", 437, 2),
        ("seventh_blind", 392, 1),
        ("eighth_blind", 400, 1),
        ("ninth_blind", 400, 6),
        ("tenth_blind", 200, 1),
        ("eleventh_blind", 516, 1),
        ("probe", 1097, 42),
    ],
)
async def test_few_near_misses_are_served(loaded: Loaded, hand: str, near_misses: int, served_at_most: int) -> None:
    pairs = written(0, hand)

    assert len(pairs) == near_misses
    assert await served(loaded, pairs) <= served_at_most


@pytest.mark.parametrize(
    ("hand", "served_at_least"),
    [
        ("first_blind", 215),
        ("second_blind", 76),
        ("third_blind", 34),
        ("fourth_blind", 400),
        ("fifth_blind", 300),
        ("sixth_blind", 358),
        ("seventh_blind", 263),
        ("eighth_blind", 233),
        ("ninth_blind", 241),
        ("tenth_blind", 117),
        ("eleventh_blind", 191),
        ("probe", 105),
    ],
)
async def test_most_paraphrases_are_served(loaded: Loaded, hand: str, served_at_least: int) -> None:
    assert await served(loaded, written(1, hand)) >= served_at_least


def test_few_pairs_that_were_written_against_the_rules_are_taken_for_one_question(loaded: Loaded) -> None:
    assert loaded.models is not None
    pairs = written(0, "rules_attacked")
    lexicon = loaded.models.lexicon
    taken = [(stored, asked) for stored, asked in pairs if assured([0.0], asked, [stored], lexicon)[0] == SURE]

    assert len(pairs) == 1020
    assert len(taken) <= 81, taken
