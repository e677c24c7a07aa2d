"""A yes to an offer: the act that it asks for stands in what the assistant said before."""

from __future__ import annotations

import re

from proxy.core.words.fold import any_of, fold

MOST_WORDS = 10
"""Of an assent; whoever says more says what he wants, and is judged by that."""

_YES = re.compile(
    r"\W*(?:(?:ok|okay|well|oh|and|then|so|please|alright)\W+)*"
    r"(?:yes|yeah|yep|yup|ya|y|sure|ok|okay|k|alright|all right|fine|please|do (?:it|that|so|this|both)|make it so|"
    r"go (?:ahead|on|for it)|proceed|continue|confirm(?:ed)?|i confirm|i do|i agree|agreed|approved?|accept(?:ed)?|"
    r"absolutely|definitely|certainly|of course|correct|right|exactly|indeed|perfect|great|good|sounds good|"
    r"(?:that's|that is|it's|it is|looks) (?:right|fine|correct|ok|okay|good)|by all means|why not|\U0001f44d)(?!\w)"
)

_OFFER = any_of(
    r"\b(?:shall|should|may|can|could|must) (?:i|we)(?: (?:now|then|please|go ahead and|also))*",
    r"\b(?:do|would|did) you (?:want|like|wish|prefer)(?: (?:me|us)| for (?:me|us))? to(?: go ahead and)?",
    r"\b(?:want|like) (?:me|us) to",
    r"\b(?:i|we)(?:'ll|'d| will| would| can| could| am going to| are going to|'m going to)"
    r"(?: (?:now|then|be happy to|gladly))*",
    r"\b(?:i|we|you)(?:'m| am|'re| are) (?:about|ready|set|going) to",
    r"\b(?:ready|happy|glad|free) (?:for me )?to",
    r"\b(?:are you sure|do you (?:really )?confirm|please confirm)(?: that)?(?: you)?(?: (?:want|wish|would like))? to",
)

_WORDS = re.compile(r"(?:know|learn|hear|read) more(?: (?:about|on) (?:(?!\b(?:and|then)\b).)*)?")
"""Acts that are words, whatever they are about."""

_SENTENCE_END = re.compile(r"(?<=[.!?;:]) |\n")
_LAST = 4
"""Sentences of the assistant that are read."""


def is_assent(folded: str) -> bool:
    """Whether a user's turn only agrees: "Yes, please do it."."""
    return _YES.match(folded) is not None and len(folded.split()) <= MOST_WORDS


def offered_act(offer: str, reply: str) -> str:
    """What a reply asks for by agreeing to the assistant's last text, as a command; empty where it says more."""
    if not is_assent(fold(reply)):
        return ""
    sentences = [part for part in _SENTENCE_END.split(fold(offer)) if part][-_LAST:]
    acts = map(_act, sentences)
    return " ".join(f"{act}." for act in acts if not _WORDS.fullmatch(act))


def _act(sentence: str) -> str:
    """ "shall i transfer 500 euros to bob now?" is "transfer 500 euros to bob now"."""
    offers = list(_OFFER.finditer(sentence))
    return sentence[offers[-1].end() if offers else 0 :].strip(" ?.!;:,")
