"""Which cookies of an answer speak of the way it took, and which may speak of the caller it was made for."""

from __future__ import annotations

import re

OF_THE_WAY = (
    "__cf_bm=", "_cfuvid=", "__cfruid=", "__cflb=", "__cfseq", "__cfwaitingroom=", "cf_clearance=",
    "awsalb", "awselb", "arraffinity", "applicationgatewayaffinity", "aslbsa", "gclb=", "acw_tc=", "hwwafses",
    "ak_bmsc=", "akaalb_", "bm_sv=", "bm_sz=", "_abck=", "visid_incap_", "incap_ses_", "nlbi_",
    "bigipserver", "serverid=", "ingresscookie=", "heroku-session-affinity=",
)  # fmt: skip
"""Beginnings of the cookies, in lower case, that balancers and bot guards set on everybody's answers
(api.openai.com: the first two)."""

_NAME = re.compile(r"(?:^|,)[ \t]*([^=;,\s]*)(?==|;|$)")
"""The comma in `expires=Fri, 03-Oct-25 …` begins no cookie: a blank follows the day."""


def sets_own_cookie(joined: str | None) -> bool:
    """Whether a cookie is set that may stand for the caller. joined: all `Set-Cookie` values, with commas; None
    without any. One that cannot be read counts."""
    return joined is not None and not all(f"{name.lower()}=".startswith(OF_THE_WAY) for name in _NAME.findall(joined))
