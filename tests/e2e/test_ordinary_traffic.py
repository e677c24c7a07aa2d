"""Ordinary questions: paraphrases are answered from memory, other questions never are."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.e2e.running import Running, config_for, running
from tests.redis_server import RedisServer
from tests.upstream import Upstream

COUNTRIES = """Afghanistan Albania Algeria Andorra Angola Argentina Armenia Australia Austria Azerbaijan Bahrain
Bangladesh Barbados Belarus Belgium Belize Benin Bhutan Bolivia Botswana Brazil Brunei Bulgaria
Burundi Cambodia Cameroon Canada Chad Chile China Colombia Comoros Croatia Cuba Cyprus Denmark
Djibouti Dominica Ecuador Egypt Eritrea Estonia Ethiopia Fiji Finland France Gabon Georgia Germany
Ghana Greece Grenada Guatemala Guinea Guyana Haiti Honduras Hungary Iceland India Indonesia Iran
Iraq Ireland Israel Italy Jamaica Japan Jordan Kazakhstan Kenya Kiribati Kuwait Kyrgyzstan Laos
Latvia Lebanon Lesotho Liberia Libya Liechtenstein Lithuania Luxembourg Madagascar Malawi Malaysia
Maldives Mali Malta Mauritania Mauritius Mexico Moldova Monaco Mongolia Montenegro Morocco
Mozambique Namibia Nepal""".split()  # noqa: SIM905

UNRELATED = [
    f"{ask} {about}?"
    for ask, abouts in {
        "How do I": "bake bread,change a tyre,write a will,plant tomatoes,clean a carpet,tie a bow tie,train a puppy,"
        "fix a leaking tap,sort a list in Python,apply for a passport",
        "What is": "photosynthesis,a mortgage,the speed of light,a haiku,inflation,a black hole,the Turing test,"
        "a prime number,umami,plate tectonics",
        "Why do": "cats purr,leaves fall,volcanoes erupt,we dream,metals rust,stars twinkle,onions make us cry,"
        "birds migrate,magnets attract iron,people yawn",
        "Who": "painted the Mona Lisa,invented dynamite,wrote Macbeth,discovered penicillin,founded Rome,"
        "composed the Four Seasons,built the Eiffel Tower,won the first Nobel Prize in physics,"
        "led the first crossing of Antarctica,designed the Sydney Opera House",
        "How many": "bones are in the human body,planets orbit the sun,strings does a violin have,"
        "players are in a volleyball team,letters are in the Greek alphabet,chambers does a heart have,"
        "states are in the USA,keys does a piano have,sides does a hexagon have,teeth do adults have",
    }.items()
    for about in abouts.split(",")
]

PARAPHRASES = [
    ("How do I {}?", "How can I {}?"),
    ("How do I {}?", "What are the steps to {}?"),
    ("How can I {}?", "What is the best way to {}?"),
    ("How do I {}?", "Please tell me how to {}."),
    ("How can I {}?", "Could you explain how to {}?"),
]
TASKS = [
    "reset my password",
    "cancel my subscription",
    "change my email address",
    "boil an egg",
    "install Python on Windows",
    "remove a wine stain",
    "renew a passport",
    "write a cover letter",
    "learn French quickly",
    "get a refund",
]


async def hits(proxy: Running, prompts: list[str]) -> list[str]:
    """How each prompt was answered: exact, semantic, or a miss's reason."""
    return [(await proxy.ask(prompt)).detail for prompt in prompts]


async def test_a_hundred_capitals_are_never_confused_and_mostly_answered_when_reworded(upstream: Upstream) -> None:
    assert 100 == len(COUNTRIES)
    async with running(config_for(upstream), upstream) as proxy:
        first = [await proxy.ask(f"What is the capital city of {country}?") for country in COUNTRIES]
        again = [await proxy.ask(f"What is the capital city of {country}?") for country in COUNTRIES]
        reworded = [await proxy.ask(f"Which city is the capital of {country}?") for country in COUNTRIES]

        assert not [country for country, asked in zip(COUNTRIES, first, strict=True) if asked.is_hit]
        assert [asked.text for asked in first] == [asked.text for asked in again]
        assert {"exact"} == {asked.detail for asked in again}
        served = [(before.text, asked.text) for before, asked in zip(first, reworded, strict=True) if asked.is_hit]
        assert not [pair for pair in served if pair[0] != pair[1]]
        assert len(served) >= 75


async def test_unrelated_prompts_are_never_answered_by_meaning(upstream: Upstream) -> None:
    assert 50 == len(UNRELATED)
    async with running(config_for(upstream), upstream) as proxy:
        assert not [detail for detail in await hits(proxy, UNRELATED) if detail in ("exact", "semantic")]


async def test_ordinary_paraphrases_are_answered_from_memory(upstream: Upstream) -> None:
    pairs = [(a.format(task), b.format(task)) for a, b in PARAPHRASES for task in TASKS]
    assert 50 == len(pairs)
    served = 0
    async with running(config_for(upstream), upstream) as proxy:
        for number, (remembered, asked) in enumerate(pairs):
            system = f"You are assistant number {number}."  # a scope of its own, so that pairs do not answer each other
            first = await proxy.ask(remembered, system=system)
            second = await proxy.ask(asked, system=system)
            served += second.detail == "semantic"
            assert not second.is_hit or first.text == second.text

    assert served >= 35


async def test_redis_that_stops_in_the_middle_costs_hits_and_no_request(upstream: Upstream, tmp_path: Path) -> None:
    async with RedisServer(tmp_path, appends=True) as server:
        async with running(config_for(upstream, store=server.url), upstream) as proxy:
            await proxy.ask("What is a mortgage?")
            await server.kill()
            proxy.app.recall.clear()
            during = await hits(proxy, [f"What is a number like {number}?" for number in range(20)])
            await server.start()
            after = ""
            for _ in range(100):
                proxy.app.recall.clear()
                after = (await proxy.ask("What is a mortgage?")).detail
                if after == "exact":
                    break
                await asyncio.sleep(0.1)

        assert 20 == len(during)
        assert "exact" == after


async def test_what_is_typed_without_being_meant_costs_nobody_a_hit(upstream: Upstream) -> None:
    async with running(config_for(upstream), upstream) as proxy:
        for task in TASKS:
            await proxy.ask(f"How can I {task}?")
        said = [
            (typed, (await proxy.ask(typed)).detail)
            for task in TASKS
            for typed in (f"How can I {task}? ", f"\nHow can I {task}?\n", f"how can I {task}?", f"how can i {task}?")
        ]

        assert [] == [(typed, detail) for typed, detail in said if detail != "semantic"]
