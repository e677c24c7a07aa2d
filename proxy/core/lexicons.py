"""What words alone say about one prompt or one answer; predicates over the patterns of `core.words`.

High precision is the aim here: what words cannot tell is left to the learned heads in `admission`. Predicates over
prompts take a folded text (`fold`), predicates over answers the text as it is.
"""

from __future__ import annotations

import re

from proxy.core.strides import occurs
from proxy.core.words.abroad import ACT_ABROAD, TIME_ABROAD, TIMELESS_ABROAD
from proxy.core.words.acts import COMMAND, HOW_TO, MATTER_OF_WORDS, SIDE_EFFECT
from proxy.core.words.answers import APOLOGY, ASKS_BACK, DATED_ANSWER, GREETING_NAME
from proxy.core.words.context import CONTEXT, NOVELTY
from proxy.core.words.courtesy import FIRST_WORDS
from proxy.core.words.fold import fold
from proxy.core.words.person import HOW_RECORDS_WORK, PERSONAL
from proxy.core.words.time import TIME, TIMELESS


def is_time_bound(folded: str) -> bool:
    """Whether the true answer changes within days: "current rate", "as of today", "latest", "weather in Oslo"."""
    asked = " ".join(part for part in _SENTENCE_END.split(folded) if not _STORY.match(part))
    return TIME.search(TIMELESS.sub(" ", asked)) is not None


_STORY = re.compile(
    r"(?:(?:hi|hello|hey|help|ok|so|and|but|also|well|please)[,!. ]+)*(?:i|i've|i'm|we|we've|my|our|it|"
    r"there|the|someone|an?|one of my|when|after|if|because|since|someone|this|yesterday|"
    r"last (?:week|night|month)|earlier today|today)\b(?!.*\?$)(?!.{0,12}\b(?:need|want|would like|"
    r"'d like|wonder|curious|looking|love|hope|wish|have to|must)\b)"
    r"(?!'d like)(?=\S*(?: \S+){4})"
)
"""A sentence that tells what happened ("I made a transfer yesterday but…") asks for nothing that is dated."""


def is_side_effect(folded: str) -> bool:
    """Whether the text commands an act in the world: "transfer $5,000 to Bob", "send an email to my boss".

    Questions how to do it, drafting ("write an email") and bare verbs of judgement ("approve the refund", "deny the
    request") are no side effects: their answers are words, and the pair scorer tells them apart.
    """
    return any(SIDE_EFFECT.search(part) and not MATTER_OF_WORDS.search(part) for part in _commands(folded))


def is_time_bound_abroad(folded: str) -> bool:
    """The same of a text that is not English: `Wie wird das Wetter morgen?`"""
    return TIME_ABROAD.search(TIMELESS_ABROAD.sub(" ", folded)) is not None


def is_side_effect_abroad(folded: str) -> bool:
    """The same of a text that is not English: `Envoie un message à Paul.`"""
    return ACT_ABROAD.search(folded) is not None


def may_command(folded: str) -> bool:
    """Whether a sentence of the text starts like a command to act, in the widest reading ("set x to 5" too)."""
    return any(COMMAND.search(part) and not MATTER_OF_WORDS.search(part) for part in _commands(folded))


def _commands(folded: str) -> list[str]:
    """The sentences that do not open like a question, a story or a wish for words."""
    return [part for part in _SENTENCE_END.split(folded) if part and not HOW_TO.match(part)]


_SENTENCE_END = re.compile(r"(?<=[.!?;]) ")


def is_context_bound(folded: str) -> bool:
    """Whether the text needs what was said before: "continue", "how old is he", "the second one"."""
    return CONTEXT.search(folded) is not None


def asks_for_novelty(folded: str) -> bool:
    """Whether the same answer twice would be wrong by wish: "another one", "roll a dice", "tell me a joke"."""
    return NOVELTY.search(folded) is not None


def is_personal(folded: str) -> bool:
    """Whether the answer is a record of the one who asks: "what is my balance", "where is my order"."""
    return PERSONAL.search(HOW_RECORDS_WORK.sub(" ", folded)) is not None


def are_first_words(folded: str) -> bool:
    """Whether the whole text only tries who is there: "Hello!", "ping", "say hi"."""
    return FIRST_WORDS.fullmatch(folded) is not None


def is_time_bound_answer(text: str) -> bool:
    """Whether an answer dates itself ("as of", "currently", "today"): exact tier at most (R19)."""
    return occurs(DATED_ANSWER, " ".join(text.lower().replace("\u2019", "'").split()))


def is_apology_or_refusal(text: str) -> bool:
    """Whether an answer is an apology or a refusal in plain words, read at its start: exact tier at most (R19)."""
    return APOLOGY.search(fold(text[:400])) is not None


def greets_by_name(text: str) -> bool:
    """Whether an answer greets a person by name ("Hello Maria,"): exact tier at most (R19)."""
    return GREETING_NAME.match(text[:80]) is not None


def asks_back(text: str) -> bool:
    """Whether an answer asks the user something instead of answering, read at its end."""
    return ASKS_BACK.search(fold(text[-400:])) is not None
