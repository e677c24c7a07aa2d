"""May this one prompt be compared by meaning, and may its answer be kept? Stage 0 of the decision, pure.

`cheap_refusal` runs on the event loop before the embedding (characters, length, language); `admit` after it, with the
odds of the learned heads; `is_payload_scope` once per scope; `never_stored` before an answer is stored. Every part
works without odds (`None`): then words decide alone. In doubt the answer is no (exact tier only). A prompt
is its text, or the `PromptWords` of it: whoever asks more than once hands over the same ones.

What counts as a side effect: a text that commands the assistant to act in the world ("transfer $5,000 to Bob", "send
an email to my boss", "cancel order 1234", "delete my account"). No side effects: a question how to do it, drafting
("write an email"), bare verbs of judgement ("approve the refund", "deny the request"): their answers are words, and
approve against deny is the pair scorer's work. Answers to side effects and to time-bound prompts are never stored,
not even for the exact tier (R18).
"""

from __future__ import annotations

import math
import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

from proxy.core.languages import MEASURED_LANGUAGES, Evidence
from proxy.core.lexicon import Lexicon
from proxy.core.lexicons import are_first_words
from proxy.core.odds import PromptOdds
from proxy.core.prompt_words import KINDS, KINDS_ABROAD, PromptWords
from proxy.core.reasons import DropReason, ExactOnlyReason
from proxy.core.route import UNSTORED_KINDS, Domain, TenancyKind
from proxy.core.scope_wording import payload_wording, surest_wording
from proxy.core.words.fold import edges, fold

HARD_TOKEN_CAP = 256
"""The embedder's window; no domain may compare longer prompts (R8)."""

MAX_CHARS_PER_TOKEN = 16
"""English runs at 4 to 5; beyond this a prompt cannot fit the window, so that no pattern ever reads a huge text."""

LIMITS = {"side_effect": -1.5, "time_bound": -1.0, "context_bound": -1.0, "novelty": -1.5, "personal": -1.0}
WORDS_SAY = 3.0
"""Log odds from which a head says no, and how much sooner where the words say the same. They decide alone only without
heads: of what other hands wrote they find six in ten, and take one look-alike in sixteen for the real thing."""

PAYLOAD_SURE = 2.0
PAYLOAD_MARGIN = -0.25
"""A scope works on payloads when its wording alone is sure, or wording + the head's log odds reach the margin: either
alone called twice as many scopes of questions payloads at equal recall. All limits: see the card of models/prompts."""

ENGLISH_WORDS = {Evidence.ENGLISH: 2.5, Evidence.UNSURE: 0.0, Evidence.FOREIGN: -6.0}
ENGLISH_HEAD = 0.5
ENGLISH_LEXICON = 3.0
ENGLISH_MARGIN = 0.5
FOREIGN_SYSTEM = -6.5
"""A prompt is English when words + spelling + half the head's log odds reach the margin. Spelling alone took a third of
the short English prompts for foreign, words with the head let a tenth of German pass; see the card for all three. Where
no common word speaks and the lexicon has each word ("quadratic formula"), that counts, too: 293 of 17,530 English
prompts are called foreign and no longer 520, of 5,280 foreign ones as few English as before.
A system text is foreign far below: terse English ("Gym buddy.") gets -6.4, other languages -8 and less."""


def cheap_refusal(prompt: str | PromptWords, domain: Domain) -> ExactOnlyReason | None:
    """What characters and function words alone refuse, or None; before the embedding, on the event loop."""
    words = _words_of(prompt)
    text = words.text
    if not text.strip():
        return ExactOnlyReason.EMPTY
    if len(text) > MAX_CHARS_PER_TOKEN * min(domain.max_prompt_tokens, HARD_TOKEN_CAP):
        return ExactOnlyReason.WINDOW
    if has_hidden_characters(text):
        return ExactOnlyReason.HIDDEN_CHARACTERS
    if not _speaks_measured(domain) or words.evidence is Evidence.FOREIGN:
        return ExactOnlyReason.LANGUAGE
    return None


def admit(
    prompt: str | PromptWords,
    *,
    odds: PromptOdds | None,
    token_ids: NDArray[np.uint16],
    unknown_id: int,
    lexicon: Lexicon | None,
    domain: Domain,
) -> ExactOnlyReason | None:
    """Why this prompt may not be compared by meaning in `domain`, cheap reasons first; None admits it.

    odds: of the prompt's own vector; None when no heads are loaded. token_ids: uint16[n] without [CLS] and [SEP].
    lexicon: of English; None when none is loaded.
    """
    words = _words_of(prompt)
    return (
        cheap_refusal(words, domain)
        or _refused_by_tokens(token_ids, unknown_id, domain)
        or next((ExactOnlyReason(kind) for kind in _judged(domain) if _is_kind(kind, odds, words)), None)
        or (None if _is_english(words, odds, token_ids, lexicon) else ExactOnlyReason.LANGUAGE)
    )


