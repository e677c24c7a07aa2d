"""Who does it to whom: two texts of the same words in which two of them have changed places around a third.

`Can I sue my employer?` and `Can my employer sue me?` hold the same words, and so do `What eats snakes?` and
`What do snakes eat?`, `files that import core` and `files that core imports`. A mere change of order (`At checkout, can
I pay?`) moves a block past another; here two words are exchanged around the one between them, which no harmless order
does in a sentence. What else directions and roles may do depends on the sentence and is left to the scorer.
"""

from __future__ import annotations

import re

from proxy.core.words.common import ENGLISH, words_of

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_PLURAL = re.compile(r"(?:(?<=ch|sh|ss)es|(?<=[xz])es|(?<![su])s)$")
_LONGEST = 24
"""Words; longer texts are hardly ever one sentence turned round."""

_LONGEST_CLAUSE = 60
"""Words of a text of which a part is turned round."""

_SAME = {
    "does": "do",
    "did": "do",
    "me": "i",
    "him": "he",
    "us": "we",
    "them": "they",
    "whom": "who",
    "an": "a",
    "am": "is",
    "are": "is",
    "were": "was",
    "has": "have",
}
_WH = words_of("who what which")
STEM = 4
"""Letters by which one verb is known in its forms: beat, beats, beaten."""

_BEGINNING = 5
"""Letters by which any word is."""

MUTUAL = words_of("marr met meet rela divo equa rese rhym play figh foug date dati deba bord cros near plus")
"""Beginnings of verbs that say the same of both: marry, play, date."""

BOTH_WAYS = words_of(
    "distance far apart difference between versus vs relate relates related connect connects connected link links "
    "linked pair pairs talk talks speak speaks compare compares compared comparing comparison ratio similarity "
    "relationship hook sync glue solder tie attach join weld many question differ"
)
"""As far from here to there as back; `how many` asks for a number that both ways have."""

_EACH_OTHER = words_of("compare interact differ different similar")
"""As one is to the other, so is the other to it; not where more is said of one: `interact with it by weakening it`."""

_SAYS_MORE = words_of("by it its because")

_RELATIVES = words_of("that which who")
_SAYING = ENGLISH - words_of("and or nor but a the")
"""Small words that do not stand between the members of a list."""

_COPULA = words_of("is was")
_BELONGS = words_of("to in from for on with about of at")
"""What belongs to a verb and goes with it: `what leads to X`, `what does X lead to`."""
_ARTICLES = words_of("a the all every each any")
PERSONS = words_of("i you he she we they")
_WHOSE = {"my": "i", "your": "you", "his": "he", "her": "she", "our": "we", "their": "they"}
_AUXILIARIES = PERSONS | words_of("do is was have can could will would shall should may might must")
_NO_VERB_AFTER = words_of("""
a the my your his her our their its this that these those in on at of for from with by about into onto than as and or vs
versus is was
""")
"""What follows one of these is no verb."""

_NO_PIVOT = _AUXILIARIES | _NO_VERB_AFTER | _WH | _ARTICLES | words_of("to not then if when how why where there off")
_NO_ARGUMENT = (_NO_PIVOT - PERSONS) | words_of("it please also only")


def arranged(text: str) -> list[str]:
    """The words in their order, with one form for those that differ by role or number alone (`me`, `cats`)."""
    return [one_form(word) for word in _WORD.findall(text.lower())]


def one_form(word: str) -> str:
    """Of a word in small letters."""
    return singular(_SAME.get(word, word))


def beginning(word: str) -> str:
    """By which a word in small letters is known in its forms: tutor, tutoring."""
    return one_form(word)[:_BEGINNING]


def singular(word: str) -> str:
    """Without a plural s, by its letters alone; `bus` and `gas` keep theirs."""
    return _PLURAL.sub("", word) if len(word) > 3 and word[-1] == "s" else word


def exchanged(one: list[str], two: list[str]) -> bool:
    """Whether two words have changed roles between two texts, `arranged`, that are otherwise the same; symmetric."""
    longest = max(len(one), len(two))
    if not 3 <= longest <= _LONGEST_CLAUSE or abs(len(one) - len(two)) > 1 or one == two:
        return False
    if _relative(one, two) or _relative(two, one) or _traded(one, two):
        return True
    is_same_bag = len(one) == len(two) and sorted(one) == sorted(two)
    if is_same_bag and _turned(*_without_shared_ends(one, two)):
        return True
    return longest <= _LONGEST and (
        _subject_for_object(one, two) or _subject_for_object(two, one) or (is_same_bag and _turned(one, two))
    )


def _without_shared_ends(one: list[str], two: list[str]) -> tuple[list[str], list[str]]:
    """Both texts without the words that they begin and end with alike: what is told around a question."""
    shortest = min(len(one), len(two))
    begin = next((at for at in range(shortest) if one[at] != two[at]), shortest)
    end = next((at for at in range(shortest - begin) if one[-1 - at] != two[-1 - at]), shortest - begin)
    return one[begin : len(one) - end], two[begin : len(two) - end]


