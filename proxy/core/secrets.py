"""Finds what must never be kept: card numbers, key material, access tokens.

Works on text alone in linear time; never returns, logs or stores what it found, only its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from proxy.core.strides import matches

CARD = "card_number"


def find_secret(text: str) -> str | None:
    """The kind of the first secret in `text` (`card_number`, `pem`, `aws_key` …), or None.

    Shapes, not entropy: an order number, a commit id or a UUID is no secret. A false alarm costs one stored answer.
    """
    match = next(matches(_TOKENS, text), None)
    if match is not None:
        return match.lastgroup
    return CARD if any(_is_card(found[1]) for found in matches(_CARD, text)) else None


def all_text(value: object) -> str:
    """Every string in a JSON value, one per line; keys are none."""
    return "\n".join(strings(value))


def strings(value: object) -> Iterator[str]:
    """The same one by one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


_RUN = r"[A-Za-z0-9_\-]"
"""Every pattern starts at the start of such a run: else `eyJ-eyJ-eyJ-…` would be scanned from each of its parts."""

_PATTERNS = {
    "pem": r"(?:-----BEGIN [A-Z0-9 ]{1,40}-----|PuTTY-User-Key-File-\d)",
    "api_key": rf"(?:sk|rk)-(?={_RUN}{{0,200}}\d){_RUN}{{20,512}}",
    "stripe_key": r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,256}",
    "aws_key": r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    "aws_secret": r"(?i:(?:aws_?)?secret_?access_?key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
    "github_token": r"(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255})",
    "gitlab_token": rf"glpat-{_RUN}{{20,255}}",
    "slack_token": r"(?:xox[abeprs]|xapp)-[A-Za-z0-9\-]{10,255}",
    "google_key": rf"(?:AIza{_RUN}{{35}}|ya29\.{_RUN}{{20,512}})",
    "vendor_key": r"(?:(?:hf_|npm_|gsk_|r8_|pplx-|nvapi-|xai-|dop_v1_)(?=[A-Za-z]{0,200}\d)[A-Za-z0-9_\-]{30,255}|"
    r"(?:pypi-AgE|dckr_pat_|hvs\.|shp(?:at|ca|pa|ss)_|dapi|GOCSPX-|glsa_|whsec_|lin_api_|ntn_|sbp_|figd_|tvly-|"
    r"lsv2_[ps][tk]_|NRAK-|ATATT3)(?=[A-Za-z]{0,24}\d)[A-Za-z0-9_\-]{24,255})",
    "bot_token": rf"(?:\d{{8,10}}:AA{_RUN}{{33}}|"
    rf"[MNO](?=[A-Za-z]{{0,23}}\d){_RUN}{{23,25}}\.{_RUN}{{6}}\.{_RUN}{{27,38}})(?!{_RUN})",
    "hex_key": rf"(?:SK|key-)[0-9a-f]{{32}}(?!{_RUN})",
    "sendgrid_key": rf"SG\.{_RUN}{{16,64}}\.{_RUN}{{16,128}}",
    "age_key": r"AGE-SECRET-KEY-1[0-9A-Z]{20,80}",
    "jwt": rf"eyJ{_RUN}{{8,}}\.eyJ{_RUN}{{8,}}\.{_RUN}{{8,}}",
    "bearer_token": rf"(?i:bearer) (?={_RUN}{{0,200}}\d)[A-Za-z0-9_\-.~+/]{{24,2048}}",
    "account_key": r"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[A-Za-z0-9+/%=]{20,512}",
}
_TOKENS = re.compile(
    rf"(?<!{_RUN})(?:" + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()) + ")"
)

GAPS = " \u00a0\u2009\u202f\u2010\u2011\u2013-"
"""What parts the groups of a number; models write typographic blanks and hyphens. To stand in a set of a pattern."""

_GAP = f"[.{GAPS}]"
_CARD = re.compile(
    rf"(?<![\w.])(?=(\d{{13,19}}(?!\w)|\d{{4}}{_GAP}(?:\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{1,3}})?|"
    rf"\d{{6}}{_GAP}\d{{4,5}})(?!\w)))"
)
"""One run of digits, or the groups that are printed on cards (4-4-4-4, 4-6-5, 4-6-4): lists of numbers are neither."""

_BRANDS = (
    (("4",), (13, 16, 19)),
    (tuple(str(prefix) for prefix in range(51, 56)), (16,)),
    (tuple(str(prefix) for prefix in range(2221, 2721)), (16,)),
    (("34", "37"), (15,)),
    (("6011", "644", "645", "646", "647", "648", "649", "65", "62"), (16, 17, 18, 19)),
    (tuple(str(prefix) for prefix in range(3528, 3590)), (16, 17, 18, 19)),
    (("300", "301", "302", "303", "304", "305", "3095", "36", "38", "39"), (14, 16)),
    (("5018", "5020", "5038", "5893", "6304", "6759", "6761", "6762", "6763"), (16, 17, 18, 19)),
)
"""Issuer prefixes and lengths (ISO/IEC 7812): Visa, Mastercard, Amex, Discover and UnionPay, JCB, Diners, Maestro."""


def _is_card(text: str) -> bool:
    """Prefix, length and Luhn; a short last group may be the security code printed behind the number."""
    digits = "".join(character for character in text if character.isdigit())
    shapes = {digits, digits[:16]} if len(digits) < len(text) else {digits}
    return any(_has_brand(shape) and _passes_luhn(shape) for shape in shapes)


def _has_brand(digits: str) -> bool:
    return any(digits.startswith(prefixes) and len(digits) in lengths for prefixes, lengths in _BRANDS)


def _passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    odd = sum(int(digit) for digit in digits[-1::-2])
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0
