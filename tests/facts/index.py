"""What every index does. A backend's test class brings the fixture `index`, and `settled` where it moves scopes."""

from __future__ import annotations

import asyncio
import os

import numpy as np
import pytest

from proxy.backends.index_scoped import ScopedIndex
from proxy.core.entry import EntryRef
from proxy.errors import BackendError
from tests.facts.entries import digest, vector

SCOPE = digest("scope")


def refs(count: int, scope: bytes = SCOPE) -> list[EntryRef]:
    return [EntryRef(os.urandom(16), scope) for _ in range(count)]


async def filled(index: ScopedIndex, count: int, scope: bytes = SCOPE, first_seed: int = 0) -> list[EntryRef]:
    """`count` entries whose vectors are those of the seeds from `first_seed` on."""
    added = refs(count, scope)
    for seed, ref in enumerate(added, first_seed):
        await index.add(ref, vector(seed))
    await index.settled()
    return added


class IndexFacts:
    async def test_the_nearest_come_first_with_their_cosine(self, index: ScopedIndex) -> None:
        added = await filled(index, 60)
        query = vector(7) + 0.5 * vector(8)
        query /= np.linalg.norm(query)

        found = await index.search(SCOPE, query, 3)

        assert [n.id for n in found[:2]] == [added[7].id, added[8].id]
        assert found[0].similarity == pytest.approx(float(query @ vector(7)), abs=2e-3)
        assert [n.similarity for n in found] == sorted((n.similarity for n in found), reverse=True)

    async def test_neighbours_are_those_of_an_exact_search(self, index: ScopedIndex) -> None:
        added = await filled(index, 300)
        matrix = np.stack([vector(seed) for seed in range(300)])
        wrong = 0

        for seed in range(1000, 1050):
            found = await index.search(SCOPE, vector(seed), 4)
            best = np.argsort(-(matrix @ vector(seed)))[:4]
            wrong += len({n.id for n in found} - {added[row].id for row in best})

        assert wrong <= 4  # of 200

    async def test_scopes_do_not_see_each_other(self, index: ScopedIndex) -> None:
        (mine,) = await filled(index, 1, digest("mine"))
        (theirs,) = await filled(index, 1, digest("theirs"))

        assert [n.id for n in await index.search(digest("mine"), vector(0), 5)] == [mine.id]
        assert [n.id for n in await index.search(digest("theirs"), vector(0), 5)] == [theirs.id]

    async def test_an_unknown_scope_has_no_neighbours(self, index: ScopedIndex) -> None:
        assert await index.search(digest("nowhere"), vector(0), 4) == []

    async def test_more_neighbours_than_there_are_is_no_error(self, index: ScopedIndex) -> None:
        added = await filled(index, 5)

        found = await index.search(SCOPE, vector(0), 50)

        assert {n.id for n in found} == {ref.id for ref in added}
        assert await index.search(SCOPE, vector(0), 0) == []

    async def test_what_was_removed_is_not_found(self, index: ScopedIndex) -> None:
        added = await filled(index, 40)
        await index.remove([*added[:30], *refs(2), *refs(2, digest("elsewhere"))])
        await index.settled()

        found = await index.search(SCOPE, vector(0), 40)

        assert {n.id for n in found} == {ref.id for ref in added[30:]}
        assert len(index) == 10

    async def test_the_last_entry_of_a_scope_can_leave_and_come_back(self, index: ScopedIndex) -> None:
        added = await filled(index, 3)
        await index.remove(added)
        assert len(index) == 0
        assert await index.search(SCOPE, vector(0), 4) == []

        await index.add(added[0], vector(0))
        assert [n.id for n in await index.search(SCOPE, vector(0), 4)] == [added[0].id]

    async def test_an_id_that_comes_again_is_replaced(self, index: ScopedIndex) -> None:
        added = await filled(index, 10)
        await index.add(added[0], vector(99))
        await index.settled()

        assert len(index) == 10
        assert (await index.search(SCOPE, vector(99), 1))[0].id == added[0].id
        assert (await index.search(SCOPE, vector(0), 1))[0].similarity < 0.9

    @pytest.mark.parametrize("poison", [np.nan, np.inf])
    async def test_a_vector_that_is_not_finite_is_refused(self, index: ScopedIndex, poison: float) -> None:
        await filled(index, 3)
        bad = vector(1).copy()
        bad[5] = poison

        with pytest.raises(BackendError):
            await index.add(refs(1)[0], bad)
        with pytest.raises(BackendError):
            await index.search(SCOPE, bad, 2)
        assert len(index) == 3

    async def test_a_vector_of_another_length_is_refused(self, index: ScopedIndex) -> None:
        with pytest.raises(BackendError):
            await index.add(refs(1)[0], vector(0, dim=128))

    async def test_searching_while_adding_and_removing_never_fails(self, index: ScopedIndex) -> None:
        added = await filled(index, 100)

        async def come_and_go(first_seed: int) -> None:
            for seed in range(first_seed, first_seed + 60):
                (ref,) = refs(1)
                await index.add(ref, vector(seed))
                await index.remove([ref])
                await asyncio.sleep(0)

        async def look() -> int:
            seen = 0
            for seed in range(100):
                found = await index.search(SCOPE, vector(seed), 8)
                seen += found[0].id == added[seed].id
                await asyncio.sleep(0)
            return seen

        *_, first, second = await asyncio.gather(come_and_go(200), come_and_go(300), look(), look())

        assert first >= 99
        assert second >= 99
        await index.settled()
        assert len(index) == 100