def _subject_for_object(asks_who: list[str], asks_whom: list[str]) -> bool:
    """`which company bought Instagram` against `which company did Instagram buy`, whatever follows both."""
    if len(asks_whom) != len(asks_who) + 1 or asks_who[0] not in _WH or "by" in asks_whom:
        return False
    if "do" not in asks_whom or "do" in asks_who:
        return False
    at = asks_whom.index("do")
    if at == 0 or asks_who[:at] != asks_whom[:at] or at + 1 >= len(asks_who) or asks_who[at][:STEM] in MUTUAL:
        return False
    verb, rest, other = asks_who[at], asks_who[at + 1 :], asks_whom[at + 1 :]
    for place in range(1, len(other)):
        if other[place][0] != verb[0]:
            continue  # not the same verb in another form, as in bought, buy
        if other[:place] + other[place + 1 :] == rest:
            return True
        if (
            rest[0] in _BELONGS
            and other[place + 1 : place + 2] == rest[:1]
            and other[:place] + other[place + 2 :] == rest[1:]
        ):
            return True
    return False


def _relative(one: list[str], two: list[str]) -> bool:
    """`files that import core` against `files that core imports`, or `files core imports`."""
    return any(
        _verb_moved(one[at + 1 :], two[at + (two[at : at + 1] == [word] or two[at : at + 1] == ["who"]) :])
        for at, word in enumerate(one)
        if at and word in _RELATIVES and one[:at] == two[:at]
    )


def _verb_moved(verb_first: list[str], verb_last: list[str]) -> bool:
    if len(verb_first) < 2 or verb_first[0] in ENGLISH or verb_first[0][:STEM] in MUTUAL:
        return False
    for place in range(1, len(verb_last)):
        if verb_last[place][:3] != verb_first[0][:3]:
            continue
        size = 1 + (verb_first[1] in _BELONGS and verb_last[place + 1 : place + 2] == verb_first[1:2])
        subject = verb_last[:place]
        is_thing = not ENGLISH.issuperset(subject) and _AUXILIARIES.isdisjoint(subject)
        is_thing |= len(subject) == 1 and subject[0] in PERSONS
        if is_thing and verb_first[size:] == subject + verb_last[place + size :]:
            return True
    return False


def _traded(one: list[str], two: list[str]) -> bool:
    """Two words, or two pairs of words, have changed places and all others stand where they stood: `the soup is cold
    and the wine is warm`. Not what could change places in a list, nor around a verb that says the same of both."""
    if len(one) != len(two):
        return False
    places = [at for at, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    if len(places) == 4 and places[1] == places[0] + 1 and places[3] == places[2] + 1:
        first, second, size = places[0], places[2], 2
    elif len(places) == 2:
        first, second, size = places[0], places[1], 1
    else:
        return False
    ends = [one[first : first + size], one[second : second + size]]
    if size == 1 and _persons_traded(one[first : second + 1], two[first : second + 1]):
        return True
    if ends != [two[second : second + size], two[first : first + size]]:
        return False
    if any(word in ENGLISH or not word.isalpha() for end in ends for word in end):
        return False
    between = one[first + size : second]
    is_list = _SAYING.isdisjoint(between)
    says_more = any(one.count(word) == 1 for word in between if word not in ENGLISH)
    is_mutual = any(word[:STEM] in MUTUAL or word in BOTH_WAYS for word in one) or _is_of_both(one, between)
    return says_more and not is_list and not is_mutual


def _is_of_both(words: list[str], between: list[str]) -> bool:
    return not _EACH_OTHER.isdisjoint(between) and _SAYS_MORE.isdisjoint(words)


def _persons_traded(one: list[str], two: list[str]) -> bool:
    """`does he have to give me notice` against `do I have to give him notice`: from one person to the other, with a
    verb between them that does not say the same of both."""
    ends, turned = ([_WHOSE.get(text[at], text[at]) for at in (0, -1)] for text in (one, two))
    if ends != turned[::-1] or ends[0] == ends[1] or not PERSONS.issuperset(ends):
        return False
    between = one[1:-1]
    is_mutual = any(word[:STEM] in MUTUAL or word in BOTH_WAYS for word in between)
    return not _NO_PIVOT.issuperset(between) and not is_mutual


def _turned(one: list[str], two: list[str]) -> bool:
    """Two texts of equal words: exchanged around a verb or another word that leads, or around a copula."""
    if len(one) > _LONGEST:
        return False
    if _COPULA & {one[0]} and one[0] == two[0]:
        left, right = ([word for word in text[1:] if word not in _ARTICLES] for text in (one, two))
        if "".join(left[:2]).isalpha() and left[:2] == right[1::-1] and left[2:] == right[2:]:
            return len(left) >= 2
    if _AUXILIARIES.isdisjoint(one) and one[:2] != ["how", "many"]:
        return False  # a row of keywords: any order will do
    return any(_around(one, two, pivot) for pivot in set(one) if one.count(pivot) == 1)


def _around(one: list[str], two: list[str], pivot: str) -> bool:
    at, to = one.index(pivot), two.index(pivot)
    counts = one[:2] == ["how", "many"] and pivot == "in"
    is_mutual = pivot[:STEM] in MUTUAL or _is_of_both(one, [pivot])
    if not counts and (pivot in _NO_PIVOT or is_mutual or _follows(one, at) or _follows(two, to)):
        return False
    before, after = _arguments(one[:at]), _arguments(one[at + 1 :])
    before_there, after_there = _arguments(two[:to]), _arguments(two[to + 1 :])
    moved_on, moved_up = (before & after_there) - before_there, (after & before_there) - after_there
    return bool(moved_on - after) and bool(moved_up - before)


def _arguments(words: list[str]) -> set[str]:
    return {word for word in words if word.isalpha() and word not in _NO_ARGUMENT}


def _follows(words: list[str], at: int) -> bool:
    """Whether the word stands where no verb stands."""
    return at > 0 and words[at - 1] in _NO_VERB_AFTER
