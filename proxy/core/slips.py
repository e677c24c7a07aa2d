"""A slip of the keyboard: two neighbouring letters changed round, or a double letter written once, in a single word.

Only where what was typed is no English word and the other text's is: `form` for `from`, and `trial` for `trail`, are
other words. Names and short abbreviations are no English words either (`brian`, `digg`, `nda`): what the vocabulary has
whole, a capital within a sentence, and a question after a person are left to the scorer, and of short words all but the
commonest. Nor is it a slip where what was typed may be what is asked about (`Is lenght a property of arrays?`).
"""

from __future__ import annotations

from proxy.core.lexicon import Lexicon
from proxy.core.word_forms import ENDS, bare_words
from proxy.core.words.common import ENGLISH, words_of

_LONG = 5
"""Letters from which on a word with two of them changed round is hardly an abbreviation."""

_LONG_DOUBLED = 8
"""Letters from which on a word that lacks one of a double letter is hardly a name: `chanel`, `sonet`, `carer`."""

_LONG_REPEATED = 9
"""And one that has a letter twice: `tigger`, `gaboon`, `holliday`."""

_AS_TYPED = words_of("""
bash shell cmd powershell command commands package packages module import pip pypi npm property field fields column
keyword keywords function undefined defined recognized recognised found know knows reject rejects rejected underline
underlines underlined syntax editor autocorrect css domain domains site website genuine legit scam phishing wrong
english german french spanish exist exists called named
who whose born died known famous
""")
"""Words beside which the letters may be meant, or a name is."""

_MOST_SIGNS = 2
"""Characters by which one text may be longer: a letter and a question mark."""


def slip_mended(a: str, b: str, lexicon: Lexicon) -> str | None:
    """`a` with `b`'s spelling of the one word in which they differ by a slip; None where they differ otherwise.

    Blanks between words and the case of letters may differ besides. Symmetric in what it takes for a slip; linear.
    """
    if abs(len(a) - len(b)) > _MOST_SIGNS:
        return None
    bare, bare_others = bare_words(a), bare_words(b)
    if len(bare) != len(bare_others) or not _AS_TYPED.isdisjoint(bare + bare_others):
        return None
    differing = [at for at, (word, other) in enumerate(zip(bare, bare_others, strict=True)) if word != other]
    if len(differing) != 1:
        return None
    (at,), words, others = differing, a.split(), b.split()
    if not _is_slip(words[at].strip(ENDS), others[at].strip(ENDS), lexicon, is_first=at == 0):
        return None
    words[at] = others[at]
    return " ".join(words)


def _is_slip(a: str, b: str, lexicon: Lexicon, *, is_first: bool) -> bool:
    if not (a.isalpha() and b.isalpha() and a.isascii() and b.isascii()):
        return False
    if not all(word.islower() or (is_first and word[1:].islower()) for word in (a, b)):
        return False
    a, b = a.lower(), b.lower()
    if not (_is_turned(a, b) or _is_doubled(a, b)) or lexicon.knows(a) == lexicon.knows(b):
        return False
    slip, meant = (b, a) if lexicon.knows(a) else (a, b)
    if len(slip) > len(meant) and len(slip) < _LONG_REPEATED:
        return False
    return not lexicon.is_name(slip) and (meant in ENGLISH or bool(lexicon.word(meant).senses))


def _is_turned(a: str, b: str) -> bool:
    """`teh`, `the`."""
    if len(a) != len(b) or (len(a) < _LONG and ENGLISH.isdisjoint((a, b))):
        return False
    at = next((i for i, (one, two) in enumerate(zip(a, b, strict=True)) if one != two), len(a))
    return a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]


def _is_doubled(a: str, b: str) -> bool:
    """`pasword`, `password`."""
    shorter, longer = sorted((a, b), key=len)
    if len(longer) != len(shorter) + 1 or len(longer) < _LONG_DOUBLED + (longer[-1] == longer[-2]):
        return False
    at = next((i for i, (one, two) in enumerate(zip(shorter, longer, strict=False)) if one != two), len(shorter))
    return at > 0 and longer[at] == longer[at - 1] and shorter[at:] == longer[at + 1 :]