def is_payload_scope(system_text: str, *, odds: PromptOdds | None) -> bool:
    """Whether the scope hands over a payload to work on, not a question (R7): sure wording says it, or wording and
    head together.

    odds: of the system text's vector. No system text is a plain chat: the last turn is a question. One in a language
    that neither words nor head were measured on counts as working on payloads: what cannot be judged is not compared.
    Of a long one only both edges are read, however long it is.
    """
    if not system_text.strip():
        return False
    if odds is not None and not _english_margin(PromptWords(edges(system_text)), odds) >= FOREIGN_SYSTEM:
        return True
    folded = fold(system_text)
    is_sure = surest_wording(folded) >= PAYLOAD_SURE
    return is_sure or (odds is not None and _reaches_payload(folded, odds))


def _reaches_payload(folded: str, odds: PromptOdds) -> bool:
    """Odds that are NaN say yes: what cannot be judged is not compared."""
    return not payload_wording(folded) + _log_odds(odds.payload) < PAYLOAD_MARGIN


def never_stored(prompt: str | PromptWords, odds: PromptOdds | None, domain: Domain) -> DropReason | None:
    """Why no answer to this prompt may be stored in either tier (R18), or None; off the path."""
    words = _words_of(prompt)
    if are_first_words(words.folded):
        return None
    for kind in UNSTORED_KINDS:
        if kind in domain.bypass and _is_kind(kind, odds, words):
            return DropReason(f"prompt_{kind}")
    return None


def _words_of(prompt: str | PromptWords) -> PromptWords:
    return PromptWords(prompt) if isinstance(prompt, str) else prompt


def has_hidden_characters(text: str) -> bool:
    """Characters that a reader or the tokenizer does not see or tell apart: zero width, direction, variation and tag
    characters, controls, lone surrogates, loose accents, emoji and pictures (thumbs up and down share one token)."""
    if text.isascii():
        return _CONTROL.search(text) is not None
    composed = unicodedata.normalize("NFC", text)
    return _CONTROL.search(composed) is not None or any(char > "~" and _is_hidden(char) for char in composed)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN_SYMBOLS = frozenset("©®™°№℃℉")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Mn", "Me", "So", "Sk"})


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN_CATEGORIES and char not in _PLAIN_SYMBOLS and not _is_script_mark(char)


def _is_script_mark(char: str) -> bool:
    """Vowel signs of scripts that need them (Devanagari, Arabic, Thai): the language gate speaks about those."""
    return "\u0590" <= char <= "\u0eff" and unicodedata.category(char) == "Mn"


def _judged(domain: Domain) -> list[str]:
    """The kinds this domain refuses, each named as its reason; personal prompts are fine where each user has entries of
    their own (R19)."""
    own_entries = domain.tenancy.kind in (TenancyKind.USER, TenancyKind.HEADER)
    return [kind for kind in KINDS if kind in domain.bypass and not (kind == "personal" and own_entries)]


def _refused_by_tokens(token_ids: NDArray[np.uint16], unknown_id: int, domain: Domain) -> ExactOnlyReason | None:
    if token_ids.size == 0:
        return ExactOnlyReason.EMPTY
    if token_ids.size > domain.max_prompt_tokens or token_ids.size >= HARD_TOKEN_CAP:
        return ExactOnlyReason.WINDOW  # an embedding of exactly 256 pieces may have been cut there
    return ExactOnlyReason.UNKNOWN_TOKENS if bool((token_ids == unknown_id).any()) else None


def _is_english(
    words: PromptWords, odds: PromptOdds | None, token_ids: NDArray[np.uint16], lexicon: Lexicon | None
) -> bool:
    missing = ENGLISH_MARGIN - _english_margin(words, odds)
    if missing <= 0:
        return True
    is_asked = odds is not None and words.evidence is Evidence.UNSURE and words.text.isascii()
    return is_asked and missing <= ENGLISH_LEXICON and lexicon is not None and lexicon.has_all(token_ids.tolist())


def _english_margin(words: PromptWords, odds: PromptOdds | None) -> float:
    """Words, spelling and head together; without a head words and spelling."""
    margin = ENGLISH_WORDS[words.evidence] + words.spelling
    if odds is not None and odds.languages:
        margin += ENGLISH_HEAD * _log_odds(odds.languages.get("en", 0.0))
    return margin


def _log_odds(odds: float) -> float:
    """Cut at one in ten thousand; NaN stays NaN, which no margin reaches."""
    return odds if math.isnan(odds) else math.log(max(odds, 1e-4) / max(1.0 - odds, 1e-4))


def _is_kind(kind: str, odds: PromptOdds | None, words: PromptWords) -> bool:
    """Whether head and words together say so; odds that are NaN do: what cannot be judged is not compared. Of a text
    that is not English, which the heads do not know, its words say it alone."""
    if kind in KINDS_ABROAD and _english_margin(words.edges, odds) < ENGLISH_MARGIN and words.is_kind_abroad(kind):
        return True
    if odds is None:
        return words.is_kind(kind)
    over = _log_odds(getattr(odds, kind)) - LIMITS[kind]
    return not over < 0 or (over >= -WORDS_SAY and words.is_kind(kind))


def _speaks_measured(domain: Domain) -> bool:
    return any(language in MEASURED_LANGUAGES for language in domain.languages)
